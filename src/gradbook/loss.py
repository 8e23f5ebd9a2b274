"""A loss: one formula of the class scores s₀ … s_{C−1} and the label y, valid for any C.

What is derived here is derived at the scores: μ_a = ∂ℓ/∂s_a. The rest of the gradient is the chain
rule through s = W x̃, ∇_W ℓ = μ x̃ᵀ, whatever the loss.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from sympy import (
    Add,
    Basic,
    Expr,
    ImmutableMatrix,
    Indexed,
    Integer,
    Mul,
    Pow,
    Rational,
    Sum,
    Symbol,
    diff,
    lambdify,
    latex,
    preorder_traversal,
    pretty,
    sympify,
)

from gradbook import arguments, notation
from gradbook.kinks import declared
from gradbook.notation import equal, hinge, step
from gradbook.penalty import L2

#: Letters, each with the number that it stands for unless told otherwise.
Parameters = tuple[tuple[Symbol, Rational], ...]

#: The scores, and what every kernel is called with: a parameter is given by its name beside them.
TAKEN = ("s", "W", "X", "y", "weights")

#: The score of the correct class, s_y, while y is still a letter.
score_of_label = Symbol("s_y", real=True)


@dataclass(frozen=True)
class Loss:
    """A per-example loss, as a SymPy formula.

    name:     what a person calls it.
    formula:  an expression of `notation.s[...]`, `notation.C` and `notation.y`; sums run over class
              indices and are written with `sympy.Sum`. A kink is written with `hinge` or `step`,
              which carry the value declared there, or with what `kinks` reads as one.
    key:      a name for files and functions, of letters, digits and underscores.
    cites:    which line of a derivation states the "loss", its "kink", its "gradient" for one
              example and its "mean" over examples; a verdict names these lines.
    called:   words in the names of functions that people write for it.

    What the page has not, and practice has:

    parameters: letters of the formula, or λ of the penalty, that are numbers chosen when the loss
              is used, each with the number it stands for unless told otherwise: {Delta: 1}.
    penalty:  what is added to the mean over the examples.
    weighted: whether example i counts w_i times: the mean is (1/n) Σ_i w_i ℓ_i, n not Σ_i w_i.
    """

    name: str
    formula: Expr
    key: str
    cites: Mapping[str, str] = field(default_factory=dict, compare=False, hash=False)
    parameters: Parameters = ()
    penalty: L2 | None = None
    weighted: bool = False
    called: tuple[str, ...] = field(default=(), compare=False)

    def __post_init__(self) -> None:
        self._check_arguments()
        object.__setattr__(self, "formula", declared(sympify(self.formula)))
        object.__setattr__(self, "parameters", _numbers(self.parameters))
        letters = {letter for letter, _ in self.parameters}
        written = {letter.name for letter in letters | self.formula.atoms(Symbol)}
        for name in written:
            arguments.text("the name of a letter", name)
        known = {notation.C, notation.y, notation.s, notation.s.label} | letters
        extra = sorted(
            str(letter)
            for letter in self.formula.free_symbols
            if letter not in known and not isinstance(letter, Indexed)
        )
        if extra:
            raise ValueError(
                "formula may contain the scores s, C, y and its parameters, and no other free "
                f"letter: {extra[0]}"
            )
        if self.penalty is not None and self.penalty.strength.free_symbols - letters:
            raise ValueError(
                f"parameters must give a number for the penalty's {self.penalty.strength}"
            )

    def _check_arguments(self) -> None:
        arguments.text("name", self.name)
        arguments.instance("key", self.key, str, "text")
        if not self.key.isidentifier():
            shown = arguments.shown(self.key)
            raise ValueError(f"key must be letters, digits and underscores, not {shown}")
        arguments.expression("formula", self.formula, "a SymPy expression of the scores")
        arguments.instance("cites", self.cites, Mapping, 'a mapping such as {"loss": "N3"}')
        for part, line in self.cites.items():
            arguments.text("a key of cites", part)
            arguments.text(f"cites[{part!r}]", line)
        arguments.instance("penalty", self.penalty, (L2, type(None)), "an L2 or None")
        arguments.flag("weighted", self.weighted)
        arguments.instance("called", self.called, tuple, "a tuple of words")
        for word in self.called:
            arguments.text("called", word)

    def where(self, **numbers: Any) -> Loss:
        """The same loss with numbers for some of its parameters: svm_with_margin.where(Delta=2).

        Raises TypeError for a name that is none of the parameters.
        """
        letters = {letter.name: letter for letter, _ in self.parameters}
        for name in numbers.keys() - letters.keys():
            raise TypeError(f"{self.name} has no parameter {name}: {', '.join(letters) or 'none'}")
        values = {letters[name]: arguments.rational(name, value) for name, value in numbers.items()}
        return replace(
            self,
            formula=self.formula.xreplace(values),
            parameters=tuple(pair for pair in self.parameters if pair[0] not in values),
            penalty=self.penalty and self.penalty.at(values),
        )

    @cached_property
    def in_numbers(self) -> Loss:
        """The same loss with every parameter the number that it is unless told otherwise."""
        numbers = {letter.name: number for letter, number in self.parameters}
        return self.where(**numbers) if numbers else self

    def at(self, classes: int, label: int | Symbol = notation.y, example: int = 0) -> Expr:
        """ℓ for `classes` classes, in the symbols s_0 … s_{C−1}, or s⁽ⁱ⁾_0 … for example i ≥ 1.

        label: an integer 0 … C − 1, or a letter: then s_y stands for the label's score, and
        equal(j, y), unequal(j, y) for the comparisons with it.
        Raises ValueError for fewer than two classes, a label out of range, or a formula that asks
        for a score that is not there.
        """
        require_classes(classes)
        arguments.integer("example", example, 0, arguments.MOST)
        if not isinstance(label, Symbol):
            label = _label(label, classes)
        return _at(self.formula, int(classes), sympify(label), example)

    def coefficients(self, classes: int, label: int | Symbol = notation.y) -> tuple[Expr, ...]:
        """μ₀ … μ_{C−1}: the derivative of ℓ with respect to each score, kinks as declared."""
        loss = self.at(classes, label)
        own = diff(loss, score_of_label)
        return tuple(
            diff(loss, score) + (equal(Integer(a), label) * own if own else 0)
            for a, score in enumerate(scores(classes))
        )

    def kinks(self, classes: int, label: int | Symbol = notation.y) -> tuple[Expr, ...]:
        """The expressions u of the scores at whose zeros ℓ or its gradient has a kink."""
        loss = self.at(classes, label)
        return tuple(dict.fromkeys(atom.args[0] for atom in _ordered_atoms(loss)))

    def gradient(self, classes: int, features: int, label: int) -> ImmutableMatrix:
        """∇_W ℓ = μ x̃ᵀ, shape (C, m + 1), with x̃ = (1, x_1, …, x_m)."""
        arguments.integer("features", features, 0, arguments.MOST)
        mu = ImmutableMatrix(self.coefficients(classes, label))
        x = ImmutableMatrix([Integer(1), *features_of(features)])
        return mu * x.T

    def exact(
        self, W: ArrayLike, X: ArrayLike, y: ArrayLike, weights: ArrayLike | None = None
    ) -> tuple[Fraction, np.ndarray]:
        """Mean loss and gradient in exact rational arithmetic, penalty included.

        W: (C, D), X: (n, D) of numbers that Fraction accepts (floats are taken as the binary
        fractions they are), y: (n,) of labels, weights: (n,), for a weighted loss, 1 each unless
        given. Parameters are the numbers of `in_numbers`.

        Returns a Fraction and a (C, D) object array of Fractions. Raises ValueError for other
        shapes, labels out of range, or a formula that is more than sums, products, quotients and
        powers of rationals, hinges and steps, or that has no value there.
        """
        W, X, y = (_array(name, value) for name, value in (("W", W), ("X", X), ("y", y)))
        if weights is not None and not self.weighted:
            raise ValueError(f"weights must not be given for {self.name}: it is not weighted")
        counts = np.ones(len(X), int) if weights is None else _array("weights", weights)
        if W.ndim != 2 or y.ndim != 1 or X.shape != (len(y), W.shape[1]) or not X.size:
            shapes = f"{W.shape}, {X.shape} and {y.shape}"
            raise ValueError(f"W must be (C, D), X (n, D) and y (n,), with n ≥ 1, not {shapes}")
        if counts.shape != y.shape:
            raise ValueError(f"weights must be (n,), {y.shape}, not {counts.shape}")
        rows, examples = (_fractions(name, value) for name, value in (("W", W), ("X", X)))
        (of_examples,) = _fractions("weights", counts[None])
        classes, width = W.shape
        labels = [_label(label, classes) for label in y.tolist()]
        total = Fraction(0)
        gradient = np.full((classes, width), Fraction(0), dtype=object)
        for x, label, count in zip(examples, labels, of_examples, strict=True):
            s = [sum((w * v for w, v in zip(row, x, strict=True)), Fraction(0)) for row in rows]
            loss, mu = self.exact_at_scores(s, label)
            total += count * loss
            for a, coefficient in enumerate(mu):
                if coefficient:
                    gradient[a] += [count * coefficient * v for v in x]
        total, gradient = total / len(examples), gradient / Fraction(len(examples))
        penalty = self.in_numbers.penalty
        return (total, gradient) if penalty is None else penalty.added(rows, total, gradient)

    def exact_at_scores(
        self, s: Sequence[Fraction], label: int
    ) -> tuple[Fraction, tuple[Fraction, ...]]:
        """ℓ and μ at given scores, exactly. Raises ValueError as `exact` does."""
        compute = _exact_function(self.in_numbers, len(s), _label(label, len(s)))
        try:
            loss, *mu = compute(*s)
        except ZeroDivisionError:
            raise ValueError(f"{self.name} has no value at s = {', '.join(map(str, s))}") from None
        return Fraction(loss), tuple(
            value if isinstance(value, Fraction) else Fraction(value) for value in mu
        )

    def __str__(self) -> str:
        return f"{self.name}: ℓ = {pretty(self.formula, wrap_line=False)}"

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle \ell = {latex(self.formula)}$"


def _numbers(parameters: Parameters | Mapping[Symbol, Any]) -> Parameters:
    """The parameters as pairs. Raises TypeError and ValueError for one that is no real letter."""
    accepted = "a mapping of letters to numbers, such as {Delta: 1}"
    arguments.instance("parameters", parameters, (Mapping, tuple, list), accepted)
    pairs = list(parameters.items() if isinstance(parameters, Mapping) else parameters)
    for pair in pairs:
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise TypeError(f"parameters must be {accepted}, not {arguments.shown(parameters)}")
        letter = pair[0]
        if not isinstance(letter, Symbol) or not letter.is_real or letter.is_integer:
            shown = arguments.shown(letter)
            raise ValueError(f"a key of parameters must be a Symbol of a real number, not {shown}")
    names = [str(letter) for letter, _ in pairs]
    if taken := next((name for name in names if name in TAKEN or names.count(name) > 1), None):
        raise ValueError(
            f"parameters must have names of their own, unlike {', '.join(TAKEN)}, not {taken}"
        )
    return tuple(
        (letter, arguments.rational(f"parameters[{letter}]", value)) for letter, value in pairs
    )


def require_classes(classes: int) -> None:
    """Raises ValueError unless there are at least two classes."""
    arguments.integer("classes", classes, 2, arguments.MOST)


def _array(name: str, value: ArrayLike) -> np.ndarray:
    try:
        return np.atleast_1d(np.asarray(value))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(
            f"{name} must be an array of numbers, or lists of equal length, not "
            f"{arguments.shown(value)}"
        ) from None


def _fractions(name: str, rows: np.ndarray) -> list[list[Fraction]]:
    """The numbers of a matrix. Raises ValueError where one is none, or not finite."""
    try:
        return [[Fraction(value) for value in row] for row in rows.tolist()]
    except (TypeError, ValueError, OverflowError):
        shown = arguments.shown(rows.tolist())
        raise ValueError(f"{name} must hold finite numbers, not {shown}") from None


def _label(label: Any, classes: int) -> int:
    """A label as an integer. Raises ValueError unless it is one of 0 … C − 1."""
    if not _is_integer(label) or not 0 <= label < classes:
        shown = arguments.shown(label)
        raise ValueError(f"label must be an integer 0 … {classes - 1}, not {shown}")
    return int(label)


def _is_integer(value: Any) -> bool:
    """Python's, NumPy's and SymPy's integers, but neither 2.0 nor True."""
    return hasattr(value, "__index__") and not isinstance(value, bool)


