"""Claims decided for all real inputs: the page's lines, wrong pages, and what is left open."""

import sys
from fractions import Fraction

import pytest
from exact_values import data, shows_it
from hypothesis import given, settings
from hypothesis import strategies as st
from python_page import LINES, L, M, margin, mu
from sympy import Eq, ImmutableMatrix, Integer, Max, Or, Rational, diag
from wrong_gradients import WRONG

from gradbook import Case, Claim, gradient
from gradbook.notation import hinge, indicator, step, total
from gradbook.prove import query
from gradbook.prove.by_solver import METHOD
from gradbook.prove.in_python import prove_by_regions, prove_by_solver

CASES = (Case(2, 0, 0), Case(2, 2, 1), Case(4, 1, 0))
wrong_pages = pytest.mark.parametrize("name", WRONG)


def scores(W, x):
    return [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in W]


# What is true is proved.


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("id", LINES)
def test_every_line_of_the_page_is_proved(id, case):
    for each in LINES[id](case):
        proof = prove_by_solver(each, case)
        assert (proof.status, proof.method) == ("proved", METHOD), proof


def test_what_holds_only_under_a_condition_is_proved_only_under_it():
    case = Case(2, 1, 0)
    given = Claim(hinge(margin(case, 1)), margin(case, 1), given=margin(case, 1) > 0)
    assert prove_by_solver(given, case).status == "proved"
    assert prove_by_solver(Claim(hinge(margin(case, 1)), margin(case, 1)), case).status == "refuted"


def test_a_condition_on_the_features_is_understood():
    case = Case(2, 1, 0)
    x = case.x[1]
    assert prove_by_solver(Claim(hinge(x), x, given=x > 0), case).status == "proved"
    assert prove_by_solver(Claim(hinge(x), x, given=x > -1), case).status == "refuted"
    twice = Claim(x * case.s[0], 2 * case.s[0], given=Eq(x, 2))
    assert prove_by_solver(twice, case).status == "proved"


def test_an_inequality_may_hold_though_the_coefficients_differ():
    case = Case(2, 1, 0)
    square = Claim(case.x[1] ** 2, 2 * case.x[1] - 1, relation="≥")
    assert prove_by_solver(square, case).status == "proved"


def test_sympys_own_maximum_is_refuted_at_the_kink():
    case = Case(2, 0, 0)
    page = ImmutableMatrix([-step(margin(case, 1)), step(margin(case, 1))])
    proof = prove_by_solver(Claim(gradient(Max(0, margin(case, 1)), case.s), page), case)
    there = data(proof.counterexample)
    assert there.W[0][0] - there.W[1][0] == 1
    assert {there.left, there.right} == {Fraction(-1, 2), 0}


def test_the_gradient_with_respect_to_the_features_is_the_weights_times_the_coefficients():
    case = Case(3, 2, 1)
    features = case.x[1:, :]
    page = case.W[:, 1:].T * mu(case)
    assert prove_by_solver(Claim(gradient(L(case), features), page), case).status == "proved"
    assert prove_by_solver(Claim(gradient(L(case), features), -page), case).status == "refuted"


def test_a_gradient_may_be_of_a_formula_of_the_weights():
    case = Case(2, 1, 0)
    in_weights = L(case).xreplace(case.products)
    page = mu(case) * case.x.T
    assert prove_by_solver(Claim(gradient(in_weights, case.W), page), case).status == "proved"
    assert prove_by_solver(Claim(gradient(in_weights, case.W), 2 * page), case).status == "refuted"


def test_a_gradient_of_a_square_is_a_hinge():
    case = Case(2, 1, 0)
    square = Claim(gradient(hinge(margin(case, 1)) ** 2, case.s[1]), 2 * hinge(margin(case, 1)))
    assert prove_by_solver(square, case).status == "proved"


# What is false is refuted, with data on which it can be seen.


