"""The objective of a page and its gradient as a program: arrays, each made of those before it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from sympy import Expr, Symbol

from gradbook.emit.pages.lowered import Lowering, Place
from gradbook.emit.pages.names import NotEmitted, identifier
from gradbook.emit.pages.objective import Objective, objectives_of
from gradbook.emit.pages.shared import shared, without_aliases
from gradbook.emit.pages.slopes import Share, collected, pushed
from gradbook.emit.pages.terms import ONE, Array, Number, Ref, names
from gradbook.page.core import ClaimRead, Running
from gradbook.page.letters import size_symbol
from gradbook.page.page import Page, PageLine


@dataclass(frozen=True)
class Program:
    """Arrays that are made of arrays.

    title:   of what. given: the letters that a call gives, in the order of the page.
    labels:  which of them are labels. made: what is made of them, in order.
    results: the objective, then the letters by which it is differentiated, each with its array.
    sizes:   of the page. indices: that run on the page, and over how many.
    """

    title: str
    given: tuple[Array, ...]
    labels: frozenset[str]
    made: tuple[Array, ...]
    results: tuple[tuple[str, str], ...]
    sizes: frozenset[Symbol]
    indices: tuple[tuple[str, Expr], ...]

    @property
    def arrays(self) -> dict[str, Array]:
        return {array.name: array for array in (*self.given, *self.made)}


def program_of(page: Page, objective: Objective) -> Program:
    """The objective of a page, and its gradient by the letters that the page differentiates by."""
    lowering = Lowering(page.letters)
    last = lowering.array(objective.of)
    by = [lowering.array(letter) for letter in objective.by]
    forward = list(lowering.arrays.values())
    made = _backward(forward, last, [array.name for array in by])
    results = ((last.name, last.name), *((array.name, _slope(array.name)) for array in by))
    line = next((f" ({line.id})" for line in page if objective.of in line.definitions), "")
    title = f"{last.name}{line} of {page.title}"
    return _program(page, lowering, [*forward, *made], results, title)


def last_objectives(page: Page) -> list[str]:
    """The numbers that a page differentiates, without those that another of them is made of."""
    parts = set[str]()
    found = objectives_of(page)
    for name, objective in found.items():
        with suppress(NotEmitted):
            made = program_of(page, objective).made
            parts |= {array.name for array in made if array.name != name}
    return [name for name in found if name not in parts]


def program_of_line(line: PageLine, claim: ClaimRead) -> Program:
    """The right side of a claim of the line."""
    lowering = Lowering(line.page.letters)
    value = _value(lowering, claim)
    arrays = [*lowering.arrays.values(), value]
    title = f"{line.id} of {line.page.title}"
    return _program(line.page, lowering, arrays, (("", "value"),), title)


def claim_of(line: PageLine) -> ClaimRead:
    """The equality whose right side is meant: the only one, or the last of the only chain."""
    claims = [claim for claim in line.claims if not claim.shape and claim.sign == "="]
    last = [claim for claim in claims if claim.link[0] == claim.link[1]]
    if len(last) != 1:
        found = f"{len(last)} equalities" if last else "no equality"
        raise NotEmitted(f"{line.id} states {found}: what is emitted is the right side of one")
    return last[0]


def _value(lowering: Lowering, claim: ClaimRead) -> Array:
    at = {name: lowering.axis(found, name) for name, found in claim.free.items()}
    for condition in claim.given:
        if not isinstance(condition.left, Running):
            lowering.condition(condition, Place(names=at))
    shape = claim.right.shape if claim.right.shape.rows is not None else claim.left.shape
    row, column = lowering.sides(shape)
    body = lowering.entry(claim.right, Place(row, column, at))
    axes = (*at.values(), *(side for side in (row, column) if side is not None))
    return Array("value", axes, None, body)


def _program(
    page: Page,
    lowering: Lowering,
    arrays: list[Array],
    results: tuple[tuple[str, str], ...],
    title: str,
) -> Program:
    sizes = frozenset(size_symbol(each.head) for each in page.letters if each.kind == "size")
    taken = {*lowering.labels, *(str(size) for size in sizes)}
    arrays, same = without_aliases(shared(arrays, taken))
    results = tuple((name, same.get(array, array)) for name, array in results)
    needed = _needed(arrays, [name for _, name in results])
    made = tuple(one for one in arrays if one.body is not None and one.name in needed)
    given = [one for one in arrays if one.body is None and one.name in needed]
    given += [one for one in lowering.labels.values() if one.name in needed]
    given.sort(key=lambda one: one.letter.span.start if one.letter else 0)
    running = [one for one in page.letters if one.kind == "index" and one.range is not None]
    indices = tuple((identifier(one.head), one.range.count) for one in running if one.range)
    labels = frozenset(lowering.labels)
    return Program(title, tuple(given), labels, made, results, sizes, indices)


def _needed(arrays: list[Array], wanted: list[str]) -> set[str]:
    """The names of what the wanted arrays are made of."""
    of = {array.name: array for array in arrays}
    needed, found = set[str](), list(wanted)
    while found:
        name = found.pop()
        if name not in needed:
            needed.add(name)
            body = of[name].body if name in of else None
            found += names(body) if body is not None else ()
    return needed


def _slope(name: str) -> str:
    return f"d{name}"


def _backward(forward: list[Array], last: Array, by: list[str]) -> list[Array]:
    """The slopes of the last array by those that it is made of, back to those in `by`."""
    leads: set[str] = set(by)
    for array in forward:
        if array.body is not None and leads & set(names(array.body)):
            leads.add(array.name)
    shares: dict[str, list[Share]] = {last.name: [Share((), ONE)]}
    made: list[Array] = []
    backward = [*reversed(forward)]
    for array in sorted(backward, key=lambda one: one.body is None):
        if array.name not in leads or array.name not in shares:
            if array.name in by:
                raise NotEmitted(f"{last.name} does not depend on {array.name}")
            continue
        slope = Array(
            _slope(array.name), array.axes, None, collected(shares[array.name], array.axes)
        )
        assert slope.body is not None
        is_short = isinstance(slope.body, Ref | Number)
        if array.body is None:
            made.append(slope)
            continue
        if not is_short:
            made.append(slope)
        g = slope.body if is_short else Ref(slope.name, array.axes)
        for name, share in pushed(array.body, g):
            if name in leads:
                shares.setdefault(name, []).append(share)
    return made
