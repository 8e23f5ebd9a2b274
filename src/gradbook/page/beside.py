"""v ∈ ℝ^n with v_i > 0: what the text says of numbers right beside their declaration; and shares,
p_k ≥ 0 with Σ_k p_k = 1, a vector p in Δ^{C−1}.

In one list of formulas it belongs to the declaration, and every line may use it. Anywhere else,
“it holds where λ > 0”, it only mentions something: a line is meant for all that was declared.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from sympy import Integer

from gradbook.page import tree as t
from gradbook.page.core import Key, Letter, Range, Shape
from gradbook.page.declare import between, limited, limits, number, shared, signed, size
from gradbook.page.letters import Letters, with_numbers
from gradbook.page.markdown import Formula
from gradbook.page.source import Unreadable
from gradbook.page.usage import Written

#: What stands between two formulas of one list.
_WORDS = r"with|and|where|whose|entries|all|of|which|are|is|a|the|such|that|for|each|every"
_BETWEEN = re.compile(rf"[\s$`\\(){{}},;]*(?:(?:{_WORDS})\b[\s$`\\(){{}},;]*)*")

_HINT = r"shares are $p_k \ge 0$ with $\sum_k p_k = 1$, or $p \in \Delta^{C-1}$; else say \text{if}"


def lists(text: str, formulas: Sequence[Formula]) -> Mapping[int, int]:
    """Where each formula of the text begins, and where the first one of its list does."""
    found: dict[int, int] = {}
    end, first = 0, -1
    for formula in formulas:
        if formula.kind == "inline":
            if first < 0 or not _BETWEEN.fullmatch(text[end : formula.start]):
                first = formula.start
            found[formula.start] = first
        else:
            first = -1
        end = formula.span.end
    return found


def apart(
    written: Iterable[Written],
    beside: Mapping[int, int],
    defined: Iterable[Key],
    sizes: Collection[str],
) -> tuple[list[Written], list[Written]]:
    """What declares or claims, and what only says more of a letter that is declared beside it.

    Left out is what mentions a letter that is declared elsewhere, or defined. sizes: the letters
    that shapes, ranges and sums name, of which C ≥ 2 says what they are.
    """
    written, known = list(written), dict.fromkeys(defined, -1)
    for each in written:
        if isinstance(each.statement.chain.sides[-1], t.Space) and not each.statement.conditions:
            for name in t.listed(each.statement.chain.sides[0]):
                if isinstance(name, t.Name):
                    known.setdefault(with_numbers(name).key, beside.get(each.formula, -1))
    rest, more = [], []
    for each in written:
        names = limited(each.statement) if each.row is None else ()
        said_of = {key for name in names for key in _letters(name, known)}
        if not said_of:
            rest.append(each)
            if not _is_of_sizes(each.statement, names, sizes):
                known |= {with_numbers(name).key: beside[each.formula] for name in names}
        elif beside[each.formula] in {known[key] for key in said_of}:
            more += [each] * all(with_numbers(n).key in known or not _has_number(n) for n in names)
    return rest, more


def _letters(name: t.Name, known: Iterable[Key]) -> Iterator[Key]:
    """v of v_i: the letters that a name is, or is an entry of."""
    for one in (name, with_numbers(name)):
        head, above, below = one.key
        yield from (k for k in known if k[0] == head and k[1] <= above and k[2] <= below)


def _has_number(name: t.Name) -> bool:
    """v_1: one entry, and not all of them."""
    return any(isinstance(index, t.Number) for index in (*name.above, *name.below))


def _is_of_sizes(statement: t.Statement, names: Sequence[t.Name], sizes: Collection[str]) -> bool:
    """Whether it is C ≥ 2, of sizes, and not λ > 0."""
    above = None if between(statement) else number(statement.chain.sides[-1])
    return any(name.plain and (name.head in sizes or bool(above)) for name in names)


def restrict(statement: t.Statement, letters: Letters) -> None:
    """v_i > 0 of a vector v that is declared: of all its entries. Raises Unreadable."""
    sign, bounds = limits(statement.chain)
    for key in {key for name in limited(statement) for key in _letters(name, letters.known)}:
        letter = letters.known[key]
        bounds_of = (*letter.bounds, *bounds)
        letters.known[key] = replace(letter, sign=sign or letter.sign, bounds=bounds_of)


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
    if _range_of_sum(statement, letters) not in (None, along):
        raise Unreadable(statement.span, f"shares add up to 1 over all of {along}", _HINT)
    if not along.count.is_Integer:
        letters.number(along, statement.span)
    del letters.known[letter.key]
    letters.add(_of_all(letter, Shape(along.count, Integer(1)), slots, place))


def _of_all(letter: Letter, shape: Shape, slots: tuple[Range, ...], place: int) -> Letter:
    found = replace(letter, below=place, shape=shape, slots=slots)
    return replace(found, sign=">=", bounds=(), which="shares")


def _range_of_sum(statement: t.Statement, letters: Letters) -> Range | None:
    total = statement.chain.sides[0]
    assert isinstance(total, t.Total)
    if total.first is None or total.last is None:
        return None
    return Range(size(total.first, letters), size(total.last, letters))
