"""What a kernel may do instead of the mean over the examples: other sums, and other factors.

A sum changes the coefficients (n, C) of the examples, or their losses (n, 1); a factor is a number.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import OWN_LINE, Edit
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


def _assigned(mask: Callable[[Scene], Floats]) -> Callable[[Scene, Floats], Floats]:
    """Where the masked entries are assigned, in order: what a row held before is lost."""

    def apply(scene: Scene, a: Floats) -> Floats:
        assigned = (a * mask(scene)) != 0
        place = np.arange(len(a))[:, None]
        last = np.where(assigned, place, -1).max(axis=0)
        return a * (place >= last)

    return apply


def _best_is_right(scene: Scene) -> np.ndarray:
    """Whether the first of the largest scores is the correct class's."""
    return np.asarray(scene.question.S.argmax(axis=1) == scene.question.y)


def _right_or_shared(scene: Scene) -> np.ndarray:
    S, n = scene.question.S, scene.question.n
    return np.asarray(S[np.arange(n), scene.question.y] == S.max(axis=1))


def _distinct_pairs(last: bool) -> Callable[[Scene], Floats]:
    """1 for the first, or the last, of the examples that are equal in x̃ and y."""

    def weights(scene: Scene) -> Floats:
        X, y = scene.question.X.tolist(), scene.question.y.tolist()
        pairs = [(tuple(x), label) for x, label in zip(X, y, strict=True)]
        kept = [pair not in (pairs[i + 1 :] if last else pairs[:i]) for i, pair in enumerate(pairs)]
        return np.array(kept, dtype=np.float64)

    return weights


def _mean_of(weights: Callable[[Scene], Floats]) -> Callable[[Scene], Floats]:
    """Weights of 0 and 1, and the mean of those that count."""

    def apply(scene: Scene) -> Floats:
        kept = weights(scene)
        return np.asarray(kept * scene.question.n / kept.sum())

    return apply


def _up_to(limit: Callable[[Scene], int]) -> Callable[[Scene, Floats], Floats]:
    return _weighted(lambda scene: (_place(scene) < limit(scene)).astype(float))


def _mean_of_whole_batches(size: int) -> Callable[[Scene, Floats], Floats]:
    """What does not fill a batch is dropped, unless there is no more; the mean is of the rest."""

    def weights(scene: Scene) -> Floats:
        n = scene.question.n
        kept = n - n % size or n
        return np.asarray((_place(scene) < kept) * (n / kept), dtype=np.float64)

    return _weighted(weights)


def _mean_of_first(count: int) -> Callable[[Scene, Floats], Floats]:
    return _weighted(
        lambda scene: (_place(scene) < count) * scene.question.n / min(count, scene.question.n)
    )


#: Sizes of batches that are usual.
_COUNTS = (2, 3, 4, 5, 8, 10, 16, 32, 50, 64, 100, 128)


def _whole_batches(size: int) -> Callable[[Scene], int]:
    return lambda scene: scene.question.n - scene.question.n % size


def _balanced(among: Callable[[Scene], float]) -> Callable[[Scene], Floats]:
    """Weights that give each class the same share of the mean."""
    return lambda scene: scene.question.n / (_of_label(scene) * among(scene))


