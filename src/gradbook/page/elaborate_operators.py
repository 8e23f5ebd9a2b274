"""Σ, max over an index, ∇ and ∂: what they run over, what is differentiated by what."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sympy import Expr, Integer

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.conditions import arguments_at
from gradbook.page.core import NUMBER, Condition, Core, Fixed, Range, Running, Shape
from gradbook.page.declare import size
from gradbook.page.elaborate_conditions import counted
from gradbook.page.elaborate_products import inverse_of
from gradbook.page.letters import shown
from gradbook.page.parse_functions import too_far
from gradbook.page.source import Unreadable
from gradbook.page.written import head_written

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration


def total(self: Elaboration, node: t.Total, wanted: Shape) -> Core:
    name, *others = node.letters
    runs, within = _range(self, name, node)
    if name.head in self.bound:
        raise Unreadable(
            name.span, f"{shown(name)} runs already, in the Σ around it", "take another letter"
        )
    before, free = self.known, set(self.free)
    with self.inside(name.head, runs):
        found = (*within, *counted(self.conditions(() if others else node.conditions)))
        _runs_alone(found, node, {*self.bound, *free})
        self.known = (*before, *found)
        inner = replace(node, letters=tuple(others))
        of = total(self, inner, wanted) if others else self.of(node.of, wanted)
    return _along(self, node, runs, found, of)


def _said(node: t.Total) -> str:
    return {"sum": "the sum"}.get(node.function, node.function)


def _runs_alone(found: tuple[Condition, ...], node: t.Total, others: set[str]) -> None:
    """Raises Unreadable for Σ_{i<j} where nothing says which j, and a reader takes all pairs."""
    name, sign = node.letters[0], node.function
    for each in found:
        for other in (each.left, each.right):
            paired = isinstance(other, Running) and each.sign not in ("=", "≠")
            if paired and isinstance(other, Running) and other.name not in others:
                j, i = head_written(other.name), shown(name)
                message = f"does {_said(node)} run over {j} as well?"
                hint = (
                    rf"pairs are \{sign}_{{{j}}} \{sign}_{{{i} < {j}}}; one {j} stands on the left"
                )
                raise Unreadable(each.span, message, hint)


def _along(
    self: Elaboration, node: t.Total, runs: Range, found: tuple[Condition, ...], of: Core
) -> Core:
    """Σ, or the largest of at least one number; the smallest is −max of what is turned round."""
    name = node.letters[0].head
    if node.function == "sum":
        return c.SumOver(of.shape, name, runs, found, of)
    if not of.shape.is_number:
        message = f"{node.function} over an index is of numbers, and this is {of.shape}"
        raise Unreadable(node.of.span, message, "write it for an entry")
    if (self.letters.least(_count(runs, found), self.known) or 0) < 1:
        raise Unreadable(
            node.span,
            f"there may be nothing that {node.function} could run over",
            r"over all but one, \max_{j \ne y}, it runs where $C \ge 2$",
        )
    if node.function == "max":
        return c.MaxOver(NUMBER, name, runs, found, of)
    return c.minus(c.MaxOver(NUMBER, name, runs, found, c.minus(of)))


def _count(runs: Range, found: tuple[Condition, ...]) -> Expr:
    """How many indices there are at least; 0 where the conditions are not of a kind that tells."""
    left = runs.count
    for each in found:
        match each:
            case Condition(sign="≠"):
                left -= 1
            case Condition(left=Running(), sign="≥", right=Fixed(value=first)):
                left -= first - runs.first
            case Condition(left=Running(), sign="≤", right=Fixed(value=last)):
                left -= runs.last - last
            case _:
                return Integer(0)
    return left


def _range(self: Elaboration, name: t.Name, node: t.Total) -> tuple[Range, tuple[Condition, ...]]:
    """What a Σ runs over, as its letter is declared; of Σ_{i=2}^n also that i ≥ 2."""
    letter = self.letters.known.get((name.head, 0, 0))
    declared = letter.range if letter is not None and letter.kind == "index" else None
    if letter is not None and letter.kind != "index":
        raise Unreadable(name.span, f"{shown(name)} is no index: {_said(node)} cannot run over it")
    if node.first is None and declared is None:
        raise Unreadable(
            name.span,
            f"what does {shown(name)} run over?",
            rf"declare it, as $ {name.head} \in \{{1, \dots, n\}} $, or write "
            rf"\{node.function}_{{{name.head}=1}}^{{n}}",
        )
    usual = declared or Range(Integer(1), Integer(1))  # where it is not declared, both are given
    first = usual.first if node.first is None else size(node.first, self.letters)
    said = Range(first, usual.last if node.last is None else size(node.last, self.letters))
    if declared is None or said == declared:
        return said, ()
    beyond = (said.first - declared.first, declared.last - said.last)
    least = [self.letters.least(each, self.known) for each in beyond]
    if any(each is None or each < 0 for each in least):
        place = node.last if said.first == declared.first else node.first
        raise Unreadable(
            place.span if place is not None else name.span,
            f"{_said(node)} runs over {shown(name)} = {said}, but {shown(name)} is declared as "
            f"{declared}",
            f"let {shown(name)} run over {declared}, or take another letter",
        )
    index = Running(name.head, declared)
    ends = (Condition(index, "≥", Fixed(said.first)), Condition(index, "≤", Fixed(said.last)))
    return declared, tuple(end for end, more in zip(ends, beyond, strict=True) if more != 0)


def gradient(self: Elaboration, node: t.Gradient) -> Core:
    turned = isinstance(node.of, t.Transposed)  # of a number: what is meant is (∇f)^⊤
    inverted = isinstance(node.of, t.Inverse) and node.degree == 2  # and (∇²f)^{-1}
    of = self.of(node.of.of if turned or inverted else node.of)  # type: ignore[attr-defined]
    if turned and not of.shape.is_number:
        raise too_far("∇", node.sign)
    by = _its_letter(of, node.by) if isinstance(node.by, t.Dots) else _variable(self, node.by)
    _require_number(of, node)
    found = _hessian(self, by, of, node) if node.degree == 2 else c.GradientBy(by.shape, by, of)
    if inverted:
        return inverse_of(found, node.span)
    return c.transposed(found) if turned else found


def _hessian(self: Elaboration, by: Core, of: Core, node: t.Gradient) -> Core:
    """∇²_v f: the matrix of ∂²f/∂v_a∂v_b."""
    if by.shape.is_number:
        return c.GradientBy(NUMBER, by, c.GradientBy(NUMBER, by, of))
    if by.shape.columns != 1:
        hint = r"by entries: \frac{\partial^2 f}{\partial A_{ij} \, \partial A_{kl}}"
        raise Unreadable(node.span, f"∇² by a vector is read, and this is {by.shape}", hint)
    assert by.shape.rows is not None
    n, along, found = by.shape.rows, self.letters.numbered(by.shape.rows), of
    with self.between_dots() as row, self.between_dots() as column:
        for name in (row, column):
            entry = c.At(NUMBER, by, Running(name, along), self.first())
            found = c.GradientBy(NUMBER, entry, found)
    across = c.Each(Shape(Integer(1), n), column, along, found, (), down=False)
    return c.Each(Shape(n, n), row, along, across, (), down=True)


def _its_letter(of: Core, sign: t.Node) -> Core:
    """The x of ∇f(x)."""
    found = (
        [part for part in arguments_at(of) if isinstance(part, c.Ref)]
        if isinstance(of, c.Ref)
        else []
    )
    if len(found) == 1:
        return found[0]
    raise Unreadable(sign.span, "∇ with respect to what?", r"write the letter below it: \nabla_W L")


def derivative(self: Elaboration, node: t.Derivative) -> Core:
    """∂f/∂v of a number f: as ∇_v f it has the shape of v."""
    of = self.of(node.of)
    for letter in node.by:
        by = _variable(self, letter)
        _require_number(of, node)
        of = c.GradientBy(by.shape, by, of)
    return of


def _require_number(of: Core, node: t.Gradient | t.Derivative) -> None:
    if not of.shape.is_number:
        message = f"{node.name} of a number is read, and this is {of.shape}"
        raise Unreadable(node.of.span, message, "write the derivative of each entry: ∂f_k/∂x_j")


def _variable(self: Elaboration, node: t.Node) -> Core:
    """What is differentiated by: a letter, a row or an entry of one."""
    inner = node.inner if isinstance(node, t.Group) else node
    if not isinstance(inner, t.Name):
        raise Unreadable(node.span, "∇ is with respect to a letter, or a row or entry of one")
    found = self.of(inner)
    part = found.of if isinstance(found, c.At) else found
    if not isinstance(part, c.Ref):
        raise Unreadable(node.span, f"{shown(inner)} cannot be varied: it is no real letter")
    return found
