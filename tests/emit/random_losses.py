"""Losses at random: hinges, steps, powers, exponentials, logarithms, letters, penalties, weights.

What is drawn is what a page could say: terms of one class and of the label, summed over the classes
once or twice, the sums combined. Offsets are whole, halves and thirds, so that kinks of one loss
lie at several places, and often at the same.
"""

from hypothesis import strategies as st
from sympy import Integer, Rational, Sum, Symbol, exp, log, sqrt

from gradbook.loss import Loss
from gradbook.notation import C, Delta, equal, hinge, j, k, lamda, s, step, unequal, y
from gradbook.penalty import L2

#: A letter whose name C has taken.
taken = Symbol("INFINITY", real=True)

DYADIC = [Integer(c) for c in (-2, -1, 0, 1, 2, 3)] + [Rational(1, 2), Rational(-3, 4)]
OFFSETS = [*DYADIC, Rational(1, 3), Delta, Delta - 1, taken, Delta * equal(j, y), 1 / C]
KINKS = (Integer(0), Integer(0), Integer(1), Rational(1, 2))


def of(items):
    return st.sampled_from(list(items))


@st.composite
def margins(draw, offsets):
    """An affine form of the scores of the class j and of the label, with an offset."""
    form = draw(of([s[j] - s[y], s[j] - s[y], s[j], -s[j], 2 * s[j] - s[y], 1 - s[y], s[j] + s[y]]))
    return form + draw(of(offsets))


@st.composite
def terms(draw, offsets, smooth):
    """What one class adds: a product of one or two factors."""
    u = draw(margins(offsets))
    at_kink = draw(of(KINKS))
    kinds = [hinge(u, at_kink), hinge(u), step(u, at_kink), u, u**2, hinge(u, at_kink) ** 2]
    kinds += [hinge(u) ** 3, hinge(1 - hinge(u)), hinge(u) * step(u - 1, at_kink)]
    if smooth:
        kinds += [exp(-u), log(1 + exp(u)), 1 / (1 + hinge(u)), 1 / (1 + u**2)]
        kinds += [sqrt(1 + hinge(u)), log(1 + hinge(u) ** 2), exp(-hinge(u)) * u]
    return draw(of(kinds))


@st.composite
def sums(draw, offsets, smooth, index=j):
    """Σ over the classes, over the others, or with other terms for the label."""
    parts = [draw(terms(offsets, smooth)) for _ in range(draw(st.integers(1, 3)))]
    factors = [draw(of([1, 1, -1, Rational(1, 2), 2])) for _ in parts]
    summand = sum(factor * part for factor, part in zip(factors, parts, strict=True))
    if draw(st.booleans()):
        summand = summand * draw(terms(offsets, False))
    match draw(st.integers(0, 3)):
        case 0:
            pass
        case 1:
            summand = unequal(j, y) * summand + equal(j, y) * draw(terms(offsets, smooth))
        case _:
            summand = unequal(j, y) * summand
    return Sum(summand.xreplace({j: index}), (index, 0, C - 1))


@st.composite
def formulas(draw, offsets, smooth):
    first = draw(sums(offsets, smooth))
    shapes = [first, first, first + draw(terms(offsets, smooth)).xreplace({j: y})]
    shapes += [hinge(first - 2), first * step(s[y] - 1), first / 2 + first**2]
    shapes += [first * draw(sums(offsets, smooth)), first - draw(sums(offsets, False))]
    if smooth:
        share = exp(s[j]) / Sum(exp(s[k]), (k, 0, C - 1))
        shapes += [log(Sum(exp(s[j]), (j, 0, C - 1))) - s[y] + first, exp(-(first**2))]
        shapes += [Sum((share - equal(j, y)) ** 2, (j, 0, C - 1)), first / (1 + first**2)]
    return draw(of(shapes))


@st.composite
def losses(draw, smooth=True, letters=True):
    """smooth: whether quotients, roots, exp and log may occur. letters: whether more than W, X, y.

    Without either, every constant is a binary fraction: small whole numbers are not rounded.
    """
    offsets = OFFSETS if letters else DYADIC
    formula = draw(formulas(offsets, smooth))
    parameters = {letter: draw(of(DYADIC)) for letter in (Delta, taken) if formula.has(letter)}
    penalty = None
    if letters and draw(st.booleans()):
        strength = draw(of([lamda, Rational(1, 4)]))
        parameters |= {lamda: Rational(1, 2)} if strength is lamda else {}
        factor = draw(of([Integer(1), Rational(1, 2)]))
        penalty = L2(strength, factor, bias=draw(st.booleans()))
    weighted = letters and draw(st.booleans())
    return Loss("a loss", formula, "a_loss", {}, parameters, penalty, weighted)
