"""A margin counts from another threshold on than 0.

Wrong:
    if margin > 1e-5:
Right:
    if margin > 0:
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.numbers_in_words import in_words, simplest
from gradbook.judge.faults.indicators import with_row_y
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "a margin counts only from a threshold of {found} on, not above 0"


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, Callable[[Floats], np.ndarray]]]:
    """Where the rows j ≠ y of single examples begin to be x̃ᵀ and no longer 0, if they are these; or
    a loss of two classes to be its margin.
    """
    low, high = -np.inf, np.inf
    for answer in answers:
        scene = answer.scene
        others = scene.own[0] == 0
        u = scene.u[0][others]
        if scene.question.n > 1 or not scene.question.X[0, 0]:
            continue
        if answer.found.ndim == 2:
            found, each = answer.found[:, 0][others], scene.question.X[0, 0]
        elif len(u) == 1 and u > 0:
            found, each = answer.found[None], u
        else:
            continue
        off, on = np.isclose(found / each, 0.0), np.isclose(found / each, 1.0)
        if not (off | on).all():
            return
        low = max(low, float(u[off].max(initial=-np.inf)))
        high = min(high, float(u[on].min(initial=np.inf)))
    if low < high and np.isfinite([low, high]).all() and not low <= 0 <= high:
        between = f"{in_words(simplest(low, high))}, or another between {low:.2g} and {high:.2g},"
        # Between the two lies where batches may tell more: at one end or at the other.
        for counts in (lambda u: u > low, lambda u: u >= high):
            yield between, counts


def losses(scene: Scene, counts: Callable[[Floats], np.ndarray]) -> Floats:
    return (scene.u * counts(scene.u) * (1 - scene.own)).sum(axis=1)


def coefficients(scene: Scene, mu: Floats, counts: Callable[[Floats], np.ndarray]) -> Floats:
    return with_row_y(scene, counts(scene.u))
