"""Named functions: exp, log, max, |u|, ‖v‖₁, ‖v‖_∞, sign, diag, tr, det, ⟨u, v⟩.

All kinks are one: max(u, v), |u| and ‖v‖₁ are made of max(0, ·), whose slope at 0 is 0.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Integer

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.core import ANY, NUMBER, Condition, Core, Running, Shape
from gradbook.page.source import Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


def call(self: Elaboration, node: t.Call, wanted: Shape) -> Core:
    name, arguments = node.function, node.arguments
    if name in ("max", "min"):
        return _max(self, node, wanted)
    if name == "inner":
        return _inner(self, node)
    if name == "diag" and len(arguments) > 1:  # diag(d_1, …, d_m)
        arguments = (t.Tuple(arguments[0].span.to(arguments[-1].span), arguments),)
    if len(arguments) != 1:
        raise Unreadable(node.span, f"{name} takes one argument, not {len(arguments)}")
    if name in _BY_NAME:
        return _BY_NAME[name](self, arguments[0])
    if name in ("exp", "log"):
        return by_entries(self, name, arguments[0])
    one = Integer(1)
    listed = Shape(one, wanted.rows) if len(node.arguments) > 1 else Shape(wanted.rows, one)
    found = self.of(arguments[0], listed if name == "diag" else ANY)
    shape = found.shape
    if name == "diag":
        if shape.columns != 1 and shape.rows != 1:
            raise Unreadable(node.span, f"diag of a vector is read, and this is {shape}")
        size = shape.rows if shape.columns == 1 else shape.columns
        return c.Function(Shape(size, size), "diag", found)
    if shape.rows != shape.columns:
        raise Unreadable(node.span, f"{name} is of a square matrix, and this is {shape}")
    return c.Function(NUMBER, name, found)


def by_entries(self: Elaboration, name: str, argument: t.Node) -> Core:
    """exp and log of a number, or of each entry of a vector."""
    found = self.of(argument)
    if found.shape.rows != 1 and found.shape.columns != 1:
        message = f"{name} of a matrix can be read in two ways"
        raise Unreadable(argument.span, message, "write it for an entry")
    return c.Function(found.shape, name, found)


def _inner(self: Elaboration, node: t.Call) -> Core:
    """⟨x, y⟩ is x^⊤ y, and of matrices tr(X^⊤ Y)."""
    first, second = (self.of(argument) for argument in node.arguments)
    shape = self.same(first.shape, second.shape, node.arguments[1].span, "the left is", "the right")
    if shape.is_number:
        return c.Scaled(NUMBER, first, second)
    if shape.rows == 1:
        return c.MatMul(NUMBER, first, c.transposed(second))
    product = c.MatMul(Shape(shape.columns, shape.columns), c.transposed(first), second)
    return (
        replace(product, shape=NUMBER) if shape.columns == 1 else c.Function(NUMBER, "tr", product)
    )


def _max(self: Elaboration, node: t.Call, wanted: Shape) -> Core:
    """max(0, u), the kink whose slope at 0 is declared, 0; and by it max(u, v) = u + max(0, v − u),
    min(u, v) = u − max(0, u − v): where both are equal, u is the one that varies.
    """
    if len(node.arguments) != 2:
        count = f"{len(node.arguments)} argument{'s' if len(node.arguments) > 1 else ''}"
        hint = r"\max(u, v) is of two, \max_k u_k of all entries"
        raise Unreadable(node.span, f"{node.function} with {count} is not read", hint)
    first, second = (self.of(argument) for argument in node.arguments)
    if c.is_zero(second):
        first, second = second, first
    sign = 1 if node.function == "max" else -1
    if c.is_zero(first):
        if sign > 0:
            return c.Function(second.shape, "max0", second)
        return c.minus(c.Function(second.shape, "max0", c.minus(second)))
    shape = self.same(first.shape, second.shape, node.arguments[1].span, "the first is", "this one")
    larger, smaller = (second, first)[::sign]
    more = c.Function(shape, "max0", c.Plus(shape, ((1, larger), (-1, smaller))))
    return c.Plus(shape, ((1, first), (sign, more)))


def _absolute(self: Elaboration, argument: t.Node) -> Core:
    """|u| = max(0, u) + max(0, −u): its slope at 0 is 0; |A| of a square matrix is det A."""
    found = self.of(argument)
    if not found.shape.is_number and found.shape.rows == found.shape.columns:
        return c.Function(NUMBER, "det", found)
    hint = r"\|v\| is the length of a vector, \det A a determinant"
    return _abs(self.number(argument, "what stands between strokes", hint))


def _abs(u: Core) -> Core:
    sides = (c.Function(NUMBER, "max0", side) for side in (u, c.minus(u)))
    return c.Plus(NUMBER, tuple((1, side) for side in sides))


def _norm_1(self: Elaboration, argument: t.Node) -> Core:
    """‖v‖₁ = Σ_b |v_b|"""
    return _of_entries(self, argument, "‖·‖₁", c.SumOver)


def _norm_inf(self: Elaboration, argument: t.Node) -> Core:
    """‖v‖_∞ = max_b |v_b|"""
    return _of_entries(self, argument, "‖·‖_∞", c.MaxOver)


def _of_entries(self: Elaboration, argument: t.Node, norm: str, over: type[c.Along]) -> Core:
    v = _vector(self, argument, norm)
    assert v.shape.rows is not None
    along = self.letters.numbered(v.shape.rows)
    with self.between_dots() as name:
        entry = c.At(NUMBER, v, Running(name, along), self.first())
    return over(NUMBER, name, along, (), _abs(entry))


def _vector(self: Elaboration, argument: t.Node, norm: str, hint: str = "") -> Core:
    v = self.of(argument)
    if v.shape.columns != 1 or v.shape.rows is None:
        raise Unreadable(argument.span, f"{norm} of a vector is read, and this is {v.shape}", hint)
    return v


def _sign(self: Elaboration, argument: t.Node) -> Core:
    """sign(u) = 1{u > 0} − 1{u < 0}, entry by entry."""
    u = self.of(argument)
    zero = c.Value(NUMBER, Integer(0)) if u.shape.is_number else c.Zeros(u.shape)
    ones = [c.Ones(u.shape, (Condition(u, sign, zero, argument.span),)) for sign in "><"]
    return c.Plus(u.shape, ((1, ones[0]), (-1, ones[1])))


def _norm(self: Elaboration, argument: t.Node) -> Core:
    """‖v‖ and ‖W‖_F, the root of all squares."""
    return _length(self.of(argument))


def _norm_2(self: Elaboration, argument: t.Node) -> Core:
    """‖v‖₂ = √(vᵀv)"""
    hint = r"the root of all squares is \|W\|_F; the largest singular value is not read"
    return _length(_vector(self, argument, "‖·‖₂", hint))


def _length(of: Core) -> Core:
    return c.Function(NUMBER, "sqrt", c.Function(NUMBER, "square", of))


def _root(self: Elaboration, argument: t.Node) -> Core:
    return c.Function(NUMBER, "sqrt", self.number(argument, "what stands under √"))


_BY_NAME = {
    "abs": _absolute,
    "norm_1": _norm_1,
    "norm_2": _norm_2,
    "norm_inf": _norm_inf,
    "sign": _sign,
    "norm": _norm,
    "sqrt": _root,
}
