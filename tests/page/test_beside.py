# ruff: noqa: E501 - a formula is written on one line
"""What the text says of a letter beside its declaration belongs to it; elsewhere it does not."""

from fractions import Fraction

import numpy as np
import pytest
from helpers_of_pages import DECLARED, example
from hypothesis import given
from hypothesis import strategies as st

from gradbook.any_size.of_page import prove_for_any_size
from gradbook.domain import Domain, Interval
from gradbook.emit import emit
from gradbook.page import read_text
from gradbook.prove import prove

ROOT = r"$$ \sqrt{v_i^2} = v_i \tag{A} $$"
LETTERS = r"Let $n \ge 1$, $i \in \{1, \dots, n\}$. "


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"Take $v \in \mathbb{R}^n$ with $v_i > 0$.", "proved"),
        (r"Take $u, v \in \mathbb{R}^n$, $n \ge 1$, where all entries $v_i \ge 0$.", "proved"),
        (r"Take $v \in \mathbb{R}^n$, and $2 \le v_i \le 3$.", "proved"),
        (r"Take $v_i \in \mathbb{R}$ with $v_i > 1$.", "proved"),
        (r"Take $v_i > 0$. It holds where $v_i > 1$.", "proved"),
        (r"Take $v_i \ge 2$.", "proved"),
        (r"Take $v \in \mathbb{R}^n$. It holds where $v_i > 0$.", "refuted"),
        (r"Take $v \in \mathbb{R}^n$; it holds if $v_i > 0$.", "refuted"),
        (r"Take $v \in \mathbb{R}^n$ with $v_1 > 0$.", "refuted"),
        (r"Take $v \in \mathbb{R}^n$ with $-1 \le v_i \le 1$.", "refuted"),
        (r"Take $u \in \mathbb{R}^n$, $v := u$ with $v_i > 0$.", "refuted"),
    ],
)
def test_what_is_said_beside_a_declaration_belongs_to_it(text: str, status: str) -> None:
    page = read_text(f"{LETTERS}{text}\n\n{ROOT}\n")
    assert page.errors == ()
    assert prove(page["A"]).status == status
    assert prove_for_any_size(page["A"]).status == status


def test_a_mention_of_a_number_elsewhere_narrows_no_line() -> None:
    latex = r"$$ \sqrt{\lambda^2} = \lambda \tag{A} $$"
    found = prove(read_text(rf"Of $\lambda \in \mathbb{{R}}$ {latex} holds if $\lambda > 0$.")["A"])
    assert (found.status, str(found.counterexample)[:11]) == ("refuted", "with λ = −1")


def test_letters_with_numbers_and_letters_of_several_forms_are_told_apart() -> None:
    declared = r"Let $m \ge 1$, $j \in \{1, \dots, m\}$, $s \in \mathbb{R}^m$, $m_j := s_j - 1$, $r_1, r_2 \in \mathbb{R}$ with $r_1 > 0$."
    for latex, status in (
        (r"\sqrt{r_1^2} = r_1", "proved"),
        (r"\sqrt{r_2^2} = r_2", "refuted"),
        (r"\sqrt{m_j^2} = m_j", "refuted"),
    ):
        (line,) = example(rf"{latex} \tag{{A}}", declared)
        assert prove(line).status == status


def test_what_the_text_defines_with_numbers_is_read_in_its_order() -> None:
    page = example(
        r"z^{[2]} = A (A v) \tag{A}", DECLARED + r"$z^{[1]} := A v$ and $z^{[2]} := A z^{[1]}$"
    )
    assert page.errors == ()
    assert prove(page["A"]).status == "proved"


INSIDE = DECLARED + r"Let $0 \le \alpha_i \le 1$, $0 < \beta < 1$, $c \in \mathbb{R}$, $c \ge 2$."


def test_a_number_between_two_others_is_never_looked_for_outside() -> None:
    for latex, status in (
        (r"\alpha_i^2 \le \alpha_i", "undecided"),
        (r"\alpha_i^2 \le \frac{1}{2} \alpha_i", "refuted"),
        (r"\frac{1 - \beta}{1 - \beta} + \frac{\alpha_i - 2}{\alpha_i - 2} = 2", "proved"),
        (r"\frac{c - 1}{c - 1} = \frac{\sqrt{c - 2} + 1}{\sqrt{c - 2} + 1}", "proved"),
        (r"1 - \alpha_i \ge 0", "proved"),
    ):
        (line,) = example(rf"{latex} \tag{{A}}", INSIDE)
        for found in (prove(line), prove_for_any_size(line)):
            assert (found.status, getattr(found, "where", ())) == (status, ())


def test_the_code_of_a_page_is_compared_where_its_letters_may_be() -> None:
    page = example(
        r"E := \log(1 - \beta) + \sqrt{c - 1}, \quad \nabla_\beta E = \frac{1}{\beta - 1} \tag{A}",
        INSIDE,
    )
    value, slopes = emit(page, "numpy")(beta=0.5, c=2.0)
    assert value == pytest.approx(0.3068528194400547)
    assert slopes["beta"] == -2.0


ENDS = st.tuples(st.sampled_from("<≤>≥"), st.fractions(-5, 5, max_denominator=9))


@given(st.lists(ENDS, max_size=4), st.fractions(-9, 9, max_denominator=9))
def test_the_nearest_number_lies_in_the_interval(
    limits: list[tuple[str, Fraction]], value: Fraction
) -> None:
    interval = Interval.of(limits)
    if interval.low is not None and interval.high is not None and interval.low >= interval.high:
        return
    found = interval.nearest(value)
    holds = {"<": float.__lt__, "≤": float.__le__, ">": float.__gt__, "≥": float.__ge__}
    assert all(holds[sign](float(found), float(end)) for sign, end in limits)
    assert (
        found == value
        or not all(holds[s](float(value), float(e)) for s, e in limits)
        or interval.open
    )


@given(st.lists(st.fractions(-4, 4, max_denominator=4), min_size=4, max_size=4))
def test_numbers_that_are_drawn_are_what_was_declared(numbers: list[Fraction]) -> None:
    drawn = np.array(numbers, object).reshape(2, 2)
    shares = Domain(which="shares").fitted(drawn)
    assert [sum(row) for row in shares] == [1, 1]
    assert min(shares.flat) >= 0
    symmetric = Domain(which="symmetric").fitted(drawn)
    assert (symmetric == symmetric.T).all()
    a, b, c, d = Domain(which="invertible").fitted(drawn).flat
    assert a * d - b * c != 0
    assert drawn.ravel().tolist() == numbers


def test_an_end_that_is_in_an_interval_may_be_drawn() -> None:
    limits = ("≥", 0), ("<", 1)
    drawn = Domain(bounds=tuple((sign, Fraction(end)) for sign, end in limits)).interval
    assert drawn.nearest(Fraction(0)) == 0
    assert 0 < drawn.nearest(Fraction(1)) < 1
