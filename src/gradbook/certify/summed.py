"""A loss that a page says as a sum over the other classes, and the slopes that it claims of it.

Both are taken from the page: the summand of Σ_{j≠y}, and what stands on the right of ∂L/∂s_j and
∂L/∂s_y (or of ∇_{W_j} L, which is ∂L/∂s_j times the example). Nothing is derived here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sympy import Expr, Symbol, cancel, diff

from gradbook.notation import partial
from gradbook.page import Page
from gradbook.page import core as c
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import cases_at
from gradbook.page.core import ClaimRead, Letter, parts_of
from gradbook.page.entries import matrix
from gradbook.page.letters import written
from gradbook.page.stated import Stated

#: The score of one other class, and that of the label.
OTHER, LABEL = Symbol("a", real=True), Symbol("sy", real=True)


@dataclass(frozen=True)
class Summed:
    """L = Σ_{j≠y} term, ∂L/∂s_j = other, ∂L/∂s_y = Σ_{j≠y} label: in OTHER, LABEL and `besides`.

    name:    of the loss, as the page writes it. lines: where the two slopes are claimed.
    besides: what else each class has of its own, such as what a mistake costs.
    """

    name: str
    lines: tuple[str, ...]
    term: Expr
    other: Expr
    label: Expr
    besides: tuple[Symbol, ...]


def summed_losses(page: Page) -> Iterator[Summed]:
    """Every loss of the page that is a sum over the other classes and has both slopes claimed."""
    for letter in page.letters:
        definition = letter.definition
        over = definition.body if definition is not None else None
        if isinstance(over, c.SumOver) and _but_label(over):
            found = dict(_slopes(page, letter, over))
            if found.keys() == {True, False}:
                (line_of_label, term, label), (line, _, other) = found[True], found[False]
                mine = {symbol for each in (term, other, label) for symbol in each.free_symbols}
                besides = sorted(mine - {OTHER, LABEL}, key=str)
                lines = tuple(dict.fromkeys((line, line_of_label)))
                yield Summed(written(letter), lines, term, other, label, tuple(besides))


def _but_label(over: c.SumOver) -> bool:
    """Whether it is Σ_{j≠y}: over all classes but the label."""
    if len(over.conditions) != 1 or over.conditions[0].sign != "≠":
        return False
    sides = (over.conditions[0].left, over.conditions[0].right)
    return any(isinstance(side, c.Label) for side in sides)


def _slopes(
    page: Page, letter: Letter, over: c.SumOver
) -> Iterator[tuple[bool, tuple[str, Expr, Expr]]]:
    """Whether it is by the label's score, and the line, the summand, the slope of one class."""
    for line in page:
        for claim in line.claims:
            left = claim.left
            if claim.sign != "=" or not isinstance(left, c.GradientBy):
                continue
            if isinstance(left.of, c.Ref) and left.of.key == letter.key:
                for by_label, *found in _claimed(page, claim, letter, over):
                    yield by_label, (line.id, *found)


def _claimed(
    page: Page, claim: ClaimRead, letter: Letter, over: c.SumOver
) -> Iterator[tuple[bool, Expr, Expr]]:
    """At three classes, of which the first is the label and the second the other one."""
    assert letter.definition is not None
    assert isinstance(claim.left, c.GradientBy)
    assert isinstance(claim.left.of, c.Ref)
    sums = [part for part in parts_of(claim.right) if isinstance(part, c.SumOver)]
    for case in cases_at(page, claim, {str(over.range.last): 3}):
        at = case.at
        stated = at.claim(claim, case.free)
        slope = None if stated is None else by_score(stated, at)
        if slope is None or set(at.labels.values()) != {1}:
            continue
        row, scores, _, claimed = slope
        letters = {scores[0]: LABEL, scores[1]: OTHER}
        own = (at.index(slot, case.free) for slot in claim.left.of.slots)
        inside = dict(zip(letter.definition.slots, own, strict=True))
        term = _number(at, over, inside, 2).xreplace(letters)
        if row == 1:
            yield False, term, claimed.xreplace(letters)
        elif row == 0 and len(sums) == 1 and _but_label(sums[0]):
            one, two = (_number(at, sums[0], case.free, k) for k in (2, 3))
            factor = cancel(claimed / (one + two))
            if not factor.free_symbols & set(scores):  # a number, or one over the example
                yield True, term, cancel(factor * one).xreplace(letters)


def _number(at: AtSizes, over: c.SumOver, free: Mapping[str, int], k: int) -> Expr:
    """The summand of the class k; of a row times the example, its first entry without that."""
    return matrix(at.value(over.of, {**free, over.index: k}))[0]


def by_score(stated: Stated, at: AtSizes) -> tuple[int, list[Symbol], Expr, Expr] | None:
    """By which score the left side differentiates, all scores, the loss, the claimed slope."""
    for left, right in zip(stated.left, stated.right, strict=True):
        if not isinstance(left, partial):
            continue
        of, v = left.args
        for vector in _vectors(at):
            if v in vector:
                return vector.index(v), vector, of, right
            factors = [diff(at.meant.of.get(score, score), v) for score in vector]
            for row, factor in enumerate(factors):
                if factor != 0:
                    return row, vector, of, cancel(right / factor)
    return None


def _vectors(at: AtSizes) -> Iterator[list[Symbol]]:
    """The vectors of as many entries as there are classes: what may be the scores."""
    for place in dict.fromkeys(at.meant.family.values()):
        yield [symbol for symbol, other in at.meant.family.items() if other == place]
    for letter, symbols in at.given.values():
        if letter.shape.columns == 1:
            yield list(symbols)
