"""Rewritings of a loss's formula: what a fault puts where the page has something else.

A wrong function is a right function of another formula. From the rewritten formula the loss and its
gradient both follow by derivation, for the hinge as for softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from sympy import Expr, Mul, Pow, Sum, Symbol, diff, exp

from gradbook.notation import hinge, s, unequal, y

Change = Callable[[Expr], Expr]

#: A margin, in what is said of a function of it.
U = Symbol("u", real=True)


@dataclass(frozen=True)
class Rewriting:
    """formula: of the whole loss. found: what stands in it, right: what belongs there, each a
    formula or words.
    """

    formula: Expr
    found: Expr | str
    right: Expr | str


def margins(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Another argument of every max(0, ·). words: of it, where it is not to be printed."""
    new = {part: part.func(change(part.args[0]), part.args[1]) for part in formula.atoms(hinge)}
    for _, right, rewritten in _replaced(formula, new):
        yield Rewriting(rewritten, words or change(right.args[0]), right.args[0])


def hinges(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Something else for every max(0, u), or its power: change is given max(0, u).

    What stands there and what belongs there is written with u for the margin.
    """
    yield from _of_hinges(formula, lambda whole, h: change(h), words)


def bases(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Something else for every max(0, u); its power stays."""
    yield from _of_hinges(formula, lambda whole, h: whole.xreplace({h: change(h)}), words)


def _of_hinges(
    formula: Expr, change: Callable[[Expr, Expr], Expr], words: str
) -> Iterator[Rewriting]:
    base = {part: part.base for part in formula.atoms(Pow) if isinstance(part.base, hinge)}
    base = base or {part: part for part in formula.atoms(hinge)}
    new = {whole: change(whole, h) for whole, h in base.items()}
    for found, right, rewritten in _replaced(formula, new):
        margin = {base[right].args[0]: U}
        yield Rewriting(rewritten, words or found.xreplace(margin), right.xreplace(margin))


def sums(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Something else for every sum over the classes."""
    yield from _worded(formula, {part: change(part) for part in formula.atoms(Sum)}, words)


def scores(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Another number for the score of every class, s_y included."""
    yield from _worded(formula, {part: change(part) for part in formula.atoms(type(s[y]))}, words)


def whole(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Something else for the loss of an example."""
    yield from _worded(formula, {formula: change(formula)}, words)


def of_probabilities(formula: Expr, change: Change, words: str = "") -> Iterator[Rewriting]:
    """Something else for the loss −log p: change is given p = exp(−loss)."""
    if formula.has(exp) and not formula.has(hinge):
        yield from whole(formula, lambda loss: change(exp(-loss)), words)


def without_mask(total: Expr) -> Expr:
    """A sum over all classes, without its indicator 1{j ≠ y}."""
    kept = [part for part in Mul.make_args(total.function) if not isinstance(part, unequal)]
    return Sum(Mul(*kept), *total.limits)


@cache
def slope_of_own_term(formula: Expr) -> float:
    """The slope by s_j of the term that 1{j ≠ y} leaves out, at j = y; 0 where there is none."""
    if not isinstance(formula, Sum) or without_mask(formula) == formula:
        return 0.0
    index = formula.limits[-1][0]
    own = Symbol("s_j", real=True)
    term = without_mask(formula).function.xreplace({s[index]: own})
    slope = diff(term, own).xreplace({own: s[y]})
    return float(slope) if slope.is_number else 0.0


def number_in(u: Expr) -> Expr:
    """The number that is added to the scores in a margin."""
    return u.as_coeff_Add()[0]


def _worded(formula: Expr, new: Mapping[Expr, Expr], words: str = "") -> Iterator[Rewriting]:
    for found, right, rewritten in _replaced(formula, new):
        yield Rewriting(rewritten, words or found, right)


def _replaced(formula: Expr, new: Mapping[Expr, Expr]) -> Iterator[tuple[Expr, Expr, Expr]]:
    """What is put and what was there, of the shortest part; and the formula. Nothing if none is."""
    changed = {old: other for old, other in new.items() if old != other}
    if changed:
        old, *others = changed
        if others:  # to print is what takes time
            old = min(changed, key=lambda part: (len(str(part)), str(part)))
        yield changed[old], old, formula.xreplace(changed)