def test_a_mean_without_1_over_n_is_refuted():
    case = Case(3, 1, 0)
    batch = case.batches()[1]
    mean = total(L(example) for example in batch) / 2
    page = total(M(example) * diag(*example.x) for example in batch)
    wrong = Claim(gradient(mean, case.W), page, batch=batch)
    assert shows_it(prove_by_solver(wrong, case).counterexample, wrong, case)


def test_an_example_used_twice_is_refuted_only_where_examples_can_differ():
    def twice(case):
        one, two = batch = case.batches()[1]
        mean = (L(one) + L(two)) / 2
        return Claim(gradient(mean, case.W), mu(one) * one.x.T, batch=batch)

    wrong = twice(Case(3, 1, 0))
    assert shows_it(prove_by_solver(wrong, Case(3, 1, 0)).counterexample, wrong, Case(3, 1, 0))
    assert prove_by_solver(twice(Case(3, 0, 0)), Case(3, 0, 0)).status == "proved"


def test_a_square_layout_transposed_is_refuted_by_its_entries():
    case = Case(2, 1, 0)
    layout = gradient(L(case), case.W)
    wrong = Claim(layout.T, layout)
    assert shows_it(prove_by_solver(wrong, case).counterexample, wrong, case)


combinations = st.dictionaries(
    st.tuples(st.integers(0, 2), st.sampled_from([-1, 0, Rational(1, 2)]), st.sampled_from([0, 1])),
    st.integers(-1, 1),
    max_size=2,
)


@settings(max_examples=25, deadline=None)
@given(C=st.integers(2, 3), m=st.integers(0, 1), extra=combinations)
def test_the_solver_and_the_regions_agree(C, m, extra):
    case = Case(C, m, 0)
    added = Integer(0)
    for (a, shift, at_kink), weight in extra.items():
        added += weight * step(case.s[a % C] - case.s[0] + 1 + shift, at_kink)
    page = ImmutableMatrix([[indicator(margin(case, 1) > 0) + added]])
    about = Claim(gradient(L(case), case.s[1]), page)
    by_solver, by_regions = prove_by_solver(about, case), prove_by_regions(about, case)
    assert by_solver.status == by_regions.status
    assert by_solver.status in ("proved", "refuted")


# What cannot be decided is left open, with the reason.


def left_open(about, case, **limits):
    proof = prove_by_solver(about, case, **limits)
    assert (proof.status, proof.method) == ("undecided", METHOD)
    return proof.reason


@pytest.fixture
def nothing_known(monkeypatch):
    """No query has been answered before."""
    monkeypatch.setattr(query, "_answers", {})


@pytest.mark.usefixtures("nothing_known")
def test_without_a_budget_nothing_is_proved():
    case = Case(9, 4, 0)
    reason = left_open(next(iter(LINES["N8"](case))), case, budget=0)
    assert reason == "z3 gave up after 0 resource units"


def test_a_true_claim_that_takes_too_long_is_not_proved():
    case = Case(2, 3, 0)
    a, b, c = (x**2 for x in case.x[1:, :])
    robinson = (
        a**3 + b**3 + c**3 + 3 * a * b * c - a * b * (a + b) - a * c * (a + c) - b * c * (b + c)
    )
    reason = left_open(Claim(robinson, 0, relation="≥"), case, budget=3_000_000)
    assert reason == "z3 gave up after 100,000 resource units"


def test_conditions_that_contradict_each_other_prove_nothing():
    case = Case(2, 0, 0)
    reason = left_open(Claim(case.s[0], 7, given=(case.s[0] > 1, case.s[0] < 0)), case)
    assert reason == "its conditions never hold together"
    assert left_open(Claim(0, 1, given=Eq(Integer(0), 1)), case) == "its conditions never hold"


def test_a_condition_that_is_no_comparison_is_left_open():
    case = Case(2, 0, 0)
    either = Or(case.s[0] > 0, case.s[1] > 0)
    assert left_open(Claim(1, 1, given=either), case).endswith("is not a comparison")


def test_without_z3_nothing_is_proved(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    case = Case(2, 0, 0)
    assert left_open(Claim(case.s[0], case.s[0]), case) == "z3-solver is not installed"
