"""A statement as definitions and claims."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gradbook.page import core as c
from gradbook.page import tree as t
from gradbook.page.core import ANY, ClaimRead, Core, Definition, Letter, Range, Shape
from gradbook.page.declare import range_of, shape_of
from gradbook.page.elaborate import Elaboration
from gradbook.page.elaborate_conditions import running
from gradbook.page.elaborate_functions import arguments
from gradbook.page.letters import Letters, Undeclared, shown, with_numbers
from gradbook.page.shapes import fits
from gradbook.page.source import Span, Unreadable, Waits

_SIGNS = {"=": "=", r"\le": "≤", r"\ge": "≥", "<": "<", ">": ">"}


@dataclass(frozen=True)
class Read:
    """What a statement says: a letter that it defines, and its claims."""

    statement: t.Statement
    defines: Letter | None
    claims: tuple[ClaimRead, ...]


def read_statement(statement: t.Statement, letters: Letters) -> Read:
    """Raises Unreadable or Waits; a letter that it defines is known from then on."""
    chain = statement.chain
    if not chain.relations:
        raise Unreadable(
            chain.span,
            "this says nothing: a statement is a relation",
            "with =, :=, ≤, ≥, <, > or ∈",
        )
    for relation in chain.relations[1:]:
        if relation.sign == ":=":
            raise Unreadable(relation.span, ":= stands once, behind the letter that is defined")
    if chain.relations[0].sign == ":=":
        return _defined(statement, letters)
    _undeclared_left(chain, letters)
    elaboration = Elaboration(letters, partial=True)
    elaboration.known = elaboration.conditions(statement.conditions)
    if isinstance(chain.sides[1], t.Numbered):  # y^(i) ∈ {1, …, C}, said once more
        _again(elaboration, chain)
        return Read(statement, None, ())
    sides = _sides(elaboration, chain.sides, chain.relations)
    return Read(statement, None, _claims(elaboration, chain, sides, start=0))


def _undeclared_left(chain: t.Chain, letters: Letters) -> None:
    """z = W x, of a letter that is not there: := was meant."""
    name = t.squared(chain.sides[0]) or chain.sides[0]
    if not isinstance(name, t.Name) or chain.relations[0].sign != "=":
        return
    name = letters.told_apart(name)
    dashed = name.head.endswith("'") and not letters.is_unknown(name.head.rstrip("'"))
    kronecker = name.head == "delta" and len(name.below) == 2
    key = name.key
    known = key in letters.later or any(
        each.head in (name.head, name.head.removesuffix("^2")) for each in letters
    )
    if dashed or kronecker or known:
        return
    if key in letters.undeclared:
        raise Waits(letters.undeclared[key])
    raise Undeclared(
        name.span.to(chain.relations[0].span),
        f"{shown(name)} is not declared: is this its definition?",
        letters.in_another_font(name) or f"a definition is written with :=, as {shown(name)} := …",
        key,
    )


def _again(elaboration: Elaboration, chain: t.Chain) -> None:
    """Raises Unreadable where an index has another range than it is declared for."""
    for name in t.listed(chain.sides[0]):
        _, declared = running(elaboration, name)
        assert isinstance(chain.sides[1], t.Numbered)
        said = range_of(chain.sides[1], elaboration.letters)
        if said != declared:
            raise Unreadable(
                chain.span,
                f"{said} here, but it is declared as {declared}",
                "one letter, one meaning",
            )


def _sides(
    elaboration: Elaboration, sides: tuple[t.Node, ...], relations: tuple[t.Relation, ...]
) -> list[Core | Shape]:
    """Every side with the shape that all have in common; a space is a shape."""
    letters = elaboration.letters
    spaces = {
        place + 1: _space(sides[place + 1], letters)
        for place, relation in enumerate(relations)
        if relation.sign == r"\in"
    }
    found: dict[int, Core] = {}
    shape = next(iter(spaces.values()), ANY) if _is_open(sides[0]) else ANY
    for place, side in enumerate(sides):
        if place in spaces:
            continue
        part = elaboration.of(side, shape)
        if c.is_zero(part) and shape == ANY:
            found[place] = part
            continue
        common = elaboration.fits(shape, part.shape)
        if common is None:
            sign = relations[place - 1].sign if place else ""
            _differ(sign, shape, part.shape, side.span)
        assert common is not None
        shape, found[place] = common, part
    if shape == ANY:
        shape = next(iter(spaces.values()), c.NUMBER)
    for place, space in spaces.items():
        common = elaboration.fits(shape, space)
        if common is None:
            raise Unreadable(
                sides[place].span,
                f"the left is {shape}, and not {space}",
                _said_before(sides[0], letters),
            )
        shape = common
    for place, part in found.items():
        if part.shape != shape:
            found[place] = elaboration.of(sides[place], shape)
        if any(None in (each.shape.rows, each.shape.columns) for each in _formulas(found[place])):
            hint = r"say it with \in \mathbb{R}^{…}; of the identity as I_m"
            raise Unreadable(sides[place].span, "of what shape is this?", hint)
    return [spaces[place] if place in spaces else found[place] for place in range(len(sides))]


def _said_before(side: t.Node, letters: Letters) -> str:
    """Where a letter is declared that is declared once more."""
    letter = letters.known.get(side.key) if isinstance(side, t.Name) else None
    if letter is None or letter.kind != "value":
        return ""
    return f"{shown(side)} is declared on line {letters.source.position(letter.span.start)[0]}"


def _formulas(part: Core) -> Iterator[Core]:
    return (each for each in c.parts_of(part) if isinstance(each, Core))


def _is_open(side: t.Node) -> bool:
    diagonal = isinstance(side, t.Call) and side.function == "diag"
    return diagonal or isinstance(side, t.Matrix | t.Tuple | t.Transposed | t.Number)


def _differ(sign: str, one: Shape, other: Shape, span: Span) -> None:
    turned = fits(one, Shape(other.columns, other.rows)) is not None
    hint = "one side lacks a transpose" if turned else ""
    if not turned and (one.is_number or other.is_number):
        hint = "a number and a matrix are never equal: nothing is broadcast"
    message = f"{sign}: the left is {one}, the right is {other}"
    raise Unreadable(span, message if sign else f"this is {other}, and not {one}", hint)


def _space(node: t.Node, letters: Letters) -> Shape:
    if not isinstance(node, t.Space):
        raise Unreadable(node.span, "a formula is in ℝ^{…} or nowhere")
    if node.which:
        hint = r"say it in formulas: \sum_k p_k = 1, \quad p_k \ge 0; A = A^\top; \det A \ne 0"
        raise Unreadable(node.span, "of a formula in ℝ^{…} it is claimed which shape it has", hint)
    return shape_of(node, letters)


def _claims(
    elaboration: Elaboration, chain: t.Chain, sides: list[Core | Shape], start: int
) -> tuple[ClaimRead, ...]:
    """One claim for each relation; what is behind ∈ is of the side before it."""
    given = (*elaboration.known, *elaboration.given)
    many = len(chain.relations) - start
    found = []
    left, left_span = sides[0], chain.sides[0].span
    for place, relation in enumerate(chain.relations[start:], start):
        right, node = sides[place + 1], chain.sides[place + 1]
        if relation.sign == r"\ne":
            raise Unreadable(relation.span, "≠ is a condition and no claim")
        assert isinstance(left, Core)
        is_shape = isinstance(right, Shape)
        found.append(
            ClaimRead(
                left,
                "∈" if is_shape else _SIGNS[relation.sign],
                left if isinstance(right, Shape) else right,
                given,
                dict(elaboration.free),
                node.span,
                left_span,
                (place - start + 1, many),
                is_shape,
                _branches(node),
            )
        )
        if isinstance(right, Core):
            if right.shape.is_number is False and relation.sign != "=":
                raise Unreadable(relation.span, f"{_SIGNS[relation.sign]} compares numbers")
            left, left_span = right, node.span
    return tuple(found)


def _branches(node: t.Node) -> tuple[Span, ...]:
    return tuple(value.span for value, _ in node.branches) if isinstance(node, t.Cases) else ()


def _defined(statement: t.Statement, letters: Letters) -> Read:
    """L_i := …: the letter, and what is claimed of it behind a further =."""
    chain = statement.chain
    name, left = t.defined(statement), chain.sides[0]
    if name is None or (t.squared(left) and not letters.is_unknown(name.head[:-2])):
        hint = "L_i := …, or f(x) := …"
        hint = (
            r"an index above is a letter in brackets, x^{(i)}; the next step is w_{\text{new}} := …"
            if isinstance(left, t.Power)
            else hint
        )
        if name is not None:
            hint = (
                f"there is a letter {shown(replace(name, head=name.head[:-2]))}: this is its square"
            )
        raise Unreadable(left.span, "only a letter can be defined", hint)
    if letters.has_entry(name):
        raise Unreadable(name.span, f"{shown(name)} is an entry already", "take another letter")
    written = with_numbers(name)
    name = letters.new(name, (chain.sides[1:], statement.conditions))
    slots = _slots(name, letters)
    elaboration = Elaboration(letters)
    elaboration.bound.update(slots)
    of: tuple[Core, ...] = ()
    if isinstance(left, t.Applied):
        of, more = arguments(elaboration, left)
        slots |= more
        elaboration.bound.update(slots)
        elaboration.free.clear()
    elaboration.slots = tuple(slots)
    elaboration.known = elaboration.conditions(statement.conditions)
    rest = _sides(elaboration, chain.sides[1:], chain.relations[1:])
    body = rest[0]
    assert isinstance(body, Core)
    promised = letters.promised.get(name.key)
    if promised is not None and fits(promised, body.shape) is None:
        message = f"{shown(name)} is {body.shape} here, and {promised} in the text"
        raise Unreadable(chain.sides[1].span, message)
    _no_free(elaboration, name, statement)
    domain = (*elaboration.known, *elaboration.given)
    letter = Letter(
        name.head,
        len(name.above),
        len(name.below),
        "defined",
        name.span,
        body.shape,
        slots=tuple(slots.values()),
        definition=Definition(tuple(slots), body, domain),
        arguments=of,
    )
    letters.add(letter)
    for each in (name, written):
        letters.later.pop(each.key, None)
    indices = tuple(c.Running(slot, found) for slot, found in slots.items())
    ref = c.Ref(letter.shape, letter, letter.key, indices)
    elaboration.free = dict(slots)
    claims = _claims(elaboration, chain, [ref, *rest], start=1)
    return Read(statement, letter, claims)


def _slots(name: t.Name, letters: Letters) -> dict[str, Range]:
    """The index letters on the left of a definition, those above first."""
    found: dict[str, Range] = {}
    for node in (*name.above, *name.below):
        plain = isinstance(node, t.Name) and node.plain
        letter = letters.known.get((node.head, 0, 0)) if isinstance(node, t.Name) else None
        if not plain or letter is None or letter.range is None or letter.kind not in ("index",):
            raise Unreadable(
                node.span,
                "the indices on the left of := are index letters, with a range",
                r"$k \in \{1, \dots, C\}$ declares one",
            )
        assert isinstance(node, t.Name)
        if node.head in found:
            raise Unreadable(node.span, f"{shown(node)} stands twice on the left")
        found[node.head] = letter.range
    return found


def _no_free(elaboration: Elaboration, name: t.Name, statement: t.Statement) -> None:
    """A definition says which indices it is of."""
    for letter in elaboration.free:
        written = (statement.chain.sides[1:], statement.conditions)
        place = next((each for each in t.names_in(written) if each.head == letter), name)
        hint = (
            f"{shown(name)} would be one for each {shown(place)}: write it on the left as well; "
            f"where {shown(place)} is given, it is declared alone, and nothing is of each of them"
        )
        if any(
            isinstance(p, t.Total) and letter in map(shown, p.letters) for p in t.parts_of(written)
        ):
            hint = (
                f"the Σ over {shown(place)} ends at the first + or −: what it sums needs brackets"
            )
        raise Unreadable(
            place.span,
            f"{shown(place)} stands on the right of :=, and neither on the left nor under a Σ",
            hint,
        )
