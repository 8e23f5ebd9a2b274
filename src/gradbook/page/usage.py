"""What statements say of each other: definitions behind their use, sizes, labels, conditions.

Behind “where” an equation defines the letter on its left, unless the page says elsewhere what that
is; then it is a condition. Such a definition is read in front of the first statement of its display
that needs it. With := it defines in any case. What the text defines holds on the whole page: it is
read in front of the first statement that needs it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from gradbook.page import tree as t
from gradbook.page.core import Key
from gradbook.page.displays import Row
from gradbook.page.elaborate import Elaboration
from gradbook.page.letters import Letters, with_numbers


@dataclass(frozen=True)
class Written:
    """A statement, and the line it belongs to; inline ones belong to none.

    formula: where the formula begins in which it stands.
    """

    statement: t.Statement
    row: Row | None
    formula: int


def with_definitions(written: Sequence[Written]) -> Iterator[Written]:
    """The statements, with those that define behind their use in front of what needs them.

    What one “where” has defined and another says again is a claim.
    """
    found: list[Written] = []
    behind = list(_with_where(written))
    known = frozenset(keys(behind))
    for each in behind:
        name = t.defined(each.statement) if each.row is None else None
        end = len(found)
        found.insert(end if name is None else _first_use(found, name, end, known), each)
    yield from found


def _with_where(written: Sequence[Written]) -> Iterator[Written]:
    """The statements, with those behind “where” in front of the first of their display that needs
    them.
    """
    behind, known = _Behind(written), frozenset(keys(written))
    for _, display in groupby(written, key=lambda each: each.formula):
        found: list[Written] = []
        for each in display:
            said = [behind.read(condition) for condition in each.statement.where]
            out = [
                c for c, read in zip(each.statement.where, said, strict=True) if read is not None
            ]
            kept = tuple(c for c in each.statement.conditions if c not in out)
            found.append(replace(each, statement=replace(each.statement, conditions=kept)))
            for other in (other for read in said for other in read or ()):
                name = t.defined(other)
                place = (
                    len(found) if name is None else _first_use(found, name, len(found) - 1, known)
                )
                found.insert(place, replace(each, statement=other))
        yield from found


def _first_use(found: Sequence[Written], name: t.Name, last: int, known: Collection[Key]) -> int:
    """The place of the first statement with the letter, or with an entry of it; `last` where none
    has it. known: of all letters, so that L_i is not taken for an entry of L.
    """
    own = with_numbers(name).key
    uses = (any(_is(used, own, known) for used in t.names_in(one.statement)) for one in found)
    return next((place for place, used in enumerate(uses) if used), last)


def _is(used: t.Name, own: Key, known: Collection[Key]) -> bool:
    """Whether a name is a letter, or else an entry of it."""
    key, (head, above, below) = with_numbers(used).key, used.key
    is_entry = key not in known and used.key not in known and (head, above) == own[:2]
    return key == own or (is_entry and below >= own[2])


def keys(written: Iterable[Written]) -> Iterator[Key]:
    """The letters that are declared or defined."""
    for each in written:
        chain = each.statement.chain
        names = t.listed(chain.sides[0]) if r"\in" in chain.signs else (t.defined(each.statement),)
        yield from (with_numbers(name).key for name in names if isinstance(name, t.Name))


class _Behind:
    """What the “where” of a page define."""

    def __init__(self, written: Sequence[Written]) -> None:
        statements = [each.statement for each in written]
        self._stated = {name.key for name in map(t.defined, statements) if name is not None}
        self._declared = {
            name.head
            for each in written
            if each.row is None or each.statement.chain.signs == (r"\in",)
            for name in t.names_in(each.statement.chain.sides)
        }
        self._defined: dict[Key, t.Node] = {}

    def read(self, condition: t.Node) -> tuple[t.Statement, ...] | None:
        """A definition, a claim, or nothing for what was read already; None for a condition."""
        if not isinstance(condition, t.Chain) or len(condition.relations) != 1:
            return None
        (relation,) = condition.relations
        defines = replace(condition, relations=(replace(relation, sign=":="),))
        definition = t.Statement(condition.span, defines)
        name = t.defined(definition)
        if name is None or relation.sign not in ("=", ":="):
            return None
        known = name.key in self._stated or name.head in self._declared
        if known and relation.sign == "=":
            return None
        if self._defined.get(name.key) == condition:  # of A ⟺ B, which is two
            return ()
        if name.key in self._defined and relation.sign == "=":
            return (t.Statement(condition.span, condition),)
        self._defined[name.key] = condition
        return (definition,)


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
