"""A kernel for one size against bounds of its rounding over a whole box of inputs.

The bounds are Gappa's where it is installed, and else those of the γ analysis; the kernel is called
at points of the box, near its corners among them, and compared with exact rational arithmetic.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from time import perf_counter

import numpy as np
from numpy.typing import ArrayLike

from gradbook.check.comparison import Comparison, compare, together
from gradbook.check.gappa import bounds_by_gappa
from gradbook.check.verdict import ROUNDING, Check, Found
from gradbook.judge.judgement import Finding
from gradbook.kernels import Kernel
from gradbook.loss import Loss
from gradbook.questions.formula import Unsuitable, forms
from gradbook.questions.rounding_in_a_box import Box, RoundingBound, rounding_in_a_box

#: So many points of the box are tried, half of them near its corners.
POINTS = 12


def rounding_bound(kernel: Kernel, loss: Loss, box: Box) -> RoundingBound:
    """The bounds for an emitted kernel of one size.

    Raises ValueError for a kernel for any size, and Unsuitable for a loss whose rounding is not
    bounded.
    """
    if kernel.classes is None or kernel.features is None:
        raise ValueError(f"kernel must be for one size, unlike {kernel.name}")
    by_gappa = bounds_by_gappa(kernel, box)
    return by_gappa or rounding_in_a_box(loss, kernel.classes, kernel.features, box)


def rounding(kernel: Kernel, loss: Loss, bound: RoundingBound | None = None) -> Found | None:
    """The check of a kernel that is emitted for one size; None for another, and for a loss whose
    rounding is not bounded.

    bound: what it is held against; `rounding_bound` of the default box unless given.
    """
    if kernel.origin not in ("lambdify", "codegen"):
        return None
    began = perf_counter()
    try:
        bound = bound or rounding_bound(kernel, loss, Box())
        points = list(_off_kinks(loss, kernel, bound))
    except Unsuitable:
        return None
    made: dict[str, list[Comparison]] = {"loss": [], "gradient": []}
    for W, x, label in points:
        value, gradient = kernel(W, x, [label])
        right, slopes = loss.exact(W, x, [label])
        for what, error, units in (
            ("loss", _apart(value, right), bound.loss),
            ("gradient", _apart(gradient, slopes), bound.gradient),
        ):
            made[what].append(compare(error, 0, units * bound.unit, bound.unit))
    closest = {what: together(of) for what, of in made.items()}
    whole = together(closest.values())
    check = Check(
        name=ROUNDING,
        passed=whole.passed,
        max_error=whole.error,
        bound=whole.bound,
        cases=whole.cases,
        detail=str(bound),
        seconds=perf_counter() - began,
        data={"unit": "u"},
        applies=bool(points),
    )
    return check, tuple(
        Finding(
            f"its {what} is off by {each.error:.3g} u where {bound.box}, "
            f"and rounding allows {each.bound:.3g}",
            loss.cites.get(what, ""),
        )
        for what, each in closest.items()
        if not each.passed
    )


def _off_kinks(
    loss: Loss, kernel: Kernel, bound: RoundingBound
) -> Iterator[tuple[np.ndarray, np.ndarray, int]]:
    """W (C, D), X (1, D) and a label at points of the box, with no margin within its error of 0."""
    C, D = kernel.classes or 0, (kernel.features or 0) + 1
    rng = np.random.default_rng(7)
    for point in range(POINTS):
        W, x = rng.uniform(-1, 1, (C, D)), rng.uniform(-1, 1, (1, D))
        if point % 2:
            W, x = (np.copysign(1 - np.abs(each) / 64, each) for each in (W, x))
        W, x, label = W * bound.box.weights, x * bound.box.features, point % C
        margins = forms(loss, C, label).at(W @ x[0])
        # The margins that are computed here are off by that much themselves.
        if (np.abs(margins) > 2 * bound.margin * bound.unit).all():
            yield W, x, label


def _apart(found: ArrayLike, exact: Fraction | np.ndarray) -> np.ndarray:
    """|found − exact|, each difference worked out exactly."""
    pairs = zip(np.ravel(found).tolist(), np.array(exact).flat, strict=True)
    return np.array([float(abs(Fraction(one) - other)) for one, other in pairs])
