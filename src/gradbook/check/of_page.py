"""Does the code printed for a page compute what the page says, in floating point?

The page is unfolded at small sizes and worked out with 50 digits. How far rounding may lead from
there is not chosen: the text is run once more in intervals a few bits wider than a float, and what
they enclose is the bound.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from fractions import Fraction
from functools import partial
from time import perf_counter
from typing import Any

import numpy as np

from gradbook.check.verdict import Check, Verdict
from gradbook.emit.pages import Printed
from gradbook.emit.pages.compared import Unfolded
from gradbook.judge.judgement import Finding
from gradbook.prove.values import apart, decimal

_Compare = Callable[[Printed, Sequence[Unfolded]], Iterator[tuple[float, float]]]
#: What is larger no float has, or nearly none.
_LARGEST = 2.0**1000
#: The step of a difference, beside which the same is done with half of it.
_STEP = 2.0**-16
_POINTS = 8


def check_page(printed: Printed) -> Verdict:
    """Whether a kernel of a page agrees with it, far from 0 too, and with its own differences."""
    kernel = printed.kernel
    unfolded = printed.unfolded()
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
    return Verdict(printed.name, kernel.origin, kernel.language, tuple(checks), findings, status)


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
                expected = page.expected(point)
                bounds = printed.bounds(point)
            except (ArithmeticError, ValueError):
                continue  # no value there, or a side of a kink that rounding may change
            if any(abs(decimal(right)) > _LARGEST for part in expected for right in part):
                continue
            try:
                found = printed.floats(point)
            except ValueError:  # it is not finite
                yield float("inf"), 1.0
                continue
            for parts in zip(expected, found, bounds, strict=True):
                for right, value, bound in zip(*parts, strict=True):
                    scale = max(1.0, float(abs(decimal(right))))
                    yield float(apart(right, value)) / scale, bound / scale


def _differences(printed: Printed, unfolded: Sequence[Unfolded]) -> Iterator[tuple[float, float]]:
    """Slopes along a random line, and differences of the kernel's own objective along it."""
    names = [argument.name for argument in printed.kernel.arguments]
    by = [names.index(name) for name in printed.kernel.by]
    for page in unfolded:
        for _ in range(_POINTS):
            point, along = page.point("odd"), page.point("odd")
            steps = [Fraction(h) for h in (_STEP, -_STEP, _STEP / 2, -_STEP / 2)]
            moves = [
                [v + h * along[n] if n in by else v for n, v in enumerate(point)] for h in steps
            ]
            try:
                page.expected(point)
                ((rounding, *_), *_) = printed.bounds(point)
            except (ArithmeticError, ValueError):
                continue
            try:
                moved = [printed.floats(each) for each in moves]
                (here, *_), *slopes = printed.floats(point)
            except ValueError:
                if all(_has_value(page, each) for each in moves):  # log 0 may be one step away
                    yield float("inf"), 1.0
                continue
            up, down, half_up, half_down = (found[0][0] for found in moved)
            jump, half_jump = (abs(a + b - 2 * here) for a, b in ((up, down), (half_up, half_down)))
            if (
                half_jump > 0.4 * jump + 8 * rounding
            ):  # a tie, where there is no slope: 1/4 is smooth
                continue
            whole, half = (up - down) / (2 * _STEP), (half_up - half_down) / _STEP
            said = sum(
                float(np.dot(slope, np.ravel(along[names.index(name)]).astype(float)))
                for slope, name in zip(slopes, printed.kernel.by, strict=True)
            )
            yield abs(half - said), abs(whole - half) + 4 * rounding / _STEP


def _has_value(page: Unfolded, point: Sequence[Any]) -> bool:
    try:
        page.expected(point)
    except (ArithmeticError, ValueError):
        return False
    return True


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
