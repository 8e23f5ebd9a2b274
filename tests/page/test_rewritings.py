# ruff: noqa: E501 - a formula is written on one line
"""The same page written in another way is read as the same page."""

import re

import pytest
from helpers_of_pages import DECLARED, as_read, edited, example, statuses, text_of

from gradbook.page import read_text

SUM, MARGIN = r"\sum_{j \ne y^{(i)}}", r"s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1"
SAME = {
    "dfrac": ("ridge", (r"\frac", r"\dfrac")),
    "tfrac": ("network", (r"\frac", r"\tfrac")),
    "half": ("network", (r"\frac{1}{2}", r"\frac12")),
    "left and right": ("ridge", ("(X w - y)", r"\left( X w - y \right)")),
    "bigl": ("network", ("(v - t)", r"\bigl(v - t\bigr)")),
    "T": ("ridge", (r"^\top", "^T")),
    "T in braces": ("network", (r"^\top", "^{T}")),
    "intercal": ("network", (r"^\top", r"^{\intercal}")),
    "mathsf T": ("ridge", (r"^\top", r"^{\mathsf{T}}")),
    "thin spaces": ("ridge", ("X w", r"X \, w\!")),
    "a product sign": ("ridge", ("X w", r"X \cdot w")),
    "odot": ("network", (r"\circ", r"\odot")),
    "Vert": ("ridge", (r"\|", r"\Vert ")),
    "norm 2": ("ridge", (r"\|w\|^2", r"\lVert w\rVert_2^2")),
    "partial with a stroke": ("ridge", (r"\frac{\partial J}{\partial w_j}", r"\partial J / \partial w_j")),
    "partial in front": ("softmax", (r"\frac{\partial \ell}{\partial z_k}", r"\dfrac{\partial}{\partial z_k} \ell")),
    "second order": (
        "softmax",
        (r"\frac{\partial}{\partial z_j} \left( \frac{\partial \ell}{\partial z_k} \right)",
         r"\frac{\partial^2 \ell}{\partial z_k \partial z_j}"),
    ),
    "ln": ("softmax", (r"\log", r"\ln")),
    "transposed with an index": ("multiclass_svm", (r"\tilde{x}^{(i)\top}", r"{\tilde{x}^{(i)}}^\top")),
    "transposed in brackets": ("multiclass_svm", (r"\tilde{x}^{(i)\top}", r"(\tilde{x}^{(i)})^T")),
    "gather": (
        "multiclass_svm",
        (r"\begin{align}", r"\begin{gather}"), (r"\end{align}", r"\end{gather}"),
        (" &:=", " :="), (" &= ", " = "),
    ),
    "pmatrix": ("multiclass_svm", ("bmatrix", "pmatrix")),
    "a transpose above an index": ("multiclass_svm", (r"\tilde{x}^{(i)\top}", r"\tilde{x}^{(i)^\top}")),
    "index above first": ("multiclass_svm", ("s_j^{(i)}", "s^{(i)}_j")),
    "neq, leq": ("multiclass_svm", (r"\ne ", r"\neq "), (r"\le 0", r"\leq 0")),
    "max in braces": ("multiclass_svm", (rf"\max(0, {MARGIN})", rf"\max\{{0, {MARGIN}\}}")),
    "max the other way": ("multiclass_svm", (rf"\max(0, {MARGIN})", rf"\max({MARGIN}, 0)")),
    "mathbf 1": ("multiclass_svm", (r"\mathbb{1}\{", r"\mathbf{1}\left\{"), (r"> 0\}", r"> 0\right\}")),
    "partial with an index": ("ridge", (r"\frac{\partial J}{\partial w_j}", r"\partial_{w_j} J")),
    "a formula in words": ("multiclass_svm", (r"\text{if } k = j", r"\text{if $k = j$}")),
    "a sign for all": ("multiclass_svm", (r"\text{for } j \ne y", r"\forall j \ne y")),
    "an array in brackets": ("multiclass_svm", (r"\begin{bmatrix}", r"\left[\begin{array}{c}"), (r"\end{bmatrix}", r"\end{array}\right]")),
    "no braces at a sum": ("multiclass_svm", (r"\sum_{i=1}^{n}", r"\sum_{i=1}^n")),
    "1 in round brackets": ("network", (r"\mathbb{1}\{z > 0\}", r"\mathbb{1}(z > 0)")),
    "1 in square brackets": ("network", (r"\mathbb{1}\{z > 0\}", r"\mathbb{I}\left[z > 0\right]")),
    "1 with an index": ("softmax", (r"\mathbb{1}\{k = y\}", r"\mathbf{1}_{k = y}")),
    "1 with a set": ("softmax", (r"\mathbb{1}\{k = y\}", r"\mathbb{1}_{\{k = y\}}")),
    "1": ("multiclass_svm", (r"\mathbb{1}\{", r"1\{")),
    "a sum with its range": ("multiclass_svm", (SUM, r"\sum_{\substack{j=1 \\ j \ne y^{(i)}}}^{C}")),
    "a sum with limits": ("multiclass_svm", (SUM, r"\sum\limits_{j=1, j \neq y^{(i)}}^{C}")),
    "a sum with a colon": ("multiclass_svm", (SUM, r"\sum_{j : j \ne y^{(i)}}")),
    "for all": ("multiclass_svm", (r"\text{for } j", r"\text{for all } j")),
    "cases without if": ("multiclass_svm", (r"& \text{if } k = j \\", r"& k = j, \\"), ("else", "otherwise")),
    "text diag": ("multiclass_svm", (r"\operatorname{diag}", r"\text{diag}")),
    "mathrm diag": ("multiclass_svm", (r"\operatorname{diag}", r"\mathrm{diag}")),
    "coloneqq": ("multiclass_svm", (":=", r"\coloneqq")),
    "commas between indices": ("multiclass_svm", ("W_{ab}", "W_{a,b}")),
    "a dash as a letter has none": ("network", (r"^\top", "'")),
    "prime": ("network", (r"^\top", r"^{\prime}")),
    "two strokes": ("ridge", (r"\|X w - y\|^2", "||X w - y||_2^2")),
    "strokes with sizes": ("ridge", (r"\|X w - y\|", r"\left|\left|X w - y\right|\right|")),
    "big norms": ("ridge", (r"\|X w - y\|", r"\big\|X w - y\big\|")),
    "curly brackets": ("ridge", (r"\left(\sum", r"\left\{\sum"), (r"y_i\right)", r"y_i\right\}")),
    "a range of a sum": ("ridge", (r"\sum_j w", r"\sum_{1 \le j \le d} w")),
    "a set of a sum": ("ridge", (r"\sum_j w", r"\sum_{j \in \{1, \ldots, d\}} w")),
    "over": ("ridge", (r"\frac{1}{n} \sum", r"{1 \over n} \sum")),
    "partial of braces": ("ridge", (r"\partial w_j}", r"\partial{w_j}}")),
    "an upright d": ("ridge", (r"\frac{\partial J}{\partial w_j}", r"\frac{\mathrm{d} J}{\mathrm{d} w_j}")),
    "partial by a matrix": ("network", (r"\nabla_A E", r"\frac{\partial E}{\partial A}")),
    "partial by a vector": ("network", (r"\nabla_c E", r"\dfrac{\partial E}{\partial c}")),
    "Iverson's brackets": ("softmax", (r"\mathbb{1}\{k = y\}", r"\left[k = y\right]")),
    "full stops as dots": ("softmax", (r"\{1, \dots, C\}", r"\{1, ..., C\}")),
    "a range by its ends": ("softmax", (r"$b \in \{1, \dots, m\}$", r"$1 \le b \le m$")),
    "a range as a list": ("softmax", (r"$b \in \{1, \dots, m\}$", r"$b = 1, \dots, m$")),
    "a size the other way": ("softmax", (r"$m \ge 1$", r"$1 \le m$")),
    "R in braces": ("softmax", (r"$x \in \mathbb{R}^{m}$", r"$x \in {\mathbb R}^m$")),
    "R as one sign": ("softmax", (r"\mathbb{R}", "ℝ")),
    "positive part": (
        "multiclass_svm",
        (rf"\max(0, {MARGIN})", rf"\left[{MARGIN}\right]_+"),
    ),
    "a sum with its index under it": ("multiclass_svm", (SUM, r"\underset{j \ne y^{(i)}}{\sum}")),
    "a sum over a set less one": (
        "multiclass_svm", (SUM, r"\sum_{j \in \{1, \dots, C\} \setminus \{y^{(i)}\}}"),
    ),
    "a mark with a formula in words": ("multiclass_svm", (r"\text{row } y^{(i)}", r"\text{row $y^{(i)}$}")),
    "upright words": ("multiclass_svm", (r"\text{if }", r"\mathrm{if}\ ")),
    "dcases": ("multiclass_svm", ("{cases}", "{dcases}")),
    "cases as an array": (
        "multiclass_svm",
        (r"\begin{cases}", r"\left\{\begin{array}{ll}"), (r"\end{cases}", r"\end{array}\right."),
    ),
    "braces around a letter": ("multiclass_svm", ("s_j^{(i)}", "{s}_{j}^{(i)}")),
    "a row with a colon": ("multiclass_svm", ("W_j ", "W_{j,:} ")),
    "a row with a dot": ("multiclass_svm", ("W_j ", r"W_{j\cdot} ")),
    "operatorname*": ("multiclass_svm", (r"\operatorname", r"\operatorname*")),
    "a condition in brackets": ("multiclass_svm", (r"\text{for } j \ne y^{(i)};", r"(j \ne y^{(i)});")),
    "a condition without words": ("multiclass_svm", (r"\quad \text{for } j \ne y^{(i)};", r",\quad j \ne y^{(i)};")),
    "whenever": ("multiclass_svm", (r"\text{if } s", r"\text{whenever } s")),
    "for all letters": ("ridge", (r"r_i + \lambda w_j", r"r_i + \lambda w_j \quad \text{for all } j")),
    "for all of a range": ("ridge", (r"r_i + \lambda w_j", r"r_i + \lambda w_j, \quad j = 1, \dots, d")),
    "colon and equals": ("multiclass_svm", (" := ", r" \colon= ")),
    "no first in a sum": ("ridge", (r"\sum_j w", r"\sum_j^d w")),
    "nothing above a sum": ("ridge", (r"\sum_j w", r"\sum_{j}^{ } w")),
    "mathrel": ("multiclass_svm", (":=", r"\mathrel{:=}")),
    "def above equals": ("multiclass_svm", (":=", r"\stackrel{\text{def}}{=}")),
    "overset": ("multiclass_svm", (":=", r"\overset{\mathrm{def}}{=}")),
    "phantoms": ("multiclass_svm", (r"\tag{N7}", r"\phantom{x} \tag{N7}")),
    "a box": (
        "ridge",
        (r"\nabla_w J = ", r"\boxed{\nabla_w J = "), (r"\lambda w \tag{R7}", r"\lambda w} \tag{R7}"),
    ),
    "a brace with words": ("ridge", (r"\frac{1}{2n} r^\top r", r"\underbrace{\frac{1}{2n} r^\top r}_{\text{data}}")),
    "a sum by a letter": ("ridge", (r"\sum_j w", r"\Sigma^d_{j=1} w")),
    "a power first": ("multiclass_svm", ("s_j^{(i)}", "s^{(i)}_j"), (r"\mu_i^\top", r"\mu^\top_i")),
    "a range in brackets": ("ridge", (r"\sum_j w", r"\sum_{j \in [d]} w"), (r"i \in \{1, \dots, n\}", "i \\in [n]")),
    "what cancels": ("ridge", (r"\frac{1}{2n} r^\top r", r"\cancel{\frac{1}{2n}} r^\top r")),
    "= at the end of a row": ("ridge", ("J = \\frac", "J = \\\\\n= \\frac")),
    "a definition to the right": ("ridge", ("r := X w - y", "X w - y =: r")),
    "Unicode": ("ridge", (r"\lambda", "λ"), (r"\sum", "∑"), (r"\nabla", "∇"), ("w_j^2", "w_j²")),
}  # fmt: skip


