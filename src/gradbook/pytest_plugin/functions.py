"""Functions as tests: one below a comment `# gradbook: PAGE` is judged by the loss of that page.

PAGE is a file, from the folder of this one or from where pytest is started, or the name of a page
in `derivation/`.
"""

from __future__ import annotations

import ast
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from gradbook.pytest_plugin.failure import Failed, Said
from gradbook.pytest_plugin.marks import MARK
from gradbook.submissions import judge_files


class FunctionFile(pytest.File):
    """A file of Python with functions that are to be judged. None of it is imported here."""

    def collect(self) -> Iterator[pytest.Item]:
        text = self.path.read_text("utf-8")
        try:
            functions = dict(self.functions(ast.parse(text)))
        except SyntaxError as error:
            raise self.CollectError(f"{self.path.name} is no Python: {error}") from None
        for line, page in marks(text):
            if line + 1 not in functions:
                raise self.CollectError(
                    f"{self.path.name}:{line}: no function begins below this comment"
                )
            name = functions[line + 1]
            yield FunctionItem.from_parent(self, name=name, page=page, line=line)

    def functions(self, module: ast.Module) -> Iterator[tuple[int, str]]:
        """The line on which each begins, with its decorators, and its name."""
        for node in module.body:
            inside = node.body if isinstance(node, ast.ClassDef) else [node]
            owner = f"{node.name}." if isinstance(node, ast.ClassDef) else ""
            for each in inside:
                if isinstance(each, ast.FunctionDef):
                    first = min([each.lineno, *(one.lineno for one in each.decorator_list)])
                    yield first, owner + each.name


def marks(text: str) -> Iterator[tuple[int, str]]:
    """The line of each comment that names a page, and the name; what is quoted is no comment."""
    for token in tokenize.generate_tokens(StringIO(text).readline):
        if token.type == tokenize.COMMENT and (found := MARK.fullmatch(token.string)):
            yield token.start[0], found[1]


class FunctionItem(Said):
    """It passes where the function is judged right."""

    def __init__(self, *, page: str, line: int, **options: Any) -> None:
        super().__init__(**options)
        self.page, self.line = page, line

    def runtest(self) -> None:
        beside = self.path.parent / self.page
        page = beside if beside.is_file() else self.page
        (one,) = judge_files(f"{self.path}:{self.name}", page=page).judged
        if not one.judgement.passed:
            raise Failed(str(one.judgement))

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.path, self.line, f"{self.path.name}: {self.name}, by {self.page}"
