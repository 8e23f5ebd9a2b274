"""The words in which a condition can be stated: what is special, and what has a size.

A trait holds of a call, or of each example of it apart; a size is a number that a call has, or each
example. `conditions` makes conditions of them, with thresholds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradbook.questions.batch_sizes import USUAL
from gradbook.questions.formula import Floats
from gradbook.questions.question import TINY
from gradbook.questions.seen import Seen


@dataclass(frozen=True)
class Trait:
    """words, negated: clauses. of: whether it holds, of a call or of each example, (n,).

    cost: how far-fetched it is; 1 is what comes to mind first.
    """

    words: str
    negated: str
    of: Callable[[Seen], Any]
    cost: float = 1.0


#: Names up to this length are letters, and are compared with signs.
_LETTERS = 5


@dataclass(frozen=True)
class Size:
    """name: a letter or a noun. of: a number, of a call or of each example, (n,).

    whole: whether it is a whole number, that can be even or odd. cost: as of a trait. counted: of
    what it is the number, "" where it is none.
    """

    name: str
    of: Callable[[Seen], Any]
    whole: bool = False
    cost: float = 2.0
    counted: str = ""

    def compared(self, sign: str, number: str) -> str:
        """ "C > 10", "the loss is above 5"; sign: one of =, ≠, >, ≥, <, ≤."""
        if self.counted:
            many = {"=": "exactly", "≠": "not exactly", ">": "more than", "<": "fewer than"}
            return f"there are {many[sign]} {number} {self.counted}"
        if len(self.name) <= _LETTERS:
            return f"{self.name} {sign} {number}"
        verbs = {"=": "is", "≠": "is not", ">": "is above", "<": "is below"}
        later = {"≥": "or more", "≤": "or less"}
        if sign in later:
            return f"{self.name} is {number} {later[sign]}"
        return f"{self.name} {verbs[sign]} {number}"


def _sizes_alike(a: str, b: str) -> tuple[Trait, ...]:
    """How two of n, C and D compare; of a single example D > 1 comes to mind before n < D."""
    cost = 1.1 if a == "n" else 1.0

    def first(seen: Seen) -> int:
        return int(getattr(seen.q, a))

    def second(seen: Seen) -> int:
        return int(getattr(seen.q, b))

    return (
        Trait(f"{a} > {b}", f"{a} ≤ {b}", lambda seen: first(seen) > second(seen), cost),
        Trait(f"{a} < {b}", f"{a} ≥ {b}", lambda seen: first(seen) < second(seen), cost),
        Trait(f"{a} = {b}", f"{a} ≠ {b}", lambda seen: first(seen) == second(seen), cost),
    )


#: What holds of a call as a whole.
OF_CALLS: tuple[Trait, ...] = (
    *_sizes_alike("n", "D"),
    *_sizes_alike("n", "C"),
    *_sizes_alike("C", "D"),
    Trait("a label is n or more", "every label is below n",
          lambda seen: bool((seen.q.y >= seen.q.n).any()), 1.5),
    Trait("a label is D or more", "every label is below D",
          lambda seen: bool((seen.q.y >= seen.q.D).any()), 1.5),
    Trait("W = 0", "W ≠ 0", lambda seen: not seen.q.W.any()),
    Trait("X = 0", "X ≠ 0", lambda seen: not seen.q.X.any()),
    Trait("all rows of W are equal", "not all rows of W are equal",
          lambda seen: bool((seen.q.W[0] == seen.q.W).all())),
    Trait("a row of W is 0", "no row of W is 0",
          lambda seen: bool((~seen.q.W.any(axis=1)).any()), 2),
    Trait("an entry of W is 0", "no entry of W is 0", lambda seen: bool((seen.q.W == 0).any()), 2),
    Trait("an entry of X is 0", "no entry of X is 0", lambda seen: bool((seen.q.X == 0).any()), 2),
    Trait("a column of X is 0", "no column of X is 0",
          lambda seen: bool((~seen.q.X.any(axis=0)).any()), 2),
    Trait("X has a negative entry", "X has no negative entry",
          lambda seen: bool((seen.q.X < 0).any())),
    Trait("W has a negative entry", "W has no negative entry",
          lambda seen: bool((seen.q.W < 0).any())),
    Trait("X holds whole numbers", "X holds fractions",
          lambda seen: bool((np.round(seen.q.X) == seen.q.X).all()), 2),
    Trait("W holds whole numbers", "W holds fractions",
          lambda seen: bool((np.round(seen.q.W) == seen.q.W).all()), 2),
    Trait("the first feature of every example is 1", "the first feature is not 1 in every example",
          lambda seen: bool((seen.q.X[:, 0] == 1).all()), 2),
    Trait("a label repeats", "no label repeats", lambda seen: len(seen.labels) < seen.q.n),
    Trait("all labels are the same", "not all labels are the same",
          lambda seen: len(seen.labels) == 1),
    Trait("the labels are sorted", "the labels are not sorted",
          lambda seen: bool((np.diff(seen.q.y) >= 0).all()), 1.5),
    Trait("two neighbouring labels are equal", "no two neighbouring labels are equal",
          lambda seen: bool((np.diff(seen.q.y) == 0).any()), 2),
    Trait("the first and the last label are equal", "the first and the last label are not equal",
          lambda seen: bool(seen.q.y[0] == seen.q.y[-1]), 1.5),
    Trait("every class occurs", "a class does not occur",
          lambda seen: len(seen.labels) == seen.q.C),
    Trait("the last class does not occur", "the last class occurs",
          lambda seen: seen.q.C - 1 not in seen.labels),
    Trait("the first class does not occur", "the first class occurs",
          lambda seen: 0 not in seen.labels),
    Trait("an example repeats", "no example repeats",
          lambda seen: bool(seen.example_before.any())),
    Trait("no example is classified wrongly", "an example is classified wrongly",
          lambda seen: bool((seen.own == seen.top).all())),
)  # fmt: skip

#: What holds of an example, whatever the others are.
OF_EXAMPLES: tuple[Trait, ...] = (
    Trait("a margin is exactly 0", "no margin is exactly 0",
          lambda seen: (seen.u == 0).any(axis=1)),
    Trait("a margin is near 0 and not 0", "no margin is near 0 and not 0",
          lambda seen: ((np.abs(seen.u) < TINY) & (seen.u != 0)).any(axis=1)),
    Trait("no margin is active", "a margin is active", lambda seen: seen.active == 0),
    Trait("every margin is active", "not every margin is active",
          lambda seen: seen.active == (~np.isnan(seen.u)).sum(axis=1)),
    Trait("another score equals s_y", "no other score equals s_y",
          lambda seen: (seen.others == seen.own[:, None]).any(axis=1)),
    Trait("two scores are equal", "no two scores are equal", lambda seen: seen.equal_scores),
    Trait("the largest score is shared", "the largest score is not shared",
          lambda seen: (seen.top[:, None] == seen.q.S).sum(axis=1) > 1),
    Trait("two active margins are equal", "no two active margins are equal",
          lambda seen: seen.equal_margins),
    Trait("s_y is the largest score", "s_y is not the largest score",
          lambda seen: seen.own == seen.top),
    Trait("the first of the largest scores is s_y", "the first of the largest scores is not s_y",
          lambda seen: seen.q.S.argmax(axis=1) == seen.q.y, 1.2),
    Trait("s_y is the smallest score", "s_y is not the smallest score",
          lambda seen: seen.own == seen.q.S.min(axis=1)),
    Trait("y is the last class", "y is not the last class", lambda seen: seen.q.y == seen.q.C - 1),
    Trait("class y + 1 is active", "class y + 1 is not active",
          lambda seen: _neighbour(seen, 1), 2),
    Trait("class y − 1 is active", "class y − 1 is not active",
          lambda seen: _neighbour(seen, -1), 2),
    Trait("a score is negative", "no score is negative", lambda seen: (seen.q.S < 0).any(axis=1)),
    Trait("all features are 0", "a feature is not 0", lambda seen: ~seen.q.X.any(axis=1)),
    Trait("a feature is 0", "no feature is 0", lambda seen: (seen.q.X == 0).any(axis=1), 2),
    Trait("a feature is negative", "no feature is negative",
          lambda seen: (seen.q.X < 0).any(axis=1)),
)  # fmt: skip


def _in_whole_batch(size: int) -> tuple[Trait, Trait]:
    """Of batches of this size; and the same, with less than one batch taken as one."""

    def filled(seen: Seen) -> np.ndarray:
        return np.asarray(seen.i < seen.q.n - seen.q.n % size)

    left_over = f"it is one of those left over after batches of {size}"
    return (
        Trait(f"{size} examples fill its batch of {size}", left_over, filled, 1.4),
        Trait(
            f"{size} examples fill its batch of {size}, or n < {size}",
            f"{left_over}, and n > {size}",
            lambda seen: filled(seen) | (seen.q.n < size),
            1.5,
        ),
    )


#: What holds of an example among the others of its batch.
OF_PLACES: tuple[Trait, ...] = (
    Trait("its label occurs before", "its label does not occur before", lambda s: s.label_before),
    Trait("its label occurs again", "its label does not occur again", lambda s: s.label_again),
    Trait("its label repeats", "its label does not repeat",
          lambda seen: seen.label_before | seen.label_again),
    Trait("an equal example stands before", "no equal example stands before",
          lambda seen: seen.example_before),
    Trait("its label is that of the example before", "its label is not that of the example before",
          lambda seen: np.append(False, np.diff(seen.q.y) == 0)),
    Trait("i = n − 1", "i < n − 1", lambda seen: seen.i == seen.q.n - 1),
    Trait("i < ⌊n/2⌋", "i ≥ ⌊n/2⌋", lambda seen: seen.i < seen.q.n // 2, 1.5),
    Trait("i < n/2", "i ≥ n/2", lambda seen: 2 * seen.i < seen.q.n, 1.5),
    *(
        trait
        for size in USUAL
        for trait in _in_whole_batch(size)
    ),
    Trait("i < D", "i ≥ D", lambda seen: seen.i < seen.q.D),
    Trait("i < C", "i ≥ C", lambda seen: seen.i < seen.q.C),
    Trait("i = y", "i ≠ y", lambda seen: seen.i == seen.q.y),
    Trait("its loss is the largest", "its loss is not the largest",
          lambda seen: seen.q.right.loss == seen.q.right.loss.max()),
    Trait("its loss is the first of the largest", "its loss is not the first of the largest",
          lambda seen: seen.i == seen.q.right.loss.argmax(), 1.2),
    Trait("its loss is the smallest", "its loss is not the smallest",
          lambda seen: seen.q.right.loss == seen.q.right.loss.min(), 1.5),
    Trait("its loss is above the mean", "its loss is not above the mean",
          lambda seen: seen.q.right.loss > seen.q.right.loss.mean(), 1.5),
    Trait("its loss is below the mean", "its loss is not below the mean",
          lambda seen: seen.q.right.loss < seen.q.right.loss.mean(), 1.5),
    Trait("it or one before it is classified correctly",
          "neither it nor one before it is classified correctly",
          lambda seen: np.logical_or.accumulate(seen.q.S.argmax(axis=1) == seen.q.y), 1.5),
    Trait("it or one before it is classified wrongly",
          "neither it nor one before it is classified wrongly",
          lambda seen: np.logical_or.accumulate(seen.q.S.argmax(axis=1) != seen.q.y), 1.5),
    Trait("it or one before it has no active margin",
          "neither it nor one before it is without an active margin",
          lambda seen: np.logical_or.accumulate(seen.active == 0), 1.5),
)  # fmt: skip


def _neighbour(seen: Seen, step: int) -> np.ndarray:
    """Whether the score of class y ± 1, if there is one, is above s_y − 1."""
    q = seen.q
    place = q.y + step
    inside = (place >= 0) & (place < q.C)
    scores = q.S[np.arange(q.n), np.clip(place, 0, q.C - 1)]
    return np.asarray(inside & (scores - seen.own + 1 > 0))


def _norm(a: Floats) -> float:
    return float(np.sqrt((a * a).sum()))


SIZES_OF_CALLS: tuple[Size, ...] = (
    Size("n", lambda seen: seen.q.n, True, 1),
    Size("C", lambda seen: seen.q.C, True, 1),
    Size("D", lambda seen: seen.q.D, True, 1),
    Size("reg", lambda seen: seen.q.reg, cost=1),
    Size("n·D", lambda seen: seen.q.n * seen.q.D, True, 3),
    Size("n·C", lambda seen: seen.q.n * seen.q.C, True, 3),
    Size("C·D", lambda seen: seen.q.C * seen.q.D, True, 3),
    Size("the number of classes that occur", lambda seen: len(seen.labels), True, 2,
         "classes that occur"),
    Size("the number of all active margins", lambda seen: seen.active.sum(), True, 2,
         "active margins in all examples together"),
    Size("the first label", lambda seen: seen.q.y[0], True, 2),
    Size("the last label", lambda seen: seen.q.y[-1], True, 2),
    Size("the largest score", lambda seen: seen.q.S.max()),
    Size("the largest |score|", lambda seen: np.abs(seen.q.S).max()),
    Size("the largest |feature|", lambda seen: np.abs(seen.q.X).max()),
    Size("the largest feature", lambda seen: seen.q.X.max(), cost=2.1),
    Size("the largest |weight|", lambda seen: np.abs(seen.q.W).max()),
    Size("the largest weight", lambda seen: seen.q.W.max(), cost=2.1),
    Size("‖W‖", lambda seen: _norm(seen.q.W)),
    Size("ΣW²", lambda seen: _norm(seen.q.W) ** 2, cost=2.1),
    Size("Σ|W|", lambda seen: np.abs(seen.q.W).sum(), cost=2.5),
    Size("ΣW", lambda seen: seen.q.W.sum(), cost=2.5),
    Size("‖X‖", lambda seen: _norm(seen.q.X)),
    Size("ΣX", lambda seen: seen.q.X.sum(), cost=2.5),
    Size("the mean of X", lambda seen: seen.q.X.mean(), cost=2.5),
    Size("the mean of |X|", lambda seen: np.abs(seen.q.X).mean(), cost=2.5),
    Size("the standard deviation of X", lambda seen: seen.q.X.std(), cost=2.5),
    Size("the loss", lambda seen: seen.q.right.loss.mean()),
    Size("the sum of the losses", lambda seen: seen.q.right.loss.sum(), cost=2.2),
    Size("the norm of the gradient", lambda seen: _norm(seen.gradient)),
    Size("the largest |entry| of the gradient", lambda seen: np.abs(seen.gradient).max()),
    Size("the norm of the sum of the gradients", lambda seen: _norm(seen.gradient) * seen.q.n,
         cost=2.2),
)  # fmt: skip

SIZES_OF_EXAMPLES: tuple[Size, ...] = (
    Size("y", lambda seen: seen.q.y, True, 1),
    Size("the number of active margins", lambda seen: seen.active, True, 1.15, "active margins"),
    Size("s_y", lambda seen: seen.own, cost=1.5),
    Size("the largest margin", lambda seen: seen.high.max(axis=1), cost=1.5),
    Size("the smallest margin", lambda seen: seen.low.min(axis=1)),
    Size("the smallest active margin",
         lambda seen: np.where(seen.low > 0, seen.low, np.inf).min(axis=1), cost=2.2),
    Size("the loss of the example", lambda seen: seen.q.right.loss),
    Size("the largest score of the example", lambda seen: seen.top),
    Size("the smallest score of the example", lambda seen: seen.q.S.min(axis=1), cost=2.2),
    Size("the largest |score| of the example", lambda seen: np.abs(seen.q.S).max(axis=1), cost=2.2),
    Size("the number of the class with the largest score", lambda seen: seen.q.S.argmax(axis=1),
         True, 2.5),
    Size("‖x̃‖", lambda seen: np.sqrt((seen.q.X**2).sum(axis=1))),
    Size("Σx̃", lambda seen: seen.q.X.sum(axis=1), cost=2.5),
    Size("the largest |feature| of the example", lambda seen: np.abs(seen.q.X).max(axis=1),
         cost=2.2),
    Size("the first feature", lambda seen: seen.q.X[:, 0], cost=2),
    Size("the last feature", lambda seen: seen.q.X[:, -1], cost=2),
)  # fmt: skip

SIZES_OF_PLACES: tuple[Size, ...] = (
    Size("i", lambda seen: seen.i, True, 1),
    Size("n − i", lambda seen: seen.q.n - seen.i, True, 1.5),
    Size("n", lambda seen: np.full(seen.q.n, seen.q.n), True, 1.5),
    Size("C", lambda seen: np.full(seen.q.n, seen.q.C), True, 1.5),
    Size("D", lambda seen: np.full(seen.q.n, seen.q.D), True, 1.5),
    Size("the number of examples with its label", lambda seen: seen.q.own @ seen.q.own.sum(axis=0),
         True, 2),
)  # fmt: skip
