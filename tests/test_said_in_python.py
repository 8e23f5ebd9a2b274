"""Claims that are said in Python, and what is found of them."""

from fractions import Fraction

import numpy as np
import pytest
from latex2mathml.converter import convert
from sympy import (
    And,
    ImmutableMatrix,
    Integer,
    Matrix,
    MatrixSymbol,
    Rational,
    Symbol,
    Tuple,
    false,
)

from gradbook.case import Case
from gradbook.claim import Claim, gradient
from gradbook.notation import hinge, partial, step
from gradbook.proof import Counterexample, Proof

CASE = Case(3, 1, 1)
W, x = CASE.W, CASE.x
u = CASE.s[0] - CASE.s[1] + 1
FOUND = Counterexample(
    (("C", 3), ("y", 2)),
    (("W", ((Fraction(1, 2), Fraction(0)), (Fraction(0), Fraction(-1)))), ("x", (Fraction(2),))),
    "1/2",
    "−1",
    entry=(1, 2),
)


def test_the_gradient_has_the_shape_of_what_it_is_taken_by():
    assert gradient(u, W).shape == (3, 2)
    assert gradient(u, W)[2, 1] == partial(u, W[2, 1])
    assert gradient(u, CASE.s).shape == (3, 1)
    assert gradient(u, W[0, :]).shape == (1, 2)
    assert gradient(u, W[0, 0]) == partial(u, W[0, 0])


# Claims.


SIDES = {
    "a number": (1, [[1]]),
    "a formula": (u, [[u]]),
    "a tuple": ((2, 3), [[2, 3]]),
    "a tuple of SymPy": (Tuple(2, 3), [[2, 3]]),
    "a matrix": (Matrix([1, 2]), [[1], [2]]),
    "a fraction": (Fraction(1, 2), [[Rational(1, 2)]]),
    "a number of NumPy": (np.int64(3), [[3]]),
}


@pytest.mark.parametrize(("side", "matrix"), SIDES.values(), ids=SIDES.keys())
def test_each_side_of_a_claim_becomes_a_matrix(side, matrix):
    assert Claim(side, 0).left == ImmutableMatrix(matrix)
    assert Claim(0, side).right == ImmutableMatrix(matrix)


@pytest.mark.parametrize(
    "side",
    [None, True, "s_0", [1, 2], np.ones((1, 2)), MatrixSymbol("W", 3, 2), u > 0, (1, "2")],
    ids=["None", "True", "text", "list", "array", "matrix symbol", "comparison", "text in tuple"],
)
def test_a_side_that_is_nothing_of_the_kind_is_refused(side):
    with pytest.raises(TypeError, match="left must be an expression, a matrix with its entries"):
        Claim(side, 0)


def test_conditions_are_taken_one_by_one():
    assert Claim(0, 0, u > 0).given == (u > 0,)
    assert Claim(0, 0, [u > 0, u < 1]).given == (u > 0, u < 1)
    assert set(Claim(0, 0, And(u > 0, u < 1)).given) == {u > 0, u < 1}
    assert Claim(0, 0, True).given == ()
    assert Claim(0, 0, (u > 0, Integer(1) > 2)).given == (u > 0, false)


@pytest.mark.parametrize("given", [u, 1, None, (u > 0, u)], ids=["formula", "1", "None", "among"])
def test_a_condition_that_is_no_comparison_is_refused(given):
    with pytest.raises(TypeError, match="given must be comparisons, not"):
        Claim(0, 0, given)


def test_a_relation_other_than_the_two_is_refused():
    with pytest.raises(TypeError, match="relation must be = or ≥, not '≤'"):
        Claim(0, 0, relation="≤")


def test_cases_of_different_sizes_are_no_batch():
    with pytest.raises(TypeError, match="the cases of a batch must have the same C and m, not"):
        Claim(0, 0, batch=(Case(3, 1, 0, 1), Case(3, 2, 0, 2)))


def test_a_claim_can_be_read():
    claim = Claim(hinge(u), u, u > 0)
    assert str(claim) == "max(0, s_0 - s_1 + 1) = s_0 - s_1 + 1 if s_0 - s_1 + 1 > 0"
    assert str(Claim((1, 2), CASE.s.T, relation="≥")) == "[[1, 2]] ≥ [[s_0, s_1, s_2]]"
    assert claim._repr_latex_() == (
        r"$\displaystyle \max(0, s_{0} - s_{1} + 1) = s_{0} - s_{1} + 1"
        r"\quad \text{if } s_{0} - s_{1} + 1 > 0$"
    )


def test_a_gradient_in_a_claim_is_written_as_one_derivative_by_a_matrix():
    written = Claim(gradient(hinge(u), W), W * 0, relation="≥")._repr_latex_()
    assert r"\frac{\partial}{\partial \left[\begin{matrix}W_{00} & W_{01}\\" in written
    assert written.count(r"\partial") == 2
    assert r" \ge \left[" in written
    of_one_letter = Claim(gradient(hinge(u), CASE.s[0]), step(u))._repr_latex_()
    assert (
        r"\frac{\partial}{\partial s_{0}}\left(\max(0, s_{0} - s_{1} + 1)\right)" in of_one_letter
    )


# What was found.


def test_a_counterexample_is_one_sentence():
    assert str(FOUND) == (
        "with C = 3, y = 2, W = [[1/2, 0], [0, −1]], x = [2]: the left is 1/2, the right is −1 in "
        "row 1, column 2"
    )


def test_a_proof_says_what_was_found():
    assert str(Proof("proved", "by regions", "C 2–5")) == "proved · C 2–5"
    refuted = Proof("refuted", "by regions", "C = 3", "it is wrong", FOUND)
    assert str(refuted) == f"refuted · it is wrong · {FOUND}"
    assert [Proof(status, "").holds for status in ("definition", "proved")] == [True, True]
    assert [Proof(status, "").holds for status in ("refuted", "undecided")] == [False, False]


def test_what_a_notebook_shows_of_a_claim_is_latex():
    latex = Claim(gradient(hinge(u), W), step(u) * W, (u > 0, u < Symbol("t")))._repr_latex_()
    assert latex.startswith("$\\displaystyle ")
    assert latex.count("{") - 2 * latex.count(r"\{") == latex.count("}") - 2 * latex.count(r"\}")
    assert "<math" in convert(latex.strip("$"))
