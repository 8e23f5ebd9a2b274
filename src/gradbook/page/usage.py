"""What the statements of a page show of its letters: sizes, given indices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gradbook.page import tree as t
from gradbook.page.defined_behind import Written
from gradbook.page.elaborate import Elaboration
from gradbook.page.letters import Letters


def size_names(written: Sequence[Written]) -> Iterator[str]:
    """The letters that shapes, ranges and sums name."""
    for each in written:
        for part in t.parts_of(each.statement):
            if isinstance(part, t.Space):
                yield from (name.head for name in t.names_in(part.sizes))
            elif isinstance(part, t.Numbered) or (
                isinstance(part, t.Total) and part.last is not None
            ):
                yield from (name.head for name in t.names_in((part.first, part.last)))


def tell_labels(letters: Letters, written: Sequence[Written], whole: Sequence[Written]) -> None:
    """An index is given, a label, if it is declared alone, nothing binds it or numbers by it,
    and a definition depends on it.
    """
    running, in_bodies, slots = set(), set(), _slot_names(whole)
    for each in written:
        for part in t.parts_of(each.statement):
            if isinstance(part, t.Total):
                running |= {name.head for name in part.letters}
        left = t.defined(each.statement)
        if left is not None:
            running |= {name.head for name in t.names_in((left.below, left.above))}
            in_bodies |= {name.head for name in t.names_in(each.statement.chain.sides[1:])}
    for letter in list(letters):
        few = letter.range is not None and letter.range.count.is_Integer  # y ∈ {0, 1}
        given = few or letter.head in in_bodies
        free = letter.head not in running | slots
        if letter.kind == "index" and letter.alone and given and free:
            letters.known[letter.key] = replace(letter, kind="label")


def _slot_names(whole: Sequence[Written]) -> set[str]:
    """The index letters that declared letters are numbered by."""
    return {
        name.head
        for each in whole
        if each.statement.chain.signs[:1] != ("=",)
        for part in t.listed(each.statement.chain.sides[0])
        if isinstance(part, t.Name)
        for name in t.names_in((part.below, part.above))
    }


def with_conditions(letters: Letters, written: Sequence[Written]) -> Iterator[Written]:
    """“a = b, i = j”: what compares indices alone is a condition of what stands before it."""
    elaboration = Elaboration(letters)
    before: Written | None = None
    for each in written:
        chain = each.statement.chain
        compares = len(chain.sides) == 2 and all(map(elaboration.is_index, chain.sides))
        if compares and before is not None and each.row is not None and each.row is before.row:
            statement = before.statement
            conditions = (*statement.conditions, chain, *each.statement.conditions)
            before = replace(before, statement=replace(statement, conditions=conditions))
            continue
        if before is not None:
            yield before
        before = each
    if before is not None:
        yield before
