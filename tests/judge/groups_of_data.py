"""Data in groups, each with exact answers: what a kernel is wrong on says what is wrong with it.

"plain" has no ties, no margin near 0, every class, three classes or more, different examples, and
reg = 0 or 1. Every other group has one thing more. Numbers are small binary fractions and n is a
power of two, so that nothing is rounded, except in the group "in wide numbers".
"""

import random
import warnings
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

import numpy as np
from sympy import Rational, Sum

from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y

NEAR, WIDE = "near a kink", "in wide numbers"


@cache
def svm(kink):
    """The loss of N3, with the indicator at a margin of 0 as given."""
    slope = Rational(kink.numerator, kink.denominator)
    formula = Sum(unequal(j, y) * hinge(s[j] - s[y] + 1, at_kink=slope), (j, 0, C - 1))
    return Loss("multi-class SVM loss", formula, "multiclass_svm")


@dataclass(frozen=True, eq=False)
class Data:
    """W: (C, D), X: (n, D), y: (n,), reg: float."""

    W: np.ndarray
    X: np.ndarray
    y: np.ndarray
    reg: float

    def arguments(self, labelled):
        """Copies, as this kernel takes them."""
        W = self.W if labelled.classes_first else self.W.T
        X = self.X.T if labelled.features_first else self.X
        first = [np.array(W, order="C"), np.array(X, order="C"), self.y.copy()]
        return [*first, self.reg] if labelled.takes_reg else first


@cache
def answer(data, kink, penalty):
    """The exact loss, and the exact gradient (C, D), as the nearest floats."""
    loss, gradient = svm(kink).exact(data.W, data.X, data.y)
    W = [[Fraction(value) for value in row] for row in data.W.tolist()]
    reg = penalty * Fraction(data.reg)
    loss += reg * sum(w * w for row in W for w in row)
    full = [
        [float(g + 2 * reg * w) for g, w in zip(*rows, strict=True)]
        for rows in zip(gradient.tolist(), W, strict=True)
    ]
    return float(loss), np.array(full)


def margins(data):
    """s_j − s_y for every j ≠ y of every example: (n, C − 1)."""
    S = data.X @ data.W.T
    rows = np.arange(len(data.y))
    others = np.ones(S.shape, bool)
    others[rows, data.y] = False
    return (S - S[rows, data.y][:, None])[others].reshape(len(S), -1) + 1


def drawn(rng, classes, n, width, labels=None, span=6, holds=None):
    """Data such that `holds`: integers −3 … 3 in X, with a constant 1 as the last feature, and in W
    halves of the integers up to `span`. Every class occurs, unless there are `labels`, or n < C.
    """
    for _ in range(20_000):
        y = rng.permutation(np.arange(n) % classes) if labels is None else rng.choice(labels, n)
        X = rng.integers(-3, 4, (n, width)).astype(float)
        X[:, -1] = 1
        data = Data(rng.integers(-span, span + 1, (classes, width)) / 2, X, y, 0.0)
        if (holds or plain)(data):
            return data
    raise AssertionError("no such data")


def distinct(data):
    return len({tuple(row) for row in data.X.tolist()}) == len(data.X)


def plain(data):
    m = margins(data)
    return distinct(data) and (np.abs(m) >= 0.5).all() and (m != 1).all() and data.W.any()


def at_a_kink(data):
    m = margins(data)
    return distinct(data) and (m == 0).any() and (m != 1).all()


def tied_with_y(data):
    m = margins(data)
    return distinct(data) and (m == 1).any() and (m != 0).all()


SIZES = ((3, 4, 2), (3, 8, 4), (4, 4, 3), (4, 8, 6), (5, 8, 3), (3, 4, 11), (4, 8, 13))


@cache
def groups():
    """name ↦ data."""
    rng = np.random.default_rng(20)
    ones = [drawn(rng, 4, 1, 3, range(4)) for _ in range(8)]
    twos = [drawn(rng, 2, 4, 3) for _ in range(8)]
    threes = [drawn(rng, 3, 4, 3) for _ in range(8)]
    absent = [drawn(rng, 5, 4, 3, range(3)) for _ in range(6)]
    large = [drawn(rng, classes, 16, 4, span=99) for classes in (10, 10, 12, 12)]
    huge = drawn(rng, 150, 2, 4, [0], span=40_000)
    return {
        "plain": [
            replace(drawn(rng, *size), reg=reg)
            for size in SIZES
            for reg in (0, 1)
            for _ in range(3)
        ],
        "reg": [replace(data, reg=reg) for data in threes for reg in (0.25, 3)],
        "at a kink": [drawn(rng, 4, 4, 3, holds=at_a_kink) for _ in range(20)],
        "tied with y": [drawn(rng, 4, 4, 3, holds=tied_with_y) for _ in range(20)],
        "W = 0": [replace(data, W=np.zeros_like(data.W), reg=1) for data in threes],
        "n = 1": ones,
        "C = 2": twos,
        "C": absent + large,
        "C > 128": [replace(huge, W=huge.W / 2.0**18)],
        "repeated examples": [
            replace(data, X=data.X.repeat(2, axis=0), y=data.y.repeat(2)) for data in threes
        ],
        NEAR: [near(rng, power) for power in (12, 18, 24, 30, 40) for _ in range(4)],
        "far away": [
            replace(data, W=data.W * 2.0**power) for power in (6, 10, 20) for data in threes
        ],
        WIDE: [
            Data(rng.normal(size=(4, 5)), rng.normal(size=(n, 5)), rng.integers(0, 4, n), reg)
            for n in (3, 7, 49)
            for reg in (0.0, 0.1)
        ],
    }


