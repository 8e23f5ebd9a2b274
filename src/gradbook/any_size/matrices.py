"""Matrices whose sizes are letters: sums, products, entrywise products and functions, transposes.

S (n, C) holds the scores, X̃ (n, m + 1) the examples; Y (n, C) is 1 at (i, y_i) and else 0, and N is
𝟙𝟙ᵀ − Y, the mask j ≠ y_i. Every matrix knows its shape, and its entry i, j as an indexed formula.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr, Integer, Lambda, Mul, Sum, sympify

from gradbook.any_size.binding import free
from gradbook.any_size.letters import RANGES, C, M, S, W, X, label, m, n
from gradbook.notation import equal, unequal

ONE = Integer(1)


class Mismatch(ValueError):
    """Matrices whose shapes do not fit the operation."""


@dataclass(frozen=True)
class Matrix:
    """Something with rows × columns entries; each kind of matrix says what they are."""

    @property
    def shape(self) -> tuple[Expr, Expr]:
        raise NotImplementedError(type(self).__name__)

    def entry(self, i: Expr, j: Expr) -> Expr:
        """Entry i, j as an indexed formula."""
        raise NotImplementedError(type(self).__name__)

    @property
    def parts(self) -> tuple[Matrix, ...]:
        """The matrices that it is made of."""
        return ()


@dataclass(frozen=True)
class Letter(Matrix):
    """A matrix with a name. meaning: what it abbreviates, if it does."""

    name: str
    rows: Expr
    columns: Expr
    meaning: Matrix | None = None

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.rows, self.columns

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return () if self.meaning is None else (self.meaning,)

    def entry(self, i: Expr, j: Expr) -> Expr:
        if self.meaning is not None:
            return self.meaning.entry(i, j)
        match self.name:
            case "Y":
                return equal(j, label[i])
            case "N":
                return unequal(j, label[i])
        return {"S": S, "X̃": X, "W": W, "M": M}[self.name][i, j]


SCORES = Letter("S", n, C)
DATA = Letter("X̃", n, m + 1)
WEIGHTS = Letter("W", C, m + 1)
LABELS = Letter("Y", n, C)
OTHERS = Letter("N", n, C)


@dataclass(frozen=True)
class Ones(Matrix):
    """1 in every entry: 𝟙, a column, or 𝟙ᵀ, a row, or 𝟙𝟙ᵀ."""

    rows: Expr
    columns: Expr = ONE

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.rows, self.columns

    def entry(self, i: Expr, j: Expr) -> Expr:
        return ONE


@dataclass(frozen=True)
class Unit(Matrix):
    """e_k: the column that is 1 at the class k and else 0."""

    k: Expr

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return C, ONE

    def entry(self, i: Expr, j: Expr) -> Expr:
        return equal(i, self.k)


@dataclass(frozen=True)
class Scaled(Matrix):
    """A number, which may be written with C, m and n, times a matrix."""

    number: Expr
    matrix: Matrix

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.matrix.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.matrix,)

    def entry(self, i: Expr, j: Expr) -> Expr:
        return self.number * self.matrix.entry(i, j)


@dataclass(frozen=True)
class Plus(Matrix):
    terms: tuple[Matrix, ...]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.terms[0].shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.terms

    def entry(self, i: Expr, j: Expr) -> Expr:
        return sum((term.entry(i, j) for term in self.terms), Integer(0))


@dataclass(frozen=True)
class Entrywise(Matrix):
    """A ∘ B, the Hadamard product."""

    factors: tuple[Matrix, ...]

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.factors[0].shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.factors

    def entry(self, i: Expr, j: Expr) -> Expr:
        return Mul(*(factor.entry(i, j) for factor in self.factors))


@dataclass(frozen=True)
class Applied(Matrix):
    """f(A), entry by entry."""

    function: Lambda
    matrix: Matrix

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.matrix.shape

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.matrix,)

    def entry(self, i: Expr, j: Expr) -> Expr:
        return self.function(self.matrix.entry(i, j))


@dataclass(frozen=True)
class Transposed(Matrix):
    matrix: Matrix

    @property
    def shape(self) -> tuple[Expr, Expr]:
        rows, columns = self.matrix.shape
        return columns, rows

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return (self.matrix,)

    def entry(self, i: Expr, j: Expr) -> Expr:
        return self.matrix.entry(j, i)


@dataclass(frozen=True)
class Product(Matrix):
    """A B, the product of matrices."""

    left: Matrix
    right: Matrix

    @property
    def shape(self) -> tuple[Expr, Expr]:
        return self.left.shape[0], self.right.shape[1]

    @property
    def parts(self) -> tuple[Matrix, ...]:
        return self.left, self.right

    def entry(self, i: Expr, j: Expr) -> Expr:
        inner = self.left.shape[1]
        if inner == 1:
            return self.left.entry(i, Integer(0)) * self.right.entry(Integer(0), j)
        known = next(known for known in RANGES if known.size == inner)
        k = known.fresh(free(i) | free(j))
        return Sum(self.left.entry(i, k) * self.right.entry(k, j), known.over(k))


# Operations: as above, with numbers in front and without factors that change nothing.


def scaled(number: Expr, matrix: Matrix) -> Matrix:
    """number · A, the number in front of the terms of a sum."""
    if isinstance(matrix, Scaled):
        return scaled(number * matrix.number, matrix.matrix)
    if isinstance(matrix, Plus):
        return plus(*(scaled(number, term) for term in matrix.terms))
    return matrix if number == 1 else Scaled(sympify(number), matrix)


def split(matrix: Matrix) -> tuple[Expr, Matrix]:
    """number and A of number · A."""
    return (matrix.number, matrix.matrix) if isinstance(matrix, Scaled) else (ONE, matrix)


def plus(*terms: Matrix) -> Matrix:
    """A + B + …, like terms together. Raises Mismatch for different shapes."""
    _require_same_shape(terms)
    numbers: dict[Matrix, Expr] = {}
    for term in terms:
        for part in term.terms if isinstance(term, Plus) else (term,):
            number, matrix = split(part)
            numbers[matrix] = numbers.get(matrix, Integer(0)) + number
    left = [scaled(number, matrix) for matrix, number in numbers.items() if number != 0]
    if not left:
        return Scaled(Integer(0), Ones(*terms[0].shape))
    return left[0] if len(left) == 1 else Plus(tuple(left))


def entrywise(*factors: Matrix) -> Matrix:
    """A ∘ B ∘ …, without factors of ones. Raises Mismatch for different shapes."""
    _require_same_shape(factors)
    number: Expr = ONE
    matrices: list[Matrix] = []
    for factor in factors:
        own, matrix = split(factor)
        number *= own
        matrices += matrix.factors if isinstance(matrix, Entrywise) else [matrix]
    kept = [matrix for matrix in matrices if not isinstance(matrix, Ones)]
    if len(kept) < 2:
        return scaled(number, kept[0] if kept else matrices[0])
    return scaled(number, Entrywise(tuple(kept)))


def times(left: Matrix, right: Matrix) -> Matrix:
    """A B. Raises Mismatch where A has not as many columns as B has rows."""
    if left.shape[1] != right.shape[0]:
        raise Mismatch(f"no product of {_written(left)} and {_written(right)} matrices")
    (a, A), (b, B) = split(left), split(right)
    if isinstance(B, Product):
        return scaled(a * b, times(times(A, B.left), B.right))
    if isinstance(A, Ones) and isinstance(B, Ones):
        return scaled(a * b * A.shape[1], Ones(A.shape[0], B.shape[1]))
    if isinstance(A, Product) and isinstance(A.right, Ones) and isinstance(B, Ones):
        return scaled(a * b, times(A.left, times(A.right, B)))
    return scaled(a * b, Product(A, B))


def transposed(matrix: Matrix) -> Matrix:
    """Aᵀ, the transposes at the letters."""
    match matrix:
        case Transposed():
            return matrix.matrix
        case Scaled():
            return scaled(matrix.number, transposed(matrix.matrix))
        case Ones():
            return Ones(matrix.columns, matrix.rows)
        case Product():
            return times(transposed(matrix.right), transposed(matrix.left))
    return Transposed(matrix)


def _require_same_shape(matrices: tuple[Matrix, ...]) -> None:
    different = [other for other in matrices if other.shape != matrices[0].shape]
    if different:
        shapes = f"{_written(matrices[0])} and {_written(different[0])}"
        raise Mismatch(f"no entry by entry operation on {shapes} matrices")


def _written(matrix: Matrix) -> str:
    return " × ".join(map(str, matrix.shape))
