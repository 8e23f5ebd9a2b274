"""Letters as they are read aloud: \\tilde x is x̃, \\lambda is λ."""

from __future__ import annotations

import re
from functools import cache

from sympy.printing.pretty.pretty_symbology import greek_unicode

_COMBINED = {
    "tilde": "\u0303",
    "hat": "\u0302",
    "bar": "\u0304",
    "overline": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "underline": "\u0332",
}
_OTHERS = {"ell": "ℓ", "hbar": "ħ", "lambda": "λ", "Lambda": "Λ", "varepsilon": "ε", "imath": "ı"}
_DOUBLE = {"1": "𝟙", "R": "ℝ", "N": "ℕ", "E": "𝔼", "I": "𝕀"}


@cache
def head_written(head: str) -> str:
    """The head of a letter in Unicode."""
    if found := re.fullmatch(r"([^_^]+)([_^].*)", head):  # J_ridge, W^(1)
        return head_written(found[1]) + found[2]
    dashes = "′" * head.count("'")
    head = head.rstrip("'")
    font, space, rest = head.partition(" ")
    if not space:
        return _OTHERS.get(head, greek_unicode.get(head, head)) + dashes
    inner = head_written(rest)
    if font in _COMBINED:
        return inner + _COMBINED[font] + dashes
    return (_DOUBLE.get(rest, inner) if font == "mathbb" else inner) + dashes
