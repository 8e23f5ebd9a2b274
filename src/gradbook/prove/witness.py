"""Counterexamples: small rational W, x̃ and y on which the two sides of a claim differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from random import Random

from sympy import Expr, Integer, Rational, Symbol

from gradbook.case import Case
from gradbook.derivation import Claim, Counterexample
from gradbook.prove.derivatives import Batch, products

Values = Mapping[Symbol, Rational]

#: How many points are tried before a search is given up.
ATTEMPTS = 3_000


def counterexample_of_shape(claim: Claim, batch: Batch) -> Counterexample:
    """Sides of different shapes differ whatever the data: W = 0 and x̃ = (1, 0, …, 0)."""
    nothing = dict.fromkeys([*batch[0].W, *_features(batch)], Integer(0))
    left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
    return _described(claim, None, left, right, nothing, batch)


def counterexample(
    claim: Claim,
    entry: tuple[int, int],
    sides: tuple[Expr, Expr],
    points: Iterable[Values],
    batch: Batch,
    example: Case,
) -> Counterexample | None:
    """Data on which the claim fails at `entry`, the scores of `example` being one of `points`."""
    for point, features, weights in _simple_first(points, _features(batch), list(example.W[:, 1:])):
        values = {**point, **features, **weights}
        for a, (score, row) in enumerate(example.products.items()):
            rest = (row - example.W[a, 0]).xreplace(values)
            values[example.W[a, 0]] = values.pop(score) - rest
        found = tried(claim, entry, sides, values, batch)
        if found is not None:
            return found
    return None


def search(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], batch: Batch
) -> Counterexample | None:
    """The first of many small integer points at which the claim fails at `entry`."""
    found = (tried(claim, entry, sides, values, batch) for values in _small_integers(batch))
    return next(filter(None, found), None)


def can_hold(claim: Claim, batch: Batch) -> bool:
    """Whether the conditions of the claim hold at one of many small integer points."""
    return any(_conditions_hold(claim, values, batch) for values in _small_integers(batch))


def _small_integers(batch: Batch) -> Iterator[Values]:
    letters = [*batch[0].W, *_features(batch), *batch[0].s_prime]
    random = Random(0)
    for attempt in range(ATTEMPTS):
        size = 1 + attempt * 3 // ATTEMPTS
        yield {letter: Integer(random.randint(-size, size)) for letter in letters}


def _simple_first(
    points: Iterable[Values], features: Sequence[Symbol], weights: Sequence[Symbol]
) -> Iterator[tuple[Values, Values, Values]]:
    """A few simple points with few letters that are not 0; then all points, with any letters."""
    points = list(points)
    yield from product(points[:3], _few_nonzero(features), _few_nonzero(weights))
    random = Random(0)
    for point, largest in product(points[::-1], (3, 99, 9999)):
        yield (
            point,
            *(
                {name: Integer(random.randint(-largest, largest)) for name in names}
                for names in (features, weights)
            ),
        )


def _few_nonzero(names: Sequence[Symbol]) -> Iterator[Values]:
    """All 0, then one letter at a time, then all 1, then different numbers."""
    yield dict.fromkeys(names, Integer(0))
    if not names:
        return
    for chosen in names:
        yield {name: Integer(name == chosen) for name in names}
    yield dict.fromkeys(names, Integer(1))
    yield {name: Integer(2 + i) for i, name in enumerate(names)}


def _features(batch: Batch) -> list[Symbol]:
    return [letter for case in batch for letter in case.x[1:, :]]


def _conditions_hold(claim: Claim, values: Values, batch: Batch) -> bool:
    everything = _with_scores(values, batch)
    return all(condition.xreplace(everything) == True for condition in claim.given)  # noqa: E712


def _with_scores(values: Values, batch: Batch) -> Values:
    return {**values, **{t: row.xreplace(values) for t, row in products(batch).items()}}


def tried(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], values: Values, batch: Batch
) -> Counterexample | None:
    """The counterexample that these values of W, x̃ (and s′) are, if they are one."""
    if not _conditions_hold(claim, values, batch):
        return None
    left, right = (side.xreplace(_with_scores(values, batch)) for side in sides)
    if not left.is_Rational or not right.is_Rational:
        return None
    fails = left != right if claim.relation == "=" else bool(left < right)
    return _described(claim, entry, str(left), str(right), values, batch) if fails else None


def _described(
    claim: Claim,
    entry: tuple[int, int] | None,
    left: str,
    right: str,
    values: Values,
    batch: Batch,
) -> Counterexample:
    case = batch[0]

    def row(letters: Iterable[Expr]) -> tuple[Fraction, ...]:
        numbers = (letter.xreplace(values) for letter in letters)
        return tuple(Fraction(int(number.p), int(number.q)) for number in numbers)

    primed = any(t in claim.left.free_symbols | claim.right.free_symbols for t in case.s_prime)
    return Counterexample(
        case=case,
        W=tuple(row(case.W.row(a)) for a in case.classes),
        x=tuple(row(example.x) for example in batch),
        y=tuple(example.y for example in batch),
        entry=entry,
        left=left,
        right=right,
        relation=claim.relation,
        s_prime=row(case.s_prime) if primed and entry is not None else None,
    )
