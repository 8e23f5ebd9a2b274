"""LaTeX as tokens, each with its place. What only spaces or sizes a formula is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from gradbook.page.source import Span, Unreadable
from gradbook.page.spellings import EXPANDED, SPELLINGS, respelled
from gradbook.page.tokens import FUNCTIONS, GREEK, LINE, Kind, Token
from gradbook.page.written import head_written

_NO_MEANING = re.compile(
    r"\\(?:[,;:! >/]|left\.|right\.|(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])"
    r"|(?:displaystyle|textstyle|scriptstyle|limits|nolimits|nonumber|notag|thinspace|medspace"
    r"|thickspace|negthinspace|negmedspace|enspace|hfill|allowbreak|nobreak|relax|centering|strut"
    r"|mathstrut|hline)(?![a-zA-Z]))"
    r"|\\(?:vspace\*?|[hv]?phantom|color|require)\{[^{}]*\}|[\s~]+|%[^\n]*"
)
#: The size of a bracket, which is a part of it.
_SIZE = re.compile(r"\\(?:left|right|[bB]igg?[lrm]?)$")
#: A space that is as wide as a letter, or wider, stands between statements.
_SPACE = re.compile(r"\\(?:hspace\*?|hskip|kern|mkern|mspace)\s*\{?\s*(-?[\d.]+)\s*([a-z]+)\s*\}?")
_WIDE = {"em": 1, "in": 0.15, "cm": 0.35, "mm": 3.5, "pt": 10, "ex": 2, "mu": 18}
#: λ ↦ \\lambda
_GREEK = {head_written(name): f"\\{name}" for name in reversed(GREEK)}
_BRACED = r"\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}"
_WORDS = re.compile(
    rf"\\(?:text|textrm|textit|textnormal|textsf|mbox|intertext|textbf)\s*{_BRACED}"
    r"|\\math(?:rm|it|sf)\s*\{\s*((?:if|for|for all|else|otherwise|where|and|row|subject to|s\.t\.)"
    r"[\s~\\]*)\}"
)
_TAG = re.compile(r"\\(tag|label)\*?\s*\{([^{}]*)\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+)(\*?)\}")
_ROW = re.compile(r"\\\\(?:\s*\[[^\[\]]*(?:pt|em|ex|cm|mm)\])?|\\cr(?![a-zA-Z])|\\newline")
_COMMAND = re.compile(r"\\not\s*=|\\operatorname\*|\\(?:[a-zA-Z]+|.)", re.S)
#: The lines beside the rows of a matrix: — x_1^⊤ —.
_LINE = re.compile(r"-{3,}|—+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def tokens(latex: str, start: int) -> list[Token]:
    """The tokens of a formula that begins at the character `start` of the page.

    Raises Unreadable for a sign that LaTeX has not, such as a lone backslash.
    """
    return [*_respelled(latex, start)]


@lru_cache(maxsize=1024)  # reading a page asks for those of a formula some times
def _respelled(latex: str, start: int) -> tuple[Token, ...]:
    return tuple(respelled(list(as_written(latex, start))))


def tokens_if_any(latex: str, start: int) -> list[Token]:
    """The same; none where one cannot be read, which is said where the formula is read."""
    try:
        return tokens(latex, start)
    except Unreadable:
        return []


def as_written(latex: str, start: int) -> Iterator[Token]:
    """The same tokens, before what is shown alike is spelled alike."""
    place, sized = 0, -1
    while place < len(latex):
        blank = _NO_MEANING.match(latex, place)
        if blank:
            sized = place if _SIZE.match(blank[0]) else sized
            place = blank.end()
            continue
        kind, text, end = _next(latex, place, start)
        if kind == "words" and "$" in text:  # \text{if $k = j$}
            yield from _mixed(latex, place, end, start)
            place = end
            continue
        span = Span(start + (place if sized < 0 else sized), start + end)
        sized = -1
        if kind in ("sign", "letter") and text in EXPANDED:
            yield from (Token(kind, part, span) for kind, part in EXPANDED[text])
        elif kind != "blank":
            yield Token(kind, text, span)
        place = end


def _mixed(latex: str, place: int, end: int, start: int) -> Iterator[Token]:
    """Words with formulas between dollars."""
    place = latex.index("{", place) + 1
    for number, part in enumerate(latex[place : end - 1].split("$")):
        if number % 2:
            yield from as_written(part, start + place)
        elif part.strip():
            span = Span(start + place, start + place + len(part))
            yield Token("words", " ".join(part.split()), span)
        place += len(part) + 1


def _next(latex: str, place: int, start: int) -> tuple[Kind, str, int]:
    """Kind, text and end of the token at `place`."""
    if found := _WORDS.match(latex, place):
        said = " ".join((found[1] or found[2] or "").replace("~", " ").rstrip("\\").split())
        if said in FUNCTIONS:  # \text{diag}
            return "letter", said, found.end()
        if said and not said.strip("-—"):
            said = LINE
        return "words", said, found.end()
    if found := _SPACE.match(latex, place):
        wide = float(found[1]) >= _WIDE.get(found[2], 1)
        return ("gap", r"\quad", found.end()) if wide else ("blank", "", found.end())
    if found := _TAG.match(latex, place):
        return ("tag" if found[1] == "tag" else "label"), found[2].strip().strip("$"), found.end()
    if found := _ENVIRONMENT.match(latex, place):
        name = {"dcases": "cases"}.get(found[2], found[2])
        return ("begin" if found[1] == "begin" else "end"), name, found.end()
    if found := _ROW.match(latex, place):
        return "row", r"\\", found.end()
    if found := _LINE.match(latex, place):
        return "words", LINE, found.end()
    if found := _NUMBER.match(latex, place):
        return "number", found[0], found.end()
    if latex.startswith(":=", place):
        return "sign", ":=", place + 2
    if found := _COMMAND.match(latex, place):
        text = SPELLINGS.get(found[0].replace(" ", ""), found[0])
        if text == r"\quad":
            return "gap", text, found.end()
        if text == r"\forall":
            return "words", "for all", found.end()
        return ("letter" if text[1:] in GREEK else "sign"), text, found.end()
    sign = latex[place]
    if sign == "\\":
        raise Unreadable(
            Span(start + place, start + place + 1), "a backslash with no name after it"
        )
    if sign.isalpha() and sign not in SPELLINGS:
        return "letter", _GREEK.get(sign, sign), place + 1
    return "sign", SPELLINGS.get(sign, sign), place + 1