@pytest.mark.quick(
    "left and right", "ln", "gather", "pmatrix", "max", "partial", "1 with", "a sum", "T in"
)
@pytest.mark.parametrize("name", SAME)
def test_another_spelling_is_read_as_the_same(name: str) -> None:
    page, *pairs = SAME[name]
    found = read_text(edited(text_of(page), *pairs))
    assert found.errors == ()
    assert as_read(found) == as_read(read_text(text_of(page)))


#: How a formula of its own is set off from the text.
AROUND = [
    ("$$", "$$"),
    ("\\[\n", "\n\\]"),
    ("\\\\[\n", "\n\\\\]"),
    ("```math\n", "\n```"),
    ("~~~{math}\n:class: wide\n\n", "\n~~~"),
    (":::{math}\n:nowrap:\n\n", "\n:::"),
]


@pytest.mark.quick("ridge")
@pytest.mark.parametrize(("before", "after"), AROUND)
@pytest.mark.parametrize("page", ["ridge", "multiclass_svm"])
def test_a_display_may_be_set_off_in_any_way(page: str, before: str, after: str) -> None:
    def around(found: re.Match[str]) -> str:
        return before + found[1] + after

    found = read_text(re.sub(r"\$\$\n(.*?)\n\$\$", around, text_of(page), flags=re.S))
    assert found.errors == ()
    assert as_read(found) == as_read(read_text(text_of(page)))


