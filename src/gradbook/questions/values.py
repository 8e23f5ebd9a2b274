"""ℓ and μ of many examples at once, by walking the loss's formula with dual numbers.

`Loss.coefficients` differentiates a formula for each number of classes and each label; here the
formula is walked as it stands, with every example's own label, so that 130 classes cost no more
than a loop over 130 numbers. On data that are exact in floating point a result of sums, products
and kinks is exact; what functions and roots round is bounded. It shares no code with the symbolic
derivation and is tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import numpy as np
from sympy import Add, Expr, Function, Indexed, Mul, NumberSymbol, Pow, Rational, Sum, exp, log

from gradbook import notation
from gradbook.loss import Loss
from gradbook.notation import equal, hinge, step, unequal
from gradbook.questions.dual import FUNCTIONS, Dual, total
from gradbook.questions.formula import Floats, Unsuitable


@dataclass(frozen=True)
class Values:
    """Of n examples with C classes.

    loss:  ℓ_i, (n,).
    mu:    ∂ℓ_i/∂s_a, (n, C).
    kinks: the arguments u of the formula's hinges and steps, (n, K), in the order in which they are
           met; NaN where the formula multiplies them by an indicator of classes that is 0.
    loss_size, mu_size, kink_sizes: what one unit of rounding in each step, the scores' own
           included, comes to in ℓ, (n,), in μ, (n, C), and in the kinks, (n, K).
    """

    loss: Floats
    mu: Floats
    kinks: Floats
    loss_size: Floats
    mu_size: Floats
    kink_sizes: Floats

    def of(self, examples: slice | np.ndarray) -> Values:
        """Those of some of the examples."""
        return Values(*(getattr(self, each.name)[examples] for each in fields(self)))

    @classmethod
    def joined(cls, parts: Sequence[Values]) -> Values:
        """Of all examples of several."""
        names = [each.name for each in fields(cls)]
        return cls(*(np.concatenate([getattr(one, name) for one in parts]) for name in names))


def values(
    loss: Loss,
    S: Floats,
    y: np.ndarray,
    at_kink: float | None = None,
    sizes: Floats | None = None,
) -> Values:
    """ℓ and μ at scores S (n, C) with labels y (n,).

    at_kink: a slope for all hinges at 0, in place of the declared ones. sizes: the sum of the
    absolute values of the terms of each score, (n, C); scores are exact unless they are given.
    Raises Unsuitable for a formula that is more than sums, products, powers, hinges, steps,
    rational numbers and the functions that `dual` knows.
    """
    walk = _Walk(S, y, at_kink, sizes)
    with np.errstate(all="ignore"):
        result = walk(loss.formula, {notation.C: S.shape[1], notation.y: y}, np.ones(len(y), bool))
        result = result.plain
    kinks, sizes = (
        np.array(walk.kinks, dtype=float).reshape(len(walk.kinks), 2, len(y)).T.swapaxes(0, 1)
    )
    return Values(
        loss=_filled(result.m, y.shape),
        mu=_filled(result.slope, S.shape),
        kinks=kinks,
        loss_size=_filled(result.size, y.shape),
        mu_size=_filled(result.slope_size, S.shape),
        kink_sizes=sizes,
    )


def terms(loss: Loss, S: Floats, y: np.ndarray) -> Floats | None:
    """What each class adds to ℓ, (n, C), where it is one sum over the classes; None where not."""
    if not isinstance(loss.formula, Sum) or len(loss.formula.limits) > 1:
        return None
    _, first, last = loss.formula.limits[0]
    if (first, last) != (0, notation.C - 1):
        return None
    letters = {notation.C: S.shape[1], notation.y: y}
    found, _ = _Walk(S, y, None, None).terms(loss.formula, letters, np.ones(len(y), bool))
    return _filled(found.plain.m, (S.size,)).reshape(S.shape)


@cache
def rounds(loss: Loss) -> bool:
    """Whether its formula is more than sums of scores and their kinks, each taken so many times: a
    square of what is exact may not be, nor is a third.
    """
    formula = loss.formula
    products = (
        [part for part in product.args if part.has(Indexed) and not isinstance(part, step)]
        for product in formula.atoms(Mul)
    )
    return (
        bool(formula.atoms(Pow, exp, log, *FUNCTIONS))
        or any(map(_is_rounded, formula.atoms(Rational, NumberSymbol)))
        or any(len(parts) > 1 for parts in products)
    )


def _is_rounded(number: Expr) -> bool:
    """Whether it is no binary fraction, such as a third, or π."""
    return not number.is_Rational or bool(number.q & (number.q - 1))


def _filled(found: Any, shape: tuple[int, ...]) -> Floats:
    return np.array(np.broadcast_to(0.0 if found is None else found, shape), dtype=float)


@dataclass
class _Walk:
    S: Floats
    y: np.ndarray
    at_kink: float | None
    sizes: Floats | None
    #: Of each its arguments, and what rounding comes to in them: (2, n).
    kinks: list[Floats] = field(default_factory=list)

    def __call__(self, part: Expr, letters: Mapping[Any, Any], live: np.ndarray) -> Dual:
        """The value of `part`. live: the examples for which it counts, (n,)."""
        match part:
            case Rational() | NumberSymbol():
                return Dual(float(part), size=abs(float(part)) if _is_rounded(part) else None)
            case Add():
                return total([self(term, letters, live) for term in part.args])
            case Mul():
                return self._product(part, letters, live)
            case Pow() if part.exp.is_Rational:
                return self(part.base, letters, live).power(part.exp)
            case Pow():
                return (self(part.exp, letters, live) * self(part.base, letters, live).log).exp
            case exp():
                return self(part.args[0], letters, live).exp
            case log():
                return self(part.args[0], letters, live).log
            case Function() if part.func in FUNCTIONS:
                return self(part.args[0], letters, live).function(part.func)
            case Sum():
                found, count = self.terms(part, letters, live)
                return found.summed(len(self.y), count)
            case Indexed():
                return self._score(self._index(part.indices[0], letters))
            case hinge() | step():
                return self._kink(part, letters, live)
            case equal() | unequal():
                return Dual(self._indicator(part, letters))
        if part in letters:
            return Dual(np.asarray(letters[part], dtype=float))
        raise Unsuitable(
            "the loss must be made of scores, rational numbers, sums, products, powers, exp, log, "
            f"hinges and steps to be judged; it contains {part.func.__name__}"
        )

    def _product(self, part: Mul, letters: Mapping[Any, Any], live: np.ndarray) -> Dual:
        masks = [p for p in part.args if isinstance(p, equal | unequal)]
        for mask in masks:
            live = live & (self._indicator(mask, letters) != 0)
        product = Dual(1.0)
        for factor in part.args:
            if factor not in masks:
                product = product * self(factor, letters, live)
        return product.masked(live) if masks else product

    def terms(self, part: Sum, letters: Mapping[Any, Any], live: np.ndarray) -> tuple[Dual, int]:
        """The terms of a sum, as those of more examples: each stands there once for every class
        that is summed; and how many these are.
        """
        *inner, (index, first, last) = part.limits
        summand = Sum(part.function, *inner) if inner else part.function
        low, high = (
            np.broadcast_to(self._index(limit, letters), self.y.shape) for limit in (first, last)
        )
        classes = np.arange(int(low.min()), int(high.max()) + 1)

        def repeated(array: Any) -> Any:
            return np.repeat(array, len(classes), axis=0) if np.ndim(array) else array

        summed = np.tile(classes, len(self.y))
        within = repeated(live) & (repeated(low) <= summed) & (summed <= repeated(high))
        sizes = None if self.sizes is None else repeated(self.sizes)
        walk = _Walk(repeated(self.S), repeated(self.y), self.at_kink, sizes)
        known = {letter: repeated(value) for letter, value in letters.items()}
        found = walk(summand, {**known, index: summed}, within).masked(within)
        # The kinks of a class beside each other.
        tables = [kink.reshape(2, len(self.y), len(classes)) for kink in walk.kinks]
        self.kinks += [table[..., place] for place in range(len(classes)) for table in tables]
        return found, len(classes)

    def _index(self, index: Expr, letters: Mapping[Any, Any]) -> Any:
        """A class number, or one for each example."""
        match index:
            case Rational():
                return int(index)
            case Add():
                return sum(self._index(part, letters) for part in index.args)
            case Mul():
                return np.prod(
                    np.broadcast_arrays(*(self._index(p, letters) for p in index.args)), 0
                )
        return letters[index]

    def _score(self, index: Any) -> Dual:
        one = np.zeros_like(self.S)
        places = np.broadcast_to(index, self.y.shape)
        rows = np.arange(len(self.y))
        one[rows, places] = 1
        if self.sizes is None:
            return Dual(self.S[rows, places], one)
        # The slopes count too: what cancels in a sum of them need not in how it is computed.
        return Dual(self.S[rows, places], one, self.sizes[rows, places], one)

    def _kink(self, part: Expr, letters: Mapping[Any, Any], live: np.ndarray) -> Dual:
        u = self(part.args[0], letters, live).plain
        size = 0.0 if u.size is None else u.size
        self.kinks.append(np.where(live, np.broadcast_arrays(u.m, size, live)[:2], np.nan))
        at_kink = float(part.args[1]) if self.at_kink is None else self.at_kink
        if isinstance(part, step):
            declared = float(part.args[1])
            return Dual(np.where(u.m > 0, 1.0, np.where(u.m == 0, declared, 0.0)))
        active = np.where(u.m > 0, 1.0, np.where(u.m == 0, at_kink, 0.0))
        slope, size = (
            None if part is None else active[..., None] * part for part in (u.slope, u.slope_size)
        )
        return Dual(np.maximum(u.m, 0), slope, u.size, size)

    def _indicator(self, part: Expr, letters: Mapping[Any, Any]) -> np.ndarray:
        a, b = (self._index(argument, letters) for argument in part.args)
        same = np.broadcast_to(np.equal(a, b), self.y.shape)
        return np.asarray(same if isinstance(part, equal) else ~same, dtype=float)
