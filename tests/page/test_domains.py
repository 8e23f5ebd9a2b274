"""Partial functions: what a line says where a side has no value is proved, stated or refused."""

import pytest
from helpers_of_pages import example

from gradbook.any_size.of_page import prove_for_any_size
from gradbook.prove import prove

DECLARED = r"""Let $t, f, x \in \mathbb{R}$, $n \ge 1$, $\lambda > 0$, $i \in \{1, \dots, n\}$,
$A, B \in \mathbb{R}^{n \times n}$, $v \in \mathbb{R}^n$, $h(x) := \log x$.
"""

#: A claim, and where alone it is proved.
STATED = [
    (r"\log t + \log f = \log(t f)", ("t > 0", "f > 0")),
    (r"\frac{t f}{f} = t", ("f ≠ 0",)),
    (r"\frac{t f}{f} = t \quad \text{if } f \ne 0", ()),
    (r"\frac{t f}{f} = t \quad \text{if } f < 0", ()),
    (r"\log t + \log f = \log(t f) \quad \text{if } t > 0", ("f > 0",)),
    (r"\log(x^2) = 2 \log x", ("x > 0",)),
    (r"\log \det(A B) = \log \det A + \log \det B", ("det(A) > 0", "det(B) > 0")),
    (r"\nabla_A \log \det A = (A^{-1})^\top \quad \text{if } \det A > 0", ()),
    (r"\nabla_A \log \det A = (A^{-1})^\top", ("det(A) > 0",)),
    (r"A^{-1} A B = B", ("det(A) ≠ 0",)),
    (r"\frac{d}{d x} \sqrt{x} = \frac{1}{2 \sqrt{x}}", ("x > 0",)),
    (r"\sqrt{x} \sqrt{x} = x", ("x ≥ 0",)),
    (r"\sqrt{\lambda} \sqrt{\lambda} = \lambda", ()),
    (r"\frac{x}{x^2 + \lambda} (x^2 + \lambda) = x", ()),
    (r"\frac{x}{\|v\|^2 + \lambda} (\|v\|^2 + \lambda) = x", ()),
    (r"\frac{1}{\sqrt{1 + x^2}} \sqrt{1 + x^2} = 1", ()),
    (r"\log \exp(x) = x, \qquad \log(\exp(x) + \exp(t)) = x + \log(1 + \exp(t - x))", ()),
    (r"\exp(\log x) = x", ("x > 0",)),
    (r"\frac{x^2}{\sqrt{x^2}} = \sqrt{x^2}", ("x^2 > 0",)),
    (r"\frac{x^2}{\sqrt{x^2}} = \sqrt{x^2} \quad \text{if } x^2 > 0", ()),
    (r"x^{\lambda + 1} = x \cdot x^\lambda", ("x > 0",)),
    (r"(1 + x^2)^{2/3} (1 + x^2)^{1/3} = 1 + x^2", ()),
    (r"(1 + \exp(x))^{2 \lambda} = \left( (1 + \exp(x))^\lambda \right)^2", ()),
    (r"\nabla_v (v^\top A v) = 2 A v \quad \text{if } A = A^\top", ()),
    (r"\sum_i v_i \exp(x) = \exp(x) \quad \text{if } \sum_i v_i = 1", ()),
    (r"h(t) + h(f) = h(t f)", ("each side has a value",)),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "where"), STATED)
def test_a_condition_is_stated_unless_it_is_seen_to_hold(latex: str, where: tuple) -> None:
    (line,) = example(rf"{latex} \tag{{A}}", DECLARED)
    found = prove(line)
    assert (found.status, found.where) == ("proved", where), str(found)


def test_a_condition_of_matrices_is_not_lost_for_any_size() -> None:
    latex = r"\nabla_v (v^\top A v) = 2 A v \quad \text{if } A = B^\top"
    (line,) = example(rf"{latex} \tag{{A}}", DECLARED)
    found = prove_for_any_size(line)
    assert (found.status, found.reason[:23]) == ("undecided", "a condition of matrices")


def test_a_label_of_minus_1_and_1_is_not_taken_for_its_place_for_any_size() -> None:
    declared = r"Let $n \ge 1$, $i \in \{1, \dots, n\}$, $t^{(i)} \in \{-1, 1\}$."
    latex = r"r_i := 1 + t^{(i)}, \qquad r_i = 2 \cdot \mathbb{1}\{t^{(i)} = 1\} \tag{A}"
    for edit, status in (("1\\}", "proved"), ("-1\\}", "refuted")):
        (line,) = example(latex.replace("= 1\\}", f"= {edit}"), declared)
        assert prove_for_any_size(line).status == status


#: A claim that is false somewhere, and where it is shown to be.
FALSE = [
    (r"\sqrt{x^2} = x", "x = −1"),
    (r"(x^2)^{1/2} = x", "x = −1"),
    (r"\log(t + f) = \log t + \log f", ""),
    (r"\log(x^2) = \log x", ""),
    (r"\frac{t}{t + f} = 1", ""),
    (r"\nabla_v (v^\top A v) = A v \quad \text{if } A = A^\top", ""),
    (r"\sum_i v_i \exp(x) = 2 \exp(x) \quad \text{if } \sum_i v_i = 1", "v = [1]"),
    (r"\exp(t f) = \exp(t) \exp(f)", ""),
]


@pytest.mark.parametrize(("latex", "point"), FALSE)
def test_what_is_false_at_a_point_where_both_sides_have_a_value_is_refuted(
    latex: str, point: str
) -> None:
    (line,) = example(rf"{latex} \tag{{A}}", DECLARED)
    found = prove(line)
    assert found.status == "refuted"
    assert point in str(found.counterexample)


@pytest.mark.parametrize(
    "latex", [r"\log(-1 - x^2) = 3", r"\frac{1}{x - x} = 0", r"\sqrt{-\lambda} = 1"]
)
def test_what_has_no_value_anywhere_is_not_proved(latex: str) -> None:
    (line,) = example(rf"{latex} \tag{{A}}", DECLARED)
    assert prove(line).status == "undecided"
