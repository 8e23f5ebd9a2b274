"""What a kernel may do instead of the mean over the examples: other sums, and other factors.

A sum changes the coefficients (n, C) of the examples, or their losses (n, 1); a factor is a number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.scene import Scene


def _weighted(weights: Callable[[Scene], Floats]) -> Callable[[Scene, Floats], Floats]:
    return lambda scene, a: a * weights(scene)[:, None]


def _place(scene: Scene) -> np.ndarray:
    return np.arange(scene.question.n)


def _last_of_label(scene: Scene) -> Floats:
    y = scene.question.y.tolist()
    return np.array([label not in y[i + 1 :] for i, label in enumerate(y)], dtype=float)


def _first_of_label(scene: Scene) -> Floats:
    y = scene.question.y.tolist()
    return np.array([label not in y[:i] for i, label in enumerate(y)], dtype=float)


def _of_label(scene: Scene) -> Floats:
    """How many examples have the label of each."""
    return np.asarray(scene.own @ scene.own.sum(axis=0))


def _only_own(weights: Callable[[Scene], Floats]) -> Callable[[Scene, Floats], Floats]:
    """The weights for row y, and 1 for the rows j ≠ y."""
    return lambda scene, a: a * (1 + scene.own * (weights(scene)[:, None] - 1))


def _only_others(weights: Callable[[Scene], Floats]) -> Callable[[Scene, Floats], Floats]:
    return lambda scene, a: a * (1 + (1 - scene.own) * (weights(scene)[:, None] - 1))


def _last_write(scene: Scene, a: Floats) -> Floats:
    """In each row, only the last example that has anything to add."""
    written = a != 0
    later = np.cumsum(written[::-1], axis=0)[::-1]
    return a * (written & (later == 1))


def _last_write_among(mask: Callable[[Scene], Floats]) -> Callable[[Scene, Floats], Floats]:
    def apply(scene: Scene, a: Floats) -> Floats:
        part = a * mask(scene)
        return a - part + _last_write(scene, part)

    return apply


def _active_examples(scene: Scene) -> float:
    return float(max(1, (scene.active != 0).any(axis=1).sum()))


def _distinct(scene: Scene) -> Floats:
    seen = [tuple(x) for x in scene.question.X.tolist()]
    return np.array([x not in seen[:i] for i, x in enumerate(seen)], dtype=float)


def _ones_for(scene: Scene, value: float) -> Floats:
    return np.full(scene.question.n, value)


SUMS: tuple[Edit, ...] = (
    Edit("last example", "only the last example counts", "mean",
         _weighted(lambda scene: (_place(scene) == scene.question.n - 1).astype(float))),
    Edit("first example", "only the first example counts", "mean",
         _weighted(lambda scene: (_place(scene) == 0).astype(float))),
    Edit("without last", "the last example does not count", "mean",
         _weighted(lambda scene: (_place(scene) < scene.question.n - 1).astype(float))),
    Edit("without first", "the first example does not count", "mean",
         _weighted(lambda scene: (_place(scene) > 0).astype(float))),
    Edit("every other", "only every other example counts", "mean",
         _weighted(lambda scene: (_place(scene) % 2 == 0).astype(float))),
    Edit("lost in row y", "examples with a repeated label overwrite each other: row y keeps the "
         "last of them only", "mean", _only_own(_last_of_label)),
    Edit("first in row y", "of examples with a repeated label row y keeps the first only", "mean",
         _only_own(_first_of_label)),
    Edit("last of label", "of examples with a repeated label only the last one counts", "mean",
         _weighted(_last_of_label)),
    Edit("first of label", "of examples with a repeated label only the first one counts", "mean",
         _weighted(_first_of_label)),
    Edit("distinct", "of repeated examples only the first one counts", "mean",
         _weighted(_distinct)),
    Edit("overwritten", "the examples overwrite each other: each row keeps what it was last given, "
         "and does not add", "mean", _last_write),
    Edit("others overwritten", "the rows j ≠ y are overwritten by each example, not added to",
         "mean", _last_write_among(lambda scene: 1 - scene.own)),
    Edit("row y overwritten", "row y is overwritten by each example, not added to", "mean",
         _last_write_among(lambda scene: scene.own)),
    Edit("row y not divided", "row y is not divided by n", "mean",
         _only_own(lambda scene: _ones_for(scene, scene.question.n))),
    Edit("others not divided", "the rows j ≠ y are not divided by n", "mean",
         _only_others(lambda scene: _ones_for(scene, scene.question.n))),
    Edit("row y divided twice", "row y is divided by n twice", "mean",
         _only_own(lambda scene: _ones_for(scene, 1 / scene.question.n))),
    Edit("others divided twice", "the rows j ≠ y are divided by n twice", "mean",
         _only_others(lambda scene: _ones_for(scene, 1 / scene.question.n))),
    Edit("divided each time", "the division by n stands inside the loop over the examples", "mean",
         _weighted(lambda scene: float(scene.question.n)
                   ** -(scene.question.n - 1.0 - _place(scene)))),
    Edit("over its label", "an example is divided by how often its label occurs, not by n", "mean",
         _weighted(lambda scene: scene.question.n / _of_label(scene))),
)  # fmt: skip

_FACTORS: tuple[tuple[str, str, Callable[[Scene], float]], ...] = (
    ("negative", "everything has the wrong sign", lambda scene: -1.0),
    ("not divided", "it is not divided by n", lambda scene: scene.question.n),
    ("divided twice", "it is divided by n twice", lambda scene: 1 / scene.question.n),
    ("by C", "it is divided by C, not by n", lambda scene: scene.question.n / scene.question.C),
    ("by D", "it is divided by D, not by n", lambda scene: scene.question.n / scene.question.D),
    ("over C", "it is divided by C as well as by n", lambda scene: 1 / scene.question.C),
    ("over D", "it is divided by D as well as by n", lambda scene: 1 / scene.question.D),
    ("over C − 1", "it is divided by C − 1 as well as by n",
     lambda scene: 1 / (scene.question.C - 1)),
    ("over CD", "it is the mean over all entries of W: divided by C·D as well as by n",
     lambda scene: 1 / (scene.question.C * scene.question.D)),
    ("by n − 1", "it is divided by n − 1, not by n",
     lambda scene: scene.question.n / max(scene.question.n - 1, 1e-300)),
    ("by n + 1", "it is divided by n + 1, not by n",
     lambda scene: scene.question.n / (scene.question.n + 1)),
    ("by active", "it is divided by the number of examples with an active margin, not by n",
     lambda scene: scene.question.n / _active_examples(scene)),
    ("by active terms", "it is divided by the number of active margins, not by n",
     lambda scene: scene.question.n / max(1.0, float((scene.active != 0).sum()))),
    ("twice", "it is doubled", lambda scene: 2.0),
    ("half", "it is halved", lambda scene: 0.5),
    ("times C", "it is C times too large", lambda scene: scene.question.C),
    ("times D", "it is D times too large", lambda scene: scene.question.D),
    ("times C − 1", "it is C − 1 times too large", lambda scene: scene.question.C - 1),
    ("by nothing but C", "it is neither divided by n nor free of a factor C",
     lambda scene: scene.question.n * scene.question.C),
    ("by half", "it is divided by 2n, not by n, twice", lambda scene: 0.25),
    ("zero", "it is 0 everywhere", lambda scene: 0.0),
    ("by root", "it is divided by √n, not by n", lambda scene: scene.question.n**0.5),
)  # fmt: skip

SCALES: tuple[Edit, ...] = tuple(
    Edit(key, words, "mean" if "n" in words.split() else "gradient", factor)
    for key, words, factor in _FACTORS
)
