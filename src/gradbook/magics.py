"""`%load_ext gradbook`: in JupyterLab, what a cell says is proved, and what it defines is judged.

    %%page               the Markdown of the cell is a page: each relation, and the answer to it
    %%judge softmax      the function of the cell is judged by the page of the softmax loss

`%%page?` and `%%judge?` say more. Nothing that is shown depends on a clock, so that a saved
notebook shows the same each time.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from IPython.core.error import UsageError
from IPython.core.magic import Magics, cell_magic, magics_class
from IPython.core.magic_arguments import argument, magic_arguments, parse_argstring

from gradbook.judge import Forced, Judgement
from gradbook.page import read_text
from gradbook.page.discover import NotFound, find
from gradbook.submissions import judge_files
from gradbook.verify.answers import Answers, answers


@magics_class
class PageMagics(Magics):
    """The two magics of a cell."""

    shell: Any

    @magic_arguments()
    @argument("name", nargs="?", default="", help="a variable that is the page from then on")
    @argument("--points", type=float, help="what it is worth: `gradbook grade` reads it")
    @cell_magic
    def page(self, line: str, cell: str) -> Answers:
        """Read the cell as a page of lecture notes, in Markdown and LaTeX, and prove what it says.

        Each relation is shown as it is written, with ✓, or ✗ and values for which it is false.
        What cannot be read is told with the reason.
        """
        name = parse_argstring(self.page, line).name
        if name and not name.isidentifier():
            raise UsageError(f"%%page takes the name of a variable, not {name}")
        found = answers(read_text(cell))
        if name:
            self.shell.user_ns[name] = found.page
        return found

    @magic_arguments()
    @argument("page", help="what states the loss: a name such as svm or softmax, or a file")
    @argument("function", nargs="?", default="", help="which one, where the cell defines several")
    @argument(
        "--seed", type=int, default=0, help="which of many equally telling questions are asked"
    )
    @argument(
        "--hide-mend", action="store_true", help="do not look for a change that makes it right"
    )
    @argument("--points", type=float, help="what it is worth: `gradbook grade` reads it")
    @cell_magic
    def judge(self, line: str, cell: str) -> Judgement:
        """Run the cell, and judge the function that it defines by the loss of a page.

        The function is asked in a process of its own, with what it needs of the cells that were run
        before. Of several functions the last is judged, unless one is named.
        """
        options = parse_argstring(self.judge, line)
        code = self.shell.transform_cell(cell)
        exec(compile(code, self.shell.compile.cache(code), "exec"), self.shell.user_ns)
        defined = [node.name for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)]
        if not defined:
            raise UsageError("%%judge: the cell defines no function")
        name = options.function or defined[-1]
        if name not in defined:
            raise UsageError(
                f"%%judge: the cell defines no {name}; it defines {', '.join(defined)}"
            )
        with TemporaryDirectory() as folder:
            file = Path(folder) / "cells.ipynb"
            file.write_text(json.dumps(self._run_until_now(cell)), "utf-8")
            without = ("mend",) if options.hide_mend else ()
            try:
                grades = judge_files(
                    f"{file}:{name}",
                    page=options.page,
                    forced=Forced(without=without),
                    seed=options.seed,
                )
            except (NotFound, ValueError) as error:
                raise UsageError(f"%%judge: {error}") from None
        return grades.judged[0].judgement

    def _run_until_now(self, cell: str) -> Any:
        """A notebook of the cells that were run, this one without its magic as the last."""
        earlier = self.shell.user_ns.get("In", [])[1:-1]
        cells = [{"cell_type": "code", "source": source} for source in [*earlier, cell]]
        return {"nbformat": 4, "cells": cells}  # nbformat's own import takes longer than a verdict


def pages_there() -> Iterator[str]:
    """What `%%judge` may be given: the names of the pages that state a loss."""
    for page in find():
        with suppress(ValueError):
            if page.loss:
                yield page.path.stem


def load(shell: Any) -> None:
    """Registers the magics, and what completes them."""
    shell.register_magics(PageMagics)
    shell.set_hook("complete_command", lambda *_: [*pages_there()], str_key="%%judge")
