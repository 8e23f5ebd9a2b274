# ruff: noqa: E501 - a formula is written on one line
"""Pages of every kind are proved for any size, and none of their wrong edits is."""

from dataclasses import replace

import pytest
from pages_for_any_size import PAGES
from sympy import Expr

from gradbook.any_size import lines, prove_for_any_size, rules
from gradbook.any_size.rules import Chain, Rule
from gradbook.page import read_text
from gradbook.proof import Proof
from gradbook.prove import prove


def proof_of(text: str, line: str) -> Proof:
    page = read_text(text)
    assert page.errors == ()
    found = prove_for_any_size(page[line])
    assert found is not None
    return found


@pytest.mark.quick("lemmas", "logistic", "smoothing", "attention", "squared hinge", "inverse")
@pytest.mark.parametrize("name", PAGES)
def test_every_line_is_proved_for_any_size(name: str) -> None:
    page = read_text(PAGES[name])
    assert page.errors == ()
    for line in page:
        found = prove_for_any_size(line)
        assert found.status == ("proved" if line.claims else "definition"), found


#: A page, an edit of it, and the line that is then false.
WRONG = [
    ("robust", r"\min(\delta, r_i)", r"\min(2 \delta, r_i)", "R2"),
    ("robust", r"\max(-\delta, ", r"\max(0, ", "R2"),
    ("robust", r"E \ge 0", r"E \ge \delta", "R3"),
    ("robust", r"\delta |r_i| \tag", r"|r_i| \tag", "R3"),
    ("robust", r"+ \lambda \frac{w_b}{|w_b|}", r"- \lambda \frac{w_b}{|w_b|}", "R4"),
    ("lemmas", r"= A^\top B^\top", r"= 2 A^\top B^\top", "M1"),
    ("lemmas", r"\operatorname{tr}(B A X)", r"2 \operatorname{tr}(B A X)", "M1"),
    ("lemmas", r"= (H + H^\top) x,", r"= 2 H x,", "M2"),
    ("lemmas", r"= (H + H^\top) x,", r"= H x,", "M2"),
    ("lemmas", r"\nabla_x (c^\top x) = c", r"\nabla_x (c^\top x) = x", "M2"),
    ("lemmas", r"\|X\|^2 = 2 X,", r"\|X\|^2 = X,", "M3"),
    ("lemmas", r"= (H + H^\top) X", r"= (H - H^\top) X", "M3"),
    ("lemmas", r"+ 2 \operatorname{tr}(X^\top Y)", r"+ \operatorname{tr}(X^\top Y)", "M4"),
    ("lemmas", r"+ 2 \operatorname{tr}(X^\top Y)", r"+ 2 \operatorname{tr}(X^\top X)", "M4"),
    ("lemmas", r"= \operatorname{tr}(Y X^\top)", r"= \operatorname{tr}(X X^\top)", "M4"),
    ("lemmas", r"= x_i - c_i", r"= c_i - x_i", "M5"),
    ("lemmas", r"= x_i - c_i", r"= 2 (x_i - c_i)", "M5"),
    ("network", r"\nabla_v E = q - e", r"\nabla_v E = e - q", "D3"),
    ("network", r"\nabla_c E = q - e", r"\nabla_c E = q", "D3"),
    ("network", r"(q - e) u^\top", r"(q + e) u^\top", "D4"),
    ("network", r"\mathbb{1}\{z > 0\} \tag{D5}", r"\mathbb{1}\{z \ge 0\} \tag{D5}", "D5"),
    ("network", r"= B^\top (q - e) \circ", r"= B^\top q \circ", "D5"),
    ("network", r"\mathbb{1}\{z > 0\} \tag{D5}", r"u \tag{D5}", "D5"),
    ("network", r"\mathbb{1}\{z > 0\} \right]", r"\mathbb{1}\{z < 0\} \right]", "D6"),
    ("network", r"E := -\log p_y", r"E := \log p_y", "D4"),
    ("network", r"\{1 = y\}, \dots, \mathbb{1}\{C = y\}", r"\{1 \ne y\}, \dots, \mathbb{1}\{C \ne y\}", "D3"),
    ("logistic", r"= -\frac{1}{n} \sum_i", r"= \frac{1}{n} \sum_i", "G2"),
    ("logistic", r"= -\frac{1}{n} \sum_i", r"= -\sum_i", "G2"),
    ("logistic", r"{1 + \exp(t^{(i)} a^{(i)})} x", r"{1 + \exp(-t^{(i)} a^{(i)})} x", "G2"),
    ("logistic", r"\frac{t^{(i)}}{1 + \exp(t", r"\frac{1}{1 + \exp(t", "G2"),
    ("logistic", r"- t^{(i)} a^{(i)} \tag{G3}", r"+ t^{(i)} a^{(i)} \tag{G3}", "G3"),
    ("smoothing", r"\frac{\alpha}{C} \tag", r"\alpha \tag", "L2"),
    ("smoothing", r"= p_k - g_k", r"= g_k - p_k", "L2"),
    ("smoothing", r"\sum_k g_k = 1", r"\sum_k g_k = 1 - \alpha", "L2"),
    ("smoothing", r"2 p_y (1 - p_y)", r"p_y (1 - p_y)", "L3"),
    ("smoothing", r"- (1 - p_y)^2) \tag", r"+ (1 - p_y)^2) \tag", "L3"),
    ("smoothing", r"(\mathbb{1}\{k = y\} - p_k)", r"(p_k - \mathbb{1}\{k = y\})", "L3"),
    ("smoothing", r"\sum_{j \ne y} \exp", r"\sum_j \exp", "L4"),
    ("normalised", r"n g_k - \sum_i g_i - r_k", r"n g_k - r_k", "B3"),
    ("normalised", r"- r_k \sum_i g_i r_i", r"+ r_k \sum_i g_i r_i", "B3"),
    ("normalised", r"\frac{1}{n \sigma} \left(", r"\frac{1}{\sigma} \left(", "B3"),
    ("normalised", r"n g_k - \sum_i", r"g_k - \sum_i", "B3"),
    ("normalised", r"\sum_i r_i = 0", r"\sum_i r_i = 1", "B2"),
    ("attention", r"- p_i p_k", r"- p_i", "A2"),
    ("attention", r"- p_i p_k", r"+ p_i p_k", "A2"),
    ("attention", r"= K^\top (\operatorname{diag}(a) - a a^\top) v,", r"= K^\top \operatorname{diag}(a) v,", "A3"),
    ("attention", r"\nabla_v o = a", r"\nabla_v o = v", "A3"),
    ("attention", r"a^\top) v \right]", r"a^\top) a \right]", "A4"),
    ("squared hinge", r"= 2 \max(0", r"= \max(0", "H2"),
    ("squared hinge", r"s_k - s_y + D_{yk})", r"s_k - s_y + D_{ky})", "H2"),
    ("squared hinge", r"\text{for } k \ne y", "", "H2"),
    ("squared hinge", r"= -2 \sum_{j \ne y} \max", r"= -2 \sum_j \max", "H3"),
    ("squared hinge", r"= -2 \sum_{j \ne y} \max", r"= 2 \sum_{j \ne y} \max", "H3"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "old", "new", "line"), WRONG)
