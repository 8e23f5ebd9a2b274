"""What was summed before is overwritten.

It comes of = in place of +=, or of an index that repeats: dW[y] += X keeps the last of equal y.

Wrong:
    dW[y] -= counts[:, None] * X
Right:
    np.subtract.at(dW, y, counts[:, None] * X)
"""

from collections.abc import Callable

import numpy as np

from gradbook.judge.faults.indicators import hinges
from gradbook.questions.formula import Floats
from gradbook.questions.scene import NotPredicted, Scene

MESSAGE = "{found}"
CHANGES = ("counted",)
BREAKS = "mean"
OFTEN = True


def _last_write(scene: Scene, a: Floats, mask: Floats) -> Floats:
    """Of the masked entries, only the last in each row that has anything to add."""
    part = a * mask
    written = part != 0
    later = np.cumsum(written[::-1], axis=0)[::-1]
    return np.asarray(a - part + part * (written & (later == 1)))


def _assigned(scene: Scene, a: Floats, mask: Floats) -> Floats:
    """Where the masked entries are assigned, in order: what a row held before is lost."""
    place = np.arange(len(a))[:, None]
    last = np.where((a * mask) != 0, place, -1).max(axis=0)
    return a * (place >= last)


def _of_label(scene: Scene, last: bool) -> Floats:
    y = scene.question.y.tolist()
    return np.array(
        [[label not in (y[i + 1 :] if last else y[:i])] for i, label in enumerate(y)], dtype=float
    )


def _last_margin(scene: Scene, a: Floats) -> Floats:
    """Only the last active margin of the last example that has one, of a loss (n, 1)."""
    if a.shape[1] != 1:
        raise NotPredicted
    found = hinges(scene, scene.u)
    active = np.flatnonzero(found)
    kept = np.zeros_like(a)
    kept[-1] = found.flat[active[-1]] if len(active) else 0.0
    return kept


VARIANTS: dict[str, Callable[[Scene, Floats], Floats]] = {
    "examples with a repeated label overwrite each other: row y keeps the last of them only": (
        lambda scene, a: a * (1 + scene.own * (_of_label(scene, True) - 1))
    ),
    "of examples with a repeated label row y keeps the first only": (
        lambda scene, a: a * (1 + scene.own * (_of_label(scene, False) - 1))
    ),
    "examples with a repeated label overwrite each other's 1: row y has it of the last of them "
    "only": lambda scene, a: a + scene.own * (1 - _of_label(scene, True)),
    "the rows j ≠ y are assigned, = in place of +=: what was summed before is overwritten": (
        lambda scene, a: _assigned(scene, a, 1 - scene.own)
    ),
    "row y is assigned, = in place of +=: what was summed in it before is overwritten": (
        lambda scene, a: _assigned(scene, a, scene.own)
    ),
    "the rows are assigned, = in place of +=: what was summed before is overwritten": (
        lambda scene, a: _assigned(scene, a, np.ones_like(scene.own))
    ),
    "the margins are assigned, = in place of +=: only the last active one of all is left": (
        _last_margin
    ),
    "the examples overwrite each other: each row keeps what it was last given, and does not add": (
        lambda scene, a: _last_write(scene, a, np.ones_like(scene.own))
    ),
    "examples with the same active class overwrite each other: the rows j ≠ y keep the last of "
    "them only": lambda scene, a: _last_write(scene, a, 1 - scene.own),
    "row y keeps its last example that has an active margin only": (
        lambda scene, a: _last_write(scene, a, scene.own)
    ),
}
