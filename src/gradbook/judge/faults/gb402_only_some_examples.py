"""Only some of the examples count; the sum is divided by n as before, or by their number.

A loop ends too early, does not begin at 0, or leaves out what does not fill a batch; or the data
are thinned out before anything is computed.

Wrong:
    for i in range(n - 1):
Right:
    for i in range(n):
"""

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

from gradbook.questions.batch_sizes import USUAL
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
BREAKS = "mean"
OFTEN = 16


def _i(q: Question) -> np.ndarray:
    return np.arange(q.n)


def _up_to(count: int, q: Question) -> np.ndarray:
    return _i(q) < count


def _whole_batches(size: int, q: Question) -> np.ndarray:
    return _i(q) < q.n - q.n % size


def _whole_batches_or_all(size: int, q: Question) -> np.ndarray:
    return _i(q) < (q.n - q.n % size or q.n)


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


def _mean_of(those: Callable[[Question], Any], q: Question) -> Floats:
    used = those(q)
    return np.asarray(used * len(used) / max(1, used.sum()))


_SKIPPED = "examples that are classified correctly, whose s_y is the largest score, are skipped{}"
_Those = Callable[[Question], Any]

#: Which count of the examples that people leave out most often, where the sum is divided by n.
_OFTEN: dict[str, _Those] = {
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
}
#: Which others.
_SELDOM: dict[str, _Those] = {
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
        for size in USUAL
    },
    **{f"only the first {count} examples count": partial(_up_to, count) for count in USUAL},
}
#: Which are used, where the mean is that of these: what people do most often first.
_MEANS: dict[str, _Those] = {
    "repeated examples are left out, and the mean is that of the distinct ones": (
        lambda q: ~_repeats(_pairs(q))
    ),
    "examples with the same features are left out, and the mean is that of the distinct ones": (
        lambda q: ~_repeats(_examples(q))
    ),
    "only every other example is used, and the mean is that of these": lambda q: _i(q) % 2 == 0,
    "only examples that are classified wrongly are used, and the mean is that of these": (
        lambda q: q.S.argmax(axis=1) != q.y
    ),
    **{
        f"only as many examples are used as {size} divides, and the mean is that of these": partial(
            _whole_batches_or_all, size
        )
        for size in USUAL
    },
    **{
        f"only the first {count} examples are used, and the mean is that of these: that is right "
        f"for n ≤ {count} alone": partial(_up_to, count)
        for count in USUAL
    },
}
#: The weights of the examples, (n,).
VARIANTS: dict[str, _Those] = {
    **_OFTEN,
    **{words: partial(_mean_of, those) for words, those in _MEANS.items()},
    **_SELDOM,
}


def counted(scene: Scene, a: Floats, weights: _Those) -> Floats:
    return np.asarray(a * weights(scene.question)[:, None])