def near(rng, power):
    """Margins of ±2^−power and more: the biases are moved by so much."""
    data = drawn(rng, 4, 4, 3, holds=at_a_kink)
    W = data.W.copy()
    W[:, -1] += rng.permutation([1, -1, 2, -2]) * 2.0**-power
    return replace(data, W=W)


# ------------------------------------------------------------------------------------ what is wrong


def wrong_on(labelled):
    """The groups on which a kernel is wrong, and "inputs changed" and "state"."""
    found = {name for name, data in groups().items() if not right_on(labelled, name, data)}
    if not found & {"plain"}:
        found |= manners(labelled)
    return found


def raises_on_plain_data(labelled):
    """Whether it does not even answer."""
    function = labelled.function()
    try:
        for data in groups()["plain"]:
            call(labelled, function, data.arguments(labelled))
    except Exception:
        return True
    return False


def right_on(labelled, group, cases):
    function = labelled.function()
    return all(agrees(labelled, function, group, data) for data in cases)


def agrees(labelled, function, group, data):
    np.random.seed(0)
    random.seed(0)
    try:
        loss, gradient = call(labelled, function, data.arguments(labelled))
    except Exception:
        return False
    if labelled.right:
        penalty = labelled.penalty / (len(data.y) if labelled.averaged else 1)
        expected = answer(data, labelled.kink, penalty)
        return same(labelled, group, data, loss, gradient, expected)
    # A wrong kernel is wrong by every convention that a right one may have.
    if labelled.takes_reg:
        divisors = (1, len(data.y)) if data.reg else (1,)
        penalties = tuple(Fraction(1, m * n) for m in (1, 2) for n in divisors)
    else:
        penalties = (Fraction(0),)
    return any(
        same(labelled, group, data, loss, gradient, answer(data, Fraction(kink, 2), penalty))
        for kink in (0, 1, 2)
        for penalty in penalties
    )


def call(labelled, function, arguments):
    """The loss and the gradient, None for what the kernel does not give."""
    with np.errstate(all="ignore"), warnings.catch_warnings(action="ignore"):
        returned = function(*arguments)
    with_loss, with_gradient = labelled.gives
    if with_loss and with_gradient:
        loss, gradient = returned
        return loss, np.nan if gradient is None else gradient
    return (returned, None) if with_loss else (None, returned)


def same(labelled, group, data, loss, gradient, expected):
    """To the last bit, or where numbers are wide within what rounding allows, generously."""
    precision = labelled.fields.get("precision")
    if precision == "single" and group == NEAR:
        return True  # a margin of 2⁻⁴⁰ is lost beside scores of 1 in single precision
    tolerance = 2.0**-18 if precision == "single" else 2.0**-40
    if group != WIDE and not precision:
        tolerance = 0.0
    if loss is not None:
        loss = np.asarray(loss, float)
        if loss.size != 1 or not abs(loss.item() - expected[0]) <= tolerance * (1 + expected[0]):
            return False
    if gradient is None:
        return True
    exact = expected[1] if labelled.classes_first else expected[1].T
    gradient = np.asarray(gradient, float)
    return gradient.shape == exact.shape and bool(
        (np.abs(gradient - exact) <= tolerance * (1 + np.abs(exact).max())).all()
    )


def manners(labelled):
    """ "inputs changed", and "state" if a call leaves a trace in another."""
    function, found = labelled.function(), set()
    first, second = groups()["plain"][:2]
    arguments = first.arguments(labelled)
    loss, held = call(labelled, function, arguments)
    kept = None if held is None else np.array(held)
    if any(
        (a != b).any() for a, b in zip(arguments[:3], first.arguments(labelled)[:3], strict=True)
    ):
        found.add("inputs changed")
    call(labelled, function, second.arguments(labelled))
    if held is not None and (np.array(held) != kept).any():
        found.add("state")
    again = call(labelled, function, first.arguments(labelled))
    if not all(np.array_equal(a, b) for a, b in zip(again, (loss, kept), strict=True)):
        found.add("state")
    return found
