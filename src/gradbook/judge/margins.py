"""What a kernel may take for the margin s_j − s_y + 1: another constant, another score for s_y, …

The loss sums what is positive of it, and the gradient has its indicator, so that a fault of the
margin is one fault of both.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.quantities import count
from gradbook.judge.question import Question
from gradbook.judge.scene import Scene


@dataclass(frozen=True)
class Margin:
    """words: to follow "the margin is". of: what stands in its place, (n, C)."""

    words: str
    of: Callable[[Scene], Floats]

    @property
    def said(self) -> str:
        return f"the margin is {self.words}, not s_j − s_y + 1"

    def indicator(self) -> Edit:
        """Its indicators in the gradient."""
        return Edit(self.words, self.said, "loss", lambda scene: scene.indicator(self.of(scene)))

    def term(self) -> Edit:
        """The loss of an example."""

        def apply(scene: Scene) -> Floats:
            u = np.where(scene.own == 1, 0.0, self.of(scene))
            return np.asarray(np.maximum(u, 0).sum(axis=1))

        return Edit(self.words, self.said, "loss", apply)


def _own_scores(question: Question) -> Floats:
    return question.S[np.arange(question.n), question.y]


def _with_constant(words: str, of: Callable[[Scene], Any]) -> Margin:
    return Margin(f"s_j − s_y + {words}", lambda scene: scene.u - 1 + np.asarray(of(scene)))


def _against(words: str, of: Callable[[Question], Floats]) -> Margin:
    """The margin over another number than s_y: (n,), or (n, C)."""

    def margin(scene: Scene) -> Floats:
        other = np.asarray(of(scene.question))
        other = other[:, None] if other.ndim == 1 else other
        return scene.question.S - other + 1

    return Margin(f"s_j − {words} + 1", margin)


def _distance(scene: Scene) -> Floats:
    return np.abs(np.arange(scene.question.C) - scene.question.y[:, None])


def _of_flat(entries: Callable[[Question], Floats], places: Callable[[Question], np.ndarray]
             ) -> Callable[[Question], Floats]:  # fmt: skip
    """Entries of an array that is read as one row, after a wrong number of steps."""

    def of(question: Question) -> Floats:
        flat = np.asarray(entries(question)).ravel()
        return flat[places(question) % len(flat)]

    return of


def _i(question: Question) -> np.ndarray:
    return np.arange(question.n)


def _of_example(place: Callable[[Question], np.ndarray | int]) -> Callable[[Question], Floats]:
    """s_y with the label of i, of another example's scores."""
    return lambda q: q.S[np.broadcast_to(place(q), q.y.shape) % q.n, q.y]


def _of_label(label: Callable[[Question], np.ndarray | int]) -> Callable[[Question], Floats]:
    """The score of another class than y."""
    return lambda q: q.S[_i(q), np.broadcast_to(label(q), q.y.shape) % q.C]


def _of_classes(q: Question) -> Floats:
    """Where n = C, s_y of the example numbered j: a row that should be a column."""
    return np.broadcast_to(_own_scores(q), q.S.shape) if q.n == q.C else q.S * np.nan


def _lengths(scene: Scene) -> Floats:
    """Of the weights of each class; of weights 0 it is taken to be 1."""
    lengths = np.linalg.norm(scene.question.W, axis=1)
    return np.where(lengths > 0, lengths, 1.0)


def _by_length(scene: Scene) -> Floats:
    """Scores divided by the length of the weights."""
    S = scene.question.S / _lengths(scene)
    return np.asarray(S - (S * scene.own).sum(axis=1, keepdims=True) + 1)


