"""Check 4, "digits": the kernel on real data.

Four comparisons, at random weights. Every loss and every coordinate of the gradient against exact
rational arithmetic, for a sample of examples; against the formula evaluated in float64, for the
whole set. Central differences along every coordinate, for a few examples, and along random
directions V, for the whole set: (L(W + hV) − L(W − hV)) / 2h against ⟨G, V⟩, at the largest h at
which no kink of any example is crossed. Every bound is the one derived in `rounding` and
`differences`.

max_error and bound are those of the closest call, relative to the largest entry of the gradient (or
to the loss, or to the slope along V).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradbook.check.calls import Subject, ask
from gradbook.check.comparison import Comparison, compare, together
from gradbook.check.differences import STEPS, differences, kink_distances, require_no_truncation
from gradbook.check.images import digits as digits_of
from gradbook.check.verdict import Check
from gradbook.judge.judgement import Finding
from gradbook.loss import Loss
from gradbook.questions.formula import Floats, forms
from gradbook.questions.rounding import Rounded, gamma, loss_error, rounded, unit_roundoff

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
class Direction:
    """V (C, D), a step h that crosses no kink (0: there is none), and the error of two losses."""

    V: Floats
    h: float
    error: float


@dataclass(frozen=True, eq=False)
class Reference:
    """The digits, weights, and what kernels are compared with there; the same for all kernels.

    few: the examples whose gradient is differenced, along all coordinates, with one step for each.
    """

    W: Floats
    X: Floats
    y: np.ndarray
    samples: tuple[Sample, ...]
    whole: Rounded
    few: np.ndarray
    steps: Floats
    directions: tuple[Direction, ...]


def digits(subject: Subject, loss: Loss, seed: int) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found.

    Raises Unsuitable without scikit-learn, for more classes or pixels than the digits have, and for
    a loss whose rounding or truncation is not bounded. Raises Misbehaved as the kernel does.
    """
    reference = _reference(loss, subject.classes, subject.features, seed)
    parts = {
        "exact": together(_against_exact(subject, reference)),
        "whole set": together(_against_formula(subject, reference)),
        "coordinates": _along_coordinates(subject, loss, reference),
        "directions": together(_along_directions(subject, reference)),
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


def _along_coordinates(subject: Subject, loss: Loss, reference: Reference) -> Comparison:
    """Every coordinate, each at its own largest step that crosses no kink."""
    coordinates = np.argwhere(reference.steps > 0)
    steps = reference.steps[reference.steps > 0][None]
    X, y = reference.X[reference.few], reference.y[reference.few]
    made = differences(subject, loss, reference.W, X, y, coordinates, steps)
    return compare(made.error[~made.crossed], 0.0, made.bound[~made.crossed])


def _along_directions(subject: Subject, reference: Reference) -> Iterator[Comparison]:
    W, X, y = reference.W, reference.X, reference.y
    G = ask(subject, W, X, y).gradient
    for direction in reference.directions:
        V, h = direction.V, direction.h
        if h == 0:
            continue
        ahead, behind = (ask(subject, end, X, y).loss for end in (W + h * V, W - h * V))
        slope, expected = (ahead - behind) / (2 * h), float((G * V).sum())
        bound = direction.error / (2 * h) + 4 * _UNIT * abs(slope)
        bound += float((reference.whole.gradient_error * np.abs(V)).sum())
        bound += float(gamma(V.size, _UNIT) * (np.abs(G) * np.abs(V)).sum())
        yield compare(slope, expected, bound, abs(expected) or 1.0)


def clear_step(loss: Loss, W: Floats, V: Floats, X: Floats, y: np.ndarray) -> float:
    """The largest step 2⁻¹ … 2⁻⁴⁰ for which W ± hV crosses no kink of any example; 0 if none is.

    W, V: (C, D), X: (n, D), y: (n,).
    """
    nearest = np.inf
    for label in np.unique(y):
        kinks, examples = forms(loss, len(W), int(label)), X[y == label]
        rate = np.abs(examples @ V.T @ kinks.A.T)
        moved = rate > 0
        if moved.any():
            ratios = kink_distances(kinks, W, examples)[moved] / rate[moved]
            nearest = min(nearest, float(ratios.min()))
    return float(STEPS[nearest > STEPS * (1 + 1e-9)].max(initial=0.0))


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
    directions = [np.round(rng.standard_normal(W.shape) * 2**6) / 2**6 for _ in range(DIRECTIONS)]
    return Reference(
        W=W,
        X=X,
        y=y,
        samples=tuple(_sample(loss, W, X[places], y[places]) for places in chosen),
        whole=rounded(loss, W, X, y, np.float64),
        few=few,
        steps=_coordinate_steps(loss, W, X[few], y[few]),
        directions=tuple(_direction(loss, W, V, X, y) for V in directions),
    )


def _sample(loss: Loss, W: Floats, X: Floats, y: np.ndarray) -> Sample:
    ell, gradient = loss.exact(W, X, y)
    rounded_once = np.array([[float(v) for v in row] for row in gradient])
    return Sample(X, y, float(ell), rounded_once, rounded(loss, W, X, y, np.float64))


def _coordinate_steps(loss: Loss, W: Floats, X: Floats, y: np.ndarray) -> Floats:
    """For each coordinate of W, the largest step along it that crosses no kink: (C, D)."""
    steps = np.zeros(W.shape)
    for place in np.ndindex(W.shape):
        E = np.zeros(W.shape)
        E[place] = 1
        steps[place] = clear_step(loss, W, E, X, y)
    return steps


def _direction(loss: Loss, W: Floats, V: Floats, X: Floats, y: np.ndarray) -> Direction:
    h = clear_step(loss, W, V, X, y)
    ends = np.stack([W + h * V, W - h * V])
    return Direction(V, h, float(loss_error(loss, ends, X, y, np.float64).sum()))


def _largest(gradient: Floats) -> float:
    return float(np.abs(gradient).max()) or 1.0
