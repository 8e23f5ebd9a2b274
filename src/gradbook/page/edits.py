"""Edits of a page's formulas, one at a time: the slips that a hand or a scanner makes.

A sign turned, a term or a factor dropped, a number one too large, a letter in place of another of
its kind, a relation or a condition changed. `edits` yields them as pieces of text; whether one is
noticed is for others to say. Declarations are what is given, and stay. So does the = of a claim:
with another relation it claims less, and what is true stays true.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from gradbook.page import tree as t
from gradbook.page.core import Letter
from gradbook.page.letters import Letters
from gradbook.page.page import Page
from gradbook.page.source import Source, Span, Unreadable, Waits

#: What an edit changes.
Kind = Literal[
    "sign", "term", "factor", "number", "letter", "relation", "condition", "sum", "transpose",
    "power", "function", "branches",
]  # fmt: skip

_RELATIONS = {
    r"\ne": ("=",),
    "=": (r"\ne",),
    "<": (r"\le", ">"),
    ">": (r"\ge", "<"),
    r"\le": ("<", r"\ge"),
    r"\ge": (">", r"\le"),
}
#: x^\top, or the \top} of x^{(i)\top}.
_TRANSPOSE = re.compile(
    r"\^?(\{?)\s*(?:\\top|\\intercal|\\transpose|⊤|\\math\w+\s*\{?T\}?|T)\s*(\}?)$"
)


@dataclass(frozen=True, order=True)
class Edit:
    """`text` in place of what stands in the span."""

    span: Span
    text: str
    kind: Kind

    def of(self, source: Source) -> Source:
        """The page with the edit."""
        return source.replaced(self.span, self.text)


def edits(page: Page) -> Iterator[Edit]:
    """Every edit of the displays and of the definitions in the text, in the order of the page."""
    writer = _Edits(page.source.text, page.letters)
    for statement in page.statements:
        found = {(edit.span, edit.text): edit for edit in writer.of_statement(statement)}
        yield from sorted(found.values())


@dataclass(frozen=True)
class _Edits:
    """The edits of one text."""

    text: str
    letters: Letters

    def of_statement(self, statement: t.Statement) -> Iterator[Edit]:
        chain, conditions = statement.chain, statement.conditions
        defines = chain.signs[:1] == (":=",)
        for place, side in enumerate(chain.sides):
            if place == 0 and defines:
                continue
            if place and not isinstance(side, t.Sum_ | t.Space | t.Matrix | t.Cases):
                yield Edit(Span(side.span.start, side.span.start), "-", "sign")
            yield from self.within(side)
        for relation in chain.relations:
            if relation.sign not in ("=", ":=", r"\in"):
                yield from self.relation(relation)
        if conditions:
            behind = conditions[0].span > chain.span
            around = (
                Span(chain.span.end, conditions[-1].span.end)
                if behind
                else Span(statement.span.start, chain.span.start)
            )
            yield Edit(around, "", "condition")
        for condition in conditions:
            yield from self.within(condition)

    def within(self, node: object) -> Iterator[Edit]:
        """The edits of a part, and of its parts."""
        for part in t.parts_of(node):
            yield from self.of(part)

    def of(self, node: t.Node) -> Iterator[Edit]:
        span = node.span
        match node:
            case t.Number(text=text) if text.isdigit():
                yield Edit(span, str(int(text) + 1), "number")
            case t.Name():
                yield from self.other_letters(node)
            case t.Sum_(terms=terms):
                yield from self.terms(span, [term for _, term in terms])
            case t.Product(factors=factors):
                yield from self.dropped(factors, "factor")
            case t.Power(base=base):
                yield Edit(Span(base.span.end, span.end), "", "power")
            case t.Transposed() if found := _TRANSPOSE.search(self.at(span)):
                opened, closed = found.groups()
                yield Edit(
                    Span(span.start + found.start(), span.end), closed[len(opened) :], "transpose"
                )
            case t.Call(function=name, arguments=arguments) if not name.startswith("norm"):
                yield Edit(span, f"({self.at(arguments[-1].span)})", "function")
            case t.Total(letters=letters, conditions=conditions, of=of):
                yield Edit(Span(span.start, of.span.start), "", "sum")
                if conditions:
                    under = conditions[0].span.to(conditions[-1].span)
                    yield Edit(under.to(letters[0].span), self.at(letters[0].span), "condition")
            case t.Chain(relations=relations):  # a condition: under a Σ, in an indicator, in cases
                for relation in relations:
                    yield from self.relation(relation)
            case t.Cases(branches=branches):
                values = [value.span for value, _ in branches]
                for one, other in pairwise(values):
                    between = self.text[one.end : other.start]
                    swapped = self.at(other) + between + self.at(one)
                    yield Edit(one.to(other), swapped, "branches")

    def at(self, span: Span) -> str:
        return self.text[span.start : span.end]

    def relation(self, relation: t.Relation) -> Iterator[Edit]:
        for sign in _RELATIONS.get(relation.sign, ()):
            yield Edit(relation.span, f"{sign} ", "relation")

    def terms(self, span: Span, terms: Sequence[t.Node]) -> Iterator[Edit]:
        """Each term with the other sign, and without each."""
        before = Span(span.start, span.start)
        for place, term in enumerate(terms):
            between = self.text[before.end : term.span.start]
            if found := re.search("[-+−]", between):
                sign = Span(before.end + found.start(), before.end + found.end())
                turned = "+" if found[0] != "+" else "-"
                yield Edit(sign, turned if place else "", "sign")
            elif place == 0:
                yield Edit(before, "-", "sign")
            before = term.span
        yield from self.dropped(terms, "term", span.start)

    def dropped(
        self, parts: Sequence[t.Node], kind: Kind, start: int | None = None
    ) -> Iterator[Edit]:
        """Without the first part, up to the second; without another, from the one before it."""
        for place, part in enumerate(parts):
            if len(parts) < 2:
                return
            if place:
                yield Edit(Span(parts[place - 1].span.end, part.span.end), "", kind)
                continue
            first = Span(part.span.start if start is None else start, parts[1].span.start)
            sign = re.search("[-−]", self.text[part.span.end : first.end])
            yield Edit(first, "-" if sign and kind == "term" else "", kind)

    def other_letters(self, name: t.Name) -> Iterator[Edit]:
        """Each other letter of the same kind, shape and indices in its place."""
        try:
            letter = self.letters.look_up(name)
        except (Unreadable, Waits):
            return
        for other in self.letters:
            if other is letter or not _alike(letter, other):
                continue
            written = self.at(other.span)
            if letter.range is not None:  # a label with its own index, or an index letter
                yield Edit(name.span, f"{{{written}}}" if name.above else written, "letter")
                continue
            head = _head(self.at(name.span))
            span = Span(name.span.start, name.span.start + len(head))
            yield Edit(span, _head(written), "letter")


def _alike(one: Letter, other: Letter) -> bool:
    if other.broken is not None:
        return False
    if one.range is not None or other.range is not None:
        return one.range == other.range
    if (one.kind == "size") != (other.kind == "size"):
        return False
    return (one.shape, one.above, one.below) == (other.shape, other.above, other.below)


def _head(written: str) -> str:
    """The letter without its indices: \\tilde{x} of \\tilde{x}^{(i)}."""
    depth = 0
    for place, sign in enumerate(written):
        depth += (sign == "{") - (sign == "}")
        if depth == 0 and sign in "_^":
            return written[:place].rstrip()
    return written
