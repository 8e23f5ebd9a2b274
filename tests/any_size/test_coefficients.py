"""The coefficients that a page claims are read from its line for the gradient."""

import pytest
from sympy import Ne

from derivation.multiclass_svm import svm
from derivation.multiclass_svm_any_size import L, margin, page
from gradbook.any_size import AnySizePage, IndexedClaim
from gradbook.any_size.coefficients import claimed_coefficients
from gradbook.any_size.letters import W, b, j, k, over_classes, x, y
from gradbook.notation import indicator, partial
from gradbook.prove.induction import coefficients_are

on_j = indicator(margin(j) > 0)
violated = over_classes(j, on_j, besides=y)


def page_with(*claims, id="N14"):
    other = AnySizePage(svm)

    @other.line(id)
    def line():
        """The gradient."""
        yield from claims

    return other


def of_row(row, coefficient, *given):
    return IndexedClaim(partial(L, W[row, b]), coefficient * x[b], given=given)


def test_the_pages_coefficients_are_those_of_n14():
    found = claimed_coefficients(page)
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
    found = claimed_coefficients(page_with(of_row(j, other, Ne(j, y)), of_row(y, label)))
    assert (found.other, found.label) == (other, label)
    proof = coefficients_are(other=found.other, label=found.label).prove(svm).proof
    assert proof.status == "refuted"
    assert proof.counterexample is not None


@pytest.mark.parametrize(
    "other_page",
    [
        AnySizePage(svm),
        page_with(of_row(j, on_j, Ne(j, y)), of_row(y, -violated), id="N13"),
        page_with(of_row(j, on_j, Ne(j, y))),
        page_with(of_row(y, -violated)),
        page_with(of_row(k, on_j, Ne(j, y)), of_row(y, -violated)),
        page_with(of_row(j, on_j), of_row(y, -violated)),
        page_with(of_row(j, on_j * x[b], Ne(j, y)), of_row(y, -violated)),
        page_with(IndexedClaim(L, 0), IndexedClaim(partial(L, x[b]), 0)),
    ],
    ids=["empty", "another line", "no row y", "no row j", "another row", "no condition",
         "not linear in x̃", "no derivative by W"],
)  # fmt: skip
def test_where_the_page_does_not_say_nothing_is_read(other_page):
    assert claimed_coefficients(other_page) is None
