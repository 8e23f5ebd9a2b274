"""Letters, and what hangs on one or on brackets: indices, powers, a transpose, an inverse."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from gradbook.page import tree as t
from gradbook.page.source import Unreadable
from gradbook.page.tokens import ACCENTS, FONTS, FUNCTIONS, RELATIONS, Token

if TYPE_CHECKING:
    from gradbook.page.parser import Parser

_TRANSPOSES = (r"\top", "T", "mathsf T", "mathrm T", "mathit T", "intercal", "mathbf T")


def head(parser: Parser) -> str:
    """The letter as one text: s, \\tilde x is "tilde x", x' is "x'"."""
    token = parser.next()
    if token.text == "{":  # braces that nobody sees
        found = head(parser)
        parser.expect("}", token)
        return found
    command = token.text[1:] if token.text.startswith("\\") else ""
    if command in (*ACCENTS, *FONTS):
        opened = parser.take("{")
        if opened is None:
            inner = parser.next().text.removeprefix("\\")
        else:
            parts = []
            while not parser.see("}"):
                if parser.token is None:
                    parser.expect("}", opened)
                parts.append(head(parser))
            parser.expect("}", opened)
            inner = "".join(parts)
        functions = command in ("operatorname", "mathrm", "mathop", "mathsf")
        plain = functions and (inner in FUNCTIONS or len(inner) > 1)
        found = inner if plain else f"{command} {inner}".replace("wide", "")
    elif token.kind not in ("letter", "number"):
        hint = "an index below has no brackets: x_i, or x^{(i)}" if token.text == "(" else ""
        raise Unreadable(token.span, f"expected a letter, found {token}", hint)
    else:
        found = command or token.text
    while parser.take("'"):
        found += "'"
    return found


def hung_on_letter(parser: Parser, name: t.Name) -> t.Name:
    """Indices below and, in brackets, above; the rest is for `hung_on`."""
    start, below_, above_ = name.span, name.below, name.above
    letter = name.head
    while True:
        if parser.see("_"):
            if below_:
                raise Unreadable(parser.here, "a second index below", "write both in one: W_{ab}")
            below_, decoration = below(parser)
            letter += decoration
        elif parser.see("^") and (found := above(parser)) is not None:
            if above_:
                raise Unreadable(
                    parser.here, "a second index above", "is } missing in front of it?"
                )
            above_, decoration = found
            letter += decoration
        else:
            return t.Name(parser.since(start), letter, below_, above_)


def below(parser: Parser) -> tuple[tuple[t.Node, ...], str]:
    """The indices below a letter: W_{ab}, W_{a,b}, s_{y^{(i)}}; words there belong to its head."""
    parser.next()
    opened = parser.take("{")
    if opened is None:
        parser.one_digit()
        return (index(parser, braces=False),), ""
    found: list[t.Node] = []
    decoration = ""
    while not parser.see("}"):
        token = parser.token
        if token is None or token.kind in ("row", "end") or token.text in RELATIONS:
            parser.expect("}", opened)
        elif word := _word(parser):
            decoration += f"_{word}"
        elif not parser.take(","):
            found.append(_index_in_braces(parser))
    parser.expect("}", opened)
    return tuple(found), decoration


def _word(parser: Parser) -> str:
    r"""Takes a word, which belongs to the head: J_{\text{ridge}}, J_{\mathrm{ridge}}."""
    token, at = parser.token, parser.at
    if token is not None and token.kind == "words":
        return parser.next().text
    if parser.see(r"\mathrm", r"\mathsf", r"\operatorname", r"\mathit"):
        found = head(parser)
        if " " not in found:
            return found
    parser.at = at
    return ""


def _index_in_braces(parser: Parser) -> t.Node:
    """An index, or C − 1: what it may be a sum of is said where its letters are known."""
    start = parser.here
    first = index(parser)
    if not parser.see("+", "-"):
        return first
    terms: list[tuple[Literal[1, -1], t.Node]] = [(1, first)]
    while sign := parser.take("+", "-"):
        terms.append((-1 if sign.text == "-" else 1, index(parser)))
    return t.Sum_(parser.since(start), tuple(terms))


def index(parser: Parser, braces: bool = True) -> t.Node:
    """One index: a number, or a letter with indices of its own."""
    token = parser.token
    if token is not None and token.kind == "number":
        parser.next()
        return t.Number(token.span, token.text)
    if parser.take(":", r"\cdot", "*", r"\bullet"):
        assert token is not None
        return t.All(token.span)
    if braces:
        return parser.name()
    start = parser.here
    head = parser.head()
    return t.Name(parser.since(start), head)


