# ruff: noqa: E501 - a formula is written on one line
r"""What “where” defines behind its use, and what stands behind ∇f."""

import pytest
from helpers_of_pages import DECLARED, as_read, edited, example, statuses

from gradbook.page import read_text
from gradbook.prove import prove

ROWS = r"""\begin{align}
q &:= A u \\
f &:= \|r\|^2 \tag{A} \\
f &= r^\top r \quad \text{where } r = s - v \text{ and } s = A q \tag{B} \\
f &= s^\top r - v^\top r \quad \text{where } s = A q \tag{C}
\end{align}"""


@pytest.mark.parametrize("sign", ["=", ":="])
def test_where_defines_what_the_page_says_nowhere_else(sign: str) -> None:
    page = example(rf"f := \|z\|^2, \quad \text{{where }} z {sign} A v \tag{{A}}")
    assert page.errors == ()
    assert as_read(page) == ["z := A·v", "f := ‖z‖²"]


def test_what_where_defines_is_read_before_all_of_its_display_that_needs_it() -> None:
    page = example(ROWS)
    assert page.errors == ()
    assert page["B"].as_read == "s := A·q; r := s − v; f = rᵀ·r"


def test_what_where_says_again_is_claimed() -> None:
    assert example(ROWS)["C"].as_read == "f = sᵀ·r − vᵀ·r; s = A·q"
    assert statuses(example(ROWS)) == {"A": "definition", "B": "proved", "C": "proved"}
    other = edited(ROWS, (r"s = A q \tag{C}", r"s = A u \tag{C}"))
    assert statuses(example(other))["C"] == "refuted"


def test_of_what_is_declared_or_defined_where_says_a_condition() -> None:
    page = example(r"u = A v \quad \text{where } u = v, \; \lambda = 1, \; k = j \tag{B}")
    said = "for every k ∈ {1 … C}, j ∈ {1 … C} with u = v, λ = 1, k = j"
    assert page["B"].as_read == f"u = A·v, {said}"
    (error,) = example(r"q := v, \quad u = v \quad \text{where } q := u \tag{B}").errors
    assert error.message == "q has a meaning already, from line 7"


def test_a_function_is_defined_behind_where() -> None:
    said = r"\sigma'(t) = \sigma(t) (1 - \sigma(t)), \quad \text{where } \sigma(t) = %s \tag{A}"
    declared = DECLARED + r"Let $t \in \mathbb{R}$."
    page = example(said % r"\frac{1}{1 + e^{-t}}", declared)
    assert as_read(page)[0] == "σ(t) := 1/(1 + exp(−t))"
    assert statuses(page) == {"A": "proved"}
    assert statuses(example(said % r"e^{-t}", declared)) == {"A": "refuted"}


def test_an_error_behind_where_is_said_once_and_what_needs_it_waits() -> None:
    (error,) = example(ROWS.replace(r"A q \tag{B}", r"Q q \tag{B}")).errors
    assert (error.message, error.line, error.waits) == ("Q is not declared", "B", ["A", "C"])


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (r"\nabla_v^2 (v^\top A v) u", r"(A + A^\top) u"),
        (r"\nabla_v (v^\top A v) \circ u", r"u \circ (A v + A^\top v)"),
        (r"\nabla_v \|v\|^2 \cdot u", r"2 u^\top v"),
        (r"\nabla_v^2 (\|v\|^2)^{-1} u", r"\frac{1}{2} u"),
    ],
)
def test_a_vector_behind_a_gradient_is_multiplied_by_it(written: str, right: str) -> None:
    assert statuses(example(rf"{written} = {right} \tag{{A}}")) == {"A": "proved"}
    assert statuses(example(rf"{written} = 3 ({right}) \tag{{A}}")) == {"A": "refuted"}


def test_a_number_behind_a_gradient_may_be_in_it() -> None:
    page = read_text(f"{DECLARED}\n$$\n\\nabla_v \\|v\\|^2 \\circ \\lambda = u\n$$\n")
    assert [error.message[:22] for error in page.errors] == ["how far does ∇ reach? "]


def test_what_the_text_says_holds_on_the_whole_page() -> None:
    page = read_text(r"""# Backwards
$$
J := \|r\|^2, \quad \nabla_w J = 2 X^\top r, \quad r_i = f_i - y^{(i)} \tag{1}
$$
Here $r := f - (y^{(i)})_i$ and $f := X w$ for $w \in \mathbb{R}^d$, with $y^{(i)} \in \{0, 1\}$,
$X \in \mathbb{R}^{n \times d}$, $i = 1, \dots, n$ and $n, d \ge 1$.
$$
h = 1, \quad h := 1 \tag{2}
$$
""")
    assert [error.message for error in page.errors] == ["h is defined only on line 8"]
    assert prove(page["1"]).status == "proved"


def test_a_letter_with_indices_is_not_taken_for_an_entry_of_what_the_text_defines() -> None:
    page = example(
        r"L = \frac{1}{n} \sum_i L_i, \quad L_i = L_i^{(j)} + L_i^{(j)} \tag{A}",
        DECLARED
        + r"There $L_i^{(j)} := W_j x^{(i)}$, $L_i := \sum_j L_i^{(j)}$, $L := \frac{1}{n} \sum_i L_i$.",
    )
    assert page.errors == ()
