"""Claims whose truth is known: true ones, false ones, and ones that are out of reach."""

import pytest
from exact_values import shows_it
from sympy import (
    Abs,
    And,
    Derivative,
    Eq,
    Float,
    Function,
    Heaviside,
    I,
    IndexedBase,
    Integer,
    Matrix,
    Max,
    Ne,
    Not,
    Or,
    Piecewise,
    Rational,
    Sum,
    Symbol,
    exp,
    nan,
    oo,
    pi,
    prod,
    sqrt,
    zeros,
    zoo,
)

from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge, partial, step, total
from gradbook.proof import Proof
from gradbook.prove.by_regions import METHOD
from gradbook.prove.in_python import prove_by_regions

CASE = Case(3, 2, 1)
W, x, s, t = CASE.W, CASE.x, CASE.s, CASE.s_prime
u, v = s[0] - s[1] + 1, s[2] - s[1] + 1
PAIR = CASE.batches()[1]
P, Q = PAIR
HALF = Rational(1, 2)


def row_product(row, column):
    return (row * column)[0]


def written_in_weights():
    return hinge(row_product(W[0, :] - W[1, :], x) + 1)


def pair_loss(of_margin=hinge):
    return total(of_margin(e.s[j] - e.s[e.y] + 1) for e in PAIR for j in e.other_classes)


def pair_gradient(indicator):
    """Row j gets x̃ᵀ, row y loses it, for each violated margin."""
    return total(
        indicator(e.s[j] - e.s[e.y] + 1)
        * (Matrix([int(a == j) - int(a == e.y) for a in e.classes]) * e.x.T)
        for e in PAIR
        for j in e.other_classes
    )


TRUE = {
    "a true inequality of two examples": Claim(pair_loss(), 0, relation="≥", batch=PAIR),
    "a score is its row times x": Claim(s, W * x),
    "a hinge is u where u is positive": Claim(hinge(u), u * step(u)),
    "a hinge is the same written with the other indicator": Claim(hinge(u), u * (1 - step(-u, 1))),
    "a step of a step": Claim(step(step(u)), step(u)),
    "a kink in a kink": Claim(
        hinge(s[0] - hinge(u)),
        hinge(s[0]) - step(s[0]) * hinge(u) + hinge(hinge(u) - s[0]) * step(s[0]),
    ),
    "a hinge less its reflection": Claim(hinge(u) - hinge(-u), u),
    "a hinge times its reflection": Claim(hinge(u) * hinge(-u), 0),
    "hinges with other slopes have the same values": Claim(hinge(u, 0), hinge(u, 1)),
    "scale goes through a hinge": Claim(hinge(3 * u), 3 * hinge(u)),
    "an indicator squared": Claim(step(u) ** 2, step(u)),
    "one indicator in another": Claim(step(u, 1) * step(u), step(u)),
    "a higher threshold implies a lower one": Claim(step(u - 5) * step(u), step(u - 5)),
    "one of two is greater, or neither": Claim(step(s[0] - s[1]) + step(s[1] - s[0], 1), 1),
    "no three scores beat each other in turn": Claim(
        step(s[0] - s[1]) * step(s[1] - s[2]) * step(s[2] - s[0]), 0
    ),
    "a kink written in weights": Claim(written_in_weights(), hinge(u)),
    "the gradient of a square": Claim(gradient(hinge(u) ** 2, s[0]), 2 * hinge(u)),
    "the gradient of a product": Claim(gradient(hinge(u) * hinge(v), s[0]), step(u) * hinge(v)),
    "the gradient by the weights": Claim(gradient(hinge(u) ** 2, W[0, 1]), 2 * hinge(u) * x[1]),
    "the gradient by a feature": Claim(gradient(hinge(u), x[1]), step(u) * (W[0, 1] - W[1, 1])),
    "the gradient of what is written in weights": Claim(
        gradient(written_in_weights(), W), gradient(hinge(u), W)
    ),
    "the gradient of a constant": Claim(gradient(Integer(3), W), zeros(3, 3)),
    "the gradient of a regularised loss": Claim(
        gradient(total(w**2 for w in W) + hinge(u), W[0, 0]), 2 * W[0, 0] + step(u)
    ),
    "s′ does not move with s": Claim(gradient(hinge(t[0]) * s[0], s[0]), hinge(t[0])),
    "under a condition": Claim(hinge(u) + hinge(v), u + v, (u > 0, v > 0)),
    "under a condition that is an And": Claim(hinge(u) + hinge(v), u + v, And(u > 0, v >= 0)),
    "under a negated condition": Claim(hinge(u), 0, Not(u > 0)),
    "at the kink": Claim(step(u, HALF), HALF, Eq(u, 0)),
    "away from the kink": Claim(step(u, 1), step(u), Ne(u, 0)),
    "under a condition in weights": Claim(hinge(u), 0, Eq(row_product(W[0, :] - W[1, :], x), -1)),
    "under a condition that always holds": Claim(hinge(u), 0, (u <= 0, Eq(s[0], (W * x)[0]))),
    "under two equalities": Claim(s[0], s[2], (Eq(s[0], s[1]), Eq(s[1], s[2]))),
    "under a condition on a feature": Claim(hinge(u), u * step(u), x[1] > 0),
    "a hinge is at least its argument": Claim(hinge(u), u, relation="≥"),
    "a square is at least 0": Claim(W[0, 1] ** 2, 0, relation="≥"),
    "a hinge is at least 0": Claim(hinge(u) + hinge(v), 0, relation="≥"),
    "a subgradient": Claim(hinge(u), hinge(v) + step(v, HALF) * (u - v), relation="≥"),
    "the larger of two is at least each": Claim(s[1] + hinge(s[0] - s[1]), s[0], relation="≥"),
    "kinks that depend on each other": Claim(
        hinge(s[0] - s[2]) * step(s[0] - s[1]), hinge(s[0] - s[2]), s[1] < s[2]
    ),
    "the gradient of two examples": Claim(
        gradient(pair_loss(), W), pair_gradient(step), batch=PAIR
    ),
    "the same with the other indicator": Claim(
        gradient(pair_loss(), W), pair_gradient(lambda u: 1 - step(-u, 1)), batch=PAIR
    ),
    "the loss of two examples with indicators": Claim(
        pair_loss(), pair_loss(lambda u: u * step(u)), batch=PAIR
    ),
    "the scores of two examples": Claim(
        P.s[0] + Q.s[0], row_product(W[0, :], P.x + Q.x), batch=PAIR
    ),
    "a product of the scores of two examples": Claim(
        gradient(P.s[0] * Q.s[0], W[0, 0]), P.s[0] + Q.s[0], batch=PAIR
    ),
    "kinks of two examples in one term": Claim(
        hinge(P.s[0]) * step(Q.s[1]) * step(P.s[0]), hinge(P.s[0]) * step(Q.s[1]), batch=PAIR
    ),
    "weights among several examples": Claim(
        gradient(total(w**2 for w in W) + P.s[0], W[0, 0]), 2 * W[0, 0] + 1, batch=PAIR
    ),
    "the second of two examples under a condition": Claim(
        hinge(Q.s[0]), Q.s[0], Q.s[0] > 0, batch=PAIR
    ),
}

