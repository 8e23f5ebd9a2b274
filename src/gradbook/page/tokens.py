"""The tokens of a formula, and the words that LaTeX has for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gradbook.page.source import Span

#: letter: one letter, or a command that is one, such as \lambda; sign: an operator, a bracket, a
#: command that is neither; words: \text{…}; tag, label: \tag{…}, \label{…}; begin, end: of an
#: environment; row: \\; gap: \quad.
Kind = Literal[
    "letter", "number", "sign", "words", "tag", "label", "begin", "end", "row", "gap", "blank"
]


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


_GREEK = """
alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi rho
varrho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi
Psi Omega ell hbar imath jmath
"""
_ACCENTS = """
tilde hat bar vec dot ddot check breve acute overline widetilde widehat underline
"""
_FONTS = """
mathbf mathcal mathrm mathit mathsf boldsymbol bm mathfrak pmb mathscr mathbb operatorname mathop
"""
GREEK = tuple(_GREEK.split())
#: What is put on a letter.
ACCENTS = tuple(_ACCENTS.split())
#: What makes another letter of it.
FONTS = tuple(_FONTS.split())
#: The brackets, and what closes each.
ENDS = {"(": ")", "[": "]", r"\{": r"\}", "{": "}", r"\langle": r"\rangle"}
#: The signs between the sides of a statement.
RELATIONS = ("=", ":=", "=:", r"\le", r"\ge", "<", ">", r"\ne", r"\in")
#: Functions with a name.
FUNCTIONS = ("max", "min", "exp", "log", "ln", "diag", "tr", "Tr", "trace", "det", "sign", "sgn")

#: Those of them that LaTeX has no command for.
_SPELLED = ("diag", "tr", "Tr", "trace", "sign", "sgn")

_NOT_READ = """
sin cos tan tanh sinh cosh arctan arcsin arccos arg argmax argmin sup inf Pr lim int prod
rank vec Var Cov erf
"""
#: Functions that are not read: a page may define them.
NOT_READ = tuple(_NOT_READ.split())


def command(function: str) -> str:
    r"""How a function is written: \max, \operatorname{diag}."""
    return rf"\operatorname{{{function}}}" if function in _SPELLED else f"\\{function}"


#: A line beside a row, for the eye.
LINE = "—"

#: “Hence”, behind a definition.
ARROWS = (
    r"\rightarrow",
    r"\to",
    r"\Rightarrow",
    r"\implies",
    r"\longrightarrow",
    r"\Longrightarrow",
)
BOTH_WAYS = (r"\iff", r"\Leftrightarrow", r"\Longleftrightarrow")
#: What to say of words that are no condition.
WORDS = dict.fromkeys(
    ("subject to", "s.t.", "s.t"),
    r"a problem to be solved claims nothing: say what holds at its solution, \nabla_w L = 0",
)
_BETWEEN = "an arrow stands behind a definition, or between two relations"
_ALMOST = "only what holds exactly is a claim: =, \\le, \\ge, <, >"
OF_PROBABILITIES = (
    r"of probabilities the formula: p_k := …, or p(x \mid \mu) := …; a name in the text: "
    r"$p(y = k \mid x) \equiv p_k$"
)
#: What to say of a sign that is not read.
HINTS = {
    **dict.fromkeys((*ARROWS, *BOTH_WAYS), _BETWEEN),
    **dict.fromkeys((r"\approx", r"\propto", r"\sim", r"\simeq", r"\cong"), _ALMOST),
    r"\tag": "a tag is closed: \\tag{N3}",
    r"\equiv": "a definition is written with :=, a claim with =",
    r"\leftarrow": "what is computed is no claim: name the new value, w_{\\text{new}} := …",
    r"\otimes": r"of two vectors u v^\top is the outer product",
    "|": OF_PROBABILITIES,
}
