"""Hypotheses: few edits of the page together, and what they predict for one question."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np

from gradbook.judge.explain.edits import Edit, Slots
from gradbook.questions.conditions import Condition
from gradbook.questions.formula import Floats
from gradbook.questions.scene import NotPredicted, Scene

#: A margin of so little is 0 to within rounding; multiples of 1 / _DYADIC are not rounded.
_NEAR, _DYADIC = 1e-12, 2.0**20
#: The parts that make another function of the scores.
_LOSSES = ("losses", "formula")


@dataclass(frozen=True)
class Hypothesis:
    """edits: by the part that they change. condition: where they apply, None is everywhere.

    Elsewhere the hypothesis predicts the right answer; of the examples of a batch, for those that
    do not fulfil a condition of each.
    """

    edits: Mapping[str, Edit] = field(default_factory=dict)
    condition: Condition | None = None

    @property
    def parts(self) -> int:
        """How much it assumes."""
        return len(self.edits) + (self.condition is not None)

    @property
    def keys(self) -> frozenset[Hashable]:
        return frozenset(edit.key for edit in self.edits.values())

    def is_zero(self, scene: Scene) -> bool:
        """Whether it says that all of a part is 0, everywhere."""
        factor = self.edits.get("factor")
        return self.condition is None and factor is not None and factor.apply(scene) == 0

    def applies(self, scene: Scene) -> np.ndarray | bool:
        """True or False for all examples, or which of them, (n,)."""
        if self.condition is None:
            return True
        if not self.condition.each:
            return self.condition.holds(scene.question)
        those = self.condition.of_examples(scene.question)
        return bool(those.any()) if those.all() or not those.any() else those

    def gradient(self, scene: Scene) -> Floats:
        """The data's part of the gradient, (C, D)."""
        those = self.applies(scene)
        if those is False:
            return np.asarray(scene.mu.T @ scene.question.X / scene.question.n)
        seen = self._seen(scene)
        a = self._made("counted", seen, self._coefficients(seen))
        X = self.edits["multiplied"].apply(seen) if "multiplied" in self.edits else seen.question.X
        rest: Floats | float = 0.0
        if those is not True:
            a = a * those[:, None]
            rest = (scene.mu * ~those[:, None]).T @ scene.question.X / scene.question.n
        # A vector that depends on the row as well is (n, C, D).
        total = a.T @ X if X.ndim == 2 else np.einsum("nc,ncd->cd", a, X)
        return self.of_sum(scene, np.asarray(total) / scene.question.n, "gradient") + rest

    def loss(self, scene: Scene) -> float:
        """The data's part of the loss."""
        those = self.applies(scene)
        if those is False:
            return float(scene.question.right.loss.mean())
        seen = self._seen(scene)
        terms = seen.question.right.loss
        if "losses" in self.edits:
            terms = self.edits["losses"].apply(seen)
        terms = self._made("counted", seen, terms[:, None])
        if terms.shape[1] != 1:  # what is done to single rows of the gradient
            raise NotPredicted
        rest = 0.0
        if those is not True:
            terms = np.ravel(terms) * those
            rest = float((scene.question.right.loss * ~those).sum()) / scene.question.n
        total = np.asarray(np.sum(terms) / scene.question.n)
        return float(self.of_sum(scene, total, "loss")) + rest

    def of_sum(self, scene: Scene, value: Floats, part: str) -> Floats:
        """What the factor and the last edit make of a sum, of the "loss" or of the "gradient"."""
        if "factor" in self.edits:
            value = value * self.edits["factor"].apply(scene)
        return self._made(part, scene, value)

    def twin(self) -> Hypothesis | None:
        """What the loss has, if the gradient has this, or the other way round; None if unknown."""
        of_both = {"factor", "formula", "counted", "seen"}
        return Hypothesis(self.edits, self.condition) if set(self.edits) <= of_both else None

    def undecided(self, scene: Scene, predicted: Floats) -> bool:
        """Whether rounding decides what it comes to: another number tells nothing against it.

        It decides on which side of a kink the data are that are made of others; and where the
        function of the scores that stands for the loss has no number of its own.
        """
        if "seen" not in self.edits:
            return not self.edits.keys().isdisjoint(_LOSSES) and not np.isfinite(predicted).all()
        q = self._seen(scene).question
        near = np.abs(q.right.kinks) <= _NEAR * (1 + np.abs(q.S).max())
        return bool(near.any()) and not np.array_equal(q.S, np.round(q.S * _DYADIC) / _DYADIC)

    def _seen(self, scene: Scene) -> Scene:
        for part in ("seen", "formula"):
            if part in self.edits:
                scene = scene.seen_through(self.edits[part])
        return scene

    def _coefficients(self, scene: Scene) -> Floats:
        mu = self._made("coefficients", scene, scene.mu)
        if "row_y" in self.edits:
            others = mu * (1 - scene.own)
            mu = others + scene.own * self.edits["row_y"].apply(scene, others)[:, None]
        return mu

    def _made(self, part: str, scene: Scene, value: Floats) -> Floats:
        """What the edit of a part makes of a value, if there is one."""
        return np.asarray(self.edits[part].apply(scene, value)) if part in self.edits else value


def hypotheses(slots: Slots, parts: int) -> Iterator[Hypothesis]:
    """All with so many edits, of different parts."""
    for names in combinations(slots, parts):
        usable = ([one for one in slots[name]() if parts == 1 or not one.alone] for name in names)
        for edits in product(*usable):
            yield Hypothesis(dict(zip(names, edits, strict=True)))
