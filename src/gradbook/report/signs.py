"""The signs of a formula, in Unicode for a terminal and in LaTeX for a notebook.

`written` decides about order and brackets; what is written for a fraction, a sum or an indicator is
decided here, once for each of the two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import ClassVar

#: How tightly a formula is held together: a + b, then a b, then a.
ADD, MUL, ATOM = range(3)

#: A formula as it is written, and how tightly it is held together.
Written = tuple[str, int]

_POWERS = str.maketrans("0123456789−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


class Unicode:
    """∂s_j/∂W_ab, Σ_{j≠y}, 1{u > 0}, x̃_b, tr(Aᵀ dU): on one line."""

    minus, nabla, top, delta = "−", "∇", "ᵀ", "δ"

    def letter(self, name: str) -> str:
        return name

    def indexed(self, name: str, indices: Sequence[str]) -> str:
        return f"{self.letter(name)}_{self.together(indices)}"

    def together(self, indices: Sequence[str]) -> str:
        """ab, or {i,y_i} where one of them is more than a letter."""
        if all(len(index) == 1 for index in indices):
            return "".join(indices)
        return f"{{{','.join(indices)}}}"

    def sign(self, sign: str) -> str:
        return sign

    def brackets(self, inside: str, kind: str = "()") -> str:
        return f"{kind[0]}{inside}{kind[1]}"

    def in_brackets(self, written: Written, least: int = ATOM) -> str:
        """In brackets, unless it is held together tightly enough."""
        text, level = written
        return text if level >= least else self.brackets(text)

    def fraction(self, above: Written, below: Written) -> str:
        return f"{self.in_brackets(above)}/{self.in_brackets(below)}"

    def ratio(self, above: str, below: str) -> str:
        """A number in front of a product."""
        return f"({above}/{below})"

    def power(self, base: str, exponent: str) -> str:
        if exponent.lstrip("−").isdigit():
            return base + exponent.translate(_POWERS)
        return f"{base}^{exponent if len(exponent) == 1 else f'({exponent})'}"

    def applied(self, name: str, arguments: str) -> str:
        return f"{name}({arguments})"

    def exponential(self, exponent: str) -> str:
        return f"exp({exponent})"

    def indicator(self, condition: str) -> str:
        return f"1{{{condition}}}"

    def total(self, below: str, above: str) -> str:
        below = below if len(below) == 1 else f"{{{below}}}"
        return f"Σ_{below}^{{{above}}}" if above else f"Σ_{below}"

    def derivative(self, f: str, v: str, of_letter: bool) -> str:
        return f"∂{f}/∂{v}" if of_letter else f"∂/∂{v} {f}"

    def prime(self, function: str) -> str:
        return f"{function if function.endswith(')') else self.brackets(function)}′"

    def cases(self, rows: Iterable[tuple[str, str]]) -> str:
        """{value if condition; value else}, from (value, "if condition")."""
        return "{" + "; ".join(f"{value} {when}" for value, when in rows) + "}"

    def ones(self, is_column: bool, is_row: bool) -> str:
        """𝟙, 𝟙ᵀ, or 𝟙𝟙ᵀ for a matrix."""
        return "𝟙" * (not is_row) + "𝟙ᵀ" * (not is_column)

    def entrywise(self, factors: Iterable[str]) -> str:
        return " ∘ ".join(factors)

    def trace(self, inside: str) -> str:
        return f"tr({inside})"

    def words(self, text: str) -> str:
        return text


class Latex(Unicode):
    """The same as LaTeX."""

    minus, nabla, top, delta = "-", r"\nabla", r"^{\top}", r"\delta"
    _letters: ClassVar = {"ℓ": r"\ell", "μ": r"\mu"}
    _signs: ClassVar = {"≠": r"\ne", "≤": r"\le", "≥": r"\ge"}
    _in_rules: ClassVar = {"ᵀ": r"^{\top}", "X̃": r"\tilde{X}", "∘": r"\circ ", "′": "'"}
    _operators = frozenset({"max", "log", "sin", "cos", "tan", "sinh", "cosh", "tanh"})

    def letter(self, name: str) -> str:
        if name.endswith("\N{COMBINING TILDE}"):
            return rf"\tilde{{{name[:-1]}}}"
        return self._letters.get(name, name.replace("′", "'"))

    def together(self, indices: Sequence[str]) -> str:
        comma = "" if all(len(index) == 1 for index in indices) else ","
        return f"{{{comma.join(indices)}}}"

    def sign(self, sign: str) -> str:
        return f"{self._signs.get(sign, sign)} "

    def brackets(self, inside: str, kind: str = "()") -> str:
        return rf"\left{kind[0]}{inside}\right{kind[1]}"

    def fraction(self, above: Written, below: Written) -> str:
        return rf"\frac{{{above[0]}}}{{{below[0]}}}"

    def ratio(self, above: str, below: str) -> str:
        return rf"\tfrac{{{above}}}{{{below}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def applied(self, name: str, arguments: str) -> str:
        operator = f"\\{name}" if name in self._operators else rf"\operatorname{{{name}}}"
        return operator + self.brackets(arguments)

    def exponential(self, exponent: str) -> str:
        return f"e^{{{exponent}}}"

    def indicator(self, condition: str) -> str:
        return rf"\mathbb{{1}}\{{{condition}\}}"

    def total(self, below: str, above: str) -> str:
        return rf"\sum_{{{below}}}^{{{above}}}" if above else rf"\sum_{{{below}}}"

    def derivative(self, f: str, v: str, of_letter: bool) -> str:
        if of_letter:
            return rf"\frac{{\partial {f}}}{{\partial {v}}}"
        return rf"\frac{{\partial}}{{\partial {v}}} {f}"

    def prime(self, function: str) -> str:
        return f"{self.brackets(function)}'"

    def cases(self, rows: Iterable[tuple[str, str]]) -> str:
        lines = r" \\ ".join(f"{value} & {when}" for value, when in rows)
        return rf"\begin{{cases}} {lines} \end{{cases}}"

    def ones(self, is_column: bool, is_row: bool) -> str:
        one = r"\mathbb{1}"
        return one * (not is_row) + (one + self.top) * (not is_column)

    def entrywise(self, factors: Iterable[str]) -> str:
        return r" \circ ".join(factors)

    def trace(self, inside: str) -> str:
        return rf"\operatorname{{tr}}\left({inside}\right)"

    def words(self, text: str) -> str:
        if "=" in text:  # a rule that is a formula itself: tr(Aᵀ dU B) = tr((A Bᵀ)ᵀ dU)
            text = re.sub(r"\btr\b", r"\\operatorname{tr}", text)
            return "".join(self._in_rules.get(part, part) for part in re.split("(X̃|.)", text))
        escaped = text.replace("{", r"\{").replace("}", r"\}")
        return rf"\text{{{escaped}}}"
