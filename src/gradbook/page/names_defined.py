"""Names that are seen before anything is parsed, and in what cannot be.

Functions are f in f(x) := …, and in “where f(x) = …”. What a row or a formula defines that cannot
be read is known to be so, and what needs it waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from gradbook.page import tree as t
from gradbook.page.core import Key
from gradbook.page.displays import Row
from gradbook.page.lexer import tokens_if_any
from gradbook.page.markdown import Formula
from gradbook.page.parse_statements import DEFINING_WORDS
from gradbook.page.parser import Parser
from gradbook.page.source import Unreadable
from gradbook.page.tokens import Token

#: What cannot stand within the name of a function.
_APART = ("gap", "row", "begin", "tag", "label")


def functions_defined(found: Iterable[Formula]) -> Iterator[str]:
    """The letters that the page defines as functions."""
    for formula in found:
        yield from _functions(tokens_if_any(formula.latex, formula.start), formula.start)


def _functions(written: Sequence[Token], end: int) -> Iterator[str]:
    """The heads of the letters in front of (…) :=, or between “where” and (…) =."""
    for place, token in enumerate(written):
        closed = place - (2 if place > 1 and written[place - 1].text == "&" else 1)
        if token.text not in (":=", "=") or closed < 0 or written[closed].text != ")":
            continue
        opened, depth = closed, 1
        while depth and opened:
            opened -= 1
            depth += (written[opened].text == ")") - (written[opened].text == "(")
        start = opened
        while (
            start and written[start - 1].kind not in _APART and written[start - 1].text not in ";,&"
        ):
            start -= 1
        if token.text == "=":
            if written[start].kind != "words" or written[start].text not in DEFINING_WORDS:
                continue
            start += 1
        parser = Parser(written[start:opened], end)
        try:
            name = parser.atom()
        except Unreadable:
            continue
        if isinstance(name, t.Name) and parser.token is None:
            yield name.head


def letters_defined(row: Row, after: int) -> Iterator[Key]:
    """The letters in front of := in the part of a row that could not be read."""
    places = [place for place, token in enumerate(row.tokens) if token.text == ":="]
    for place in places[after:] or places[-1:]:
        start = place
        while start and row.tokens[start - 1].kind != "gap" and row.tokens[start - 1].text != ";":
            start -= 1
        yield from _keys(row.tokens[start:place], row.end)


def letters_declared(formula: Formula) -> Iterator[Key]:
    """The letters in front of ∈, := or ≥ in a formula that could not be read."""
    written = tokens_if_any(formula.latex, formula.start)
    upto = next((i for i, token in enumerate(written) if token.text in (r"\in", ":=", r"\ge")), 0)
    yield from _keys(written[:upto], formula.span.end)


def _keys(written: Sequence[Token], end: int) -> Iterator[Key]:
    parser = Parser(written, end)
    try:
        while parser.token is not None:
            name = parser.name()
            if isinstance(name, t.Name):
                yield name.key
            parser.take(",")
    except Unreadable:
        return