def above(parser: Parser) -> tuple[tuple[t.Node, ...], str] | None:
    """Indices above a letter, in brackets; None where it is a power or a transpose.

    After ^{(i)\\top} the transpose is left for `hung_on`, as if it were written ^{(i)}^\\top.
    """
    at = parser.at
    parser.next()
    opened = parser.take("{")
    star = parser.take("*", r"\dagger")
    if star is not None:
        if opened is not None:
            parser.expect("}", opened)
        return (), star.text
    bracket = parser.take("(", "[") if opened is not None or parser.see("(") else None
    if bracket is None or not _are_indices(parser):
        parser.at = at
        return None
    found = [index(parser)]
    while parser.take(","):
        found.append(index(parser))
    parser.expect(")" if bracket.text == "(" else "]", bracket)
    if opened is not None and parser.token is None:
        parser.expect("}", opened)
    if opened is not None and not parser.take("}"):
        _split(parser)
    return tuple(found), ""


def _are_indices(parser: Parser) -> bool:
    """(i), (2), (i, t): not the bracket of an exponent such as (n + 1)."""
    inside = []
    for token in parser.tokens[parser.at :]:
        if token.text in (")", "]"):
            break
        inside.append(token)
    return not any(token.text in ("+", "-", r"\cdot", r"\frac") for token in inside)


def _split(parser: Parser) -> None:
    """^{(i)\\top}: what is left in the braces hangs on the letter by itself."""
    place = parser.tokens[parser.at - 1].span
    between = [Token("sign", text, place) for text in ("}", "^", "{")]
    parser.tokens = [*parser.tokens[: parser.at], *between, *parser.tokens[parser.at :]]
    parser.next()


def hung_on(parser: Parser, atom: t.Node) -> t.Node:
    """Powers, transposes and inverses of a factor, and the entries of one in brackets."""
    while True:
        if parser.see("^"):
            _only_one(parser, atom)
            atom = _power(parser, atom)
        elif parser.see("_") and isinstance(atom, t.Group) and (part := _positive(parser, atom)):
            atom = part
        elif parser.see("_") and not isinstance(atom, t.Number):
            indices, _ = below(parser)
            atom = t.Entry(parser.since(atom.span), atom, indices)
        elif parser.take("'"):
            atom = t.Transposed(parser.since(atom.span), atom)
        else:
            return atom


def _positive(parser: Parser, of: t.Node) -> t.Node | None:
    """Behind [u], a plus below: [u]_+ is max(0, u)."""
    at = parser.at
    parser.next()
    opened = parser.take("{")
    if parser.take("+") and (opened is None or parser.take("}")):
        zero = t.Number(of.span, "0")
        return t.Call(parser.since(of.span), "max", (zero, of))
    parser.at = at
    return None


def _only_one(parser: Parser, atom: t.Node) -> None:
    """LaTeX has no second exponent: x^2^3 is not shown at all."""
    if (
        isinstance(atom, t.Power | t.Transposed | t.Inverse)
        and parser.tokens[parser.at - 1].text != ")"
    ):
        raise Unreadable(parser.here, "a second exponent", "write brackets: (x^{2})^{3}")


def _power(parser: Parser, base: t.Node) -> t.Node:
    caret = parser.next()
    opened = parser.take("{")
    if _transpose(parser):
        node: t.Node = t.Transposed(parser.since(base.span), base)
    elif (inverse := _inverse(parser)) is not None:
        node = t.Inverse(parser.since(base.span), base)
        if inverse:
            node = t.Transposed(node.span, node)
    elif opened is not None:
        node = t.Power(parser.since(base.span), base, parser.expression())
    else:
        parser.one_digit()
        token = parser.next()
        if token.kind == "number":
            exponent: t.Node = t.Number(token.span, token.text)
        elif token.kind == "letter":
            exponent = t.Name(token.span, token.text.removeprefix("\\"))
        else:
            hint = "write braces: x^{-1}" if token.text == "-" else r"a transpose is ^\top"
            raise Unreadable(caret.span, f"{token} is no exponent", hint)
        node = t.Power(parser.since(base.span), base, exponent)
    if opened is not None:
        parser.expect("}", opened)
    return replace(node, span=parser.since(base.span))


def _transpose(parser: Parser) -> bool:
    """Takes a transpose: ⊤, T, or a T in another face."""
    at = parser.at
    if parser.take(r"\top"):
        return True
    token = parser.token
    lettered = token is not None and (token.text == "T" or token.text.startswith("\\math"))
    if lettered and parser.head() in _TRANSPOSES:
        return True
    parser.at = at
    return False


def _inverse(parser: Parser) -> bool | None:
    """Takes −1 or −⊤: whether it is transposed as well; None for neither."""
    at = parser.at
    if parser.take("-"):
        token = parser.token
        if token is not None and token.text == "1":
            parser.next()
            if parser.see("}"):
                return False
        elif _transpose(parser):
            return True
    parser.at = at
    return None
