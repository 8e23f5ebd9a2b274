"""Numbers of an example, or of an example and a class, on which a coefficient may depend.

The page's coefficients depend on the sign of s_j − s_y + 1 alone. What a kernel makes them depend
on besides is found among these: by a threshold, a value or a parity that separates where a
coefficient is one number from where it is another, or by a formula.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.scene import Scene


@dataclass(frozen=True, eq=False)
class Quantity:
    """words: "s_j", to stand before "> 0". of: (n, C), or (n, 1) for a number of the example.

    whole: whether its values are whole numbers, of which parity may be asked. named: what is said
    in place of "words = 0" and the like, by sign and number: {"= 0": "s_j is the largest score"}.
    means: what a letter stands for, where the words hold one that the page has not. of_batch:
    whether it depends on the other examples.
    """

    words: str
    of: Callable[[Scene], Any]
    whole: bool = False
    named: tuple[tuple[str, str], ...] = ()
    means: str = ""
    of_batch: bool = False

    def says(self, sign: str, value: str) -> str:
        """ "s_j > 0", in plainer words where there are such."""
        plain = dict(self.named).get(f"{sign} {value}")
        return plain or f"{self.words} {sign} {value}"


@lru_cache(maxsize=200_000)
def valued(quantity: Quantity, scene: Scene) -> Floats:
    """The quantity of every example and class: (n, C), float."""
    with np.errstate(all="ignore"):
        value = np.asarray(quantity.of(scene), dtype=float)
    return np.broadcast_to(value, scene.own.shape)


def count(scene: Scene) -> Floats:
    """How many margins of each example are active: (n, 1)."""
    return np.asarray(scene.active.sum(axis=1, keepdims=True))


def _own(scene: Scene, a: Floats) -> Floats:
    return np.asarray((a * scene.own).sum(axis=1, keepdims=True))


def _s_y(scene: Scene) -> Floats:
    return _own(scene, scene.question.S)


def _j(scene: Scene) -> Floats:
    return np.arange(scene.question.C, dtype=float)[None, :]


def _y(scene: Scene) -> Floats:
    return scene.question.y[:, None].astype(float)


def _others(scene: Scene) -> Floats:
    """The margins of j ≠ y, −∞ in the own class."""
    return np.where(scene.own == 1, -np.inf, scene.u)


def hinges(scene: Scene) -> Floats:
    """max(0, s_j − s_y + 1) for j ≠ y, 0 in the own class: (n, C)."""
    return np.maximum(scene.u, 0) * (1 - scene.own)


def _rank(scene: Scene) -> Floats:
    """1 for the largest margin of an example, equal ones in the order of the classes."""
    order = np.argsort(-_others(scene), axis=1, kind="stable")
    return np.asarray(np.argsort(order, axis=1, kind="stable") + 1.0)


def _larger_margins(scene: Scene) -> Floats:
    u = _others(scene)
    return np.asarray((u[:, None, :] > u[:, :, None]).sum(axis=2), dtype=float)


def _after_label(scene: Scene) -> Floats:
    """j − y of the example before; 1 for every class where there is none."""
    before = np.roll(_y(scene), 1, axis=0)
    apart = _j(scene) - before
    apart[0] = 1
    return apart


def _before(scene: Scene) -> Floats:
    return np.asarray(np.cumsum(scene.active, axis=1) - scene.active)


def _after(scene: Scene) -> Floats:
    return count(scene) - np.cumsum(scene.active, axis=1)


def _neighbour(step: int, of: Callable[[Scene], Floats]) -> Callable[[Scene], Floats]:
    return lambda scene: np.roll(of(scene), -step, axis=1)


def _larger_scores(scene: Scene) -> Floats:
    return np.asarray((_s_y(scene) < scene.question.S).sum(axis=1, keepdims=True), dtype=float)


def _mean_margin(scene: Scene) -> Floats:
    u = scene.u * (1 - scene.own)
    return np.asarray(u.sum(axis=1, keepdims=True) / (scene.question.C - 1))


def _of_features(of: Callable[[Floats], Floats]) -> Callable[[Scene], Floats]:
    return lambda scene: np.asarray(of(scene.question.X))[:, None]


def _of_weights(of: Callable[[Floats], Floats]) -> Callable[[Scene], Floats]:
    return lambda scene: np.asarray(of(scene.question.W))[None, :]


def _of_own_weights(of: Callable[[Floats], Floats]) -> Callable[[Scene], Floats]:
    return lambda scene: (scene.own @ of(scene.question.W))[:, None]


def _length(a: Floats) -> Floats:
    return np.asarray(np.sqrt((a * a).sum(axis=1)))


def _sums(a: Floats) -> Floats:
    return np.asarray(a.sum(axis=1))


#: Of an example: (n, 1).
OF_EXAMPLES: tuple[Quantity, ...] = (
    Quantity("k", count, whole=True, means="k the number of active classes of the example",
             named=(("= 1", "one margin of the example alone is active"),
                    ("> 1", "more than one margin of the example is active"))),
    Quantity("s_y", _s_y),
    Quantity("y", _y, whole=True, named=(("= 0", "y is the first class"),
                                         ("> 0", "y is not the first class"),
                    ("≠ 0", "y is not the first class"))),
    Quantity("C − 1 − y", lambda scene: scene.question.C - 1 - _y(scene),
             named=(("= 0", "y is the last class"), ("> 0", "y is not the last class"),
                    ("≠ 0", "y is not the last class"))),
    Quantity("s_y − max_a s_a", lambda scene: _s_y(scene)
             - scene.question.S.max(axis=1, keepdims=True),
             named=(("= 0", "s_y is the largest score"), ("< 0", "s_y is not the largest score"))),
    Quantity("max_{j≠y} (s_j − s_y + 1)", lambda scene: _others(scene).max(axis=1, keepdims=True)),
    Quantity("|s_y|", lambda scene: np.abs(_s_y(scene))),
    Quantity("max_a |s_a|", lambda scene: np.abs(scene.question.S).max(axis=1, keepdims=True)),
    Quantity("max_a s_a", lambda scene: scene.question.S.max(axis=1, keepdims=True)),
    Quantity("min_a s_a", lambda scene: scene.question.S.min(axis=1, keepdims=True)),
    Quantity("Σ_a s_a", lambda scene: scene.question.S.sum(axis=1, keepdims=True)),
    Quantity("the number of positive scores", lambda scene: (scene.question.S > 0).sum(
        axis=1, keepdims=True), whole=True),
    Quantity("the number of scores above s_y", _larger_scores, whole=True),
    Quantity("the loss ℓ_i of the example", lambda scene: hinges(scene).sum(
        axis=1, keepdims=True)),
    Quantity("Σ_{j≠y} (s_j − s_y + 1)", lambda scene: (scene.u * (1 - scene.own)).sum(
        axis=1, keepdims=True)),
    Quantity("the mean of the margins", _mean_margin),
    Quantity("‖x̃‖", _of_features(_length)),
    Quantity("the sum of the features", _of_features(_sums)),
    Quantity("the first feature", _of_features(lambda X: X[:, 0])),
    Quantity("the last feature", _of_features(lambda X: X[:, -1])),
    Quantity("max |x̃|", _of_features(lambda X: np.abs(X).max(axis=1))),
    Quantity("‖W_y‖", _of_own_weights(_length)),
    Quantity("the sum of W_y", _of_own_weights(_sums)),
    Quantity("i", lambda scene: np.arange(scene.question.n)[:, None], whole=True, of_batch=True,
             named=(("= 0", "i is the first example"), ("> 0", "i is not the first example"),
                    ("≠ 0", "i is not the first example"))),
    Quantity("n − 1 − i", lambda scene: np.arange(scene.question.n)[::-1, None], of_batch=True,
             named=(("= 0", "i is the last example"), ("> 0", "i is not the last example"),
                    ("≠ 0", "i is not the last example"))),
    Quantity("C", lambda scene: np.full((1, 1), scene.question.C), whole=True),
    Quantity("D", lambda scene: np.full((1, 1), scene.question.D), whole=True),
    Quantity("n", lambda scene: np.full((1, 1), scene.question.n), whole=True, of_batch=True),
)  # fmt: skip

#: Of an example and a class j ≠ y: (n, C).
OF_PAIRS: tuple[Quantity, ...] = (
    Quantity("s_j", lambda scene: scene.question.S),
    Quantity("j − y", lambda scene: _j(scene) - _y(scene),
             named=(("> 0", "j > y"), ("< 0", "j < y"), ("= 1", "j = y + 1"),
                    ("= −1", "j = y − 1"))),
    Quantity("s_j − s_y + 1", lambda scene: scene.u,
             named=(("> 1", "s_j > s_y"), ("≥ 1", "s_j ≥ s_y"), ("= 1", "s_j = s_y"),
                    ("≠ 1", "s_j ≠ s_y"), ("≤ 1", "s_j ≤ s_y"), ("< 1", "s_j < s_y"))),
    Quantity("j", _j, whole=True,
             named=(("= 0", "j is the first class"), ("> 0", "j is not the first class"),
                    ("≠ 0", "j is not the first class"))),
    Quantity("C − 1 − j", lambda scene: scene.question.C - 1 - _j(scene),
             named=(("= 0", "j is the last class"), ("> 0", "j is not the last class"),
                    ("≠ 0", "j is not the last class"))),
    Quantity("|j − y|", lambda scene: np.abs(_j(scene) - _y(scene)), whole=True),
    Quantity("j + y", lambda scene: _j(scene) + _y(scene), whole=True),
    Quantity("(j − y) mod C", lambda scene: (_j(scene) - _y(scene)) % scene.question.C),
    Quantity("s_j − max_a s_a", lambda scene: scene.question.S
             - scene.question.S.max(axis=1, keepdims=True),
             named=(("= 0", "s_j is the largest score"), ("< 0", "s_j is not the largest score"))),
    Quantity("the rank of its margin", _rank, whole=True,
             means="the largest margin of an example having rank 1"),
    Quantity("the number of classes with a larger margin", _larger_margins, whole=True,
             named=(("= 0", "no other margin is larger"), ("> 0", "another margin is larger"))),
    Quantity("the number of active classes before j", _before, whole=True),
    Quantity("the number of active classes after j", _after, whole=True),
    Quantity("|s_j|", lambda scene: np.abs(scene.question.S)),
    Quantity("|s_j − s_y + 1|", lambda scene: np.abs(scene.u)),
    Quantity("|s_j| − |s_y|", lambda scene: np.abs(scene.question.S) - np.abs(_s_y(scene)),
             named=(("> 0", "|s_j| > |s_y|"), ("≥ 0", "|s_j| ≥ |s_y|"),
                    ("< 0", "|s_j| < |s_y|"), ("≤ 0", "|s_j| ≤ |s_y|"))),
    Quantity("s_j + s_y", lambda scene: scene.question.S + _s_y(scene)),
    Quantity("s_j · s_y", lambda scene: scene.question.S * _s_y(scene)),
    Quantity("s_j − the mean of the scores", lambda scene: scene.question.S
             - scene.question.S.mean(axis=1, keepdims=True),
             named=(("> 0", "s_j is above the mean of the scores"),)),
    Quantity("s_j − s_y + 1 − the mean of the margins", lambda scene: scene.u
             - _mean_margin(scene)),
    Quantity("s_j − s_{j−1}", lambda scene: scene.question.S
             - _neighbour(-1, lambda seen: seen.question.S)(scene)),
    Quantity("s_j − s_{j+1}", lambda scene: scene.question.S
             - _neighbour(1, lambda seen: seen.question.S)(scene)),
    Quantity("s_{j−1}", _neighbour(-1, lambda scene: scene.question.S)),
    Quantity("s_{j+1}", _neighbour(1, lambda scene: scene.question.S)),
    Quantity("the margin of class j − 1", _neighbour(-1, lambda scene: scene.u)),
    Quantity("the margin of class j + 1", _neighbour(1, lambda scene: scene.u)),
    Quantity("the margin of class j in the example before", lambda scene: np.roll(
        scene.u, 1, axis=0), of_batch=True),
    Quantity("the margin of class j in the example after", lambda scene: np.roll(
        scene.u, -1, axis=0), of_batch=True),
    Quantity("j − y of the example before", lambda scene: _j(scene) - np.roll(
        _y(scene), 1, axis=0), of_batch=True,
             named=(("= 0", "j is the label of the example before"),
                    ("≠ 0", "j is not the label of the example before"))),
    Quantity("j − y of the example before, if there is one", _after_label, of_batch=True,
             named=(("= 0", "i > 0 and j is the label of the example before"),
                    ("≠ 0", "i = 0 or j is not the label of the example before"))),
    Quantity("the number of earlier examples in which class j is active", lambda scene: (
        np.cumsum(scene.active, axis=0) - scene.active), whole=True, of_batch=True),
    Quantity("the number of examples in which class j is active", lambda scene: scene.active.sum(
        axis=0)[None, :], whole=True, of_batch=True),
    Quantity("the number of examples of class j", lambda scene: scene.own.sum(
        axis=0)[None, :], whole=True, of_batch=True),
    Quantity("the number of earlier examples of class j", lambda scene: (
        np.cumsum(scene.own, axis=0) - scene.own), whole=True, of_batch=True),
    Quantity("‖W_j‖", _of_weights(_length)),
    Quantity("‖W_j‖ − ‖W_y‖", lambda scene: _of_weights(_length)(scene)
             - _of_own_weights(_length)(scene)),
    Quantity("the sum of W_j", _of_weights(_sums)),
    Quantity("the first weight of W_j", _of_weights(lambda W: W[:, 0])),
    Quantity("the last weight of W_j", _of_weights(lambda W: W[:, -1])),
)  # fmt: skip

#: All of them, those first that people are most likely to have in mind.
QUANTITIES: tuple[Quantity, ...] = (*OF_PAIRS[:10], *OF_EXAMPLES[:6], *OF_PAIRS[10:],
                                    *OF_EXAMPLES[6:])  # fmt: skip

#: The margin itself.
MARGIN = OF_PAIRS[2]
