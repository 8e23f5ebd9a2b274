"""Why an answer is wrong for data of another type: what is cut, and what wraps around.

Whole numbers have no fractions, and bytes none beyond 255: what is stored in an array of the type
of X or y, or computed in it, is another number. A cause is stated if it predicts every answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.evidence import Observation
from gradbook.judge.question import Question
from gradbook.judge.scene import Scene

#: A loss and a gradient, (C, D), without the penalty.
Answer = tuple[float, Floats]


@dataclass(frozen=True)
class _Cause:
    """words: a clause. given: the answer for a question with arrays of a type."""

    words: str
    given: Callable[[Scene, type], Answer]


def cause(observations: Sequence[Observation], role: str, dtype: type) -> str:
    """The first that predicts every answer to data of the type; "" if none does."""
    causes = _OF_EXAMPLES if role == "X" else _OF_LABELS
    found = (one.words for one in causes if _predicts(one, observations, dtype))
    return next(found, "")


def _predicts(one: _Cause, observations: Sequence[Observation], dtype: type) -> bool:
    for seen in observations:
        scene = Scene(seen.question, seen.convention.at_kink)
        with np.errstate(all="ignore"):
            loss, gradient = one.given(scene, dtype)
            if seen.reply.error:
                return False
            if seen.reply.loss is not None and not np.isclose(loss, seen.reply.loss, atol=1e-6):
                return False
            if seen.reply.gradient is not None and not np.allclose(
                seen.reply.gradient, gradient, rtol=1e-6, atol=1e-6
            ):
                return False
    return True


def _answer(scene: Scene) -> Answer:
    question = scene.question
    return float(question.right.loss.mean()), scene.mu.T @ question.X / question.n


def _stored(values: Floats, dtype: type) -> Floats:
    """What an array of the type holds of the numbers: cut, and wrapped around."""
    least, most = float(np.iinfo(dtype).min), float(np.iinfo(dtype).max)
    cut = np.trunc(values)
    wrapped = np.mod(cut - least, most - least + 1) + least
    return np.where((cut >= least) & (cut <= most), cut, wrapped)


def _of_scores(change: Callable[[Question, type], Floats]) -> Callable[[Scene, type], Answer]:
    def given(scene: Scene, dtype: type) -> Answer:
        question = replace(scene.question)
        question.__dict__["S"] = change(scene.question, dtype)
        return _answer(Scene(question, scene.at_kink))

    return given


def _of_margins(scene: Scene, dtype: type) -> Answer:
    """The margins are stored in the type: what is left above 0 counts."""
    return _with_margins(scene, _stored(np.maximum(scene.u, 0), dtype))


def _of_differences(scene: Scene, dtype: type) -> Answer:
    """The scores are stored in the type, and subtracted from each other in it."""
    question = scene.question
    S = _stored(question.S, dtype)
    own = S[np.arange(question.n), question.y][:, None]
    return _with_margins(scene, _stored(S - own, dtype) + 1)


def _with_margins(scene: Scene, u: Floats) -> Answer:
    others = 1 - scene.own
    active = (u > 0) * others
    a = active - scene.own * active.sum(axis=1, keepdims=True)
    n = scene.question.n
    return float((u * active).sum()) / n, a.T @ scene.question.X / n


def _of_gradient(change: Callable[[Scene, type], Floats]) -> Callable[[Scene, type], Answer]:
    """The loss is right."""
    return lambda scene, dtype: (_answer(scene)[0], change(scene, dtype) / scene.question.n)


def _others(scene: Scene) -> Floats:
    """What the rows j ≠ y come to, summed over the examples."""
    return np.asarray((scene.mu * (1 - scene.own)).T @ scene.question.X)


def _own(scene: Scene, X: Floats, sign: float = 1.0) -> Floats:
    """What row y comes to, of these examples: with the right sign, or with that of `sign`."""
    return np.asarray(sign * (scene.mu * scene.own).T @ X)


def _negated(scene: Scene, dtype: type) -> Floats:
    """−x̃ is taken in the type, and multiplied by the number of active classes."""
    return _others(scene) + _own(scene, _stored(-scene.question.X, dtype), -1.0)


def _negated_in_sums(scene: Scene, dtype: type) -> Floats:
    """The number of active classes times −x̃, in the type."""
    count = -(scene.mu * scene.own).sum(axis=1)
    each = _stored(-count[:, None] * scene.question.X, dtype)
    return np.asarray(_others(scene) + scene.own.T @ each)


def _in_the_type(scene: Scene, dtype: type) -> Floats:
    """All of the sum."""
    return _stored(scene.mu.T @ scene.question.X, dtype)


def _others_in_the_type(scene: Scene, dtype: type) -> Floats:
    return _stored(_others(scene), dtype) + _own(scene, scene.question.X)


def _own_in_the_type(scene: Scene, dtype: type) -> Floats:
    sums = _stored(-_own(scene, scene.question.X), dtype)
    return np.asarray(_others(scene) - sums)


def _own_times_in_the_type(scene: Scene, dtype: type) -> Floats:
    """The number of active classes times x̃, in the type."""
    count = -(scene.mu * scene.own).sum(axis=1)
    return np.asarray(
        _others(scene) - scene.own.T @ _stored(count[:, None] * scene.question.X, dtype)
    )


def _coefficients_in_the_type(scene: Scene, dtype: type) -> Floats:
    return np.asarray(_stored(scene.mu, dtype).T @ scene.question.X)


def _parts_in_the_type(scene: Scene, dtype: type) -> Floats:
    sums = -_own(scene, scene.question.X)
    return _stored(_others(scene), dtype) - _stored(sums, dtype)


def _cut_mean(scene: Scene, dtype: type) -> Floats:
    return _stored(_answer(scene)[1], dtype) * scene.question.n


_OF_EXAMPLES: tuple[_Cause, ...] = (
    _Cause("−X[i] wraps around: the negative of a byte is taken modulo 256",
           _of_gradient(_negated)),
    _Cause("a negative multiple of X[i] wraps around: it is taken modulo 256",
           _of_gradient(_negated_in_sums)),
    _Cause("the scores are cut to whole numbers, as they are stored in the type of X",
           _of_scores(lambda q, dtype: _stored(q.S, dtype))),
    _Cause("the scores are cut to whole numbers, as they are stored in the type of X, and their "
           "differences wrap around", _of_differences),
    _Cause("the margins are cut to whole numbers, as they are stored in the type of X",
           _of_margins),
    _Cause("W is cut to whole numbers, as it is stored in the type of X",
           _of_scores(lambda q, dtype: q.X @ _stored(q.W.T, dtype))),
    _Cause("the gradient is cut to whole numbers, as it is stored in the type of X",
           _of_gradient(_cut_mean)),
    _Cause("the sums of the gradient are computed in the type of X, and wrap around beyond it",
           _of_gradient(_in_the_type)),
    _Cause("the sums of the rows j ≠ y are computed in the type of X, and wrap around beyond it",
           _of_gradient(_others_in_the_type)),
    _Cause("the sums of the rows y are computed in the type of X, and wrap around beyond it",
           _of_gradient(_own_in_the_type)),
    _Cause("the number of active classes times X[i] is computed in the type of X, and wraps around "
           "beyond it", _of_gradient(_own_times_in_the_type)),
    _Cause("the sums of the rows are computed in the type of X, and wrap around beyond it",
           _of_gradient(_parts_in_the_type)),
    _Cause("the coefficients are stored in the type of X, and negative ones wrap around",
           _of_gradient(_coefficients_in_the_type)),
)  # fmt: skip


def _flat(scene: Scene, dtype: type) -> Floats:
    """The place y·D of row y in a flat array is computed in the type of the labels."""
    question = scene.question
    first = _stored(question.y * float(question.D), dtype).astype(int)
    own = (scene.mu * scene.own).sum(axis=1)[:, None] * question.X
    flat = np.zeros(question.C * question.D)
    places = (first[:, None] + np.arange(question.D)) % len(flat)
    np.add.at(flat, places, own)
    return np.asarray(_others(scene) + flat.reshape(question.C, question.D))


_OF_LABELS: tuple[_Cause, ...] = (
    _Cause("y·D is computed in the type of y, and wraps around beyond it",
           _of_gradient(_flat)),
)  # fmt: skip
