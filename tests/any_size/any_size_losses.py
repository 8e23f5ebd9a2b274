"""Losses of many kinds, and data at small sizes, for the tests of this folder."""

from fractions import Fraction

from hypothesis import strategies as st
from sympy import Integer, Rational, Sum, Symbol, exp, log, sqrt

from derivation.multiclass_svm import svm
from gradbook import Loss
from gradbook.any_size.instances import Instance
from gradbook.any_size.letters import C, W, X, label, m, n, s_prime, x, y
from gradbook.notation import equal, hinge, j, k, s, unequal

own_index = Symbol("i")

softmax = Loss("softmax", log(Sum(exp(s[j]), (j, 0, C - 1))) - s[y], "softmax")

LOSSES = {
    "the page's": svm,
    "softmax": softmax,
    "softmax with the label's score inside": Loss(
        "softmax", log(Sum(exp(s[j] - s[y]), (j, 0, C - 1))), "shifted"
    ),
    "the square of a hinge, with an index of its own": Loss(
        "squared",
        Sum(unequal(own_index, y) * hinge(s[own_index] - s[y] + 1) ** 2, (own_index, 0, C - 1)),
        "squared",
    ),
    "the other convention at the kink": Loss(
        "other kink", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1, 1), (j, 0, C - 1)), "other"
    ),
    "one class against the others": Loss(
        "logistic", Sum(log(1 + exp((1 - 2 * equal(j, y)) * s[j])), (j, 0, C - 1)), "logistic"
    ),
    "a quotient": Loss(
        "quotient", Sum(hinge(s[j] - s[y]) / (1 + s[y] ** 2), (j, 0, C - 1)) / 3, "quotient"
    ),
    "classes by number": Loss("numbers", s[0] ** 2 * equal(y, 0) + C * s[y] + 5, "numbers"),
    "a hinge of a sum": Loss("of a sum", hinge(Sum(s[j], (j, 0, C - 1)) - C * s[y]), "of_a_sum"),
    "a hinge in a hinge": Loss(
        "nested",
        Sum(hinge(1 - hinge(s[j] - Rational(1, 2), Rational(1, 2)), 1), (j, 0, C - 1)),
        "nested",
    ),
    "all pairs": Loss(
        "pairs",
        Sum(unequal(j, k) * hinge(s[j] - s[k] + 1), (k, 0, C - 1), (j, 0, C - 1)) / C,
        "pairs",
    ),
    "the classes below the label": Loss("ordinal", Sum(hinge(1 + s[j]), (j, 0, y - 1)), "ordinal"),
    "powers and roots": Loss("powers", 2 ** s[y] + sqrt(1 + s[0] ** 2), "powers"),
    "one term for each class": Loss(
        "label only", Sum(hinge(1 - s[y]), (j, 0, C - 1)), "label_only"
    ),
    "nothing": Loss("nothing", Integer(5), "nothing"),
}

#: Those that are not made of matrices with one row for each example.
THREE_INDICES = ("all pairs", "the classes below the label")


def classifier(weights, examples, labels, other=()):
    """An instance of the letters of a loss; in a formula of one example, that is the first."""
    sizes = {C: len(weights), m: len(weights[0]) - 1, n: len(examples)}
    values = {W: weights, X: examples, x: examples[0], label: labels, s_prime: other}
    return Instance(sizes, values, {y: labels[0]})


@st.composite
def small_instances(draw):
    """C 2–4, m 0–2, n 1–3, with many ties."""
    classes, width, count = (
        draw(st.integers(2, 4)),
        draw(st.integers(1, 3)),
        draw(st.integers(1, 3)),
    )
    number = st.one_of(st.integers(-2, 2).map(Fraction), st.fractions(-2, 2, max_denominator=3))
    rows = st.tuples(*[number] * width)
    return classifier(
        draw(st.tuples(*[rows] * classes)),
        draw(st.tuples(*[rows] * count)),
        draw(st.tuples(*[st.integers(0, classes - 1)] * count)),
        draw(st.tuples(*[number] * classes)),
    )
