"""What separates pairs (example, class) from others, exactly: a threshold, a value, a parity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.numbers_in_words import in_words, simplest
from gradbook.judge.quantities import Quantity, valued
from gradbook.judge.scene import Scene

Mask = np.ndarray


@dataclass(frozen=True, eq=False)
class Predicate:
    """words: to follow "where". holds: (n, C) of truth values. odd: how unlikely it is meant."""

    words: str
    holds: Callable[[Scene], Mask]
    odd: int = 0


def separating(
    quantities: Sequence[Quantity], columns: Sequence[Floats], on: Mask
) -> list[Predicate]:
    """The predicates that hold exactly where `on` does, the most natural first.

    columns: the values of each quantity, (m,), for the m pairs that `on`, (m,), is about.
    """
    if on.all() or not on.any():
        return []
    found = [
        one
        for quantity, column in zip(quantities, columns, strict=True)
        for one in _of_one(quantity, column, on)
    ]
    found = found or list(_both(quantities, columns, on))
    return sorted(found, key=lambda one: one.odd)


def _of_one(quantity: Quantity, column: Floats, on: Mask) -> Iterator[Predicate]:
    if not np.isfinite(column).all():
        return
    inside, outside = column[on], column[~on]
    yield from _values(quantity, inside, outside)
    yield from _thresholds(quantity, inside, outside)
    if quantity.whole:
        for period in (2, 3, 4):
            rests = set((inside % period).tolist())
            if len(rests) == 1 and not rests & set((outside % period).tolist()):
                yield _periodic(quantity, period, rests.pop())


def _values(quantity: Quantity, inside: Floats, outside: Floats) -> Iterator[Predicate]:
    if (inside == inside[0]).all() and not (outside == inside[0]).any():
        yield _compared(quantity, "=", float(inside[0]))
    elif (outside == outside[0]).all() and not (inside == outside[0]).any():
        yield _compared(quantity, "≠", float(outside[0]))


def _thresholds(quantity: Quantity, inside: Floats, outside: Floats) -> Iterator[Predicate]:
    if inside.min() > outside.max():
        yield from _beyond(quantity, ">", "≥", float(outside.max()), float(inside.min()))
    elif inside.max() < outside.min():
        yield from _beyond(quantity, "<", "≤", float(outside.min()), float(inside.max()))


_SIGNS: dict[str, Callable[[Floats, float], Mask]] = {
    "=": np.equal,
    "≠": np.not_equal,
    ">": np.greater,
    "≥": np.greater_equal,
    "<": np.less,
    "≤": np.less_equal,
}


def _compared(quantity: Quantity, sign: str, value: float, words: str = "") -> Predicate:
    compare = _SIGNS[sign]
    said = words or quantity.says(sign, in_words(value))
    return Predicate(
        _explained(said, quantity),
        lambda scene: compare(valued(quantity, scene), value),
        odd=0 if value == 0 else 1 if value in (1.0, -1.0) else 3 if words else 2,
    )


def _beyond(
    quantity: Quantity, strict: str, weak: str, last: float, first: float
) -> Iterator[Predicate]:
    """A threshold at or after `last`, where it does not hold, and at or before `first`.

    0 if it may be, else ±1, else a whole number where the quantity is one; failing these, what
    other answers may tell: the number between them that is easiest to write, and both ends.
    """
    low, high = min(last, first), max(last, first)
    for value in (0.0, 1.0, -1.0):
        if low <= value <= high:
            yield _compared(quantity, weak if value == first else strict, value)
            return
    if quantity.whole and high - low == 1:
        yield _compared(quantity, weak, first)
        return
    between = f"{in_words(low)} and {in_words(high)}"
    beyond = "above" if strict == ">" else "below"
    middle = simplest(low, high)
    words = f"{quantity.words} is {beyond} {in_words(middle)}, or another number between {between}"
    yield _compared(quantity, strict, last, words)
    yield _compared(quantity, weak, first, words)
    yield _compared(quantity, strict, middle, words)


def _periodic(quantity: Quantity, period: int, rest: float) -> Predicate:
    words = f"{quantity.words} mod {period} = {in_words(rest)}"
    if period == 2:
        words = f"{quantity.words} is {'odd' if rest else 'even'}"
    return Predicate(
        _explained(words, quantity),
        lambda scene: valued(quantity, scene) % period == rest,
        odd=1 if period == 2 else 3,
    )


def _explained(words: str, quantity: Quantity) -> str:
    """With what its letter means, where the words hold it."""
    return f"{words}, {quantity.means}" if quantity.means and quantity.words in words else words


def natural(quantities: Sequence[Quantity]) -> Iterator[Predicate]:
    """Predicates that people write, of every quantity: where nothing can be read off."""
    for quantity in quantities:
        for value in (0.0, 1.0, *((-1.0,) if not quantity.whole else (2.0, 3.0, 4.0))):
            for sign in _SIGNS:
                yield _compared(quantity, sign, value)
        if quantity.whole:
            yield from (_periodic(quantity, 2, rest) for rest in (0.0, 1.0))


def _both(
    quantities: Sequence[Quantity], columns: Sequence[Floats], on: Mask
) -> Iterator[Predicate]:
    """Two natural predicates that hold together exactly where `on` does."""
    needed = [
        (quantity, sign, column)
        for quantity, column in zip(quantities, columns, strict=True)
        if np.isfinite(column).all()
        for sign in (">", "≥", "<", "≤")
        if _SIGNS[sign](column[on], 0.0).all() and not _SIGNS[sign](column, 0.0).all()
    ]
    for place, (quantity, sign, column) in enumerate(needed):
        among = _SIGNS[sign](column, 0.0)
        for other, other_sign, other_column in needed[place + 1 :]:
            if ((among & _SIGNS[other_sign](other_column, 0.0)) == on).all():
                yield _and(_compared(quantity, sign, 0.0), _compared(other, other_sign, 0.0))


def _and(one: Predicate, other: Predicate) -> Predicate:
    return Predicate(
        f"{one.words} and {other.words}",
        lambda scene: one.holds(scene) & other.holds(scene),
        odd=4,
    )
