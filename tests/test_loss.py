"""A loss for any number of classes, against the same loss written out by hand."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Float, ImmutableMatrix, Indexed, Rational, Sum, Symbol, exp

from derivation.multiclass_svm import svm
from gradbook.loss import Loss, features_of, score_of_label, scores, weights
from gradbook.notation import C, hinge, j, k, s, step, unequal, y

MARGIN = s[j] - s[y] + 1


def loss(formula):
    return Loss("a loss", formula, "a_loss")


def svm_with(at_kink):
    return loss(Sum(unequal(j, y) * hinge(MARGIN, at_kink), (j, 0, C - 1)))


def by_definition(letters, label):
    """The multi-class SVM loss, as a sum over the other classes."""
    others = [a for a in range(len(letters)) if a != label]
    return sum(hinge(letters[a] - letters[label] + 1) for a in others)


def exact_by_definition(W, X, labels, at_kink):
    """Mean loss and gradient in Fractions, one example and class at a time."""
    classes, width = len(W), len(W[0])
    mean, gradient = Fraction(0), [[Fraction(0)] * width for _ in range(classes)]
    for x, label in zip(X, labels, strict=True):
        score = [sum(Fraction(w) * Fraction(v) for w, v in zip(row, x, strict=True)) for row in W]
        for a in range(classes):
            margin = score[a] - score[label] + 1
            if a == label or margin < 0:
                continue
            slope = at_kink if margin == 0 else Fraction(1)
            mean += margin / len(X)
            for b in range(width):
                gradient[a][b] += slope * Fraction(x[b]) / len(X)
                gradient[label][b] -= slope * Fraction(x[b]) / len(X)
    return mean, gradient


@pytest.mark.parametrize("classes", [2, 3, 5, 12])
def test_a_loss_is_its_definition_for_any_number_of_classes_and_each_label(classes):
    for label in range(classes):
        assert svm.at(classes, label) == by_definition(scores(classes), label)


def test_a_loss_of_another_example_has_letters_of_its_own():
    assert svm.at(3, 1, example=2) == by_definition(scores(3, 2), 1)
    assert not set(scores(3, 2)) & set(scores(3))


def test_with_the_label_left_open_the_score_of_the_label_is_a_letter():
    open_label = svm.at(3)
    assert score_of_label in open_label.free_symbols
    for label in range(3):
        settled = open_label.subs({y: label, score_of_label: scores(3)[label]})
        assert settled == svm.at(3, label)


def test_with_the_label_left_open_the_coefficients_hold_for_each_label():
    open_label = svm.coefficients(4)
    for label in range(4):
        settled = [mu.subs({y: label, score_of_label: scores(4)[label]}) for mu in open_label]
        assert settled == list(svm.coefficients(4, label))


@pytest.mark.parametrize("at_kink", [0, 1, Rational(1, 2)])
def test_the_coefficients_are_steps_with_the_declared_value(at_kink):
    t = scores(3)
    first, second = (step(t[a] - t[1] + 1, at_kink) for a in (0, 2))
    assert svm_with(at_kink).coefficients(3, 1) == (first, -first - second, second)


def test_the_gradient_is_the_coefficients_times_the_example():
    mu = ImmutableMatrix(svm.coefficients(3, 2))
    x = ImmutableMatrix([1, *features_of(2)])
    assert svm.gradient(3, 2, 2) == mu * x.T


def test_kinks_letters_and_weights_are_ordered_by_number_beyond_ten_classes():
    t = scores(12)
    assert svm.kinks(12, 0) == tuple(t[a] - t[0] + 1 for a in range(1, 12))
    assert len(set(weights(12, 12))) == 144
    assert len(set(weights(10, 10))) == 100


def test_sums_run_over_the_range_that_another_index_gives():
    triangle = loss(Sum(s[j] * s[k], (k, 0, j - 1), (j, 0, C - 1)))
    t = scores(3)
    assert triangle.at(3, 0) == t[0] * t[1] + t[0] * t[2] + t[1] * t[2]


def test_an_inner_index_hides_an_outer_one_of_the_same_name():
    nested = loss(Sum(s[j] + Sum(s[j], (j, 0, 1)), (j, 0, C - 1)))
    t = scores(3)
    assert nested.at(3, 0).expand() == 4 * t[0] + 4 * t[1] + t[2]


integers = st.integers(-2, 2)


@st.composite
def batches(draw):
    classes, width, n = (draw(st.integers(low, 4)) for low in (2, 1, 1))
    matrix = st.lists(
        integers | st.fractions(-2, 2, max_denominator=3), min_size=width, max_size=width
    )
    W = draw(st.lists(matrix, min_size=classes, max_size=classes))
    X = draw(st.lists(matrix, min_size=n, max_size=n))
    return W, X, draw(st.lists(st.integers(0, classes - 1), min_size=n, max_size=n))


@given(batches(), st.sampled_from([Fraction(0), Fraction(1), Fraction(1, 2)]))
def test_exact_values_are_those_of_a_second_implementation_in_fractions(batch, at_kink):
    W, X, labels = batch
    declared = svm_with(Rational(at_kink.numerator, at_kink.denominator))
    value, gradient = declared.exact(np.array(W, object), np.array(X, object), labels)
    expected = exact_by_definition(W, X, labels, at_kink)
    assert (value, gradient.tolist()) == expected
    assert all(isinstance(entry, Fraction) for entry in gradient.ravel())


def test_exact_values_hold_beyond_ten_classes_too():
    rng = np.random.default_rng(0)
    W, X, labels = rng.integers(-2, 3, (12, 3)), rng.integers(-2, 3, (4, 3)), [11, 0, 10, 2]
    value, gradient = svm.exact(W, X, labels)
    expected = exact_by_definition(W.tolist(), X.tolist(), labels, Fraction(0))
    assert (value, gradient.tolist()) == expected


def test_floats_are_taken_as_the_binary_fractions_they_are():
    value, _ = svm.exact([[0.1], [0.2]], [[1.0]], [0])
    assert value == Fraction(0.2) - Fraction(0.1) + 1


def test_a_quotient_has_an_exact_value():
    value, gradient = loss(s[0] / (1 + hinge(s[1]))).exact([[1], [2]], [[1]], [0])
    assert (value, gradient.tolist()) == (Fraction(1, 3), [[Fraction(1, 3)], [Fraction(-1, 9)]])


def test_exact_leaves_its_arguments_as_they_were():
    W, X, labels = np.ones((3, 2)), np.ones((2, 2)), np.array([0, 2])
    before = [array.copy() for array in (W, X, labels)]
    svm.exact(W, X, labels)
    assert all(map(np.array_equal, (W, X, labels), before))


REFUSED = {
    "one class": (lambda: svm.at(1, 0), "classes must be an integer ≥ 2, not 1"),
    "a float of classes": (lambda: svm.at(2.0, 0), "classes must be an integer ≥ 2, not 2.0"),
    "a label beyond the last": (lambda: svm.at(3, 3), "label must be an integer 0 … 2, not 3"),
    "a negative label": (lambda: svm.at(3, -1), "label must be an integer 0 … 2, not -1"),
    "half a label": (lambda: svm.at(3, 1.5), "label must be an integer 0 … 2, not 1.5"),
    "a truth value for a label": (
        lambda: svm.at(3, True),
        "label must be an integer 0 … 2, not True",
    ),
    "a label beyond the rows of W": (
        lambda: svm.exact([[1], [2]], [[1]], [2]),
        "label must be an integer 0 … 1, not 2",
    ),
    "labels that are floats": (
        lambda: svm.exact([[1], [2]], [[1]], [0.0]),
        "label must be an integer 0 … 1, not 0.0",
    ),
    "another width": (lambda: svm.exact([[1], [2]], [[1, 2]], [0]), r"not \(2, 1\), \(1, 2\) and"),
    "too many labels": (lambda: svm.exact([[1], [2]], [[1]], [0, 1]), r"and \(2,\)"),
    "no example": (lambda: svm.exact([[1], [2]], np.zeros((0, 1)), []), "with n ≥ 1"),
    "a vector for W": (lambda: svm.exact([1, 2], [[1]], [0]), r"W must be \(C, D\), X \(n, D\)"),
    "not a number": (
        lambda: svm.exact([[float("nan")], [2]], [[1]], [0]),
        "W must hold finite numbers",
    ),
    "a score beyond the last": (lambda: loss(s[C]).at(3, 0), r"the score s\[3\] of 3 classes"),
    "a score before the first": (lambda: loss(s[y - 1]).at(3, 0), r"score s\[-1\] of 3 classes"),
    "a score beside the label": (lambda: loss(s[y + 1]).at(3), r"score s\[y \+ 1\] of 3 classes"),
    "a sum up to the label": (lambda: loss(Sum(s[j], (j, 0, y))).at(3), "run over class numbers"),
    "a key of two words": (lambda: Loss("n", s[0], "two words"), "key must be letters, digits and"),
    "a foreign letter": (lambda: loss(s[0] * Symbol("q")), "no other free letter: q"),
    "foreign scores": (lambda: loss(Indexed("t", j)), "no other free letter"),
    "an exponential": (lambda: loss(exp(s[0])).exact([[1], [2]], [[1]], [0]), r"exp\(s_0\) is not"),
    "a pole": (lambda: loss(s[0] / s[1]).exact([[1], [0]], [[1]], [0]), "no value at s = 1, 0"),
    "a decimal": (lambda: loss(Float("0.1") * s[0]).exact([[1], [2]], [[1]], [0]), "0.1.* is not"),
}


@pytest.mark.parametrize(("call", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_cannot_be_used_is_refused_in_one_sentence(call, message):
    with pytest.raises(ValueError, match=message) as refused:
        call()
    assert "\n" not in str(refused.value)


def test_labels_and_sizes_may_be_integers_of_numpy():
    assert svm.at(np.int64(3), np.int8(1)) == svm.at(3, 1)


def test_a_loss_without_letters_is_a_loss():
    assert loss(0).at(2, 0) == 0
    assert loss(0).exact([[1], [2]], [[1]], [0])[0] == 0


def test_a_loss_can_be_read():
    assert str(svm).startswith("multi-class SVM loss: ℓ = ")
    assert r"\max(0, " in svm._repr_latex_()
