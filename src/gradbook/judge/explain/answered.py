"""Answers as the search for a cause sees them: of the loss alone, or of the gradient alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from gradbook.judge.convention.evidence import Observation
from gradbook.questions.formula import Floats
from gradbook.questions.scene import Scene, scene_of


@dataclass(frozen=True, eq=False)
class Answered:
    """One number or matrix that came back for data with reg = 0, and what it may differ by."""

    scene: Scene
    found: Floats
    bound: Floats
    wrong: bool

    @property
    def right(self) -> Floats:
        """What should have come."""
        question = self.scene.question
        if not self.found.ndim:
            return np.asarray(question.right.loss.mean())
        return np.asarray(self.scene.mu.T @ question.X / question.n)


def gradients(observations: Iterable[Observation]) -> list[Answered]:
    """The gradients of all observations from which something can be learnt."""
    return [
        Answered(
            scene_of(one.question, one.convention.at_kink),
            np.asarray(one.reply.gradient, dtype=float),
            one.expected.gradient_bound,
            one.gradient_wrong,
        )
        for one in observations
        if one.reply.gradient is not None and not (one.failed or one.beyond or one.undecided)
    ]


def losses(observations: Iterable[Observation]) -> list[Answered]:
    """The losses."""
    return [
        Answered(
            scene_of(one.question, one.convention.at_kink),
            np.asarray(one.reply.loss),
            np.asarray(one.expected.loss_bound),
            one.loss_wrong,
        )
        for one in observations
        if one.reply.loss is not None and not (one.failed or one.beyond)
    ]
