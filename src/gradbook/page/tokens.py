"""LaTeX as tokens, each with its place. What only spaces or sizes a formula is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from gradbook.page.source import Span, Unreadable

#: letter: one letter, or a command that is one, such as \lambda; sign: an operator, a bracket, a
#: command that is neither; words: \text{…}; tag, label: \tag{…}, \label{…}; begin, end: of an
#: environment; row: \\; gap: \quad.
Kind = Literal["letter", "number", "sign", "words", "tag", "label", "begin", "end", "row", "gap"]


@dataclass(frozen=True)
class Token:
    """text: what it says, in one spelling: \\le for ≤ and \\leq, the words of \\text{…}."""

    kind: Kind
    text: str
    span: Span

    def __str__(self) -> str:
        return {"words": f"the words “{self.text}”", "row": r"the end of the row, \\"}.get(
            self.kind, self.text
        )


GREEK = [
    "alpha",
    "beta",
    "gamma",
    "delta",
    "epsilon",
    "varepsilon",
    "zeta",
    "eta",
    "theta",
    "vartheta",
    "iota",
    "kappa",
    "lambda",
    "mu",
    "nu",
    "xi",
    "pi",
    "rho",
    "varrho",
    "sigma",
    "tau",
    "upsilon",
    "phi",
    "varphi",
    "chi",
    "psi",
    "omega",
    "Gamma",
    "Delta",
    "Theta",
    "Lambda",
    "Xi",
    "Pi",
    "Sigma",
    "Upsilon",
    "Phi",
    "Psi",
    "Omega",
    "ell",
    "hbar",
    "imath",
    "jmath",
]

#: The brackets, and what closes each.
ENDS = {"(": ")", "[": "]", r"\{": r"\}", "{": "}"}
#: The signs between the sides of a statement.
RELATIONS = ("=", ":=", r"\le", r"\ge", "<", ">", r"\ne", r"\in")
#: What is put on a letter, or makes another letter of it.
ACCENTS: tuple[str, ...] = (
    "tilde",
    "hat",
    "bar",
    "vec",
    "dot",
    "ddot",
    "check",
    "breve",
    "acute",
    "overline",
)
ACCENTS += ("widetilde", "widehat", "underline")
FONTS: tuple[str, ...] = (
    "mathbf",
    "mathcal",
    "mathrm",
    "mathit",
    "mathsf",
    "boldsymbol",
    "bm",
    "mathfrak",
    "pmb",
)
FONTS += ("mathscr", "mathbb", "operatorname", "mathop", "symbf")
#: Functions with a name.
FUNCTIONS = ("max", "min", "exp", "log", "ln", "diag", "tr", "Tr", "trace", "det")

_NO_MEANING = re.compile(
    r"\\(?:[,;:! >]|left\.|right\.|(?:left|right|middle|[bB]igg?[lrm]?)(?![a-zA-Z])"
    r"|(?:displaystyle|textstyle|limits|nolimits|nonumber|notag|thinspace|medspace|thickspace"
    r"|negthinspace|enspace|hfill|hphantom\{\}|allowbreak|relax|centering)(?![a-zA-Z]))"
    r"|\\[hv]space\*?\{[^{}]*\}|[\s~]+|%[^\n]*"
)
_SPELLINGS = {
    r"\leq": r"\le",
    r"\leqslant": r"\le",
    r"\geq": r"\ge",
    r"\geqslant": r"\ge",
    r"\neq": r"\ne",
    r"\not=": r"\ne",
    r"\coloneqq": ":=",
    r"\coloneq": ":=",
    r"\triangleq": ":=",
    r"\lt": "<",
    r"\gt": ">",
    r"\lVert": r"\|",
    r"\rVert": r"\|",
    r"\Vert": r"\|",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lbrack": "[",
    r"\rbrack": "]",
    r"\lvert": "|",
    r"\rvert": "|",
    r"\vert": "|",
    r"\mid": "|",
    r"\colon": ":",
    r"\ldots": r"\dots",
    r"\cdots": r"\dots",
    r"\dotsc": r"\dots",
    r"\dotsb": r"\dots",
    r"\dfrac": r"\frac",
    r"\tfrac": r"\frac",
    r"\cfrac": r"\frac",
    r"\intercal": r"\top",
    r"\transpose": r"\top",
    r"\odot": r"\circ",
    r"\ast": "*",
    r"\star": "*",
    r"\sp": "^",
    r"\sb": "_",
    r"\R": r"\mathbb{R}",
    r"\N": r"\mathbb{N}",
    r"\qquad": r"\quad",
    r"\prime": "'",
    r"\gets": r"\leftarrow",
    "≤": r"\le",
    "≥": r"\ge",
    "≠": r"\ne",
    "∈": r"\in",
    "∇": r"\nabla",
    "∂": r"\partial",
    "∑": r"\sum",
    "Σ": r"\sum",
    "·": r"\cdot",
    "×": r"\times",
    "∘": r"\circ",
    "⊤": r"\top",
    "−": "-",
    "…": r"\dots",
    "‖": r"\|",
    "′": "'",
    "≔": ":=",
}
_WORDS = re.compile(r"\\(?:text|textrm|textit|textnormal|mbox|intertext|textbf)\s*\{([^{}]*)\}")
_TAG = re.compile(r"\\(tag|label)\*?\s*\{([^{}]*)\}")
_ENVIRONMENT = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+)(\*?)\}")
_ROW = re.compile(r"\\\\(?:\s*\[[^\[\]]*(?:pt|em|ex|cm|mm)\])?|\\cr(?![a-zA-Z])|\\newline")
_COMMAND = re.compile(r"\\not\s*=|\\(?:[a-zA-Z]+|.)", re.S)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def tokens(latex: str, start: int) -> list[Token]:
    """The tokens of a formula that begins at the character `start` of the page.

    Raises Unreadable for a sign that LaTeX has not, such as a lone backslash.
    """
    return list(_tokens(latex, start))


def _tokens(latex: str, start: int) -> Iterator[Token]:
    place = 0
    while place < len(latex):
        blank = _NO_MEANING.match(latex, place)
        if blank:
            place = blank.end()
            continue
        kind, text, end = _next(latex, place, start)
        if kind == "words" and "$" in text:  # \text{if $k = j$}
            yield from _mixed(latex, place, end, start)
            place = end
            continue
        yield Token(kind, text, Span(start + place, start + end))
        place = end


def _mixed(latex: str, place: int, end: int, start: int) -> Iterator[Token]:
    """Words with formulas between dollars."""
    place = latex.index("{", place) + 1
    for number, part in enumerate(latex[place : end - 1].split("$")):
        if number % 2:
            yield from _tokens(part, start + place)
        elif part.strip():
            span = Span(start + place, start + place + len(part))
            yield Token("words", " ".join(part.split()), span)
        place += len(part) + 1


def _next(latex: str, place: int, start: int) -> tuple[Kind, str, int]:
    """Kind, text and end of the token at `place`."""
    if found := _WORDS.match(latex, place):
        if found[1].strip() in FUNCTIONS:  # \text{diag}
            return "sign", "\\" + found[1].strip(), found.end()
        return "words", " ".join(found[1].split()), found.end()
    if found := _TAG.match(latex, place):
        return ("tag" if found[1] == "tag" else "label"), found[2].strip().strip("$"), found.end()
    if found := _ENVIRONMENT.match(latex, place):
        return ("begin" if found[1] == "begin" else "end"), found[2], found.end()
    if found := _ROW.match(latex, place):
        return "row", r"\\", found.end()
    if found := _NUMBER.match(latex, place):
        return "number", found[0], found.end()
    if latex.startswith(":=", place):
        return "sign", ":=", place + 2
    if found := _COMMAND.match(latex, place):
        text = _SPELLINGS.get(found[0].replace(" ", ""), found[0])
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
    if sign.isalpha() and sign not in _SPELLINGS:
        return "letter", sign, place + 1
    return "sign", _SPELLINGS.get(sign, sign), place + 1
