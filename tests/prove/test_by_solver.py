"""Claims decided for all real inputs: the page's lines, wrong pages, and what is left open."""

import sys
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Eq, Float, ImmutableMatrix, Integer, Max, Or, Rational, Symbol, diag, exp
from wrong_gradients import WRONG, claim, right

from derivation.multiclass_svm import L, M, margin, mu, notes
from gradbook import Case, Claim, gradient
from gradbook.notation import hinge, indicator, step, total
from gradbook.prove import query, slopes
from gradbook.prove.by_regions import prove_by_regions
from gradbook.prove.by_solver import METHOD, polynomial, prove_by_solver, queries
from gradbook.prove.query import Query

CASES = (Case(2, 0, 0), Case(2, 2, 1), Case(3, 1, 1), Case(4, 2, 0))
wrong_pages = pytest.mark.parametrize("name", WRONG)


def scores(W, x):
    return [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in W]


# What is true is proved.


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("line", list(notes), ids=notes.ids)
def test_every_line_of_the_page_is_proved(line, case):
    for each in line.claims(case):
        proof = prove_by_solver(each, case)
        assert (proof.status, proof.method) == ("proved", METHOD), proof


def test_ten_classes_are_no_obstacle():
    case = Case(10, 3, 4)
    for id in ("N7", "N14", "N16"):
        assert all(
            prove_by_solver(each, case).status == "proved" for each in notes[id].claims(case)
        )


def test_a_claim_is_asked_without_any_product_of_letters():
    case = Case(3, 2, 0)
    for line in notes:
        for each in line.claims(case):
            asked = next(queries(each, each.batch or (case,)))
            assert not set(asked.letters) & {*case.W, *case.x}


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
    assert proof.counterexample.W == ((1,), (0,))
    assert {proof.counterexample.left, proof.counterexample.right} == {"-1/2", "0"}


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


@pytest.mark.parametrize("case", [Case(2, 1, 1), Case(3, 1, 1), Case(4, 0, 2)], ids=str)
@wrong_pages
def test_a_wrong_gradient_is_refuted_by_data_that_a_person_can_check(name, case):
    wrong = WRONG[name]
    proof = prove_by_solver(claim(case, wrong.claims(case)), case)
    if not WRONG[name].differs(case.C, case.y):  # such as “the largest only”, of one
        assert proof.status == "proved"
        return
    assert proof.status == "refuted"
    found = proof.counterexample
    (x,), (y,), (a, b) = found.x, found.y, found.entry
    s = scores(found.W, x)
    assert Fraction(found.left) == right(s, y)[a] * x[b]
    assert Fraction(found.right) == wrong.says(s, y)[a] * x[b]
    assert found.left != found.right


def test_a_mean_without_1_over_n_is_refuted():
    case = Case(3, 1, 0)
    batch = case.batches()[1]
    mean = total(L(example) for example in batch) / 2
    page = total(M(example) * diag(*example.x) for example in batch)
    found = prove_by_solver(Claim(gradient(mean, case.W), page, batch=batch), case).counterexample
    a, b = found.entry
    parts = [right(scores(found.W, x), y)[a] * x[b] for x, y in zip(found.x, found.y, strict=True)]
    assert Fraction(found.left) == sum(parts) / 2
    assert Fraction(found.right) == sum(parts) != 0


def test_an_example_used_twice_is_refuted_only_where_examples_can_differ():
    def twice(case):
        one, two = batch = case.batches()[1]
        mean = (L(one) + L(two)) / 2
        return Claim(gradient(mean, case.W), mu(one) * one.x.T, batch=batch)

    found = prove_by_solver(twice(Case(3, 1, 0)), Case(3, 1, 0)).counterexample
    (first, second), (a, b) = found.x, found.entry
    assert first != second
    one, two = (right(scores(found.W, x), 0)[a] * x[b] for x in found.x)
    assert (Fraction(found.left), Fraction(found.right)) == ((one + two) / 2, one)
    assert one != two
    assert prove_by_solver(twice(Case(3, 0, 0)), Case(3, 0, 0)).status == "proved"


def test_a_gradient_with_the_layout_transposed_is_refuted_by_its_shape():
    case = Case(3, 1, 0)
    layout = gradient(L(case), case.W)
    proof = prove_by_solver(Claim(layout.T, layout), case)
    assert proof.reason == "the left side is 2 × 3, the right side 3 × 2"
    assert proof.counterexample is not None


def test_a_square_layout_transposed_is_refuted_by_its_entries():
    case = Case(2, 1, 0)
    layout = gradient(L(case), case.W)
    found = prove_by_solver(Claim(layout.T, layout), case).counterexample
    s = scores(found.W, found.x[0])
    (a, b) = found.entry
    assert Fraction(found.left) == right(s, 0)[b] * found.x[0][a]
    assert Fraction(found.right) == right(s, 0)[a] * found.x[0][b]


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
    reason = left_open(next(iter(notes["N8"].claims(case))), case, budget=0)
    assert reason == "z3 gave up after 0 resource units on C = 9, m = 4, y = 0"


def test_a_true_claim_that_takes_too_long_is_not_proved():
    case = Case(2, 3, 0)
    a, b, c = (x**2 for x in case.x[1:, :])
    robinson = (
        a**3 + b**3 + c**3 + 3 * a * b * c - a * b * (a + b) - a * c * (a + c) - b * c * (b + c)
    )
    reason = left_open(Claim(robinson, 0, relation="≥"), case, budget=3_000_000)
    assert reason == "z3 gave up after 100,000 resource units on C = 2, m = 3, y = 0"


