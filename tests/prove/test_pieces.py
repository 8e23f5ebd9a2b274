"""Formulas as polynomials, region by region."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, exp

from gradbook.case import Case
from gradbook.notation import hinge, step
from gradbook.prove.pieces import Pieces
from gradbook.regions import NotAffine, cells, forms_of

CASE = Case(3, 1, 1)
s, x = CASE.s, CASE.x
u = s[0] - s[1] + 1
FORMULA = hinge(u, 1) * x[1] ** 2 + step(u, Rational(1, 2)) * (s[0] - 3) / 2 + hinge(s[2]) - 1


def test_a_formula_is_read_back_as_it_was():
    pieces = Pieces.of([FORMULA], {})
    letters = {f"kink {i}": kink for i, kink in enumerate(pieces.kinks)}
    found = pieces.read(FORMULA).as_expr()
    named = {t: letters[str(t)] for t in found.free_symbols if str(t) in letters}
    assert (found.xreplace(named) - FORMULA).expand() == 0


def test_inside_a_region_kinks_are_replaced_and_equalities_used():
    pieces = Pieces.of([FORMULA], {})
    for cell in cells(forms_of(FORMULA), tuple(s)):
        inside = pieces.inside(FORMULA, pieces.region(cell)).as_expr()
        assert (inside - cell.restrict(FORMULA)).expand() == 0
        assert not inside.has(hinge, step)


def test_a_letter_can_stand_for_what_it_means():
    pieces = Pieces.of([s[0] * x[1]], CASE.products)
    assert pieces.read(s[0]).as_expr() == CASE.products[s[0]].expand()
    assert pieces.read(s[0]) == pieces.read(CASE.products[s[0]])


@pytest.mark.parametrize("formula", [exp(s[0]), s[0] * 0.5, 1 / s[0], s[0] ** s[1]])
def test_what_is_no_polynomial_is_refused(formula):
    with pytest.raises(NotAffine, match="is not a polynomial in letters, hinges and steps"):
        Pieces.of([formula], {}).read(formula)


@given(st.integers(-3, 3))
def test_a_number_is_a_polynomial(number):
    assert Pieces.of([], {}).read(Rational(number)) == number