@pytest.mark.parametrize(("before", "after"), [(r"\(", r"\)"), ("$`", "`$"), ("{math}`", "`")])
def test_a_formula_in_the_text_may_be_set_off_in_any_way(before: str, after: str) -> None:
    def around(found: re.Match[str]) -> str:
        return before + found[1] + after

    text = re.sub(r"(?<!\$)\$([^$\n]+)\$(?!\$)", around, text_of("ridge"))
    assert before in text
    assert as_read(read_text(text)) == as_read(read_text(text_of("ridge")))


def test_a_display_needs_no_blank_line_around_it() -> None:
    page = read_text(
        f"{DECLARED}Now\n$$\n\\begin{{align}}\nu &= u\n\\end{{align}}\n$$\nand so on\n"
    )
    assert page.errors == ()
    assert as_read(page) == ["u = u"]


def test_what_compares_indices_behind_a_claim_is_its_condition() -> None:
    said = r"W_k = 2 W_j, \quad j = k \tag{A}"
    assert as_read(example(said)) == as_read(example(said.replace(r"\quad", r"\quad \text{if }")))


def test_words_that_only_join_are_no_more_than_and() -> None:
    page = example(r"u = u \quad \text{or equivalently} \quad v = v \tag{A}")
    assert as_read(page) == ["u = u", "v = v"]