@cache
def scores(classes: int, example: int = 0, prime: bool = False) -> tuple[Symbol, ...]:
    """The symbols s_0 … s_{C−1}; of example i as s⁽ⁱ⁾_0 …; primed for a second point s′."""
    head = ("s'" if prime else "s") + (f"__({example})" if example else "")
    return tuple(Symbol(f"{head}_{a}", real=True) for a in range(classes))


@cache
def features_of(features: int, example: int = 0) -> tuple[Symbol, ...]:
    """The symbols x_1 … x_m; of example i as x⁽ⁱ⁾_1 …"""
    head = "x" + (f"__({example})" if example else "")
    return tuple(Symbol(f"{head}_{b}", real=True) for b in range(1, features + 1))


@cache
def weights(classes: int, width: int) -> ImmutableMatrix:
    """The (C, m + 1) matrix of the symbols W_00, W_01, …"""
    gap = "" if max(classes, width) <= 10 else "_"
    return ImmutableMatrix(classes, width, lambda a, b: Symbol(f"W_{a}{gap}{b}", real=True))


@cache
def _at(formula: Expr, classes: int, label: Expr, example: int) -> Expr:
    values = {notation.C: Integer(classes), notation.y: label}
    return _instantiate(formula, values, scores(classes, example))


def _instantiate(expr: Basic, values: Mapping[Basic, Expr], s: Sequence[Symbol]) -> Expr:
    """`expr` with its letters replaced, its finite sums written out and s[j] as s_j.

    SymPy's own `subs(...).doit()` mangles masks and ranges here; this does one thing only.
    """
    if isinstance(expr, Sum):
        *inner, (index, *limits) = expr.limits  # the limits of the outermost sum come last
        first, last = (_instantiate(limit, values, s) for limit in limits)
        if not (first.is_Integer and last.is_Integer):
            raise ValueError(f"a sum must run over class numbers, not from {first} to {last}")
        summand = Sum(expr.function, *inner) if inner else expr.function
        terms = [
            _instantiate(summand, {**values, index: Integer(value)}, s)
            for value in range(int(first), int(last) + 1)
        ]
        return sum(terms, Integer(0))
    if isinstance(expr, Indexed):
        return _score(_instantiate(expr.indices[0], values, s), values[notation.y], s)
    if expr in values:
        return values[expr]
    if not expr.args:
        return expr
    return expr.func(*(_instantiate(argument, values, s) for argument in expr.args))


