"""A bound on what a search computes: the same on every machine, whatever the hypotheses are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gradbook.judge.explain.hypothesis import Hypothesis
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.scene import NotPredicted, Scene

#: Units of work in one search; one is a prediction for few numbers, some 0.1 ms.
MOST = 200_000.0
#: Entries n·C·D, and examples, that cost as much as one prediction for few numbers.
_ENTRIES, _EXAMPLES = 2_000, 50


@dataclass
class Metered:
    """Predictions, until the work is done; after that nothing is predicted any more."""

    predict: Callable[[Hypothesis, Scene], Floats]
    left: float = MOST

    def __call__(self, hypothesis: Hypothesis, scene: Scene) -> Floats:
        """Raises NotPredicted where there is no work left, or nothing is defined."""
        if self.left <= 0:
            raise NotPredicted
        self.left -= work(scene.question)
        return self.predict(hypothesis, scene)


def work(question: Question) -> float:
    """What one prediction for a question costs."""
    entries = question.n * question.C * question.D
    return 1 + entries / _ENTRIES + question.n / _EXAMPLES
