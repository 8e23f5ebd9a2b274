"""A formula as it is written on a page, in Unicode on one line: for a terminal.

>>> in_unicode(r"\\nabla_W L_i^{(j)} = \\mathbb{1}\\{s_j > 0\\} \\, \\tilde{x}^{(i)\\top}")
'∇_W L_i⁽ʲ⁾ = 1{s_j > 0} x̃⁽ⁱ⁾ᵀ'
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from gradbook.page.lexer import tokens
from gradbook.page.source import Unreadable
from gradbook.page.tokens import ACCENTS, ARROWS, BOTH_WAYS, FONTS, Token
from gradbook.page.written import head_written

_SIGNS = {
    r"\le": " ≤ ",
    r"\ge": " ≥ ",
    r"\ne": " ≠ ",
    r"\in": " ∈ ",
    "=": " = ",
    ":=": " := ",
    "<": " < ",
    ">": " > ",
    "+": " + ",
    "-": " − ",
    r"\cdot": "·",
    r"\times": "×",
    r"\circ": " ∘ ",
    r"\top": "ᵀ",
    r"\dots": "…",
    r"\vdots": "⋮",
    r"\ddots": "⋱",
    r"\|": "‖",
    r"\{": "{",
    r"\}": "}",
    r"\leftarrow": "← ",
    **dict.fromkeys(ARROWS, " ⟹ "),
    **dict.fromkeys(BOTH_WAYS, " ⟺ "),
    r"\langle": "⟨",
    r"\rangle": "⟩",
    r"\nabla": "∇",
    r"\partial": "∂",
    r"\sum": "Σ",
    r"\infty": "∞",
    r"\log": "log ",
    r"\exp": "exp ",
    r"\det": "det ",
    "'": "′",
    ",": ", ",
    ";": "; ",
    "&": " ",
}
_ABOVE = str.maketrans("()0123456789+−=ijkmnT", "⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼ⁱʲᵏᵐⁿᵀ")
_RAISED = {*map(chr, _ABOVE.values()), "′"}
_BRACKETS = {"bmatrix": "[]", "pmatrix": "()", "vmatrix": "||", "matrix": "  ", "cases": "{ "}


def in_unicode(latex: str) -> str:
    """The formula on one line; what cannot be told apart as tokens stays LaTeX."""
    try:
        written = list(tokens(latex.replace(r"\,", r"\quad "), 0))
    except Unreadable:
        return latex
    text = _Written(written).until(None)
    for pattern, to in _TIDY:
        text = re.sub(pattern, to, text)
    return text.strip(" ,;")


#: Signs stand before what they belong to, and one space is enough.
_TIDY = (
    (r"\s+", " "),
    (r"(?:[;,] )*;(?: ?;)*", ";"),
    (r" (?=[⁽⁾⁰¹²³⁴⁵⁶⁷⁸⁹ᵀⁱʲᵏᵐⁿ,;)\]}^])", ""),
    (r"(?<=[(\[]) ", ""),
    (r"(?<=log|exp|det) (?=[({_])", ""),
    (r"^ ?− |(?<=[(\[{=;] )− |(?<=[(\[{])− ", "−"),
    (r"𝟙\{", "1{"),
    (r"(?<=}) ?(?=[(\[∂𝟙]|1\{)", " "),
    (r"(?<![\w/})])(\d+/\w+)(?= [^\s+−=<>≤≥≠·,;)\]}])", r"(\1)"),
    (r"(?<=[\]})]); (?=← row)", " "),
    (r"(?<=[}\])])(?=[𝟙A-Za-zα-ω][^ ]*(?:$| ))", " "),
)


def _is_product(below: str) -> bool:
    """Whether what stands under a stroke needs brackets: 1/(2n), and 1/n_i without."""
    alone = re.sub(r"_\{[^}]*\}|_\w+|\^\{[^}]*\}", "", below)
    return " " in below or len(re.findall(r"\d+|[^\W\d_]", alone)) > 1


class _Written:
    def __init__(self, written: list[Token]) -> None:
        self._left: Iterator[Token] = iter(written)

    def until(self, end: str | None) -> str:
        """Everything up to this sign, or to the end."""
        parts = []
        for token in self._left:
            if token.kind == "sign" and token.text == end:
                break
            parts.append(self.one(token))
        return "".join(parts)

    def argument(self) -> str:
        """What follows a command: a group, or one token."""
        token = next(self._left, None)
        if token is not None and token.kind == "number" and len(token.text) > 1:  # \\frac12
            rest = Token("number", token.text[1:], token.span)
            self._left, token = chain([rest], self._left), replace(token, text=token.text[0])
        return "" if token is None else self.one(token).strip()

    def one(self, token: Token) -> str:
        text = token.text
        match token.kind:
            case "words":
                return f" {text} "
            case "gap":
                return "  "
            case "row":
                return "; "
            case "begin":
                return _BRACKETS.get(text, "  ")[0]
            case "end":
                return _BRACKETS.get(text, "  ")[1]
            case "letter":
                return head_written(text.removeprefix("\\"))
        if text == "{":
            return self.until("}")
        if text == "_":
            below = self.argument().replace(" ", "")
            return f"_{below} " if len(below) == 1 or below.isalpha() else f"_{{{below}}} "
        if text == "^":
            above = self.argument().replace(" ", "")
            raised = above.translate(_ABOVE)
            return f"{raised} " if set(raised) <= _RAISED else f"^{{{above}}} "
        name = text.removeprefix("\\")
        if text == r"\frac":
            above, below = self.argument(), self.argument()
            above = f"({above})" if " " in above else above
            return f"{above}/{f'({below})' if _is_product(below) else below} "
        if text == r"\sqrt":
            return f"√({self.argument()})"
        if name in (*ACCENTS, *FONTS) and text != name:
            inside = self.argument()
            return inside if name == "operatorname" else head_written(f"{name} {inside}")
        return _SIGNS.get(text, name)