FALSE = {
    "x in a kink": Claim(hinge(x[1]), x[1]),
    "a kink in a kink that is not": Claim(hinge(s[0] - hinge(u)), hinge(s[0]) - hinge(u)),
    "a weight in a kink": Claim(hinge(W[0, 0]), W[0, 0]),
    "a product in a kink": Claim(hinge(s[0] * s[1]), 0),
    "a condition that is not linear": Claim(1, 0, s[0] ** 2 > 0),
    "a condition on a derivative": Claim(1, 0, gradient(hinge(u), s[0]) > 0),
    "a score is not 0": Claim(s[0], 0),
    "a weight is not 0": Claim(W[0, 0], 0),
    "a feature is not 0": Claim(x[1], 0),
    "a feature that is none of many numbers": Claim(prod(x[1] - i for i in range(-5, 6)), 0),
    "a score that is none of many numbers": Claim(prod(s[0] - i for i in range(-5, 6)), 0),
    "weights and features that hide each other": Claim(
        prod(W[0, 1] * x[1] - i for i in range(-3, 4)) * hinge(u), 0
    ),
    "two scores are not the same": Claim(s[0] * s[1], s[0] ** 2),
    "a hinge is not its argument": Claim(hinge(u), u),
    "another class": Claim(hinge(u), hinge(v)),
    "another threshold": Claim(hinge(u), hinge(u + Rational(1, 1000))),
    "a threshold far away": Claim(step(u - 10**6), 0),
    "between two close thresholds": Claim(step(u - HALF) * step(HALF + Rational(1, 10**6) - u), 0),
    "only at the kink": Claim(step(u), step(u, 1)),
    "half an indicator squared": Claim(step(u, HALF) ** 2, step(u, HALF)),
    "ties": Claim(step(s[0] - s[1]) + step(s[1] - s[0]), 1),
    "ties of three": Claim(step(s[0] - s[1], 1) * step(s[1] - s[2], 1) * step(s[2] - s[0], 1), 0),
    "the slopes of hinges that are declared differently": Claim(
        gradient(hinge(u, 0), s), gradient(hinge(u, 1), s)
    ),
    "the slope of a square is not that of a hinge": Claim(
        gradient(hinge(u) ** 2, s[0]), 2 * step(u)
    ),
    "the wrong factor of a product": Claim(
        gradient(hinge(u) * hinge(v), s[1]), -step(u) * hinge(v)
    ),
    "the wrong weight": Claim(gradient(hinge(u), x[1]), step(u) * (W[0, 1] - W[1, 2])),
    "half the gradient of a square": Claim(gradient(total(w**2 for w in W), W), W),
    "a condition that is not enough": Claim(hinge(u) + hinge(v), u + v, u > 0),
    "a condition that leaves the kink out": Claim(step(u), 1, Ne(u, 0)),
    "a condition on a feature that does not help": Claim(hinge(u) * x[1], u * x[1], x[1] > 0),
    "a hinge is at most its argument": Claim(u, hinge(u), relation="≥"),
    "far out": Claim(hinge(u) + hinge(v) + 100, 2 * u + v, relation="≥"),
    "close to 0": Claim(hinge(u), Rational(1, 10**6), relation="≥"),
    "in a direction without a kink": Claim(s[0] - s[2] + hinge(u), 0, relation="≥"),
    "no subgradient": Claim(hinge(t[0]), hinge(s[0]) + step(s[0], 2) * (t[0] - s[0]), relation="≥"),
    "two points": Claim(t[0], s[0]),
    "another shape": Claim(s, s.T),
    "another number of entries": Claim((1, 2), (1, 2, 3)),
    "another number": Claim((1, 2), (1, 3)),
    "the kink of one of two examples": Claim(
        gradient(pair_loss(), W), pair_gradient(lambda u: step(u, 1)), batch=PAIR
    ),
    "one example for another": Claim(P.s[0] + Q.s[0], row_product(W[0, :], P.x + P.x), batch=PAIR),
    "a threshold far away in one of two examples": Claim(step(Q.s[0] - 50), 0, batch=PAIR),
    "an inequality of two examples": Claim(hinge(P.s[0]), hinge(Q.s[0]), relation="≥", batch=PAIR),
    "kinks of two examples that are not one": Claim(
        step(P.s[0]) * step(Q.s[1]), step(P.s[0]), batch=PAIR
    ),
    "a condition on the other example": Claim(hinge(P.s[0]), P.s[0], Q.s[0] > 0, batch=PAIR),
}

