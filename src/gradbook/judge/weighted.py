"""Functions whose reg is the weight of the data, as C is in ½·ΣW² + C·Σ_i L_i, read as the others.

Whatever the data's part L and the penalty R are, f(C) = R + C·L. So L + reg·R is f(1) − f(0) where
reg is 0, and reg·f(1/reg) elsewhere; where L is a sum over the examples, 1/n is in its weight.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.judge.convention import Convention
from gradbook.subjects import Answer, Argument, Subject


@dataclass(frozen=True)
class Weighted:
    """The function of a subject, with the weight on the penalty. convention: of the subject."""

    subject: Subject
    convention: Convention

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def parameters(self) -> tuple[str, ...]:
        return self.subject.parameters

    @property
    def defaults(self) -> Mapping[str, Any]:
        return self.subject.defaults

    @property
    def remarks(self) -> tuple[str, ...]:
        return self.subject.remarks

    @property
    def renews(self) -> bool:
        return self.subject.renews

    def fresh(self) -> Weighted:
        return replace(self, subject=self.subject.fresh())

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        given = dict(zip(self.convention.roles, (*arguments, *keywords.values()), strict=True))
        reg, n = given["reg"], self._examples(given["X"])
        assert isinstance(reg, float)
        if reg:
            return _combined([(reg, self._at(1 / (reg * n), arguments, keywords))])
        one = self._at(1.0, arguments, keywords)
        if one.error:
            return one
        return _combined([(1 / n, one), (-1 / n, self._at(0.0, arguments, keywords))])

    def _examples(self, X: Argument) -> int:
        """n where the sum over the examples is weighed, else 1."""
        if self.convention.weighs != "sum" or self.convention.of_one:
            return 1
        return int(np.asarray(X).shape[0 if self.convention.examples == "(N, D)" else 1])

    def _at(
        self, weight: float, arguments: tuple[Argument, ...], keywords: Mapping[str, Argument]
    ) -> Answer:
        by_name = dict(self.convention.named)
        return self.subject(
            *(
                weight if role == "reg" else value
                for role, value in zip(self.convention.order, arguments, strict=True)
            ),
            **{
                name: weight if by_name[name] == "reg" else value
                for name, value in keywords.items()
            },
        )


def _combined(terms: list[tuple[float, Answer]]) -> Answer:
    """The sum of answers with weights; the first that failed, if one did."""
    failed = next((answer for _, answer in terms if answer.error), None)
    if failed is not None:
        return failed
    last = terms[-1][1]
    losses = [factor * answer.loss for factor, answer in terms if answer.loss is not None]
    gradients = [
        factor * answer.gradient for factor, answer in terms if answer.gradient is not None
    ]
    whole = len(losses) == len(terms) or len(gradients) == len(terms)
    fit = len({gradient.shape for gradient in gradients}) <= 1
    return replace(
        last,
        loss=sum(losses) if len(losses) == len(terms) else None,
        gradient=np.asarray(sum(gradients)) if gradients and fit and whole else None,
        changed=tuple(dict.fromkeys(name for _, answer in terms for name in answer.changed)),
    )
