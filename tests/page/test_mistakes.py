# ruff: noqa: E501 - a formula is written on one line
"""Mistakes that a lecturer makes: each is named at its place, with what would help."""

import pytest
from helpers_of_pages import DECLARED, example, text_of

from gradbook.page import read_text

#: What is written; the part that the carets are under; a part of the message; a part of the hint.
MISTAKES = [
    (r"s^{(i)} := W x^{(i)", "{", "{ is never closed", ""),
    (r"\nabla_v \|v\|^2 = 2 q", "q", "q is not declared", r"q \in \mathbb{R}"),
    (r"\sum_{i=1}^{m} x^{(i)} = 0", "m", "i = 1 … m, but i is declared as 1 … n", ""),
    (r"u v = 0", "u v", "m × 1 times m × 1: the inner sizes differ", r"x^\top y"),
    (r"W v = v", "v", "the left is C × 1, the right is m × 1", ""),
    (r"v^\top = v", "v", "the left is 1 × m, the right is m × 1", "lacks a transpose"),
    (r"x_i = 0", "x_i", "x_i is not a letter of this page: x^(i) is", "in brackets: ^{(i)}"),
    (r"x^i = 0", "x", "x is not a letter of this page: x^(i) is", "in brackets: ^{(i)}"),
    (r"\lambda(v) = 0", r"\lambda(v", "λ(v): a function of v, or λ times it?", r"λ \cdot v"),
    (r"v_j = 0", "j", "j is an index 1 … C, and stands where an index 1 … m belongs", ""),
    (r"W_{ij} = 0", "i", "i is an index 1 … n, and stands where an index 1 … C belongs", ""),
    (r"x^{(j)} = 0", "j", "j is an index 1 … C, and stands where an index 1 … n belongs", ""),
    (r"z = W v", "z =", "z is not declared: is this its definition?", "z := …"),
    (r"\nabla \lambda^2 = 0", r"\nabla", "with respect to what", r"\nabla_W L"),
    (r"\sum v_b = 0", r"\sum", "Σ over which index?", r"\sum_j"),
    (r"\nabla_v \|v\|^2 v = 0", r"\nabla_v \|v\|^2 v", "the inner sizes differ", r"x \circ y by entries"),
    (r"\nabla_v \|v\|^2 \lambda = 0", r"\nabla_v", "how far does ∇ reach?", "(∇ f) g"),
    (r"\nabla_v (W v) = W", "(W v)", "∇ of a number is read, and this is C × 1", "each entry"),
    (r"\frac{\partial (W v)}{\partial v} = W", "(W v)", "∂ of a number is read, and this is C × 1", "each entry"),
    (r"\lmbda = 0", r"\lmbda", r"\lmbda is not known", r"did you mean \lambda?"),
    (r"|v| = 0", "v", "what stands between strokes is a number, and this is m × 1", r"\|v\| is the length"),
    (r"\max(v_1, v_2, \lambda) = 0", r"\max(v_1, v_2, \lambda)", "max with 3 arguments is not read", r"\max_k u_k of all"),
    (r"\max(v, W) = 0", "W", "the first is m × 1, this one C × m", ""),
    (r"\max_j W_j = 0", "W_j", "max over an index is of numbers, and this is 1 × m", "for an entry"),
    (r"\max_{j \ne k, j \ne 1} W_{jb} = 0", r"\max_{j \ne k, j \ne 1} W_{jb}", "there may be nothing that max could run over", r"$C \ge 2$"),
    (r"\min_{b \ge 2} v_b = 0", r"\min_{b \ge 2} v_b", "there may be nothing that min could run over", r"\max_{j \ne y}"),
    (r"\max_{b : v_b > 0} v_b = 0", r"\max_{b : v_b > 0} v_b", "there may be nothing that max could run over", ""),
    (r"\max_{k < j} W_{kb} = 0", "k < j", "does max run over j as well?", r"\max_{j} \max_{k < j}"),
    (r"\max_{i=1}^{m} x^{(i)}_b = 0", "m", "max runs over i = 1 … m, but i is declared as 1 … n", "let i run over 1 … n, or take another letter"),
    (r"\max_\lambda v = 0", r"\lambda", "λ is no index: max cannot run over it", ""),
    (r"\sin(\lambda) = 0", r"\sin", "sin is not read", "exp, log"),
    (r"v + 1 = u", "1", "the term before is m × 1, this one a number", r"b \mathbf{1}"),
    (r"\frac{v}{u} = 1", "u", "only a number divides, and this is m × 1", ""),
    (r"v^2 = 1", "v^2", "a power of a number is read, and this is m × 1", r"x \circ x"),
    (r"\left( v = u", r"\left(", "( is never closed: expected ), found =", ""),
    (r"\arg\min_v \|v\|^2 = 0", r"\arg", "arg is not read", "say what holds there"),
    (r"v \otimes u = A", r"\otimes", r"\otimes is not expected here", r"u v^\top"),
    (r"w^{(t+1)} := u", r"w^{(t+1)}", "only a letter can be defined", r"w_{\text{new}}"),
    (r"q_b = v_b \text{ for all } q \in \mathbb{R}^m", "q_b =", "q_b is not declared", ""),
    (r"v = u \text{ where } u \sim \mathcal{N}(0, 1)", r"\sim", "not expected here", "only what holds exactly"),
    (r"v = u)", ")", ") closes nothing", ""),
    (r"v = u \text{ obviously}", r"\text{ obviously}", "“obviously” in a display", "in the text"),
    (r"v + u", "v + u", "this says nothing: a statement is a relation", "∈"),
    (r"z := x^{(i)}", "i", "i stands on the right of :=, and neither on the left", "where i is given, it is declared alone"),
    (r"\lambda/2 \lambda = 1", "/", "a/b c can be read in two ways", r"\frac"),
    (r"\log v_1 v_2 = 0", r"\log v_1", "where does the argument of log end?", r"\log(…)"),
    (r"p_k := \begin{cases} 1 & k = j \end{cases}", "", "in all other cases?", r"\text{else}"),
    (r"\mathbb{1}\{v_b > 0 = 1", r"\{", r"\{ is never closed", ""),
    (r"\mathbb{1}\{v_b = 0\} = 1", "v_b = 0", "an indicator compares with <, >, ≤ or ≥", ""),
    (r"\mathbb{1}\{b = k\} = 1", "b = k", "they cannot be compared", ""),
    (r"\sum_j \sum_j W_{jb} = 0", "j", "j runs already", "another letter"),
    (r"A^{-1} = W^{-1}", "W", "only a square matrix has an inverse, and this is C × m", ""),
    (r"v \in \mathbb{R}^C", r"\mathbb{R}^C", "the left is m × 1, and not C × 1", ""),
    (r"\lambda \pm 1 = 0", r"\pm", r"\pm is two statements at once", ""),
    (r"\begin{bmatrix} v \\ \vdots \\ A \end{bmatrix} = 0", "", "no form in common", "W_1"),
    (r"1_v = 0", "_", "_ is not expected here", ""),
    (r"max(0, v_b) = 0", "max", "max is written as single letters", r"write \max"),
    (r"\lambda = 1 if \lambda > 0", "if", "if is written as single letters", r"\text{if}"),
    (r"\sum_{b : v_b} v_b = 0", "v_b", "a sum runs over a letter", ""),
    (r"\frac{d}{d", "", "the formula ends too early", ""),
    (r"\frac{d v_1", "{", "{ is never closed", ""),
    (r"tr(A) = 0", "tr", "tr is written as single letters", r"write \operatorname{tr}"),
    (r"log v_b = 0", "log", "log is written as single letters", r"write \log"),
    (r"\lambda^2^3 = 0", "^", "a second exponent", "brackets"),
    (r"\lambda {v + u} = v", "{v + u}", "braces are not shown", "( … )"),
    (r"\underbrace{W v}_{u} = 0", "u", "under a brace stand words", "r := …"),
    (r"\sum_b = 0", "=", "= stands where a Σ has what it sums", "and behind them"),
    (r"\sum_i=1^n x^{(i)} = 0", "=", "= stands where a Σ", r"\sum_{i=1}^{n}"),
    (r"\nabla_{v + u} \lambda = 0", "v + u", "∇ is with respect to a letter", ""),
    (r"u \times v = 0", r"u \times v", "the inner sizes differ", r"x^\top y"),
    (r"\sigma(v^\top u) = 0", r"\sigma", "σ is not declared", "σ(x) := …"),
    (r"\sum_{k < j} W_{kb} = 0", "k < j", "does the sum run over j as well?", r"\sum_{j} \sum_{k < j}"),
    (r"\nabla_v v^\top u \, u^\top v = u", r"\nabla_v", "how far does ∇ reach?", "∇ (f g)"),
    (r"A^\top_{11} = 0", "", "A_11 is a number and has no transpose", "A_{ji}"),
    (r"v_b^\top u_b = 0", r"v_b^\top", "v_b is a number and has no transpose", r"v_i \in \mathbb{R}^m"),
    (r"\sum_{i=1}^{n+1} x^{(i)} = 0", "n+1", "i = 1 … n + 1, but i is declared as 1 … n", ""),
    (r"\mathbf{v} = v", r"\mathbf{v} =", "𝐯 is not declared", "the page has v: letters in other fonts"),
    (r"\lambda.v_b = 0", ".", "a full stop is no product", r"\cdot"),
    (r"\begin{foo} v \end{foo} = v", r"\begin{foo}", "is not read here", "bmatrix"),
    (r"p_k := \begin{cases} 1 & if & k = j \\ 0 & \text{else} \end{cases}", "if", "if is written as single letters", r"\text{if}"),
    (r"\sum_{k \in [0, 1]} W_k = 0", "0", "runs over k = 0 … 1, but k is declared as 1 … C", ""),
    (r"z := v^\top \in \mathbb{R}^m", r"v^\top", "this is 1 × m, and not m × 1", "lacks a transpose"),
    (r"W_3 = 0", "3", "3 is not always one of 1 … C", r"$C \ge 3$"),
    (r"v \approx u", r"\approx", "is not expected here", "only what holds exactly is a claim"),
    (r"\lambda = 1 \Rightarrow \lambda^2", r"\lambda^2", "is between two relations", r"\iff"),
    (r"v \rightarrow 0", r"\rightarrow", "is not expected here", "between two relations"),
    (r"\mathrm{s.t.} \; v = u", r"\mathrm{s.t.}", "stand where a letter", "claims nothing"),
    (r"v \leftarrow v - u", r"\leftarrow", "is not expected here", r"w_{\text{new}} := …"),
    (r"P(y \mid x) = 1", r"\mid", "a stroke in brackets, as of probabilities", "p_k := …"),
    (r"u = v \quad (\|v\|^2 = 1)", "=", "expected ), found =", "no relation stands in brackets"),
    (r"P(y^{(i)} = j) = \lambda", "=", "expected ), found =", "of probabilities"),
    (r"= v", "=", "= stands where", "write the left side again"),
    (r"f(x, y) = 1", "f(x, y", "f(…) is no function that this page defines", "f(x, y) := …"),
    (r"\operatorname{argmin} \lambda = 1", r"\operatorname{argmin}", "argmin is not read", r"\nabla_w L = 0"),
    (r"\frac{\lambda} = 1", r"\frac", r"\frac is of two parts", ""),
    (r"\frac{\partial \lambda}{v_b} = 0", "v", "∂ stands above and not below", r"{\partial w}"),
    (r"\max 0, v_b = 0", r"\max", "max needs brackets", r"\max(0, u)"),
    (r"\log_2 \lambda = 1", "_", "log with something on it", "the natural one"),
    (r"\sqrt[3]{\lambda} = 1", "[", "only square roots are read", r"\lambda^{1/3}"),
    (r"v^\T u = 0", "^", r"\T is no exponent", r"a transpose is ^\top"),
    (r"v = {v_1, \dots, v_m}", "{", "braces are not shown", "write brackets"),
    (r"v = u, if \lambda > 0", "if", "if is written as single letters", r"\text{if}"),
    (r"v = u \quad where \lambda > 0", "where", "where is written as single letters", r"\text{where}"),
    (r"p_k := \begin{cases} 1 & \text{if } k = j \\ 0 & \text{if } k = j \end{cases}", "0", "this case is the same as one above", r"\text{else}"),
    (r"\prod_b v_b = 1", r"\prod", "prod is not read", r"\sum_i \log p_i"),
    (r"\operatorname{cosh}(\lambda) = 1", r"\operatorname{cosh}", "cosh is not read", "functions are"),
    (r"\|W\|_2 = 1", "W", "‖·‖₂ of a vector is read, and this is C × m", r"\|W\|_F"),
    (r"\langle v, u \rangle_2 = 1", "2", r"only \langle a, b \rangle_F is read", ""),
    (r"v = u \quad \text{if } j", "j", "a condition compares two things", ""),
    (r"p_k := \begin{cases} 1 & \text{if } j \\ 0 & \text{else} \end{cases}", "j", "a condition compares two things", ""),
    (r"A (v_1, \dots, v_m)^\top = v", "", "A(…) is no function that this page defines", r"A \cdot (…)"),
    (r"f_\lambda(v) = 1", r"f_\lambda(v", "f_λ(v): a function of v, or f_λ times it?", "f_λ(v) := …"),
    (r"\|v\|_3 = 1", "3", r"only \|·\|, \|·\|_2", ""),
    (r"\|W\|_1 = 1", "W", "‖·‖₁ of a vector is read, and this is C × m", ""),
    (r"\nabla^2_W \lambda = 0", r"\nabla^2_W \lambda", "∇² by a vector is read, and this is C × m", "by entries"),
    (r"\operatorname{tr}(I) = 1", "", "of what shape is this?", "I_m"),
    (r"g(x) := x^2", "x", "x is not a letter of this page: x^(i) is", "in brackets"),
    (r"c := \sum_k \lambda W_k v + (1 - \lambda) W_k u", "k", "k stands on the right of :=", "what it sums needs brackets"),
    (r"q_k := W_k v, \quad q = 0", "q", "q is not a letter of this page: q_i is", "or declare or define q as well"),
    (r"W_{:,:} = 0", "W_{:,:}", "a colon stands for all indices but one", "W_{j,:} is row j"),
    (r"v_b = 0 \quad \text{for all } v", "v", "v is no index", "a condition compares two things"),
    (r"tanh(\lambda) = 1", "tanh", "tanh is written as single letters", "define it"),
    (r"\lambda = sigmoid(\lambda)", "s", "s is not declared", r"\text{sigmoid}(x) := …"),
    (r"\{u : \|u\| = 1\} = 0", r"\{", "a set of what fulfils a condition is not read", "say for which x"),
    (r"\lambda = 1 \; \text{subject to } v = u", r"\text{subject to }", "in a display are not read", "claims nothing"),
    (r"(v^\top u)_b = 0", r"(v^\top u)_b", "this is a number and has no entries", ""),
    (r"v --- u = 0", "---", "the words “—” in a display are not read", ""),
    (r"A = \diag(v)", r"\diag", r"\diag is no command of LaTeX", r"\operatorname{diag}"),
    (r"p_k := \begin{cases} 1 \text{if } k = j \\ 0 & \text{else} \end{cases}", r"\text{if }", "have & between them", r"& \text{if }"),
    (r"\sum_{j}_{k} W_j = 0", "_", "a second index below", "write both in one"),
    (r"x^{(i)}^\top v = 0", "^", "a second exponent", r"x^{(i)\top}"),
    (r"W_{j b = 0", "{", "{ is never closed: expected }, found =", ""),
    (r"x_{(i)} = 0", "(", "expected a letter, found (", "x^{(i)}"),
    (r"A^-1 = A", "^", "- is no exponent", "x^{-1}"),
    (r"\mathbb{1}{k = j} = 1", "{", "braces are not shown", r"\mathbb{1}\{"),
    (r"e := (\mathbb{1}\{1 = j\}, \dots, \mathbb{1}\{m = j\})", "m", "m is not always one of 1 … C", "numbered 1 … C"),
    (r"\frac{A}{v} = 1", "v", "only a number divides", "by entries"),
    (r"v = u \tag{B}", r"\tag{A}", "a second tag on one row", ""),
    (r"j \in \{1, \dots, m\}", "", "1 … m here, but it is declared as 1 … C", "one letter, one meaning"),
]  # fmt: skip


