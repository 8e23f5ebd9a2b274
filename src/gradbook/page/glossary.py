r"""What was misread on a page: with `$\omega \equiv W$` in the text, every display has W for ω.

A scan is read as it was meant, and stays as it was scanned. What stands on the left, letter by
letter, is read as what stands on the right; the longest first, and once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from gradbook.page.lexer import tokens_if_any
from gradbook.page.markdown import Formula
from gradbook.page.tokens import FONTS, Token

#: What is written, and what is read there.
Glossary = Sequence[tuple[tuple[Token, ...], tuple[Token, ...]]]


def glossary(formulas: Iterable[Formula]) -> Glossary:
    """What the formulas in the text say with ≡."""
    found = [pair for formula in formulas if formula.kind == "inline" for pair in _said(formula)]
    return sorted(found, key=lambda pair: -len(pair[0]))


def _said(formula: Formula) -> Iterator[tuple[tuple[Token, ...], tuple[Token, ...]]]:
    said = tokens_if_any(formula.latex, formula.start)
    places = [place for place, token in enumerate(said) if token.text == r"\equiv"]
    if len(places) == 1 and 0 < places[0] < len(said) - 1:
        yield tuple(said[: places[0]]), tuple(said[places[0] + 1 :])


def replaced(written: Sequence[Token], found: Glossary) -> list[Token]:
    """The tokens as they are read, each in the place of what is written."""
    result: list[Token] = []
    place = 0
    while place < len(written):
        for left, right in found:
            there = written[place : place + len(left)]
            if [_sign(token) for token in there] == [_sign(token) for token in left]:
                span = there[0].span.to(there[-1].span)
                result += [replace(token, span=span) for token in right]
                place += len(left)
                break
        else:
            end = place + _in_a_font(written[place:])
            result += written[place:end]
            place = end
    return result


def _in_a_font(written: Sequence[Token]) -> int:
    r"""How many tokens are one letter or word: of \mathbf{u} and \mathrm{loss} all, else one."""
    texts = [token.text for token in written]
    if texts[0][1:] in FONTS and texts[1:2] == ["{"] and "}" in texts:
        return texts.index("}") + 1
    return 1


def _sign(token: Token) -> tuple[str, str]:
    return token.kind, token.text
