"""Functions that a page defines, letters that are told apart by numbers, and sums with dots."""

import pytest
from helpers_of_pages import DECLARED, as_read, example, statuses

DECLARED += r" Also $t \in \mathbb{R}$, $l \in \{1, \dots, n\}$, $q \in \{-1, 1\}$."

#: A line, and what is found of it.
SIGMOID = r"\sigma(t) := \frac{1}{1 + e^{-t}}, \quad "
LOSS = r"J(v) := \frac{1}{2} \|v - u\|^2, \quad "
SCORES = r"f(x^{(i)}; W) := W x^{(i)}, \quad "
LINES = [
    (SIGMOID + r"\sigma(0) = \frac{1}{2}", "proved"),
    (SIGMOID + r"\sigma(2 t) = 2 \sigma(t)", "refuted"),
    (SIGMOID + r"\nabla_v \log \sigma(u^\top v) = (1 - \sigma(u^\top v)) v", "refuted"),
    (LOSS + r"\nabla_v J(v) = v - u", "proved"),
    (LOSS + r"J(u) = 0", "proved"),
    (LOSS + r"J(v + u) = \frac{1}{2} v^\top v", "proved"),
    (LOSS + r"J(2 u) = J(v)", "refuted"),
    (LOSS + r"\frac{\partial J(v)}{\partial v_b} = v_b - u_b", "proved"),
    (SCORES + r"f(x^{(l)}; W)_j = \sum_b W_{jb} x_b^{(l)}", "proved"),
    (SCORES + r"f(x^{(l)}; W) = W x^{(i)}", "refuted"),
    (r"g(k) := W_k v, \quad g(j) = \sum_b W_{jb} v_b", "proved"),
    (r"h(t) := 2 t + 1, \quad h(v)_b = 2 v_b + 1", "proved"),
    (r"u_1 v_1 + \cdots + u_m v_m = u^\top v", "proved"),
    (r"t + v_1 + v_2 + \dots + v_m = \sum_b v_b + t", "proved"),
    (r"v_1 + \dots + v_m = \sum_b u_b", "refuted"),
    (LOSS + r"\nabla J(v) = v - u", "proved"),
    (r"h_u(v) := u^\top v, \quad h_u(2 v) = 2 h_u(v)", "proved"),
    (r"t \cdot (v_1, \dots, v_m)^\top = t v, \quad t \cdot (t) = t^2", "proved"),
    (r"h(t) &:= t^2 \\ g(t) &:= 2 h(t), \quad g(t) = 2 t^2", "proved"),
    (r"h(t) := t^2 \quad \Rightarrow \quad \frac{dh}{dt} = 2 t", "proved"),
    (r"h(t) := t^2 \implies \frac{dh}{dt} = t", "refuted"),
    (r"q^2 = 1", "proved"),
    (r"q = 1", "refuted"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "status"), LINES)
def test_functions_and_sums_with_dots_are_read_as_they_are_meant(latex: str, status: str) -> None:
    page = example(rf"{latex} \tag{{A}}", DECLARED)
    assert page.errors == ()
    assert statuses(page) == {"A": status}


def test_what_is_shown_of_a_function_names_what_stands_in_its_place() -> None:
    page = example(LOSS + r"J(u + v) = v_1 + \cdots + v_m \tag{A}", DECLARED)
    assert as_read(page) == ["J(v) := (1/2)·‖v − u‖²", "J(u + v) = Σ_{k = 1 … m} [v_k]"]


#: What is written, and a part of the message.
MISTAKES = [
    (LOSS + r"J(v, u) = 0", "J has 1 argument: J(v)"),
    (LOSS + r"J(t) = 0", "in the definition it is m × 1, here a number"),
    (r"r := v - u, \quad J(v) := r^\top r, \quad J(u) = 0", "J is made of r, and r is made of v"),
    (r"J(v) := v^\top (\nabla_v \|v\|^2), \quad J(u) = 0", "differentiated by cannot be replaced"),
    (r"J(v + u) := 1", "a function is defined for letters"),
    (SCORES + r"f = 0", "f is a function, and of what is it here?"),
    (SCORES + r"f_k = 0", "the value of f is f("),
    (r"\lambda(t) = 0", "λ(t): a function of t, or λ times it?"),
    (r"g(u, v) = 0", "g(…) is no function that this page defines"),
    (r"\text{prod}(u, v) = 0", "prod(…) is no function that this page defines"),
    (r"\nabla \lambda = 0", "∇ with respect to what?"),
    (r"v_1 + \dots + u_m = 0", "no form in common for the dots"),
    (r"v_1 := 3", "v_1 is an entry already"),
    (r"K^{(1)} v = 0", "K is not declared"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "message"), MISTAKES)
