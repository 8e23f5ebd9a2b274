# ruff: noqa: E501 - a formula is written on one line
"""Dots stand for one form, in a sum, a row, a column, and a matrix."""

import pytest
from helpers_of_pages import DECLARED, as_read, example, statuses

#: What is written with dots, and without.
WITHOUT_DOTS = [
    (r"(v_1, v_2, \dots, v_m)^\top", "v"),
    (r"\begin{bmatrix} v_1 \\ v_2 \\ \vdots \\ v_m \end{bmatrix}", "v"),
    (r"\begin{bmatrix} v_1 \\ \vdots \\ v_{m-1} \\ v_m \end{bmatrix}", "v"),
    (r"(1, v_1, v_2, \dots, v_m, 2) (0, u_1, \dots, u_m, 1)^\top", r"u^\top v + 2"),
    (r"v_1 u_1 + \dots + v_b u_b + \dots + v_m u_m", r"u^\top v"),
    (r"\lambda - v_1 u_1 + v_1 u_1 + v_2 u_2 + \dots + v_m u_m", r"\lambda - v_1 u_1 + v^\top u"),
    (r"\begin{bmatrix} v_1 u_1 & v_1 u_2 & \dots & v_1 u_m \\ \vdots & \vdots & \ddots & \vdots \\ v_m u_1 & v_m u_2 & \dots & v_m u_m \end{bmatrix}", r"v u^\top"),
    (r"\begin{bmatrix} v_1 u_1 & \dots & v_1 u_m \\ v_2 u_1 & \dots & v_2 u_m \\ \vdots & & \vdots \\ v_m u_1 & \dots & v_m u_m \end{bmatrix}", r"v u^\top"),
    (r"\begin{bmatrix} W_{11} & \cdots & W_{1m} \\ \vdots & \ddots & \vdots \\ W_{C1} & \cdots & W_{Cm} \end{bmatrix}", "W"),
    (r"\begin{bmatrix} 1 & v_1 \\ 1 & v_2 \\ \vdots & \vdots \\ 1 & v_m \end{bmatrix} \begin{bmatrix} 2 \\ 1 \end{bmatrix} - v", r"\begin{bmatrix} 2 \\ \vdots \\ 2 \end{bmatrix}"),
    (r"\begin{bmatrix} v_1 & & \\ & \ddots & \\ & & v_m \end{bmatrix} u", r"v \circ u"),
    (r"\begin{pmatrix} v_1 & 0 & \dots & 0 \\ 0 & v_2 & \dots & 0 \\ \vdots & \vdots & \ddots & \vdots \\ 0 & 0 & \dots & v_m \end{pmatrix}", r"\operatorname{diag}(v)"),
    (r"\operatorname{diag}(v_1, \dots, v_m) u", r"v \circ u"),
]  # fmt: skip


@pytest.mark.parametrize(("dots", "without"), WITHOUT_DOTS)
def test_dots_are_what_first_and_last_have_in_common(dots: str, without: str) -> None:
    page = example(rf"{dots} = {without} \tag{{A}}")
    assert page.errors == ()
    assert statuses(page) == {"A": "proved"}


def test_the_identity_is_said_with_dots() -> None:
    declared = (
        rf"{DECLARED} $I := \operatorname{{diag}}(1, \dots, 1) \in \mathbb{{R}}^{{m \times m}}$."
    )
    page = example(r"(A + \lambda I) v = A v + \lambda v \tag{A}", declared)
    assert statuses(page) == {"A": "proved"}
    assert as_read(example(r"A I = I A \tag{A}")) == ["A·I_m = I_m·A"]


@pytest.mark.parametrize(
    ("dots", "message"),
    [
        (r"(v_1, v_3, \dots, v_m)^\top = v", "the left is (m − 1) × 1, the right is m × 1"),
        (r"v_1 - v_2 + \dots - v_m = 0", "dots stand between two terms of a sum"),
        (r"v_1 + \dots + u_b + \dots + v_m = 0", "this is not of the form of the first and the last"),
        (r"\lambda + \dots + \lambda = 0", "how many terms do the dots stand for?"),
        (r"\begin{bmatrix} v_1 & 0 \\ & v_2 \end{bmatrix} = 0", "a cell with nothing in it"),
        (r"\begin{bmatrix} v_1 u_1 & \dots & v_1 u_m \\ v_1 u_1 & \dots & v_2 u_m \\ \vdots & & \vdots \\ v_m u_1 & \dots & v_m u_m \end{bmatrix} = 0", "no form in common"),
    ],
)  # fmt: skip
def test_dots_that_have_no_form_are_an_error(dots: str, message: str) -> None:
    (error,) = example(rf"{dots} \tag{{A}}").errors
    assert message in error.message
