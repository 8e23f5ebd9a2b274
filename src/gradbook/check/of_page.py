"""Does the code printed for a page compute what the page says, in floating point?

The page is unfolded at small sizes and worked out with 50 digits. How far rounding may lead from
there is not chosen: the text is run once more in intervals a few bits wider than a float, and what
they enclose is the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import Any

import mpmath
import numpy as np
from mpmath.ctx_iv import MPIntervalContext

from gradbook.check.verdict import Check, Finding, Verdict
from gradbook.emit.pages import Printed
from gradbook.emit.pages.compared import DIGITS, Unfolded, unfolded_pages
from gradbook.emit.pages.run import run


def _beside_arrays(method: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    """A method of intervals that leaves arrays to NumPy.

    It raises ArithmeticError for a comparison that cannot be told.
    """

    def found(one: Any, other: Any) -> Any:
        result = NotImplemented if isinstance(other, np.ndarray) else method(one, other)
        if result is None:
            raise ArithmeticError("rounding decides on which side of a kink it is")
        return result

    return found


#: Eight times as wide as a float's: another order of a sum, exp of a library, a size's reciprocal.
_INTERVALS = MPIntervalContext()
_INTERVALS.prec = 50
for _name in (
    "add",
    "radd",
    "sub",
    "rsub",
    "mul",
    "rmul",
    "truediv",
    "rtruediv",
    "lt",
    "le",
    "gt",
    "ge",
):
    _method = getattr(_INTERVALS.mpf, f"__{_name}__")
    setattr(_INTERVALS.mpf, f"__{_name}__", _beside_arrays(_method))
_Compare = Callable[[Printed, Sequence[Unfolded]], Iterator[tuple[float, float]]]
#: What is nearer to 0 is 0 in a float, or nearly.
_UNDERFLOW = 2.0**-1000
#: What is larger no float has, or nearly none.
_LARGEST = 2.0**1000
#: The step of a difference, beside which the same is done with half of it.
_STEP = 2.0**-16
_POINTS = 8
#: What is worked out with 50 digits is right to so much, where it is no sum of large numbers.
_DIGITS_RIGHT = 1e-40


def check_page(printed: Printed) -> Verdict:
    """Whether a kernel of a page agrees with it, far from 0 too, and with its own differences."""
    kernel = printed.kernel
    unfolded = list(unfolded_pages(printed))
    checks: list[Check] = []
    for name, (compare, detail) in _CHECKS.items():
        began = perf_counter()
        found = list(compare(printed, unfolded))
        error, bound = max(found, key=_ratio, default=(0.0, 0.0))
        if not found and checks:
            continue  # exp has no value in a float far from 0, and is not wrong for it
        said = detail if found else "the page has a value at too few points"
        seconds = perf_counter() - began
        passed = bool(found) and error <= bound
        checks.append(
            Check(name, passed, error, bound, len(found), said, seconds, applies=bool(found))
        )
    wrong = [check for check in checks if check.applies and not check.passed]
    findings = tuple(Finding(f"it differs from the page: {check.detail}") for check in wrong)
    lacking = [f"not checked: {check.detail}" for check in checks if not check.applies]
    status = "failed" if wrong else next(iter(lacking), "passed")
    name = f"{kernel.name.partition(' ')[0]}, {kernel.target}, any size"
    return Verdict(name, kernel.origin, kernel.language, tuple(checks), findings, status)


def _ratio(compared: tuple[float, float]) -> float:
    """How near to its bound an error is, or how far beyond."""
    error, bound = compared
    return error / bound if bound else error and float("inf")


def _at_points(
    printed: Printed, unfolded: Sequence[Unfolded], kinds: Sequence[str]
) -> Iterator[tuple[float, float]]:
    """Each number that the kernel returns: how far it is from the page's, and how far it may be,
    both of the page's where this is more than 1.
    """
    for page in unfolded:
        for kind in kinds:
            point = page.point(kind)
            try:
                with mpmath.workdps(DIGITS):
                    expected = page.expected(point)
                bounds = _bounds(printed, point)
            except (ArithmeticError, ValueError):
                continue  # no value there, or a side of a kink that rounding may change
            if any(abs(right) > _LARGEST for part in expected for right in part):
                continue
            try:
                found = _floats(printed, point)
            except ValueError:  # it is not finite
                yield float("inf"), 1.0
                continue
            for parts in zip(expected, found, bounds, strict=True):
                for right, value, bound in zip(*parts, strict=True):
                    scale = max(1.0, float(abs(right)))
                    yield float(abs(mpmath.mpf(value) - right)) / scale, bound / scale


def _differences(printed: Printed, unfolded: Sequence[Unfolded]) -> Iterator[tuple[float, float]]:
    """Slopes along a random line, and differences of the kernel's own objective along it."""
    names = [argument.name for argument in printed.kernel.arguments]
    by = [names.index(name) for name in printed.kernel.by]
    for page in unfolded:
        for _ in range(_POINTS):
            point, along = page.point("odd"), page.point("odd")
            try:
                page.expected(point)
                ((rounding, *_), *_) = _bounds(printed, point)
            except (ArithmeticError, ValueError):
                continue
            try:
                moved = [
                    _floats(
                        printed, [v + h * along[n] if n in by else v for n, v in enumerate(point)]
                    )
                    for h in (_STEP, -_STEP, _STEP / 2, -_STEP / 2)
                ]
                slopes = _floats(printed, point)[1:]
            except ValueError:
                yield float("inf"), 1.0
                continue
            up, down, half_up, half_down = (found[0][0] for found in moved)
            whole, half = (up - down) / (2 * _STEP), (half_up - half_down) / _STEP
            said = sum(
                float(np.dot(slope, np.ravel(along[names.index(name)]).astype(float)))
                for slope, name in zip(slopes, printed.kernel.by, strict=True)
            )
            yield abs(half - said), abs(whole - half) + 4 * rounding / _STEP


def _floats(printed: Printed, point: Sequence[Any]) -> list[list[float]]:
    """What the kernel returns, each result as a list."""
    values = [np.asarray(v, None if np.asarray(v).dtype.kind == "i" else float) for v in point]
    objective, slopes = printed.kernel(*values)
    return [[objective], *(np.ravel(slopes[name]).tolist() for name in printed.kernel.by)]


def _bounds(printed: Printed, point: Sequence[Any]) -> list[list[float]]:
    """How wide the intervals are that enclose the results; next to 0 for whole numbers."""
    number = np.vectorize(_INTERVALS.mpf, otypes=[object])
    of = [each if np.asarray(each).dtype.kind == "i" else number(each)[()] for each in point]
    return [
        [_width(_INTERVALS.mpf(v)) for v in part] for part in run(printed.kernel, of, _INTERVALS)
    ]


def _width(value: Any) -> float:
    width, most = value.delta.b, abs(value).b
    if width == 0 and most == float(most) and float(most).is_integer():
        return (1 + float(most)) * _DIGITS_RIGHT
    return float(width) + float(most) * 2.0**-_INTERVALS.prec + _UNDERFLOW


#: What a kernel is subjected to, and what was covered.
_CHECKS: Mapping[str, tuple[_Compare, str]] = {
    "50 digits": (
        partial(_at_points, kinds=("small", "any") * 2),
        "at small sizes, ties and kinks among the points, against the page with 50 digits, within "
        "the intervals that rounding leads to",
    ),
    "finite differences": (
        _differences,
        "along random lines, against differences of the kernel's own objective",
    ),
    "magnitudes": (
        partial(_at_points, kinds=("far",) * 4),
        "the same with numbers of ±1,000, where exponentials overflow",
    ),
}
