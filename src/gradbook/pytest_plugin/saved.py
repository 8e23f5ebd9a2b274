"""What can be said of a notebook as it was saved, before any cell is run.

Each check is a function of the notebook and its settings that yields sentences, and stands in
`CHECKS`: a new one is one more function there. A cell is named by its place among the code cells,
from 0, as nbval names it, or as "Markdown cell" with its first words.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import Any
from urllib.parse import unquote

from latex2mathml import commands, converter, symbols_parser
from markdown_it import MarkdownIt
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin

Notebook = Any  # nbformat has no types
Cell = Any

WIDGET = "application/vnd.jupyter.widget-view+json"
WIDGETS_STATE = "application/vnd.jupyter.widget-state+json"


@dataclass(frozen=True)
class Settings:
    """kernels: the names of those that are installed; None where the notebook's own name does not
    count, because another is forced. max_output: of one cell, in kB. stripped: whether a notebook
    may have no outputs.
    """

    kernels: frozenset[str] | None
    max_output: float
    stripped: bool = False


def was_never_run(notebook: Notebook) -> bool:
    """Whether no cell that has code has a number: not run, or its outputs were taken out."""
    with_code = [
        cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()
    ]
    return bool(with_code) and all(cell.execution_count is None for cell in with_code)


def troubles(notebook: Notebook, path: Path, settings: Settings) -> list[str]:
    """A sentence for each thing that is wrong with the notebook `path` as it stands in its file."""
    if was_never_run(notebook) and not settings.stripped:
        how = f"jupyter execute --inplace {quote(path.name)}"
        return [f"it was never run, or its outputs were taken out: run it and save it ({how})"]
    return [said for check in CHECKS for said in check(notebook, path, settings)]


def kernel_is_installed(notebook: Notebook, path: Path, settings: Settings) -> Iterator[str]:
    named = notebook.metadata.get("kernelspec", {}).get("name", "python3")
    if settings.kernels is not None and named not in settings.kernels:
        there = ", ".join(sorted(settings.kernels)) or "none"
        yield (
            f"its kernel {named} is not installed (there is: {there}): --nbval-current-env runs it "
            "with the Python of pytest"
        )


def cells_were_run_from_the_top(
    notebook: Notebook, path: Path, settings: Settings
) -> Iterator[str]:
    last, of = 0, 0
    for number, cell in code_cells(notebook):
        count = cell.execution_count
        if count is not None and count <= last:
            yield (
                f"cell {number} was run as [{count}], and cell {of} above it as [{last}]: restart "
                "the kernel, run all cells, and save"
            )
            return
        if count is not None:
            last, of = count, number


def outputs_are_not_huge(notebook: Notebook, path: Path, settings: Settings) -> Iterator[str]:
    for number, cell in code_cells(notebook):
        size = len(json.dumps(cell.outputs)) / 1000
        if size > settings.max_output:
            yield (
                f"cell {number} has {size:,.0f} kB of output, more than {settings.max_output:,.0f} "
                "(gradbook_max_output)"
            )


def widgets_have_their_state(notebook: Notebook, path: Path, settings: Settings) -> Iterator[str]:
    saved = notebook.metadata.get("widgets", {}).get(WIDGETS_STATE, {}).get("state", {})
    for number, cell in code_cells(notebook):
        for output in cell.outputs:
            shown = output.get("data", {}).get(WIDGET)
            if shown is not None and shown.get("model_id") not in saved:
                yield (
                    f"cell {number} shows a widget whose state is not saved: a reader without a "
                    "kernel does not see it"
                )


def formulas_can_be_set(notebook: Notebook, path: Path, settings: Settings) -> Iterator[str]:
    written = [(where(cell), formula) for cell in prose(notebook) for formula in formulas(cell)]
    for number, cell in code_cells(notebook):
        for output in cell.outputs:
            data = output.get("data", {})
            latex = "".join(data.get("text/latex", "") if "text/html" not in data else "")
            written += [(f"the output of cell {number}", latex.strip("$ \n"))] if latex else []
    own = {name for _, formula in written for name in DEFINED.findall(formula)}
    for place, formula in written:
        if said := what_is_broken(formula, own):
            yield f"{place}: {said} in {shortened(formula)}"


def links_lead_somewhere(notebook: Notebook, path: Path, settings: Settings) -> Iterator[str]:
    anchors = {anchor.casefold() for cell in prose(notebook) for anchor in anchors_of(cell.source)}
    for cell in prose(notebook):
        for target in targets(cell.source):
            name, _, anchor = target.partition("#")
            if target.startswith("attachment:"):
                is_there = unquote(target.partition(":")[2]) in cell.get("attachments", {})
            elif re.match(r"[a-z][a-z0-9+.-]*:|//|/", target, re.I) or not target:
                continue  # on the web, or from the root of a site that nobody knows here
            elif name:
                is_there = any(file.exists() for file in files_meant(path.parent, unquote(name)))
            else:
                is_there = unquote(anchor).casefold() in anchors
            if not is_there:
                yield f"{where(cell)}: the link to {target} leads nowhere"


CHECKS: tuple[Callable[[Notebook, Path, Settings], Iterator[str]], ...] = (
    kernel_is_installed,
    cells_were_run_from_the_top,
    outputs_are_not_huge,
    widgets_have_their_state,
    formulas_can_be_set,
    links_lead_somewhere,
)


def code_cells(notebook: Notebook) -> Iterator[tuple[int, Cell]]:
    yield from enumerate(cell for cell in notebook.cells if cell.cell_type == "code")


def prose(notebook: Notebook) -> list[Cell]:
    return [cell for cell in notebook.cells if cell.cell_type == "markdown"]


def where(cell: Cell) -> str:
    first = next((line.strip("# ") for line in cell.source.splitlines() if line.strip("# ")), "")
    return f"Markdown cell “{shortened(first)}”"


def shortened(text: str, most: int = 50) -> str:
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


MARKDOWN = MarkdownIt("commonmark").use(dollarmath_plugin, double_inline=True).use(amsmath_plugin)
MARKDOWN.enable("table")


def tokens(source: str) -> Iterator[Any]:
    for token in MARKDOWN.parse(source):
        yield token
        yield from token.children or ()


def formulas(cell: Cell) -> list[str]:
    """The LaTeX of a Markdown cell: what stands in $ … $, $$ … $$ or an environment of amsmath."""
    kinds = ("math_inline", "math_inline_double", "math_block", "math_block_label", "amsmath")
    return [token.content for token in tokens(cell.source) if token.type in kinds]


def anchors_of(source: str) -> Iterator[str]:
    """What a link can lead to in a Markdown text: its headings, as JupyterLab and as GitHub name
    them, and what HTML names.
    """
    block = ""
    for token in MARKDOWN.parse(source):
        if token.type == "inline" and block == "heading_open":
            heading = "".join(
                part.content for part in token.children or () if part.type != "html_inline"
            ).strip()
            yield heading.replace(" ", "-")
            yield token.content.strip().replace(" ", "-")
            yield re.sub(r"[^\w\- ]", "", heading).replace(" ", "-")
        block = token.type
    yield from re.findall(r"""(?:id|name)=["']([^"']+)""", source)


def files_meant(folder: Path, name: str) -> Iterator[Path]:
    """The files that a link may mean: a site is made of others than those it is asked for."""
    yield folder / name
    yield folder / name.partition("?")[0]
    if name.endswith(".html"):
        yield from ((folder / name).with_suffix(suffix) for suffix in (".ipynb", ".md", ".rst"))


def targets(source: str) -> Iterator[str]:
    """What the links and the pictures of a Markdown text lead to."""
    for token in tokens(source):
        if target := token.attrs.get("href") or token.attrs.get("src"):
            yield str(target)
        if token.type in ("html_inline", "html_block"):
            yield from re.findall(r"""(?:href|src)=["']([^"']+)""", token.content)


#: Names that a formula gives itself.
DEFINED = re.compile(r"\\(?:re)?newcommand\*?\s*\{?\\([A-Za-z]+)|\\def\s*\\([A-Za-z]+)")
NAMES = {
    name.lstrip("\\")
    for name in (*vars(commands).values(), *symbols_parser.SYMBOLS)
    if isinstance(name, str) and re.fullmatch(r"\\[A-Za-z]+", name)
}


def what_is_broken(formula: str, own: set[Any]) -> str:
    """Why a formula cannot be set, in a few words; "" where it can be.

    A command that nobody knows is only told where one letter more, less or other makes a known one:
    the page may load macros that are not seen here.
    """
    opened = len(re.findall(r"(?<!\\)(?:\\\\)*\{", formula))
    closed = len(re.findall(r"(?<!\\)(?:\\\\)*\}", formula))
    if opened != closed:
        return f"{opened} braces are opened and {closed} are closed"
    for one, other in (("begin", "end"), ("left", "right")):
        count = [len(re.findall(rf"\\{each}(?![A-Za-z])", formula)) for each in (one, other)]
        if count[0] != count[1]:
            return f"\\{one} stands there {count[0]} times and \\{other} {count[1]} times"
    begun = re.findall(r"\\begin\{(\w+\*?)\}", formula)
    if sorted(begun) != sorted(re.findall(r"\\end\{(\w+\*?)\}", formula)):
        return f"another environment is ended than {', '.join(begun)}"
    macros = {name for pair in own for name in pair}
    for name in re.findall(r"(?<!\\)(?:\\\\)*\\([A-Za-z]{4,})", formula):
        if name not in NAMES | macros | SET_ELSEWHERE and (meant := slip_of(name)):
            return f"\\{name} is unknown, did you mean \\{meant}?"
    try:
        converter.convert(formula)
    except Exception as error:  # what latex2mathml raises has no common class
        return REASONS.get(type(error).__name__, "")
    return ""


#: Commands that MathJax knows and latex2mathml does not, and that are one letter from another.
SET_ELSEWHERE = {"lvert", "rvert", "lVert", "rVert", "dotsb", "dotsc", "dotsi", "dotsm", "dotso"}
REASONS = {
    "NumeratorNotFoundError": "a fraction has no numerator",
    "DenominatorNotFoundError": "a fraction has no denominator",
    "MissingSuperScriptOrSubscriptError": "a ^ or _ has nothing behind it",
    "DoubleSubscriptsError": "two subscripts follow each other",
    "DoubleSuperscriptsError": "two superscripts follow each other",
    "MissingEndError": "an environment is not ended",
    "LimitsMustFollowMathOperatorError": "\\limits follows what is no operator",
}


def slip_of(name: str) -> str:
    """The known command from which `name` is one slip away, "" if there is none."""
    for known in difflib.get_close_matches(name, sorted(NAMES), n=5, cutoff=0.75):
        more = set(known) ^ set(name)
        if sorted(known) == sorted(name) or (abs(len(known) - len(name)) == 1 and len(more) <= 1):
            return known
    return ""