def _last_margin(scene: Scene, a: Floats) -> Floats:
    """Only the last active margin of the last example that has one; for a loss, (n, 1)."""
    if a.shape[1] != 1:
        return np.full_like(a, np.nan)
    hinges = np.maximum(scene.u, 0) * (1 - scene.own)
    active = np.flatnonzero(hinges)
    last = hinges.flat[active[-1]] if len(active) else 0.0
    kept = np.zeros_like(a)
    kept[-1] = last
    return kept


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
    Edit("row y of the last", "only the last example counts in row y", "mean",
         _only_own(lambda scene: (_place(scene) == scene.question.n - 1).astype(float))),
    Edit("row y of the first", "only the first example counts in row y", "mean",
         _only_own(lambda scene: (_place(scene) == 0).astype(float))),
    Edit("others of the last", "only the last example counts in the rows j ≠ y", "mean",
         _only_others(lambda scene: (_place(scene) == scene.question.n - 1).astype(float))),
    Edit("lost in row y", "examples with a repeated label overwrite each other: row y keeps the "
         "last of them only", "mean", _only_own(_last_of_label)),
    Edit("first in row y", "of examples with a repeated label row y keeps the first only", "mean",
         _only_own(_first_of_label)),
    Edit("last of label", "of examples with a repeated label only the last one counts", "mean",
         _weighted(_last_of_label)),
    Edit("first of label", "of examples with a repeated label only the first one counts", "mean",
         _weighted(_first_of_label)),
    Edit("distinct", "of repeated examples only one counts", "mean", _weighted(_distinct)),
    Edit("distinct", "of repeated examples only one counts", "mean",
         _weighted(_distinct_pairs(last=False))),
    Edit("distinct", "of repeated examples only one counts", "mean",
         _weighted(_distinct_pairs(last=True))),
    Edit("mean of distinct", "repeated examples are left out, and the mean is that of the distinct "
         "ones", "mean", _weighted(_mean_of(_distinct_pairs(last=False)))),
    Edit("mean of distinct", "repeated examples are left out, and the mean is that of the distinct "
         "ones", "mean", _weighted(_mean_of(_distinct))),
    Edit("as many as features", "only the first D examples are summed: that is right for n ≤ D "
         "alone", "mean", _up_to(lambda scene: scene.question.D)),
    Edit("as many as classes", "only the first C examples are summed: that is right for n ≤ C "
         "alone", "mean", _up_to(lambda scene: scene.question.C)),
    *(Edit(f"batches of {size}", f"the examples are taken in batches of {size}, and those left "
           f"over are dropped: that is right where {size} divides n alone", "mean",
           _up_to(_whole_batches(size))) for size in (2, 3, 4, 5, 8, 10, 16, 32, 64, 100)),
    *(Edit(f"first {count}", f"only the first {count} examples count", "mean",
           _up_to(lambda scene, count=count: count))  # type: ignore[misc]
      for count in _COUNTS),
    *(Edit(f"mean of batches of {size}", f"only as many examples are used as {size} divides, and "
           f"the mean is that of these", "mean",
           _mean_of_whole_batches(size)) for size in (2, 4, 8, 16, 32)),
    *(Edit(f"mean of {count}", f"only the first {count} examples are used, and the mean is that of "
           f"these: that is right for n ≤ {count} alone", "mean",
           _mean_of_first(count)) for count in _COUNTS),
    Edit("wrong answers", "examples that are classified correctly, whose s_y is the largest "
         "score, are skipped", "loss",
         _weighted(lambda scene: 1.0 - _best_is_right(scene))),
    Edit("wrong answers", "examples that are classified correctly, whose s_y is the largest "
         "score, are skipped", "loss",
         _weighted(lambda scene: 1.0 - _right_or_shared(scene))),
    Edit("right answers", "examples that are classified wrongly are skipped", "loss",
         _weighted(lambda scene: 1.0 * _best_is_right(scene))),
    Edit("balanced", "the examples are weighted by the frequency of their class: every class that "
         "occurs weighs the same", "mean",
         _weighted(_balanced(lambda scene: len(set(scene.question.y.tolist()))))),
    Edit("balanced", "the examples are weighted by the frequency of their class: every class "
         "weighs the same", "mean", _weighted(_balanced(lambda scene: scene.question.C))),
    Edit("others assigned", "the rows j ≠ y are assigned, = in place of +=: what was summed in "
         "them before is overwritten", "mean", _assigned(lambda scene: 1 - scene.own)),
    Edit("row y assigned", "row y is assigned, = in place of +=: what was summed in it before is "
         "overwritten", "mean", _assigned(lambda scene: scene.own)),
    Edit("assigned", "the rows are assigned, = in place of +=: what was summed before is "
         "overwritten", "mean", _assigned(lambda scene: np.ones_like(scene.own))),
    Edit("last margin", "the margins are assigned, = in place of +=: only the last active one "
         "of all is left", "loss", _last_margin),
    Edit("overwritten", "the examples overwrite each other: each row keeps what it was last given, "
         "and does not add", "mean", _last_write),
    Edit("others overwritten", "examples with the same active class overwrite each other: the "
         "rows j ≠ y keep the last of them only",
         "mean", _last_write_among(lambda scene: 1 - scene.own)),
    Edit("row y overwritten", "row y keeps its last example that has an active margin only", "mean",
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

#: Which line of the page a factor breaks: that of the mean, or that of what it multiplies.
_MEAN, _PART = "mean", OWN_LINE

_FACTORS: tuple[tuple[str, str, str, Callable[[Scene], float]], ...] = (
    ("negative", _PART, "everything has the wrong sign", lambda scene: -1.0),
    ("not divided", _MEAN, "it is not divided by n", lambda scene: scene.question.n),
    ("divided twice", _MEAN, "it is divided by n twice", lambda scene: 1 / scene.question.n),
    ("twice", _PART, "it is twice the right one", lambda scene: 2.0),
    ("half", _PART, "it is half the right one", lambda scene: 0.5),
    ("by C", _MEAN, "it is divided by C, not by n",
     lambda scene: scene.question.n / scene.question.C),
    ("by D", _MEAN, "it is divided by D, not by n",
     lambda scene: scene.question.n / scene.question.D),
    ("over C", _MEAN, "it is divided by C as well as by n", lambda scene: 1 / scene.question.C),
    ("over D", _MEAN, "it is divided by D as well as by n", lambda scene: 1 / scene.question.D),
    ("over C − 1", _MEAN, "it is divided by C − 1 as well as by n",
     lambda scene: 1 / (scene.question.C - 1)),
    ("over CD", _MEAN, "it is the mean over all entries of W: divided by C·D as well as by n",
     lambda scene: 1 / (scene.question.C * scene.question.D)),
    ("by n − 1", _MEAN, "it is divided by n − 1, not by n",
     lambda scene: scene.question.n / max(scene.question.n - 1, 1e-300)),
    ("by n + 1", _MEAN, "it is divided by n + 1, not by n",
     lambda scene: scene.question.n / (scene.question.n + 1)),
    ("by active", _MEAN, "it is divided by the number of examples with an active margin, not by n",
     lambda scene: scene.question.n / _active_examples(scene)),
    ("by active terms", _MEAN, "it is divided by the number of active margins, not by n",
     lambda scene: scene.question.n / max(1.0, float((scene.active != 0).sum()))),
    ("times C", _PART, "it is C times too large", lambda scene: scene.question.C),
    ("times D", _PART, "it is D times too large", lambda scene: scene.question.D),
    ("times C − 1", _PART, "it is C − 1 times too large", lambda scene: scene.question.C - 1),
    ("by nothing but C", _MEAN, "it is neither divided by n nor free of a factor C",
     lambda scene: scene.question.n * scene.question.C),
    ("by half", _MEAN, "it is divided by 2n, not by n, twice", lambda scene: 0.25),
    ("zero", _PART, "it is 0 everywhere", lambda scene: 0.0),
    ("by root", _MEAN, "it is divided by √n, not by n", lambda scene: scene.question.n**0.5),
)  # fmt: skip

SCALES: tuple[Edit, ...] = tuple(
    Edit(key, words, line, factor) for key, line, words, factor in _FACTORS
)

#: Nothing at all: unfinished, or a special case that was thought to be 0.
ZERO = next(edit for edit in SCALES if edit.key == "zero")