@pytest.mark.parametrize(("latex", "under", "message", "hint"), MISTAKES)
def test_a_mistake_is_named_at_its_place(latex: str, under: str, message: str, hint: str) -> None:
    page = example(latex + r" \tag{A}")
    assert [message in error.message for error in page.errors] == [True], page.errors
    (error,) = page.errors
    marked = page.source.text[error.span.start : error.span.end]
    assert not under or marked == under
    assert hint in error.hint
    assert page.source.position(error.span.start)[0] == 7


#: What is changed in the page of the SVM; where the first error is then, and what it says.
CHANGED = [
    ((r"\in \mathbb{R}^{C \times 1}, \qquad s_j^{(i)} = ", r"\qquad s_j_k^{(i)} = "), r"_k^{(i)} = W", "a second index below"),
    ((r"- 1 \tag{N3}\n$$", r"- 1 \tag{N3}\n"), "$$\nL_i := ", "a display begins with $$ and is never closed"),
    ((r"Let $C \ge 2$ be", r"Let $C \ge 2 be"), r"$C \ge 2 be", "there is text in this formula"),
    ((r"L_i := \sum", r"L_i = \sum"), "L_i = ", "L_i is not declared: is this its definition?"),
    ((r"\end{align}", r"\end{aligned}"), r"\end{aligned}", r"\begin{align} is closed by \end{aligned}"),
    ((r"\begin{align}\nL_i^{(j)}", r"L_i^{(j)}"), r"\end{align}", r"\end{align} closes nothing"),
    ((r"\end{align}\n$$\n\nWhere", r"$$\n\nWhere"), r"\begin{align}\nL_i^{(j)}", r"\begin{align} is never closed"),
    ((r"\frac{1}{n} \sum_{i=1}^{n} L_i", r"\frac{1} \sum_{i=1}^{n} L_i"), r"\sum_{i=1}^{n} L_i", r"\sum stands where braces are expected"),
    ((r"\text{if } k = j \\", r"\text{if } k = j"), r"\begin{cases}", r"\begin{cases} is never closed: found &"),
    ((r"The weights", r"Of $W \in \mathbb{R}^m$ the weights"), r"\mathbb{R}^{C", "the left is m × 1, and not C × (m + 1)"),
]  # fmt: skip