@pytest.mark.parametrize(
    ("first", "all_others", "some_others"),
    [
        ("j = k", r"j \ne k", "j > k"),
        ("v_b > 0", r"v_b \le 0", "v_b < 0"),
        ("v_b < 0", r"0 \le v_b", "v_b > 0"),
        (r"v_b \ge 0", "v_b < 0", r"v_b \le 0"),
        (r"v_b \le 0", "v_b > 0", r"v_b \ge 0"),
    ],
)
def test_two_cases_of_which_one_holds_always_need_no_else(
    first: str, all_others: str, some_others: str
) -> None:
    cases = r"\begin{cases} 1 & \text{if } %s \\ 0 & \text{if } %s \end{cases}"
    said = rf"\mathbb{{1}}\{{{first}\}} = {cases % (first, all_others)} \tag{{A}}"
    assert statuses(example(said)) == {"A": "proved"}
    other = rf"p_{{jk}} := {cases % (first, some_others)} \tag{{A}}"
    assert "in all other cases" in example(other).errors[0].message


def test_a_vector_may_be_neither_above_nor_below_0() -> None:
    cases = r"\begin{cases} 1 & \text{if } v > 0 \\ 0 & \text{if } v \le 0 \end{cases}"
    assert "in all other cases" in example(rf"p := {cases} \tag{{A}}").errors[0].message


def test_code_is_no_formula_and_a_row_that_ends_is_no_bracket() -> None:
    page = read_text(
        f"{DECLARED}\n`\\[ v = q \\]`\n\n```python\n$$ v = q $$\n```\n\n"
        "$$\n\\begin{gather}\nu = u \\\\[2pt]\nv = v \\\\[2pt]\n1 = 1\n\\end{gather}\n$$\n"
    )
    assert page.errors == ()
    assert page.displays == 1