def test_a_function_that_can_be_taken_in_two_ways_is_an_error(latex: str, message: str) -> None:
    errors = example(rf"{latex} \tag{{A}}", DECLARED).errors
    assert [message in str(error) for error in errors] == [True], errors


OF_LETTERS = r"E := \frac{1}{2} \|v - u\|^2, \quad "


@pytest.mark.parametrize(
    ("latex", "status"),
    [
        (r"E(v) = \frac{1}{2} (v - u)^\top (v - u)", "proved"),
        (r"\nabla_v E(v) = v - u", "proved"),
        (r"\nabla_v E(v, u) = u - v", "refuted"),
        (r"E(v)^2 = E^2", "proved"),
    ],
)
def test_a_defined_letter_may_say_what_it_is_made_of(latex: str, status: str) -> None:
    page = example(rf"{OF_LETTERS}{latex} \tag{{A}}", DECLARED)
    assert page.errors == ()
    assert statuses(page) == {"A": status}


@pytest.mark.parametrize("latex", [r"E(t) = 0", r"v(u) = 0", r"E(u, t) = 0"])
def test_a_letter_that_is_made_of_something_else_is_an_error(latex: str) -> None:
    (error,) = example(rf"{OF_LETTERS}{latex} \tag{{A}}", DECLARED).errors
    assert "function" in error.message


def test_layers_are_told_apart_by_their_numbers() -> None:
    declared = (
        DECLARED + r" And $K^{(1)}, K^{(2)} \in \mathbb{R}^{m \times m}$, $w_0 \in \mathbb{R}$."
    )
    page = example(r"(K^{(2)} K^{(1)} v)^\top = v^\top K^{(1)\top} K^{(2)\top} \tag{A}", declared)
    assert as_read(page) == ["(K^(2)·K^(1)·v)ᵀ = vᵀ·K^(1)ᵀ·K^(2)ᵀ"]
    assert statuses(page) == {"A": "proved"}
    other = example(r"K^{(1)} v = K^{(2)} v \tag{A}", declared)
    assert statuses(other) == {"A": "refuted"}
    assert statuses(example(r"w_0 = 0 \tag{A}", declared)) == {"A": "refuted"}


def test_a_dash_behind_a_function_is_its_slope() -> None:
    declared = (
        DECLARED + r"Let $z \in \mathbb{R}$, $f(z) := \max(0, z)$, $g(z) := z^3$, $w := A v$."
    )
    page = example(
        r"f'(z) = 1\{z > 0\}, \quad g'(v_b) = 3 v_b^2, \quad g'(v) = 3 v \circ v, \quad "
        r"\nabla_v (u^\top g(w)) = A^\top (u \circ g'(w)) \tag{A}",
        declared,
    )
    assert statuses(page) == {"A": "proved"}
    (error,) = example(r"g'(v + u) = 0 \tag{A}", declared).errors
    assert error.message == "g′ is read at one letter, a number or a vector"


def test_a_function_may_be_named_by_a_word() -> None:
    declared = DECLARED + r"Let $\text{Cost}(u, v) := \|u - v\|^2$."
    page = example(r"\text{Cost}(2 u, u) = \|u\|^2 \tag{A}", declared)
    assert statuses(page) == {"A": "proved"}


def test_a_transpose_behind_a_gradient_is_of_the_gradient() -> None:
    declared = DECLARED + r"Let $f(v) := \frac{1}{2} \|v\|^2$, $J := f(v)$."
    page = example(
        r"f(u) \ge f(v) + \nabla f(v)^\top (u - v), \quad \nabla_v J^\top u = v^T u \tag{A}",
        declared,
    )
    assert statuses(page) == {"A": "proved"}


def test_a_power_is_not_taken_for_a_transpose() -> None:
    declared = r"Let $T \ge 1$, $\gamma \in \mathbb{R}$, $v \in \mathbb{R}^T$."
    assert example(r"v^T v = \|v\|^2", declared).errors == ()
    (error,) = example(r"\gamma^T = \gamma", declared).errors
    assert error.message == "is this a power? T is a letter of this page"
