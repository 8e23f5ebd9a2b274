"""Functions of given scores, (S, y) -> (loss, ∂L/∂S), as the layers of networks are.

They are read as functions of W, X and y: the scores are X Wᵀ, and the gradient with respect to W is
(∂L/∂S)ᵀ X, unless the function is given X and works it out itself. On exact data both products are
exact, so that nothing is lost or added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.subjects import Answer, Argument, Subject
from gradbook.subjects.names import role_of

_LABELS = ("y", "labels", "label", "targets", "t", "y_true", "target")


@dataclass(frozen=True)
class OfScores:
    """A function of W (C, D), X (N, D) and y, made of one of the scores (N, C) and y.

    roles: of what it takes, in its order: "scores" and "y", and "X" if it wants that too.
    """

    subject: Subject
    roles: tuple[str, ...] = ("scores", "y")

    @property
    def name(self) -> str:
        return self.subject.name

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("W", "X", "y")

    @property
    def defaults(self) -> Mapping[str, Any]:
        return {}

    @property
    def numbers(self) -> tuple[int, ...]:
        return self.subject.numbers

    @property
    def remarks(self) -> tuple[str, ...]:
        said = f"{self._scores}: the scores X Wᵀ"
        if "X" not in self.roles:
            said += "; the gradient with respect to them is multiplied by X"
        return (*self.subject.remarks, said)

    @property
    def call(self) -> tuple[str, ...]:
        return self.subject.call

    @property
    def _scores(self) -> str:
        """What it calls the scores."""
        return self.subject.parameters[self.roles.index("scores")]

    @property
    def renews(self) -> bool:
        return self.subject.renews

    def fresh(self) -> OfScores:
        return replace(self, subject=self.subject.fresh())

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        W, X, y = arguments
        assert isinstance(W, np.ndarray)
        assert isinstance(X, np.ndarray)
        if W.ndim != 2 or X.ndim > 2 or W.shape[1] != X.shape[-1]:
            return Answer(error="is a function of scores: the shapes of W and X do not fit")
        # Of one example, X (D,), the scores are (C,).
        scores = X.astype(np.result_type(X, W), copy=False) @ W.T
        if X.flags.f_contiguous and not X.flags.c_contiguous:  # and so are scores of such data
            scores = np.asfortranarray(scores)
        given = {"scores": scores, "X": X, "y": y}
        answer = self.subject(*(given[role] for role in self.roles), **keywords)
        names = {self._scores: "X"}
        changed = tuple(names.get(name, name) for name in answer.changed)
        if answer.gradient is None:
            return replace(answer, changed=changed, aliases=())
        if "X" in self.roles and answer.gradient.shape == W.shape[::-1]:
            return replace(answer, gradient=answer.gradient.T, changed=changed, aliases=())
        if answer.gradient.shape != scores.shape:
            error = (
                f"returns a gradient of the shape {answer.gradient.shape} where the scores have "
            )
            return replace(answer, error=f"{error}{scores.shape}", gradient=None, changed=changed)
        return replace(answer, gradient=_times(answer.gradient, X), changed=changed, aliases=())


def _times(slopes: np.ndarray, X: np.ndarray) -> np.ndarray:
    """(∂L/∂S)ᵀ X, of a batch or of one example."""
    return np.outer(slopes, X) if X.ndim == 1 else slopes.T @ X


def of_scores(subject: Subject) -> OfScores | None:
    """The subject as a function of W, X and y, if it takes scores and labels, and X or nothing."""
    required = [name for name in subject.parameters if name not in subject.defaults]
    if len(required) == 2 and required[1].lower() in _LABELS:
        return OfScores(subject)
    roles = tuple(map(role_of, required))
    return OfScores(subject, roles) if sorted(roles) == ["X", "scores", "y"] else None
