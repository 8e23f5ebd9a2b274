"""Check 3, "finite differences": the kernel's gradient against differences of its own loss.

For steps h = 2⁻¹ … 2⁻⁴⁰ and directions V, mostly coordinates of W, the central difference

    d = (L(W + hV) − L(W − hV)) / 2h.

Where no kink lies between W − hV and W + hV, L is a polynomial of degree at most 2 there, and d has
no truncation error, for the weights are multiples of the smallest step and W ± hV is exact: d
differs from the slope ⟨G, V⟩ by rounding alone. Each of the two losses may be off by the bound of
`rounding`, so that

    |d − ⟨G, V⟩| ≤ (e(W + hV) + e(W − hV)) / 2h + ⟨e(G), |V|⟩ + 4u |d|,

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
        data = [_anywhere(C, D, rng)]
        if any(len(forms(loss, C, label).b) for label in range(C)):
            data.append(_away_from_kinks(loss, C, D, rng))
        for W, X, y in data:
            V = unit_directions(C, D, rng)
            steps = np.repeat(STEPS[:, None], len(V), axis=1)
            made.append(differences(subject, loss, W, X, y, V, steps))
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


def unit_directions(C: int, D: int, rng: np.random.Generator, most: int = COORDINATES) -> Floats:
    """E_ab for `most` entries of a (C, D) matrix, and one of the bias at least: (K, C, D)."""
    chosen = rng.permutation(C * D)[:most]
    return _unit(C, D)[np.union1d(chosen, [rng.integers(C) * D])]


def _unit(C: int, D: int) -> Floats:
    return np.eye(C * D).reshape(-1, C, D)


def differences(
    subject: Subject, loss: Loss, W: Floats, X: Floats, y: np.ndarray, V: Floats, steps: Floats
) -> Differences:
    """Central differences of the kernel's loss at W (C, D), X (n, D), y (n,), along each of V.

    V: (K, C, D); steps: (H, K), of which W ± hV is exact. Raises Misbehaved as the kernel does.
    """
    G = ask(subject, W, X, y).gradient
    scale = float(np.abs(G).max()) or 1.0
    moved = steps[..., None, None] * V
    ends = np.stack([W + moved, W - moved])
    losses = np.array([ask(subject, end, X, y).loss for end in ends.reshape(-1, *W.shape)])
    ahead, behind = losses.reshape(ends.shape[:3])
    d = (ahead - behind) / (2 * steps)
    slope, sizes = (G * V).sum(axis=(1, 2)), (np.abs(G) * np.abs(V)).sum(axis=(1, 2))
    terms = np.count_nonzero(V, axis=(1, 2))
    of_gradient = rounded(loss, W, X, y, np.float64).gradient_error
    bound = loss_error(loss, ends, X, y, np.float64).sum(axis=0) / (2 * steps)
    bound = bound + (of_gradient * np.abs(V)).sum(axis=(1, 2))
    # The sum of several products; and two subtractions, a quotient and the comparison with G.
    bound = bound + gamma(np.where(terms > 1, terms, 0), _UNIT) * sizes + 4 * _UNIT * np.abs(d)
    return Differences(np.abs(d - slope) / scale, bound / scale, crossed(loss, W, X, y, V, steps))


def crossed(
    loss: Loss, W: Floats, X: Floats, y: np.ndarray, V: Floats, steps: Floats
) -> np.ndarray:
    """Whether a kink lies within the step, or so near that rounding may decide: (H, K) of bool."""
    return np.asarray(_nearest_kinks(loss, W, X, y, V) <= steps * (1 + 1e-9))


def clear_steps(loss: Loss, W: Floats, X: Floats, y: np.ndarray, V: Floats) -> Floats:
    """Along each of V the largest step 2⁻¹ … 2⁻⁴⁰ that crosses no kink of any example, or 0: (K,).

    W: (C, D), X: (n, D), y: (n,), V: (K, C, D).
    """
    clear = ~crossed(loss, W, X, y, V, np.repeat(STEPS[:, None], len(V), axis=1))
    return np.asarray((clear * STEPS[:, None]).max(axis=0))


def _nearest_kinks(loss: Loss, W: Floats, X: Floats, y: np.ndarray, V: Floats) -> Floats:
    """How far it is along each of V to the first kink, (K,).

    A kink u = A s + b of one example moves at a constant rate, Σ_a A_a V_a x̃.
    """
    nearest = np.full(len(V), np.inf)
    for label in np.unique(y):
        kinks, examples = forms(loss, len(W), int(label)), X[y == label]
        rate = np.abs(np.swapaxes(V @ examples.T, 1, 2) @ kinks.A.T)
        with np.errstate(divide="ignore", invalid="ignore"):
            reached = np.where(rate > 0, kink_distances(kinks, W, examples) / rate, np.inf)
        nearest = np.minimum(nearest, reached.min(axis=(1, 2), initial=np.inf))
    return nearest


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
    is one, and each coordinate has one whose bound is small enough to tell something. Where all
    keep to it and some do not tell, there is nothing to hold against the kernel, nor for it.
    """
    error, bound, touched = (
        np.hstack([getattr(one, name) for one in made]) for name in ("error", "bound", "crossed")
    )
    within = bool((error <= bound)[~touched].all())
    judged: np.ndarray = np.any(~touched & (bound <= _INFORMATIVE), axis=0)
    steps = int((~touched).any(axis=1).sum())
    telling = bool(judged.all()) and 2 * steps >= len(STEPS)
    curve = _curve(error, bound, touched)
    row, column = _place(error, bound, touched, within)
    return Check(
        name="finite differences",
        passed=within and telling,
        max_error=float(error[row, column]),
        bound=float(bound[row, column]),
        cases=int((~touched).sum()),
        detail=_detail(within, judged, steps, touched),
        data={**curve, "unit": "", "coordinates": touched.shape[1], "step": float(STEPS[row])},
        applies=telling or not within,
    )


def _detail(within: bool, judged: np.ndarray, steps: int, touched: np.ndarray) -> str:
    if not within:
        return "the gradient is not the slope of the kernel's own loss"
    if not judged.all():
        missing = f"{np.count_nonzero(~judged)} of {judged.size} coordinates"
        if touched[:, ~judged].any():
            return f"{missing} cross a kink at every step that can tell"
        return f"along {missing} rounding hides the slope at every step"
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
