"""What is turned away, and in which words."""

import pytest
from sympy import Float, Or, Rational, Symbol, exp, nan, true

from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge, partial, step
from gradbook.prove.scope import why_not

CASE = Case(3, 2, 1)
W, x, s = CASE.W, CASE.x, CASE.s
PAIR = CASE.batches()[1]

REASONS = {
    "a function": (
        Claim(s[0] + exp(s[1]), 0),
        "exp(s_1) is not made of sums, products, whole powers, max(0, u) and indicators",
    ),
    "nan": (Claim(nan, 0), "nan is not made of sums, products, whole powers, max(0, u) and"),
    "a letter": (Claim(0, Symbol("q")), "q is not one of the letters W, x̃ and s of the case"),
    "a decimal": (Claim(Float("0.5") * s[0], 0), "0.5 is not exact: write it as a Rational"),
    "a kink": (Claim(step(s[0], Symbol("c")), 0), "the value c at the kink of step(s_0, c) is not"),
    "a letter of the derivative": (
        Claim(partial(s[0], 3), 0),
        "∂/∂3 is not a derivative with respect to a letter of the case",
    ),
    "two derivatives": (
        Claim(partial(partial(s[0], W[0, 0]), W[0, 1]), 0),
        "∂/∂W_01 of a derivative is not worked out",
    ),
    "weights and scores": (
        Claim(gradient(s[0] * W[0, 1], s[0]), 0),
        "∂/∂s_0 is not clear where the formula has weights as well as scores",
    ),
    "a condition that is no comparison": (
        Claim(0, 0, Or(s[0] > 0, s[1] > 0)),
        "the condition (s_0 > 0) | (s_1 > 0) is not a comparison",
    ),
    "a condition that is false": (Claim(0, 0, False), "its conditions never hold"),
    "a letter of a condition": (Claim(0, 0, Symbol("q") > 0), "q is not one of the letters"),
}


@pytest.mark.parametrize(("claim", "reason"), REASONS.values(), ids=REASONS.keys())
def test_what_is_out_of_reach_is_named(claim, reason):
    assert why_not(claim, (CASE,)).startswith(reason)


@pytest.mark.parametrize(
    "claim",
    [
        Claim(gradient(hinge(s[0] * s[1], Rational(1, 2)) ** 3, W), W * 0),
        Claim(gradient(hinge(s[0]) * x[1], s), s * 0),
        Claim(CASE.s_prime, s, (s[0] > 0, true)),
    ],
)
def test_what_is_in_reach_is_let_through(claim):
    assert why_not(claim, (CASE,)) is None


def test_the_letters_are_those_of_the_batch():
    claim = Claim(PAIR[1].s[0], 0)
    assert why_not(claim, PAIR) is None
    assert why_not(claim, (CASE,)) is not None
