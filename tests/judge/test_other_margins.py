"""A margin that is a parameter is meant in the loss and in the gradient."""

import pytest
from edited import VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.subjects import InProcess

DELTA = VECTORIZED.replace("(W, X, y, reg)", "(W, X, y, reg, delta=1.0)").replace(
    "[:, None] + 1)", "[:, None] + delta)"
)


def judged(*changes, of=DELTA):
    return judge(InProcess(edited(*changes, of=of)), svm)


def test_a_function_that_means_its_margin_is_right():
    found = judged()
    assert found.passed
    assert not found.findings
    required = DELTA.replace("reg, delta=1.0", "delta, reg")
    assert not judged(of=required).findings


@pytest.mark.quick("for delta = 1 alone: in")
@pytest.mark.parametrize(
    ("mask", "words"),
    [
        (
            "(scores - scores[r, y][:, None] > -1)",
            "right for delta = 1 alone: in the gradient, the margin is 1, whatever delta is",
        ),
        (
            "(scores - scores[r, y][:, None] > -(delta**2))",
            "right for delta = 1 alone: with delta = 2, the gradient is wrong",
        ),
    ],
)
def test_a_margin_that_the_gradient_has_otherwise_is_wrong(mask, words):
    own = ("mask[r, y] = -mask", "mask[r, y] = 0; mask[r, y] = -mask")
    found = judged(("(margins > 0)", mask), own)
    assert found.status == "wrong"
    assert found.findings[0].sentence == words


@pytest.mark.thorough
def test_a_margin_that_is_ignored_is_a_finding_of_a_right_function():
    found = judged(("[:, None] + delta)", "[:, None] + 1)"))
    assert found.passed
    assert "the margin is 1, whatever delta is" in found.findings[0].sentence
