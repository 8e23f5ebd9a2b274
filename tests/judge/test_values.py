"""The loss and its coefficients by dual numbers, against the symbolic derivation."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Sum, exp

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.check.formula import Unsuitable
from gradbook.judge.values import values
from gradbook.notation import C, equal, hinge, j, k, s, step, unequal, y

margin = s[j] - s[y] + 1
LOSSES = [
    svm,
    Loss("squared", Sum(unequal(j, y) * hinge(margin) ** 2, (j, 0, C - 1)), "squared"),
    Loss("other kink", Sum(unequal(j, y) * hinge(margin, Rational(1, 2)), (j, 0, C - 1)), "other"),
    Loss(
        "one against all",
        Sum(unequal(j, y) * hinge(1 + s[j]) + equal(j, y) * hinge(1 - s[j]), (j, 0, C - 1)),
        "one",
    ),
    Loss("nested", hinge(Sum(unequal(j, y) * hinge(margin), (j, 0, C - 1)) - 2), "nested"),
    Loss(
        "pairs",
        Sum(step(s[k] - s[j], 1) * hinge(s[j] - s[k] + 2) * y, (j, 0, C - 1), (k, 0, C - 1)),
        "pairs",
    ),
    Loss("below", Sum(hinge(1 + s[j]), (j, 0, y - 1)), "below"),
]


@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: loss.name)
@given(data=st.data())
def test_the_values_are_those_of_the_symbolic_derivation(loss, data):
    classes = data.draw(st.integers(2, 4))
    score = st.integers(-3, 3)
    rows = data.draw(st.lists(st.tuples(*[score] * classes), min_size=1, max_size=3))
    labels = [data.draw(st.integers(0, classes - 1)) for _ in rows]
    found = values(loss, np.array(rows, dtype=float), np.array(labels))
    for i, (row, label) in enumerate(zip(rows, labels, strict=True)):
        ell, mu = loss.exact_at_scores([Fraction(v) for v in row], label)
        assert found.loss[i] == ell
        assert found.mu[i].tolist() == [float(a) for a in mu]


def test_a_kink_of_the_own_class_is_no_kink():
    found = values(svm, np.array([[0.0, -1.0, 2.0]]), np.array([0]))
    np.testing.assert_array_equal(found.kinks, [[np.nan, 0.0, 3.0]])


def test_another_slope_at_the_kinks_can_be_asked_for():
    found = values(svm, np.array([[0.0, -1.0]]), np.array([0]), at_kink=1.0)
    np.testing.assert_array_equal(found.mu, [[-1.0, 1.0]])


def test_a_loss_that_is_not_rational_is_refused():
    with pytest.raises(Unsuitable, match="it contains exp"):
        values(Loss("exp", exp(s[y]), "exp"), np.zeros((1, 2)), np.array([0]))
