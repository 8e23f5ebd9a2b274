"""The signs of what a program compares: one choice of them after the other, until all were made.

A comparison u > 0 is the formula step(u), and u == 0 is Zero(u), each 0 or 1, for as long as the
program only computes with it. Where it goes one way or the other by it, or takes exp of it, a sign
is chosen, and the program is run again for the other one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeVar

from sympy import Expr, Function, Integer, Symbol, expand, factor_list
from sympy.polys.rings import sring

from gradbook.notation import hinge, step
from gradbook.prove.values import Values, sign

_Result = TypeVar("_Result")
#: So many runs of a program, at one size and for one choice of labels, and no more.
MOST = 4096


ANY = frozenset((-1, 0, 1))


class TooMany(Exception):
    """A program that goes more ways than are tried."""


class Zero(Function):
    """1 where u = 0, else 0."""

    nargs = 1

    @classmethod
    def eval(cls, u: Expr) -> Expr | None:
        return None if u.is_zero is None else Integer(bool(u.is_zero))


@lru_cache(maxsize=4096)
def key_of(u: Expr) -> tuple[Expr, int]:
    """The same formula for all multiples of u, and the sign of the multiple."""
    _, primitive = expand(u).as_content_primitive()
    if primitive.could_extract_minus_sign():
        return expand(-primitive), -1
    return primitive, 1


@lru_cache(maxsize=4096)
def _factors(u: Expr) -> tuple[Expr, ...]:
    """What a polynomial is a product of, without numbers and powers; else itself."""
    if not u.is_polynomial() or _is_irreducible(u):
        return (u,)
    return tuple(factor for factor, _ in factor_list(u)[1])


def _is_irreducible(u: Expr) -> bool:
    """Whether the polynomial is a v + b, with a product of letters a and a letter v that b does not
    have, where no letter is in all of its terms: a factor would divide a and b. True or not known.
    """
    _, polynomial = sring(u)
    used = [{place for place, k in enumerate(m) if k} for m in polynomial.monoms()]
    in_terms = Counter(place for places in used for place in places)
    highest = polynomial.degrees()
    return len(used) not in in_terms.values() and any(
        k == highest[place] == 1 for place, k in in_terms.items()
    )


@lru_cache(maxsize=4096)
def _inner_first(indicator: Expr) -> tuple[int, str]:
    return len(indicator.atoms(step, hinge, Zero)), str(indicator)


@dataclass
class Signs:
    """The signs of one run. first: what the first choices are, True for the first of two.

    possible: of each formula (`key_of`), which of the signs −1, 0, 1 it may have.
    """

    first: tuple[bool, ...] = ()
    possible: dict[Expr, frozenset[int]] = field(default_factory=dict)
    made: list[bool] = field(default_factory=list)

    def decide(self, u: Expr, of: int) -> bool:
        """Whether the sign of u is this, 0 or 1, in this run."""
        if (told := self.told(u, of)) is not None:
            return told
        if of == 0 and len(factors := _factors(u)) > 1:
            return any(self.decide(factor, 0) for factor in factors)
        key, by = key_of(u)
        can, asked = self.possible.get(key, ANY), {by * of}
        place = len(self.made)
        self.made.append(self.first[place] if place < len(self.first) else True)
        self.possible[key] = can & asked if self.made[-1] else can - asked
        return self.made[-1]

    def told(self, u: Expr, of: int) -> bool | None:
        """The same without a choice: None where it is open."""
        if u.is_number:
            known: bool | None = u.is_zero if of == 0 else u.is_positive
            if known is not None:
                return known
        key, by = key_of(u)
        can = self.possible.get(key, ANY)
        return None if len(can) > 1 and by * of in can else can == {by * of}

    def resolved(self, formula: Expr) -> Expr:
        """The formula without comparisons: each is decided."""
        while indicators := formula.atoms(step, hinge, Zero):
            inner = min(indicators, key=_inner_first)
            formula = formula.xreplace({inner: self.value(inner)})
        return formula

    def value(self, indicator: Expr) -> Expr:
        """What a step, a hinge or a Zero is, by the signs that are chosen for it."""
        u = indicator.args[0]
        if isinstance(indicator, Zero):
            return Integer(self.decide(u, 0))
        positive = self.decide(u, 1)
        if isinstance(indicator, hinge):
            return u if positive else Integer(0)
        at_kink = indicator.args[1]
        if positive:
            return Integer(1)
        return at_kink if at_kink and self.decide(u, 0) else Integer(0)

    def hold(self, values: Values) -> bool:
        """Whether the signs are so at a point. Raises values.NoValue."""
        return all(sign(values.of(u)) in can for u, can in self.possible.items())

    @property
    def letters(self) -> frozenset[Symbol]:
        """The letters of all that has a sign."""
        return frozenset().union(*(u.free_symbols for u in self.possible))

    @property
    def equations(self) -> tuple[Expr, ...]:
        """What is 0 in this run."""
        return tuple(u for u, can in self.possible.items() if can == {0})


def every_way(run: Callable[[Signs], _Result]) -> Iterator[tuple[Signs, _Result]]:
    """What a function returns for every choice of signs. Raises TooMany above MOST of them."""
    left: list[tuple[bool, ...]] = [()]
    for _ in range(MOST):
        signs = Signs(left.pop())
        yield signs, run(signs)
        left += [
            (*signs.made[:place], not signs.made[place])
            for place in range(len(signs.first), len(signs.made))
        ]
        if not left:
            return
    raise TooMany(f"it goes more than {MOST:,} ways")


@lru_cache(maxsize=16_384)
def written_out(formula: Expr) -> Expr:
    """The formula with every hinge as a step, and each step with the value 0 at 0."""
    parts = [written_out(each) for each in formula.args]
    match formula:
        case hinge():
            return step(parts[0]) * parts[0]
        case step():
            return step(parts[0]) + parts[1] * Zero(parts[0])
    return formula if (*parts,) == formula.args else formula.func(*parts)
