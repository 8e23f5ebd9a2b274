"""The coefficients that a page claims are read from its line for the gradient."""

import pytest
from entries_by_hand import L, margin
from sympy import Ne

from derivation.multiclass_svm import notes, svm
from gradbook.any_size import IndexedClaim
from gradbook.any_size.coefficients import claimed_coefficients, coefficients_claimed_by
from gradbook.any_size.letters import W, b, j, k, x, y
from gradbook.any_size.sums import over_classes
from gradbook.notation import indicator, partial
from gradbook.page import read_text
from gradbook.prove.induction import coefficients_are

on_j = indicator(margin(j) > 0)
violated = over_classes(j, on_j, besides=y)


def of_row(row, coefficient, *given):
    return IndexedClaim(partial(L, W[row, b]), coefficient * x[b], given=given)


def test_the_pages_coefficients_are_those_of_n14():
    found = claimed_coefficients(notes)
    assert (found.other, found.label) == (on_j, -violated)
    assert coefficients_are(other=found.other, label=found.label).prove(svm).proof.holds


@pytest.mark.parametrize(
    ("other", "label"),
    [
        (on_j, violated),
        (-on_j, -violated),
        (indicator(margin(j) >= 0), -violated),
        (on_j, -over_classes(j, on_j)),
        (on_j, -violated - 1),
        (2 * on_j, -2 * violated),
        (1, -violated),
        (indicator(margin(j) > 1), -violated),
        (indicator(margin(j) < 0), -violated),
        (on_j, 0 * violated),
    ],
    ids=["sign of y", "sign of j", "≥", "y counted", "1 too few", "twice", "no mask", "margin 0",
         "<", "row y missing"],
)  # fmt: skip
def test_wrong_coefficients_are_read_as_they_stand_and_refuted_by_induction(other, label):
    found = coefficients_claimed_by([of_row(j, other, Ne(j, y)), of_row(y, label)], svm)
    assert (found.other, found.label) == (other, label)
    proof = coefficients_are(other=found.other, label=found.label).prove(svm).proof
    assert proof.status == "refuted"
    assert proof.counterexample is not None


@pytest.mark.parametrize(
    "claims",
    [
        [],
        [of_row(j, on_j, Ne(j, y))],
        [of_row(y, -violated)],
        [of_row(k, on_j, Ne(j, y)), of_row(y, -violated)],
        [of_row(j, on_j), of_row(y, -violated)],
        [of_row(j, on_j * x[b], Ne(j, y)), of_row(y, -violated)],
        [IndexedClaim(L, 0), IndexedClaim(partial(L, x[b]), 0)],
    ],
    ids=["nothing", "no row y", "no row j", "another row", "no condition", "not linear in x̃",
         "no derivative by W"],
)  # fmt: skip
def test_where_the_claims_do_not_say_nothing_is_read(claims):
    assert coefficients_claimed_by(claims, svm) is None


def test_a_page_that_is_not_about_rows_says_nothing_of_them():
    text = notes.source.text.replace(r"\nabla_{W_j} L_i &=", r"\nabla_{W_k} L_i^{(j)} &=", 1)
    without = text.partition(r"\nabla_{W_k} L_i^{(j)} &=")[0]
    assert claimed_coefficients(read_text(without + "\\end{align}\n$$\n")) is None