def test_a_wrong_edit_is_refuted_for_any_size(name: str, old: str, new: str, line: str) -> None:
    assert old in PAGES[name]
    proof = proof_of(PAGES[name].replace(old, new, 1), line)
    assert proof.status == "refuted", proof
    assert proof.counterexample is not None
    assert proof.counterexample.left != proof.counterexample.right


DECLARED = r"""
Let $C \ge 2$, $m \ge 0$, $n \ge 1$, $j, k \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$, $i \in \{1, \dots, n\}$,
$l \in \{1, \dots, m\}$, $v \in \mathbb{R}^C$, $w \in \mathbb{R}^n$, $u \in \mathbb{R}^m$, $t, f \in \mathbb{R}$ and $c > 0$.
"""

#: What holds where it has a value, or for most sizes: not proved, and why.
UNSOUND = {
    r"\frac{t}{\sqrt{\sum_l u_l^2}} \sqrt{\sum_l u_l^2} = t": "≠ 0, and that is not shown",
    r"\log(t f) = \log t + \log f": "it needs t·f > 0",
    r"\log t + \log f = \log(t f)": "it needs t > 0",
    r"\log(t^2) = 2 \log t": "it needs t^2 > 0",
    r"\sqrt{t f} = \sqrt{t} \sqrt{f}": "it needs t·f ≥ 0",
    r"\frac{t f}{f} = t": "it needs f ≠ 0",
    r"t \frac{v_j}{v_j} = t": "it needs v_j ≠ 0",
    r"\sqrt{t}^2 = t": "it needs t ≥ 0",
    r"\frac{1}{m} \sum_l 1 = 1": "it needs m ≠ 0",
    r"\frac{\sum_l \exp(u_l)}{\sum_l \exp(u_l)} = 1": "it needs Σ_{l = 1 … m} [exp(u_l)] ≠ 0",
    r"\frac{n - 1}{n - 1} = 1": "it needs n − 1 ≠ 0",
    r"\frac{\sum_i \exp(w_i) - \exp(w_1)}{\sum_i \exp(w_i) - \exp(w_1)} = 1": "≠ 0, and that is not shown",
    r"\log(\exp(v_j) - 1) = \log(\exp(v_j) - 1)": "> 0, and that is not shown",
    r"\log(v_j^2) = \log(v_j^2)": "> 0, and that is not shown",
}

