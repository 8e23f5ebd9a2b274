"""Edits whose numbers are measured: thresholds, bounds, divisors, factors, what is added."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import ROUNDINGS, Edit
from gradbook.judge.results import (
    clipped,
    clipped_to_length,
    divided_by,
    first_rows,
    multiple,
    plus,
    plus_squares,
    plus_weights,
)
from gradbook.judge.scene import NotPredicted, Scene
from gradbook.judge.scenes import clipped_scores, first_features, floored_scores
from gradbook.judge.search import Answered


def of_gradients(
    answers: Sequence[Answered], slots: Mapping[str, Sequence[Edit]]
) -> dict[str, Sequence[Edit]]:
    """The slots, with the edits in front that the gradients suggest."""
    wrong = [answer for answer in answers if answer.wrong]
    with np.errstate(all="ignore"):
        results = [*_ratios(wrong), *_clips(wrong), *_rows(wrong), *_weights(wrong)]
        indicators = [*_thresholds(answers)]
        features = [*_features(wrong)]
    return {
        **slots,
        "scene": (*slots["scene"], *_COMMON_CLIPS, *_COMMON_SIZES, *features),
        # A threshold of 1 has a simpler reason; that numbers are rounded is a further one.
        "indicator": (*slots["indicator"], *indicators, *ROUNDINGS),
        "result": (*results, *slots["result"]),
    }


def of_losses(
    answers: Sequence[Answered], slots: Mapping[str, Sequence[Edit]]
) -> dict[str, Sequence[Edit]]:
    """The slots, with the edits in front that the losses suggest."""
    wrong = [answer for answer in answers if answer.wrong]
    with np.errstate(all="ignore"):
        results = [*_ratios(wrong), *_constants(wrong), *_caps(wrong)]
    return {
        **slots,
        "scene": (*slots["scene"], *_COMMON_CLIPS, *_COMMON_SIZES),
        "result": (*results, *slots["result"]),
    }


#: How alike measured numbers have to be to suggest one number; it is tested strictly afterwards.
_ALIKE = 1e-6
#: Of larger losses rounding leaves too little of what is added.
_SMALL = 1e3

_COMMON_CLIPS = (
    *(clipped_scores(bound) for bound in (1.0, 5.0, 10.0, 20.0, 50.0, 100.0, 500.0, 1e3, 1e4)),
    *(
        floored_scores(below, of_batch)
        for below in (1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 20.0, 30.0, 50.0, 100.0)
        for of_batch in (True, False)
    ),
)

#: Numbers of features that are usual.
_COMMON_SIZES = tuple(first_features(count) for count in (1, 2, 3, 4, 10, 64, 100, 784, 1024, 3072))


def _right(answer: Answered) -> Floats:
    scene = answer.scene
    if answer.found.ndim == 0:
        return np.asarray(scene.question.right.loss.mean())
    return np.asarray(scene.mu.T @ scene.question.X / scene.question.n)


def _ratio(answer: Answered) -> float:
    """found / right, where it is one number; NaN where it is not."""
    right, found = _right(answer), answer.found
    if right.shape != found.shape or not right.any():
        return np.nan
    ratios = found[right != 0] / right[right != 0]
    apart = np.ptp(ratios) > 1e-9 * np.abs(ratios).max()
    return np.nan if apart or found[right == 0].any() else float(ratios.flat[0])


def _ratios(wrong: Sequence[Answered]) -> Iterator[Edit]:
    """One factor, or one divisor in place of n."""
    ratios = np.array([_ratio(answer) for answer in wrong])
    if not len(ratios) or np.isnan(ratios).any() or not ratios.all():
        return
    n = np.array([answer.scene.question.n for answer in wrong])
    divisors = n / ratios
    if np.ptp(divisors) <= 1e-9 * np.abs(divisors).max() and len(set(n.tolist())) > 1:
        yield divided_by(_plain(divisors[0]))
    elif np.ptp(ratios) <= 1e-9 * np.abs(ratios).max():
        yield multiple(_plain(ratios[0]))


def _clips(wrong: Sequence[Answered]) -> Iterator[Edit]:
    lengths = [float(np.linalg.norm(answer.found)) for answer in wrong if answer.found.ndim]
    if lengths and np.isfinite(lengths).all():
        usual = float(np.median(lengths))
        if usual and sum(abs(a - usual) < _ALIKE * usual for a in lengths) > len(lengths) / 2:
            yield clipped_to_length(_plain(usual))
    largest = [float(np.abs(answer.found).max()) for answer in wrong if answer.found.ndim]
    if largest and np.isfinite(largest).all() and max(largest) > 0:
        common = float(np.median(largest))
        if sum(value == common for value in largest) > len(largest) / 2:
            yield clipped(common)


def _caps(wrong: Sequence[Answered]) -> Iterator[Edit]:
    found = {float(answer.found) for answer in wrong}
    if len(found) == 1:
        bound = found.pop()
        yield Edit(
            f"capped {bound:g}",
            f"it is cut at {bound:.6g}: that is right for small losses alone",
            "loss",
            lambda scene, value: np.minimum(value, bound),
        )


def _rows(wrong: Sequence[Answered]) -> Iterator[Edit]:
    """How many rows are written, if the same number always is."""
    counts = set()
    for answer in wrong:
        if answer.found.ndim != 2 or answer.found.shape[0] != answer.scene.question.C:
            return
        counts.add(int(np.flatnonzero(answer.found.any(axis=1)).max(initial=-1)) + 1)
    if counts:
        yield first_rows(max(counts))


def _features(wrong: Sequence[Answered]) -> Iterator[Edit]:
    """How many columns are written, where the others of some wide answer stay 0."""
    counts = set()
    for answer in wrong:
        if answer.found.ndim != 2 or answer.found.shape != answer.scene.question.W.shape:
            return
        right = np.asarray(_right(answer).any(axis=0))
        counts.add(int(np.flatnonzero(answer.found.any(axis=0)).max(initial=-1)) + 1)
        if not right[max(counts) :].any():
            return
    if counts:
        yield first_features(max(counts))


def _weights(wrong: Sequence[Answered]) -> Iterator[Edit]:
    factors = set()
    for answer in wrong[:20]:
        W, apart = answer.scene.question.W, answer.found - _right(answer)
        if not W.any() or apart.shape != W.shape:
            return
        factors.add(round(float((apart * W).sum() / (W * W).sum()), 12))
    if len(factors) == 1:
        yield plus_weights(factors.pop())


def _constants(wrong: Sequence[Answered]) -> Iterator[Edit]:
    wrong = [answer for answer in wrong if abs(answer.found) < _SMALL]
    apart = np.array([float(answer.found - _right(answer)) for answer in wrong])
    if not len(apart) or not np.isfinite(apart).all():
        return
    if np.ptp(apart) <= _ALIKE * np.abs(apart).max():
        yield plus(_plain(float(np.median(apart))))
    squares = np.array([(answer.scene.question.W**2).sum() for answer in wrong])
    if squares.all() and np.ptp(apart / squares) <= _ALIKE * np.abs(apart / squares).max():
        yield plus_squares(_plain(float(np.median(apart / squares))))


def _thresholds(answers: Sequence[Answered]) -> Iterator[Edit]:
    """The indicator's place, read off single examples: above `low` and not above `high`.

    Only where each row j ≠ y is 0 or x̃ᵀ, as an indicator makes it.
    """
    low, high = -np.inf, np.inf
    try:
        for answer in answers:
            scene = answer.scene
            if scene.question.n > 1 or not scene.question.X[0, 0] or answer.found.ndim != 2:
                continue
            a = (answer.found[:, 0] / scene.question.X[0, 0])[scene.own[0] == 0]
            u = scene.u[0][scene.own[0] == 0]
            off, on = np.isclose(a, 0.0), np.isclose(a, 1.0)
            if not (off | on).all():
                return
            low = max(low, u[off].max(initial=-np.inf))
            high = min(high, u[on].min(initial=np.inf))
    except NotPredicted:
        return
    if low < high and np.isfinite(low) and np.isfinite(high) and not low <= 0 <= high:
        # Between the two lies where batches may tell more: at one end or at the other.
        for counts in (lambda u: u > low, lambda u: u >= high):
            yield _threshold(float(low), float(high), counts)


def _threshold(low: float, high: float, counts: Callable[[Floats], np.ndarray]) -> Edit:
    def apply(scene: Scene) -> Floats:
        return np.asarray(counts(scene.u), dtype=float) * (1 - scene.own)

    return Edit(
        f"threshold {low:g}",
        f"a margin counts only from a threshold between {low:.2g} and {high:.2g} on, not above 0"
        + (": tiny margins are left out" if low >= 0 and high < 0.01 else ""),
        "gradient",
        apply,
    )


def _plain(value: float) -> float:
    """A short number where it is one to rounding."""
    short = float(f"{value:.9g}")
    return short if abs(value - short) <= _ALIKE * abs(value) else float(value)
