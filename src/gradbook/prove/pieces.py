"""Formulas as polynomials over the rationals, in their letters and in their kinks.

Each hinge and each step counts as one more letter. Inside a cell of the scores it has a polynomial
of its own, which takes its place; there, formulas are equal if and only if their polynomials are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add, mul

from sympy import QQ, Add, Expr, Mul, Pow, Rational, Symbol
from sympy.polys.rings import PolyElement, PolyRing

from gradbook.regions import Cell, NotAffine, kinks_of, letters_of

#: What takes the place of a letter: pairs of a generator of the ring and a polynomial.
Replacements = list[tuple[PolyElement, PolyElement]]


@dataclass(frozen=True, eq=False)
class Pieces:
    """A ring of polynomials, and what has been read in it so far.

    kinks: each hinge and step that has a letter of its own.
    known: the polynomials of the letters and kinks, and of every formula that was read.
    """

    ring: PolyRing
    kinks: tuple[Expr, ...]
    known: dict[Expr, PolyElement]

    @staticmethod
    def of(formulas: Sequence[Expr], meaning: Mapping[Symbol, Expr]) -> Pieces:
        """The ring for these formulas.

        meaning: what some of their letters stand for, such as s_j for W_j x̃.
        """
        written = frozenset().union(*map(letters_of, formulas))
        meant = {name: meaning[name] for name in written if name in meaning}
        names = (written - meant.keys()).union(*map(letters_of, meant.values()))
        kinks = tuple(dict.fromkeys(kink for formula in formulas for kink in kinks_of(formula)))
        symbols = [*sorted(names, key=str), *(Symbol(f"kink {i}") for i in range(len(kinks)))]
        ring = PolyRing(symbols or [Symbol("none")], QQ)
        known = dict(zip([*symbols[: len(names)], *kinks], ring.gens, strict=False))
        pieces = Pieces(ring, kinks, known)
        known.update({name: pieces.read(value) for name, value in meant.items()})
        return pieces

    def read(self, formula: Expr) -> PolyElement:
        """The polynomial of a formula. Raises NotAffine where it has none."""
        if formula not in self.known:
            self.known[formula] = self._read(formula)
        return self.known[formula]

    def _read(self, formula: Expr) -> PolyElement:
        match formula:
            case Add():
                return reduce(add, map(self.read, formula.args))
            case Mul():
                return reduce(mul, map(self.read, formula.args))
            case Pow(base=base, exp=exponent) if exponent.is_Integer and exponent > 0:
                return self.read(base) ** int(exponent)
            case Rational():
                return self.ring.ground_new(QQ(int(formula.p), int(formula.q)))
        raise NotAffine(formula, "is not a polynomial in letters, hinges and steps")

    def inside(self, formula: Expr, region: Replacements) -> PolyElement:
        """The polynomial that a formula is in a region. Raises NotAffine where it has none."""
        polynomial = self.read(formula)
        return polynomial.compose(region) if polynomial and region else polynomial

    def region(self, cell: Cell) -> Replacements:
        """What takes the place of each kink in a cell, and of the letters that a face fixes."""
        fixed = [
            (self.known[t], self.read(value))
            for t, value in cell.equalities.items()
            if t in self.known
        ]
        kinks = [
            (self.known[atom], self.read(cell.piece(atom)).compose(fixed)) for atom in self.kinks
        ]
        return [*fixed, *kinks]
