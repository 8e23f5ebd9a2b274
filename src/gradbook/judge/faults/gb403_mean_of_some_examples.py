"""The mean is that of some of the examples.

The data are thinned out before anything is computed, or what does not fill a batch is dropped.

Wrong:
    X, y = X[: n - n % 64], y[: n - n % 64]
Right:
    X, y = X, y
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "mean"
OFTEN = 4


def _distinct(q: Question) -> np.ndarray:
    pairs = list(zip(map(tuple, q.X.tolist()), q.y.tolist(), strict=True))
    return np.array([pair not in pairs[:place] for place, pair in enumerate(pairs)])


def _distinct_examples(q: Question) -> np.ndarray:
    X = [tuple(x) for x in q.X.tolist()]
    return np.array([x not in X[:place] for place, x in enumerate(X)])


def _first(count: int, q: Question) -> np.ndarray:
    return np.arange(q.n) < count


def _whole(size: int, q: Question) -> np.ndarray:
    return np.arange(q.n) < (q.n - q.n % size or q.n)


VARIANTS: dict[str, Callable[[Question], Any]] = {
    "repeated examples are left out, and the mean is that of the distinct ones": _distinct,
    "examples with the same features are left out, and the mean is that of the distinct ones": (
        _distinct_examples
    ),
    "only every other example is used, and the mean is that of these": (
        lambda q: np.arange(q.n) % 2 == 0
    ),
    "only examples that are classified wrongly are used, and the mean is that of these": (
        lambda q: q.S.argmax(axis=1) != q.y
    ),
    **{
        f"only as many examples are used as {size} divides, and the mean is that of these": partial(
            _whole, size
        )
        for size in (2, 4, 8, 16, 32)
    },
    **{
        f"only the first {count} examples are used, and the mean is that of these: that is right "
        f"for n ≤ {count} alone": partial(_first, count)
        for count in (2, 3, 4, 5, 8, 10, 16, 32, 50, 64, 100, 128, 500)
    },
}


def counted(scene: Scene, a: Floats, those: Callable[[Question], Any]) -> Floats:
    used = those(scene.question)
    return np.asarray(a * used[:, None] * len(used) / max(1, used.sum()))
