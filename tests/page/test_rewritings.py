# ruff: noqa: E501 - a formula is written on one line
"""The same page written in another way is read as the same page."""

import pytest
from helpers_of_pages import as_read, edited, example, statuses, text_of

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
}  # fmt: skip


@pytest.mark.parametrize("name", SAME)
def test_another_spelling_is_read_as_the_same(name: str) -> None:
    page, *pairs = SAME[name]
    found = read_text(edited(text_of(page), *pairs))
    assert found.errors == ()
    assert as_read(found) == as_read(read_text(text_of(page)))


TRUE = {
    "a second entry": ("softmax", (r"(p_1, \dots, p_C)", r"(p_1, p_2, \ldots, p_C)")),
    "order of a sum": ("ridge", (r"X^\top (X w - y) + \lambda w", r"X^\top (- y + X w) + w \lambda")),
    "a quotient": ("ridge", (r"\frac{1}{n} X^\top (X w - y)", r"\frac{X^\top (X w - y)}{n}")),
    "a product for a norm": ("ridge", (r"\|X w - y\|^2 + \frac", r"(X w - y)^\top (X w - y) + \frac")),
    "another letter": ("ridge", ("X", "F")),
    "a vector by brackets": (
        "multiclass_svm",
        (r"(1, x_1^{(i)}, \dots, x_m^{(i)})^\top",
         r"\begin{bmatrix} 1 \\ x_1^{(i)} \\ \vdots \\ x_m^{(i)} \end{bmatrix}"),
    ),
}  # fmt: skip


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