@pytest.mark.parametrize(("change", "at", "message"), CHANGED)
def test_a_change_of_the_page_is_named_at_its_place(
    change: tuple[str, str], at: str, message: str
) -> None:
    old, new, at = (part.replace(r"\n", "\n") for part in (*change, at))
    text = text_of("multiclass_svm")
    assert old in text
    page = read_text(text.replace(old, new, 1))
    assert page.errors[0].message == message
    assert page.source.text.startswith(at, page.errors[0].span.start)


def test_a_display_that_is_not_closed_costs_itself_alone() -> None:
    page = read_text(text_of("multiclass_svm").replace("\\tag{N3}\n$$", "\\tag{N3}\n"))
    assert [error.message[:27] for error in page.errors] == ["a display begins with $$ an"]
    assert page.displays == read_text(text_of("multiclass_svm")).displays


def test_money_in_the_text_is_no_formula_with_text_in_it() -> None:
    assert read_text("It costs $5 a month and then it rises to $10.\n").errors == ()


def test_one_broken_definition_is_one_error() -> None:
    broken = text_of("multiclass_svm").replace(
        r"L_i := \sum_{j \ne y^{(i)}}", r"L_i := \sum_{j \ne y_i}"
    )
    page = read_text(broken)
    (error,) = page.errors
    assert (error.line, error.message) == ("N3", "y_i is not a letter of this page: y^(i) is")
    assert error.waits == ["N4", "N13", "N14", "N15", "line 123", "N16", "N17"]
    assert not page["N12"].unread


