"""A formula as a sum over the classes: a(s_y) + Σ_{j≠y} f(s_j, s_y), for any C and y."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sympy import Add, Basic, Expr, Integer, Mul, Sum, Symbol

from gradbook import notation
from gradbook.loss import score_of_label, scores
from gradbook.notation import equal, unequal

#: The score of one class j ≠ y, and of the label.
s_j, s_y = Symbol("s_j", real=True), score_of_label


class NotASum(ValueError):
    """A formula that is not of the form a(s_y) + Σ_{j≠y} f(s_j, s_y)."""


@dataclass(frozen=True)
class SumOverClasses:
    """start(s_y) + Σ_{j≠y} term(s_j, s_y).

    What one class contributes depends on its own score and the label's, not on which class it is
    nor on how many there are.
    """

    start: Expr
    term: Expr

    @staticmethod
    def of(formula: Expr) -> SumOverClasses:
        """Reads a formula of s[…], y and C; the summand j = y, if it is not 0, goes to the start.

        Raises NotASum unless the formula is made of sums over all classes, times numbers, and of
        terms in s[y] alone.
        """
        start, term = [], []
        for part in Add.make_args(formula):
            number, over_classes = _apart(part)
            if over_classes is None:
                start.append(_read(part, {}))
                continue
            j = _index(over_classes)
            start.append(number * _read(over_classes.function, _letters(j, same=True)))
            term.append(number * for_other_class(over_classes.function, j))
        return SumOverClasses(Add(*start), Add(*term))

    def at(self, classes: int, label: int) -> Expr:
        """The sum for so many classes, in the scores s_0 … s_{C−1}."""
        s = scores(classes)
        return self.start.xreplace({s_y: s[label]}) + Add(
            *(self.term.xreplace({s_j: s[a], s_y: s[label]}) for a in range(classes) if a != label)
        )


def for_other_class(formula: Expr, j: Symbol = notation.j) -> Expr:
    """A formula of s[j] and s[y], for a class j ≠ y, in the letters s_j and s_y. Raises NotASum."""
    return _read(formula, _letters(j, same=False))


def _apart(part: Expr) -> tuple[Expr, Sum | None]:
    """number · Sum; None in the place of the Sum where there is none."""
    sums = [factor for factor in Mul.make_args(part) if isinstance(factor, Sum)]
    if not sums:
        return part, None
    number = part / sums[0]
    if not number.is_Rational:
        raise NotASum(f"a sum over the classes is multiplied by {number}, which is not a number")
    return number, sums[0]


def _index(over_classes: Sum) -> Symbol:
    """The index j of a sum over j = 0 … C − 1."""
    j, *ends = over_classes.limits[0]
    if len(over_classes.limits) > 1 or ends != [Integer(0), notation.C - 1]:
        raise NotASum(f"the sum over {j} does not run over all classes, 0 … C − 1")
    return j


def _letters(j: Symbol, *, same: bool) -> Mapping[Basic, Expr]:
    """s[j] and the masks, for the class j = y (`same`) or for another one."""
    found: dict[Basic, Expr] = {notation.s[j]: s_y if same else s_j}
    for pair in ((j, notation.y), (notation.y, j)):
        found |= {equal(*pair): Integer(same), unequal(*pair): Integer(not same)}
    return found


def _read(formula: Expr, letters: Mapping[Basic, Expr]) -> Expr:
    read = formula.xreplace({notation.s[notation.y]: s_y, **letters})
    others = read.free_symbols - {s_j, s_y}
    # A real letter, such as a margin Δ, is one number for every class.
    if all(letter.is_real and not letter.is_integer for letter in others) and not read.has(Sum):
        return read
    raise NotASum(f"{formula} depends on the classes by more than s[j], s[y] and whether j = y")
