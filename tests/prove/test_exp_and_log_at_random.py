"""Identities of exp and log at random: the true ones hold in both ways, the false ones in none."""

from fractions import Fraction
from importlib import import_module

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Expr, ImmutableMatrix, Integer, Rational, exp, lambdify, log, prod, sqrt, symbols

from gradbook.notation import hinge, total
from gradbook.page.stated import Meant, Stated
from gradbook.prove.by_regions import decide_by_regions
from gradbook.prove.by_solver import decide_by_solver
from gradbook.prove.decision import Decision
from gradbook.prove.field import Field

u, v, t = LETTERS = symbols("u v t", real=True)
small = st.integers(-2, 2).map(Integer)
linear = st.tuples(small, small, small).map(lambda c: c[0] * u + c[1] * v + c[2] * t)
sums = st.lists(linear, min_size=1, max_size=3).map(lambda of: 1 + total(map(exp, of)))

#: The same function, written in two ways.
PAIRS = (
    st.builds(lambda a, b: (exp(a + b), 1 / (exp(-a) * exp(-b))), linear, linear)
    | st.builds(lambda S, a: (log(S), log((S * exp(a)).expand()) - a), sums, linear)
    | st.builds(lambda S, R: (log(S / R), log(S) - log(R)), sums, sums)
    | st.builds(lambda S, a: (exp(a) / S, 1 - (S - exp(a)) / S), sums, linear)
    | st.builds(lambda a: (1 / sqrt(1 + a**2), sqrt(1 + a**2) / (1 + a**2)), linear)
    | st.builds(lambda S, a: (exp(a * log(S)) * S, exp((a + 1) * log(S))), sums, linear)
    | st.builds(lambda a: (hinge(a), a + hinge(-a)), linear)
    | linear.map(lambda a: (a, a))
)


def folded(parts: list[tuple[Expr, Expr]], by: Expr) -> tuple[Expr, Expr]:
    left, right = zip(*parts, strict=True)
    return prod(left) + by * total(left), (prod(right) + by * total(right)).expand()


identities = st.builds(folded, st.lists(PAIRS, min_size=1, max_size=2), linear)
bumps = st.sampled_from(
    [Integer(1), Rational(1, 10**6), exp(u) - 1, log(1 + exp(v)) - v, u * v / (1 + exp(t)), u**2]
)


class Case:
    """Three numbers."""

    def numbers(self):
        return ()

    def letters(self):
        return ((str(letter), ImmutableMatrix([[letter]]), "number") for letter in LETTERS)


def stated(left: Expr, right: Expr) -> Stated:
    return Stated(ImmutableMatrix([[left]]), ImmutableMatrix([[right]]), "=", (), Meant())


@settings(max_examples=15, derandomize=True, deadline=None)
@given(identities)
def test_a_true_identity_is_proved_in_both_ways(sides: tuple[Expr, Expr]) -> None:
    for decide in (decide_by_regions, decide_by_solver):
        found = decide(stated(*sides), Case())
        assert found.status == "proved", f"{sides}: {found}"


@settings(max_examples=15, derandomize=True, deadline=None)
@given(identities, bumps)
def test_a_false_one_is_refuted_by_a_point_that_other_arithmetic_confirms(
    sides: tuple[Expr, Expr], bump: Expr
) -> None:
    left, right = sides
    for decide in (decide_by_regions, decide_by_solver):
        found = decide(stated(left, right + bump), Case())
        assert found.status == "refuted", f"{sides}: {found}"
        values = dict(found.counterexample.values)
        with mp.workdps(60):
            point = [mp.mpf(1) * values.get(str(x), Fraction(0)).numerator for x in LETTERS]
            point = [
                n / values.get(str(x), Fraction(1)).denominator
                for n, x in zip(point, LETTERS, strict=True)
            ]
            apart = lambdify(LETTERS, bump, "mpmath")(*point)
            assert abs(apart) > mp.mpf(10) ** -30


WRONG = (log(1 + exp(u)), log(1 + exp(-u)) - u)


def test_a_rule_that_is_wrong_in_one_way_is_not_in_the_other(monkeypatch) -> None:
    claim = stated(*WRONG)
    with monkeypatch.context() as patch:
        patch.setattr(Field, "vanishes", lambda self, formula: True)
        assert decide_by_regions(claim, Case()).status == "refuted"  # at a point
        by_regions = import_module("gradbook.prove.by_regions")
        patch.setattr(by_regions, "search", lambda *_, **__: None)
        planted = decide_by_regions(claim, Case()), decide_by_solver(claim, Case())
    assert [found.status for found in planted] == ["proved", "refuted"]
    assert Decision(planted).status == "refuted"
    with monkeypatch.context() as patch:
        by_solver = import_module("gradbook.prove.by_solver")
        patch.setattr(by_solver, "cleared", lambda sides, relation: ([], []))
        planted = decide_by_regions(claim, Case()), decide_by_solver(claim, Case())
    assert [found.status for found in planted] == ["refuted", "proved"]
    assert Decision(planted).status == "refuted"


#: A rule of the field, and what it takes for the same once it is planted.
BASE = (1 - t) * u
PLANTED = [
    ("_is_positive", lambda self, f: True, (BASE ** (exp(v) + 1), -BASE * BASE ** exp(v))),
    ("_reduced", lambda self, above: above.ring.zero, WRONG),
    ("_log", lambda self, formula: self.read(formula), (log(1 + exp(u)), 1 + exp(u))),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "planted", "sides"), PLANTED, ids=[rule for rule, *_ in PLANTED])
def test_each_rule_of_the_field_is_held_by_a_claim(monkeypatch, rule, planted, sides) -> None:
    left, right = sides
    assert not Field().vanishes(left - right)
    monkeypatch.setattr(Field, rule, planted)
    assert Field().vanishes(left - right)
