"""A loss for any number of classes, lowered to loops over the classes: what any-size targets print.

The gradient comes from the derivation for any C, m and n (`gradbook.any_size`): μ_a for a class
a ≠ y and for a = y, with sums over the classes. Here every sum gets a name and is computed once for
each example; what is left of ℓ and of each μ_a needs one score and these names::

    >>> from derivation.multiclass_svm import svm
    >>> print(lower(svm))
    r0    = Σ_{a≠y} max(0, s_a - s_y + 1)
    r1    = Σ_{a≠y} 1{s_a - s_y + 1 > 0}
    ℓ     = r0
    μ_a   = 1{s_a - s_y + 1 > 0} for a ≠ y
    μ_y   = -r1

With the scores S = X̃ Wᵀ before it and the gradient (1/n) Mᵀ X̃ after it (N2, N17), that is the whole
computation, whatever the loss.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from sympy import (
    Add,
    Basic,
    Expr,
    Indexed,
    Integer,
    Max,
    Ne,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
)

from gradbook import notation
from gradbook.any_size import NotDerivable
from gradbook.any_size.binding import depends, nested, over_arguments, substitute
from gradbook.any_size.indexed import mu_of
from gradbook.any_size.letters import CLASSES, a, y
from gradbook.any_size.limits import with_usual_limits
from gradbook.any_size.rules import by_cases
from gradbook.emit import facts
from gradbook.emit.exponentials import exponent, rescaled, scaled_names
from gradbook.emit.facts import Fact
from gradbook.loss import Loss, score_of_label, scores
from gradbook.notation import C, equal, unequal

#: The score of a class a, and of the label.
s_a, s_y = Symbol("s_a", real=True), score_of_label

Op = Literal["sum", "max"]
Over = Literal["all", "other"]


class NotLowerable(ValueError):
    """A loss that is more than loops over the classes, one after another."""


@dataclass(frozen=True)
class Reduction:
    """name = Σ_a summand or max_a summand, over "all" classes or every "other" one, a ≠ y.

    summand: in s_a, s_y, C and the names of earlier reductions.
    """

    name: Symbol
    op: Op
    over: Over
    summand: Expr

    def __str__(self) -> str:
        sign = "Σ" if self.op == "sum" else "max"
        classes = "{a≠y}" if self.over == "other" else "a"
        summand = f"({self.summand})" if self.summand.is_Add else self.summand
        return f"{sign}_{classes} {summand}"


@dataclass(frozen=True)
class Lowered:
    """One example of a loss, for any C.

    reductions: in an order in which they can be computed.
    loss:       ℓ in s_y, C and the names of reductions.
    other:      μ_a for a ≠ y, in s_a, s_y, C and names.
    label:      μ_y, in s_y, C and names.
    """

    source: Loss
    reductions: tuple[Reduction, ...]
    loss: Expr
    other: Expr
    label: Expr

    @cached_property
    def coefficients_sum_to_zero(self) -> Fact | None:
        """Σ_a μ_a = 0, where that is proved; code that relies on it names the proof."""
        _, *mu = self.at(6, 0)
        points = (numbers for shifted in self._at_points(*mu) for numbers in shifted)
        may_be = all(_may_be_0(sum(numbers), *numbers) for numbers in points)
        return facts.coefficients_sum_to_zero(mu_of(self.source)) if may_be else None

    @cached_property
    def shift_invariant(self) -> Fact | None:
        """ℓ(s + t·𝟙) = ℓ(s) for every real t, where that is proved."""
        loss, *_ = self.at(6, 0)
        may_be = all(
            _may_be_0(one - first, one, first)
            for shifted in self._at_points(loss)
            for (first,) in [next(shifted)]
            for (one,) in shifted
        )
        return facts.shift_invariant(self.source) if may_be else None

    @cached_property
    def integer_coefficients(self) -> Fact | None:
        """μ_a is one of the integers `values` for every a ≠ y, where that is proved."""
        return facts.integer_coefficients(self.other)

    def at(self, classes: int, label: int) -> tuple[Expr, ...]:
        """(ℓ, μ_0, …, μ_{C−1}) for so many classes, in the symbols s_0 … s_{C−1}."""
        s = scores(classes)
        values: dict[Expr, Expr] = {s_y: s[label], C: Integer(classes)}
        for reduction in self.reductions:
            terms = [
                reduction.summand.xreplace({**values, s_a: score})
                for a, score in enumerate(s)
                if reduction.over == "all" or a != label
            ]
            values[reduction.name] = Add(*terms) if reduction.op == "sum" else Max(*terms)
        mu = [self.other.xreplace({**values, s_a: score}) for score in s]
        mu[label] = self.label.xreplace(values)
        return self.loss.xreplace(values), *mu

    def _at_points(self, *formulas: Expr) -> Iterator[Iterator[list[Expr]]]:
        """Formulas of six scores in no simple proportion, each point with its shifts: most losses
        show at the first what they are not, and what they are takes long to prove.
        """
        letters = dict(self.source.parameters)

        def at(point: tuple[int, ...], shift: int) -> list[Expr]:
            given = dict(zip(scores(6), (shift + Rational(n, 7) for n in point), strict=True))
            return [formula.xreplace(given | letters).evalf() for formula in formulas]

        return ((at(point, shift) for shift in _SHIFTS) for point in _POINTS)

    def __str__(self) -> str:
        lines = [(str(r.name), str(r)) for r in self.reductions]
        lines += [
            ("ℓ", str(self.loss)),
            ("μ_a", f"{self.other} for a ≠ y"),
            ("μ_y", str(self.label)),
        ]
        return "\n".join(f"{name:5} = {value}" for name, value in lines)


#: Scores of six classes in sevenths, the label's first: around it, far below it, and alike.
_POINTS = ((2, -5, 16, 9, -13, 24), (40, -30, -17, -25, -36, -41), (2, 8, 10, 9, 12, 6))
_SHIFTS = (0, 3, -3, 1, -1, 2, -2)


def _may_be_0(number: Expr, *parts: Expr) -> bool:
    """Whether a sum is no more than rounding away from 0, however small its parts are; what is no
    number may be anything.
    """
    size = Add(*map(abs, parts))
    return not abs(complex(number / size)) > 1e-9 if size else True


@lru_cache(maxsize=32)
def lower(loss: Loss) -> Lowered:
    """The loops over classes that give ℓ and μ.

    Raises NotLowerable, a ValueError, for a loss with a sum inside a sum over another class, or
    that asks which class is which by number.
    """
    try:
        mu = mu_of(loss)
    except NotDerivable as error:
        raise NotLowerable(f"{loss.name} cannot be lowered: {error}") from None
    other, label = _cases(mu)
    reader = _Reader(loss.name, {C, *(letter for letter, _ in loss.parameters)})
    letters = {notation.s[y]: s_y}
    value = reader.read(with_usual_limits(loss.formula), letters)
    mu_label = reader.read(label, letters)
    mu_other = reader.read(other, {**letters, notation.s[a]: s_a})
    needed = _needed(list(reader.reductions.values()), (value, mu_other, mu_label))
    reductions, (value, mu_other, mu_label) = _rescaled(needed, (value, mu_other, mu_label))
    return Lowered(loss, reductions, value, mu_other, mu_label)


def _cases(mu: Expr) -> tuple[Expr, Expr]:
    """μ_a for a ≠ y, and for a = y."""
    cases = by_cases(mu, a)
    if not isinstance(cases, Piecewise):
        return mu, substitute(mu, {a: y})
    if [given for _, given in cases.args][:1] != [Ne(a, y)] or len(cases.args) != 2:
        raise NotLowerable("a loss may ask of a class only whether it is the label")
    (other, _), (label, _) = cases.args
    return other, label


class _Reader:
    """Formulas of s[j], s[y] and Σ_j, as formulas of s_a, s_y and the names of reductions."""

    def __init__(self, name: str, kept: set[Symbol]) -> None:
        self.name = name
        self.kept = kept
        self.reductions: dict[tuple[Op, Over, Expr], Reduction] = {}

    def read(self, expr: Expr, letters: Mapping[Basic, Expr]) -> Expr:
        """`expr` with its letters replaced and each Σ named. Raises NotLowerable."""
        if expr in letters:
            return letters[expr]
        if isinstance(expr, Sum):
            return self._sum(expr, letters)
        if isinstance(expr, Indexed):
            raise NotLowerable(
                f"{self.name} cannot be lowered to loops over the classes: {expr} is the score of "
                "neither the label nor the class of the loop"
            )
        if isinstance(expr, Symbol | equal | unequal) and expr not in self.kept:
            raise NotLowerable(
                f"{self.name} cannot be lowered to loops over the classes: it depends on {expr}"
            )
        return over_arguments(expr, lambda part: self.read(part, letters))

    def _sum(self, expr: Sum, letters: Mapping[Basic, Expr]) -> Expr:
        """Σ over all classes: over the others, and what the label adds unless it is like them."""
        summand, j, first, last = nested(expr)
        if (first, last) != (CLASSES.first, CLASSES.last):
            raise NotLowerable(
                f"{self.name} cannot be lowered to loops over the classes: the sum over {j} runs "
                f"from {first} to {last}, not over all classes"
            )
        outer = {letter: value for letter, value in letters.items() if value != s_a}
        outer = {letter: value for letter, value in outer.items() if not depends(letter, j)}
        of_other = self.read(_masked(summand, j, same=False), {**outer, notation.s[j]: s_a})
        of_label = self.read(_masked(summand, j, same=True), {**outer, notation.s[j]: s_y})
        if s_a not in of_other.free_symbols:
            return C * of_other + (of_label - of_other)
        if of_other.xreplace({s_a: s_y}) == of_label:
            return self._named("sum", "all", of_other)
        return of_label + self._named("sum", "other", of_other)

    def _named(self, op: Op, over: Over, summand: Expr) -> Symbol:
        key = op, over, summand
        if key not in self.reductions:
            name = Symbol(f"r{len(self.reductions)}", real=True)
            self.reductions[key] = Reduction(name, op, over, summand)
        return self.reductions[key].name


def _masked(summand: Expr, j: Symbol, *, same: bool) -> Expr:
    """The summand for the class j = y (`same`) or for another one."""
    masks: dict[Basic, Expr] = {}
    for pair in ((j, y), (y, j)):
        masks |= {equal(*pair): Integer(same), unequal(*pair): Integer(not same)}
    return summand.xreplace(masks)


def _needed(reductions: Sequence[Reduction], formulas: Sequence[Expr]) -> list[Reduction]:
    """The reductions that the formulas need, directly or through others, in order."""
    letters = {letter for formula in formulas for letter in formula.free_symbols}
    found = []
    for reduction in reversed(reductions):
        if reduction.name in letters:
            letters |= reduction.summand.free_symbols
            found.append(reduction)
    return found[::-1]


def _rescaled(
    reductions: Sequence[Reduction], formulas: Sequence[Expr]
) -> tuple[tuple[Reduction, ...], tuple[Expr, ...]]:
    """The same in range: r = Σ g e^u becomes e^m Σ g e^{u − m} where log r or 1/r is used."""
    everything = [*formulas, *(reduction.summand for reduction in reductions)]
    scaled = scaled_names((reduction.name for reduction in reductions), everything)
    meaning: dict[Expr, Expr] = {}
    found: list[Reduction] = []
    maxima: set[Symbol] = set()

    def named(op: Op, over: Over, summand: Expr) -> Symbol:
        same = (r.name for r in found if (r.op, r.over, r.summand) == (op, over, summand))
        name = next(same, Symbol(f"r{len(found)}", real=True))
        if all(reduction.name != name for reduction in found):
            found.append(Reduction(name, op, over, summand))
        return name

    for reduction in reductions:
        over, summand = reduction.over, rescaled(reduction.summand.xreplace(meaning))
        factor, power = exponent(summand)
        # A sum that is multiplied by a small power has to be in range too, unless it is already.
        if scaled and s_a in power.free_symbols and not power.free_symbols & maxima:
            largest = named("max", over, power)
            maxima.add(largest)
            rest = named("sum", over, factor * exp(power - largest))
            meaning[reduction.name] = exp(largest) * rest
        else:
            meaning[reduction.name] = named("sum", over, summand)
    return tuple(found), tuple(rescaled(formula.xreplace(meaning)) for formula in formulas)
