"""Other labels are taken than those of the examples.

They are counted from another number, taken of other examples, or replaced by something else.

Wrong:
    y = y - 1
Right:
    y = y
"""

from collections.abc import Callable

import numpy as np

from gradbook.questions.question import Question
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
OFTEN = 8

#: What stands for y, (n,) or one label for all.
VARIANTS: dict[str, Callable[[Question], np.ndarray]] = {
    "the label y − 1 is taken for y: labels are counted from 1": lambda q: (q.y - 1) % q.C,
    "the label y + 1 is taken for y": lambda q: (q.y + 1) % q.C,
    "the first class is taken for the correct one, whatever y is": lambda q: 0 * q.y,
    "the last class is taken for the correct one, whatever y is": lambda q: 0 * q.y + q.C - 1,
    "the first example's label is taken for all": lambda q: q.y[0],
    "the last example's label is taken for all": lambda q: q.y[-1],
    "the labels are in reversed order": lambda q: q.y[::-1],
    "the labels are sorted, the examples are not": lambda q: np.sort(q.y),
    "the class with the largest score is taken for the correct one, whatever y is": (
        lambda q: q.S.argmax(axis=1)
    ),
    "the labels are replaced by their rank among the labels that occur, as "
    "np.unique(y, return_inverse=True) gives it": (
        lambda q: np.unique(q.y, return_inverse=True)[1].ravel()
    ),
    "the labels are counted from the smallest that occurs: y − min(y) is taken for y": (
        lambda q: q.y - q.y.min()
    ),
    "the labels are counted to the largest that occurs: y + C − 1 − max(y) is taken for y": (
        lambda q: q.y + q.C - 1 - q.y.max()
    ),
    "the classes are counted from the last one back: C − 1 − y is taken for y": (
        lambda q: q.C - 1 - q.y
    ),
    "each example has the label of the one before": lambda q: np.roll(q.y, 1),
    "each example has the label of the one after": lambda q: np.roll(q.y, -1),
    "the labels are taken modulo 10: that is right for C ≤ 10 alone": lambda q: q.y % 10,
    "every label but 0 is taken to be 1: that is right for C = 2 alone": (
        lambda q: np.minimum(q.y, 1)
    ),
    "the label y − 1 is taken for y, and 0 for 0": lambda q: np.maximum(q.y - 1, 0),
    "the labels are turned into int8 first: labels of 128 and more become negative, and count from "
    "the last class back": lambda q: np.where(q.y > 127, q.y - 256, q.y) % q.C,
}


def seen(scene: Scene, labels: Callable[[Question], np.ndarray]) -> Scene:
    return scene.with_labels(labels(scene.question))
