"""Sums, products, quotients and powers, with their shapes."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

from sympy import Integer, Rational

from gradbook.page import core as c
from gradbook.page import elaborate_calls as calls
from gradbook.page import tree as t
from gradbook.page.core import ANY, NUMBER, Core, Shape
from gradbook.page.declare import number, size
from gradbook.page.dots import between, dotted, require_form
from gradbook.page.letters import shown
from gradbook.page.parse_functions import too_far
from gradbook.page.source import Span, Unreadable

if TYPE_CHECKING:
    from gradbook.page.elaborate import Elaboration

#: A higher power of a matrix is not written out.
MOST_FACTORS = 10


def plus(self: Elaboration, node: t.Sum_, wanted: Shape) -> Core:
    """Terms of one shape; what is open in one is taken from the others."""
    if any(isinstance(term, t.Dots) for _, term in node.terms):
        return _with_dots(self, node)
    shape = wanted if len(node.terms) == 1 else ANY
    found = [self.of(term, shape) for _, term in node.terms]
    shape = found[0].shape if not c.is_zero(found[0]) else ANY
    for part, (_, term) in zip(found[1:], node.terms[1:], strict=True):
        if not c.is_zero(part):
            shape = self.same(shape, part.shape, term.span, "the term before is", "this one")
    shape = shape if shape != ANY else NUMBER
    for place, (_, term) in enumerate(node.terms):
        if found[place].shape != shape:
            found[place] = self.of(term, shape)
    signs = [sign for sign, _ in node.terms]
    return c.Plus(shape, tuple(zip(signs, found, strict=True)))


def _with_dots(self: Elaboration, node: t.Sum_) -> Core:
    """x_1 + ⋯ + x_m, and x_1 + x_2 + ⋯ + x_m: a Σ, with other terms before and behind."""
    places = [place for place, (_, term) in enumerate(node.terms) if isinstance(term, t.Dots)]
    signs = [sign for sign, _ in node.terms]
    start = max((n + 1 for n in range(places[0]) if signs[n] < 0), default=0)
    if -1 in signs[places[0] : places[-1] + 2] or start == places[0]:
        message = "dots stand between two terms of a sum, which have a +"
        raise Unreadable(node.terms[places[0]][1].span, message, "x_1 + \\dots + x_m")
    terms = [term for _, term in node.terms[start:]]
    found = dotted(self, terms, node.span, "term")
    if found.range is None:
        message = "how many terms do the dots stand for?"
        raise Unreadable(node.span, message, "the first and the last differ in one index")
    require_form(self, between(terms), found, found.range, found.of)
    summed = c.SumOver(found.of.shape, found.name, found.range, (), found.of)
    ahead = start + len(found.ahead)
    rest = [*node.terms[:ahead], *node.terms[len(node.terms) - len(found.behind) :]]
    others = [(sign, self.of(term, summed.shape)) for sign, term in rest]
    for (_, part), (_, term) in zip(others, rest, strict=True):
        self.same(summed.shape, part.shape, term.span, "the sum with dots is", "this term")
    parts = (*others[:ahead], (1, summed), *others[ahead:])
    return c.Plus(summed.shape, parts) if others else summed


def product(self: Elaboration, node: t.Product, wanted: Shape) -> Core:
    """From left to right. A number times anything, a matrix product, or ∘ entry by entry."""
    node = reaching(self, node)
    if not node.signs:
        return self.of(node.factors[0], wanted)
    if "∘" in node.signs:
        return _entrywise(self, node, wanted)
    found = self.of(node.factors[0])
    span = node.factors[0].span
    for sign, factor in zip(node.signs, node.factors[1:], strict=True):
        right = self.of(factor)
        if right.shape == ANY:  # λ I, and A I
            n = found.shape.columns
            right = self.of(factor, wanted if found.shape.is_number else Shape(n, n))
        elif found.shape == ANY and not right.shape.is_number and factor is node.factors[1]:
            found = self.of(node.factors[0], Shape(right.shape.rows, right.shape.rows))
        found = times(found, right, span, factor.span, sign)
        span = span.to(factor.span)
    return found


def reaching(self: Elaboration, node: t.Product) -> t.Product:
    """∇ reaches over as many factors as are a number: ∇f u is (∇f) u, ∇ u^⊤ v is ∇(u^⊤ v).

    Raises Unreadable where more than one number of factors is, as of ∇f g.
    """
    factors, signs = list(node.factors), list(node.signs)
    for place in reversed(range(len(signs))):
        first, after = factors[place], factors[place + 1 :]
        if not isinstance(first, t.Gradient | t.Derivative) or first.sign == t.NOTHING.span:
            continue
        found = [
            (taken, of)
            for taken in range(len(after) + 1)
            if _is_number(self, of := t.product([first.of, *after[:taken]], signs[place:]))
        ]
        if len(found) > 1:
            raise too_far(first.name, first.sign)
        for taken, of in found:
            factors[place : place + taken + 1] = [replace(first, of=of)]
            del signs[place : place + taken]
    return replace(node, factors=tuple(factors), signs=tuple(signs))


def _is_number(self: Elaboration, node: t.Node) -> bool:
    with suppress(Unreadable):
        return self.of(node).shape.is_number
    return False


def kronecker(self: Elaboration, node: t.Name, wanted: Shape) -> Core | None:
    """δ_{ij}, the identity I or I_m, and a bold 0, where the page has no letters of that name."""
    if node.head not in ("delta", *_IDENTITIES, *_ZEROS) or node.above:
        return None
    if not self.letters.is_unknown(node.head):
        return None
    if node.head in _ZEROS:
        if node.below:
            return c.Zeros(Shape(size(node.below[0], self.letters), Integer(1)))
        return c.Value(NUMBER, Integer(0))
    if node.head == "delta":
        if len(node.below) != 2 or not any(map(self.is_index, node.below)):
            return None
        pair = t.Chain(node.span, node.below, (t.Relation(node.span, "="),))
        return c.Ones(NUMBER, self.conditions((pair,)))
    n = wanted.rows or wanted.columns
    if node.below:
        n = size(node.below[0], self.letters)
    if n is None:
        return c.Function(ANY, "diag", c.Value(NUMBER, Integer(1)))
    along = self.letters.numbered(n)
    with self.between_dots() as name:
        ones = c.Each(Shape(n, Integer(1)), name, along, c.Value(NUMBER, Integer(1)), (), True)
    return c.Function(Shape(n, n), "diag", ones)


_IDENTITIES = ("I", "mathbf I", "mathbb I", "mathrm I")
_ZEROS = ("mathbf 0", "mathbb 0")


def times(left: Core, right: Core, left_span: Span, right_span: Span, sign: str = "") -> Core:
    """left · right."""
    a, b = left.shape, right.shape
    if sign == "·" and a == b and a.columns == 1 and not a.is_number:  # of vectors, x^⊤ y
        return c.MatMul(NUMBER, c.transposed(left), right)
    if a.is_number:
        return c.Scaled(b, left, right)
    if b.is_number:
        return c.Scaled(a, right, left)
    if a.columns is not None and b.rows is not None and (a.columns - b.rows).expand() != 0:
        raise Unreadable(
            left_span.to(right_span),
            f"{a} times {b}: the inner sizes differ",
            _hint(a, b, sign),
        )
    return c.MatMul(Shape(a.rows, b.columns), left, right)


def transpose(self: Elaboration, node: t.Transposed, wanted: Shape) -> Core:
    """A transpose; of a number only where nothing else can be meant."""
    found = self.of(node.of, Shape(wanted.columns, wanted.rows))
    above = self.letters.source.text[node.of.span.end : node.span.end]
    if (
        found.shape.is_number
        and not self.letters.is_unknown("T")
        and re.search(r"^\W*T\W*$", above)
    ):
        message = "is this a power? T is a letter of this page"
        raise Unreadable(node.span, message, r"a transpose is written ^\top")
    if found.shape.is_number and isinstance(found, c.At) and isinstance(node.of, t.Name):
        hint = r"write (A^\top)_{ij}, or A_{ji}"  # A_{ij}^⊤ is shown as A^⊤_{ij} is
        if 1 in (found.of.shape.rows, found.of.shape.columns):
            head = node.of.head
            hint = rf"one vector for each index is declared so: ${head}_i \in \mathbb{{R}}^m$"
        message = f"{shown(node.of)} is a number and has no transpose"
        raise Unreadable(node.span, message, hint)
    return c.transposed(found)


def _hint(a: Shape, b: Shape, sign: str) -> str:
    if a == b and a.columns == 1:
        return r"x^\top y is their product as a number, x y^\top as a matrix, x \circ y by entries"
    if b.columns is not None and a.columns is not None and (a.columns - b.columns).expand() == 0:
        return "the right one lacks a transpose"
    if a.rows is not None and b.rows is not None and (a.rows - b.rows).expand() == 0:
        return "the left one lacks a transpose"
    return ""


def _entrywise(self: Elaboration, node: t.Product, wanted: Shape) -> Core:
    """∘ binds less than a product: B^⊤ v ∘ 1{z > 0}."""
    ends = [place for place, sign in enumerate(node.signs) if sign == "∘"]
    groups = zip([0, *(end + 1 for end in ends)], [*(end + 1 for end in ends), None], strict=True)
    parts = [t.product(node.factors[a:b], node.signs[a:]) for a, b in groups]
    shape = wanted
    for part in parts:
        inner = self.of(part, shape)
        shape = self.same(shape, inner.shape, part.span, "left of ∘ is", "this")
    found = self.of(parts[0], shape)
    for part in parts[1:]:
        found = c.Entrywise(shape, found, self.of(part, shape))
    return found


def quotient(self: Elaboration, node: t.Quotient) -> Core:
    above = self.of(node.above)
    below = self.of(node.below)
    if not below.shape.is_number:
        square = below.shape.rows == below.shape.columns
        hint = "write X^{-1}" if square else r"write it by entries: \left( u_b / v_b \right)_b"
        message = f"only a number divides, and this is {below.shape}"
        raise Unreadable(node.below.span, message, hint)
    if above.shape.is_number:
        return c.Over(NUMBER, above, below)
    one = c.Over(NUMBER, c.Value(NUMBER, Rational(1)), below)
    return c.Scaled(above.shape, one, above)


def power(self: Elaboration, node: t.Power) -> Core:
    if self.is_e(node):
        return calls.by_entries(self, "exp", node.exponent)
    square = t.squared(replace(node, exponent=t.Number(node.span, "2")))
    times = number(node.exponent) or 1
    if (
        square
        and times % 2 == 0
        and not self.letters.is_unknown(self.letters.told_apart(square).head)
    ):
        of = self.name(square)  # σ² is a letter of its own, and σ⁴ its square
        return of if times == 2 else c.ToThe(NUMBER, of, int(times / 2))
    base = self.of(node.base)
    if base.shape.is_number and _is_formula(self, node.exponent):
        exponent_of = self.number(node.exponent, "the exponent")
        return _to_the(base, exponent_of)
    exponent = _exponent(self, node.exponent)
    match base:
        case c.Function(name="sqrt", of=c.Function(name="square") as of) if exponent == 2:
            return of  # ‖v‖²
    if not base.shape.is_number:
        return _of_matrix(base, exponent, node.span)
    if exponent == Rational(1, 2):
        return c.Function(NUMBER, "sqrt", base)
    if not exponent.is_Integer:
        return _to_the(base, c.Value(NUMBER, exponent))
    return c.ToThe(NUMBER, base, int(exponent))


def _of_matrix(base: Core, exponent: Rational, span: Span) -> Core:
    """A^3 is A A A, of a square matrix."""
    if base.shape.rows != base.shape.columns:
        message = f"a power of a number is read, and this is {base.shape}"
        raise Unreadable(span, message, r"write X X, X^\top X, or x \circ x")
    if exponent not in range(1, MOST_FACTORS + 1):
        message = f"a power of a matrix is 1 … {MOST_FACTORS}, and this is {exponent}"
        raise Unreadable(span, message, "write the inverse as A^{-1}, and its powers as products")
    return reduce(lambda left, right: times(left, right, span, span), [base] * int(exponent))


def _is_formula(self: Elaboration, node: t.Node) -> bool:
    """Whether it is made of letters that are numbers: a γ, and not an index or a row."""
    names = list(t.names_in(node))
    known = [self.letters.known.get((name.head, 0, 0)) for name in names]
    kinds = {letter.kind for letter in known if letter is not None and letter.shape.is_number}
    return bool(names) and None not in known and kinds <= {"value", "defined"}


def _to_the(base: Core, exponent: Core) -> Core:
    """u^γ is exp(γ log u), and so for u > 0."""
    of_log = c.Function(NUMBER, "log", base)
    return c.Function(NUMBER, "exp", c.Scaled(NUMBER, exponent, of_log))


def _exponent(self: Elaboration, node: t.Node) -> Rational:
    if (found := number(node)) is not None:
        return found
    hint = "exp(x) is written \\exp(x)"
    if isinstance(node, t.Name):
        hint = f"an index above is written in brackets: ^{{({node.head})}}; a transpose is ^\\top"
    raise Unreadable(node.span, "an exponent is a whole number", hint)


def inverse_of(part: Core, span: Span) -> Core:
    if part.shape.is_number:
        return c.ToThe(NUMBER, part, -1)
    if part.shape.rows != part.shape.columns:
        raise Unreadable(span, f"only a square matrix has an inverse, and this is {part.shape}")
    return c.Function(part.shape, "inverse", part)
