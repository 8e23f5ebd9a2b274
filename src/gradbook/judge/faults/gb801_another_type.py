"""For data of another type the answer is wrong.

Whole numbers have no fractions, and bytes none beyond 255: what is stored in an array of the type
of X or y, or computed in it, is another number.

Wrong:
    dW[y[i]] += k * -X[i]
Right:
    dW[y[i]] -= k * X[i]
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "the answer is wrong for data of another type"

#: The loss, and n times the gradient (C, D), of a scene whose X or y has a type of whole numbers.
Given = Callable[[Scene, Any], tuple[float, Floats]]


def stored(values: Floats, dtype: Any) -> Floats:
    """What an array of the type holds of the numbers: cut, and wrapped around."""
    least, most = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
    cut = np.trunc(values)
    wrapped = np.mod(cut - least, most - least + 1) + least
    return np.where((cut >= least) & (cut <= most), cut, wrapped)


def _loss(scene: Scene) -> float:
    return float(scene.question.right.loss.mean())


def _sums(scene: Scene, mu: Floats) -> Floats:
    return np.asarray(mu.T @ scene.question.X)


def _of_gradient(change: Callable[[Scene, Any], Floats]) -> Given:
    return lambda scene, dtype: (_loss(scene), change(scene, dtype))


def _negated(scene: Scene, dtype: Any) -> Floats:
    own = scene.mu * scene.own
    return _sums(scene, scene.mu - own) - own.T @ stored(-scene.question.X, dtype)


def _negative_multiples(scene: Scene, dtype: Any) -> Floats:
    own = scene.mu * scene.own
    each = stored(own.sum(axis=1, keepdims=True) * scene.question.X, dtype)
    return np.asarray(_sums(scene, scene.mu - own) + scene.own.T @ each)


def _scores(scene: Scene, dtype: Any) -> tuple[float, Floats]:
    seen = scene.with_scores(stored(scene.question.S, dtype))
    return _loss(seen), _sums(seen, seen.mu)


def _flat(scene: Scene, dtype: Any) -> Floats:
    question = scene.question
    first = stored(question.y * float(question.D), dtype).astype(int)
    own = scene.mu * scene.own
    flat = np.zeros(question.W.size)
    places = (first[:, None] + np.arange(question.D)) % len(flat)
    np.add.at(flat, places, own.sum(axis=1)[:, None] * question.X)
    return _sums(scene, scene.mu - own) + flat.reshape(question.W.shape)


#: By what has the type: the causes, in words.
CAUSES: dict[str, dict[str, Given]] = {
    "X": {
        "−X[i] wraps around: the negative of a byte is taken modulo 256": _of_gradient(_negated),
        "a negative multiple of X[i] wraps around: it is taken modulo 256": _of_gradient(
            _negative_multiples
        ),
        "the scores are cut to whole numbers, as they are stored in the type of X": _scores,
        "the gradient is cut to whole numbers, as it is stored in the type of X": _of_gradient(
            lambda scene, dtype: (
                scene.question.n * stored(_sums(scene, scene.mu) / scene.question.n, dtype)
            )
        ),
        "the sums of the gradient are computed in the type of X, and wrap around beyond it": (
            _of_gradient(lambda scene, dtype: stored(_sums(scene, scene.mu), dtype))
        ),
        "the coefficients are stored in the type of X, and negative ones wrap around": (
            _of_gradient(lambda scene, dtype: _sums(scene, stored(scene.mu, dtype)))
        ),
    },
    "y": {"y·D is computed in the type of y, and wraps around beyond it": _of_gradient(_flat)},
}
