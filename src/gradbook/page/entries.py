"""Entries of small matrices: of one shape, compared, and roots of them."""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Abs, Expr, ImmutableMatrix, Integer, sqrt
from sympy.core.relational import Eq, Ge, Gt, Le, Lt, Ne, Relational

from gradbook.notation import hinge
from gradbook.page.core import Letter, Shape

REAL = {"=": Eq, "≠": Ne, "<": Lt, ">": Gt, "≤": Le, "≥": Ge}


def matrix(value: Expr | ImmutableMatrix) -> ImmutableMatrix:
    return value if isinstance(value, ImmutableMatrix) else ImmutableMatrix([[value]])


def compared(sign: str, difference: Expr) -> bool | Relational:
    said = REAL[sign](difference, 0, evaluate=difference.is_number)
    return bool(said) if said in (True, False) else said


def declared(letter: Letter, symbols: ImmutableMatrix) -> Iterator[Relational]:
    """What holds of a letter by what it is declared to be in, besides the signs of its entries."""
    for sign, bound in letter.bounds:
        yield from (REAL[sign](symbol - bound, 0, evaluate=False) for symbol in symbols)
    match letter.which:
        case "shares":
            yield Eq(sum(symbols, Integer(-1)), 0, evaluate=False)
        case "symmetric":
            above = [(a, b) for b in range(symbols.cols) for a in range(b)]
            yield from (Eq(symbols[a, b] - symbols[b, a], 0, evaluate=False) for a, b in above)
        case "invertible":
            yield Ne(symbols.det(method="berkowitz"), 0, evaluate=False)


def root(u: Expr) -> Expr:
    """√u. SymPy makes |x| of √(x²): that is max(0, x) + max(0, −x), with the kink declared."""
    return sqrt(u).replace(Abs, lambda x: hinge(x) + hinge(-x))


def number_if(shape: Shape, value: ImmutableMatrix | Expr) -> Expr | ImmutableMatrix:
    """The one entry of what is a number at every size."""
    return value[0, 0] if shape.is_number and isinstance(value, ImmutableMatrix) else value


def spread(side: ImmutableMatrix, other: ImmutableMatrix) -> ImmutableMatrix:
    """0, as large as what it is compared with."""
    if side.shape == (1, 1) and side[0, 0] == 0 and other.shape != (1, 1):
        return ImmutableMatrix.zeros(*other.shape)
    return side
