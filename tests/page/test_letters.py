# ruff: noqa: E501 - a formula is written on one line
"""One letter is one letter: what is shown in two ways is two, and no two are shown alike."""

import pytest
from helpers_of_pages import example, statuses

from gradbook.page.tokens import ACCENTS, GREEK
from gradbook.page.written import head_written
from gradbook.prove import prove
from gradbook.prove.lines import prove_claim
from gradbook.prove.methods import POINTS


@pytest.mark.parametrize(
    "pair",
    [
        r"\mathbf{u}, u",
        r"\mathcal{L}, L",
        r"\epsilon, \varepsilon",
        r"\phi, \varphi",
        r"\mathrm{d}, d",
    ],
)
def test_two_letters_that_look_alike_are_two(pair: str) -> None:
    one, other = pair.split(", ")
    page = example(rf"{one} = {other} \tag{{A}}", rf"Let $m \ge 1$, ${pair} \in \mathbb{{R}}^m$.")
    assert page.errors == ()
    assert prove_claim(page, page["A"].claims[0], POINTS).status == "refuted"


def test_every_letter_is_written_in_another_way() -> None:
    accents = (name for name in ACCENTS if not name.startswith("wide") and name != "overline")
    fonts = (f"math{name} x" for name in ("bf", "cal", "scr", "frak", "bb", "it", "sf", "rm"))
    heads = [*GREEK, "x", "x'", *(f"{name} x" for name in accents), *fonts]
    assert len({head_written(head) for head in heads}) == len(heads)


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (r"$w_1 \in \mathbb{R}$, $w \in \mathbb{R}^m$", "w cannot be told from w_1 of line 1"),
        (r"$w_b \in \mathbb{R}$, $w_1 \in \mathbb{R}$", "w_1 cannot be told from w_b of line 1"),
        (r"$K^{(1)} \in \mathbb{R}$, $K^{(b)} \in \mathbb{R}$", "K^(b) cannot be told from K^(1) of line 1"),
        (r"$\mathcal{\lambda} \in \mathbb{R}$, $\lambda \in \mathbb{R}$", "λ cannot be told from λ of line 1"),
        (r"$\sigma^2 := 2$, $\sigma \in \mathbb{R}$", "only a letter can be defined"),
    ],
)  # fmt: skip
def test_an_entry_is_no_letter_of_its_own(declared: str, message: str) -> None:
    page = example("1 = 1", rf"Let $m \ge 1$, $b \in \{{1, \dots, m\}}$, {declared}.")
    (error,) = page.errors
    assert error.message.replace("_i", "_b").replace("^(i)", "^(b)") == message


def test_what_is_below_the_first_index_is_no_entry() -> None:
    page = example(
        r"w_0 + w_1 v_1 + w_2 v_2 + \dots + w_m v_m = w_0 + w^\top v \tag{A}",
        r"Let $m \ge 1$, $v, w \in \mathbb{R}^m$, $w_0 \in \mathbb{R}$.",
    )
    assert statuses(page) == {"A": "proved"}


def test_what_is_no_index_belongs_to_the_head_of_a_letter() -> None:
    page = example(
        r"""\begin{align} \mathcal{L}_{total} &= \mathcal{L}_{CE} + \frac{\lambda}{2} \|v\|^2 \tag{A} \\
        m \sigma^2_B &= \sum_b (v_b - \mu_B)^2, \qquad \mathbf{1}_m^\top v = m \mu_B \tag{B} \\
        \tau^2 &= m \sigma^2_B + m \mu_B^2 \tag{C} \end{align}""",
        r"""Let $m \ge 1$, $C \ge 1$, $b \in [m]$, $\lambda > 0$, $v \in \mathbb{R}^m$, $\mathcal{L}_{CE} \in \mathbb{R}$,
        $\mu_B := \frac{1}{m} \sum_b v_b$, $\sigma_B^2 := \frac{1}{m} \sum_{b \in [m]} (v_b - \mu_B)^2$,
        $\tau^2 := \|v\|^2$, $\mathcal{L}_{total} := \mathcal{L}_{CE} + \frac{\lambda}{2} \|v\|^2$,
        $\mathbf{1}_m := (1, \dots, 1)^\top \in \mathbb{R}^m$.""",
    )
    assert statuses(page) == {"A": "proved", "B": "proved", "C": "proved"}
    (error,) = example(r"z_q := W_q v \tag{A}").errors
    assert error.message.startswith("the indices on the left of := are index letters")


def test_a_positive_number_is_positive_in_every_counterexample() -> None:
    page = example(r"\lambda \ge 0 \tag{A}", r"Let $\lambda > 0$.")
    assert page["A"].prove().status == "proved"


def test_numbers_for_an_index_are_declared_by_their_sign_where_nothing_else_declares_them() -> None:
    declared = r"Let $C \ge 2$, $k \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$, $w_k > 0$, $s \in \mathbb{R}^C$."
    page = example(r"q := w_y s_y, \quad \frac{w_k}{w_k} q = w_y s_y \tag{A}", declared)
    assert page.errors == ()
    assert (prove(page["A"]).status, prove(page["A"]).where) == ("proved", ())
    below = example(r"w_k \le 0 \tag{A}", declared)
    assert prove(below["A"]).status == "refuted"


@pytest.mark.parametrize("latex", [r"s_k \ge 0", r"q_k \ge 0"])
def test_a_sign_in_the_text_says_nothing_of_what_is_declared_or_defined(latex: str) -> None:
    declared = r"Let $C \ge 2$, $k \in \{1, \dots, C\}$. Where $s_k > 0$ or $q_k > 0$, of $s \in \mathbb{R}^C$, it counts."
    page = example(rf"q_k := 2 s_k, \quad q_k = s_k + s_k \tag{{A}} \\ {latex} \tag{{B}}", declared)
    assert page.errors == ()
    assert [prove(page[id]).status for id in "AB"] == ["proved", "refuted"]
