# ruff: noqa: E501 - a formula is written on one line
"""What a proof takes for granted of slopes: those at kinks, and that nothing jumps."""

import pytest
from helpers_of_pages import example

from gradbook.any_size import prove_for_any_size
from gradbook.prove import prove
from gradbook.prove.lines import JUMPS, KINKS

DECLARED = r"""Let $r, \delta \in \mathbb{R}$ with $\delta > 0$, $C \ge 2$, $j, k \in \{1, \dots, C\}$ and $s \in \mathbb{R}^C$.
With $E := \begin{cases} r^2 & \text{if } r \le \delta \\ 2 r & \text{else} \end{cases}$.
"""
SLOPE_OF_E = r"\begin{cases} 2 r & \text{if } r \le \delta \\ 2 & \text{else} \end{cases}"


@pytest.mark.parametrize(
    ("latex", "assumed"),
    [
        (r"\frac{\partial}{\partial r} r^2 = 2 r", set()),
        (r"\frac{\partial}{\partial r} \max(0, r) = \mathbb{1}\{r > 0\}", {KINKS}),
        (rf"\frac{{\partial E}}{{\partial r}} = {SLOPE_OF_E}", {JUMPS}),
        (
            r"\frac{\partial}{\partial r} (r \mathbb{1}\{r > \delta\}) = \mathbb{1}\{r > \delta\}",
            {JUMPS},
        ),
        (r"\frac{\partial}{\partial s_k} \sum_j \mathbb{1}\{j \ne k\} s_j = 0", set()),
    ],
)
def test_what_is_taken_for_granted_of_slopes_is_said(latex: str, assumed: set[str]) -> None:
    line = example(rf"{latex} \tag{{A}}", DECLARED)["A"]
    for found in (prove(line), prove_for_any_size(line)):
        assert found.status == "proved"
        assert {*found.assumptions} & {KINKS, JUMPS} == assumed