#: The same where it is sound, or said.
SOUND = [
    r"\sqrt{\sum_j v_j^2} \frac{1}{\sqrt{\sum_j v_j^2}} = 1 \quad \text{if } \sum_j v_j^2 > 0",
    r"\sum_j v_j t = t \quad \text{if } \sum_j v_j = 1",
    r"\sum_i \frac{w_i}{1 + w_i^2} + \sum_i \frac{w_i^3}{1 + w_i^2} = \sum_i w_i",
    r"\log(c \exp(t)) = t + \log c",
    r"\frac{t c}{c} = t",
    r"\frac{t f}{f} = t \quad \text{if } f > 0",
    r"\log(c \frac{c}{2}) = 2 \log c - \log 2",
    r"\sqrt{t}^2 = t \quad \text{if } t \ge 0",
    r"\sqrt{c^2} = c",
    r"\sqrt{\exp(t)} = \exp(\frac{t}{2})",
    r"\frac{1}{n} \sum_i 1 = 1",
    r"\frac{C - 1}{C - 1} = 1",
    r"\log \sum_j \exp(v_j) = v_y + \log \sum_j \exp(v_j - v_y)",
    r"\frac{\sum_j \exp(v_j) - \exp(v_y)}{\sum_j \exp(v_j) - \exp(v_y)} = 1",
    r"\sum_j \mathbb{1}\{j \ne y\} = C - 1",
    r"\sum_l 1 = m",
]

