"""Other examples are taken than those that are given, in the scores and in the gradient.

They are scaled or shifted, turned into another type, or read from the wrong places of X.

Wrong:
    X = X - X.mean(axis=0)
Right:
    X = X
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OFTEN = 9


def _lengths(X: Floats) -> Floats:
    return np.asarray(np.linalg.norm(X, axis=1, keepdims=True))


_MIXED = "X is reshaped where it should be transposed: features of different examples are mixed{}"
VARIANTS: dict[str, Callable[[Floats], Floats]] = {
    "the examples are centred first: their mean is subtracted": lambda X: X - X.mean(axis=0),
    "the examples are standardised first": lambda X: (X - X.mean(axis=0)) / X.std(axis=0),
    "each example is divided by its length first": lambda X: X / _lengths(X),
    "the examples are divided by their largest entry first": lambda X: X / np.abs(X).max(),
    "the examples are divided by 255 first": lambda X: X / 255,
    "the examples are turned into bytes, uint8, first: negative numbers wrap": (
        lambda X: np.mod(np.trunc(X), 256).astype(float)
    ),
    "the examples are cut to whole numbers first": np.trunc,
    "the first feature is taken to be 1, whatever it is": (
        lambda X: np.hstack([np.ones((len(X), 1)), X[:, 1:]])
    ),
    "the last feature is taken to be 1, whatever it is": (
        lambda X: np.hstack([X[:, :-1], np.ones((len(X), 1))])
    ),
    "examples that are longer than 1 are divided by their length first": (
        lambda X: X / np.maximum(1, _lengths(X))
    ),
    "X is taken for its transpose": (
        lambda X: X.T if len(X) == len(X.T) else np.full_like(X, np.nan)
    ),
    _MIXED.format(""): lambda X: X.T.reshape(X.shape),
    _MIXED.format(", the other way round"): lambda X: X.reshape(X.shape[::-1]).T,
}


def seen(scene: Scene, examples: Callable[[Floats], Floats]) -> Scene:
    with np.errstate(all="ignore"):
        return scene.with_examples(examples(scene.question.X))
