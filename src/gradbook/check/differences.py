"""Check 3, "finite differences": the kernel's gradient against differences of its own loss.

For steps h = 2⁻¹ … 2⁻⁴⁰ and coordinates (a, b) of W, the central difference

    d = (L(W + hE) − L(W − hE)) / (h⁺ + h⁻),   E = E_ab,   h± the steps that floating point makes.

Where no kink lies between W − hE and W + hE, L is a polynomial of degree at most 2 there, and d has
no truncation error, for the weights are multiples of the smallest step and h⁺ = h⁻ = h exactly: d
differs from the gradient by rounding alone. Each of the two losses may be off by the bound of
`rounding`, so that

    |d − G_ab| ≤ (e(W + hE) + e(W − hE)) / 2h + e(G_ab) + 4u |d|,

e being those bounds, and 4u the rounding of the quotient itself. Where a kink u(s) = 0 does lie
between, differences say nothing about the gradient; such coordinates are counted, and left out.

max_error and bound are relative to max|G|, at the step with the smallest largest error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.check.calls import Subject, ask
from gradbook.check.verdict import Check
from gradbook.judge.judgement import Finding
from gradbook.loss import Loss
from gradbook.questions.formula import Floats, Forms, Unsuitable, degree, forms
from gradbook.questions.regions import scores_at, weights_for
from gradbook.questions.rounding import gamma, loss_error, rounded, unit_roundoff

STEPS = 2.0 ** -np.arange(1.0, 41.0)
#: Of larger gradients, so many coordinates are drawn.
COORDINATES = 16
EXAMPLES = 4
#: (C, D) for kernels of any size.
SIZES = ((3, 3), (5, 4))

#: A bound above this, relative to max|G|, says too little to count as a comparison passed.
_INFORMATIVE = 1e-6
_UNIT = unit_roundoff(np.float64)


@dataclass(frozen=True)
class Differences:
    """Central differences at one W. All arrays: (H, K), for H steps and K coordinates.

    error, bound: |d − G| and its bound, relative to max|G|. crossed: a kink lies within the step.
    """

    error: Floats
    bound: Floats
    crossed: np.ndarray


def finite_differences(
    subject: Subject, loss: Loss, seed: int
) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found.

    Raises Unsuitable unless the loss is a polynomial of degree ≤ 2 in each region, with affine
    kinks. Raises Misbehaved as the kernel does.
    """
    rng = np.random.default_rng([seed, 3])
    made = []
    for C, D in sorted({(subject.classes or C, subject.width or D) for C, D in SIZES}):
        require_no_truncation(loss, C)
        for W, X, y in (_anywhere(C, D, rng), _away_from_kinks(loss, C, D, rng)):
            coordinates = draw_coordinates(C, D, rng)
            steps = np.repeat(STEPS[:, None], len(coordinates), axis=1)
            made.append(differences(subject, loss, W, X, y, coordinates, steps))
    check = judged(made)
    return check, _findings(loss, check)


def require_no_truncation(loss: Loss, classes: int) -> None:
    """Raises Unsuitable for a loss whose central differences have a truncation error."""
    highest = max(degree(loss, classes, label) for label in range(classes))
    if highest > 2:
        raise Unsuitable(
            "the loss must be of degree 2 at most in each region for its central differences to be "
            f"free of truncation; it is of degree {highest}"
        )


def draw_coordinates(
    C: int, D: int, rng: np.random.Generator, most: int = COORDINATES
) -> np.ndarray:
    """Places (a, b) in a (C, D) matrix, `most` of them and one of the bias at least: (K, 2)."""
    places = np.argwhere(np.ones((C, D), dtype=bool))
    chosen = np.sort(rng.permutation(len(places))[:most])
    return places[np.union1d(chosen, [rng.integers(C) * D])]


