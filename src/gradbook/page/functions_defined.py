"""Which names a page defines as functions, before anything is parsed.

They are f in f(x) := …, and in “where f(x) = …”.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradbook.page import tree as t
from gradbook.page.parse_statements import DEFINING_WORDS
from gradbook.page.parser import Parser
from gradbook.page.source import Unreadable
from gradbook.page.tokens import Token

#: What cannot stand within the name of a function.
_APART = ("gap", "row", "begin", "tag", "label")


def functions_defined(written: Sequence[Token], end: int) -> Iterator[str]:
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
