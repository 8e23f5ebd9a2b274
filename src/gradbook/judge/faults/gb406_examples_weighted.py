"""The examples do not count once each.

They are weighted by their class, by their place, or by what is computed of them.

Wrong:
    loss = 0.9 * loss + L_i
Right:
    loss = loss + L_i
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
OFTEN = 4


def _i(q: Question) -> Floats:
    return np.arange(q.n, dtype=float)


def _of_label(q: Question) -> Floats:
    """How many examples have the label of each, (n,)."""
    return np.asarray(q.own @ q.own.sum(axis=0))


def _active(q: Question) -> Floats:
    return np.asarray((q.right.kinks > 0).sum(axis=1), dtype=float)


def _length(q: Question) -> Floats:
    return np.asarray(np.linalg.norm(q.X, axis=1))


_BETAS = {"1/2": 0.5, "3/4": 0.75, **{f"{beta:g}": beta for beta in (0.8, 0.9, 0.95, 0.99, 0.999)}}
_OF_EXAMPLES: dict[str, Callable[[Question], Any]] = {
    "i + 1": lambda q: _i(q) + 1,
    "i": _i,
    "n − i": lambda q: q.n - _i(q),
    "n − 1 − i": lambda q: q.n - 1 - _i(q),
    "1/(i + 1)": lambda q: 1 / (_i(q) + 1),
    "1/(n − i)": lambda q: 1 / (q.n - _i(q)),
    "1/√(i + 1)": lambda q: (_i(q) + 1) ** -0.5,
    "y": lambda q: q.y,
    "y + 1": lambda q: q.y + 1,
    "1/(y + 1)": lambda q: 1 / (q.y + 1),
    "C − y": lambda q: q.C - q.y,
    "n_y": _of_label,
    "1/n_y": lambda q: 1 / _of_label(q),
    "1/√n_y": lambda q: _of_label(q) ** -0.5,
    "1 − n_y/n": lambda q: 1 - _of_label(q) / q.n,
    "k": _active,
    "1/k": lambda q: 1 / np.maximum(_active(q), 1),
    "‖x̃‖": _length,
    "1/‖x̃‖": lambda q: 1 / np.where(_length(q) > 0, _length(q), 1.0),
    "L_i": lambda q: q.right.loss,
    **{
        f"({beta})^{power}": partial(lambda beta, of, q: beta ** of(q), value, of)
        for beta, value in _BETAS.items()
        for power, of in (("i", _i), ("(n − 1 − i)", lambda q: q.n - 1 - _i(q)))
    },
}
#: How the weights are scaled, with f for them.
_SCALES: dict[str, Callable[[Question, Floats], Any]] = {
    "{}": lambda q, f: f,
    "n·{}": lambda q, f: q.n * f,
    "{}/n": lambda q, f: f / q.n,
    "n·{}/Σ, with Σ the sum of the same over the examples,": lambda q, f: q.n * f / f.sum(),
    "n·{}/C": lambda q, f: q.n * f / q.C,
}
_MEANT = {"n_y": ", where n_y examples have its label", "k": ", where k margins are active"}


def _scaled(
    of: Callable[[Question], Any], scale: Callable[[Question, Floats], Any], q: Question
) -> Any:
    return scale(q, np.asarray(of(q), dtype=float))


def _said(words: str, scale: str) -> str:
    whole = scale == "{}" or " " not in words or "^" in words
    first = " (i from 0)" if "i" in words else ""
    meant = "".join(said for letter, said in _MEANT.items() if letter in words)
    times = scale.format(words if whole else f"({words})")
    return f"example i counts {times} times, not once{first}{meant}"


def _mean_of_means(size: int, q: Question) -> Floats:
    """The weight in the mean of the means of batches, of which the last is smaller."""
    of_its_batch = np.minimum(size, q.n - np.arange(q.n) // size * size)
    return np.asarray(q.n / (of_its_batch * np.ceil(q.n / size)))


def _average(beta: float, q: Question) -> Floats:
    """An exponential average that begins with the first example."""
    return q.n * beta ** (q.n - 1 - _i(q)) * np.where(_i(q) == 0, 1.0, 1 - beta)


_BALANCED = (
    "the examples are weighted by the frequency of their class: every class {}weighs the same"
)
VARIANTS: dict[str, Callable[[Question], Any]] = {
    _BALANCED.format("that occurs "): lambda q: q.n / (_of_label(q) * len(set(q.y.tolist()))),
    _BALANCED.format(""): lambda q: q.n / (_of_label(q) * q.C),
    "an example is divided by how often its label occurs, not by n": lambda q: q.n / _of_label(q),
    "the division by n stands inside the loop over the examples": (
        lambda q: float(q.n) ** -(q.n - 1 - _i(q))
    ),
    **{
        f"the mean of the means of batches of {size} is taken, and the last batch may be smaller: "
        "its examples count more": partial(_mean_of_means, size)
        for size in USUAL
    },
    **{
        f"an exponential average, with {beta} of what was there before, stands where the mean "
        "belongs": partial(_average, value)
        for beta, value in _BETAS.items()
    },
    **{
        _said(words, scale): partial(_scaled, of, scaled)
        for words, of in _OF_EXAMPLES.items()
        for scale, scaled in _SCALES.items()
    },
}


def counted(scene: Scene, a: Floats, weights: Callable[[Question], Any]) -> Floats:
    with np.errstate(all="ignore"):
        each = np.asarray(weights(scene.question), dtype=float)[:, None]
        return np.where(a != 0, a * each, 0.0)
