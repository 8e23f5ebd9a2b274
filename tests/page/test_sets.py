# ruff: noqa: E501 - a formula is written on one line
"""Shares, symmetric and invertible matrices: what is declared is used, and no more than that."""

import pytest
from helpers_of_pages import example

from gradbook.any_size import prove_for_any_size
from gradbook.proof import Counterexample
from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER

DECLARED = r"""Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $n \ge 1$, $i \in \{1, \dots, n\}$, $s \in \mathbb{R}^C$, $u \in \mathbb{R}^n$,
$q \in \Delta^{C-1}$, $r^{(i)} \in \Delta^{C-1}$, $A \in \mathbb{S}^n$, $B \in \mathrm{GL}_n(\mathbb{R})$ and $M \in \mathbb{R}^{n \times n}$.
With $p_k := \frac{\exp(s_k)}{\sum_j \exp(s_j)}$ and $L := -\sum_k q_k \log p_k$.
"""

#: What is claimed, and what is found of it for any size.
TRUE = [
    (r"L = \log \sum_j \exp(s_j) - \sum_k q_k s_k", "proved"),
    (r"\frac{\partial L}{\partial s_k} = p_k - q_k", "proved"),
    (r"\sum_k q_k = 1, \qquad q_k \ge 0, \qquad \sum_i \sum_k r_k^{(i)} = n", "proved"),
    (r"q_k \le 1, \qquad 2 q_k + q_j \le 3", "proved"),
    (r"\nabla_u (u^\top A u) = 2 A u, \qquad A = A^\top", "proved"),
    (r"\nabla_u (u^\top M u) = 2 M u \quad \text{if } M = M^\top", "proved"),
    (r"\nabla_A \operatorname{tr}(A A) = 2 A", "proved"),
    (r"B^{-1} B u = u", "proved"),
]

FALSE = [
    r"\frac{\partial L}{\partial s_k} = p_k + q_k",
    r"q_k \ge \frac{1}{C}",
    r"\sum_k q_k^2 = 1",
    r"q_k > 0",
    r"q_k < 1",
    r"2 q_k \le 1",
    r"\sum_i r_k^{(i)} = 1",
    r"\nabla_u (u^\top A u) = A u",
    r"\nabla_u (u^\top M u) = 2 M u",
    r"\nabla_u (u^\top B u) = 2 B u",
    r"B B^\top u = u",
    r"A M = (A M)^\top",
]


@pytest.mark.parametrize(("latex", "any_size"), TRUE)
def test_what_is_declared_of_a_letter_is_used_in_the_proofs(latex: str, any_size: str) -> None:
    page = example(rf"{latex} \tag{{A}}", DECLARED)
    assert page.errors == ()
    for method in (REGIONS, SOLVER):
        found = prove(page["A"], method)
        assert (found.status, found.where) == ("proved", ()), found
    assert prove_for_any_size(page["A"]).status == any_size


@pytest.mark.parametrize("latex", FALSE)
def test_a_counterexample_keeps_to_what_is_declared(latex: str) -> None:
    line = example(rf"{latex} \tag{{A}}", DECLARED)["A"]
    for found in (prove(line), prove_for_any_size(line)):
        assert found.status == "refuted", found
        assert found.counterexample is not None
        _is_in_the_sets(found.counterexample)


def _is_in_the_sets(found: Counterexample) -> None:
    for name, value in found.values:
        if name[0] in "qr":
            rows = value if isinstance(value[0], tuple) else (value,)
            assert all(min(row) >= 0 and sum(row) == 1 for row in rows)
        if name == "A":
            assert value == tuple(zip(*value, strict=True))
        if name == "B" and len(value) == 1:
            assert value[0][0] != 0


def test_a_set_is_not_claimed_of_a_formula() -> None:
    page = example(
        r"p \in \Delta^{C-1} \tag{A}",
        DECLARED.replace("p_k :=", "g_k :=").replace(r"\log p_k", r"\log g_k")
        + r"With $p := (g_1, \dots, g_C)^\top$.",
    )
    (error,) = page.errors
    assert "it is claimed which shape it has" in error.message
