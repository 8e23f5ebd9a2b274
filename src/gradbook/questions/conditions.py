"""Conditions: of those that tell some questions from others, the simplest, as tight as it was seen.

A condition is a trait, or a size beside a threshold, or two of these together. It is of the call as
a whole, or of each example apart. What it has to tell apart are rows of numbers: those where it
must hold, and those where it must not; where either will do, there is no row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import combinations

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.rows import Row, row_of_call, rows_of_examples
from gradbook.questions.thresholds import Threshold, above, below
from gradbook.questions.traits import (
    OF_CALLS,
    OF_EXAMPLES,
    OF_PLACES,
    SIZES_OF_CALLS,
    SIZES_OF_EXAMPLES,
    SIZES_OF_PLACES,
    Size,
    Trait,
)

#: Whole numbers that sizes are asked to be multiples of.
_MULTIPLES = (3, 4, 5, 8, 10, 16, 32, 50, 64, 100)
#: Conditions that are taken together with another one.
_PAIRED = 160
#: How many are given back.
_GIVEN = 8


@dataclass(frozen=True)
class Condition:
    """words: a clause. each: whether it is of each example apart. cost: how far-fetched it is.

    of: whether rows fulfil it, from their traits (N, T) and sizes (N, K). threshold: the place of
    the size that it compares, and between which numbers; None where it compares none. inverted:
    whether it is fulfilled where the clause is not.
    """

    words: str
    each: bool
    cost: float = field(compare=False)
    of: Callable[[np.ndarray, Floats], np.ndarray] = field(compare=False, repr=False)
    threshold: tuple[int, Threshold] | None = field(default=None, compare=False, repr=False)
    inverted: bool = False

    @property
    def elsewhere(self) -> Condition:
        """Its contrary, in the same words."""
        return replace(
            self,
            cost=self.cost + 0.5,
            of=lambda traits, sizes: ~self.of(traits, sizes),
            threshold=None,
            inverted=not self.inverted,
        )

    def holds(self, question: Question) -> bool:
        """Of a call; of an example, if there is one alone."""
        row = row_of_call(question) if not self.each else rows_of_examples(question)
        return bool(self.of(np.atleast_2d(row.traits), np.atleast_2d(row.sizes)).any())

    def of_examples(self, question: Question) -> np.ndarray:
        """Of each example, (n,)."""
        if not self.each:
            return np.full(question.n, self.holds(question))
        row = rows_of_examples(question)
        return self.of(row.traits, row.sizes)

    def __and__(self, other: Condition) -> Condition:
        return Condition(
            f"{self.words} and {other.words}",
            self.each,
            self.cost + other.cost + 1,
            lambda traits, sizes: self.of(traits, sizes) & other.of(traits, sizes),
        )


@dataclass(frozen=True)
class _Column:
    """A trait or a size of rows, as it is put in words."""

    words: str
    negated: str
    cost: float


@dataclass(frozen=True)
class _SizeColumn:
    """suffixes: what follows a comparison upwards and downwards. plain: with = and ≠ as well."""

    size: Size
    suffixes: tuple[str, str] = ("", "")
    plain: bool = True
    extra: float = 0.0

    def compared(self, sign: str, number: str) -> str:
        upwards = sign in (">", "≥")
        return self.size.compared(sign, number) + self.suffixes[0 if upwards else 1]


@dataclass(frozen=True)
class Language:
    """The words for rows: of calls, or of examples."""

    each: bool
    traits: tuple[_Column, ...]
    sizes: tuple[_SizeColumn, ...]


_SOME, _EVERY = " in some example", " in every example"
#: A threshold that is not found is worth less than one that is.
_GAP = 1.5
#: To speak of some example, or of every one, is further from the mind than to speak of the call.
_FURTHER = 0.6


@cache
def language(each: bool) -> Language:
    """The words for examples, or those for calls."""
    if each:
        traits = (*OF_EXAMPLES, *OF_PLACES)
        sizes = (*SIZES_OF_EXAMPLES, *SIZES_OF_PLACES)
        columns = tuple(_Column(one.words, one.negated, one.cost) for one in traits)
        return Language(True, columns, tuple(_SizeColumn(size) for size in sizes))
    of_examples = [column for one in OF_EXAMPLES for column in _of_some_and_every(one)]
    return Language(
        False,
        (*(_Column(one.words, one.negated, one.cost) for one in OF_CALLS), *of_examples),
        (
            *(_SizeColumn(size) for size in SIZES_OF_CALLS),
            *(_SizeColumn(s, (_SOME, _EVERY), False, _FURTHER) for s in SIZES_OF_EXAMPLES),
            *(_SizeColumn(s, (_EVERY, _SOME), False, _FURTHER) for s in SIZES_OF_EXAMPLES),
        ),
    )


def _of_some_and_every(one: Trait) -> tuple[_Column, _Column]:
    cost = one.cost + _FURTHER
    return (
        _Column(one.words + _SOME, _of_every(one.negated), cost),
        _Column(_of_every(one.words), one.negated + _SOME, cost),
    )


def _of_every(words: str) -> str:
    """ "no margin is active in any example", "a margin is active in every example"."""
    return words + (" in any example" if words.startswith("no ") else _EVERY)


def telling(words: Language, those: Row, others: Row, pairs: bool = True) -> list[Condition]:
    """Conditions that hold of all those and of none of the others, the simplest first.

    Two together, if pairs are wanted, where no single one does. [] where none does, or where there
    are no others.
    """
    if not len(those.traits) or not len(others.traits):
        return []
    found = list(holding(words, those, others))
    exact = [one for one, within in found if not within.any()]
    if exact or not pairs:
        return sorted(exact, key=lambda one: one.cost)[:_GIVEN]
    return _pairs(words, found, those, others)


def narrowest(words: Language, those: Row, others: Row) -> list[tuple[Condition, int]]:
    """Conditions that hold of all those, and of how many others: of fewest first."""
    if not len(those.traits) or not len(others.traits):
        return []
    counted = [(one, int(within.sum())) for one, within in holding(words, those, others)]
    return sorted(counted, key=lambda pair: (pair[1], pair[0].cost))


def _pairs(
    words: Language,
    found: Sequence[tuple[Condition, np.ndarray]],
    those: Row,
    others: Row,
) -> list[Condition]:
    """Two conditions, neither of which is enough."""
    kept = sorted(found, key=lambda pair: (pair[0].cost, pair[1].sum()))[:_PAIRED]
    if len(kept) < 2:
        return []
    within = np.array([mask for _, mask in kept], dtype=float)
    common = within @ within.T
    costs = np.array([one.cost for one, _ in kept])
    places = [(i, j) for i, j in combinations(range(len(kept)), 2) if not common[i, j]]
    places.sort(key=lambda place: costs[place[0]] + costs[place[1]])
    made = []
    for i, j in places[:_GIVEN]:
        first, second = (
            _tightened(words, kept[a][0], kept[b][1], those, others) for a, b in ((i, j), (j, i))
        )
        made.append(first & second)
    return made


def _tightened(
    words: Language, one: Condition, within: np.ndarray, those: Row, others: Row
) -> Condition:
    """The same condition with its threshold beside those others that the second one leaves."""
    if one.threshold is None:
        return one
    place, threshold = one.threshold
    left = others.sizes[within, place]
    bound = above if threshold.upwards else below
    tighter = bound(those.sizes[:, place], left, threshold.whole)
    return one if tighter is None else _beside(words, place, tighter)


def holding(words: Language, those: Row, others: Row) -> Iterator[tuple[Condition, np.ndarray]]:
    """Conditions that hold of all those and not of all others, and of which others they hold."""
    for one in _of_traits(words, those.traits):
        yield from _if_telling(one, others)
    for place, column in enumerate(words.sizes):
        a, b = those.sizes[:, place], others.sizes[:, place]
        if np.isfinite(a).all():
            for one in _of_size(words, place, column, a, b):
                yield from _if_telling(one, others)


def _if_telling(one: Condition, others: Row) -> Iterator[tuple[Condition, np.ndarray]]:
    within = one.of(others.traits, others.sizes)
    if not within.all():
        yield one, within


def _of_traits(words: Language, traits: np.ndarray) -> Iterator[Condition]:
    for place in np.flatnonzero(traits.all(axis=0)).tolist():
        column = words.traits[place]
        yield _of_trait(words, place, True, column.words, column.cost)
    for place in np.flatnonzero(~traits.any(axis=0)).tolist():
        column = words.traits[place]
        yield _of_trait(words, place, False, column.negated, column.cost + 0.1)


def _of_trait(words: Language, place: int, holds: bool, said: str, cost: float) -> Condition:
    return Condition(said, words.each, cost, lambda traits, sizes: traits[:, place] == holds)


def _of_size(
    words: Language, place: int, column: _SizeColumn, those: Floats, others: Floats
) -> Iterator[Condition]:
    whole = column.size.whole
    for threshold in (above(those, others, whole), below(those, others, whole)):
        if threshold is not None:
            yield _beside(words, place, threshold)
    if not column.plain:
        return
    value = those[0]
    cost = column.size.cost
    if (those == value).all() and (whole or value in (0.0, 1.0)):
        yield _of_value(words, place, column.compared("=", f"{value:g}"), cost - 0.05,
                        lambda size: size == value)  # fmt: skip
    if whole:
        yield from _of_whole(words, place, column, those, others)


def _of_whole(
    words: Language, place: int, column: _SizeColumn, those: Floats, others: Floats
) -> Iterator[Condition]:
    name, cost = column.size.name, column.size.cost
    if len(others) and (others == others[0]).all() and others[0] not in those:
        left_out = float(others[0])
        yield _of_value(words, place, column.compared("≠", f"{left_out:g}"), cost,
                        lambda size: size != left_out)  # fmt: skip
    for rest, kind in ((0, "even"), (1, "odd")):
        if (those % 2 == rest).all():
            yield _of_value(words, place, f"{name} is {kind}", cost + 0.3, _rest(2, rest))
    for m in _MULTIPLES:
        rests = those % m
        if (rests == rests[0]).all() and len(set(those.tolist())) > 1:
            left = bool(rests[0])
            said = f"{name} mod {m} is {rests[0]:g}" if left else f"{name} is a multiple of {m}"
            extra = 1.1 if left else 0.6
            yield _of_value(words, place, said, cost + extra,
                            _rest(m, float(rests[0])))  # fmt: skip
        multiples = set(others[others % m == 0].tolist())
        if rests.all() and (0 not in multiples or len(multiples) > 2):  # else it is not 0, or m
            yield _of_value(words, place, f"{name} is not a multiple of {m}", cost + 0.6,
                            _no_rest(m))  # fmt: skip
    for holds, said in ((True, "is"), (False, "is not")):
        if (_power_of_two(those) == holds).all():
            yield _of_value(words, place, f"{name} {said} a power of 2", cost + 0.8,
                            _power_of_two if holds else _no_power_of_two)  # fmt: skip


def _rest(m: int, rest: float) -> Callable[[Floats], np.ndarray]:
    return lambda size: np.asarray(size % m == rest)


def _no_rest(m: int) -> Callable[[Floats], np.ndarray]:
    return lambda size: np.asarray(size % m != 0)


def _no_power_of_two(size: Floats) -> np.ndarray:
    return ~_power_of_two(size)


def _power_of_two(size: Floats) -> np.ndarray:
    logs = np.log2(np.maximum(size, 1))
    return np.asarray((size >= 1) & (logs == np.round(logs)))


def _of_value(
    words: Language, place: int, said: str, cost: float, holds: Callable[[Floats], np.ndarray]
) -> Condition:
    return Condition(said, words.each, cost, lambda traits, sizes: holds(sizes[:, place]))


def _beside(words: Language, place: int, threshold: Threshold) -> Condition:
    column = words.sizes[place]
    said = threshold.said(column.compared)
    return Condition(
        said,
        words.each,
        column.size.cost
        + column.extra
        + (0.0 if threshold.upwards else 0.05)
        + (0.0 if threshold.closed else _GAP),
        lambda traits, sizes: threshold.of(sizes[:, place]),
        (place, threshold),
    )
