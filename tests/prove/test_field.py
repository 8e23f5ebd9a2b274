"""exp, log, roots and quotients in two ways: as letters of a ring, and cleared for the solver."""

import pytest
from sympy import Eq, Expr, Integer, Max, Rational, diff, exp, log, sqrt, symbols

from gradbook.linear import Exhausted
from gradbook.notation import hinge, step
from gradbook.prove.cleared import cleared, lifted
from gradbook.prove.field import Field, NotInField
from gradbook.prove.points import Sides
from gradbook.prove.query import Query

z = symbols("z1:4", real=True)
t, u, v = symbols("t u v", real=True)
a, g = symbols("a g", positive=True)
E = [exp(each) for each in z]
S = sum(E)
p = E[0] / S

ZERO = {
    "the log-sum-exp trick": log(S) - t - log(sum(exp(each - t) for each in z)),
    "the log of a quotient": -log(p) - log(S) + z[0],
    "the slope of softmax": diff(p, z[1]) + p * E[1] / S,
    "a sigmoid": 1 / (1 + exp(-t)) - exp(t) / (1 + exp(t)),
    "the focal loss, any exponent": diff(-((1 - p) ** g) * log(p), z[0])
    - g * (1 - p) ** g * p * log(p)
    + (1 - p) ** (g + 1),
    "the log of a product": log(t) + log(u) - log(t * u),
    "common factors of logs": log(t**2 - u**2) - log((t + u) ** 2) - log(t - u) + log(t + u),
    "a factor found later": log(t**2 + 2 * t * u + u**2) - 2 * log(t + u),
    "logs of numbers": log(8) - 3 * log(2) + log(Rational(1, 4)) + 2 * log(2),
    "halves and thirds in exp": exp(t / 2) * exp(t / 3) - exp(5 * t / 6),
    "a square in exp": exp((t**2 + u**2) / 2) ** 2 - exp(t**2) * exp(u**2),
    "a root of exp": sqrt(exp(t)) - exp(t / 2),
    "a root squared": sqrt(t**2 + u**2) ** 3 - (t**2 + u**2) * sqrt(t**2 + u**2),
    "a root in a denominator": 1 / sqrt(t**2 + a) - sqrt(t**2 + a) / (t**2 + a),
    "a root of a root": sqrt(1 + sqrt(t**2 + 1)) ** 4 - (1 + sqrt(t**2 + 1)) ** 2,
    "exp of a quotient": exp(t / u) * exp(-t / u) - 1,
    "exp of log": exp(2 * log(1 + exp(t)) + u) - exp(u) * (1 + exp(t)) ** 2,
    "a kink is a letter": exp(hinge(t)) * exp(-hinge(t) + u) - exp(u),
}


def solved(formula: Expr) -> bool | None:
    """Whether the solver finds it to be 0."""
    shows, given = cleared(Sides((formula,), (Integer(0),), "=", (), 1), Eq)
    return Query("it is 0", tuple(shows), tuple(given)).decide().holds


@pytest.mark.parametrize("name", ZERO)
def test_what_is_0_everywhere_is_seen_to_be_0(name: str) -> None:
    assert Field().vanishes(ZERO[name])
    assert solved(ZERO[name])


@pytest.mark.parametrize("name", ZERO)
def test_and_is_not_once_something_is_added(name: str) -> None:
    for more in (Integer(1), t / 1000, exp(t), log(2), log(1 + exp(u)), sqrt(1 + t**2)):
        assert not Field().vanishes(ZERO[name] + more)
    assert not solved(ZERO[name] + exp(t))


NOT_ZERO = {
    "the root of a square": sqrt(exp(2 * t) - 2 * exp(t) + 1) - (exp(t) - 1),
    "exp is not linear": exp(t + u) - exp(t) - exp(u),
    "log is not linear": log(1 + exp(t)) - t,
    "a sign in a log": log(t) - log(-t) + log(u),
    "two roots": sqrt(1 + t**2) - sqrt(1 + u**2),
}


@pytest.mark.parametrize("name", NOT_ZERO)
def test_what_is_not_0_is_not_taken_for_it(name: str) -> None:
    assert not Field().vanishes(NOT_ZERO[name])
    assert not solved(NOT_ZERO[name])


def test_exp_of_log_is_the_factor_only_where_that_is_seen_to_be_positive() -> None:
    base = (1 - t) * u  # log|t − 1| + log|u|
    wrong = base ** (g + 1) - (t - 1) * u * base**g
    assert not Field().vanishes(wrong)
    assert not solved(wrong)
    base = 1 + exp(t)
    right = base ** (g + 1) - base * base**g
    assert Field().vanishes(right)
    assert solved(right)


def test_kinks_are_lifted_out_of_exp_and_log_for_the_solver() -> None:
    for formula in (
        (exp(hinge(t)) - 1) * (1 - step(t)),
        log(1 + exp(hinge(t))) * step(t) - log(1 + exp(t)) * step(t),
        exp(u * step(t, Rational(1, 2))) * step(-t) - step(-t),
    ):
        assert not solved(formula)
        assert solved(lifted(formula))
    assert not solved(lifted(exp(hinge(t)) - exp(t)))


def test_a_sum_of_positive_terms_is_positive_and_no_other() -> None:
    assert Field().is_positive(1 - p)
    assert Field().is_positive(t**2 * a + a**3)
    for formula in (1 - 2 * p, t**2 * a, t + a, exp(t) - 1, -S, t**2 - 2 * t * u + u**2):
        assert not Field().is_positive(formula)


def test_multiples_are_told_with_their_sign() -> None:
    field = Field()
    one, sign = field.multiple(exp(t) - 2)
    assert field.multiple(3 * exp(t) - 6) == (one, sign)
    assert field.multiple(1 - exp(t) / 2) == (one, -sign)
    assert field.multiple(exp(u) - 2)[0] != one


def test_the_work_has_a_limit_that_is_counted() -> None:
    with pytest.raises(Exhausted, match="more than 100 products of two terms"):
        Field(budget=100).vanishes((S + 1) ** 5 - S)


def test_what_there_is_no_letter_for_is_refused() -> None:
    with pytest.raises(NotInField, match="is not made of sums, products, powers, exp and log"):
        Field().vanishes(Max(t, u) - t)
    with pytest.raises(ZeroDivisionError):
        Field().vanishes(1 / (exp(t) * exp(-t + u) - exp(u)))
