"""Values of claims on rational data, by definition: none of the library's algebra is used here.

A value is a pair: the number, and how fast it changes when one letter does. That gives the value of
∂f/∂v too, with the slope of each hinge at its kink as declared.
"""

from fractions import Fraction
from math import prod
from types import SimpleNamespace

from sympy import Add, Mul, Pow, Rational, Symbol

from gradbook.notation import hinge, partial, step


def letters_at(W, x, batch, s_prime=None):
    """letter ↦ number: W, x̃ of each example, and its scores, each a row of W times x̃."""
    case = batch[0]
    values = {case.W[a, b]: W[a][b] for a in range(case.C) for b in range(case.m + 1)}
    for example, column in zip(batch, x, strict=True):
        values |= dict(zip(example.x[1:, :], column[1:], strict=True))
        products = (sum(w * v for w, v in zip(row, column, strict=True)) for row in W)
        values |= dict(zip(example.s, products, strict=True))
    return values | dict(zip(case.s_prime, s_prime or [Fraction(0)] * case.C, strict=True))


def speeds_of(v, values, batch):
    """letter ↦ how fast it changes with v: a score changes with W and x̃, and W does not with s."""
    speeds = dict.fromkeys(values, Fraction(0)) | {v: Fraction(1)}
    for example in batch:
        if v in example.s:
            return speeds
        for a, score in enumerate(example.s):
            for b, x in enumerate(example.x):
                w = example.W[a, b]
                if v == w:
                    speeds[score] += values.get(x, Fraction(1))
                if v == x:
                    speeds[score] += values[w]
    return speeds


def fraction(number):
    return Fraction(int(number.p), int(number.q))


def dual(expr, values, speeds, batch):
    """The value of an expression and its speed."""
    match expr:
        case Symbol():
            return values[expr], speeds[expr]
        case Rational():
            return fraction(expr), Fraction(0)
        case partial(args=(f, v)):
            return dual(f, values, speeds_of(v, values, batch), batch)[1], None
        case Add():
            parts = [dual(part, values, speeds, batch) for part in expr.args]
            return sum(value for value, _ in parts), total(speed for _, speed in parts)
        case Mul():
            return product([dual(part, values, speeds, batch) for part in expr.args])
        case Pow() if expr.exp.is_Integer and expr.exp > 0:
            return product([dual(expr.base, values, speeds, batch)] * int(expr.exp))
        case hinge(args=(u, at_kink)) | step(args=(u, at_kink)):
            value, speed = dual(u, values, speeds, batch)
            indicator = fraction(at_kink) if value == 0 else Fraction(value > 0)
            if isinstance(expr, step):
                return indicator, Fraction(0)
            return max(value, Fraction(0)), indicator * speed
    raise TypeError(expr)


def total(speeds):
    """A sum of speeds; a derivative has none."""
    speeds = list(speeds)
    return None if None in speeds else sum(speeds, Fraction(0))


def product(parts):
    values = [value for value, _ in parts]
    if any(speed is None for _, speed in parts):
        return prod(values), None
    speeds = (
        speed * prod(values[:i] + values[i + 1 :], start=Fraction(1))
        for i, (_, speed) in enumerate(parts)
    )
    return prod(values), sum(speeds, Fraction(0))


def value(expr, values, batch):
    return dual(expr, values, dict.fromkeys(values, Fraction(0)), batch)[0]


COMPARISONS = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


def data(found):
    """W, x̃ and y of each example, s′ and the entry from 0, as a counterexample has them; 0 for
    what does not matter.
    """
    numbers, given = dict(found.numbers), dict(found.values)
    C, m = numbers["C"], numbers["m"]
    labels = {name.removeprefix("y"): y for name, y in numbers.items() if name.startswith("y")}
    nothing = [Fraction(0)]
    return SimpleNamespace(
        W=[list(row) for row in given.get("W", [nothing * (m + 1)] * C)],
        x=[[Fraction(1), *given.get(f"x{of}", nothing * m)] for of in labels],
        y=list(labels.values()),
        s_prime=list(given.get("s′", nothing * C)),
        entry=tuple(place - 1 for place in found.entry or (1, 1)),
        left=Fraction(found.left.replace("−", "-")),
        right=Fraction(found.right.replace("−", "-")),
    )


def shows_it(found, claim, case):
    """Whether the claim's conditions hold at a counterexample, and the claim itself does not."""
    batch = claim.batch or (case,)
    if claim.left.shape != claim.right.shape:
        return found is None
    there = data(found)
    assert there.y == [example.y for example in batch]
    values = letters_at(there.W, there.x, batch, there.s_prime)
    for condition in claim.given:
        sides = (value(side, values, batch) for side in condition.args)
        if not COMPARISONS[condition.rel_op](*sides):
            return False
    left, right = (value(side[there.entry], values, batch) for side in (claim.left, claim.right))
    assert (left, right) == (there.left, there.right)
    return left < right if claim.relation == "≥" else left != right
