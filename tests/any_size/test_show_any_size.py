"""What a person sees: every step with its rule, in 80 columns and in LaTeX."""

import pytest
from any_size_losses import LOSSES, softmax
from latex2mathml.converter import convert
from sympy import Eq, IndexedBase, Ne, Rational, Sum, Symbol, sqrt, true

from derivation.multiclass_svm import notes, svm
from gradbook.any_size import derive
from gradbook.any_size.letters import C, S, X, a, b, c, i, j, label, n, s, within, x, y, zero
from gradbook.notation import equal, hinge, k, partial, step, unequal
from gradbook.page import read_text
from gradbook.report.in_unicode import in_unicode
from gradbook.report.show_any_size import show_any_size, show_line_any_size
from gradbook.report.written import formula, when, words

EXAMPLE = """\
One example (N3)
  ℓ = Σ_{j≠y} max(0, s_j − s_y + 1)
  ∂ℓ/∂W_ab = ∂/∂W_ab Σ_{j≠y} max(0, s_j − s_y + 1)
    = Σ_{j≠y} ∂/∂W_ab max(0, s_j − s_y + 1)             the derivative is linear
    = Σ_{j≠y} 1{s_j − s_y + 1 > 0} ∂/∂W_ab (s_j − s_y + 1)
                                               chain rule: max(0, u)′ = 1{u > 0}
    = Σ_{j≠y} 1{s_j − s_y + 1 > 0} (∂s_j/∂W_ab − ∂s_y/∂W_ab)
                                                        the derivative is linear
    = Σ_{j≠y} 1{s_j − s_y + 1 > 0} (δ_ja x̃_b − δ_ya x̃_b)
                                  derivative of a letter: ∂s_j/∂W_ab = δ_ja x̃_b
    = Σ_{j≠y} δ_ja 1{s_j − s_y + 1 > 0} x̃_b
      − Σ_{j≠y} δ_ya 1{s_j − s_y + 1 > 0} x̃_b                     split the sum
    = 1{a ≠ y} 1{s_a − s_y + 1 > 0} x̃_b
      − Σ_{j≠y} δ_ya 1{s_j − s_y + 1 > 0} x̃_b                  δ selects a term
    = 1{a ≠ y} 1{s_a − s_y + 1 > 0} x̃_b
      − δ_ya [Σ_{j≠y} 1{s_j − s_y + 1 > 0}] x̃_b
                                                  constant factors leave the sum
    = (1{a ≠ y} 1{s_a − s_y + 1 > 0} − δ_ya Σ_{j≠y} 1{s_j − s_y + 1 > 0}) x̃_b
                                                  factor out what all terms have
    = μ_a x̃_b                                      a letter for the coefficient

One example, row by row (N14)
  ∂ℓ/∂W_ab = 1{s_a − s_y + 1 > 0} x̃_b             if a ≠ y
             −[Σ_{j≠y} 1{s_j − s_y + 1 > 0}] x̃_b  if a = y
"""

END = """\
  M = N ∘ 1{U > 0} − Y ∘ ((N ∘ 1{U > 0}) 𝟙𝟙ᵀ)
  ∇_W L = (1/n) Mᵀ X̃                                                dS = X̃ dWᵀ"""


def test_the_page_s_derivation_reads_as_a_person_writes_it():
    text = show_any_size(derive(svm))
    assert text.startswith("multi-class SVM loss, for any C, m and n\n\nThe scores\n")
    assert EXAMPLE in text
    assert text.endswith(END)


@pytest.mark.quick("a quotient", "the page's")
@pytest.mark.parametrize("name", LOSSES)
def test_every_derivation_fits_into_80_columns_and_becomes_mathml(name):
    derivation = derive(LOSSES[name])
    assert max(map(len, str(derivation).splitlines())) <= 80
    latex = derivation._repr_latex_()
    assert latex.startswith(r"$\displaystyle ")
    assert latex.count("{") == latex.count("}")
    assert latex.count(r"\left") == latex.count(r"\right")
    assert not set("−Σ∂∇≠≥≤ᵀ∘𝟙μℓ\u0303") & set(latex)
    assert convert(latex.strip("$")).startswith("<math")


def test_each_step_of_each_chain_is_shown_with_its_rule():
    text = show_any_size(derive(softmax))
    for chain in derive(softmax).indexed.chains:
        for one in chain:
            assert one.rule in text or one.rule == "case by case"
    for one in derive(softmax).matrix.steps:
        assert one.rule in text


def test_a_derivation_in_one_way_says_why_there_is_no_other():
    text = show_any_size(derive(LOSSES["all pairs"]))
    assert text.endswith("Not in matrices: a sum over k inside one over j needs a third index.")


