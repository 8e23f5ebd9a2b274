"""Formulas are multiplied out up to a size; beyond it a claim is undecided, at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Add, symbols

from gradbook.any_size.letters import W, X, a, b, i
from gradbook.any_size.lines import IndexedClaim, prove_claim
from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge
from gradbook.prove.expansion import MOST_TERMS, TooLarge, expanded, terms
from gradbook.prove.in_python import prove_by_regions, prove_by_solver

CASE = Case(4, 2, 0)
LETTERS = symbols("p q r t", real=True)
TOO_LARGE = f"multiplied out, it has more than {MOST_TERMS:,} terms"


@given(
    st.recursive(
        st.sampled_from(LETTERS),
        lambda parts: st.one_of(
            st.lists(parts, min_size=2, max_size=3).map(lambda some: Add(*some)),
            st.tuples(parts, parts).map(lambda pair: pair[0] * pair[1]),
            parts.map(lambda part: part**3),
        ),
        max_leaves=6,
    )
)
def test_no_formula_has_more_terms_than_are_counted(formula):
    try:
        counted = terms(formula)
    except TooLarge:
        return
    assert len(Add.make_args(expanded(formula))) <= counted


def test_what_is_too_large_is_told_before_it_is_multiplied_out():
    p, q, *_ = LETTERS
    with pytest.raises(TooLarge, match=TOO_LARGE):
        expanded(sum(LETTERS) ** 200)
    with pytest.raises(TooLarge, match=TOO_LARGE):
        expanded(hinge(sum(LETTERS) ** 200) + 1)
    with pytest.raises(TooLarge, match="a power with an exponent of more than 1,000"):
        expanded(p**1001 + q)
    assert len(Add.make_args(expanded((p + q) ** 1000))) == 1001


@pytest.mark.parametrize("prove", [prove_by_regions, prove_by_solver])
@pytest.mark.parametrize(
    "claim",
    [
        Claim(sum(CASE.W) ** 40, (sum(CASE.W) + 1) ** 40),
        Claim(gradient(sum(CASE.W) ** 40, CASE.W), CASE.zeros(*CASE.W.shape)),
        Claim(gradient(sum(CASE.s) ** 40, CASE.W), CASE.zeros(*CASE.W.shape)),
        Claim(CASE.s[0], 0, given=(sum(CASE.W) ** 40 > 1,)),
    ],
    ids=["a side", "a derivative", "scores that stand for sums", "a condition"],
)
def test_a_claim_that_is_too_large_is_never_proved(prove, claim):
    found = prove(claim, CASE)
    # What is false is refuted at a point all the same.
    assert found.status == "refuted" or (found.status, found.reason) == ("undecided", TOO_LARGE)


@pytest.mark.parametrize("prove", [prove_by_regions, prove_by_solver])
def test_a_claim_with_too_high_a_power_is_undecided(prove):
    found = prove(Claim(CASE.s[0] ** 10**9, CASE.s[0] ** (10**9 + 1) * CASE.x[0]), CASE)
    assert found.status == "undecided"
    assert "exponent" in found.reason


@pytest.mark.thorough
def test_for_any_size_too_large_a_product_is_undecided_unless_an_instance_refutes_it():
    sum_of_eight = Add(*(W[a, b] * X[i, b] ** k for k in range(8)))
    found = prove_claim(IndexedClaim(sum_of_eight**9, sum_of_eight**9 + W[a, b] - W[a, b] ** 1))
    assert found.status == "proved"  # the two are one formula
    product = sum_of_eight**9
    found = prove_claim(IndexedClaim(product - sum_of_eight, sum_of_eight * (sum_of_eight**8 - 1)))
    assert (found.status, found.reason.split(", and")[0]) == ("undecided", TOO_LARGE)
    assert prove_claim(IndexedClaim(product, product + W[a, b])).status == "refuted"


def test_for_any_size_too_high_a_power_is_undecided():
    found = prove_claim(IndexedClaim(W[a, b] ** 10**9, W[a, b]))
    assert found.status == "undecided"
    assert found.reason == "the exponent 1000000000 is more than 1,000"
