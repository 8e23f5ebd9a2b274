"""A function that is no file's, such as one of a notebook's cell: its text is written into one."""

from __future__ import annotations

import inspect
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from gradbook.judge.convention.convention import Convention
from gradbook.loss import Loss
from gradbook.mend.search import Tried, search
from gradbook.subjects import Limits


@dataclass(frozen=True)
class _Part:
    """A statement of the file that is written. of: the function that it is the text of, or ""."""

    text: str
    of: str = ""


def search_by_source(function: Callable[..., Any], loss: Loss, convention: Convention) -> Tried:
    """What `search` finds for a function of this process, by its source; in a process of its own.

    Nothing where its source is not known, or it uses more than modules, numbers, texts and
    functions whose source is known: what is called then would not be this function.
    """
    if not isinstance(function, FunctionType) or function.__closure__:
        return Tried()
    try:
        parts = [*_needed(function, {function.__name__})]
    except (OSError, TypeError, _Unknown):
        return Tried()
    with tempfile.TemporaryDirectory(prefix="gradbook-") as folder:
        path = Path(folder) / "function.py"
        path.write_text("".join(part.text for part in parts), encoding="utf-8")
        tried = search(path, function.__name__, loss, convention, Limits())
    if tried.mend is None:
        return tried
    side, _, beside = tried.mend.where.partition(" ")
    where = f"{side} {_place(beside, parts)}" if side else ""
    mend = replace(tried.mend, place=_place(tried.mend.place, parts), where=where)
    return replace(tried, mend=mend)


class _Unknown(Exception):
    """A global that cannot be written down."""


def _needed(function: FunctionType, seen: set[str]) -> Iterator[_Part]:
    """What it uses of its globals, then its own text."""
    for name in _names(function.__code__):
        if name in function.__globals__ and name not in seen:
            seen.add(name)
            yield from _written(name, function.__globals__[name], seen)
    text = textwrap.dedent(inspect.getsource(function))
    yield _Part(text if text.endswith("\n") else f"{text}\n", function.__name__)


def _names(code: Any) -> Iterator[str]:
    """The names that a function may mean globals by, in itself and in functions inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if hasattr(constant, "co_names"):
            yield from _names(constant)


def _written(name: str, value: Any, seen: set[str]) -> Iterator[_Part]:
    if isinstance(value, ModuleType):
        yield _Part(f"import {value.__name__} as {name}\n")
    elif isinstance(value, bool | int | float | str):
        yield _Part(f"{name} = {value!r}\n")
    elif isinstance(value, FunctionType) and value.__name__ == name and not value.__closure__:
        yield from _needed(value, seen)
    else:
        raise _Unknown


def _place(place: str, parts: list[_Part]) -> str:
    """ "line 4 of hinges": counted from the line with its def, or its decorator."""
    line = int(place.removeprefix("line "))
    for part in parts:
        count = part.text.count("\n")
        if line <= count:
            return f"line {line} of {part.of}" if part.of else place
        line -= count
    return place
