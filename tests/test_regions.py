"""Cells: exactly the non-empty ones, each with points of its own."""

from fractions import Fraction
from itertools import combinations, pairwise, permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sympy import Integer, Rational, Symbol, exp, symbols

from gradbook import linear
from gradbook.linear import Exhausted
from gradbook.loss import scores
from gradbook.notation import hinge, step
from gradbook.regions import Interval, NotAffine, affine, cells, forms_of, kinks_of

a, b, c = scores(3)
MARGINS = (a - b + 1, c - b + 1)
DIFFERENCES = tuple(s - t for s, t in combinations(scores(3), 2))
ARRANGEMENTS = {
    "margins": MARGINS,
    "two thresholds": (a - b + 1, a - b - 2, 3 - 3 * a),
    "differences": DIFFERENCES,
    "differences with thresholds": tuple(s - t + 1 for s, t in permutations(scores(3), 2)),
    "three lines through one point": (a, b, a + b, 2 * a + 2 * b),
    "nothing": (),
}
arrangements = pytest.mark.parametrize("forms", ARRANGEMENTS.values(), ids=ARRANGEMENTS.keys())


def sign(value):
    return (value > 0) - (value < 0)


def signs(forms, point):
    return tuple(sign(Fraction(int(v.p), int(v.q))) for v in (u.xreplace(point) for u in forms))


@arrangements
def test_every_point_of_a_cell_has_the_signs_of_the_cell(forms):
    for cell in cells(forms, (a, b, c)):
        points = list(cell.points())
        assert len(points) > 1
        for point in points:
            assert signs(forms, point) == tuple(cell.sign(u) for u in forms)


@arrangements
def test_no_two_cells_have_the_same_signs(forms):
    found = [tuple(cell.sign(u) for u in forms) for cell in cells(forms, (a, b, c))]
    assert len(set(found)) == len(found)


numbers = st.integers(-3, 3).map(Rational) | st.fractions(-3, 3, max_denominator=3).map(
    lambda value: Rational(value.numerator, value.denominator)
)


@arrangements
@settings(max_examples=30)
@given(point=st.tuples(numbers, numbers, numbers))
def test_every_point_lies_in_exactly_one_cell(forms, point):
    values = [Fraction(int(value.p), int(value.q)) for value in point]
    holding = [cell for cell in cells(forms, (a, b, c)) if values in cell]
    assert len(holding) == 1
    assert signs(forms, dict(zip((a, b, c), point, strict=True))) == tuple(
        holding[0].sign(u) for u in forms
    )


@pytest.mark.parametrize(
    ("forms", "count", "open_ones"),
    [
        (MARGINS, 9, 4),
        (ARRANGEMENTS["two thresholds"], 15, 6),
        # The orders of three numbers, ties allowed; and of four.
        (DIFFERENCES, 13, 6),
        (tuple(s - t for s, t in combinations(scores(4), 2)), 75, 24),
        # Six lines in three parallel pairs: 12 points, 30 segments, 19 pieces.
        (ARRANGEMENTS["differences with thresholds"], 61, 19),
        ((), 1, 1),
    ],
)
def test_there_are_as_many_cells_as_there_should_be(forms, count, open_ones):
    found = list(cells(forms, scores(4)))
    assert len(found) == count
    assert sum(cell.is_open for cell in found) == open_ones
    assert len(list(cells(forms, scores(4), faces=False))) == open_ones


def test_the_cells_of_independent_forms_are_all_combinations_of_signs():
    t = scores(5)
    forms = [t[j] - t[0] + 1 for j in range(1, 5)]
    assert len(list(cells(forms, t))) == 3**4


@arrangements
def test_inside_a_cell_a_formula_is_its_restriction(forms):
    formula = sum(
        (hinge(u, 1) * step(u - 1 + 1) + step(u, Rational(1, 2)) * a for u in forms), a * b
    )
    for cell in cells(forms_of(formula), (a, b, c)):
        for point in cell.points():
            assert formula.xreplace(point) == cell.restrict(formula).xreplace(point)


def test_a_restriction_uses_the_equalities_of_a_face():
    face = next(cell for cell in cells((a - b + 1,), (a, b, c)) if not cell.is_open)
    assert face.restrict(hinge(a - b + 1) + step(a - b + 1, 7) + a) == 7 + b - 1
    assert face.restrict(a - b) == -1


@arrangements
@pytest.mark.parametrize("expr", [a - b + 1, b - a, 2 * a + b - 3, Integer(1), Integer(-1)])
def test_a_negative_point_is_found_exactly_where_there_is_one(forms, expr):
    for cell in cells(forms, (a, b, c)):
        found = cell.negative_point(expr)
        if found is None:
            assert all(expr.xreplace(point) >= 0 for point in cell.points())
        else:
            assert expr.xreplace(found) < 0
            assert signs(forms, found) == tuple(cell.sign(u) for u in forms)


def test_an_infimum_that_is_not_attained_is_not_negative():
    above = next(cells((a,), (a, b, c)))
    assert above.sign(a) == 1
    assert above.negative_point(a) is None
    assert above.negative_point(a - Rational(1, 10**9)) is not None
    assert above.negative_point(-a) is not None


@pytest.mark.parametrize("form", [a * b, a**2, hinge(a), exp(a), a + Symbol("q"), a / 2 + a * 0.5])
def test_a_form_that_is_not_affine_is_refused(form):
    with pytest.raises(NotAffine, match="is not affine in s_0, s_1, s_2"):
        list(cells((form,), (a, b, c)))


def test_cells_that_take_too_long_to_find_are_none_that_are_not_there(monkeypatch):
    monkeypatch.setattr(linear, "MOST", 1)
    forms = (a + 3 * b + 1, 2 * a - b, 3 * a + b - 1, a - 7 * b + c, c)
    for _ in range(2):  # the second time from what was kept
        with pytest.raises(Exhausted, match="a budget of 1 inequalities"):
            list(cells(forms, (a, b, c)))


def test_a_form_that_depends_on_nothing_is_refused():
    with pytest.raises(NotAffine, match="does not depend on s_0, s_1"):
        list(cells((a - a + 3,), (a, b)))


def test_an_affine_form_is_taken_apart():
    assert affine(3 * (a - b) / 2 + 1, (a, b, c)) == ((Fraction(3, 2), Fraction(-3, 2), 0), 1)


def test_an_interval_knows_its_side_of_a_threshold():
    low, high = Fraction(0), Fraction(2)
    assert Interval(low, high).side(low) == 1
    assert Interval(low, high).side(high) == -1
    assert Interval(low, None).side(Fraction(-1)) == 1
    assert Interval(low, low).side(low) == 0
    assert Fraction(1) in Interval(low, high)
    assert low not in Interval(low, high)
    assert low in Interval(low, low)
    assert Fraction(9) in Interval(None, None)


def test_the_kinks_of_a_formula_are_found_in_order():
    x, z = symbols("x z", real=True)
    formula = hinge(z) + step(x) * hinge(x) + hinge(z, 1)
    assert (
        kinks_of(formula) == (step(x), hinge(x), hinge(z), hinge(z, 1))
        or len(kinks_of(formula)) == 4
    )
    assert set(forms_of(formula)) == {x, z}
    assert all(str(u) <= str(v) for u, v in pairwise(kinks_of(formula)))
