"""The gradient as a matrix: differentials under a trace. Route two.

For n L = 𝟙ᵀ v, the losses v of all examples written with S = X̃ Wᵀ, the differential n dL is brought
into the form tr(Mᵀ dS). Then it is tr(Mᵀ X̃ dWᵀ), the sum of the products of the entries of Mᵀ X̃ and
dW, so that ∇_W L = (1/n) Mᵀ X̃. Each rule moves what stands around a differential across the trace::

    tr(Aᵀ (B ∘ dU)) = tr((A ∘ B)ᵀ dU)
    tr(Aᵀ dU B) = tr((A Bᵀ)ᵀ dU)         tr(Aᵀ B dU) = tr((Bᵀ A)ᵀ dU)

No rule of route one is used; the two share only what the derivative of each function is, `slope`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from sympy import Expr, Function, Indexed, Integer, Lambda, Pow, Sum, Symbol

from gradbook.any_size.binding import depends, free, nested, with_usual_indices
from gradbook.any_size.letters import CLASSES, C, a, b, m, n, range_between, s, y
from gradbook.any_size.matrices import (
    DATA,
    LABELS,
    ONE,
    OTHERS,
    SCORES,
    Applied,
    Entrywise,
    Letter,
    Matrix,
    Ones,
    Plus,
    Product,
    Scaled,
    Transposed,
    Unit,
    entrywise,
    plus,
    scaled,
    times,
    transposed,
)
from gradbook.any_size.rules import slope
from gradbook.loss import Loss
from gradbook.notation import equal, unequal

u = Symbol("u", real=True)


class NotMatrix(ValueError):
    """A loss that is not made of matrices with one row for each example."""


# The loss in matrices.


def losses(formula: Expr) -> Matrix:
    """v (n, 1), whose entry i is the loss of example i.

    Raises NotMatrix for a formula that would need three indices, or a sum over some classes only.
    """
    return _in_matrices(with_usual_indices(formula), None)


def _in_matrices(expr: Expr, index: Symbol | None) -> Matrix:
    """A formula of one example: (n, C) if it may depend on the class `index`, else (n, 1)."""
    if index is not None and not depends(expr, index):
        return _repeated(_in_matrices(expr, None))
    if _is_number(expr):
        return scaled(expr, Ones(n))
    match expr:
        case Indexed() if expr.base == s:
            return _score(expr.indices[0], index)
        case equal() | unequal():
            return _comparison(expr, index)
        case Sum():
            return _total(expr, index)
    if expr.is_Add:
        return plus(*(_in_matrices(term, index) for term in expr.args))
    if expr.is_Mul:
        return entrywise(*(_in_matrices(factor, index) for factor in expr.args))
    if isinstance(expr, Function | Pow):
        return _applied(expr, index)
    raise NotMatrix(f"{expr} is not made of matrices")


def _is_number(expr: Expr) -> bool:
    """Whether `expr` is the same for every example."""
    letters = {letter for letter in free(expr) if letter.is_integer or not letter.is_real}
    return letters <= {C, m, n} and not expr.atoms(Indexed)


def _repeated(column: Matrix) -> Matrix:
    """The column, C times."""
    return times(column, Ones(ONE, C))


def _score(class_: Expr, index: Symbol | None) -> Matrix:
    if class_ == index:
        return SCORES
    if class_ == y:
        return times(entrywise(SCORES, LABELS), Ones(C))
    if not free(class_):
        return times(SCORES, Unit(class_))
    raise NotMatrix(f"the score of class {class_} needs a third index")


def _comparison(expr: Expr, index: Symbol | None) -> Matrix:
    p, q = expr.args
    if {p, q} == {index, y}:
        return LABELS if isinstance(expr, equal) else OTHERS
    number = next((term for term in (p, q) if not free(term)), None)
    letter = q if p == number else p
    if number is None or letter not in (index, y):
        raise NotMatrix(f"a comparison of {p} with {q} needs a third index")
    unit = Unit(number)
    is_number = times(LABELS, unit) if letter == y else times(Ones(n), transposed(unit))
    return (
        is_number
        if isinstance(expr, equal)
        else plus(Ones(*is_number.shape), scaled(Integer(-1), is_number))
    )


def _total(expr: Sum, index: Symbol | None) -> Matrix:
    summand, own, first, last = nested(expr)
    if range_between(first, last) != CLASSES:
        raise NotMatrix(f"a sum over the classes {first} … {last} only is not made of matrices")
    if index is not None:
        raise NotMatrix(f"a sum over {own} inside one over {index} needs a third index")
    return times(_in_matrices(summand, own), Ones(C))


def _applied(expr: Expr, index: Symbol | None) -> Matrix:
    """f(A) for a function of one argument that varies."""
    varying = [part for part in expr.args if not _is_number(part)]
    if len(varying) != 1:
        raise NotMatrix(f"{expr} is a function of several matrices")
    function = expr.func(*(u if part == varying[0] else part for part in expr.args))
    return Applied(Lambda(u, function), _in_matrices(varying[0], index))


# Names for what functions are applied to, as a person would give them.


def with_names(matrix: Matrix, names: Iterator[str]) -> Matrix:
    """`matrix` with a letter for each compound matrix that a function is applied to."""
    if isinstance(matrix, Applied):
        inside = with_names(matrix.matrix, names)
        if not isinstance(inside, Letter):
            inside = Letter(next(names), *inside.shape, inside)
        return Applied(matrix.function, inside)
    return _rebuilt(matrix, lambda part: with_names(part, names))


def _rebuilt(matrix: Matrix, function: Callable[[Matrix], Matrix]) -> Matrix:
    match matrix:
        case Plus():
            return Plus(tuple(map(function, matrix.terms)))
        case Entrywise():
            return Entrywise(tuple(map(function, matrix.factors)))
        case Product():
            return Product(function(matrix.left), function(matrix.right))
        case Scaled() | Transposed():
            return replace(matrix, matrix=function(matrix.matrix))
    return matrix


def abbreviations(matrix: Matrix) -> list[Letter]:
    """The letters with a meaning in `matrix`, each before those that it is used in."""
    found = [letter for part in matrix.parts for letter in abbreviations(part)]
    if isinstance(matrix, Letter) and matrix.meaning is not None:
        found.append(matrix)
    return list(dict.fromkeys(found))


# Differentials.


@dataclass(frozen=True)
class Pair:
    """tr(Aᵀ dB)."""

    A: Matrix
    B: Matrix


Pairs = tuple[Pair, ...]


@dataclass(frozen=True)
class MatrixStep:
    """A sum of traces, rewritten by one rule."""

    rule: str
    before: Pairs
    after: Pairs


def varies(matrix: Matrix) -> bool:
    """Whether the matrix depends on W, that is, on S."""
    return matrix == SCORES or any(map(varies, matrix.parts))


def _linear(pair: Pair) -> Iterable[Pair]:
    match pair.B:
        case Plus():
            return [Pair(pair.A, term) for term in pair.B.terms]
        case Scaled():
            return [Pair(scaled(pair.B.number, pair.A), pair.B.matrix)]
    return [pair]


def _product(pair: Pair) -> Iterable[Pair]:
    if not isinstance(pair.B, Product):
        return [pair]
    left, right = pair.B.left, pair.B.right
    return [
        Pair(times(pair.A, transposed(right)), left),
        Pair(times(transposed(left), pair.A), right),
    ]


def _entrywise(pair: Pair) -> Iterable[Pair]:
    if not isinstance(pair.B, Entrywise):
        return [pair]
    factors = pair.B.factors
    return [
        Pair(entrywise(pair.A, *factors[:place], *factors[place + 1 :]), factor)
        for place, factor in enumerate(factors)
    ]


def _function(pair: Pair) -> Iterable[Pair]:
    if not isinstance(pair.B, Applied):
        return [pair]
    f = pair.B.function(u)
    derivative = slope(f, 1 + f.args.index(u))
    inside = pair.B.matrix
    if not depends(derivative, u):
        return [Pair(scaled(derivative, pair.A), inside)]
    number, rest = derivative.as_independent(u, as_Add=False)
    factor = inside if rest == u else Applied(Lambda(u, rest), inside)
    return [Pair(scaled(number, entrywise(pair.A, factor)), inside)]


def _meaning(pair: Pair) -> Iterable[Pair]:
    if isinstance(pair.B, Letter) and pair.B.meaning is not None:
        return [Pair(pair.A, pair.B.meaning)]
    return [pair]


RULES: tuple[tuple[str, Callable[[Pair], Iterable[Pair]]], ...] = (
    ("d is linear", _linear),
    ("tr(Aᵀ dU B) = tr((A Bᵀ)ᵀ dU)", _product),
    ("tr(Aᵀ (B ∘ dU)) = tr((A ∘ B)ᵀ dU)", _entrywise),
    ("d f(U) = f′(U) ∘ dU", _function),
    ("a letter written out", _meaning),
)
COLLECTED = "tr is linear"


def differentiated(start: Pairs) -> tuple[MatrixStep, ...]:
    """The steps from tr(Aᵀ dv) to tr(Gᵀ dS), one rule at a time, wherever it fits."""
    steps: list[MatrixStep] = []
    while True:
        pairs = steps[-1].after if steps else start
        for rule, apply in RULES:
            after = _exhausted(apply, pairs)
            if after != pairs:
                steps.append(MatrixStep(rule, pairs, after))
                break
        else:
            collected = _collected(pairs)
            steps += [MatrixStep(COLLECTED, pairs, collected)] * (collected != pairs)
            return tuple(steps)


def _exhausted(apply: Callable[[Pair], Iterable[Pair]], pairs: Pairs) -> Pairs:
    """The pairs with a rule applied until it fits nowhere; the differential of a constant is 0."""
    while True:
        after = tuple(new for pair in pairs for new in apply(pair) if varies(new.B))
        if after == pairs:
            return pairs
        pairs = after


def _collected(pairs: Pairs) -> Pairs:
    targets = dict.fromkeys(pair.B for pair in pairs)
    return tuple(Pair(plus(*(p.A for p in pairs if target == p.B)), target) for target in targets)


@dataclass(frozen=True)
class MatrixRoute:
    """The derivation of one loss in matrices.

    losses:   v (n, 1), with n L = 𝟙ᵀ v.
    steps:    from n dL = tr(𝟙ᵀ dv) to tr(Mᵀ dS).
    M:        (n, C), written with S, Y and N.
    gradient: (1/n) Mᵀ X̃ (C, m + 1).
    """

    loss: Loss
    losses: Matrix
    steps: tuple[MatrixStep, ...]
    M: Matrix
    gradient: Matrix

    @property
    def names(self) -> list[Letter]:
        """U and whatever else is abbreviated, in the order of definition."""
        return abbreviations(self.losses)

    @property
    def entry(self) -> Expr:
        """Entry a, b of the gradient as an indexed formula, M written out."""
        return self.gradient.entry(a, b)


def derive_matrix(loss: Loss) -> MatrixRoute:
    """The gradient of a loss for any C, m and n, by differentials.

    Raises NotMatrix where the loss is not made of matrices, NotDerivable where a derivative of
    one of its functions is not declared.
    """
    v = with_names(losses(loss.formula), iter(("U", "V", "P", "Q", "R", "T")))
    steps = differentiated((Pair(Ones(n), v),))
    end = steps[-1].after if steps else ()
    coefficients = end[0].A if end else scaled(Integer(0), Ones(n, C))
    M = Letter("M", n, C, coefficients)
    return MatrixRoute(
        loss=loss,
        losses=v,
        steps=steps,
        M=coefficients,
        gradient=scaled(1 / n, times(transposed(M), DATA)),
    )