def differences(
    subject: Subject,
    loss: Loss,
    W: Floats,
    X: Floats,
    y: np.ndarray,
    coordinates: np.ndarray,
    steps: Floats,
) -> Differences:
    """Central differences of the kernel's loss at W (C, D), X (n, D), y (n,).

    coordinates: (K, 2); steps: (H, K). Raises Misbehaved as the kernel does.
    """
    G = ask(subject, W, X, y).gradient
    scale = float(np.abs(G).max()) or 1.0
    at = W[coordinates[:, 0], coordinates[:, 1]]
    ends = np.stack([at + steps, at - steps])
    made = ends[0] - ends[1]
    W_ends = np.broadcast_to(W, (*ends.shape, *W.shape)).copy()
    H, K = np.indices(steps.shape)
    W_ends[:, H, K, coordinates[:, 0], coordinates[:, 1]] = ends
    losses = np.array([ask(subject, V, X, y).loss for V in W_ends.reshape(-1, *W.shape)]).reshape(
        ends.shape
    )
    d = (losses[0] - losses[1]) / made
    g = G[coordinates[:, 0], coordinates[:, 1]]
    of_gradient = rounded(loss, W, X, y, np.float64).gradient_error[tuple(coordinates.T)]
    bound = loss_error(loss, W_ends, X, y, np.float64).sum(axis=0) / made + of_gradient
    # Two subtractions, a quotient, and the comparison with G: four roundings.
    bound += 4 * _UNIT * np.abs(d)
    return Differences(
        np.abs(d - g) / scale, bound / scale, crossed(loss, W, X, y, coordinates, steps)
    )


def crossed(
    loss: Loss, W: Floats, X: Floats, y: np.ndarray, coordinates: np.ndarray, steps: Floats
) -> np.ndarray:
    """Whether a kink lies within the step, or so near that rounding may decide: (H, K) of bool.

    A kink u = A s + b of one example moves at a constant rate, A_a x̃_b for each unit of W_ab.
    """
    touched = np.zeros(steps.shape, dtype=bool)
    for label in np.unique(y):
        kinks, examples = forms(loss, len(W), int(label)), X[y == label]
        clear = kink_distances(kinks, W, examples)
        A, x = kinks.A[:, coordinates[:, 0]], examples[:, coordinates[:, 1]]
        rate = np.abs(A[None] * x[:, None])
        with np.errstate(divide="ignore"):
            nearest = np.where(rate > 0, clear[..., None] / rate, np.inf)
            nearest = nearest.min(axis=(0, 1), initial=np.inf)
        touched |= nearest <= steps * (1 + 1e-9)
    return touched


def kink_distances(kinks: Forms, W: Floats, X: Floats) -> Floats:
    """|u| of every kink at W (C, D) and X (n, D), less what rounding may take from it: (n, K).

    A kernel sums u in one go at most: D products for each score in it, and the constant. What is
    computed here is off by as much again.
    """
    operations = np.count_nonzero(kinks.A, axis=1) * X.shape[1] + 1
    sizes = np.abs(X) @ np.abs(W).T @ np.abs(kinks.A).T + np.abs(kinks.b)
    return np.asarray(np.abs(kinks.at(X @ W.T)) - 2 * gamma(operations, _UNIT) * sizes)


def judged(made: Sequence[Differences]) -> Check:
    """The check that several sweeps come to.

    It passes if every uncrossed difference keeps to its bound, at half of the steps at least there
    is one, and each coordinate has one whose bound is small enough to tell something.
    """
    error, bound, touched = (
        np.hstack([getattr(one, name) for one in made]) for name in ("error", "bound", "crossed")
    )
    within = bool((error <= bound)[~touched].all())
    judged: np.ndarray = np.any(~touched & (bound <= _INFORMATIVE), axis=0)
    steps = int((~touched).any(axis=1).sum())
    curve = _curve(error, bound, touched)
    row, column = _place(error, bound, touched, within)
    return Check(
        name="finite differences",
        passed=within and bool(judged.all()) and 2 * steps >= len(STEPS),
        max_error=float(error[row, column]),
        bound=float(bound[row, column]),
        cases=int((~touched).sum()),
        detail=_detail(within, judged, steps, touched),
        data={**curve, "unit": "", "coordinates": touched.shape[1], "step": float(STEPS[row])},
    )


