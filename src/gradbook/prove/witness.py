"""Counterexamples: small rational W, x̃ and y on which the two sides of a claim differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction
from itertools import islice, product
from random import Random

from sympy import Expr, Integer, Rational, Symbol

from gradbook.case import Case
from gradbook.derivation import Claim, Counterexample
from gradbook.prove.derivatives import Batch
from gradbook.regions import Cell

Values = Mapping[Symbol, Rational]

#: How many points are tried before a search is given up.
ATTEMPTS = 3_000


def counterexample_of_shape(claim: Claim, batch: Batch) -> Counterexample:
    """Sides of different shapes differ whatever the data: W = 0 and x̃ = (1, 0, …, 0)."""
    nothing = dict.fromkeys(_letters(batch), Integer(0))
    left, right = (" × ".join(map(str, side.shape)) for side in (claim.left, claim.right))
    return _described(claim, None, left, right, nothing, batch)


def counterexample(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], cell: Cell, batch: Batch
) -> Counterexample | None:
    """A point of the cell where the claim fails at `entry`; few non-zero features and weights."""
    (case,) = batch
    for point, features, weights in product(
        list(islice(cell.points(), 8)), _few_nonzero(case.x[1:, :]), _few_nonzero(case.W[:, 1:])
    ):
        values = {**features, **weights}
        for a, row in enumerate(case.products.values()):
            rest = (row - case.W[a, 0]).xreplace(values)
            values[case.W[a, 0]] = point[case.s[a]] - rest
        primes = {t: point[t] for t in case.s_prime}
        found = _tried(claim, entry, sides, {**values, **primes}, batch)
        if found is not None:
            return found
    return None


def search(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], batch: Batch
) -> Counterexample | None:
    """The first of many small integer points at which the claim fails at `entry`."""
    letters = _letters(batch)
    random = Random(0)
    for attempt in range(ATTEMPTS):
        size = 1 + attempt * 3 // ATTEMPTS
        values = {letter: Integer(random.randint(-size, size)) for letter in letters}
        found = _tried(claim, entry, sides, values, batch)
        if found is not None:
            return found
    return None


def _few_nonzero(letters: object) -> Iterator[Values]:
    """All 0, all 1, then one letter at a time, then different numbers."""
    names = list(letters)  # type: ignore[call-overload]
    yield dict.fromkeys(names, Integer(0))
    if not names:
        return
    for chosen in names:
        yield {name: Integer(name == chosen) for name in names}
    yield dict.fromkeys(names, Integer(1))
    yield {name: Integer(2 + i) for i, name in enumerate(names)}


def _letters(batch: Batch) -> list[Symbol]:
    return [*batch[0].W, *(letter for case in batch for letter in case.x[1:, :])]


def _tried(
    claim: Claim, entry: tuple[int, int], sides: tuple[Expr, Expr], values: Values, batch: Batch
) -> Counterexample | None:
    """The counterexample that these values of W, x̃ (and s′) are, if they are one."""
    everything = dict(values)
    for case in batch:
        everything |= {t: row.xreplace(values) for t, row in case.products.items()}
    if not all(condition.xreplace(everything) == True for condition in claim.given):  # noqa: E712
        return None
    left, right = (side.xreplace(everything) for side in sides)
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

    def row(letters: object) -> tuple[Fraction, ...]:
        numbers = (letter.xreplace(values) for letter in letters)  # type: ignore[attr-defined]
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