def test_what_needs_a_function_waits_for_it() -> None:
    rows = (
        r"\begin{align} g(v) &= %s \tag{A} \\ g'(v) &= u \tag{B} \\ g(u) &= 1 \tag{C} \end{align}"
    )
    for broken in ("1", ":= q"):
        (error,) = example((rows % broken).replace("= :=", ":=")).errors
        assert (error.line, error.waits) == ("A", ["B", "C"])


def test_an_undeclared_letter_is_said_once() -> None:
    page = example(r"\begin{align} u &= q \tag{A} \\ v &= q \tag{B} \\ q &= q \tag{C} \end{align}")
    (error,) = page.errors
    assert (error.line, error.waits) == ("A", ["B", "C"])


def test_a_row_that_cannot_be_read_costs_its_row_alone() -> None:
    page = example(r"\begin{align} u &= ( \tag{A} \\ v &= {u \tag{B} \\ v &= v \tag{C} \end{align}")
    assert [error.line for error in page.errors] == ["A", "B"]
    assert not page["C"].unread


def test_all_errors_of_a_page_are_found_at_once() -> None:
    page = example(
        "\\begin{align} u &= q \\tag{A} \\\\ v &= W \\tag{B} \\\\ v_j &= 0 \\tag{C} \\end{align}"
    )
    assert [error.line for error in page.errors] == ["A", "B", "C"]


