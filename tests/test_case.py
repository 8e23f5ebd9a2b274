"""One choice of C, m and y, with its letters."""

import pytest
from sympy import ImmutableMatrix, Symbol

from gradbook.case import Case


@pytest.mark.parametrize(("C", "m", "y"), [(2, 0, 0), (3, 2, 1), (12, 4, 11)])
def test_the_letters_have_the_shapes_of_the_page(C, m, y):
    case = Case(C, m, y)
    assert case.W.shape == (C, m + 1)
    assert case.x.shape == (m + 1, 1)
    assert case.x[0] == 1
    assert case.s.shape == case.s_prime.shape == (C, 1)
    assert list(case.classes) == list(range(C))
    assert set(case.other_classes) == set(range(C)) - {y}
    assert case.zeros(2, 3) == ImmutableMatrix.zeros(2, 3)
    assert case.ones(2, 3) == ImmutableMatrix.ones(2, 3)


def test_a_score_stands_for_its_row_of_the_product():
    case = Case(3, 2, 1)
    assert list(case.products) == list(case.s)
    assert list(case.products.values()) == list(case.W * case.x)


def test_no_two_letters_are_the_same():
    case = Case(12, 11, 0)
    letters = [*case.W, *case.x[1:, :], *case.s, *case.s_prime]
    assert all(isinstance(letter, Symbol) for letter in letters)
    assert len(set(map(str, letters))) == len(letters)


def test_batches_share_the_weights_and_nothing_else():
    one, two, three = Case(3, 1, 2).batches()
    assert [case.y for case in three] == [2, 0, 1]
    assert [case.y for case in two] == [2, 2]
    assert one == (Case(3, 1, 2),)
    assert len({case.W for case in three}) == 1
    assert len({case.s for case in three}) == len({case.x for case in three}) == 3


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ((1, 0, 0), "C must be an integer ≥ 2, not 1"),
        ((2, -1, 0), "m must be an integer ≥ 0, not -1"),
        ((2, 0, 2), "y must be an integer ≤ 1, not 2"),
        ((2, 0, -1), "y must be an integer ≥ 0, not -1"),
    ],
)
def test_a_case_that_cannot_be_is_refused(numbers, message):
    with pytest.raises(ValueError, match=message):
        Case(*numbers)


def test_a_case_says_which_it_is():
    assert str(Case(3, 2, 1)) == "C = 3, m = 2, y = 1"
