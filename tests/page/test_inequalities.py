"""Inequalities of exp and log: what is proved, by which method, and what is refuted."""

import pytest
from helpers_of_pages import example

from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER

DECLARED = r"""Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $z, w, v \in \mathbb{R}^C$,
$t \in \mathbb{R}$, $\lambda > 0$. With $p_k := \frac{\exp(z_k)}{\sum_j \exp(z_j)}$.
"""

BOTH, ONE, OTHER, NEITHER = {REGIONS, SOLVER}, {REGIONS}, {SOLVER}, set()

#: What is claimed, and who proves it.
TRUE = [
    (r"\log \sum_j \exp(z_j) \ge z_k", BOTH),
    (r"\log(1 + \exp(t)) \ge \max(0, t)", BOTH),
    (r"p_k > 0, \qquad p_k < 1", BOTH),
    (r"-\log p_k \ge 0", BOTH),
    (r"\sum_k p_k v_k^2 \ge \left( \sum_k p_k v_k \right)^2", BOTH),
    (r"\sqrt{t^2 + \lambda} > 0", BOTH),
    (r"t^2 + \lambda > 0, \qquad \lambda + 1 \ge 0", BOTH),
    (r"\exp(t) \ge 1 + t", OTHER),
    (
        r"2 \log \sum_j \exp((z_j + w_j)/2) \le \log \sum_j \exp(z_j) + \log \sum_j \exp(w_j)",
        ONE,
    ),
    (r"\log \sum_j \exp(w_j) \ge \log \sum_j \exp(z_j) + \sum_k p_k (w_k - z_k)", NEITHER),
]


@pytest.mark.quick("p_k < 1", "max(0, t)", "p_k v_k^2", "lambda} > 0", "1 + t", "p_k (w_k")
@pytest.mark.parametrize(("latex", "who"), TRUE)
def test_a_true_inequality_is_proved_or_undecided_with_a_reason(latex: str, who: set) -> None:
    (line,) = [each for each in example(rf"{latex} \tag{{A}}", DECLARED) if each.id == "A"]
    for method in (REGIONS, SOLVER):
        found = prove(line, method)
        assert found.status == ("proved" if method in who else "undecided"), str(found)
        assert found.holds or "reason" in found.reason or "laws of exp and log" in found.reason


@pytest.mark.parametrize(
    "latex",
    [
        r"\log \sum_j \exp(z_j) \ge 1 + z_k",
        r"p_k > \frac{1}{4}",
        r"\sum_k p_k v_k^2 \ge 2 \left( \sum_k p_k v_k \right)^2",
        r"\exp(t) \ge 1 + t + t^2",
        r"\log p_k \ge 0",
    ],
)
def test_a_false_inequality_is_refuted(latex: str) -> None:
    (line,) = [each for each in example(rf"{latex} \tag{{A}}", DECLARED) if each.id == "A"]
    assert {prove(line, method).status for method in (REGIONS, SOLVER)} == {"refuted"}
