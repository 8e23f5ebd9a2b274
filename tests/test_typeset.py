"""Statements in Unicode, and their LaTeX."""

import doctest

import pytest

from gradbook.report import typeset
from gradbook.report.typeset import latex_of_text


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("μ_i x̃ᵀ", r"\mu _i \tilde{x}^{\top }"),
        ("∇_W L_i^{(j)} = 0", r"\nabla _W L_i^{(j)} = 0"),
        ("X̃⁽ⁱ⁾", r"\tilde{X}^{(i)}"),
        ("1{s_j − s_y + 1 > 0}", r"\mathbb{1}\{s_j - s_y + 1 > 0\}"),
        ("Σ_{j≠y} max(0, u)", r"\sum _{j\ne y} \max (0, u)"),
        ("W ∈ R^{C×(m+1)}", r"W \in  \mathbb{R}^{C\times (m+1)}"),
        ("if a ≤ 0: b", r"\text{if }a \le  0:\quad b"),
        ("the matrix of N11", r"\text{the matrix of N11}"),
        (
            "a = b if c; d else",
            r"a = \begin{cases} b & \text{if }c \\ d & \text{else} \end{cases}",
        ),
        ("[a; …; b]", r"\begin{bmatrix} a \\ \vdots \\ b \end{bmatrix}"),
        ("x²", "x^{2}"),
    ],
)
def test_a_statement_becomes_latex(text, latex):
    assert latex_of_text(text) == latex


def test_the_examples_in_the_documentation_run():
    found = doctest.testmod(typeset)
    assert found.attempted == 1
    assert found.failed == 0
