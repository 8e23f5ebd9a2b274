"""The search for a cause ends after so much work, whatever it is asked."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.explain.hypothesis import Hypothesis
from gradbook.judge.explain.work import Metered, work
from gradbook.questions.deck import generic
from gradbook.questions.scene import NotPredicted, scene_of


def question(n, D, C):
    return generic(svm, n, D, C, np.random.default_rng(1))


def test_predictions_end_when_the_work_is_done():
    small = question(1, 3, 3)
    metered = Metered(lambda one, scene: one.gradient(scene), left=2.5 * work(small))
    scene = scene_of(small, 0.0)
    for _ in range(3):
        assert np.isfinite(metered(Hypothesis(), scene)).all()
    with pytest.raises(NotPredicted):
        metered(Hypothesis(), scene)


def test_large_questions_cost_more():
    assert work(question(2, 400, 10)) > 4 * work(question(2, 4, 3))
    assert work(question(400, 2, 3)) > 4 * work(question(2, 2, 3))
