r"""What is shown alike is spelled alike: \leq and ≤, \underset{j}{\sum} and \sum_{j}, `||` and \|.

Here LaTeX that means the same gets one spelling, so that the parser knows one. What is put around a
formula for the eye (\boxed, \underbrace with words, colours) goes, and leaves brackets where it was
seen as some. No token is lost that could say anything.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradbook.page.source import Unreadable
from gradbook.page.tokens import ACCENTS, FONTS, RELATIONS, Kind, Token

_SAME = r"""
\le     \leq \leqslant ≤
\ge     \geq \geqslant ≥
\ne     \neq \not= ≠
\in     ∈
<       \lt
>       \gt
:=      \coloneqq \coloneq \triangleq \vcentcolon= \doteq ≔
:       \colon
\|      \lVert \rVert \Vert ‖ ∥
\sqrt   √
\approx ≈
\rightarrow →
\Rightarrow ⇒
|       \lvert \rvert \vert \mid
\{      \lbrace
\}      \rbrace
[       \lbrack
]       \rbrack
\langle ⟨
\rangle ⟩
\dots   \ldots \cdots \dotsc \dotsb \dotsm …
\frac   \dfrac \tfrac \cfrac
\top    \intercal ⊤
\operatorname \operatorname*
\cdot   ·
\times  ×
\circ   \odot ∘ ⊙
*       \ast \star
-       −
^       \sp
_       \sb \_
\quad   \qquad
'       \prime ′
\nabla  ∇
\partial ∂
\sum    ∑ Σ
\setminus \backslash ∖
\mathbf \boldsymbol \bm \pmb
\bar    \overline
\leftarrow \gets
"""
#: A sign ↦ the one that it is read as.
SPELLINGS = {
    other: first
    for first, *others in (line.split() for line in _SAME.strip().splitlines())
    for other in others
}
_BLACKBOARD: tuple[tuple[Kind, str], ...] = (("sign", r"\mathbb"), ("sign", "{"))
#: A sign ↦ the tokens that it is read as.
EXPANDED: dict[str, tuple[tuple[Kind, str], ...]] = {
    **dict.fromkeys((r"\R", r"\reals", "ℝ"), (*_BLACKBOARD, ("letter", "R"), ("sign", "}"))),
    **dict.fromkeys((r"\N", "ℕ"), (*_BLACKBOARD, ("letter", "N"), ("sign", "}"))),
    **{
        sign: (("sign", "^"), ("number", number))
        for sign, number in zip("²³", "23", strict=True)
    },
    "ᵀ": (("sign", "^"), ("sign", r"\top")),
}  # fmt: skip
#: Pairs of signs, one right behind the other.
_PAIRS = {
    ("|", "|"): r"\|",
    (">", "="): r"\ge",
    ("<", "="): r"\le",
    ("!", "="): r"\ne",
    (":", "="): ":=",
    ("=", ">"): r"\Rightarrow",
    ("=", ":"): "=:",
}
#: Commands around a formula that one sees as brackets, and such as one does not see.
_SEEN = (r"\boxed", r"\fbox", r"\underbrace", r"\overbrace")
_UNSEEN: tuple[str, ...] = (r"\mathrel", r"\mathbin", r"\mathord", r"\smash")
_UNSEEN += (r"\textcolor", r"\cancel", r"\bcancel", r"\xcancel")
#: What hangs on a letter, and what to say of a second one.
_SCRIPTS = {
    "_": ("a second index below", "write both in one: W_{ab}"),
    "^": ("a second exponent", r"write both in one, x^{(i)\top}, or brackets: (x^{2})^{3}"),
}
_MARKED = tuple(f"\\{name}" for name in (*ACCENTS, *FONTS))


def respelled(written: Sequence[Token]) -> list[Token]:
    """The same formula in the spelling that the parser knows.

    Raises Unreadable for a formula where only a note can stand, under a brace.
    """
    found: list[Token] = []
    at = 0
    while at < len(written):
        parts, at = _next(written, at)
        found += parts
    return found


def _next(written: Sequence[Token], at: int) -> tuple[list[Token], int]:
    """One token or command in its spelling, and where the next begins."""
    token = written[at]
    if token.text in _SEEN:
        inside, at = argument(written, at + 1)
        return _in_brackets(respelled(inside), token), _behind_note(written, at)
    if token.text in _UNSEEN:
        if token.text == r"\textcolor":
            _, at = argument(written, at + 1)
        inside, at = argument(written, at + 1)
        return respelled(inside), at
    if token.text == r"\Sigma" and _runs(written, at + 1):
        return [Token("sign", r"\sum", token.span)], at + 1
    if token.text in _SCRIPTS and (turned := _scripts(written, at)) is not None:
        return turned
    if token.text in (r"\underset", r"\overset", r"\stackrel"):
        over, at = argument(written, at + 1)
        under, at = argument(written, at)
        return _stacked(token, respelled(over), respelled(under)), at
    if token.text in _MARKED and (split := _index_inside(written, at)) is not None:
        return split
    return _pairs(written, at)


def _runs(written: Sequence[Token], at: int) -> bool:
    r"""Whether bounds follow: \Sigma_{i=1}^n is a sum."""
    for _ in range(2):
        if at < len(written) and written[at].text in ("_", "^"):
            below = written[at].text == "_"
            inside, at = argument(written, at + 1)
            if below and (_relation(inside) or any(t.text == r"\substack" for t in inside)):
                return True
    return False


def _scripts(written: Sequence[Token], at: int) -> tuple[list[Token], int] | None:
    """What hangs on a letter, the index below first: w^T_j is shown as w_j^T is.

    Raises Unreadable for a second one below or above: LaTeX shows neither.
    """
    found: dict[str, list[Token]] = {}
    while at < len(written) and (sign := written[at]).text in _SCRIPTS:
        if sign.text in found:
            raise Unreadable(sign.span, *_SCRIPTS[sign.text])
        try:
            inside, end = argument(written, at + 1)
        except Unreadable:  # { is never closed: said where that is read
            return None
        dash = [each.text for each in inside] == ["'"]
        hangs = _transposed_above(written[at + 1 : end])
        found[sign.text] = list(inside) if dash else [sign, *respelled(hangs)]
        at = end
    return [*found.get("_", ()), *found.get("^", ())], at


def _transposed_above(written: Sequence[Token]) -> Sequence[Token]:
    r"""{(i)\top} for {(i)^\top}, and for {(i)^T}."""
    place = next((n for n, token in enumerate(written) if token.text == "^"), 0)
    if place and written[place - 1].text == ")":
        inside, end = argument(written, place + 1)
        text = "".join(each.text for each in inside)
        if end == len(written) - 1 and re.fullmatch(r"\\top|T|\\math[a-z]+\{T\}", text):
            return [*written[:place], *inside, written[-1]]
    return written


def _pairs(written: Sequence[Token], at: int) -> tuple[list[Token], int]:
    """Dots written as three full stops, and signs of two."""
    token, rest = written[at], written[at + 1 : at + 3]
    if token.text == "." and [each.text for each in rest] == [".", "."]:
        return [Token("sign", r"\dots", token.span.to(rest[1].span))], at + 3
    pair = _PAIRS.get((token.text, rest[0].text)) if rest and token.kind == "sign" else None
    if pair is not None and (pair == ":=" or token.span.end == rest[0].span.start):
        return [Token("sign", pair, token.span.to(rest[0].span))], at + 2
    return [token], at + 1


def argument(written: Sequence[Token], at: int) -> tuple[Sequence[Token], int]:
    """What stands in braces behind a command, without them; or one token."""
    if at >= len(written):
        return (), at
    if written[at].text in _MARKED and at + 1 < len(written) and written[at + 1].text == "{":
        _, behind = argument(written, at + 1)  # ^\mathsf{T}
        return written[at:behind], behind
    if written[at].text != "{":
        return written[at : at + 1], at + 1
    depth = 0
    for place in range(at, len(written)):
        depth += (written[place].text == "{") - (written[place].text == "}")
        if depth == 0:
            return written[at + 1 : place], place + 1
    raise Unreadable(written[at].span, "{ is never closed")


def _in_brackets(inside: list[Token], command: Token) -> list[Token]:
    """(a + b) for a + b in a box; a statement in a box is the statement."""
    if not inside or _relation(inside):
        return inside
    first, last = inside[0].span, inside[-1].span
    return [Token("sign", "(", command.span.to(first)), *inside, Token("sign", ")", last)]


def _relation(inside: Sequence[Token]) -> bool:
    depth = 0
    for token in inside:
        depth += (token.text in ("{", "(", "[", r"\{")) - (token.text in ("}", ")", "]", r"\}"))
        if depth == 0 and token.kind == "sign" and token.text in RELATIONS:
            return True
    return False


def _behind_note(written: Sequence[Token], at: int) -> int:
    r"""\underbrace{…}_{\text{data}}: behind the words."""
    if at >= len(written) or written[at].text not in ("_", "^"):
        return at
    note, behind = argument(written, at + 1)
    for token in note:
        if token.kind not in ("words", "gap"):
            raise Unreadable(
                token.span,
                "under a brace stand words: a formula there would be skipped",
                "say in a line of its own what it is called, r := …",
            )
    return behind


def _stacked(command: Token, over: list[Token], under: list[Token]) -> list[Token]:
    r"""\underset{j}{\sum} is \sum_{j}; = with “def” above it defines."""
    if len(under) == 1 and under[0].text in RELATIONS:
        word = "".join(each.text for each in over)
        defines = under[0].text == "=" and any(each in word for each in ("def", r"\Delta", "△"))
        return [Token("sign", ":=" if defines else under[0].text, command.span.to(under[0].span))]
    if command.text == r"\underset" and len(under) == 1:
        span = command.span
        return [under[0], Token("sign", "_", span), Token("sign", "{", span), *over,
                Token("sign", "}", under[0].span)]  # fmt: skip
    return [command, *over, *under]


def _index_inside(written: Sequence[Token], at: int) -> tuple[list[Token], int] | None:
    r"""\hat{y_i} is \hat{y}_i, for every accent and font."""
    inside, behind = argument(written, at + 1)
    if len(inside) < 2 or written[at + 1].text != "{":
        return None
    inner, place = _next(inside, 0)
    if inside[place - 1].text in _MARKED and place < len(inside) and inside[place].text == "{":
        more, place = argument(inside, place)
        inner = [*inner, written[at + 1], *more, written[behind - 1]]
    if place >= len(inside) or inside[place].text not in ("_", "^"):
        return None
    opened, closed = written[at + 1], written[behind - 1]
    return [written[at], opened, *inner, closed, *respelled(inside[place:])], behind
