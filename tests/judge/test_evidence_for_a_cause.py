"""What counts as evidence for a cause, and what does not."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.edits import Edit
from gradbook.judge.explain.search import explanations
from gradbook.questions.scene import scene_of
from gradbook.questions.varied import varied

SAID = "it is odd", "it is odd"
CAUSE = Edit("GB999", lambda: SAID, "loss", lambda scene: scene, False, "odd")
QUESTIONS = list(varied(svm, 200, np.random.default_rng(1)))


def answered(value, wrong):
    """1 to every question, but this value to those that are answered wrongly."""
    return [
        Answered(
            scene_of(question, 0.0),
            np.asarray(value if wrong(question) else 1.0),
            np.asarray(1e-9),
            wrong(question),
        )
        for question in QUESTIONS
    ]


@pytest.mark.parametrize(("value", "found"), [(7.0, 1), (np.inf, 0), (np.nan, 0)])
def test_an_overflow_alone_is_no_evidence_for_a_cause_under_a_condition(value, found):
    """Many things overflow where others do; a number that is foretold is another matter."""
    answers = answered(value, lambda question: question.n > 20)

    def predict(hypothesis, scene):
        odd = "sum" in hypothesis.edits and hypothesis.applies(scene)
        return np.asarray(value if odd else 1.0)

    assert len(explanations(answers, {"sum": lambda: (CAUSE,)}, predict)[:1]) == found


@pytest.mark.parametrize(("wrong", "made"), [(False, []), (True, ["sum"])])
def test_no_edits_are_made_that_the_search_does_not_come_to(wrong, made):
    asked = []

    def edits_of(part):
        return lambda: asked.append(part) or (CAUSE,)

    answers = answered(7.0, lambda question: wrong)
    slots = {part: edits_of(part) for part in ("sum", "formula")}
    found = explanations(answers, slots, lambda one, scene: np.asarray(7.0), kept=1)
    assert (len(found), asked) == (int(wrong), made)
