"""Wrong pages about the multi-class SVM, each written twice: in symbols, and in plain fractions.

The second way knows nothing of SymPy nor of gradbook: with it a counterexample is checked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from python_page import L, margin
from sympy import ImmutableMatrix, Integer, Rational

from gradbook import Claim, gradient
from gradbook.notation import indicator, total


@dataclass(frozen=True)
class Wrong:
    """claims: the page in symbols, the coefficients of x̃ᵀ for each class.
    says: the same from the scores and the label, in fractions.
    """

    claims: Callable
    says: Callable

    def differs(self, classes, y):
        """Whether it is wrong for so many classes and this label, as far as a few scores show."""
        some = [Fraction(v, 2) for v in (-2, -1, 0, 1, 2)]
        return any(right(s, y) != self.says(s, y) for s in product(some, repeat=classes))


def right(s, y):
    """μ by hand: what every page ought to say."""
    violated = [a != y and s[a] - s[y] + 1 > 0 for a in range(len(s))]
    return [Fraction(-sum(violated) if a == y else violated[a]) for a in range(len(s))]


def claim(case, coefficients):
    """∇_W L_i is the matrix with coefficients[a] x̃ᵀ in row a."""
    page = ImmutableMatrix.vstack(*(mu * case.x.T for mu in coefficients))
    return Claim(gradient(L(case), case.W), page)


def rows(case, other, label):
    return [label if a == case.y else other(a) for a in case.classes]


def symbols(case, condition):
    """1{condition(a)} in row a, minus their sum in row y."""
    violated = {a: indicator(condition(a)) for a in case.other_classes}
    return rows(case, violated.get, -total(violated.values()))


def numbers(s, y, condition):
    violated = [a != y and bool(condition(s[a] - s[y] + 1)) for a in range(len(s))]
    return [Fraction(-sum(violated) if a == y else violated[a]) for a in range(len(s))]


def last_other(classes, y):
    return max(a for a in range(classes) if a != y)


def sign(case):
    return [-mu for mu in symbols(case, lambda a: margin(case, a) > 0)]


def at_the_kink(case):
    return symbols(case, lambda a: margin(case, a) >= 0)


def at_the_kink_in_one_row(case):
    page = symbols(case, lambda a: margin(case, a) > 0)
    page[last_other(case.C, case.y)] = indicator(margin(case, last_other(case.C, case.y)) >= 0)
    return page


def at_the_kink_in_one_row_by_hand(s, y):
    page = right(s, y)
    page[last_other(len(s), y)] = Fraction(s[last_other(len(s), y)] - s[y] + 1 >= 0)
    return page


def without_mask(case):
    return rows(case, lambda a: Integer(1), Integer(1 - case.C))


def counting_y(case):
    all_classes = total(indicator(margin(case, a) > 0) for a in case.classes)
    return rows(case, lambda a: indicator(margin(case, a) > 0), -all_classes)


def counting_y_by_hand(s, y):
    return [mu - 1 if a == y else mu for a, mu in enumerate(right(s, y))]


def largest(case, a):
    """1{class a is the first of those with the largest score among the others}."""
    beats = (
        indicator(case.s[a] > case.s[b]) if b < a else indicator(case.s[a] >= case.s[b])
        for b in case.other_classes
        if b != a
    )
    found = indicator(margin(case, a) > 0)
    for each in beats:
        found *= each
    return found


def largest_only(case):
    return rows(
        case, lambda a: largest(case, a), -total(largest(case, a) for a in case.other_classes)
    )


def largest_only_by_hand(s, y):
    others = [a for a in range(len(s)) if a != y]
    best = max(others, key=lambda a: (s[a], -a))
    counts = s[best] - s[y] + 1 > 0
    return [Fraction({best: counts, y: -counts}.get(a, 0)) for a in range(len(s))]


def margin_of_two(case):
    return symbols(case, lambda a: margin(case, a) + 1 > 0)


def margin_of_a_half(case):
    return symbols(case, lambda a: margin(case, a) - Rational(1, 2) > 0)


def next_row(case):
    """The indicator of class a, in the row of class a + 1."""
    page = symbols(case, lambda a: margin(case, a) > 0)
    return [*page[-1:], *page[:-1]]


def next_row_by_hand(s, y):
    page = right(s, y)
    return [*page[-1:], *page[:-1]]


def last_class_forgotten(case):
    """Σ_{j=0}^{C−2}: the last class is left out."""
    page = {a: indicator(margin(case, a) > 0) for a in case.other_classes if a < case.C - 1}
    return rows(case, lambda a: page.get(a, Integer(0)), -total([*page.values(), Integer(0)]))


def last_class_forgotten_by_hand(s, y):
    violated = [a != y and a < len(s) - 1 and s[a] - s[y] + 1 > 0 for a in range(len(s))]
    return [Fraction(-sum(violated) if a == y else violated[a]) for a in range(len(s))]


def row_of_y_missing(case):
    return rows(case, lambda a: indicator(margin(case, a) > 0), Integer(0))


WRONG = {
    "the sign": Wrong(sign, lambda s, y: [-mu for mu in right(s, y)]),
    "≥ at the kink": Wrong(at_the_kink, lambda s, y: numbers(s, y, lambda u: u >= 0)),
    "≥ at the kink in one row only": Wrong(at_the_kink_in_one_row, at_the_kink_in_one_row_by_hand),
    "no mask": Wrong(without_mask, lambda s, y: numbers(s, y, lambda u: True)),
    "a mask that counts y": Wrong(counting_y, counting_y_by_hand),
    "the largest score only": Wrong(largest_only, largest_only_by_hand),
    "a margin of 2": Wrong(margin_of_two, lambda s, y: numbers(s, y, lambda u: u + 1 > 0)),
    "a margin of 1/2": Wrong(
        margin_of_a_half, lambda s, y: numbers(s, y, lambda u: u > Fraction(1, 2))
    ),
    "the next row": Wrong(next_row, next_row_by_hand),
    "the last class forgotten": Wrong(last_class_forgotten, last_class_forgotten_by_hand),
    "nothing in row y": Wrong(
        row_of_y_missing, lambda s, y: [0 if a == y else mu for a, mu in enumerate(right(s, y))]
    ),
}
