"""Two ways to a derivative: they agree, and where one of them is broken, that is noticed."""

import pytest
from exact_values import letters_at, value
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, exp
from sympy.polys.rings import PolyElement

from gradbook.case import Case
from gradbook.derivation import Claim, gradient
from gradbook.notation import hinge, partial, step, total
from gradbook.prove import derivatives
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.derivatives import by_chain_rule, disagreement, products, without_partials
from gradbook.regions import NotAffine

CASE = Case(3, 2, 1)
W, x, s = CASE.W, CASE.x, CASE.s
u, v = s[0] - s[1] + 1, s[2] - s[1] + 1
LETTERS = (*W, *x[1:, :])
PAIR = CASE.batches()[1]


def squares(expr):
    return expr * expr


FORMULAS = {
    "a hinge": hinge(u),
    "a hinge with slope 1/2 at its kink": hinge(u, Rational(1, 2)),
    "a sum of hinges": hinge(u) + 2 * hinge(v, 1),
    "a square": hinge(u) ** 2,
    "a product": hinge(u) * hinge(v) * step(v),
    "a polynomial": s[0] ** 2 * W[0, 1] + x[1] * s[2],
    "kinks that depend on each other": hinge(s[0] - s[2]) * hinge(s[0] - s[1]) * hinge(s[1] - s[2]),
    "a regulariser": total(w**2 for w in W),
    "a constant": Integer(3),
}
formulas = pytest.mark.parametrize("f", FORMULAS.values(), ids=FORMULAS.keys())


@formulas
def test_both_ways_agree_for_weights_and_features(f):
    assert disagreement(f, LETTERS, (CASE,)) is None


@pytest.mark.parametrize("f", [hinge(u), hinge(u) ** 2 * hinge(v), s[0] * s[1] * x[1]])
def test_both_ways_agree_for_scores(f):
    assert disagreement(f, (*s, *x[1:, :]), (CASE,)) is None


def test_both_ways_agree_for_the_mean_of_several_examples():
    for batch in CASE.batches():
        mean = total(hinge(e.s[0] - e.s[e.y] + 1) ** 2 for e in batch) / len(batch)
        assert disagreement(mean, LETTERS[:9], batch) is None


integers = st.integers(-2, 2)


@formulas
@settings(max_examples=20)
@given(st.lists(st.lists(integers, min_size=3, max_size=3), min_size=4, max_size=4))
def test_the_chain_rule_gives_the_speed_at_every_point_kinks_included(f, numbers):
    values = letters_at(numbers[:3], [[1, *numbers[3][1:]]], (CASE,))
    for letter in LETTERS:
        by_definition = value(partial(f, letter), values, (CASE,))
        assert value(by_chain_rule(f, letter, (CASE,)), values, (CASE,)) == by_definition


def test_a_score_stands_for_its_product():
    assert products((CASE,)) == CASE.products
    assert set(products(PAIR)) == {score for case in PAIR for score in case.s}
    assert by_chain_rule(s[0], W[0, 2], (CASE,)) == x[2]
    assert by_chain_rule(s[0], W[0, 0], (CASE,)) == 1
    assert by_chain_rule(s[0], W[1, 2], (CASE,)) == 0
    assert by_chain_rule(s[0], x[2], (CASE,)) == W[0, 2]
    assert by_chain_rule(s[0], s[0], (CASE,)) == 1


def test_derivatives_inside_a_formula_are_worked_out():
    expr = 2 * partial(hinge(u), W[0, 1]) + partial(s[0] ** 2, s[0])
    assert without_partials(expr, (CASE,)) == 2 * step(u) * x[1] + 2 * s[0]
    assert without_partials(u, (CASE,)) == u


@pytest.mark.parametrize("f", [exp(s[0]), 1 / s[0], hinge(s[0] * s[1]), hinge(hinge(u))])
def test_what_is_not_polynomial_in_pieces_is_refused(f):
    with pytest.raises(NotAffine):
        disagreement(f, LETTERS, (CASE,))


# Each way broken in turn. The thresholds differ, so that nothing found before is used again.


def claim_about(threshold):
    f = hinge(s[0] - s[1] + threshold) * s[2]
    return Claim(gradient(f, W), gradient(f, W))


def test_a_wrong_chain_rule_is_noticed(monkeypatch):
    real = derivatives._diff
    monkeypatch.setattr(derivatives, "_diff", lambda f, letter: -real(f, letter))
    found = prove_by_regions(claim_about(101), CASE)
    assert found.status == "undecided"
    assert found.reason.startswith("the chain rule and the polynomial of a region differ: ∂/∂W_")


def test_a_slope_that_is_wrong_in_one_region_only_is_noticed(monkeypatch):
    monkeypatch.setattr(hinge, "fdiff", lambda self, argindex=1: step(self.args[0] - 1))
    found = prove_by_regions(claim_about(102), CASE)
    assert found.status == "undecided"
    assert found.reason.startswith("the chain rule and the polynomial of a region differ: ∂/∂W_")


def test_a_derivative_that_is_lost_without_a_word_is_noticed(monkeypatch):
    monkeypatch.setattr(derivatives, "_diff", lambda f, letter: Integer(0))
    f = s[0] ** 2 + 103 * s[1]
    found = prove_by_regions(Claim(gradient(f, W), gradient(f, W)), CASE)
    assert found.status == "undecided"
    assert found.reason.startswith("the chain rule and the polynomial of a region differ: ∂/∂W_")


def test_a_wrong_derivative_of_a_polynomial_is_noticed(monkeypatch):
    monkeypatch.setattr(PolyElement, "diff", lambda self, x: self.ring.one)
    found = prove_by_regions(claim_about(104), CASE)
    assert found.status == "undecided"
    assert found.reason.startswith("the chain rule and the polynomial of a region differ: ∂/∂W_")


def test_a_derivative_that_is_not_the_sum_over_the_examples_is_noticed(monkeypatch):
    real = derivatives._diff
    monkeypatch.setattr(
        derivatives, "_diff", lambda f, letter: real(f, letter) * (2 if f.is_Add else 1)
    )
    f = total(hinge(e.s[0] - e.s[1] + 105) for e in PAIR)
    found = prove_by_regions(Claim(gradient(f, W), gradient(f, W), batch=PAIR), CASE)
    assert found.status == "undecided"
    assert "is not the sum over its terms" in found.reason
