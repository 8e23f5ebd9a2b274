"""Losses of several shapes, and data on which a right kernel is right to the last bit."""

from itertools import product

import numpy as np
from sympy import Rational, Sum, exp, log

from gradbook.loss import Loss
from gradbook.notation import C, equal, hinge, j, k, s, step, unequal, y

margin = s[j] - s[y] + 1


def loss(key, formula):
    return Loss(key.replace("_", " "), formula, key)


svm = Loss(
    "multi-class SVM loss",
    Sum(unequal(j, y) * hinge(margin), (j, 0, C - 1)),
    "multiclass_svm",
)
squared = loss("squared_hinge", Sum(unequal(j, y) * hinge(margin) ** 2, (j, 0, C - 1)))
inclusive = loss("inclusive", Sum(unequal(j, y) * hinge(margin, 1), (j, 0, C - 1)))
halfway = loss("halfway", Sum(unequal(j, y) * hinge(margin, Rational(1, 2)), (j, 0, C - 1)))
one_against_all = loss(
    "one_against_all",
    Sum(unequal(j, y) * hinge(1 + s[j]) + equal(j, y) * hinge(1 - s[j]), (j, 0, C - 1)),
)
#: Rows that select the same classes differ in the coefficient of the label.
own_squared = loss(
    "own_squared",
    Sum(unequal(j, y) * hinge(1 + s[j]) + equal(j, y) * s[j] ** 2, (j, 0, C - 1)),
)
total_violation = loss(
    "total_violation", hinge(Sum(unequal(j, y) * hinge(margin), (j, 0, C - 1)) - 2)
)
pairs = loss(
    "pairs", Sum(step(s[k] - s[j], 1) * hinge(s[j] - s[k] + 2) * y, (j, 0, C - 1), (k, 0, C - 1))
)
cross_entropy = loss("cross_entropy", log(Sum(exp(s[j]), (j, 0, C - 1))) - s[y])

#: Those that are computed without rounding on small integers.
EXACT = (svm, squared, inclusive, halfway, one_against_all, total_violation, pairs)


def integers(classes, features, examples, seed=0, dtype=np.float64):
    """Small integers: scores often tie, margins are often 0. `examples` should be a power of 2."""
    rng = np.random.default_rng(seed)
    W = rng.integers(-2, 3, (classes, features + 1)).astype(dtype)
    X = rng.integers(-2, 3, (examples, features + 1)).astype(dtype)
    X[:, 0] = 1
    return W, X, rng.integers(0, classes, examples)


def regions(classes, features):
    """A batch of one example for each label and each sign, or zero, of every margin."""
    x = np.arange(1.0, features + 2)
    for scores in product((-2.0, -1.0, 0.0, 1.0), repeat=classes):
        W = np.zeros((classes, features + 1))
        W[:, 0] = scores
        for label in range(classes):
            yield W, x[None], np.array([label])


def is_exact(function, loss, W, X, y):
    """Whether the function's results are the exact ones, to the last bit."""
    value, gradient = function(W, X, y)
    exact_value, exact_gradient = loss.exact(W, X, y)
    return value == exact_value and np.array_equal(gradient, exact_gradient.astype(float))
