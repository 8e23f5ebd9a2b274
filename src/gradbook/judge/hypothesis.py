"""Hypotheses: few edits of the page together, and what they predict for one question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, product

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.conditions import Condition
from gradbook.judge.edits import INDICATORS, Edit
from gradbook.judge.results import GRADIENT_RESULTS, LOSS_RESULTS
from gradbook.judge.rows import FEATURES, PLACES, ROW_Y, ROW_Y_OF_ANY_LOSS, ROWS
from gradbook.judge.scene import NotPredicted, Scene
from gradbook.judge.scenes import SCENES
from gradbook.judge.sums import SCALES, SUMS
from gradbook.judge.terms import TERMS

#: The parts of the page's gradient and of its loss, those first that are most often wrong together.
GRADIENT: Mapping[str, Sequence[Edit]] = {
    "row y": ROW_Y,
    "scale": SCALES,
    "indicator": INDICATORS,
    "rows": ROWS,
    "sum": SUMS,
    "feature": FEATURES,
    "place": PLACES,
    "result": GRADIENT_RESULTS,
    "scene": SCENES,
}
LOSS: Mapping[str, Sequence[Edit]] = {
    "term": TERMS,
    "scale": SCALES,
    "sum": SUMS,
    "result": LOSS_RESULTS,
    "scene": SCENES,
}
#: What there is in place of these parts in a loss without margins.
WITHOUT_MARGINS: Mapping[str, Sequence[Edit]] = {
    "row y": ROW_Y_OF_ANY_LOSS,
    "indicator": (),
    "term": (),
}


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
    def keys(self) -> frozenset[str]:
        return frozenset(edit.key for edit in self.edits.values())

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
        seen = self._scene(scene)
        a = self._coefficients(seen)
        X = self.edits["feature"].apply(seen) if "feature" in self.edits else seen.question.X
        if "sum" in self.edits:
            a = self.edits["sum"].apply(seen, a)
        rest: Floats | float = 0.0
        if those is not True:
            if "added" in self.edits:  # it does not say what each example adds
                raise NotPredicted
            a = a * those[:, None]
            rest = (scene.mu * ~those[:, None]).T @ scene.question.X / scene.question.n
        # A vector that depends on the row as well is (n, C, D).
        total = a.T @ X if X.ndim == 2 else np.einsum("nc,ncd->cd", a, X)
        if "added" in self.edits:
            total = total + self.edits["added"].apply(seen)
        gradient = np.asarray(total) * self._scale(seen) / scene.question.n
        return self._result(scene, gradient) + rest

    def loss(self, scene: Scene) -> float:
        """The data's part of the loss."""
        those = self.applies(scene)
        if those is False:
            return float(scene.question.right.loss.mean())
        seen = self._scene(scene)
        terms = seen.question.right.loss
        if "term" in self.edits:
            terms = self.edits["term"].apply(seen)
        if "sum" in self.edits:
            terms = self.edits["sum"].apply(seen, terms[:, None])
            if terms.shape[1] != 1:  # what is done to single rows of the gradient
                raise NotPredicted
        rest = 0.0
        if those is not True:
            terms = np.ravel(terms) * those
            rest = float((scene.question.right.loss * ~those).sum()) / scene.question.n
        total = float(np.sum(terms)) * self._scale(seen) / scene.question.n
        return float(self._result(scene, np.asarray(total))) + rest

    def of_sum(self, scene: Scene, value: Floats) -> Floats:
        """What the factor and the last edit make of a sum to which they are applied."""
        return self._result(scene, value * self._scale(scene))

    def twin(self) -> Hypothesis | None:
        """What the loss has, if the gradient has this, or the other way round; None if unknown."""
        parts = {"indicator": "term", "term": "indicator"}
        edits: dict[str, Edit] = {}
        for part, edit in self.edits.items():
            if part in parts and edit.twin is not None:
                edits[parts[part]] = edit.twin
            elif part in ("scale", "sum", "scene", "formula"):
                edits[part] = edit
            else:
                return None
        return Hypothesis(edits, self.condition)

    def _scene(self, scene: Scene) -> Scene:
        for part in ("scene", "formula"):
            if part in self.edits:
                scene = scene.seen_through(self.edits[part])
        return scene

    def _result(self, scene: Scene, value: Floats) -> Floats:
        edit = self.edits.get("result")
        return value if edit is None else np.asarray(edit.apply(scene, value))

    def _scale(self, scene: Scene) -> float:
        edit = self.edits.get("scale")
        return 1.0 if edit is None else float(edit.apply(scene))

    def _coefficients(self, scene: Scene) -> Floats:
        own = scene.own
        a = scene.mu_of_others
        if "indicator" in self.edits:
            a = self.edits["indicator"].apply(scene)
        if "indicator" not in self.edits and "row y" not in self.edits:
            row_y = scene.mu_of_y
        elif "row y" in self.edits:
            row_y = self.edits["row y"].apply(scene, a)
        else:
            row_y = -a.sum(axis=1)
        if "rows" in self.edits:
            return np.asarray(self.edits["rows"].apply(scene, a + own * row_y[:, None]))
        if "place" in self.edits:
            own = self.edits["place"].apply(scene)
        return np.asarray(a + own * row_y[:, None])


def hypotheses(slots: Mapping[str, Sequence[Edit]], parts: int) -> Iterator[Hypothesis]:
    """All with so many edits, of different parts."""
    usable = {
        name: [edit for edit in edits if parts == 1 or not edit.alone]
        for name, edits in slots.items()
    }
    for names in combinations(usable, parts):
        for edits in product(*(usable[name] for name in names)):
            yield Hypothesis(dict(zip(names, edits, strict=True)))
