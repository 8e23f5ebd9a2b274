"""Letters as they are read aloud: \\tilde x is x̃, \\lambda is λ."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from functools import cache

from sympy.printing.pretty.pretty_symbology import greek_unicode

_COMBINED = {
    "tilde": "\u0303",
    "hat": "\u0302",
    "bar": "\u0304",
    "vec": "\u20d7",
    "dot": "\u0307",
    "ddot": "\u0308",
    "check": "\u030c",
    "breve": "\u0306",
    "acute": "\u0301",
    "underline": "\u0332",
}
_GREEK = {
    **greek_unicode,
    **{"ell": "ℓ", "hbar": "ħ", "imath": "ı", "jmath": "ȷ", "lambda": "λ", "Lambda": "Λ"},
    **{"epsilon": "ϵ", "varepsilon": "ε", "phi": "ϕ", "varphi": "φ"},
    **{"vartheta": "ϑ", "varrho": "ϱ"},
}
#: The letters of a font, by their names in Unicode.
_FONTS = {
    "mathbf": "BOLD",
    "mathcal": "SCRIPT",
    "mathscr": "BOLD SCRIPT",
    "mathfrak": "FRAKTUR",
    "mathbb": "DOUBLE-STRUCK",
    "mathit": "ITALIC",
    "mathsf": "MONOSPACE",
    "mathrm": "SANS-SERIF",
}


@cache
def head_written(head: str) -> str:
    """The head of a letter in Unicode: another one for every other head."""
    if found := re.fullmatch(r"([^_^]+)([_^].*)", head):  # J_ridge, W^(1)
        return head_written(found[1]) + found[2]
    dashes = "′" * head.count("'")
    head = head.rstrip("'")
    font, space, rest = head.partition(" ")
    if not space:
        return _GREEK.get(head, head) + dashes
    inner = head_written(rest)
    if font in _COMBINED:
        return inner + _COMBINED[font] + dashes
    return "".join(_in_font(letter, _FONTS.get(font, "")) for letter in inner) + dashes


def with_indices(
    head: str, below: Sequence[str] = (), above: Sequence[str] = (), comma: str = ""
) -> str:
    """A letter with its indices in their places: x_b^(i). comma: between those below."""
    lowered = f"_{comma.join(below)}" if below else ""
    return head_written(head) + lowered + (f"^({', '.join(above)})" if above else "")


def _in_font(letter: str, font: str) -> str:
    """𝐱 for x in BOLD, where there is one."""
    name = re.sub("LATIN |GREEK |LETTER |LUNATE ", "", unicodedata.name(letter, ""))
    for named in (f"MATHEMATICAL {font} {name}", f"{font} {name}"):
        with suppress(KeyError):
            return unicodedata.lookup(named)
    return letter
