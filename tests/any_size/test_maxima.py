"""A maximum over an index, and its slope, for any size."""

import pytest
from sympy import Expr, Integer, Sum, Symbol

from gradbook.any_size import canonical, prove_for_any_size, rules
from gradbook.any_size.largest import largest_of
from gradbook.any_size.letters import Index, Range, Size, with_shape
from gradbook.any_size.nonnegative import is_nonnegative
from gradbook.any_size.slopes import slope_of_many
from gradbook.notation import hinge, unequal
from gradbook.page import read_text
from gradbook.proof import Proof

DECLARED = r"""
Let $C \ge 2$, $j, k \in \{1, \dots, C\}$, $y \in \{1, \dots, C\}$ and $s \in \mathbb{R}^C$.

$$ M := \max_{j \ne y} s_j, \qquad T := \max_j s_j \tag{D} $$
"""

TRUE = [
    r"\frac{\partial M}{\partial s_y} = 0, \qquad \sum_k \frac{\partial M}{\partial s_k} = 1",
    r"\sum_k \frac{\partial T}{\partial s_k} = 1",
    r"\frac{\partial T^2}{\partial s_k} = 2 T \frac{\partial T}{\partial s_k}",
    r"\max_j (s_j + 2) = 2 + T, \qquad \max_j \exp(s_j) = \exp(T)",
    r"\max_{j \ne y} \max(0, s_j - s_y) = \max(0, M - s_y)",
    r"\max_j (s_j + \mathbb{1}\{j = y\}) = M + \max(0, s_y + 1 - M)",
    r"\max_{j \ne y} \max(0, s_j) \le \sum_{j \ne y} \max(0, s_j)",
]

FALSE = [
    r"\frac{\partial T}{\partial s_k} = 1",
    r"\sum_k \frac{\partial T}{\partial s_k} = C",
    r"\frac{\partial M}{\partial s_k} = \mathbb{1}\{s_k \ge M\} \quad \text{if } k \ne y",
    r"\max_j (2 - s_j) = 2 - T",
    r"\max_j (s_j + \mathbb{1}\{j = y\}) = T + 1",
    r"M \ge T",
    r"M \le \sum_{j \ne y} \mathbb{1}\{j \ne k\} \max(0, s_j) \quad \text{if } k \ne y",
]


def proof(latex: str) -> Proof:
    page = read_text(f"{DECLARED}\n$$ {latex} \\tag{{A}} $$\n")
    assert page.errors == ()
    found = prove_for_any_size(page["A"])
    assert found is not None
    return found


@pytest.mark.parametrize("latex", TRUE)
def test_what_is_so_of_a_maximum_is_proved_for_any_size(latex: str) -> None:
    assert proof(latex).status == "proved", proof(latex)


@pytest.mark.parametrize("latex", FALSE)
def test_what_is_not_so_of_a_maximum_is_refuted(latex: str) -> None:
    assert proof(latex).status == "refuted", proof(latex)


def test_a_maximum_may_be_at_any_index_also_at_one_that_differs_from_others() -> None:
    """max_{j≠y} max(0, s_j) may be above the sum over the j that are neither y nor k."""
    C = Size("C", 2)
    j, k, y = (Index(name, C) for name in "jky")
    s = with_shape(Symbol("s", real=True), (C,))
    top = largest_of(hinge(s[j]), unequal(j, y), j)
    total = Sum(unequal(j, y) * hinge(s[j]), Range(C).over(j))
    others = Sum(unequal(j, y) * unequal(j, k) * hinge(s[j]), Range(C).over(j))
    assert is_nonnegative(total - top, frozenset({k, y}))
    assert not is_nonnegative(others - top, frozenset({k, y}))
    assert not is_nonnegative(others - top)


def test_a_rule_for_maxima_that_is_wrong_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    def all_of_them(f: Expr, v: Expr) -> Expr:
        return slope_of_many(f, v).xreplace({part: Integer(1) for part in parts(f, v)})

    def parts(f: Expr, v: Expr) -> set[Expr]:
        return slope_of_many(f, v).atoms(canonical.chosen)

    monkeypatch.setattr(rules, "slope_of_many", all_of_them)
    assert proof(FALSE[1]).status == "refuted"  # the numbers do not go by the rules
    assert proof(TRUE[1]).status == "undecided"


def test_a_simpler_maximum_that_is_another_does_not_pass(monkeypatch: pytest.MonkeyPatch) -> None:
    canonical.canonical.cache_clear()
    monkeypatch.setattr(canonical, "simpler", lambda f: Integer(0))
    assert proof(FALSE[5]).status == "refuted"
    assert proof(FALSE[3]).status == "refuted"
    canonical.canonical.cache_clear()
