"""One call of the exact deck: a question on which nothing is rounded, and the exact answer."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

import numpy as np

from gradbook.judge.convention.presentation import Layout
from gradbook.loss import Loss
from gradbook.questions.exactness import is_exact
from gradbook.questions.question import Question


@dataclass(frozen=True, eq=False)
class Case:
    """One call and its exact answer. W: (C, D), X: (n, D), y: (n,); gradient in W's dtype.

    question: the same in float64. presented: "the numbers are float32" or "the arrays are strided",
    and the like; "" for float64 in arrays as everybody would pass them.
    """

    question: Question
    W: np.ndarray
    X: np.ndarray
    loss: float
    gradient: np.ndarray
    presented: str = ""
    layout: Layout = np.copy

    @property
    def y(self) -> np.ndarray:
        """The labels."""
        return self.question.y

    @property
    def n(self) -> int:
        """The number of examples."""
        return self.question.n


def exact_case(
    question: Question, dtype: type[np.floating] = np.float64, presented: str = ""
) -> Case | None:
    """The question with its exact answer; None if a kernel might round something somewhere."""
    loss, W, X, y = question.loss, question.W, question.X, question.y
    with np.errstate(over="ignore"):
        held = all(np.array_equal(a.astype(dtype).astype(float), a) for a in (W, X))
    if not held or not is_exact(loss, W, X, y, dtype):
        return None
    # No product or sum is rounded here, so that these scores, and Mᵀ X̃ below, are exact too.
    answers = [
        _at_scores(loss, tuple(s), label)
        for s, label in zip(question.S.tolist(), y.tolist(), strict=True)
    ]
    mu = np.array([[float(a) for a in coefficients] for _, coefficients in answers])
    return Case(
        question,
        W.astype(dtype),
        X.astype(dtype),
        float(sum(ell for ell, _ in answers) / len(y)),
        (mu.T @ X / len(y)).astype(dtype),
        presented,
    )


@lru_cache(maxsize=20_000)
def _at_scores(
    loss: Loss, s: tuple[float, ...], label: int
) -> tuple[Fraction, tuple[Fraction, ...]]:
    """ℓ and μ in rational arithmetic; the same scores occur at many sizes of x̃."""
    return loss.exact_at_scores([Fraction(v) for v in s], label)
