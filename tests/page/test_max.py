# ruff: noqa: E501 - a formula is written on one line
"""max over an index, and of two formulas: what is proved, what is refuted, and what a tie is."""

import pytest
from helpers_of_pages import as_read, example

from gradbook.any_size import prove_for_any_size
from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.lines import TIES

DECLARED = r"""Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $s \in \mathbb{R}^C$, $u, v \in \mathbb{R}$, and $y \in \{1, \dots, C\}$.
With $M := \max_{j \ne y} s_j$.
"""
ALONE = r"\sum_{j \ne y} \mathbb{1}\{s_j \ge M\} = 1"

TRUE = [
    r"M \ge s_k \quad \text{if } k \ne y",
    r"\max_k s_k = \max(M, s_y)",
    r"\min_k s_k = -\max_k (-s_k), \qquad \min(u, v) = u + v - \max(u, v)",
    r"v > s_k \quad \text{if } v > \max_j s_j",
    r"\log \sum_j \exp(s_j) \ge \max_j s_j",
    r"\frac{\partial M}{\partial s_y} = 0, \qquad \sum_k \frac{\partial M}{\partial s_k} = 1",
    rf"\frac{{\partial M}}{{\partial s_k}} = \mathbb{{1}}\{{s_k \ge M\}} \quad \text{{if }} k \ne y, \; {ALONE}",
    r"\max(0, u) = \max(u, 0), \qquad \max(u, v) = v + \max(0, u - v)",
    r"\max_{j,k} (s_j + s_k) = 2 \max_j s_j",
    r"\max_k u s_k \ge u s_j, \qquad \left( \max_k u s_k \right)^2 \ge 0",
]

FALSE = [
    r"M \ge s_k",
    r"\max_k u s_k \ge v s_j",
    r"\max_k s_k = M",
    r"\min_k s_k = \max_k (-s_k)",
    r"v > s_k \quad \text{if } v \ge \max_j s_j",
    r"\log \sum_j \exp(s_j) \le \max_j s_j",
    r"\frac{\partial M}{\partial s_k} = \mathbb{1}\{s_k \ge M\} \quad \text{if } k \ne y",
    r"\max(u, v) = u + \max(0, u - v)",
    r"\max_k s_k^2 = \left(\max_k s_k\right)^2",
]


@pytest.mark.quick("sum_k", "max(0, u)", "min_k")
@pytest.mark.parametrize("latex", TRUE)
def test_what_is_true_of_a_maximum_is_proved_in_two_ways(latex: str) -> None:
    line = example(rf"{latex} \tag{{A}}", DECLARED)["A"]
    assert [prove(line, method).status for method in (REGIONS, SOLVER)] == ["proved"] * 2


@pytest.mark.parametrize("latex", FALSE)
def test_what_is_false_of_a_maximum_is_refuted(latex: str) -> None:
    line = example(rf"{latex} \tag{{A}}", DECLARED)["A"]
    found = prove(line)
    assert found.status == "refuted"
    assert found.counterexample is not None


def test_of_several_that_are_largest_the_slope_is_that_of_the_first() -> None:
    tie = r"\quad \text{if } s_1 = s_2, \; C = 2"
    for slopes, status in (("1", "proved"), ("0", "refuted")):
        latex = rf"\frac{{\partial}}{{\partial s_1}} \left( \max_k s_k \right) = {slopes} {tie} \tag{{A}}"
        found = prove(example(latex, DECLARED)["A"])
        assert found.status == status
        assert status == "refuted" or TIES in found.assumptions


def test_a_maximum_is_read_aloud_with_what_it_runs_over() -> None:
    page = example(r"\max_{j \ne y} s_j - v = \min(u, v) - \min_k s_k \tag{A}", DECLARED)
    assert as_read(page)[-1] == (
        "max_{j = 1 … C, j ≠ y} [s_j] − v = (u − max(0, u − v)) − (−max_{k = 1 … C} [−s_k])"
    )


#: A claim, and what is found of it for any size.
ANY_SIZE = [
    (r"\max_k s_k = \max_j s_j, \qquad \max_{j \ne y} s_j = M", "proved"),
    (r"\max_k s_k \ge s_j, \qquad \max_k s_k + \max_j s_j \ge s_j + s_y", "undecided"),
    (r"\max_k s_k \ge s_j, \qquad \max_k s_k + M \ge s_j + s_k \quad \text{if } k \ne y", "proved"),
    (r"\log \sum_j \exp(s_j) \ge \max_j s_j", "proved"),
    (r"M \ge s_k \quad \text{if } k \ne y", "proved"),
    (r"M \ge s_y", "refuted"),
    (r"\max_k s_k = M", "refuted"),
    (r"\max_k (s_k + v) = v + \max_k s_k", "proved"),
    (r"\frac{\partial M}{\partial s_y} = 0", "proved"),
    (r"\frac{\partial M}{\partial s_y} = 1", "refuted"),
    (r"\sum_k \frac{\partial M}{\partial s_k} = 1", "proved"),
    (
        r"\frac{\partial M}{\partial s_k} = \mathbb{1}\{s_k \ge M\} \quad \text{if } k \ne y",
        "refuted",
    ),
]


@pytest.mark.parametrize(("latex", "status"), ANY_SIZE)
def test_a_maximum_over_any_number_is_one_of_them_and_no_less_than_each(
    latex: str, status: str
) -> None:
    assert prove_for_any_size(example(rf"{latex} \tag{{A}}", DECLARED)["A"]).status == status
