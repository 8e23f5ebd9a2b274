"""A question as the page sees it: margins, indicators, coefficients, and what is special there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.values import terms


class NotPredicted(Exception):
    """What is asked for is not defined for this loss."""


@dataclass(frozen=True, eq=False)
class Scene:
    """A question under a convention at the kink.

    at_kink: the value of the indicator of a margin of exactly 0; None is read as 0.
    """

    question: Question
    at_kink: float | None

    @cached_property
    def mu(self) -> Floats:
        """The right coefficients, (n, C)."""
        if not self.question.at_kink or self.at_kink is None:
            return self.question.right.mu
        return self.question.right_at_kink(self.at_kink).mu

    @cached_property
    def mu_of_others(self) -> Floats:
        """The right coefficients of the classes j ≠ y, 0 in the own class: (n, C)."""
        return np.asarray(self.mu * (1 - self.own))

    @property
    def own(self) -> Floats:
        """1 where the class is the example's own: (n, C)."""
        return self.question.own

    @cached_property
    def one_margin_each(self) -> bool:
        """Whether the loss has one kink for each class but the label's, as the page's has."""
        u = self.question.right.kinks
        return u.shape == self.own.shape and bool((np.isnan(u) == (self.own == 1)).all())

    @cached_property
    def terms(self) -> Floats:
        """What each class adds to the loss of an example, (n, C). Raises NotPredicted if it is no
        sum of such terms.
        """
        question = self.question
        found = terms(question.loss, question.S, question.y)
        if found is None:
            raise NotPredicted
        return found

    @cached_property
    def u(self) -> Floats:
        """The margins, (n, C), with the 1 that s_y − s_y + 1 is in the example's own class.

        Raises NotPredicted for a loss that has not one margin for each j ≠ y.
        """
        if not self.one_margin_each:
            raise NotPredicted
        return np.where(self.own == 1, 1.0, self.question.right.kinks)

    @cached_property
    def active(self) -> Floats:
        """1{u > 0} for j ≠ y, in the convention at the kink; 0 in the own class. (n, C)."""
        return self.indicator(self.u)

    def require_indicators(self) -> None:
        """Raises NotPredicted unless the rows j ≠ y have the indicators of their margins."""
        if not np.array_equal(self.mu_of_others, self.active):
            raise NotPredicted

    def with_labels(self, y: np.ndarray) -> Scene:
        """The same with other labels, (n,) or one for all."""
        labels = np.broadcast_to(y, self.question.y.shape).astype(np.int64)
        return Scene(replace(self.question, y=labels), self.at_kink)

    def with_examples(self, X: Floats) -> Scene:
        """The same with other examples, in the scores and in the gradient."""
        return Scene(replace(self.question, X=X), self.at_kink)

    def with_scores(self, S: Floats) -> Scene:
        """The same with other scores; the examples that the coefficients multiply stay."""
        question = replace(self.question)
        question.__dict__["S"] = np.asarray(S, dtype=float)
        return Scene(question, self.at_kink)

    @cached_property
    def _seen(self) -> dict[str, Scene]:
        return {}

    def seen_through(self, edit: Any) -> Scene:
        """The scene that an edit of the data makes of this one, made once."""
        if edit.key not in self._seen:
            self._seen[edit.key] = edit.apply(self)
        return self._seen[edit.key]

    def indicator(self, u: Floats) -> Floats:
        """1{u > 0} in the convention at the kink, 0 in the own class."""
        kink = self.at_kink or 0.0
        return np.where(u > 0, 1.0, np.where(u == 0, kink, 0.0)) * (1 - self.own)


@lru_cache(maxsize=8192)
def scene_of(question: Question, at_kink: float | None) -> Scene:
    return Scene(question, at_kink)
