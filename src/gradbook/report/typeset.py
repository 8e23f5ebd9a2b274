"""Turns a statement as it is typed, ∇_W L_i = Σ_{j≠y} max(0, s_j − s_y + 1), into LaTeX.

A statement is written once, in Unicode, and read in a terminal as it stands; its LaTeX, and from
that the MathML of the report, is made here, so that no two versions of a line can disagree.
"""

from __future__ import annotations

import re

_SYMBOLS = {
    "∇": r"\nabla ",
    "∂": r"\partial ",
    "Σ": r"\sum ",
    "∈": r"\in ",
    "≤": r"\le ",
    "≥": r"\ge ",
    "≠": r"\ne ",
    "−": "-",
    "·": r"\cdot ",
    "×": r"\times ",
    "∘": r"\circ ",
    "…": r"\dots ",
    "μ": r"\mu ",
    "ℓ": r"\ell ",
    "𝟙": r"\mathbb{1}",
    "′": "'",
    ";": r";\quad ",
}
_OPERATORS = {"max": r"\max ", "diag": r"\operatorname{diag}"}
_SUPERSCRIPTS = {"ᵀ": r"\top ", "⁽": "(", "ⁱ": "i", "ʲ": "j", "⁾": ")", "²": "2"}

_TOKEN = re.compile(
    r"(?P<tilde>[A-Za-z]\u0303)"
    rf"|(?P<above>[{''.join(_SUPERSCRIPTS)}]+)"
    r"|(?P<indicator>1\{(?P<condition>[^{}]*)\})"
    r"|(?P<reals>R(?=\^))"
    r"|(?P<colon>: )"
    r"|(?P<operator>\b(?:max|diag)\b)"
    r"|(?P<words>(?:\b(?:[a-z]{2,}|N[0-9]+)\b ?)+)"
    r"|(?P<character>.)"
)
_CASE = re.compile(r"(?P<value>.+?) (?P<where>(?:if|in row) .+|else|elsewhere)")
_STACK = re.compile(r"\[(?P<rows>[^\[\]]*;[^\[\]]*)\]")


def latex_of_text(statement: str) -> str:
    r"""LaTeX for a statement in Unicode.

    >>> latex_of_text("μ_i x̃ᵀ ≠ 0")
    '\\mu _i \\tilde{x}^{\\top } \\ne  0'

    "a; b if …; c else" becomes a brace with cases, and "[a; …; b]" a column of rows.
    """
    cases = _as_cases(statement)
    if cases is not None:
        return cases
    stack = _STACK.search(statement)
    if stack is not None:
        rows = (part.strip() for part in stack["rows"].split(";"))
        column = r" \\ ".join(r"\vdots" if row == "…" else _inline(row) for row in rows)
        before, after = _inline(statement[: stack.start()]), _inline(statement[stack.end() :])
        return rf"{before}\begin{{bmatrix}} {column} \end{{bmatrix}}{after}"
    return _inline(statement)


def _as_cases(statement: str) -> str | None:
    head, _, rest = statement.partition(" = ")
    parts = [part.strip() for part in rest.split(";")]
    found = [match for part in parts if (match := _CASE.fullmatch(part))]
    if len(found) < 2:
        return None
    rows = r" \\ ".join(f"{_inline(match['value'])} & {_inline(match['where'])}" for match in found)
    tail = "".join(rf"\quad {_inline(part)}" for part in parts if not _CASE.fullmatch(part))
    return rf"{_inline(head)} = \begin{{cases}} {rows} \end{{cases}}{tail}"


def _inline(text: str) -> str:
    return "".join(_latex(match) for match in _TOKEN.finditer(text))


def _latex(match: re.Match[str]) -> str:
    token = match.group()
    match match.lastgroup if match["indicator"] is None else "indicator":
        case "tilde":
            return rf"\tilde{{{token[0]}}}"
        case "above":
            return f"^{{{''.join(_SUPERSCRIPTS[character] for character in token)}}}"
        case "indicator":
            return rf"\mathbb{{1}}\{{{_inline(match['condition'])}\}}"
        case "reals":
            return r"\mathbb{R}"
        case "colon":
            return r":\quad "
        case "operator":
            return _OPERATORS[token]
        case "words":
            # The blanks around words are part of the text: LaTeX drops those of the mathematics.
            before = " " if match.start() and match.string[match.start() - 1] == " " else ""
            return rf"\text{{{before}{token}}}"
    return _SYMBOLS.get(token, token)
