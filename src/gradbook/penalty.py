"""The L2 penalty on the weights, λ Σ W², and its derived gradient.

The page has none; practice does. What is penalised and how λ counts differ from text to text, and
a gradient of another convention than the loss is a classic mistake. Here both are stated, and the
gradient is derived from the formula by the rules of `any_size`, for any C and m::

    >>> from sympy import Rational
    >>> print(L2())
    lamda Σ_ab W_ab², b ≥ 1 · gradient 2*lamda*W[a, b] for b ≥ 1, 0 for b = 0
    >>> print(L2(factor=Rational(1, 2), bias=True))
    1/2 lamda Σ_ab W_ab² · gradient lamda*W[a, b]
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from numbers import Real
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Expr, Integer, S, Sum, Symbol, sympify

from gradbook import arguments
from gradbook.notation import lamda, unequal


@dataclass(frozen=True)
class L2:
    """factor · λ · Σ_a Σ_b W_ab², added to the mean loss; it is not divided by n.

    strength: λ, a letter or a number.
    factor:   1, or 1/2 so that the gradient is λ W.
    bias:     whether column 0 of W, which multiplies the constant 1, is penalised too.
    """

    strength: Expr = lamda
    factor: Expr = S.One
    bias: bool = False

    def __post_init__(self) -> None:
        for name in ("strength", "factor"):
            arguments.instance(name, getattr(self, name), (Expr, Real), "a number or a letter")
            object.__setattr__(self, name, sympify(getattr(self, name)))
        if not (self.factor.is_Rational and self.factor > 0):
            raise ValueError(f"factor must be a positive rational number, not {self.factor}")
        if not (isinstance(self.strength, Symbol) or self.strength.is_Rational):
            raise ValueError(f"strength must be a letter or a rational number, not {self.strength}")
        arguments.flag("bias", self.bias)

    @cached_property
    def formula(self) -> Expr:
        """The penalty for any C and m, a sum over the entries of W."""
        from gradbook.any_size.letters import CLASSES, FEATURES, W, c, j

        mask = 1 if self.bias else unequal(c, 0)
        of_row = Sum(mask * W[j, c] ** 2, FEATURES.over(c))
        return self.factor * self.strength * Sum(of_row, CLASSES.over(j))

    @cached_property
    def gradient(self) -> Expr:
        """∂/∂W_ab, derived, for b ≥ 1; and for b = 0 too where the bias is penalised."""
        from gradbook.any_size.letters import W, a, b
        from gradbook.any_size.rules import DERIVATIVES, SUMS, Chain, rewritten
        from gradbook.notation import partial

        chain = Chain(partial(self.formula, W[a, b]))
        derived = rewritten(rewritten(chain, DERIVATIVES), SUMS).end
        return derived.xreplace({unequal(b, 0): Integer(1)})

    @property
    def slope(self) -> Expr:
        """c with ∂/∂W_ab = c W_ab, in λ. Raises ValueError where the gradient has another form."""
        from gradbook.any_size.letters import W, a, b

        slope = self.gradient / W[a, b]
        if slope.free_symbols - {self.strength}:
            raise ValueError(f"the gradient of the penalty is not a multiple of W: {self.gradient}")
        return slope

    def added(
        self, W: Sequence[Sequence[Fraction]], total: Fraction, gradient: NDArray[Any]
    ) -> tuple[Fraction, NDArray[Any]]:
        """A loss and its gradient, exact, with the penalty at W added. λ has to be a number."""
        first = 0 if self.bias else 1
        squares = sum((entry**2 for row in W for entry in row[first:]), Fraction(0))
        rows = np.array(W, dtype=object)
        rows[:, :first] = Fraction(0)
        value = _fraction(self.factor * self.strength) * squares
        return total + value, gradient + _fraction(self.slope) * rows

    def at(self, values: Mapping[Symbol, Any]) -> L2:
        """The same with a number for λ."""
        return L2(self.strength.xreplace(values), self.factor, self.bias)

    @property
    def written(self) -> str:
        """The penalty as the page would write it."""
        factor = "" if self.factor == 1 else f"{self.factor} "
        return f"{factor}{self.strength} Σ_ab W_ab²" + ("" if self.bias else ", b ≥ 1")

    def __str__(self) -> str:
        where = "" if self.bias else " for b ≥ 1, 0 for b = 0"
        return f"{self.written} · gradient {self.gradient}{where}"


def _fraction(number: Expr) -> Fraction:
    return Fraction(int(number.p), int(number.q))
