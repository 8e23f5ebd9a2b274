"""Lines, claims and what is found of them."""

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
    exp,
    false,
)

from gradbook.case import Case
from gradbook.derivation import Claim, Counterexample, Derivation, Proof, gradient
from gradbook.loss import Loss
from gradbook.notation import hinge, partial, s, step, y

CASE = Case(3, 1, 1)
W, x = CASE.W, CASE.x
u = CASE.s[0] - CASE.s[1] + 1
FOUND = Counterexample(
    case=CASE,
    W=((Fraction(1, 2), Fraction(0)), (Fraction(0), Fraction(-1)), (Fraction(3), Fraction(0))),
    x=((Fraction(1), Fraction(2)),),
    y=(1,),
    entry=(0, 1),
    left="1/2",
    right="-1",
)


@pytest.fixture
def notes():
    return Derivation("some notes", Loss("loss", hinge(s[0] - s[y]), "a_loss"))


def test_the_gradient_has_the_shape_of_what_it_is_taken_by():
    assert gradient(u, W).shape == (3, 2)
    assert gradient(u, W)[2, 1] == partial(u, W[2, 1])
    assert gradient(u, CASE.s).shape == (3, 1)
    assert gradient(u, W[0, :]).shape == (1, 2)
    assert gradient(u, W[0, 0]) == partial(u, W[0, 0])


# Lines.


def test_a_function_becomes_a_line_and_its_docstring_the_statement(notes):
    @notes.line("A1", "a title", kind="definition")
    def one(case):
        """a =
        b"""
        yield Claim(1, 1)

    assert (one.id, one.title, one.statement, one.kind) == ("A1", "a title", "a = b", "definition")
    assert list(one.claims(CASE)) == [Claim(1, 1)]
    assert notes["A1"] is one
    assert list(notes) == [one]
    assert len(notes) == 1
    assert notes.ids == ("A1",)
    assert str(one) == "A1   a = b"
    assert str(notes) == "some notes\n  A1   a = b"


def test_the_latex_of_a_line_is_made_from_its_statement_or_given(notes):
    @notes.line("A1", "made")
    def made(case):
        """μ_i ≠ 0"""

    @notes.line("A2", "given", latex="M")
    def given(case):
        """μ_i ≠ 0"""

    assert made.latex == r"\mu _i \ne  0"
    assert given.latex == "M"
    assert made._repr_latex_() == r"$\displaystyle \textbf{A1}\quad \mu _i \ne  0$"
    assert r"\textbf{A2} &\quad M" in notes._repr_latex_()


def test_a_line_without_a_statement_is_refused(notes):
    with pytest.raises(ValueError, match="line A1 has no docstring to state it"):

        @notes.line("A1", "silent")
        def silent(case):
            yield Claim(1, 1)

    assert len(notes) == 0


def test_an_id_is_given_once(notes):
    def one(case):
        """a"""

    notes.line("A1", "one")(one)
    with pytest.raises(ValueError, match="line A1 stands twice in some notes"):
        notes.line("A1", "two")(one)


def test_a_line_that_is_not_there_is_named_together_with_those_that_are(notes):
    def one(case):
        """a"""

    notes.line("A1", "one")(one)
    notes.line("A2", "two")(one)
    with pytest.raises(KeyError, match="no line A9 in some notes: it has A1, A2"):
        notes["A9"]


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
        "W = [[1/2, 0], [0, -1], [3, 0]], x̃ = [1, 2], y = 1: 1/2 ≠ -1 at entry (0, 1)"
    )


def test_a_counterexample_of_several_examples_and_two_points_names_them_all():
    one = (Fraction(1),)
    found = Counterexample(
        Case(2, 0, 0), (one, one), (one, one), (0, 1), (0, 0), "0", "1", "≥", (*one, *one)
    )
    assert str(found) == (
        "W = [[1], [1]], x̃ = [[1], [1]], y = [0, 1], s′ = [1, 1]: 0 < 1 at entry (0, 0)"
    )
    assert r"\tilde{x}^{(2)} = " in found.latex
    assert r"y^{(2)} = 1" in found.latex
    assert r"s' = " in found.latex
    assert r"0 < 1" in found.latex


def test_a_proof_says_what_was_found():
    assert str(Proof("proved", "by regions", "C 2–5")) == "proved · C 2–5"
    refuted = Proof("refuted", "by regions", "C = 3", "it is wrong", FOUND)
    assert str(refuted) == f"refuted · C = 3 · it is wrong · {FOUND}"
    assert [Proof(status, "").holds for status in ("definition", "proved")] == [True, True]
    assert [Proof(status, "").holds for status in ("refuted", "undecided")] == [False, False]


def test_a_refuted_line_shows_its_counterexample_in_a_notebook():
    shown = Proof("refuted", "by regions", "C = 3", "100 % of s_0", FOUND)._repr_latex_()
    assert r"\text{refuted · C = 3 · 100 \% of s\_0}" in shown
    assert r"W = \left[\begin{matrix}\frac{1}{2} & 0\\0 & -1\\3 & 0\end{matrix}\right]" in shown
    assert r"\tilde{x} = \left[\begin{matrix}1\\2\end{matrix}\right]" in shown
    assert r"y = 1" in shown
    assert r"\frac{1}{2} \ne -1\text{ at entry (0, 1)}" in shown


@pytest.mark.parametrize(
    "shown",
    [
        Proof("proved", "by regions", "C 2–5, m 0–4, all y"),
        Proof("refuted", "by regions", "C = 3", "the left side is 3 × 1", FOUND),
        Proof("undecided", "by regions", "", f"{exp(CASE.s[0])} is not {{made}} of \\ ^ ~ #"),
        Claim(gradient(hinge(u), W), step(u) * W, (u > 0, u < Symbol("t"))),
        FOUND,
    ],
    ids=["proved", "refuted", "undecided", "claim", "counterexample"],
)
def test_what_a_notebook_shows_is_latex(shown):
    latex = shown._repr_latex_()
    assert latex.startswith("$\\displaystyle ")
    assert latex.endswith("$")
    assert latex.count("{") - 2 * latex.count(r"\{") == latex.count("}") - 2 * latex.count(r"\}")
    assert "<math" in convert(latex.strip("$"))
