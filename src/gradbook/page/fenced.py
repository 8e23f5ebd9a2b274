"""What stands on a page between fences: a line that only Python can say, and words about the loss.

```python line=N19          ```toml loss
def claims(case):           name = "multi-class SVM loss"
    \"\"\"…\"\"\"               properties = ["subgradient"]
    yield Claim(…)          called = ["svm", "hinge"]
```                         ```
```
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from gradbook.page.source import Span, Unreadable

_LINE = re.compile(r"python\s+line=(\S+)")
_LOSS = re.compile(r"toml\s+loss")
_OF_LOSS = re.compile(r"^```(toml\s+loss)[ \t]*\n(.*?)^```", re.S | re.M)
_KEYS = {"name": str, "properties": list, "called": list}


@dataclass(frozen=True)
class Fence:
    """A block between fences: the words behind the first of them, the text, where it stands."""

    info: str
    text: str
    span: Span


@dataclass(frozen=True)
class SaidOfLoss:
    """name: what the page calls its loss; "" unless it says so. properties: of the loss as a whole.

    called: words in the names of functions that compute it.
    """

    name: str = ""
    properties: tuple[str, ...] = ()
    called: tuple[str, ...] = ()


@dataclass(frozen=True)
class Code:
    """A line said in Python. statement: the docstring of its function `claims`."""

    id: str
    statement: str
    text: str
    span: Span


def code_lines(fences: Iterable[Fence]) -> Iterator[Code | Unreadable]:
    """The lines that are said in Python. They are not run here."""
    for fence in fences:
        named = _LINE.fullmatch(fence.info)
        if named is None:
            continue
        try:
            parts = ast.parse(fence.text).body
        except SyntaxError as error:
            rows = fence.text.splitlines(keepends=True)[: (error.lineno or 1) - 1]
            start = fence.span.start + sum(map(len, rows))
            yield Unreadable(Span(start, start + 1), f"this is no Python: {error.msg}")
            continue
        claims = [
            part for part in parts if isinstance(part, ast.FunctionDef) and part.name == "claims"
        ]
        statement = ast.get_docstring(claims[0]) if claims else None
        if statement:
            yield Code(named[1], " ".join(statement.split()), fence.text, fence.span)
        else:
            yield Unreadable(
                fence.span,
                f"{named[1]} is a function claims(case) whose docstring says what it claims",
                "def claims(case): …",
            )


def said_of_loss_in(text: str) -> SaidOfLoss:
    """What a page says of its loss, whose formulas need not be read for it. Raises Unreadable."""
    found = _OF_LOSS.finditer(text)
    return said_of_loss(Fence(each[1], each[2], Span(*each.span(2))) for each in found)


def said_of_loss(fences: Iterable[Fence]) -> SaidOfLoss:
    """What the page says of its loss between fences. Raises Unreadable."""
    found: dict[str, object] = {}
    for fence in fences:
        if _LOSS.fullmatch(fence.info):
            try:
                found |= tomllib.loads(fence.text)
            except tomllib.TOMLDecodeError as error:
                raise Unreadable(fence.span, f"this is no TOML: {error}") from None
            if wrong := [k for k, v in found.items() if not isinstance(v, _KEYS.get(k, ()))]:
                raise Unreadable(
                    fence.span,
                    "of a loss are said its name, a text, its properties and what it is called, "
                    f"lists: {wrong[0]}",
                )
    lists: dict[str, Any] = {key: found.get(key, []) for key in ("properties", "called")}
    return SaidOfLoss(
        str(found.get("name", "")), **{key: tuple(map(str, each)) for key, each in lists.items()}
    )
