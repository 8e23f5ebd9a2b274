"""A loss at one size, taken apart into named steps: what every target prints.

The gradient is derived at the scores, with the label y still a letter (N2, N14, N17)::

    s_a = W_a x̃                     the scores
    is_a, not_a = 1{a = y}, 1{a ≠ y}
    s_y = Σ_a is_a s_a               the score of the label: a sum, so that nobody branches on y
    u_i                              the arguments of the kinks, "margins", in natural order
    h_i, on_i = max(0, u_i), 1{u_i > 0}
    t_i                              what several of the following have in common
    μ_a = ∂ℓ/∂s_a, ℓ                 the coefficients and the loss
    G_ab = μ_a x̃_b                   the gradient of one example

so that the steps are Θ(C·m), where expanding W x̃ before differentiating gives Θ(C·m²).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sympy import (
    Add,
    Basic,
    Expr,
    MatrixSymbol,
    Symbol,
    cse,
    numbered_symbols,
)

from gradbook import arguments, notation
from gradbook.loss import Loss, score_of_label
from gradbook.loss import scores as score_symbols
from gradbook.notation import equal, hinge, step, unequal

Definition = tuple[Symbol, Expr]


@dataclass(frozen=True)
class Stage:
    """Steps of one kind, each in terms of those before it."""

    title: str
    definitions: tuple[Definition, ...]


@dataclass(frozen=True)
class Stages:
    """The steps from W, x̃ and y to the loss and the gradient of one example.

    W:         a MatrixSymbol (C, m + 1); x: the symbols x_0 … x_m of x̃; y: the label.
    scores:    s_a in W and x.
    algebra:   the stages from the scores and y up to what follows.
    mu, loss:  μ_0 … μ_{C−1} and ℓ.
    gradient:  G_a_b = μ_a x_b, a row for each class.
    """

    W: MatrixSymbol
    x: tuple[Symbol, ...]
    y: Symbol
    scores: tuple[Definition, ...]
    algebra: tuple[Stage, ...]
    mu: tuple[Definition, ...]
    loss: Definition
    gradient: tuple[tuple[Definition, ...], ...]

    def __iter__(self) -> Iterator[Stage]:
        """All stages, in an order in which they can be computed."""
        yield Stage("the scores, s = W x̃", self.scores)
        yield from self.algebra
        yield Stage("the coefficients, μ = ∂ℓ/∂s", self.mu)
        yield Stage("the loss", (self.loss,))
        yield Stage("the gradient, μ x̃ᵀ", tuple(entry for row in self.gradient for entry in row))


def stages(loss: Loss, classes: int, features: int) -> Stages:
    """The stages of `loss` for C = classes and m = features.

    Raises ValueError unless classes is an integer ≥ 2 and features one ≥ 0.
    """
    classes = arguments.integer("classes", classes, 2)
    features = arguments.integer("features", features, 0)
    W = MatrixSymbol("W", classes, features + 1)
    x = tuple(Symbol(f"x_{b}", real=True) for b in range(features + 1))
    s = score_symbols(classes)
    algebra, (value, *mu) = _algebra(loss, classes)
    coefficients = tuple((Symbol(f"mu_{a}", real=True), mu[a]) for a in range(classes))
    return Stages(
        W=W,
        x=x,
        y=notation.y,
        scores=tuple(
            (s[a], Add(*(W[a, b] * x_b for b, x_b in enumerate(x)))) for a in range(classes)
        ),
        algebra=algebra,
        mu=coefficients,
        loss=(Symbol("loss", real=True), value),
        gradient=tuple(
            tuple(
                (Symbol(f"G_{a}_{b}", real=True), (mu_a if value.free_symbols else value) * x_b)
                for b, x_b in enumerate(x)
            )
            for a, (mu_a, value) in enumerate(coefficients)
        ),
    )


def _algebra(loss: Loss, classes: int) -> tuple[tuple[Stage, ...], tuple[Expr, ...]]:
    """The stages between the scores and (ℓ, μ_0, …), and these in terms of them."""
    formulas: tuple[Expr, ...] = (loss.at(classes), *loss.coefficients(classes))
    found: list[Stage] = []
    if any(score_of_label in formula.free_symbols for formula in formulas):
        s = score_symbols(classes)
        label = Add(*(equal(a, notation.y) * s_a for a, s_a in enumerate(s)))
        formulas = (label, *formulas)
    masks = _masks(formulas)
    found.append(Stage("which class is the label", tuple((masks[mask], mask) for mask in masks)))
    formulas = tuple(formula.xreplace(masks) for formula in formulas)
    if len(formulas) > classes + 1:
        label, *rest = formulas
        formulas = tuple(rest)
        found.append(Stage("its score", ((score_of_label, label),)))
    formulas, kinks = _kinks(formulas)
    shared, formulas = _shared(formulas)
    found += [*kinks, Stage("what is used more than once", shared)]
    return tuple(stage for stage in found if stage.definitions), formulas


def _masks(formulas: Iterable[Expr]) -> dict[Basic, Symbol]:
    """A name for each comparison with the label: is_a, not_a, or mask_i for an unusual one."""
    names: dict[Basic, Symbol] = {}
    for kind, head in ((equal, "is"), (unequal, "not")):
        for mask in _in_natural_order(_atoms(formulas, kind)):
            a, b = mask.args
            usual = a.is_Integer and b == notation.y
            names[mask] = Symbol(f"{head}_{a}" if usual else f"mask_{len(names)}", real=True)
    return names


def _kinks(formulas: tuple[Expr, ...]) -> tuple[tuple[Expr, ...], list[Stage]]:
    """The formulas without hinges and steps, and the stages that name these, inner ones first."""
    found: list[Stage] = []
    number: dict[Expr, int] = {}
    while kinks := [
        kink for kink in _atoms(formulas, hinge, step) if not kink.args[0].has(hinge, step)
    ]:
        new = _in_natural_order({kink.args[0] for kink in kinks} - number.keys())
        number |= {u: len(number) + i for i, u in enumerate(new)}
        kinks.sort(key=lambda kink: (number[kink.args[0]], str(kink.args[1])))
        margin = {u: Symbol(f"u_{i}", real=True) for u, i in number.items()}
        names = {kink: _name(kink, number[kink.args[0]]) for kink in kinks}
        found.append(Stage("the margins", tuple((margin[u], u) for u in new)))
        found += [
            Stage(
                title,
                tuple(
                    (names[kink], kind(margin[kink.args[0]], kink.args[1]))
                    for kink in kinks
                    if isinstance(kink, kind)
                ),
            )
            for title, kind in (("their positive parts", hinge), ("the indicators", step))
        ]
        formulas = tuple(formula.xreplace(names) for formula in formulas)
    return formulas, found


def _shared(formulas: tuple[Expr, ...]) -> tuple[tuple[Definition, ...], tuple[Expr, ...]]:
    """What the formulas have in common, and the formulas in terms of it. A constant has no name."""
    found, formulas = cse(formulas, symbols=numbered_symbols("t_", real=True), list=False)
    constants: dict[Basic, Expr] = {}
    shared: list[Definition] = []
    for name, value in found:
        value = value.xreplace(constants)
        if value.free_symbols:
            shared.append((name, value))
        else:
            constants[name] = value
    return tuple(shared), tuple(formula.xreplace(constants) for formula in formulas)


def _name(kink: Basic, i: int) -> Symbol:
    """h_i for max(0, u_i) and on_i for 1{u_i > 0}; with another value at u = 0, that value too."""
    head, at_kink = "h" if isinstance(kink, hinge) else "on", kink.args[1]
    value = "".join(c if c.isalnum() else f"_{ord(c):x}_" for c in str(at_kink))
    return Symbol(f"{head}_{i}" if at_kink == 0 else f"{head}_{i}_{value}", real=True)


def _atoms(formulas: Iterable[Expr], *kinds: type) -> set[Any]:
    return {atom for formula in formulas for atom in formula.atoms(*kinds)}


def _in_natural_order(expressions: Iterable[Any]) -> list[Any]:
    """By text, with s_2 before s_10, so that the same loss has the same names in every run."""

    def key(expression: Basic) -> list[tuple[int, str]]:
        parts = re.split(r"(\d+)", str(expression))
        return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]

    return sorted(expressions, key=key)
