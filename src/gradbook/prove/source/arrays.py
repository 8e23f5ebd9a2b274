"""A text for NumPy, run by NumPy itself: on arrays of letters, each an object that knows its signs.

What NumPy does with arrays, their shapes, axes and indices, is what it does with those of floats;
of entries it asks their sum, product or comparison, and gets a formula, or a sign of this run.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import isfinite
from types import SimpleNamespace
from typing import Any

import numpy as np
from sympy import Expr, Integer, Rational, exp, log, sqrt, sympify

from gradbook.prove.source.memory import Fault
from gradbook.prove.source.parsed import NotRead
from gradbook.prove.source.signs import Signs

#: A float with a larger denominator was rounded, as 1/3 is.
_SHORT = 2**20


def formula_of(value: Any) -> Expr:
    """A formula, or a number that the text has. Raises NotRead for one that was rounded."""
    if isinstance(value, Real):
        return value.formula
    value = value.item() if isinstance(value, np.generic) else value
    if isinstance(value, float):
        exact = Fraction(value) if isfinite(value) else None
        if exact is None or exact.denominator > _SHORT:
            raise NotRead(f"the number {value} is infinite or was rounded, which is not known here")
        return Rational(exact.numerator, exact.denominator)
    return Integer(value) if isinstance(value, bool) else sympify(value)


class Real:
    """A formula as an entry of an array. signs: which way its comparisons fall."""

    def __init__(self, formula: Expr, signs: Signs) -> None:
        self.formula, self.signs = formula, signs

    def _with(self, of: Callable[[Expr, Expr], Expr], other: Any) -> Any:
        if isinstance(other, np.ndarray):
            return NotImplemented
        return Real(of(self.formula, formula_of(other)), self.signs)

    def __add__(self, other: Any) -> Any:
        return self._with(lambda a, b: a + b, other)

    def __sub__(self, other: Any) -> Any:
        return self._with(lambda a, b: a - b, other)

    def __rsub__(self, other: Any) -> Any:
        return self._with(lambda a, b: b - a, other)

    def __mul__(self, other: Any) -> Any:
        return self._with(lambda a, b: a * b, other)

    def __truediv__(self, other: Any) -> Any:
        return self._with(lambda a, b: a / b, other)

    def __rtruediv__(self, other: Any) -> Any:
        return self._with(lambda a, b: b / a, other)

    def __pow__(self, other: Any) -> Any:
        return self._with(lambda a, b: a**b, other)

    __radd__, __rmul__ = __add__, __mul__

    def __neg__(self) -> Real:
        return Real(-self.formula, self.signs)

    def _sign(self, other: Any) -> int:
        """That of self − other in this run."""
        difference = self.formula - formula_of(other)
        if self.signs.decide(difference, 1):
            return 1
        return 0 if self.signs.decide(difference, 0) else -1

    def __gt__(self, other: Any) -> bool:
        return self._sign(other) > 0

    def __lt__(self, other: Any) -> bool:
        return self._sign(other) < 0

    def __ge__(self, other: Any) -> bool:
        return self._sign(other) >= 0

    def __le__(self, other: Any) -> bool:
        return self._sign(other) <= 0

    def __eq__(self, other: object) -> bool:
        return self._sign(other) == 0

    __hash__ = None  # type: ignore[assignment]


def called(
    text: str,
    function: str,
    given: Sequence[Any],
    signs: Signs,
    library: Callable[[Any], Any],
) -> tuple[tuple[Expr, ...], ...]:
    """The entries of each result of a function of the text, for arrays of formulas or of labels.

    library: NumPy, with exp, log and √ of what it is given.
    Raises Fault where the text fails, and NotRead for what cannot be asked of letters.
    """

    def lifted(of: Callable[[Expr], Expr]) -> Callable[[Any], Real]:
        return lambda u: Real(of(formula_of(u)), signs)

    names: dict[str, Any] = {}
    exec(compile(text, "<source>", "exec"), names)
    numpy = library(SimpleNamespace(exp=lifted(exp), log=lifted(log), sqrt=lifted(sqrt)))
    names.update(dict.fromkeys(("math", "np", "numpy"), numpy))
    lettered = np.vectorize(lambda formula: Real(formula, signs), otypes=[object])
    numbers = [lettered(each)[()] if np.asarray(each).dtype == object else each for each in given]
    try:
        results = names[function](*numbers)
    except NotRead:
        raise
    except (IndexError, ValueError, ZeroDivisionError) as error:
        raise Fault(f"fails, {type(error).__name__}: {error}") from None
    except (AttributeError, TypeError) as error:
        raise NotRead(f"letters are not known here to what fails, {error}") from None
    if isinstance(results, tuple) and isinstance(results[-1], dict):
        results = (*results[:-1], *results[-1].values())
    parts = results if isinstance(results, tuple) else (results,)
    return tuple(tuple(map(formula_of, np.ravel(np.asarray(part, object)))) for part in parts)