OUT_OF_REACH = {
    "nan": Claim(nan, nan),
    "zoo": Claim(zoo, zoo),
    "an infinity": Claim(oo * s[0], oo * s[0]),
    "a hinge of an infinity": Claim(hinge(zoo), hinge(zoo)),
    "pi": Claim(pi * s[0], pi * s[0]),
    "a root": Claim(sqrt(2) * s[0], sqrt(2) * s[0]),
    "an imaginary number": Claim(I * s[0], 0),
    "decimals that are right": Claim(Float("0.5") * s[0], s[0] / 2),
    "decimals that are wrong": Claim(0.1 * s[0] + 0.2 * s[0], 0.3 * s[0]),
    "a decimal threshold": Claim(hinge(s[0] - s[1] + 1.0), hinge(u)),
    "a decimal at the kink": Claim(step(u, 0.5), step(u, HALF)),
    "a letter at the kink": Claim(step(u, Symbol("c")), step(u)),
    "an exponential": Claim(exp(s[0]), exp(s[0])),
    "an exponential that is wrong": Claim(exp(s[0]), 1),
    "the gradient of an exponential": Claim(gradient(exp(s[0]), W), gradient(exp(s[0]), W)),
    "Max": Claim(gradient(Max(0, u), s), gradient(hinge(u), s)),
    "Abs": Claim(Abs(u), hinge(u) + hinge(-u)),
    "Heaviside": Claim(Heaviside(u), step(u)),
    "Piecewise": Claim(Piecewise((u, u > 0), (0, True)), hinge(u)),
    "a quotient": Claim(1 / s[0], 1 / s[0]),
    "a quotient that is wrong": Claim(1 / s[0], 0),
    "a quotient that cancels": Claim((s[0] ** 2 - 1) / (s[0] - 1), s[0] + 1),
    "a power of a letter": Claim(s[0] ** s[1], 0),
    "an unknown function": Claim(Function("f")(s[0]), 0),
    "a derivative of SymPy": Claim(Derivative(hinge(u), s[0]), step(u)),
    "a sum of SymPy": Claim(Sum(Symbol("k"), (Symbol("k"), 1, 3)), 6),
    "an indexed letter": Claim(IndexedBase("s", real=True)[0], s[0]),
    "a letter of nobody": Claim(Symbol("q", real=True), Symbol("q", real=True)),
    "a letter that only looks like a score": Claim(Symbol("s_0"), s[0]),
    "a letter of another example": Claim(P.s[0], s[0]),
    "a letter of another size": Claim(Case(5, 2, 1).s[4], 0),
    "a second derivative": Claim(partial(partial(hinge(u) ** 2, s[0]), s[0]), 2 * step(u)),
    "a derivative by a number": Claim(partial(hinge(u), 1), 0),
    "a derivative by a foreign letter": Claim(gradient(hinge(u), Symbol("q")), 0),
    "a derivative by a score of what has weights": Claim(
        gradient(written_in_weights(), s), zeros(3, 1)
    ),
    "a derivative by a score of weights times scores": Claim(
        gradient(s[0] * W[0, 0], s[0]), W[0, 0]
    ),
    "an inequality of powers": Claim(W[0, 1] ** 4 - W[0, 1] ** 3 + 1, 0, relation="≥"),
    "conditions that exclude each other": Claim(1, 0, (u > 0, u < 0)),
    "conditions that exclude each other in turn": Claim(
        1, 0, (s[0] > s[1], s[1] > s[2], s[2] > s[0])
    ),
    "conditions on weights that exclude each other": Claim(1, 0, (W[0, 1] > 0, W[0, 1] < 0)),
    "a condition that is false": Claim(1, 0, Integer(0) > Integer(1)),
    "a condition that is false once it is worked out": Claim(1, 0, s[0] > row_product(W[0, :], x)),
    "one condition or another": Claim(hinge(u) + hinge(v), u + v, Or(u > 0, v > 0)),
    "a condition that is a letter": Claim(1, 1, Symbol("p")),
    "a condition on a foreign letter": Claim(s[0], s[0], Symbol("q", real=True) > 0),
    "the exponential of one of two examples": Claim(exp(P.s[0]), 1, batch=PAIR),
    "conditions of two examples without bias and features": Claim(
        1,
        0,
        (Case(2, 0, 0, 1).s[0] > 0, Case(2, 0, 0, 2).s[0] < 0),
        batch=(Case(2, 0, 0, 1), Case(2, 0, 0, 2)),
    ),
}