def _score(index: Expr, label: Expr, s: Sequence[Symbol]) -> Symbol:
    """The score with this index: a class number, or the label while that is still a letter."""
    if index == label and not index.is_Integer:
        return score_of_label
    if not index.is_Integer or not 0 <= index < len(s):
        raise ValueError(f"the formula asks for the score s[{index}] of {len(s)} classes")
    return s[int(index)]


def _ordered_atoms(expr: Basic) -> list[Basic]:
    """The hinges and steps of `expr`, s_2 before s_10."""

    def by_number(atom: Basic) -> list[str | int]:
        return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", str(atom))]

    return sorted(expr.atoms(hinge, step), key=by_number)


@cache
def _exact_function(loss: Loss, classes: int, label: int) -> Callable[..., Any]:
    """(s_0, …, s_{C−1}) → [ℓ, μ_0, …], for Fractions."""
    exact = {
        "hinge": lambda u, at_kink: u if u > 0 else 0,
        "step": lambda u, at_kink: int(u > 0) if u else Fraction(at_kink),
        "Rational": Fraction,
    }
    formulas = [loss.at(classes, label), *loss.coefficients(classes, label)]
    for part in (part for formula in formulas for part in preorder_traversal(formula)):
        if not _is_rational(part):
            raise ValueError(f"{loss.name} has no exact value: {part} is not rational")
    return lambdify(scores(classes), formulas, modules=[exact], printer=_exact_printer())


def _is_rational(part: Basic) -> bool:
    """Whether this operation turns rationals into rationals."""
    if isinstance(part, Pow):
        return part.exp.is_Integer
    return isinstance(part, Symbol | Rational | Add | Mul | hinge | step)


def _exact_printer() -> Any:
    from sympy.printing.lambdarepr import LambdaPrinter

    class ExactPrinter(LambdaPrinter):
        """Rationals stay rationals: 1/2 is printed as a Fraction, not as 0.5."""

        def _print_Rational(self, expr: Rational) -> str:
            return f"Rational({expr.p}, {expr.q})"

    return ExactPrinter({"fully_qualified_modules": False, "allow_unknown_functions": True})
