"""What a page may write its kinks with, and what states too little."""

from fractions import Fraction

import pytest
from sympy import (
    Abs,
    Eq,
    Heaviside,
    Max,
    Min,
    Mod,
    Piecewise,
    Rational,
    Sum,
    ceiling,
    floor,
    frac,
    log,
    nan,
    sign,
    sqrt,
)

from gradbook.kinks import declared
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, step, unequal, y

u = s[j] - s[y] + 1
half = Rational(1, 2)

READ = {
    "a case above 0": (Piecewise((u, u > 0), (0, True)), hinge(u)),
    "a case from 0 on": (Piecewise((u, u >= 0), (0, True)), hinge(u, 1)),
    "a case below 0": (Piecewise((0, u <= 0), (u, True)), hinge(u)),
    "with a mask": (Piecewise((unequal(j, y) * u, u > 0), (0, True)), unequal(j, y) * hinge(u)),
    "two slopes": (Piecewise((3 * u, u > 0), (u, True)), u + 2 * hinge(u)),
    "a jump": (Piecewise((2, u >= 0), (0, True)), 2 * step(u, 1)),
    "a class": (Piecewise((s[j], Eq(j, y)), (0, True)), (1 - unequal(j, y)) * s[j]),
    "Heaviside with a value": (Heaviside(u, 0), step(u)),
    "sign": (sign(u), 2 * step(u, half) - 1),
}


@pytest.mark.parametrize(("written", "read"), READ.values(), ids=READ)
def test_what_states_its_value_at_a_kink_is_read_as_a_hinge_or_a_step(written, read):
    for label in range(2):
        of_both = [Loss("one", Sum(formula, (j, 0, C - 1)), "one") for formula in (written, read)]
        for scores in ((0, 0), (0, -1), (1, 0), (0, 1), (-3, 2)):
            s_ = [Fraction(score) for score in scores]
            first, second = (loss.exact_at_scores(s_, label) for loss in of_both)
            assert first == second


def test_a_hinge_in_cases_is_printed_as_a_hinge():
    assert declared(Piecewise((u, u > 0), (0, True))) == hinge(u)
    assert declared(Piecewise((u, u >= 0), (0, True))) == hinge(u, 1)


UNDECLARED = {
    "Abs": Abs(u),
    "half of Abs": (Abs(u) + u) / 2,
    "a root of a square": sqrt(u**2),
    "Max": Max(0, u),
    "Min": Min(s[j], s[y]),
    "Heaviside": Heaviside(u),
    "Heaviside of nothing": Heaviside(u, nan),
    "floor": floor(u),
    "ceiling": ceiling(u),
    "frac": frac(u),
    "Mod": Mod(u, 1),
    "a value at a point": Piecewise((1, Eq(u, 0)), (0, True)),
    "a case that is lacking": Piecewise((u, u > 0)),
}


@pytest.mark.parametrize("formula", UNDECLARED.values(), ids=UNDECLARED)
def test_a_kink_that_states_no_value_is_refused(formula):
    with pytest.raises(
        ValueError, match=r"^formula must declare its kinks with hinge or step, but"
    ):
        Loss("undeclared", Sum(formula, (j, 0, C - 1)), "undeclared")


def test_a_case_without_a_value_where_another_holds_is_refused():
    with pytest.raises(ValueError, match=r"^formula must have cases that have a value everywhere"):
        declared(Piecewise((log(s[y]), s[y] > 0), (0, True)))