@pytest.mark.parametrize("claim", TRUE.values(), ids=TRUE.keys())
def test_a_true_claim_is_proved(claim):
    found = prove_by_regions(claim, CASE)
    assert found.status == "proved", str(found)


@pytest.mark.parametrize("claim", FALSE.values(), ids=FALSE.keys())
def test_a_false_claim_is_refuted_by_a_point_that_shows_it(claim):
    found = prove_by_regions(claim, CASE)
    assert found.status == "refuted", str(found)
    assert shows_it(found.counterexample, claim, CASE)


@pytest.mark.parametrize("claim", OUT_OF_REACH.values(), ids=OUT_OF_REACH.keys())
def test_what_cannot_be_decided_is_said_to_be_so_with_the_reason(claim):
    found = prove_by_regions(claim, CASE)
    assert found.status == "undecided"
    assert found.reason
    assert found.counterexample is None


def test_where_there_are_more_regions_than_the_budget_the_claim_is_undecided():
    case = Case(5, 0, 0)
    both_sides = sum(hinge(s) - hinge(-s) for s in case.s)
    claim = Claim(both_sides, sum(case.s))
    proof = prove_by_regions(claim, case, budget=3**5 - 1)
    assert (proof.status, proof.exhausted) == ("undecided", True)
    assert proof.reason == "not all regions were gone through: the budget is 242"
    assert prove_by_regions(claim, case, budget=3**5) == Proof("proved", METHOD, regions=3**5)


@pytest.mark.parametrize(
    ("left", "right", "given", "status"),
    [
        (hinge(u), u, Eq(step(u), 1), "proved"),
        (hinge(u), u, Eq(step(u, 1), 0), "refuted"),
        (hinge(u), 0, Eq(step(u), 0), "proved"),
        (step(u), step(v), Eq(step(u), step(v)), "proved"),
        (hinge(u), hinge(v), Eq(step(u), step(v)), "refuted"),
        (hinge(u) * hinge(v), u * v, step(u) + step(v) > 1, "proved"),
        (hinge(u) * hinge(v), u * v, step(u) + step(v) > 0, "refuted"),
        (hinge(u), u, hinge(u) > HALF, "proved"),
        (hinge(u), 1, hinge(u) > HALF, "refuted"),
        (hinge(u), u, Eq(step(u), 2), "undecided"),
    ],
)
def test_a_condition_may_be_made_of_indicators(left, right, given, status):
    claim = Claim(left, right, given=given)
    found = prove_by_regions(claim, CASE)
    assert found.status == status
    assert status != "refuted" or shows_it(found.counterexample, claim, CASE)
