"""Linear equations and strict inequalities, solved exactly, in rationals.

A row lists its coefficients and, last, its right side: as an equation [a, b, c] says that
a t₀ + b t₁ = c, as an inequality that a t₀ + b t₁ > c.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, gcd, lcm

Row = Sequence[Fraction]
WholeRow = list[int]

#: So many inequalities may be left of one unknown less: their number may square with each.
MOST = 10_000


class Exhausted(Exception):
    """More would have to be gone through than a budget allows. The message names it."""


@dataclass
class Budget:
    """How many regions may be gone through: the same number on every machine, however fast.

    A choice of signs that turns out to have no point in common counts as one: it takes as long.
    """

    regions: int
    spent: int = 0

    def spend(self) -> None:
        """One more region. Raises Exhausted where that is one too many."""
        if self.spent == self.regions:
            words = f"not all regions were gone through: the budget is {self.regions:,}"
            raise Exhausted(words)
        self.spent += 1


def reduced(rows: Iterable[Row]) -> dict[int, list[Fraction]]:
    """Gauss–Jordan: the rows that are left, by the column in which each alone has an entry, 1."""
    found: dict[int, list[Fraction]] = {}
    for row in rows:
        left = list(row)
        for pivot, known in found.items():
            left = _cleared(left, pivot, known)
        new = next((i for i, value in enumerate(left) if value), None)
        if new is not None:
            left = [value / left[new] for value in left]
            found = {pivot: _cleared(known, new, left) for pivot, known in found.items()}
            found[new] = left
    return found


def _cleared(row: list[Fraction], pivot: int, by: list[Fraction]) -> list[Fraction]:
    """`row` less the multiple of `by` that makes its entry at `pivot` 0."""
    factor = row[pivot]
    if not factor:
        return row
    return [value - factor * other for value, other in zip(row, by, strict=True)]


def independent(rows: Sequence[Row]) -> bool:
    """Whether no row is a combination of the others."""
    return len(reduced(rows)) == len(rows)


def solution(
    equations: Iterable[Row], inequalities: Iterable[Row], size: int
) -> list[Fraction] | None:
    """`size` numbers, simple ones, that satisfy every row; None where there are none.

    The equations eliminate some of the unknowns, Fourier and Motzkin's elimination the rest. Raises
    Exhausted where that leaves more than `MOST` inequalities.
    """
    fixed = reduced(equations)
    if size in fixed:  # the equation 0 = 1
        return None
    free = [i for i in range(size) if i not in fixed]
    whole = {pivot: _in_whole_numbers(known) for pivot, known in fixed.items()}
    strict = []
    for row in inequalities:
        left = _in_whole_numbers(row)
        for pivot, by in whole.items():
            if factor := left[pivot]:
                pairs = zip(left, by, strict=True)
                left = [value * by[pivot] - factor * other for value, other in pairs]
        strict.append([*(left[i] for i in free), left[-1]])
    found = _strict_solution(strict, len(free))
    if found is None:
        return None
    values = dict(zip(free, found, strict=True))
    for pivot, known in fixed.items():
        values[pivot] = known[-1] - sum(known[i] * values[i] for i in free)
    return [values[i] for i in range(size)]


def _in_whole_numbers(row: Row) -> WholeRow:
    """The same inequality without denominators: whole numbers are many times faster."""
    common = lcm(*(value.denominator for value in row))
    return [value.numerator * (common // value.denominator) for value in row]


def _strict_solution(inequalities: Iterable[WholeRow], size: int) -> list[Fraction] | None:
    """Numbers that satisfy strict inequalities; the last unknown is eliminated, and found last."""
    rows = list(_strongest(inequalities))
    if any(row[-1] >= 0 for row in rows if not any(row[:-1])):
        return None
    if not size:
        return []
    last = size - 1
    below = [row for row in rows if row[last] > 0]
    above = [row for row in rows if row[last] < 0]
    without = [[*row[:last], row[-1]] for row in rows if not row[last]]
    if len(without) + len(below) * len(above) > MOST:
        raise Exhausted(f"no point of a region was found within a budget of {MOST:,} inequalities")
    for low in below:
        for high in above:
            combined = [b * low[last] - a * high[last] for a, b in zip(low, high, strict=True)]
            without.append([*combined[:last], combined[-1]])
    first = _strict_solution(without, last)
    if first is None:
        return None
    lows, highs = ([_bound(row, first) for row in rows] for rows in (below, above))
    return [*first, between(max(lows, default=None), min(highs, default=None))]


def _bound(row: WholeRow, first: Row) -> Fraction:
    """What the row demands of its last unknown, the others being `first`."""
    known = sum((a * t for a, t in zip(row, first, strict=False)), Fraction(0))
    return (row[-1] - known) / row[-2]


def _strongest(inequalities: Iterable[WholeRow]) -> Iterator[WholeRow]:
    """Of the rows that differ in the right side alone, the one that implies the others."""
    found: dict[tuple[int, ...], tuple[int, int]] = {}
    for row in inequalities:
        size = gcd(*row[:-1]) or 1
        common = gcd(size, row[-1])
        left = tuple(value // size for value in row[:-1])
        above, below = row[-1] // common, size // common
        if left not in found or above * found[left][1] > found[left][0] * below:
            found[left] = above, below
    for left, (above, below) in found.items():
        yield [*(value * below for value in left), above]


def between(low: Fraction | None, high: Fraction | None) -> Fraction:
    """A number strictly between the two, None being no bound: 0, or a whole one, or the middle."""
    if low is not None and low >= 0:
        simple = Fraction(floor(low) + 1)
    elif high is not None and high <= 0:
        simple = Fraction(ceil(high) - 1)
    else:
        simple = Fraction(0)
    if low is not None and high is not None and not low < simple < high:
        return (low + high) / 2
    return simple
