"""A function of this Python process as a subject."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import Any

from gradbook.subjects.calls import Caller, like
from gradbook.subjects.numbers_written import numbers_of_code
from gradbook.subjects.subject import Answer, Argument


class InProcess:
    """A function of this Python process: no isolation and no limits, for whoever trusts it.

    What it prints is not shown. `fresh` is the same function: what it keeps in its closure or in
    globals is not forgotten. Raises TypeError if `function` cannot be called.
    """

    renews = False

    def __init__(self, function: Callable[..., Any]) -> None:
        if not callable(function):
            raise TypeError(f"function must be callable, not {type(function).__name__}")
        self._call = Caller(function)
        self.name = str(getattr(function, "__name__", type(function).__name__))
        self.parameters, self.defaults = self._call.parameters, self._call.defaults
        self.call = self._call.call
        self.numbers = numbers_of_code(getattr(function, "__code__", None))
        self.remarks: tuple[str, ...] = ()

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        named = {name: like(argument) for name, argument in keywords.items()}
        with contextlib.redirect_stdout(io.StringIO()):
            return self._call([like(argument) for argument in arguments], named)

    def fresh(self) -> InProcess:
        return InProcess(self._call.function)
