"""A claim in entries is what its writer means, or is turned away in one sentence; never neither."""

import pytest
from any_size_claims import on, row_y, violated
from entries_by_hand import L, margin
from sympy import (
    Abs,
    And,
    Eq,
    Function,
    Heaviside,
    I,
    KroneckerDelta,
    Max,
    Min,
    Ne,
    Or,
    Piecewise,
    Sum,
    nan,
    oo,
    sign,
)

from derivation.multiclass_svm import svm
from gradbook.any_size import IndexedClaim, of_example, prove_claim
from gradbook.any_size.letters import C, W, X, a, b, i, j, k, m, s, x, y
from gradbook.any_size.sums import mean, over_classes
from gradbook.notation import equal, hinge, indicator, partial

row_j = partial(L, W[j, b])
of_all = partial(mean(of_example(L, i)), W[a, b])


# What is not a claim.


@pytest.mark.parametrize("relation", ["≤", "<=", ">=", "==", ""])
def test_another_relation_is_refused(relation):
    with pytest.raises(TypeError, match="relation must be =, ≥ or >, not "):
        IndexedClaim(hinge(margin(j)), margin(j), relation=relation)


@pytest.mark.parametrize(
    "given",
    [Or(Ne(j, y), margin(j) > 0), (Ne(j, y), Or(Eq(a, j), Eq(a, y))), margin(j)],
    ids=["or", "one of two", "no comparison"],
)
def test_a_condition_that_is_no_comparison_is_refused(given):
    with pytest.raises(TypeError, match="given must be comparisons, not "):
        IndexedClaim(row_j, 0, given=given)


@pytest.mark.parametrize("side", [True, (1, 2), Eq(j, y), [1]], ids=str)
def test_a_side_that_is_no_formula_is_refused(side):
    with pytest.raises(TypeError, match=r"^left must be one formula, not "):
        IndexedClaim(side, 0)


# Conditions and masks in other words.


def test_conditions_joined_by_and_are_conditions_one_by_one():
    joined = IndexedClaim(row_j, x[b], given=And(Ne(j, y), margin(j) > 0))
    assert set(joined.given) == {Ne(j, y), margin(j) > 0}
    assert prove_claim(joined).status == "proved"


@pytest.mark.parametrize(
    "mask",
    [1 - KroneckerDelta(k, y), 1 - KroneckerDelta(y, k, (0, C - 1)), 1 - equal(k, y)],
    ids=["SymPy's δ", "with its range", "equal"],
)
def test_a_mask_may_be_one_minus_a_delta(mask):
    assert prove_claim(IndexedClaim(row_y, -over_classes(k, mask * on(k)) * x[b])).status == (
        "proved"
    )
    counted = -over_classes(k, (1 + mask) * on(k)) * x[b]
    assert prove_claim(IndexedClaim(row_y, counted)).status == "refuted"


def test_a_loss_may_be_written_with_delta():
    formula = Sum((1 - KroneckerDelta(j, y)) * hinge(s[j] - s[y] + 1), (j, 0, C - 1))
    loss = type(svm)("a loss", formula, "a_loss")
    assert loss.coefficients(3, 1) == svm.coefficients(3, 1)
    assert (
        prove_claim(IndexedClaim(partial(loss.formula, W[y, b]), -violated() * x[b])).status
        == "proved"
    )


def test_cases_under_two_sums_keep_their_index():
    cases = Piecewise((indicator(margin(k) > 0), Ne(k, y)), (-violated(j), True))
    summed = mean(over_classes(k, equal(k, a) * of_example(cases, i)) * X[i, b])
    assert prove_claim(IndexedClaim(of_all, summed)).status == "proved"


def test_a_condition_with_or_inside_cases_is_computed():
    zero_else = Piecewise((0, Or(And(Ne(a, j), Ne(a, y)), Eq(j, y))), (1, Eq(a, j)), (-1, True))
    right = IndexedClaim(
        partial(hinge(margin(j)), W[a, b]), zero_else * x[b], (Ne(j, y), margin(j) > 0)
    )
    assert prove_claim(right).status != "refuted"


# What cannot be decided is undecided, and what does not exist is refuted.


@pytest.mark.parametrize(
    ("left", "right", "reason"),
    [
        (0.1 * s[j] + 0.2 * s[j], 0.3 * s[j], "is not exact: write it as a Rational"),
        (s[j], nan, "nan is not a real number"),
        (s[j], oo, "oo is not a real number"),
        (s[j], I, "I is not a real number"),
        (Function("f")(s[j]), 0, "cannot be computed"),
        (partial(Max(0, margin(j)), W[a, b]), 0, "no derivative of Max is declared"),
    ],
    ids=["decimals", "nan", "infinity", "imaginary", "unknown function", "Max"],
)
def test_what_cannot_be_computed_exactly_is_undecided(left, right, reason):
    proof = prove_claim(IndexedClaim(left, right))
    assert proof.status == "undecided"
    assert reason in proof.reason


@pytest.mark.quick("Max", "Heaviside")
@pytest.mark.parametrize(
    ("left", "right"),
    [
        (Max(0, margin(j)), hinge(margin(j))),
        (Min(0, margin(j)), margin(j) - hinge(margin(j))),
        (Abs(margin(j)), hinge(margin(j)) + hinge(-margin(j))),
        (sign(margin(j)), indicator(margin(j) > 0) - indicator(margin(j) < 0)),
        (Heaviside(margin(j), 0), indicator(margin(j) > 0)),
        (Piecewise((margin(j), margin(j) > 0), (0, True)), hinge(margin(j))),
    ],
    ids=["Max", "Min", "Abs", "sign", "Heaviside", "cases of a margin"],
)
def test_functions_in_pieces_are_computed_exactly_and_so_right_claims_are_not_refuted(left, right):
    assert prove_claim(IndexedClaim(left, right)).status != "refuted"
    assert prove_claim(IndexedClaim(left, right + 1)).status == "refuted"


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (IndexedClaim(partial(L, W[b, a]), partial(L, W[b, a])), "W"),
        (IndexedClaim(s[b], s[b]), "in s[b], b is one of m + 1, not of C"),
        (
            IndexedClaim(equal(a, b) * x[b], equal(b, a) * x[b]),
            "compares one of C with one of m + 1",
        ),
    ],
    ids=["transposed", "a feature as a class", "a class and a feature"],
)
def test_an_index_in_the_wrong_place_is_refuted(claim, reason):
    proof = prove_claim(claim)
    assert proof.status == "refuted"
    assert reason in proof.reason


def test_a_claim_that_holds_at_small_sizes_only_by_mixing_ranges_is_not_proved():
    assert prove_claim(IndexedClaim(equal(a, b) * m * (m - 1), 0)).status == "refuted"


# The data that refute are simple.


@pytest.mark.parametrize(
    ("claim", "at_most"),
    [
        (IndexedClaim(row_y, violated() * x[b]), 1),
        (IndexedClaim(row_j, indicator(margin(j) >= 0) * x[b], Ne(j, y)), 2),
        (IndexedClaim(hinge(margin(j)), margin(j), Ne(j, y)), 2),
        (IndexedClaim(row_j, indicator(margin(j) > 0) * x[b] ** 2, Ne(j, y)), 1),
    ],
    ids=["a sign", "the kink", "the other side", "a square"],
)
def test_a_refutation_has_few_numbers_that_are_not_0(claim, at_most):
    instance = prove_claim(claim).refutation.instance
    numbers = [v for row in instance.values[W] for v in row] + [*instance.values[x]]
    assert sum(v != 0 for v in numbers) <= at_most
