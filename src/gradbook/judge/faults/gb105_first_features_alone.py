"""Only the first features are used.

A number of features is written into the program.

Wrong:
    for d in range(64):
Right:
    for d in range(D):
"""

from collections.abc import Iterator, Sequence

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.questions.scene import Scene

MESSAGE = "only the first {found} features are used: that is right for D ≤ {found} alone"
VARIANTS = {str(count): count for count in (1, 2, 3, 4, 10, 64, 100, 784, 1024, 3072)}


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, int]]:
    """How many columns are written, where the others of some wide answer stay 0."""
    count = 0
    for answer in answers:
        if not answer.wrong:
            continue
        if answer.found.shape != answer.scene.question.W.shape:
            return
        count = max(count, int(np.flatnonzero(answer.found.any(axis=0)).max(initial=-1)) + 1)
        if not answer.right[:, count:].any():
            return
    if count:
        yield str(count), count


def seen(scene: Scene, count: int) -> Scene:
    X = scene.question.X
    return scene.with_examples(X * (np.arange(X.shape[1]) < count))
