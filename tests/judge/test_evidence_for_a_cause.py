"""What counts as evidence for a cause, and what does not."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.edits import Edit
from gradbook.judge.explain.search import explanations
from gradbook.questions.scene import scene_of
from gradbook.questions.varied import varied

CAUSE = Edit("GB999", "it is odd", "it is odd", "loss", lambda scene: scene, False, "odd")
QUESTIONS = list(varied(svm, 200, np.random.default_rng(1)))


@pytest.mark.parametrize(("value", "found"), [(7.0, 1), (np.inf, 0), (np.nan, 0)])
def test_an_overflow_alone_is_no_evidence_for_a_cause_under_a_condition(value, found):
    """Many things overflow where others do; a number that is foretold is another matter."""
    answers = [
        Answered(
            scene_of(question, 0.0),
            np.asarray(value if question.n > 20 else 1.0),
            np.asarray(1e-9),
            question.n > 20,
        )
        for question in QUESTIONS
    ]

    def predict(hypothesis, scene):
        odd = "sum" in hypothesis.edits and hypothesis.applies(scene)
        return np.asarray(value if odd else 1.0)

    assert len(explanations(answers, {"sum": lambda: (CAUSE,)}, predict)[:1]) == found
