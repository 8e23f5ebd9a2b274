"""Shares in the text: p_k ≥ 0 with Σ_k p_k = 1 declares a vector p in Δ^{C−1}."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sympy import Integer

from gradbook.page import tree as t
from gradbook.page.core import Letter, Range, Shape
from gradbook.page.declare import shared, signed, size
from gradbook.page.letters import Letters
from gradbook.page.source import Unreadable

_HINT = r"shares are $p_k \ge 0$ with $\sum_k p_k = 1$, or $p \in \Delta^{C-1}$; else say \text{if}"


def declare_shares(statement: t.Statement, letters: Letters, texts: Sequence[t.Statement]) -> None:
    """Σ_k p_k = 1: of numbers p_k or a vector p that are declared and not below 0. Of a letter that
    is defined it only mentions something.

    texts: what the text says. Raises Unreadable where p may be below 0: it would be a condition
    that no line knows of.
    """
    pair = shared(statement)
    assert pair is not None
    p, k = pair
    place = next(
        n for n, each in enumerate(p.below) if isinstance(each, t.Name) and each.head == k.head
    )
    letter = letters.known.get(p.key) or letters.known.get((p.head, len(p.above), place))
    if letter is None or letter.kind != "value" or letter.which == "shares":
        return
    if not letter.sign and not any(n.head == p.head for each in texts for n in signed(each)):
        message = "this is said of numbers that may be below 0, and no line would know of it"
        raise Unreadable(statement.span, message, _HINT)
    slots = letter.slots
    if letter.shape.is_number:
        at = letter.above + place
        along, slots = slots[at], (*slots[:at], *slots[at + 1 :])
    else:
        assert letter.shape.rows is not None
        along = letters.numbered(letter.shape.rows)
    if _range(statement, letters) not in (None, along):
        raise Unreadable(statement.span, f"shares add up to 1 over all of {along}", _HINT)
    if not along.count.is_Integer:
        letters.number(along, statement.span)
    del letters.known[letter.key]
    letters.add(_of_all(letter, Shape(along.count, Integer(1)), slots, place))


def _of_all(letter: Letter, shape: Shape, slots: tuple[Range, ...], place: int) -> Letter:
    found = replace(letter, below=place, shape=shape, slots=slots)
    return replace(found, sign=">=", bounds=(), which="shares")


def _range(statement: t.Statement, letters: Letters) -> Range | None:
    total = statement.chain.sides[0]
    assert isinstance(total, t.Total)
    if total.first is None or total.last is None:
        return None
    return Range(size(total.first, letters), size(total.last, letters))
