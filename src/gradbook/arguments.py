"""Arguments at the door: what cannot be used is refused in one sentence.

The sentence names the argument, says what is accepted, and shows the value, shortened.
"""

from __future__ import annotations

import operator
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from numbers import Real
from pathlib import Path
from typing import Any

from sympy import Expr, Rational, nan, nsimplify, oo, sympify, zoo

#: So much of a value is shown.
SHOWN = 60

#: More classes or features than anything here is made for; a larger number is a mistake.
MOST = 2**20

#: More processes or threads than any machine has processors for.
MOST_AT_ONCE = 2**10


def shown(value: object) -> str:
    """A value as it would be typed, on one line and not too long, whatever it is."""
    try:
        text = " ".join(repr(value).split())
    except Exception:  # an integer of too many digits, or a value whose __repr__ fails
        text = f"a value of type {type(value).__name__}"
    return text if len(text) <= SHOWN else f"{text[: SHOWN - 1]}…"


def instance(name: str, value: Any, kinds: type | tuple[type, ...], accepted: str) -> None:
    """Raises TypeError unless it is of one of these types; True and False are no numbers."""
    of_kind = isinstance(value, kinds)
    if isinstance(value, bool) and bool not in (kinds if isinstance(kinds, tuple) else (kinds,)):
        of_kind = kinds is object
    if not of_kind:
        raise TypeError(f"{name} must be {accepted}, not {shown(value)}")


def flag(name: str, value: Any) -> None:
    """Raises TypeError unless it is True or False."""
    instance(name, value, bool, "True or False")


def function(name: str, value: Any, of: str) -> None:
    """Raises TypeError unless it can be called. of: what it is called with, in words."""
    if not callable(value):
        raise TypeError(f"{name} must be a function of {of}, not {shown(value)}")


def expression(name: str, value: Any, accepted: str = "an expression") -> None:
    """Raises TypeError unless SymPy can compute with it, ValueError for infinities and nan."""
    instance(name, value, (Expr, Real), accepted)
    if sympify(value) in (nan, oo, -oo, zoo):
        raise ValueError(f"{name} must be finite, not {shown(value)}")


def rational(name: str, value: Any) -> Rational:
    """A rational number. Raises TypeError for what is no number, ValueError for another number."""
    instance(name, value, (Expr, Real), "a rational number")
    try:
        number = nsimplify(value)
    except (TypeError, ValueError, OverflowError):  # nan, among others
        number = None
    if number is None or not number.is_Rational:
        raise ValueError(f"{name} must be a rational number, not {shown(value)}")
    return number


def text(name: str, value: Any, *, lines: bool = False) -> None:
    """Raises TypeError unless it is text, ValueError where that is empty or cannot be printed.

    lines: whether it may have more than one.
    """
    instance(name, value, str, "text")
    if not value.strip():
        raise ValueError(f"{name} must not be empty, but is {shown(value)}")
    if not (value.replace("\n", " ") if lines else value).isprintable():
        raise ValueError(f"{name} must be text that can be printed, not {shown(value)}")


def path(name: str, value: Any) -> Path:
    """The path. Raises TypeError and ValueError unless it can be the name of a file or folder."""
    instance(name, value, (str, Path), "a path")
    text(name, str(value))
    return Path(value)


def integer(name: str, value: Any, least: int, most: int | None = None) -> int:
    """The integer, be it Python's, NumPy's or SymPy's, but not 2.0 nor True; else a ValueError."""
    try:
        number = least - 1 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise ValueError(f"{name} must be an integer ≥ {least}, not {shown(value)}")
    if most is not None and number > most:
        raise ValueError(f"{name} must be an integer ≤ {most:,}, not {shown(value)}")
    return number


def positive(name: str, value: Any) -> None:
    """Raises TypeError for what is no number, ValueError unless it is finite and more than 0."""
    instance(name, value, Real, "a number")
    if not 0 < value < float("inf"):
        raise ValueError(f"{name} must be a finite number > 0, not {shown(value)}")


def choice(name: str, value: Any, choices: Collection[str]) -> None:
    """Raises ValueError unless it is one of the choices; one that is meant is suggested."""
    if isinstance(value, str) and value in choices:
        return
    *others, last = map(repr, choices)
    some = f"{', '.join(others)} or {last}" if others else last
    raise ValueError(f"{name} must be {some}, not {shown(value)}{meant(value, choices)}")


def meant(value: Any, choices: Collection[str]) -> str:
    """ ": did you mean N14?", where one of the choices is close, in whatever case; else nothing."""
    if not isinstance(value, str):
        return ""
    folded: Mapping[str, str] = {each.casefold(): each for each in choices}
    close = get_close_matches(value.casefold(), folded, n=1)
    return f": did you mean {folded[close[0]]}?" if close else ""