def _detail(within: bool, judged: np.ndarray, steps: int, touched: np.ndarray) -> str:
    if not within:
        return "the gradient is not the slope of the kernel's own loss"
    if not judged.all():
        missing = np.count_nonzero(~judged)
        return f"{missing} of {judged.size} coordinates cross a kink at every step that can tell"
    return (
        f"{judged.size} coordinates at {steps} steps, h = 2^−1 … 2^−{len(STEPS)}; "
        f"{touched.sum():,} of {touched.size:,} cross a kink and are left out"
    )


def _curve(error: Floats, bound: Floats, touched: np.ndarray) -> dict[str, np.ndarray]:
    """What a plot shows: for every h the largest error and bound, NaN where there is none."""

    def largest(values: Floats, where: np.ndarray) -> np.ndarray:
        found = np.where(where, values, -np.inf).max(axis=1)
        return np.where(np.isinf(found), np.nan, found)

    return {
        "h": STEPS,
        "error": largest(error, ~touched),
        "bound": largest(bound, ~touched),
        "crossed": touched.sum(axis=1),
        "error of the crossed": largest(error, touched),
    }


def _place(error: Floats, bound: Floats, touched: np.ndarray, within: bool) -> tuple[int, int]:
    """The smallest over h of the largest error; if a bound is broken, the place that breaks it."""
    seen = np.where(touched, -np.inf, error)
    if not within:
        ratio = np.where(touched, -np.inf, error / np.maximum(bound, np.finfo(float).tiny))
        place = int(np.argmax(ratio))
        return place // ratio.shape[1], place % ratio.shape[1]
    largest = seen.max(axis=1)
    row = int(np.argmin(np.where(np.isinf(largest), np.inf, largest)))
    return row, int(np.argmax(seen[row]))


def _findings(loss: Loss, check: Check) -> tuple[Finding, ...]:
    if check.max_error <= check.bound:
        return ()
    sentence = (
        "its gradient is not the slope of its own loss: a central difference with "
        f"h = {check.data['step']:.2g} is off by {check.max_error:.2g} of the largest entry, "
        f"where rounding allows {check.bound:.2g}"
    )
    return (Finding(sentence, loss.cites.get("gradient", "")),)


def _anywhere(C: int, D: int, rng: np.random.Generator) -> tuple[Floats, Floats, np.ndarray]:
    """Random data, whose kinks lie anywhere."""
    X = rng.standard_normal((EXAMPLES, D))
    X[:, 0] = 1
    return _on_grid(rng.standard_normal((C, D))), X, rng.integers(0, C, EXAMPLES)


def _away_from_kinks(
    loss: Loss, C: int, D: int, rng: np.random.Generator
) -> tuple[Floats, Floats, np.ndarray]:
    """Data that hardly any step of the sweep takes across a kink: every |u| is about 16 or more."""
    n = min(EXAMPLES, D)
    y = rng.integers(0, C, n)
    S = [_distant_scores(loss, C, int(label), i == 0, rng) for i, label in enumerate(y)]
    W, X = weights_for(np.array(S), D, rng)
    X[:, 1:] += rng.uniform(-0.02, 0.02, (n, D - 1))
    return _on_grid(W + rng.uniform(-0.02, 0.02, (C, D))), X, y


def _distant_scores(
    loss: Loss, C: int, label: int, positive: bool, rng: np.random.Generator
) -> Floats:
    """Scores with kinks at ±16 … ±32, all of them positive if asked for: (C,)."""
    kinks = len(forms(loss, C, label).b)
    values = rng.uniform(16, 32, kinks) * (1.0 if positive else rng.choice((-1.0, 1.0), kinks))
    scores = scores_at(loss, C, label, np.array([np.round(values)]), rng)
    return 16 * rng.standard_normal(C) if scores is None else scores[0]


def _on_grid(W: Floats) -> Floats:
    """W rounded to multiples of the smallest step, so that W ± h is exact for every step."""
    return np.round(W / STEPS[-1]) * STEPS[-1]