def test_a_line_shows_its_claims_its_steps_and_its_cases():
    text = show_line_any_size(notes["N10"])
    assert max(map(len, text.splitlines())) <= 80
    assert "∂/∂W_kb max(0, s_ij − s_{i,y_i} + 1) = δ_kj x̃_ib" in text
    assert text.count("chain rule: max(0, u)′ = 1{u > 0}") == 1
    assert "one form, where j, k, y[i] all different; k = y[i] ≠ j; j = k" in text
    assert "C ≥ 2, m ≥ 0, n ≥ 1: any integers" in text
    inequality = show_line_any_size(notes["N7"])
    assert "left − right is not negative, whatever the sign of each margin" in inequality


def test_a_wrong_line_shows_what_refutes_it():
    text = notes.source.text.replace("&= -\\left[\\sum_{j \\ne", "&= \\left[\\sum_{j \\ne")
    shown = " ".join(show_line_any_size(read_text(text)["N14"]).split())
    assert "refuted · with C = 2, m = 0, n = 1, y = 1, W = [[0], [0]]: the left is" in shown


margin = s[j] - s[y] + 1

WRITTEN = {
    margin: ("s_j − s_y + 1", "s_{j} - s_{y} + 1"),
    -margin: ("s_y − s_j − 1", "s_{y} - s_{j} - 1"),
    S[i, label[i]]: ("S_{i,y_i}", "S_{i,y_{i}}"),
    IndexedBase("w_2")[j] * Symbol("y_ref"): ("w_{2,j} y_ref", r"w_{2,j} y_{ref}"),
    X[i, b] / n: ("(1/n) X̃_ib", r"\tfrac{1}{n} \tilde{X}_{ib}"),
    Rational(-2, 3) * s[j]: ("−(2/3) s_j", r"-\tfrac{2}{3} s_{j}"),
    equal(label[i], a): ("δ_{y_i,a}", r"\delta_{y_{i},a}"),
    unequal(a, y): ("1{a ≠ y}", r"\mathbb{1}\{a \ne y\}"),
    step(margin, 1): ("1{s_j − s_y + 1 ≥ 0}", r"\mathbb{1}\{s_{j} - s_{y} + 1 \ge 0\}"),
    step(margin, Rational(1, 2)): (
        "step(s_j − s_y + 1, 1/2)",
        r"\operatorname{step}\left(s_{j} - s_{y} + 1, \frac{1}{2}\right)",
    ),
    zero(margin): ("1{s_j − s_y + 1 = 0}", r"\mathbb{1}\{s_{j} - s_{y} + 1 = 0\}"),
    within(a, 1, y): ("1{1 ≤ a ≤ y}", r"\mathbb{1}\{1 \le a \le y\}"),
    hinge(margin) ** 2: (
        "max(0, s_j − s_y + 1)²",
        r"{\max\left(0, s_{j} - s_{y} + 1\right)}^{2}",
    ),
    sqrt(s[j]): ("s_j^{1/2}", r"{s_{j}}^{\frac{1}{2}}"),
    1 / (1 + s[j]): ("1/(s_j + 1)", r"\frac{1}{s_{j} + 1}"),
    Sum(unequal(j, y) * s[j], (j, 0, C - 1)): (r"Σ_{j≠y} s_j", r"\sum_{j\ne y} s_{j}"),
    Sum(s[j], (j, 1, y - 1)): ("Σ_{j=1}^{y−1} s_j", r"\sum_{j=1}^{y - 1} s_{j}"),
    x[b] * Sum(s[j], (j, 0, C - 1)): (
        "[Σ_j s_j] x̃_b",
        r"\left[\sum_{j} s_{j}\right] \tilde{x}_{b}",
    ),
    partial(s[j] * s[k], s[a]): (
        "∂/∂s_a s_j s_k",
        r"\frac{\partial}{\partial s_{a}} s_{j} s_{k}",
    ),
}


@pytest.mark.parametrize("expr", WRITTEN, ids=str)
def test_a_formula_is_written_as_latex_and_read_as_text(expr):
    text, latex = WRITTEN[expr]
    assert formula(expr) == latex
    assert in_unicode(latex) == text


def test_a_rule_that_is_a_formula_is_set_as_one_and_any_other_as_words():
    rule = "tr(Aᵀ (B ∘ dU C)) = f′(X̃)"
    written = r"\operatorname{tr}(A^{\top} \, (B \, \circ \, dU \, C)) \, = \, f'(\tilde{X})"
    assert words(rule) == written
    assert in_unicode(written) == rule
    assert words("tr is linear") == r"\text{tr is linear}"


def test_conditions_are_written_after_if_and_nothing_required_is_else():
    assert in_unicode(when(Ne(a, y) & Eq(a, j))) == "if a = j, a ≠ y"
    assert in_unicode(when(margin > 0)) == "if s_j − s_y + 1 > 0"
    assert in_unicode(when(true)) == "else"
    assert when(Ne(a, y)) == r"\text{if }a \ne y"


def test_products_put_numbers_first_and_x_last():
    product = x[b] * Sum(s[c], (c, 0, y)) * equal(j, a) * step(margin) * s[k] / n
    assert in_unicode(formula(product)) == (
        "(1/n) δ_ja 1{s_j − s_y + 1 > 0} s_k [Σ_{c=0}^{y} s_c] x̃_b"
    )