@pytest.mark.parametrize(
    ("latex", "message"),
    [
        (r"\begin{align} u &= u \tag{A} \\ v &= v \tag{A} \end{align}", "A is the tag of line 7 already"),
        (r"u = u \tag{A} \tag{B}", "a second tag on one row"),
        (r"s := u, \quad s := v \tag{A}", "s has a meaning already, from line 7"),
        (r"s := s + u \tag{A}", "s is defined by itself"),
        (r"t = u, \quad t := u \tag{A}", "t is defined only on line 7"),
        (r"s := u := v \tag{A}", ":= stands once, behind the letter that is defined"),
        (r"L_j := W_j v \quad \text{for } j \ne k, \quad 1 = 1 \tag{A}", "k stands on the right"),
        (r"u \tag{A}", "this says nothing: a statement is a relation"),
        (r"\text{for } j \ne k: \quad \tag{A}", "a formula ends where one more letter or number"),
    ],
)  # fmt: skip
def test_what_a_page_may_not_say_twice_or_not_at_all(latex: str, message: str) -> None:
    assert any(message in error.message for error in example(latex).errors), example(latex).errors


def test_a_partial_function_is_not_used_outside_its_domain() -> None:
    page = example(
        r"\begin{align} L_i^{(j)} &:= W_j x^{(i)} \quad \text{for } j \ne y^{(i)} \tag{A} \\"
        r" \sum_j L_i^{(j)} &= 0 \tag{B} \end{align}"
    )
    (error,) = page.errors
    assert "the sum runs over j where L_i^(j) is not defined" in error.message
    assert "j ≠ y^(i)" in error.hint


