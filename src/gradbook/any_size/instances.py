"""Small instances: sizes, W, X̃, labels and indices as numbers, the smallest first.

With weights −1, 0 and 1 many a margin like s_j − s_y + 1 is exactly 0, and others are on either
side; thirds are almost never on a kink. x̃₀ is 1, as on the page.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from random import Random
from typing import Any, NamedTuple

from sympy import Symbol

from gradbook.any_size.letters import (
    CLASSES,
    EXAMPLES,
    FEATURES,
    S,
    W,
    X,
    label,
    range_of,
    s,
    s_prime,
    x,
)

Matrix = tuple[tuple[Fraction, ...], ...]


@dataclass(frozen=True)
class Instance:
    """Sizes and data. W: C rows of m + 1 entries; X: n rows of m + 1; y: n labels 0 … C − 1.

    indices: the value of each free index. s_prime: a second point, where one is needed. In a
    formula of one example, that is the first.
    """

    W: Matrix
    X: Matrix
    y: tuple[int, ...]
    indices: tuple[tuple[Symbol, int], ...] = ()
    s_prime: tuple[Fraction, ...] = ()

    @property
    def sizes(self) -> tuple[int, int, int]:
        """C, m and n."""
        return len(self.W), len(self.X[0]) - 1, len(self.X)

    @cached_property
    def tables(self) -> tuple[Any, ...]:
        """The values of KNOWN, in that order; whole numbers as int, which is much faster."""
        W, X = _plain(self.W), _plain(self.X)
        S = tuple(tuple(sum(map(operator.mul, row, x)) for row in W) for x in X)
        (s_prime,) = _plain((self.s_prime,))
        return W, X, X[0], S, S[0], s_prime, self.y

    def parameter(self, name: str) -> int:
        """A value for a real letter that is no data, such as Δ: 1, 2 or 3, not always the same."""
        C, m, n = self.sizes
        return 1 + (len(name) + C + 2 * m + n + self.y[0]) % 3

    def at(self, indices: Mapping[Symbol, int]) -> Instance:
        """The same sizes and data, with other indices."""
        other = replace(self, indices=tuple(indices.items()))
        other.__dict__["tables"] = self.tables
        return other

    def __str__(self) -> str:
        parts = [f"{letter} = {size}" for letter, size in zip("Cmn", self.sizes, strict=True)]
        parts += [f"{letter} = {index}" for letter, index in self.indices]
        parts += [f"W = {_rows(self.W)}", f"X̃ = {_rows(self.X)}", f"y = {_listed(self.y)}"]
        parts += [f"s′ = [{_listed(self.s_prime)}]"] if self.s_prime else []
        return ", ".join(parts)


#: The letters with indices that have a value.
KNOWN = (W, X, x, S, s, s_prime, label)


def _plain(rows: Matrix) -> tuple[tuple[Fraction | int, ...], ...]:
    return tuple(tuple(whole(number) for number in row) for row in rows)


def whole(number: Fraction) -> Fraction | int:
    """The number, as an int if it is whole."""
    return number.numerator if number.denominator == 1 else number


def _rows(rows: Matrix) -> str:
    return "[" + ", ".join(f"[{_listed(row)}]" for row in rows) + "]"


def _listed(values: Iterable[Fraction | int]) -> str:
    return ", ".join(map(str, values))


class Spread(NamedTuple):
    """Numbers p/q to draw from: |p| ≤ largest, 1 ≤ q ≤ below."""

    largest: int
    below: int = 1


#: W = 0; numbers that tie; larger ones; numbers that do not tie.
NOTHING, TIES, INTEGERS, THIRDS = Spread(0), Spread(1), Spread(3), Spread(4, 3)


@dataclass(frozen=True)
class Sizes:
    """Every C, m and n of these, with data drawn with each of the spreads."""

    classes: Sequence[int]
    features: Sequence[int]
    examples: Sequence[int]
    spreads: Sequence[Spread]


def instances(sizes: Sizes) -> Iterator[Instance]:
    """For each C, m and n, small ones first: with the first spread every labelling, then one."""
    every_size = product(sizes.classes, sizes.features, sizes.examples)
    for C, m, n in sorted(every_size, key=lambda size: (sum(size), size)):
        random = Random(f"{C} {m} {n}")
        every = labellings(C, n)
        for draw, spread in enumerate(sizes.spreads):
            for labels in every if draw == 0 else [random.choice(every)]:
                yield _drawn(C, m, n, labels, spread, random)


def labellings(C: int, n: int) -> list[tuple[int, ...]]:
    """Every label for one example; for more, each label for all of them, and labels that differ."""
    apart = [tuple((label + i) % C for i in range(n)) for label in range(C)]
    alike = [(label,) * n for label in range(C)]
    return list(dict.fromkeys(apart + alike))


def _drawn(
    C: int, m: int, n: int, labels: tuple[int, ...], spread: Spread, random: Random
) -> Instance:
    """W as spread says; features that differ from one another where W = 0, so that entries do."""

    def number() -> Fraction:
        largest = spread.largest
        return Fraction(random.randint(-largest, largest), random.randint(1, spread.below))

    def feature(b: int) -> Fraction:
        return Fraction(b + 1) if b == 0 or spread == NOTHING else number()

    return Instance(
        W=tuple(tuple(number() for _ in range(m + 1)) for _ in range(C)),
        X=tuple(tuple(feature(b) for b in range(m + 1)) for _ in range(n)),
        y=labels,
        s_prime=tuple(number() for _ in range(C)),
    )


def simplified(instance: Instance, still: Callable[[Instance], bool]) -> Instance:
    """The instance with as many numbers 0, and then as many ±1, as can be while `still` holds.

    One number after another, W first; x̃₀ stays as it is.
    """
    for small in (lambda _: Fraction(0), lambda v: Fraction((v > 0) - (v < 0))):
        for place in _places(instance):
            smaller = _replaced(instance, place, small)
            if smaller is not None and still(smaller):
                instance = smaller
    return instance


#: W, X or s_prime; the row, and the column.
Place = tuple[str, int, int]


def _places(instance: Instance) -> list[Place]:
    C, m, n = instance.sizes
    in_W = [("W", row, column) for row, column in product(range(C), range(m + 1))]
    in_X = [("X", row, column) for row, column in product(range(n), range(1, m + 1))]
    return in_W + in_X + [("s_prime", 0, column) for column in range(len(instance.s_prime))]


def _replaced(
    instance: Instance, place: Place, small: Callable[[Fraction], Fraction]
) -> Instance | None:
    """With a smaller number at the place; None where it is as small already."""
    name, row, column = place
    table = (instance.s_prime,) if name == "s_prime" else getattr(instance, name)
    old = table[row][column]
    if old == 0 or small(old) == old:
        return None
    numbers = (*table[row][:column], small(old), *table[row][column + 1 :])
    rows = (*table[:row], numbers, *table[row + 1 :])
    if name == "s_prime":
        return replace(instance, s_prime=rows[0])
    return replace(instance, W=rows) if name == "W" else replace(instance, X=rows)


def with_indices(instance: Instance, letters: Iterable[Symbol]) -> Iterator[Instance]:
    """The instance with every choice of the free indices; none where a letter has no range."""
    C, m, n = instance.sizes
    ends = {CLASSES: C, FEATURES: m + 1, EXAMPLES: n}
    letters = sorted(letters, key=str)
    ranges = [range(ends[known]) if (known := range_of(t)) else range(0) for t in letters]
    for chosen in product(*ranges):
        yield instance.at(dict(zip(letters, chosen, strict=True)))
