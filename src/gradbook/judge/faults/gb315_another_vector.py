"""Another vector than x̃ is multiplied by the coefficients.

Wrong:
    dW[:, y[i]] -= np.abs(X[i])
Right:
    dW[:, y[i]] -= X[i]
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.judge.faults.rows import ROWS, in_rows
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("multiplied",)
OFTEN = 8

_Vector = Callable[[Scene], Floats]


def _of(change: Callable[[Floats], Floats]) -> _Vector:
    return lambda scene: change(scene.question.X)


def _without(column: int) -> _Vector:
    def change(X: Floats) -> Floats:
        X = X.copy()
        X[:, column] = 0
        return X

    return _of(change)


def _length(X: Floats) -> Floats:
    return np.asarray(np.linalg.norm(X, axis=1, keepdims=True))


def _shortened(least: float, X: Floats) -> Floats:
    return np.asarray(X / (_length(X) + least))


def _and_weights(factor: float, scene: Scene) -> Floats:
    return scene.question.X[:, None, :] + factor * scene.question.W


def _repeated(column: Floats, X: Floats) -> Floats:
    return np.broadcast_to(column[:, None], X.shape)


_VECTORS: dict[str, _Vector] = {
    "|x̃| stands where x̃ belongs": _of(np.abs),
    "x̃ is missing: the rows are multiples of 𝟙": _of(np.ones_like),
    "max(0, x̃) stands where x̃ belongs: negative features count as 0": _of(
        lambda X: np.maximum(X, 0)
    ),
    "x̃² stands where x̃ belongs": _of(np.square),
    "the first feature's column stays 0": _without(0),
    "the last feature's column stays 0": _without(-1),
    "x̃ is cut to whole numbers": _of(np.trunc),
    "the features are in reversed order": _of(lambda X: X[:, ::-1]),
    "W_y stands where x̃ belongs": lambda scene: scene.own @ scene.question.W,
    "W_j, the row's own weights, stands where x̃ belongs": lambda scene: np.broadcast_to(
        scene.question.W, (scene.question.n, *scene.question.W.shape)
    ),
    "sign(x̃) stands where x̃ belongs": _of(np.sign),
    "the indicator 1{x̃ > 0} of the features stands where x̃ belongs": _of(
        lambda X: (X > 0).astype(float)
    ),
    "x̃ / ‖x̃‖, the example divided by its length, stands where x̃ belongs": _of(
        lambda X: X / np.where(_length(X) > 0, _length(X), 1.0)
    ),
    **{
        f"x̃ / (‖x̃‖ + {least:g}), the example divided by its length, stands where x̃ belongs": _of(
            partial(_shortened, least)
        )
        for least in (1.0, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12)
    },
    **{
        f"x̃ + {factor:g}·W_j stands where x̃ belongs": partial(_and_weights, factor)
        for factor in (1.0, 0.5, 0.1, 0.01, 0.001)
    },
    "x̃ less the mean of its features stands where x̃ belongs": _of(
        lambda X: X - X.mean(axis=1, keepdims=True)
    ),
    "the mean of the features stands where x̃ belongs": _of(lambda X: _repeated(X.mean(axis=1), X)),
    "the sum of the features stands where x̃ belongs": _of(lambda X: _repeated(X.sum(axis=1), X)),
    "the first feature stands in every column": _of(lambda X: _repeated(X[:, 0], X)),
    "x̃ clipped to ±1 stands where x̃ belongs": _of(lambda X: np.clip(X, -1, 1)),
    "x̃ + 1 stands where x̃ belongs": _of(lambda X: X + 1),
    "the features are shifted by one: feature d stands in column d + 1": _of(
        lambda X: np.roll(X, 1, axis=1)
    ),
    "the features are shifted by one: feature d stands in column d − 1": _of(
        lambda X: np.roll(X, -1, axis=1)
    ),
    "the first feature is taken to be 1": _of(
        lambda X: np.hstack([np.ones_like(X[:, :1]), X[:, 1:]])
    ),
    "the last feature is taken to be 1": _of(
        lambda X: np.hstack([X[:, :-1], np.ones_like(X[:, :1])])
    ),
}


VARIANTS: dict[str, _Vector] = {
    head + words: partial(in_rows, of, own)
    for head, own in ROWS.items()
    for words, of in _VECTORS.items()
}
