"""What the coefficients multiply: x̃, or what stands where it belongs.

Inside a region each row of one example's gradient is a multiple of x̃. Where it is none, it may be a
multiple of another vector of the same data, in all rows, in row y or in the rows j ≠ y: the one of
which every row that was observed is a multiple.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.scene import Scene
from gradbook.judge.search import Answered

#: How far a row may be from a multiple, relative to itself: far below what another vector makes.
_PARALLEL = 1e-6


@dataclass(frozen=True, eq=False)
class Vector:
    """words: "|x̃|", to stand before "stands where x̃ belongs"; or all that is said. of: (n, D), or
    (n, C, D) for one that depends on the row. guarded: whether 0 stands where it is no number.
    """

    words: str
    of: Callable[[Scene], Floats]
    guarded: bool = False

    @property
    def said(self) -> str:
        return self.words if ":" in self.words else f"{self.words} stands where x̃ belongs"


@lru_cache(maxsize=50_000)
def vectors(vector: Vector, scene: Scene) -> Floats:
    """The vector for each example and row: (n, C, D)."""
    with np.errstate(all="ignore"):
        found = np.asarray(vector.of(scene), dtype=float)
    if vector.guarded:
        found = np.where(np.isfinite(found), found, 0.0)
    if found.ndim == 2:
        found = found[:, None, :]
    question = scene.question
    return np.broadcast_to(found, (question.n, question.C, question.D))


def _of_X(change: Callable[[Floats], Any]) -> Callable[[Scene], Floats]:
    return lambda scene: change(scene.question.X)


def _length(X: Floats, order: float) -> Floats:
    return np.asarray(np.linalg.norm(X, ord=order, axis=1, keepdims=True))


def _masked(keep: Callable[[int], np.ndarray]) -> Callable[[Scene], Floats]:
    return lambda scene: scene.question.X * keep(scene.question.D)


def _moved(step: int) -> Callable[[Scene], Floats]:
    return _of_X(lambda X: np.roll(X, step, axis=1))


def _pushed(step: int) -> Callable[[Scene], Floats]:
    """Shifted by one, a 0 taking the place that is left."""

    def change(X: Floats) -> Floats:
        moved = np.roll(X, step, axis=1)
        moved[:, 0 if step > 0 else -1] = 0
        return moved

    return _of_X(change)


def _rows_of_W(scene: Scene) -> Floats:
    return np.repeat(scene.question.W[None], scene.question.n, axis=0)


def _W_y(scene: Scene) -> Floats:
    return scene.own @ scene.question.W


def _difference_of_W(scene: Scene) -> Floats:
    return _rows_of_W(scene) - _W_y(scene)[:, None, :]


X = Vector("x̃", lambda scene: scene.question.X)

VECTORS: tuple[Vector, ...] = (
    Vector("sign(x̃)", _of_X(np.sign)),
    Vector("|x̃|", _of_X(np.abs)),
    Vector("x̃²", _of_X(np.square)),
    Vector("x̃·|x̃|", _of_X(lambda X: X * np.abs(X))),
    Vector("x̃³", _of_X(lambda X: X**3)),
    Vector("√|x̃|", _of_X(lambda X: np.sqrt(np.abs(X)))),
    Vector("sign(x̃)·√|x̃|", _of_X(lambda X: np.sign(X) * np.sqrt(np.abs(X)))),
    Vector("max(0, x̃)", _of_X(lambda X: np.maximum(X, 0))),
    Vector("min(0, x̃)", _of_X(lambda X: np.minimum(X, 0))),
    Vector("the indicator 1{x̃ > 0} of the features", _of_X(lambda X: 1.0 * (X > 0))),
    Vector("the indicator 1{x̃ ≠ 0} of the features", _of_X(lambda X: 1.0 * (X != 0))),
    Vector("the constant 𝟙", _of_X(np.ones_like)),
    Vector("x̃ / ‖x̃‖, the example divided by its length,", _of_X(lambda X: X / _length(X, 2))),
    Vector("x̃ / ‖x̃‖², the example divided by the square of its length,",
           _of_X(lambda X: X / _length(X, 2) ** 2)),
    *(Vector(f"x̃ / (‖x̃‖ + {words}), the example divided by its length,", _of_X(
        lambda X, least=least: X / (_length(X, 2) + least)))  # type: ignore[misc]
      for words, least in (("1", 1.0), ("10⁻⁵", 1e-5), ("10⁻⁶", 1e-6), ("10⁻⁷", 1e-7),
                           ("10⁻⁸", 1e-8), ("10⁻⁹", 1e-9), ("10⁻¹⁰", 1e-10),
                           ("10⁻¹²", 1e-12))),
    Vector("x̃ / Σ|x̃|", _of_X(lambda X: X / _length(X, 1))),
    Vector("x̃ / Σx̃", _of_X(lambda X: X / X.sum(axis=1, keepdims=True))),
    Vector("x̃ / max|x̃|", _of_X(lambda X: X / _length(X, np.inf))),
    Vector("‖x̃‖·x̃", _of_X(lambda X: X * _length(X, 2))),
    Vector("x̃ / √D", _of_X(lambda X: X / np.sqrt(X.shape[1]))),
    Vector("x̃ / D", _of_X(lambda X: X / X.shape[1])),
    Vector("x̃ less the mean of its features", _of_X(lambda X: X - X.mean(axis=1, keepdims=True))),
    Vector("x̃ less its mean and divided by its standard deviation", _of_X(
        lambda X: (X - X.mean(axis=1, keepdims=True)) / X.std(axis=1, keepdims=True))),
    Vector("the mean of the features", _of_X(
        lambda X: np.repeat(X.mean(axis=1, keepdims=True), X.shape[1], axis=1))),
    Vector("the sum of the features", _of_X(
        lambda X: np.repeat(X.sum(axis=1, keepdims=True), X.shape[1], axis=1))),
    Vector("the first feature, in every column,", _of_X(
        lambda X: np.repeat(X[:, :1], X.shape[1], axis=1))),
    Vector("the last feature, in every column,", _of_X(
        lambda X: np.repeat(X[:, -1:], X.shape[1], axis=1))),
    Vector("x̃ clipped to ±1", _of_X(lambda X: np.clip(X, -1, 1))),
    Vector("x̃ clipped to 0 … 1", _of_X(lambda X: np.clip(X, 0, 1))),
    Vector("tanh(x̃)", _of_X(np.tanh)),
    Vector("eˣ̃", _of_X(np.exp)),
    Vector("x̃ cut to whole numbers", _of_X(np.trunc)),
    Vector("x̃ rounded down to whole numbers", _of_X(np.floor)),
    Vector("x̃ rounded to whole numbers", _of_X(np.round)),
    Vector("x̃ + 1", _of_X(lambda X: X + 1)),
    Vector("x̃ − 1", _of_X(lambda X: X - 1)),
    Vector("1 − x̃", _of_X(lambda X: 1 - X)),
    Vector("the features are in reversed order: x̃ reversed", _of_X(lambda X: X[:, ::-1])),
    Vector("the features are sorted: x̃ in ascending order", _of_X(lambda X: np.sort(X, axis=1))),
    Vector("the features are summed up: their running sum", _of_X(lambda X: np.cumsum(X, axis=1))),
    Vector("the features are shifted by one: feature d stands in column d + 1", _moved(1)),
    Vector("the features are shifted by one: feature d stands in column d − 1", _moved(-1)),
    Vector("the features are shifted by one: feature d stands in column d + 1, and 0 in the first",
           _pushed(1)),
    Vector("the features are shifted by one: feature d stands in column d − 1, and 0 in the last",
           _pushed(-1)),
    Vector("a feature is missing: the column of the first stays 0",
           _masked(lambda D: np.arange(D) > 0)),
    Vector("a feature is missing: the column of the last stays 0",
           _masked(lambda D: np.arange(D) < D - 1)),
    Vector("a feature is missing: the second column stays 0", _masked(lambda D: np.arange(D) != 1)),
    Vector("the first feature alone is there: the other columns stay 0",
           _masked(lambda D: np.arange(D) == 0)),
    Vector("the last feature alone is there: the other columns stay 0",
           _masked(lambda D: np.arange(D) == D - 1)),
    Vector("every other feature is missing: the columns 1, 3, 5 … stay 0",
           _masked(lambda D: np.arange(D) % 2 == 0)),
    Vector("every other feature is missing: the columns 0, 2, 4 … stay 0",
           _masked(lambda D: np.arange(D) % 2 == 1)),
    Vector("the first feature is taken to be 1: its column is the sum of the coefficients", _of_X(
        lambda X: np.hstack([np.ones_like(X[:, :1]), X[:, 1:]]))),
    Vector("the last feature is taken to be 1: its column is the sum of the coefficients", _of_X(
        lambda X: np.hstack([X[:, :-1], np.ones_like(X[:, :1])]))),
    Vector("the first feature is doubled: its column is twice the right one", _of_X(
        lambda X: np.hstack([2 * X[:, :1], X[:, 1:]]))),
    Vector("the last feature is doubled: its column is twice the right one", _of_X(
        lambda X: np.hstack([X[:, :-1], 2 * X[:, -1:]]))),
    Vector("x̃ times the numbers 1, 2, 3 … of its features", _of_X(
        lambda X: X * np.arange(1, X.shape[1] + 1))),
    Vector("x̃ times the numbers 0, 1, 2 … of its features", _of_X(
        lambda X: X * np.arange(X.shape[1]))),
    Vector("W_j, the row's own weights,", _rows_of_W),
    Vector("W_y, the weights of the correct class,", _W_y),
    Vector("W_j − W_y, the difference of the weights,", _difference_of_W),
    Vector("|W_j|", lambda scene: np.abs(_rows_of_W(scene))),
    Vector("x̃ + W_j", lambda scene: scene.question.X[:, None, :] + scene.question.W),
    Vector("x̃ − W_j", lambda scene: scene.question.X[:, None, :] - scene.question.W),
    Vector("x̃ + W_y", lambda scene: scene.question.X + _W_y(scene)),
    Vector("x̃ − W_y", lambda scene: scene.question.X - _W_y(scene)),
    Vector("x̃ ∘ W_j, the product feature by feature,",
           lambda scene: scene.question.X[:, None, :] * scene.question.W),
    Vector("s_j·x̃", lambda scene: scene.question.S[:, :, None] * scene.question.X[:, None, :]),
    Vector("the mean of the rows of W", lambda scene: np.repeat(
        scene.question.W.mean(axis=0)[None], scene.question.n, axis=0)),
)  # fmt: skip

#: Vectors that are made of other examples: for one example alone each is x̃ or 0.
OF_BATCHES: tuple[Vector, ...] = (
    Vector("the first example", _of_X(lambda X: np.repeat(X[:1], len(X), axis=0))),
    Vector("the last example", _of_X(lambda X: np.repeat(X[-1:], len(X), axis=0))),
    Vector("the mean of the examples", _of_X(
        lambda X: np.repeat(X.mean(axis=0, keepdims=True), len(X), axis=0))),
    Vector("the sum of the examples", _of_X(
        lambda X: np.repeat(X.sum(axis=0, keepdims=True), len(X), axis=0))),
    Vector("the median of the examples", _of_X(
        lambda X: np.repeat(np.median(X, axis=0)[None], len(X), axis=0))),
    Vector("the largest value of each feature", _of_X(
        lambda X: np.repeat(X.max(axis=0)[None], len(X), axis=0))),
    Vector("x̃ less the mean of the examples", _of_X(lambda X: X - X.mean(axis=0))),
    Vector("x̃ less the first example", _of_X(lambda X: X - X[0])),
    Vector("x̃ standardised over the examples", _of_X(
        lambda X: (X - X.mean(axis=0)) / X.std(axis=0))),
    Vector("x̃ divided by the length of all examples together", _of_X(
        lambda X: X / np.linalg.norm(X))),
    Vector("x̃ divided by the length of each feature's column", _of_X(
        lambda X: X / np.linalg.norm(X, axis=0))),
    Vector("x̃ divided by the largest entry of X", _of_X(lambda X: X / np.abs(X).max())),
    Vector("x̃ divided by the largest entry of each feature", _of_X(
        lambda X: X / np.abs(X).max(axis=0))),
    Vector("the example before", _of_X(lambda X: np.roll(X, 1, axis=0))),
    Vector("the example after", _of_X(lambda X: np.roll(X, -1, axis=0))),
    Vector("the examples are in reversed order: example n − 1 − i", _of_X(lambda X: X[::-1])),
    Vector("the examples are in the order of their labels: the i-th of them", lambda scene: (
        scene.question.X[np.argsort(scene.question.y, kind="stable")])),
    Vector("the mean of the examples with the same label", lambda scene: (
        (scene.own / np.maximum(scene.own.sum(axis=0), 1)) @ scene.own.T @ scene.question.X)),
    Vector("the first example with the same label", lambda scene: scene.question.X[
        (scene.question.y[:, None] == scene.question.y).argmax(axis=1)]),
    Vector("the last example with the same label", lambda scene: scene.question.X[
        scene.question.n - 1
        - (scene.question.y[:, None] == scene.question.y[::-1]).argmax(axis=1)]),
    Vector("the running sum of the examples", _of_X(lambda X: np.cumsum(X, axis=0))),
    Vector("the sum of the example and the one before", _of_X(
        lambda X: X + np.roll(X, 1, axis=0))),
    Vector("the example whose number is j", lambda scene: scene.question.X[
        np.arange(scene.question.C) % scene.question.n][None]),
    Vector("the example whose number is y", lambda scene: scene.question.X[
        scene.question.y % scene.question.n]),
    *VECTORS,
)  # fmt: skip

#: In which rows another vector stands.
ALL, ROW_Y, ROWS_J = "", "in row y alone, ", "in the rows j ≠ y alone, "


def multiplying(vector: Vector, rows: str = ALL) -> Edit:
    """The edit that puts the vector where x̃ belongs, in all rows, in row y or in the others."""

    def apply(scene: Scene) -> Floats:
        found = vectors(vector, scene)
        own, X = scene.own[:, :, None] == 1, scene.question.X[:, None, :]
        if rows == ROW_Y:
            return np.where(own, found, X)
        return found if rows == ALL else np.where(own, X, found)

    return Edit(f"multiplies {rows}{vector.words}", f"{rows}{vector.said}", "gradient", apply)


def parallel_to(vector: Vector, singles: Sequence[Answered], own: bool) -> bool:
    """Whether row y, or each row j ≠ y, of every single example is a multiple of the vector."""
    for answer in singles:
        rows = answer.scene.own[0] == (1 if own else 0)
        found, v = answer.found[rows], vectors(vector, answer.scene)[0][rows]
        if not np.isfinite(v).all() or not np.isfinite(found).all():
            continue
        size = (v * v).sum(axis=1)
        times = np.divide((found * v).sum(axis=1), size, out=np.zeros(len(v)), where=size > 0)
        apart = np.abs(found - times[:, None] * v).max(axis=1, initial=0.0)
        if (apart > _PARALLEL * np.abs(found).max(axis=1, initial=0.0)).any():
            return False
    return True


def multiplicands(singles: Sequence[Answered], own: bool) -> Iterator[Vector]:
    """x̃ if every row is a multiple of it, else what of the list every row is a multiple of."""
    if parallel_to(X, singles, own):
        yield X
        return
    telling = sorted(singles, key=lambda answer: answer.scene.question.D < 3)
    for vector in VECTORS:
        if parallel_to(vector, telling, own):
            yield from either(vector)


def either(vector: Vector) -> Iterator[Vector]:
    """The vector, and with 0 where it would be 0/0."""
    yield vector
    if "/" in vector.words or "divided" in vector.words or "standard" in vector.words:
        yield replace(vector, guarded=True)
