"""Check 4, "digits": the kernel on real data.

Four comparisons, at random weights. Every loss and every coordinate of the gradient against exact
rational arithmetic, for a sample of examples; against the formula evaluated in float64, for the
whole set. Central differences along every coordinate, for a few examples, and along random
directions, for the whole set, at the largest step at which no kink of any example is crossed. Every
bound is the one derived in `rounding` and `differences`.

max_error and bound are those of the closest call, relative to the largest entry of the gradient (or
to the loss).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradbook.check.calls import Subject, ask
from gradbook.check.comparison import Comparison, compare, together
from gradbook.check.differences import clear_steps, differences, require_no_truncation
from gradbook.check.images import digits as digits_of
from gradbook.check.verdict import Check
from gradbook.judge.judgement import Finding
from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.rounding import Rounded, rounded, unit_roundoff

SAMPLES = (16, 7)
DIFFERENCED_EXAMPLES = 4
DIRECTIONS = 3
_UNIT = unit_roundoff(np.float64)

#: What each comparison found wrong, with the line it breaks.
_WRONG = {
    "exact": ("on the digits it differs from exact arithmetic", "gradient"),
    "whole set": ("on all of the digits it differs from the formula", "mean"),
    "coordinates": ("on the digits its gradient is not the slope of its own loss", "gradient"),
    "directions": (
        "on all of the digits its gradient is not the slope of its own loss along a direction",
        "mean",
    ),
}


@dataclass(frozen=True, eq=False)
class Sample:
    """Some examples, and their exact loss and gradient, rounded to float64 once."""

    X: Floats
    y: np.ndarray
    loss: float
    gradient: Floats
    allowed: Rounded


@dataclass(frozen=True, eq=False)
class Slopes:
    """Examples, directions V (K, C, D), and along each the largest step without a kink, (K,)."""

    X: Floats
    y: np.ndarray
    V: Floats
    steps: Floats


@dataclass(frozen=True, eq=False)
class Reference:
    """The digits, weights, and what kernels are compared with there; the same for all kernels."""

    W: Floats
    X: Floats
    y: np.ndarray
    samples: tuple[Sample, ...]
    whole: Rounded
    coordinates: Slopes
    directions: Slopes


def digits(subject: Subject, loss: Loss, seed: int) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found.

    Raises Unsuitable without scikit-learn, for more classes or pixels than the digits have, and for
    a loss whose rounding or truncation is not bounded. Raises Misbehaved as the kernel does.
    """
    reference = _reference(loss, subject.classes, subject.features, seed)
    parts = {
        "exact": together(_against_exact(subject, reference)),
        "whole set": together(_against_formula(subject, reference)),
        "coordinates": _along(subject, loss, reference.W, reference.coordinates),
        "directions": _along(subject, loss, reference.W, reference.directions),
    }
    return _check(parts, reference), _findings(loss, parts)


def _check(parts: dict[str, Comparison], reference: Reference) -> Check:
    total = together(parts.values())
    n, D = reference.X.shape
    return Check(
        name="digits",
        passed=all(part.passed for part in parts.values()),
        max_error=total.error,
        bound=total.bound,
        cases=total.cases,
        detail=f"{n} digits of {len(reference.W)} classes, m = {D - 1}: {_covered(parts)}",
        data={name: (part.error, part.bound, part.cases) for name, part in parts.items()},
    )


def _covered(parts: dict[str, Comparison]) -> str:
    failed = ", ".join(name for name, part in parts.items() if part.cases and not part.passed)
    missing = ", ".join(name for name, part in parts.items() if not part.cases)
    if failed:
        return f"out of bounds: {failed}"
    if missing:
        return f"every step crosses a kink: {missing}"
    return (
        f"{sum(SAMPLES)} against exact arithmetic, all against the formula, slopes along "
        f"{parts['coordinates'].cases} coordinates and {parts['directions'].cases} directions"
    )


def _findings(loss: Loss, parts: dict[str, Comparison]) -> tuple[Finding, ...]:
    """The first comparison that fails: those after it build on the same numbers."""
    for name, part in parts.items():
        if part.cases and not part.passed:
            what, line = _WRONG[name]
            sentence = f"{what}: off by {part.error:.2g} where rounding allows {part.bound:.2g}"
            return (Finding(sentence, loss.cites.get(line, "")),)
    return ()


def _against_exact(subject: Subject, reference: Reference) -> Iterator[Comparison]:
    for sample in reference.samples:
        found = ask(subject, reference.W, sample.X, sample.y)
        error = sample.allowed.gradient_error + _UNIT * np.abs(sample.gradient)
        yield compare(found.gradient, sample.gradient, error, _largest(sample.gradient))
        error_of_loss = sample.allowed.loss_error + _UNIT * abs(sample.loss)
        yield compare(found.loss, sample.loss, error_of_loss, abs(sample.loss) or 1.0)


def _against_formula(subject: Subject, reference: Reference) -> Iterator[Comparison]:
    found = ask(subject, reference.W, reference.X, reference.y)
    expected = reference.whole
    error = expected.gradient_error + expected.own_gradient_error
    yield compare(found.gradient, expected.gradient, error, _largest(expected.gradient))
    error_of_loss = expected.loss_error + expected.own_loss_error
    yield compare(found.loss, expected.loss, error_of_loss, abs(expected.loss) or 1.0)


def _along(subject: Subject, loss: Loss, W: Floats, of: Slopes) -> Comparison:
    made = differences(subject, loss, W, of.X, of.y, of.V, of.steps[None])
    return compare(made.error[~made.crossed], 0.0, made.bound[~made.crossed])


@lru_cache(maxsize=4)
def _reference(loss: Loss, classes: int | None, features: int | None, seed: int) -> Reference:
    X, y = digits_of(classes, features)
    C = classes or int(y.max()) + 1
    require_no_truncation(loss, C)
    rng = np.random.default_rng([seed, 4])
    # Multiples of 2⁻³⁰, and directions of 2⁻⁶, so that W ± hV is exact for every h that is used;
    # on a coarser grid some of the 16,173 margins would be exactly 0.
    W = np.round(rng.standard_normal((C, X.shape[1])) / 8 * 2**30) / 2**30
    chosen = [rng.choice(len(X), n, replace=False) for n in (*SAMPLES, DIFFERENCED_EXAMPLES)]
    few = chosen.pop()
    directions = np.round(rng.standard_normal((DIRECTIONS, *W.shape)) * 2**6) / 2**6
    every = np.eye(W.size).reshape(-1, *W.shape)
    return Reference(
        W=W,
        X=X,
        y=y,
        samples=tuple(_sample(loss, W, X[places], y[places]) for places in chosen),
        whole=rounded(loss, W, X, y, np.float64),
        coordinates=_slopes(loss, W, X[few], y[few], every),
        directions=_slopes(loss, W, X, y, directions),
    )


def _slopes(loss: Loss, W: Floats, X: Floats, y: np.ndarray, V: Floats) -> Slopes:
    """Those of V along which a step crosses no kink."""
    steps = clear_steps(loss, W, X, y, V)
    return Slopes(X, y, V[steps > 0], steps[steps > 0])


def _sample(loss: Loss, W: Floats, X: Floats, y: np.ndarray) -> Sample:
    ell, gradient = loss.exact(W, X, y)
    rounded_once = np.array([[float(v) for v in row] for row in gradient])
    return Sample(X, y, float(ell), rounded_once, rounded(loss, W, X, y, np.float64))


def _largest(gradient: Floats) -> float:
    return float(np.abs(gradient).max()) or 1.0