#: True at some sizes or of some indices only: refuted.
FALSE = [
    r"\sum_j v_j^2 = t \quad \text{if } \sum_j v_j = t",
    r"\sum_i \frac{w_i}{1 + w_i^2} = \frac{\sum_i w_i}{\sum_i (1 + w_i^2)}",
    r"\sum_j \frac{v_j}{1 + v_k^2} = \sum_j \frac{v_j}{1 + v_j^2}",
    r"\sqrt{t^2} = t",
    r"(t^2)^{\frac{1}{2}} = t",
    r"\sum_j \sqrt{v_j^2} = \sum_j v_j",
    r"\sum_j v_j = v_1 + v_2",
    r"\sum_i w_i = w_1",
    r"\sum_l u_l = 0",
    r"v_j v_k = v_j^2",
    r"\sum_j \mathbb{1}\{j = k\} v_j = v_y",
    r"\mathbb{1}\{j = k\} = 0",
    r"v_1 = v_C",
    r"\sum_j v_j^2 = \left(\sum_j v_j\right)^2",
    r"\sum_j \sum_k v_j v_k = C \sum_j v_j^2",
    r"\exp(t + f) = \exp(t) + \exp(f)",
    r"\log \sum_j \exp(v_j) = \sum_j v_j",
]


def alone(latex: str) -> Proof:
    return proof_of(f"{DECLARED}\n$$ {latex} \\tag{{A}} $$\n", "A")


@pytest.mark.parametrize("latex", UNSOUND)
def test_what_need_not_have_a_value_is_not_proved_and_the_reason_says_what_it_needs(
    latex: str,
) -> None:
    proof = alone(latex)
    assert proof.status == "undecided"
    assert UNSOUND[latex] in proof.reason


@pytest.mark.parametrize("latex", SOUND)
def test_what_has_a_value_is_proved(latex: str) -> None:
    assert alone(latex).status == "proved", alone(latex)


@pytest.mark.parametrize("latex", FALSE)
def test_what_holds_at_few_sizes_or_indices_is_refuted(latex: str) -> None:
    assert alone(latex).status == "refuted", alone(latex)


#: Of square matrices X and M, an invertible G and vectors u and v.
INVERSES = [
    r"\det(X^\top) = \det X",
    r"G^{-1} G u = u",
    r"X^{-1} X = X X^{-1} \quad \text{if } \det X \ne 0",
    r"(X M)^{-1} = M^{-1} X^{-1} \quad \text{if } \det X \ne 0, \; \det M \ne 0",
    r"\det(X^{-1}) = \frac{1}{\det X} \quad \text{if } \det X \ne 0",
    r"\sum_i \sum_j X_{ij} (X^{-1})_{ji} = n \quad \text{if } \det X \ne 0",
    r"\nabla_X (u^\top X^{-1} v) = -(X^{-1})^\top u v^\top (X^{-1})^\top \quad \text{if } \det X \ne 0",
    r"\nabla_X \operatorname{tr}(X^{-1} M) = -(X^{-1})^\top M^\top (X^{-1})^\top \quad \text{if } \det X \ne 0",
    r"\nabla_X \det X = \det(X) (X^{-1})^\top \quad \text{if } \det X \ne 0",
    r"\nabla_X \det(X M) = \det(X M) (X^{-1})^\top \quad \text{if } \det X \ne 0",
    r"\nabla_X \log \det X = (X^{-1})^\top \quad \text{if } \det X > 0",
    r"\log \det(X M) = \log \det X + \log \det M \quad \text{if } \det X > 0, \; \det M > 0",
    r"(X^{-1})^{-1} = X \quad \text{if } \det X \ne 0",
    r"(X^2)^{-1} X = X^{-1} \quad \text{if } \det X \ne 0",
]

NOT_INVERSES = [
    r"X^{-1} X u = v \quad \text{if } \det X \ne 0",
    r"X^{-1} X^\top = X^\top X^{-1} \quad \text{if } \det X \ne 0",
    r"X^{-1} M = M X^{-1} \quad \text{if } \det X \ne 0",
    r"(X M)^{-1} = X^{-1} M^{-1} \quad \text{if } \det X \ne 0, \; \det M \ne 0",
    r"\sum_i X_{ij} (X^{-1})_{ij} = 1 \quad \text{if } \det X \ne 0",
    r"\nabla_X (u^\top X^{-1} v) = -X^{-1} u v^\top X^{-1} \quad \text{if } \det X \ne 0",
    r"\nabla_X \det X = \det(X) X^{-1} \quad \text{if } \det X \ne 0",
    r"\nabla_X \log \det X = X^{-1} \quad \text{if } \det X > 0",
    r"(X^2)^{-1} M = X^{-1} \quad \text{if } \det X \ne 0",
]