MARGINS: tuple[Margin, ...] = (
    _with_constant("|j − y|", _distance),
    _with_constant("|j − y|/C", lambda scene: _distance(scene) / scene.question.C),
    _with_constant("n", lambda scene: float(scene.question.n)),
    _with_constant("1/n", lambda scene: 1 / scene.question.n),
    _with_constant("D", lambda scene: float(scene.question.D)),
    _with_constant("1/D", lambda scene: 1 / scene.question.D),
    _with_constant("i", lambda scene: _i(scene.question)[:, None]),
    _with_constant("(i + 1)", lambda scene: _i(scene.question)[:, None] + 1),
    _with_constant("k, with k the number of active classes,", count),
    _with_constant("‖x̃‖", lambda scene: np.linalg.norm(scene.question.X, axis=1)[:, None]),
    _with_constant("‖W‖", lambda scene: np.linalg.norm(scene.question.W)),
    _with_constant("1{j > y}", lambda scene: np.arange(scene.question.C)
                   > scene.question.y[:, None]),
    _with_constant("1{j < y}", lambda scene: np.arange(scene.question.C)
                   < scene.question.y[:, None]),
    _with_constant("the share of the examples that have the label y", lambda scene: (
        scene.own @ scene.own.mean(axis=0))[:, None]),
    Margin("s_j/‖W_j‖ − s_y/‖W_y‖ + 1", _by_length),
    Margin("s_j for j > y, s_y being overwritten with its own margin by then", lambda scene: (
        np.where(np.arange(scene.question.C) > scene.question.y[:, None], scene.question.S,
                 scene.u))),
    Margin("(s_j − s_y + 1)/‖x̃‖", lambda scene: (scene.u - 1) / np.linalg.norm(
        scene.question.X, axis=1)[:, None] + 1),
    _against("s_{y+1}", _of_label(lambda q: q.y + 1)),
    _against("s_{y−1}", _of_label(lambda q: q.y - 1)),
    _against("the score of the class before j", lambda q: np.roll(q.S, 1, axis=1)),
    _against("the score of the class after j", lambda q: np.roll(q.S, -1, axis=1)),
    _against("the largest score", lambda q: q.S.max(axis=1)),
    _against("the smallest score", lambda q: q.S.min(axis=1)),
    _against("the mean of the scores", lambda q: q.S.mean(axis=1)),
    _against("the score of the first example's label", _of_label(lambda q: q.y[0])),
    _against("the score of the last example's label", _of_label(lambda q: q.y[-1])),
    _against("the score of the label of the example before",
             _of_label(lambda q: np.roll(q.y, 1))),
    _against("the score of the label of the example after",
             _of_label(lambda q: np.roll(q.y, -1))),
    _against("the first example's score of class y", _of_example(lambda q: 0)),
    _against("the last example's score of class y", _of_example(lambda q: -1)),
    _against("the score of class y of the example before", _of_example(lambda q: _i(q) - 1)),
    _against("the score of class y of the example after", _of_example(lambda q: _i(q) + 1)),
    _against("the score of class y of the example numbered y", _of_example(lambda q: q.y)),
    _against("the score of the class numbered i, whatever y is", _of_label(_i)),
    _against("the first example's s_y", lambda q: np.full(q.n, _own_scores(q)[0])),
    _against("the last example's s_y", lambda q: np.full(q.n, _own_scores(q)[-1])),
    _against("s_y of the example before", lambda q: np.roll(_own_scores(q), 1)),
    _against("s_y of the example after", lambda q: np.roll(_own_scores(q), -1)),
    _against("the mean of s_y over the examples", lambda q: np.full(q.n, _own_scores(q).mean())),
    _against("s_y of the example numbered j", _of_classes),
    _against("the entry y of all scores in one row", _of_flat(lambda q: q.S, lambda q: q.y)),
    _against("the entry i·n + y of all scores in one row, not i·C + y,",
             _of_flat(lambda q: q.S, lambda q: _i(q) * q.n + q.y)),
    _against("the entry i·D + y of all scores in one row, not i·C + y,",
             _of_flat(lambda q: q.S, lambda q: _i(q) * q.D + q.y)),
    _against("the entry i·(C − 1) + y of all scores in one row, not i·C + y,",
             _of_flat(lambda q: q.S, lambda q: _i(q) * (q.C - 1) + q.y)),
    _against("the entry y·n + i of all scores in one row, not i·C + y,",
             _of_flat(lambda q: q.S, lambda q: q.y * q.n + _i(q))),
    _against("the entry y·C + i of all scores in one row, not i·C + y,",
             _of_flat(lambda q: q.S, lambda q: q.y * q.C + _i(q))),
    _against("the entry i·C + y of the transposed scores in one row",
             _of_flat(lambda q: q.S.T, lambda q: _i(q) * q.C + q.y)),
)  # fmt: skip

MARGIN_INDICATORS: tuple[Edit, ...] = tuple(margin.indicator() for margin in MARGINS)
MARGIN_SUMS: tuple[Edit, ...] = tuple(margin.term() for margin in MARGINS)

_ALONE = (
    "each class is judged by itself, with max(0, 1 + s_j) for j ≠ y and max(0, 1 − s_y): this is "
    "another loss, that of one class against all others"
)


def _rows_alone(scene: Scene, a: Floats) -> Floats:
    S = scene.question.S
    return np.where(scene.own == 1, -1.0 * (S < 1), 1.0 * (S > -1))


def _loss_alone(scene: Scene) -> Floats:
    S = scene.question.S
    return np.asarray(np.maximum(np.where(scene.own == 1, 1 - S, 1 + S), 0).sum(axis=1))


#: Coefficients of all rows, and the loss of an example, that compare no class with another.
ALONE_ROWS = Edit("one against all", _ALONE, "loss", _rows_alone)
ALONE_TERM = Edit("one against all", _ALONE, "loss", _loss_alone)
