"""What a kernel may take for its data: other labels, other examples, other scores.

These edits stand before everything else, so that the loss and the gradient both follow from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.question import Question
from gradbook.judge.scene import Scene


def _with(scene: Scene, question: Question) -> Scene:
    return Scene(question, scene.at_kink)


def _labels(change: Callable[[Question], np.ndarray]) -> Callable[[Scene], Scene]:
    def apply(scene: Scene) -> Scene:
        y = np.broadcast_to(change(scene.question), scene.question.y.shape)
        return _with(scene, replace(scene.question, y=np.asarray(y, dtype=np.int64)))

    return apply


def _ranks(question: Question) -> np.ndarray:
    return np.asarray(np.unique(question.y, return_inverse=True)[1]).ravel()


def _of_first_batch(size: int) -> tuple[Edit, ...]:
    """What is taken of the first examples again in each batch of so many: y[: len(batch)]."""
    return (
        Edit(
            f"labels of the first {size}",
            f"every batch of {size} examples is paired with the labels of the first {size}",
            "mean",
            _labels(lambda q: q.y[np.arange(q.n) % size]),
            alone=True,
        ),
        Edit(
            f"first {size} examples",
            f"the first {size} examples are taken again for every batch of {size}, with its labels",
            "mean",
            _examples(lambda X: X[np.arange(len(X)) % size]),
            alone=True,
        ),
    )


def _scores(change: Callable[[Question], Floats]) -> Callable[[Scene], Scene]:
    """Other scores; the examples that the coefficients multiply stay."""

    def apply(scene: Scene) -> Scene:
        question = replace(scene.question)
        with np.errstate(all="ignore"):
            question.__dict__["S"] = np.asarray(change(scene.question), dtype=float)
        return _with(scene, question)

    return apply


def _examples(change: Callable[[Floats], Floats]) -> Callable[[Scene], Scene]:
    """Other examples, in the scores and in the gradient."""

    def apply(scene: Scene) -> Scene:
        with np.errstate(all="ignore"):
            X = change(scene.question.X)
        return _with(scene, replace(scene.question, X=X))

    return apply


def _of_rounded_weights(places: int) -> Callable[[Question], Floats]:
    return lambda q: q.X @ np.round(q.W.T, places)


def _transposed(a: Floats) -> Floats:
    """The transpose, if it has the same shape; else nothing."""
    return a.T if len(a) == len(a.T) else np.full_like(a, np.nan)


def _as_bytes(X: Floats) -> Floats:
    return np.asarray(np.mod(np.trunc(X), 256), dtype=float)


def rounded_to(dtype: type) -> Callable[[Question], Floats]:
    """The scores of numbers that are rounded to another type first."""
    return lambda q: (q.X.astype(dtype) @ q.W.T.astype(dtype)).astype(float)


def _column_left_out(column: int) -> Callable[[Question], Floats]:
    def change(q: Question) -> Floats:
        return q.S - np.outer(q.X[:, column], q.W[:, column])

    return change


def _with_lengths(axis: int | None) -> Callable[[Question], Floats]:
    """The scores of weights, (C, D), that are divided by their length along an axis, if any."""

    def change(q: Question) -> Floats:
        lengths = np.linalg.norm(q.W, axis=axis, keepdims=True)
        return q.X @ (q.W / np.where(lengths > 0, lengths, 1.0)).T

    return change


def first_features(count: int) -> Edit:
    """Scores and gradient of the first features alone."""
    return Edit(
        f"first {count} features",
        f"only the first {count} features are used: that is right for D ≤ {count} alone",
        "loss",
        _examples(lambda X: X * (np.arange(X.shape[1]) < count)),
    )


def clipped_scores(bound: float) -> Edit:
    """Scores that are cut at ±bound."""
    return Edit(
        f"clipped {bound:g}",
        f"the scores are clipped to ±{bound:g}",
        "loss",
        _scores(lambda q: np.clip(q.S, -bound, bound)),
    )


def floored_scores(below: float, of_batch: bool) -> Edit:
    """Scores that are kept from falling further than `below` under the largest."""
    whose = "the batch's" if of_batch else "the example's"

    def change(q: Question) -> Floats:
        top = q.S.max() if of_batch else q.S.max(axis=1, keepdims=True)
        return np.maximum(q.S, top - below)

    return Edit(
        f"floored {below:g} {whose}",
        f"the scores are clipped from below, {below:g} under {whose} largest",
        "loss",
        _scores(change),
    )


SCENES: tuple[Edit, ...] = (
    Edit("labels from 1", "the label y − 1 is taken for y: labels are counted from 1", "loss",
         _labels(lambda q: (q.y - 1) % q.C)),
    Edit("label after", "the label y + 1 is taken for y", "loss",
         _labels(lambda q: (q.y + 1) % q.C)),
    Edit("label 0", "the first class is taken for the correct one, whatever y is", "loss",
         _labels(lambda q: np.zeros_like(q.y))),
    Edit("last label", "the last class is taken for the correct one, whatever y is", "loss",
         _labels(lambda q: np.full_like(q.y, q.C - 1))),
    Edit("label of the first", "the first example's label is taken for all", "mean",
         _labels(lambda q: q.y[0])),
    Edit("label of the last", "the last example's label is taken for all", "mean",
         _labels(lambda q: q.y[-1])),
    Edit("labels reversed", "the labels are in reversed order", "mean",
         _labels(lambda q: q.y[::-1])),
    Edit("labels sorted", "the labels are sorted, the examples are not", "mean",
         _labels(lambda q: np.sort(q.y))),
    Edit("label ranks", "the labels are replaced by their rank among the labels that occur, as "
         "np.unique(y, return_inverse=True) gives it", "mean", _labels(_ranks), alone=True),
    Edit("labels from the smallest", "the labels are counted from the smallest that occurs: "
         "y − min(y) is taken for y", "mean", _labels(lambda q: q.y - q.y.min()), alone=True),
    Edit("labels to the largest", "the labels are counted to the largest that occurs: "
         "y + C − 1 − max(y) is taken for y", "mean",
         _labels(lambda q: q.y + q.C - 1 - q.y.max()), alone=True),
    Edit("mirrored labels", "the classes are counted from the last one back: C − 1 − y is taken "
         "for y", "loss", _labels(lambda q: q.C - 1 - q.y), alone=True),
    Edit("label of the one before", "each example has the label of the one before", "mean",
         _labels(lambda q: np.roll(q.y, 1)), alone=True),
    Edit("label of the one after", "each example has the label of the one after", "mean",
         _labels(lambda q: np.roll(q.y, -1)), alone=True),
    Edit("labels modulo 10", "the labels are taken modulo 10: that is right for C ≤ 10 alone",
         "loss", _labels(lambda q: q.y % 10), alone=True),
    Edit("two labels", "every label but 0 is taken to be 1: that is right for C = 2 alone", "loss",
         _labels(lambda q: np.minimum(q.y, 1)), alone=True),
    Edit("label − 1 from 0", "the label y − 1 is taken for y, and 0 for 0", "loss",
         _labels(lambda q: np.maximum(q.y - 1, 0)), alone=True),
    *(edit for size in (2, 4, 8, 10, 16, 20, 32, 50, 64, 100, 128, 200, 256, 500)
      for edit in _of_first_batch(size)),
    Edit("best class", "the class with the largest score is taken for the correct one, whatever y "
         "is", "loss", _labels(lambda q: q.S.argmax(axis=1))),
    Edit("no first feature", "the first feature is left out of the scores", "loss",
         _scores(_column_left_out(0))),
    Edit("no last feature", "the last feature is left out of the scores", "loss",
         _scores(_column_left_out(-1))),
    Edit("half precision", "the scores are computed in half precision, float16", "loss",
         _scores(rounded_to(np.float16))),
    Edit("over D", "the scores are divided by D", "loss", _scores(lambda q: q.S / q.D)),
    Edit("over root D", "the scores are divided by √D", "loss", _scores(lambda q: q.S / q.D**0.5)),
    Edit("negative scores", "the scores have the wrong sign", "loss", _scores(lambda q: -q.S)),
    Edit("positive scores", "negative scores count as 0", "loss",
         _scores(lambda q: np.maximum(q.S, 0))),
    Edit("absolute scores", "the absolute values of the scores stand where they belong", "loss",
         _scores(lambda q: np.abs(q.S))),
    Edit("whole scores", "the scores are cut to whole numbers", "loss",
         _scores(lambda q: np.trunc(q.S))),
    Edit("rounded scores", "the scores are rounded to whole numbers", "loss",
         _scores(lambda q: np.round(q.S)), alone=True),
    Edit("floored scores", "the scores are rounded down to whole numbers", "loss",
         _scores(lambda q: np.floor(q.S)), alone=True),
    Edit("examples transposed", "X is taken for its transpose", "shape",
         _examples(_transposed), alone=True),
    Edit("weights transposed", "W is taken for its transpose in the scores", "shape",
         _scores(lambda q: q.X @ _transposed(q.W).T), alone=True),
    Edit("weights reshaped", "W is reshaped where it should be transposed: the scores are of "
         "weights in the wrong places", "shape",
         _scores(lambda q: q.X @ q.W.T.reshape(q.W.shape).T)),
    Edit("weights reshaped back", "W is reshaped where it should be transposed: the scores are of "
         "weights in the wrong places", "shape",
         _scores(lambda q: q.X @ q.W.reshape(q.W.shape[::-1]))),
    Edit("examples reshaped", "X is reshaped where it should be transposed: features of different "
         "examples are mixed", "shape", _examples(lambda X: X.T.reshape(X.shape)), alone=True),
    Edit("examples reshaped back", "X is reshaped where it should be transposed: features of "
         "different examples are mixed", "shape",
         _examples(lambda X: X.reshape(X.shape[::-1]).T), alone=True),
    *(Edit(f"weights rounded {places}", f"the weights are rounded to {places} decimal places first",
           "loss", _scores(_of_rounded_weights(places)))
      for places in range(5)),
    Edit("scores of the first", "the scores of the first example are taken for all", "mean",
         _scores(lambda q: np.repeat(q.S[:1], q.n, axis=0))),
    Edit("scores of the last", "the scores of the last example are taken for all", "mean",
         _scores(lambda q: np.repeat(q.S[-1:], q.n, axis=0))),
    Edit("labels of 8 bits", "the labels are turned into int8 first: labels of 128 and more become "
         "negative, and count from the last class back", "loss",
         _labels(lambda q: np.where(q.y > 127, q.y - 256, q.y) % q.C)),
    Edit("lengths of features", "the weights of each feature are divided by their length in the "
         "scores, W[:, d]/‖W[:, d]‖", "loss", _scores(_with_lengths(0))),
    Edit("length of W", "W is divided by its length in the scores, W/‖W‖", "loss",
         _scores(_with_lengths(None))),
    Edit("absolute weights", "|W| stands where W belongs in the scores", "loss",
         _scores(lambda q: q.X @ np.abs(q.W.T))),
    Edit("centred", "the examples are centred first: their mean is subtracted", "loss",
         _examples(lambda X: X - X.mean(axis=0))),
    Edit("standardised", "the examples are standardised first", "loss",
         _examples(lambda X: (X - X.mean(axis=0)) / X.std(axis=0))),
    Edit("normalised", "each example is divided by its length first", "loss",
         _examples(lambda X: X / np.linalg.norm(X, axis=1, keepdims=True))),
    Edit("shortened", "examples that are longer than 1 are divided by their length first", "loss",
         _examples(lambda X: X / np.maximum(1, np.linalg.norm(X, axis=1, keepdims=True))),
         alone=True),
    Edit("largest of the batch", "the largest score of each class in the batch is subtracted, in "
         "place of the largest of each example", "loss",
         _scores(lambda q: q.S - q.S.max(axis=0)), alone=True),
    Edit("mean of the batch", "the mean score of each class in the batch is subtracted", "loss",
         _scores(lambda q: q.S - q.S.mean(axis=0)), alone=True),
    Edit("largest 1", "the examples are divided by their largest entry first", "loss",
         _examples(lambda X: X / np.abs(X).max())),
    Edit("bytes", "the examples are divided by 255 first", "loss", _examples(lambda X: X / 255)),
    Edit("wrapped", "the examples are turned into bytes, uint8, first: negative numbers wrap",
         "loss", _examples(_as_bytes)),
    Edit("whole examples", "the examples are cut to whole numbers first", "loss",
         _examples(np.trunc)),
    Edit("bias of 1", "the first feature is taken to be 1, whatever it is", "loss",
         _examples(lambda X: np.hstack([np.ones((len(X), 1)), X[:, 1:]]))),
    Edit("last bias of 1", "the last feature is taken to be 1, whatever it is", "loss",
         _examples(lambda X: np.hstack([X[:, :-1], np.ones((len(X), 1))]))),
)  # fmt: skip
