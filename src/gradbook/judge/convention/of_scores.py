"""Functions of given scores, (S, y) -> (loss, ∂L/∂S), as the layers of networks are.

They are read as functions of W, X and y: the scores are X Wᵀ, and the gradient with respect to W is
(∂L/∂S)ᵀ X, unless the function is given X and works it out itself. On exact data both products are
exact, so that nothing is lost or added.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Any

import numpy as np

from gradbook.subjects import Answer, Argument, Subject
from gradbook.subjects.names import role_of
from gradbook.subjects.subject import Wrapped

_LABELS = ("y", "labels", "label", "targets", "t", "y_true", "target")
#: What a layer may be given besides: it is no part of the data.
SETTINGS = frozenset(("margin", "reg", "classes", "features", "count", "flag"))


@dataclass(frozen=True)
class OfScores(Wrapped):
    """A function of W (C, D), X (N, D) and y, made of one of the scores (N, C) and y.

    called: what it calls its "scores" and "y", and "X" if it wants that too. What it takes besides
    it is given as it is.
    """

    called: Mapping[str, str]

    @property
    def parameters(self) -> tuple[str, ...]:
        return ("W", "X", "y", *self._others)

    @property
    def defaults(self) -> Mapping[str, Any]:
        known = self.subject.defaults
        return {name: known[name] for name in self._others if name in known}

    @property
    def _others(self) -> list[str]:
        data = self.called.values()
        return [name for name in self.subject.parameters if name not in data]

    @property
    def remarks(self) -> tuple[str, ...]:
        said = f"{self.called['scores']}: the scores X Wᵀ"
        if "X" not in self.called:
            said += "; the gradient with respect to them is multiplied by X"
        return (*self.subject.remarks, said)

    def fresh(self) -> OfScores:
        return replace(self, subject=self.subject.fresh())

    def __call__(self, *arguments: Argument, **keywords: Argument) -> Answer:
        given = dict(zip(self.parameters, arguments, strict=False)) | keywords
        W, X = given.pop("W"), given["X"]
        assert isinstance(W, np.ndarray)
        assert isinstance(X, np.ndarray)
        if W.ndim != 2 or X.ndim > 2 or W.shape[1] != X.shape[-1]:
            return Answer(error="is a function of scores: the shapes of W and X do not fit")
        # Of one example, X (D,), the scores are (C,).
        scores = X.astype(np.result_type(X, W), copy=False) @ W.T
        if X.flags.f_contiguous and not X.flags.c_contiguous:  # and so are scores of such data
            scores = np.asfortranarray(scores)
        given["scores"] = scores
        answer = self._called({self.called.get(name, name): each for name, each in given.items()})
        names = {self.called["scores"]: "X"}
        changed = tuple(names.get(name, name) for name in answer.changed)
        if answer.gradient is None:
            return replace(answer, changed=changed, aliases=())
        if "X" in self.called and answer.gradient.shape == W.shape[::-1]:
            return replace(answer, gradient=answer.gradient.T, changed=changed, aliases=())
        if answer.gradient.shape != scores.shape:
            error = (
                f"returns a gradient of the shape {answer.gradient.shape} where the scores have "
            )
            return replace(answer, error=f"{error}{scores.shape}", gradient=None, changed=changed)
        return replace(answer, gradient=_times(answer.gradient, X), changed=changed, aliases=())

    def _called(self, values: Mapping[str, Argument]) -> Answer:
        """Called by position up to the first parameter that is not given, then by name."""
        placed = list(takewhile(values.__contains__, self.subject.parameters))
        named = {
            name: values[name] for name in self.subject.parameters[len(placed) :] if name in values
        }
        return self.subject(*(values[name] for name in placed), **named)


def _times(slopes: np.ndarray, X: np.ndarray) -> np.ndarray:
    """(∂L/∂S)ᵀ X, of a batch or of one example."""
    with np.errstate(all="ignore"):
        return np.outer(slopes, X) if X.ndim == 1 else slopes.T @ X


def of_scores(subject: Subject) -> OfScores | None:
    """The subject as a function of W, X and y, if it takes scores and labels, and X or nothing."""
    required = [name for name in subject.parameters if name not in subject.defaults]
    data = [name for name in required if role_of(name) not in SETTINGS]
    if len(data) == 2 and data[1].lower() in _LABELS:
        return OfScores(subject, {"scores": data[0], "y": data[1]})
    called = {role_of(name): name for name in data}
    known = len(data) == 3 and called.keys() == {"X", "scores", "y"}
    return OfScores(subject, called) if known else None
