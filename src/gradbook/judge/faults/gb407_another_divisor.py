"""The sum over the examples is not divided by n, or by something else.

Wrong:
    dW = X.T @ M
Right:
    dW = X.T @ M / n
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.judge.faults.ratios import ratios, short
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene

MESSAGE = "it is {found}"
CHANGES = ("factor",)
BREAKS = "mean"
OFTEN = True


def _examples(scene: Scene) -> Any:
    return max(1, (scene.active != 0).any(axis=1).sum())


def _n_over(of: Callable[[Scene], Any], scene: Scene) -> Any:
    return scene.question.n / of(scene)


def _fixed(divisor: float, scene: Scene) -> Any:
    return scene.question.n / divisor


#: By what the mean is multiplied.
VARIANTS: dict[str, Callable[[Scene], Any]] = {
    "not divided by n": lambda scene: scene.question.n,
    "divided by n twice": lambda scene: 1 / scene.question.n,
    "divided by C, not by n": partial(_n_over, lambda scene: scene.question.C),
    "divided by D, not by n": partial(_n_over, lambda scene: scene.question.D),
    "divided by C as well as by n": lambda scene: 1 / scene.question.C,
    "divided by D as well as by n": lambda scene: 1 / scene.question.D,
    "divided by C − 1 as well as by n": lambda scene: 1 / (scene.question.C - 1),
    "the mean over all entries of W: divided by C·D as well as by n": (
        lambda scene: 1 / scene.question.W.size
    ),
    "divided by n − 1, not by n": partial(_n_over, lambda scene: max(scene.question.n - 1, 1e-300)),
    "divided by n + 1, not by n": partial(_n_over, lambda scene: scene.question.n + 1),
    "divided by the number of examples with an active margin, not by n": partial(
        _n_over, _examples
    ),
    "divided by the number of active margins, not by n": partial(
        _n_over, lambda scene: max(1, (scene.active != 0).sum())
    ),
    "neither divided by n nor free of a factor C": (
        lambda scene: scene.question.n * scene.question.C
    ),
    "divided by 2n, not by n, twice": lambda scene: 0.25,
    "divided by √n, not by n": lambda scene: scene.question.n**0.5,
}


def measured(answers: Sequence[Answered]) -> Iterator[tuple[str, Callable[[Scene], Any]]]:
    """A fixed number in place of n."""
    found = ratios(answers)
    n = np.array([answer.scene.question.n for answer in answers if answer.wrong])
    if len(set(n.tolist())) > 1 and np.isfinite(found).all() and found.all():
        divisors: Floats = n / found
        if np.ptp(divisors) <= 1e-9 * np.abs(divisors).max():
            divisor = short(float(divisors[0]))
            yield f"divided by {divisor:.6g}, whatever n is", partial(_fixed, divisor)