INVERSES_UNDECIDED = [
    (r"X^{-1} X = X X^{-1}", "it needs det X ≠ 0, and that is not shown"),
    (r"\nabla_X \det X = \det(X) (X^{-1})^\top", "it needs det X ≠ 0, and that is not shown"),
    (
        r"\log \det(X M) = \log \det X + \log \det M \quad \text{if } \det X > 0",
        "it needs det(X·M) > 0, and that is not shown",
    ),
    (
        r"\det(X + M) = \det X + \det M",
        "a determinant is worked out of a given square matrix, and of products and transposes of "
        "such, not of X + M",
    ),
    (
        r"\nabla_S \log \det S = S^{-1} \quad \text{if } \det S > 0",
        "a slope of det S by S[a, b] is not worked out",
    ),
]


def of_square(latex: str) -> Proof:
    declared = (
        r"Let $n \ge 1$, $i, j \in \{1, \dots, n\}$, $X, M \in \mathbb{R}^{n \times n}$, "
        r"$u, v \in \mathbb{R}^n$, $S \in \mathbb{S}^n$. Let $G \in \mathrm{GL}_n$."
    )
    return proof_of(f"{declared}\n\n$$ {latex} \\tag{{A}} $$\n", "A")


@pytest.mark.parametrize("latex", INVERSES)
def test_inverses_and_determinants_are_worked_out_for_any_size(latex: str) -> None:
    assert of_square(latex).status == "proved", of_square(latex)


@pytest.mark.parametrize("latex", NOT_INVERSES)
def test_what_is_not_so_of_inverses_is_refuted(latex: str) -> None:
    assert of_square(latex).status == "refuted", of_square(latex)


@pytest.mark.parametrize(("latex", "why"), INVERSES_UNDECIDED)
def test_where_nothing_is_known_of_an_inverse_that_is_said(latex: str, why: str) -> None:
    assert (of_square(latex).status, of_square(latex).reason) == ("undecided", why)


def test_a_rule_for_inverses_that_is_wrong_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    right = rules.slope_of_many

    def turned(f: Expr, v: Expr) -> Expr:
        return right(f, v.base[v.indices[::-1]])

    monkeypatch.setattr(rules, "slope_of_many", turned)
    assert of_square(INVERSES[6]).status != "proved"
    assert of_square(NOT_INVERSES[6]).status == "refuted"  # the numbers do not go by the rules


def test_a_derivative_by_a_letter_beside_what_it_is_made_of_is_not_clear() -> None:
    text = r"Let $n \ge 1$ and $v \in \mathbb{R}^n$." + "\n\n"
    text += (
        r"$$ s := 2 v, \qquad L := s^\top s + v^\top v, \qquad \nabla_s L = 2 s \tag{A} $$" + "\n"
    )
    assert "∂/∂s is not clear: v stands beside s" in proof_of(text, "A").reason


def test_a_letter_of_the_page_is_never_taken_for_the_row_or_column_of_a_claim() -> None:
    text = r"""
Let $n \ge 1$, $i, j \in \{1, \dots, n\}$, a place $a \in \{1, \dots, n\}$, a place $b \in \{1, \dots, n\}$,
$v \in \mathbb{R}^n$ and $W \in \mathbb{R}^{n \times n}$.

$$ v_a v = v_j v \tag{A} $$

$$ W_{ab} W = W_{ij} W \tag{B} $$

$$ q_i := \mathbb{1}\{i = a\} v_i, \qquad \sum_i q_i = v_a \tag{C} $$
"""
    assert proof_of(text, "A").status == "refuted"
    assert proof_of(text, "B").status == "refuted"
    assert proof_of(text, "C").status == "proved"