def test_a_label_of_a_directive_names_the_line() -> None:
    page = read_text(f"{DECLARED}\n```{{math}}\n:label: hinge\n\nv = v\n```\n")
    assert [line.id for line in page] == ["hinge"]
    twice = read_text(f"{DECLARED}\n$$ v = v $$ (hinge)\n\n$$ u = u $$ (hinge)\n")
    assert [error.message for error in twice.errors] == ["hinge is the tag of line 6 already"]


TRUE = {
    "a second entry": ("softmax", (r"(p_1, \dots, p_C)", r"(p_1, p_2, \ldots, p_C)")),
    "order of a sum": ("ridge", (r"X^\top (X w - y) + \lambda w", r"X^\top (- y + X w) + w \lambda")),
    "a quotient": ("ridge", (r"\frac{1}{n} X^\top (X w - y)", r"\frac{X^\top (X w - y)}{n}")),
    "a product for a norm": ("ridge", (r"\|X w - y\|^2 + \frac", r"(X w - y)^\top (X w - y) + \frac")),
    "another letter": ("ridge", ("X", "F")),
    "a word for a letter": ("ridge", ("J ", r"J_{\mathrm{ridge}} "), ("J}", r"J_{\mathrm{ridge}}}")),
    "a letter that is a word": ("ridge", ("J ", r"\text{loss} "), ("J}", r"\text{loss}}")),
    "a bold letter": ("ridge", (" w", r" \mathbf{w}"), ("_w", r"_\mathbf{w}"), ("$w", r"$\mathbf{w}"), ("|w", r"|\mathbf{w}")),
    "a font around an index": (
        "ridge",
        (" y", r" \boldsymbol{y}"),
        ("$y", r"$\boldsymbol{y}"),
        (r"\boldsymbol{y}_i", r"\boldsymbol{y_i}"),
    ),
    "a number in front of what is differentiated": (
        "ridge",
        (r"\nabla_w \left( \frac{1}{2n} \|X w - y\|^2 + \frac{\lambda}{2} \|w\|^2 \right)",
         r"\nabla_w \frac{1}{2n} \|X w - y\|^2 + \nabla_w \frac{\lambda}{2} \|w\|^2"),
    ),
    "a product of two sums": (
        "ridge",
        (r"w^\top w =", r"\frac{1}{d} \sum_j 1 \sum_j w_j^2 ="),
    ),
    "an inner product": ("ridge", (r"w^\top w", r"\left\langle w, w \right\rangle")),
    "a product of vectors": ("ridge", (r"w^\top w", r"w \cdot w")),
    "a power of what is divided by": ("ridge", (r"\frac{1}{2n}", "(2n)^{-1}")),
    "two sums for one": (
        "multiclass_svm",
        (r"\sum_{j \ne y^{(i)}} \nabla_W L_i^{(j)}",
         r"\sum_{j < y^{(i)}} \nabla_W L_i^{(j)} + \sum_{j > y^{(i)}} \nabla_W L_i^{(j)}"),
    ),
    "a vector by brackets": (
        "multiclass_svm",
        (r"(1, x_1^{(i)}, \dots, x_m^{(i)})^\top",
         r"\begin{bmatrix} 1 \\ x_1^{(i)} \\ \vdots \\ x_m^{(i)} \end{bmatrix}"),
    ),
}  # fmt: skip


@pytest.mark.quick("a second entry", "a quotient")
@pytest.mark.parametrize("name", TRUE)
def test_another_true_formula_holds(name: str) -> None:
    page, *pairs = TRUE[name]
    found = read_text(edited(text_of(page), *pairs))
    assert found.errors == ()
    if page in ("ridge", "network"):
        assert set(statuses(found).values()) <= {"proved", "definition"}


def test_what_is_numbered_from_0_is_numbered_from_0() -> None:
    page = example(
        r"(v_0, \dots, v_{m-1})^\top = v \tag{A}",
        r"Let $m \ge 1$, $b \in \{0, \dots, m - 1\}$, $v \in \mathbb{R}^m$.",
    )
    assert page.errors == ()
    assert statuses(page) == {"A": "proved"}