def test_an_unknown_function_is_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(exp(case.s[0]), 0, relation="≥"), case)
    assert reason == "exp(s_0) is not made of sums, products, max and indicators"


def test_a_quotient_is_left_open():
    case = Case(2, 1, 0)
    reason = left_open(Claim(case.s[0] / case.x[1], case.s[0] / case.x[1]), case)
    assert reason == "1/x_1 is not a power with a positive whole exponent"


def test_a_decimal_that_is_not_exact_is_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(Float("0.1") * case.s[0], case.s[0] / 10), case)
    assert reason == "the decimal 0.100000000000000 is not exact: write it as a Rational"
    half = Claim(Float("0.5") * case.s[0], case.s[0] / 2)
    assert prove_by_solver(half, case).status == "proved"


def test_a_letter_that_is_not_real_is_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(Symbol("z") ** 2, 0, relation="≥"), case)
    assert reason == "the letter z is not declared to be real"


def test_two_letters_of_one_name_are_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(Symbol("s_0", positive=True), case.s[0]), case)
    assert reason == "two different letters are both written s_0"


def test_a_false_claim_about_a_letter_that_the_page_does_not_have_is_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(Symbol("t", real=True), 0), case)
    assert reason.startswith("the solver finds it false, but")


def test_conditions_that_contradict_each_other_prove_nothing():
    case = Case(2, 0, 0)
    reason = left_open(Claim(case.s[0], 7, given=(case.s[0] > 1, case.s[0] < 0)), case)
    assert reason.startswith("its conditions never hold together: ")
    assert left_open(Claim(0, 1, given=Eq(Integer(0), 1)), case) == "its conditions never hold"


def test_a_condition_that_is_no_comparison_is_left_open():
    case = Case(2, 0, 0)
    either = Or(case.s[0] > 0, case.s[1] > 0)
    assert left_open(Claim(1, 1, given=either), case).endswith("is not a comparison")


def test_without_z3_nothing_is_proved(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)
    case = Case(2, 0, 0)
    assert left_open(Claim(case.s[0], case.s[0]), case) == "z3-solver is not installed"


# The derivatives themselves are not believed.


def wrong_derivatives(monkeypatch, wrong):
    """What is found with ∂f/∂v as `wrong` has it."""
    by_chain_rule = slopes.by_chain_rule
    monkeypatch.setattr(
        slopes, "by_chain_rule", lambda f, v, batch: wrong(f, v, by_chain_rule(f, v, batch))
    )
    case = Case(3, 1, 0)
    return left_open(Claim(gradient(L(case), case.W), mu(case) * case.x.T), case)


def test_a_wrong_slope_is_noticed(monkeypatch):
    reason = wrong_derivatives(monkeypatch, lambda f, v, found: 2 * found)
    assert reason.startswith("a difference of values is not slope times step for max(0, ")


def test_a_derivative_of_a_sum_that_is_not_the_sum_is_noticed(monkeypatch):
    reason = wrong_derivatives(monkeypatch, lambda f, v, found: found + int(f.is_Add))
    assert reason.endswith("is not the sum over its terms")


def test_a_wrong_chain_rule_is_noticed(monkeypatch):
    reason = wrong_derivatives(
        monkeypatch, lambda f, v, found: 0 * found if str(v).startswith("W") else found
    )
    assert reason.endswith("is not what the chain rule gives")


def test_a_derivative_of_a_derivative_is_left_open():
    case = Case(2, 0, 0)
    slope = gradient(L(case), case.s[1])
    reason = left_open(Claim(gradient(slope, case.s[1]), 0), case)
    assert reason.startswith("a derivative of a derivative is not worked out")


def test_a_derivative_by_a_score_of_a_formula_of_weights_is_left_open():
    case = Case(2, 0, 0)
    reason = left_open(Claim(gradient(case.s[0] * case.W[0, 0], case.s[0]), case.W[0, 0]), case)
    assert reason.startswith("a derivative by a score is not clear where weights are written too")


def test_a_kink_inside_a_kink_is_left_open():
    case = Case(2, 0, 0)
    nested = hinge(hinge(case.s[0]) - 1)
    reason = left_open(Claim(gradient(nested, case.s[0]), step(case.s[0] - 1)), case)
    assert reason.startswith("not piecewise polynomial")


@pytest.mark.usefixtures("nothing_known")
def test_a_slope_that_is_not_checked_within_the_budget_proves_nothing():
    case = Case(3, 1, 0)
    about = Claim(gradient(L(case), case.W), mu(case) * case.x.T)
    assert left_open(about, case, budget=0).startswith("z3 gave up after 0 resource units")


# The parts.


def test_a_polynomial_is_taken_apart():
    x, z, u = (Symbol(name, real=True) for name in "xzu")
    found = polynomial((x + hinge(u)) ** 2 - 3 * x * z, frozenset({x, z}))
    assert {monomial: value.expand() for monomial, value in found.items()} == {
        1: hinge(u) ** 2,
        x: 2 * hinge(u),
        x**2: 1,
        x * z: -3,
    }


def test_every_query_says_what_it_is_about():
    case = Case(2, 1, 0)
    (asked,) = queries(Claim(case.s[0], case.W.row(0) * case.x), (case,))
    assert isinstance(asked, Query)
    assert str(asked).startswith("the coefficients of both sides, C = 2, m = 1, y = 0: ")
