"""derivation/scan.md, a page as a scanner gave it: what is read of it, proved and refuted."""

from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from helpers_of_pages import example

from gradbook.page import Page, read, read_text
from gradbook.page.core import ClaimRead
from gradbook.proof import Proof
from gradbook.prove.lines import prove_claim

SCAN = Path(__file__).parents[2] / "derivation" / "scan.md"


@cache
def scan() -> Page:
    return read(SCAN)


@cache
def found() -> dict[str, list[tuple[ClaimRead, Proof]]]:
    """What is found of every claim that is more than a shape, by the display it begins in."""
    return {
        line.latex: [(c, prove_claim(scan(), c)) for c in line.claims if not c.shape]
        for line in scan()
    }


def claims_of(start: str) -> list[tuple[str, str]]:
    (claims,) = [claims for latex, claims in found().items() if start in latex]
    return [(proof.status, str(proof.counterexample or "")) for _, proof in claims]


def test_eleven_of_26_displays_of_the_scan_are_read() -> None:
    assert scan().title == "The scan"
    assert (scan().displays, scan().displays_read) == (26, 11)


@pytest.mark.thorough
def test_of_twelve_claims_of_the_scan_seven_are_proved_and_five_refuted() -> None:
    statuses = Counter(proof.status for claims in found().values() for _, proof in claims)
    assert statuses == {"proved": 7, "refuted": 5}


def test_a_lost_sign_is_refuted_with_a_point() -> None:
    lost_condition, lost_sign, else_ = claims_of(r"\nabla_{CO_{K}}")
    assert lost_sign[0] == "refuted"
    assert lost_sign[1] == (
        "with C = 2, m = 0, y = 1, j = 2, k = 1, x̃ = [1]: the left is −1, the right is 1"
    )
    assert (lost_condition[0], else_[0]) == ("refuted", "proved")


def test_lost_conditions_are_refuted_where_they_do_not_hold() -> None:
    ((status, kept),) = claims_of(r"\nabla_{\omega} L_{i}^{(i)} = 0")
    assert (status, kept) == (
        "refuted",
        "with C = 2, m = 0, y = 1, j = 2, W = [[0], [0]], x̃ = [1]: "
        "the left is −1, the right is 0 in row 1, column 1",
    )
    chain = claims_of("L_{i}^{(i)} = S_{i}^{(i)}")
    assert [status for status, _ in chain] == ["refuted", "proved", "proved"]


def test_a_c_that_the_scanner_saw_is_refuted_and_the_loss_is_proved() -> None:
    assert [s for s, _ in claims_of(r"\left(\nabla_{\omega}L")] == ["proved", "refuted"]
    assert [s for s, _ in claims_of("L_{i} = ")] == ["proved"]


def test_the_last_sum_of_the_scan_runs_to_m() -> None:
    last = scan().errors[-1]
    assert last.message == "the sum runs over i = 1 … m, but i is declared as 1 … n"
    assert scan().source.shown(last.span)[1].startswith(r"$$\nabla_{\omega} L = \frac{1}{n}")


# What makes it readable.


def test_a_glossary_says_what_a_letter_stands_for_and_the_page_stays_as_it_is() -> None:
    declared = (
        r"Let $m \ge 1$, $v \in \mathbb{R}^m$. Here $\omega \equiv v$ and $V \omega \equiv \|v\|$."
    )
    page = example(r"V \omega^2 = \omega^\top \omega \tag{A}", declared)
    assert page.errors == ()
    assert page["A"].as_read == "‖v‖² = vᵀ·v"
    assert page["A"].latex == r"V \omega^2 = \omega^\top \omega"


def test_an_error_in_what_stands_for_another_is_marked_where_it_is_written() -> None:
    declared = r"Let $m \ge 1$, $v \in \mathbb{R}^m$. Here $\omega \omega \equiv q$."
    page = example(r"v = \omega \omega", declared)
    (error,) = page.errors
    assert error.message == "q is not declared"
    assert page.source.text[error.span.start : error.span.end] == r"\omega \omega"


def test_a_display_that_begins_with_a_relation_goes_on_from_the_one_before() -> None:
    declared = r"Let $m \ge 1$, $v \in \mathbb{R}^m$."
    page = read_text(f"{declared}\n\n$$v = v$$\n\n$$= 2 v - v$$\n")
    assert page.errors == ()
    assert [claim.link for claim in page.lines[0].claims] == [(1, 2), (2, 2)]
    assert page.lines[0].latex == "v = v = 2 v - v"
    apart = read_text(f"{declared}\n\n$$v = v$$\n\nand so\n\n$$= 2 v - v$$\n")
    assert len(apart.errors) == 1


def test_cases_of_a_claim_need_not_be_all_there_are() -> None:
    cases = r"\begin{cases} v_b & \text{if } k = j \\ %s v_b & \text{if } k \ne j \end{cases}"
    one = r"\begin{cases} 1 & \text{if } k = j \end{cases}"
    true = example(rf"\mathbb{{1}}\{{k = j\}} = {one} \tag{{A}}")
    assert prove_claim(true, true["A"].claims[0]).status == "proved"
    wrong = example(rf"2 \cdot \mathbb{{1}}\{{k = j\}} = {one} \tag{{A}}")
    assert "k = 1, j = 1" in str(prove_claim(wrong, wrong["A"].claims[0]).counterexample)
    sign = example(rf"v_b = {cases % '-'} \tag{{A}}")
    assert "k = 1, j = 2" in str(prove_claim(sign, sign["A"].claims[0]).counterexample)


@pytest.mark.parametrize(
    "latex",
    [
        r"p_k := \begin{cases} 1 & \text{if } k = 1 \end{cases} \tag{A}",
        r"v_b = \begin{cases} v_b & \text{if } v_b > 0 \end{cases} \tag{A}",
    ],
)
def test_a_definition_has_all_cases_and_cases_of_numbers_have_an_else(latex: str) -> None:
    assert [e.message for e in example(latex).errors] == ["what is it in all other cases?"]
