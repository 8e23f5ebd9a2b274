"""A function that appends the 1 of the bias itself: W has a feature more than X."""

import numpy as np
import pytest
from edited import VECTORIZED, edited

from derivation.multiclass_svm import svm
from gradbook.judge import judge
from gradbook.judge.convention.detect import detect
from gradbook.subjects import InProcess

LAST = VECTORIZED.replace("    N, C", "    X = np.hstack([X, np.ones((len(X), 1))])\n    N, C")
FIRST = VECTORIZED.replace("    N, C", "    X = np.insert(X, 0, 1, axis=1)\n    N, C")


def judged(*changes, of=LAST):
    return judge(InProcess(edited(*changes, of=of)), svm)


@pytest.mark.quick("last")
@pytest.mark.parametrize(("source", "which"), [(LAST, "last"), (FIRST, "first")])
def test_it_is_right_and_the_convention_says_where_the_bias_is(source, which):
    found = judged(of=source)
    assert found.status == "right", found.findings
    said = f"the bias is W's {which} feature, and the examples' 1 comes from the function"
    assert said in str(found.convention)


@pytest.mark.thorough
def test_it_may_be_inside_a_w_in_one_row_too():
    row = LAST.replace("    X = np.hstack", "    W = W.reshape(C, -1).T\n    X = np.hstack")
    row = row.replace("(W, X, y, reg)", "(W, X, y, C, reg)").replace(
        "loss, dW", "loss, dW.T.ravel()"
    )
    found = detect(InProcess(edited(of=row)), svm)
    assert (found.weights, found.bias) == ("(C·D,)", "W's last feature")


@pytest.mark.thorough
def test_a_penalty_that_spares_the_bias_in_both_is_a_convention():
    both = (
        ("reg * np.sum(W * W)", "reg * np.sum(W[:-1] ** 2)"),
        ("dW = dW + 2 * reg * W", "dW[:-1] += 2 * reg * W[:-1]"),
    )
    assert judged(*both).passed
    assert not judged(both[0]).passed
    assert not judged(both[1]).passed


@pytest.mark.quick("counts the b")
@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("margins[r, y] = 0", "pass", "the correct class"),
        ("dW = X.T.dot(mask) / N", "dW = X.T.dot(mask)", "the gradient is not divided by n"),
        (
            "dW = X.T.dot(mask) / N",
            "dW = X.T.dot(mask) / N; dW[-1] *= 2",
            "the gradient with respect to b is twice the right one",
        ),
        ("np.ones(", "-np.ones(", "the bias b is subtracted from the scores"),
        (
            "reg * np.sum(W * W)",
            "reg * np.sum(W[:-1] ** 2)",
            "the penalty of the loss spares the bias b",
        ),
        (
            "dW = dW + 2 * reg * W",
            "dW[:-1] += 2 * reg * W[:-1]",
            "the penalty of the loss counts the bias b too, but its gradient does not",
        ),
    ],
)
def test_what_is_wrong_is_said_as_of_any_other(old, new, words):
    found = judged((old, new))
    assert found.status == "wrong"
    assert words in found.findings[0].sentence


@pytest.mark.thorough
def test_the_example_has_the_bias_in_it():
    found = judged(("dW = X.T.dot(mask) / N", "dW = X.T.dot(mask) * 0"))
    names = {"np": np}
    exec(LAST + found.example.replace("print(gradient)", "right = gradient"), names)
    shown = found.example.split("# right:")[1].replace("#", "").split()
    numbers = [float(word.strip("[]")) for word in shown if word.strip("[]")]
    assert numbers == names["right"].ravel().tolist()
