"""What belongs to the first batch is taken again for each batch.

The data are taken in batches, and one of X and y is not indexed by the batch.

Wrong:
    for first in range(0, n, 64):
        X_batch, y_batch = X[first : first + 64], y[:64]
Right:
    for first in range(0, n, 64):
        X_batch, y_batch = X[first : first + 64], y[first : first + 64]
"""

from collections.abc import Callable
from functools import partial

import numpy as np

from gradbook.questions.batch_sizes import USUAL
from gradbook.questions.scene import Scene

MESSAGE = "{found}"
CHANGES = ("seen",)
BREAKS = "mean"


def _labels(size: int, scene: Scene) -> Scene:
    question = scene.question
    return scene.with_labels(question.y[np.arange(question.n) % size])


def _examples(size: int, scene: Scene) -> Scene:
    X = scene.question.X
    return scene.with_examples(X[np.arange(len(X)) % size])


VARIANTS: dict[str, Callable[[Scene], Scene]] = {
    words.format(size): partial(of, size)
    for size in USUAL
    for words, of in (
        ("every batch of {0} examples is paired with the labels of the first {0}", _labels),
        (
            "the first {0} examples are taken again for every batch of {0}, with its labels",
            _examples,
        ),
    )
}