# A wrong rule is noticed.


@pytest.mark.quick("0-logistic", "4-lemmas")
@pytest.mark.parametrize(
    ("which", "name", "line"),
    [
        (0, "logistic", "G2"),
        (1, "smoothing", "L3"),
        (2, "logistic", "G2"),
        (3, "inverse", "I1"),
        (4, "lemmas", "M2"),
    ],
)
def test_with_a_wrong_rule_of_differentiation_nothing_is_proved(
    which: int, name: str, line: str, monkeypatch
) -> None:
    """Each result of one rule is doubled."""
    rule = rules.DERIVATIVES[which]

    def doubled(expr: Expr) -> Expr:
        found = rule.rewrite(expr)
        return expr if found == expr else 2 * found

    planted = list(rules.DERIVATIVES)
    planted[which] = replace(rule, rewrite=doubled)
    monkeypatch.setattr(lines, "rewritten", lambda chain, _: once(chain, planted))
    proof = proof_of(PAGES[name], line)
    assert proof.status == "undecided"
    assert "different forms" in proof.reason


def once(chain: Chain, rules_: list[Rule]) -> Chain:
    """`rewritten`, each rule applied once at a time: a wrong one may never end."""
    for _ in range(12):
        for rule in rules_:
            chain = chain.then(rule.name, rule.rewrite(chain.end))
    return chain


def test_with_forms_that_are_all_equal_what_is_wrong_is_refuted_all_the_same(monkeypatch) -> None:
    monkeypatch.setattr(lines, "is_zero", lambda *_: True)
    for name, old, new, line in WRONG[1::6]:
        assert proof_of(PAGES[name].replace(old, new, 1), line).status == "refuted"


def test_a_function_of_a_function_and_a_label_of_two_numbers_are_read() -> None:
    text = r"""
Let $n \ge 1$, $i \in \{1, \dots, n\}$, $u, v \in \mathbb{R}^n$, $t^{(i)} \in \{-1, 1\}$ and $a \in \mathbb{R}$.

$$ f(a) := \frac{1}{1 + \exp(-a)}, \qquad f(-u_i) = 1 - f(u_i), \qquad f(-a) + f(a) = 1 \tag{A} $$

$$ t^{(i)} t^{(i)} = 1, \qquad \mathbb{1}\{t^{(i)} = 1\} + \mathbb{1}\{t^{(i)} = -1\} = 1 \tag{B} $$

$$ \mathbb{1}\{t^{(i)} = 1\} = \frac{1}{2} (1 - t^{(i)}) \tag{C} $$
"""
    assert proof_of(text, "A").status == "proved"
    assert proof_of(text, "B").status == "proved"
    assert proof_of(text, "C").status == "refuted"


WRITTEN_OUT = r"""Let $C \ge 2$, $s \in \mathbb{R}^C$, $j \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$.

$$
L := \sum_{j \ne y} \max(0, s_j - s_y + 1) = \sum_j \max(0, s_j - s_y + 1) - 1 \tag{A}
$$

$$
L = \max(0, s_2 - s_1 + 1) + \max(0, s_3 - s_1 + 1) \quad \text{if } C = 3, \; y = 1 \tag{B}
$$
"""


def test_a_loss_that_is_written_out_for_three_classes_is_said_to_be_about_three() -> None:
    page = read_text(WRITTEN_OUT)
    assert [prove(line).status for line in page] == ["proved", "proved"]
    assert prove(page["B"]).sizes == "C 3, all y"
    assert proof_of(WRITTEN_OUT, "A").status == "proved"
    found = proof_of(WRITTEN_OUT, "B")
    assert (found.status, found.reason) == (
        "undecided",
        "it is about C = 3 alone: it is decided at that size",
    )
    wrong = proof_of(WRITTEN_OUT.replace("s_3 - s_1 + 1", "s_3 - s_1"), "B")
    assert wrong.status == "refuted"
