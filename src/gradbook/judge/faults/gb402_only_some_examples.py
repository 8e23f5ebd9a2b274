"""Only some of the examples count, and the sum is divided by n as before.

A loop ends too early, does not begin at 0, or leaves out what does not fill a batch.

Wrong:
    for i in range(n - 1):
Right:
    for i in range(n):
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
OFTEN = 12


def _i(q: Question) -> np.ndarray:
    return np.arange(q.n)


def _up_to(count: int, q: Question) -> np.ndarray:
    return _i(q) < count


def _whole_batches(size: int, q: Question) -> np.ndarray:
    return _i(q) < q.n - q.n % size


def _repeats(values: list[Any]) -> np.ndarray:
    """Whether each stands there before as well."""
    return np.array([value in values[:place] for place, value in enumerate(values)])


def _examples(q: Question) -> list[Any]:
    return [tuple(x) for x in q.X.tolist()]


def _pairs(q: Question) -> list[Any]:
    return list(zip(_examples(q), q.y.tolist(), strict=True))


def _highest(q: Question) -> np.ndarray:
    """Whether s_y is the largest score, shared or not."""
    return np.asarray(q.S[_i(q), q.y] == q.S.max(axis=1))


_SKIPPED = "examples that are classified correctly, whose s_y is the largest score, are skipped{}"
VARIANTS: dict[str, Callable[[Question], Any]] = {
    "only the last example counts": lambda q: _i(q) == q.n - 1,
    "only the first example counts": lambda q: _i(q) == 0,
    "the last example does not count": lambda q: _i(q) < q.n - 1,
    "the first example does not count": lambda q: _i(q) > 0,
    "only every other example counts": lambda q: _i(q) % 2 == 0,
    "of examples with a repeated label only the last one counts": (
        lambda q: ~_repeats(q.y.tolist()[::-1])[::-1]
    ),
    "of examples with a repeated label only the first one counts": (
        lambda q: ~_repeats(q.y.tolist())
    ),
    "of repeated examples only one counts": lambda q: ~_repeats(_examples(q)),
    "of repeated examples with the same label only one counts": lambda q: ~_repeats(_pairs(q)),
    _SKIPPED.format(""): lambda q: q.S.argmax(axis=1) != q.y,
    _SKIPPED.format(", ties too"): lambda q: ~_highest(q),
    "examples that are classified wrongly are skipped": lambda q: q.S.argmax(axis=1) == q.y,
    "of repeated examples with the same label only the last one counts": (
        lambda q: ~_repeats(_pairs(q)[::-1])[::-1]
    ),
    "the loop over the examples ends at the first one that is classified correctly": (
        lambda q: ~np.logical_or.accumulate(q.S.argmax(axis=1) == q.y)
    ),
    "the loop over the examples ends at the first one that is classified wrongly": (
        lambda q: ~np.logical_or.accumulate(q.S.argmax(axis=1) != q.y)
    ),
    "the loop over the examples ends at the first one without an active margin": (
        lambda q: ~np.logical_or.accumulate((q.right.kinks > 0).sum(axis=1) == 0)
    ),
    "only the first D examples are summed: that is right for n ≤ D alone": (lambda q: _i(q) < q.D),
    "only the first C examples are summed: that is right for n ≤ C alone": (lambda q: _i(q) < q.C),
    **{
        f"the examples are taken in batches of {size}, and those left over are dropped: that is "
        f"right where {size} divides n alone": partial(_whole_batches, size)
        for size in (2, 3, 4, 5, 8, 10, 16, 32, 64, 100)
    },
    **{
        f"only the first {count} examples count": partial(_up_to, count)
        for count in (2, 3, 4, 5, 8, 10, 16, 32, 50, 64, 100, 128, 500)
    },
}


def counted(scene: Scene, a: Floats, those: Callable[[Question], Any]) -> Floats:
    return np.asarray(a * those(scene.question)[:, None])