@pytest.mark.parametrize("opened", ["$$\nu = u", "\\begin{align}\nu = u"])
def test_a_display_that_is_never_closed_is_no_prose(opened: str) -> None:
    page = read_text(f"{DECLARED}\n{opened}\n")
    assert any("is never closed" in error.message for error in page.errors)


@pytest.mark.parametrize(
    ("declaration", "message"),
    [
        (r"$x \in \mathbb{R}^d$", "the size d is not declared"),
        (r"$C \ge 2$, $C \ge 3$", "C has a meaning already, from line 1"),
        (r"$C \ge 2$, $j \in \{1, \dots, C\}$, $k \in \{0, \dots, C - 1\}$", "numbered 0 … C − 1 here"),
        (r"$C \ge 2$, $x^{(i)} \in \mathbb{R}^C$", "the index i has no range"),
        (r"$m \ge 1$, $x \in \mathbb{R}^{m \times m \times m}$", "only numbers, vectors and matrices"),
        (r"$m \ge 1$, $x \in \mathbb{R}^{m$", "{ is never closed"),
    ],
)  # fmt: skip
def test_a_wrong_declaration_is_an_error_at_its_place(declaration: str, message: str) -> None:
    page = read_text(f"Let {declaration}.\n\n$$\n1 = 1 \\tag{{A}}\n$$\n")
    assert any(message in error.message for error in page.errors), page.errors


@pytest.mark.parametrize(
    "declaration",
    [r"$N, P \ge 1$", r"$N \ge 1, P \geq 1$", r"$N, P \in \mathbb{N}$", r"$1 \le N$, $P > 0$"],
)
def test_sizes_are_declared_in_many_ways(declaration: str) -> None:
    page = read_text(
        f"Let {declaration}, $Z \\in \\mathbb{{R}}^{{2N \\times NP}}$.\n\n$$\nZ = Z\n$$\n"
    )
    assert page.errors == ()
    assert str(next(letter for letter in page.letters if letter.head == "Z").shape) == "2N × NP"


def test_of_two_declarations_the_second_one_in_the_text_is_wrong() -> None:
    page = read_text(
        "$m \\ge 1$, $v \\in \\mathbb{R}^m$.\n\n$v \\in \\{1, \\dots, m\\}$\n\n$$\nv = v\n$$\n"
    )
    (error,) = page.errors
    assert error.message == "v has a meaning already, from line 1"
    assert page.source.position(error.span.start) == (3, 2)


def test_a_number_may_be_said_to_be_large_where_it_is_mentioned() -> None:
    page = read_text(
        "$\\lambda \\in \\mathbb{R}$; where $\\lambda > 1$ it is large.\n\n$$\n\\lambda = λ\n$$\n"
    )
    assert page.errors == ()


def test_brackets_without_end_are_an_error_and_no_traceback() -> None:
    (error,) = example("(" * 3000 + "v" + ")" * 3000 + r" = v \tag{A}").errors
    assert error.message == "brackets in brackets, too many of them"
