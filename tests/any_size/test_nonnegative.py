# ruff: noqa: E501 - a formula is written on one line
"""Inequalities for any size: what is proved, what is refuted, and what is neither."""

import pytest
from sympy import Symbol

from gradbook.any_size import prove_for_any_size
from gradbook.any_size.decide import is_nonnegative, is_zero
from gradbook.any_size.letters import zero
from gradbook.notation import hinge, step
from gradbook.page import read_text

DECLARED = r"""Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $u, v \in \mathbb{R}^C$, $n \ge 1$, $i \in \{1, \dots, n\}$,
$w \in \mathbb{R}^n$, $t \in \mathbb{R}$. With $p_k := \frac{\exp(v_k)}{\sum_j \exp(v_j)}$.
"""

FOUND = {
    "proved": [
        r"C \sum_k v_k^2 \ge \left(\sum_k v_k\right)^2",
        r"\|u\|^2 \|v\|^2 \ge (u^\top v)^2",
        r"\sum_k p_k u_k^2 \ge \left( \sum_k p_k u_k \right)^2",
        r"\frac{1}{n} \sum_i w_i^2 \ge \left( \frac{1}{n} \sum_i w_i \right)^2",
        r"\sum_k \exp(v_k) \ge \exp(v_j), \qquad p_k \le 1, \qquad p_k \ge 0",
        r"-\log p_k \ge 0, \qquad \log \sum_j \exp(v_j) \ge v_k",
        r"\|u\|^2 + \|v\|^2 \ge 2 u^\top v",
        r"\log \sum_{j \ne k} \exp(v_j) \ge \max_{j \ne k} v_j",
        r"p_k > 0, \qquad p_k < 1, \qquad \sqrt{1 + \|v\|^2} > 0",
        r"t > v_k \quad \text{if } t > \max_j v_j",
        r"t \ge v_k \quad \text{if } t \ge \max_j v_j",
    ],
    "refuted": [
        r"C \sum_k v_k^2 \le \left(\sum_k v_k\right)^2",
        r"\sum_k v_k^2 \ge \left(\sum_k v_k\right)^2",
        r"\sum_k v_k \ge v_j",
        r"\sum_k \max(0, v_k) \ge 2 v_j",
        r"\log \sum_k \exp(v_k) \ge v_j + v_k",
        r"\max_k v_k \ge v_j + t",
        r"\sum_k p_k u_k^2 \ge 2 \left( \sum_k p_k u_k \right)^2",
        r"\log \sum_{j \ne k} \exp(v_j) \ge \max_j v_j",
        r"p_k \ge p_j",
        r"t > v_k \quad \text{if } t \ge \max_j v_j",
        r"\|v\|^2 > 0",
        r"\sum_k \max(0, v_k) > v_j",
    ],
    "undecided": [
        r"\exp(t) \ge 1 + t",
        r"\sum_k p_k u_k^4 \ge \left( \sum_k p_k u_k \right)^4",
    ],
}


@pytest.mark.parametrize(
    ("latex", "status"), [(latex, status) for status, all_ in FOUND.items() for latex in all_]
)
def test_an_inequality_is_decided_for_any_size(latex: str, status: str) -> None:
    page = read_text(f"{DECLARED}\n$$ {latex} \\tag{{A}} $$\n")
    assert page.errors == ()
    found = prove_for_any_size(page["A"])
    assert found.status == status, found
    assert status != "undecided" or "and no small instance tells" in found.reason


t, u = (Symbol(name, real=True) for name in "tu")
d = Symbol("d", positive=True)


def max0(of):
    return hinge(of, 0)


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        (max0(max0(t) - d) - max0(t - d), True),
        (max0(max0(t) + d) - max0(t + d), False),  # at t = −d
        (max0(t - u) + u - max0(u - t) - t, True),
        (step(t, 0) + step(-t, 0) - 1, False),  # at t = 0 alone
        (step(t - d, 0) * max0(-t), True),  # where t > d > 0, t is not below 0
        (step(t + d, 0) * max0(-t), False),
        (zero(t - max0(u)) * (t - max0(u)), True),  # on a face
        (zero(t - max0(u)) * (t - u), False),
    ],
)
def test_a_formula_with_kinks_is_0_if_it_is_so_in_every_cell(formula, right) -> None:
    assert is_zero(formula) == right


@pytest.mark.parametrize(
    ("formula", "right"),
    [
        (step(t - d, 0) * (d * t - d**2 / 2), True),
        (step(t - d, 0) * (d * t - 2 * d**2), False),
        (step(t, 0) * t**3 * u**2, True),
        (step(t, 0) * t**3 * u, False),
        (max0(t) - max0(u) - step(u, 0) * (t - u), True),
        (max0(t) - max0(u) - step(u, 0) * (t - u) * 2, False),
        (max0(t) - step(t - d, 0) * d, True),
        (max0(t) - step(t, 0) * d, False),
        (max0(t * u), True),
        (max0(t * u) - d, False),
    ],
)
def test_a_formula_with_kinks_is_not_below_0_if_it_is_so_in_no_cell(formula, right) -> None:
    assert is_nonnegative(formula) == right
