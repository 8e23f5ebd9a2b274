"""Brackets: those that one sees, those that one does not, and the ones around conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gradbook.page import parse_indices, parse_matrices
from gradbook.page import tree as t
from gradbook.page.parse_statements import conditions
from gradbook.page.source import Span, Unreadable
from gradbook.page.tokens import ENDS, OF_PROBABILITIES, RELATIONS

if TYPE_CHECKING:
    from gradbook.page.parser import Parser


def brackets(parser: Parser) -> t.Node:
    """(a + b), or a row of entries (a, b)."""
    if parser.see("[") and see_conditions(parser, 1):
        return indicator(parser, parser.here)  # [k = y], as Iverson wrote it
    opened = parser.next()
    close = ENDS[opened.text]
    outside = parser.norms, parser.strokes
    parser.norms, parser.strokes = 0, 0
    items = [parser.expression()]
    while comma := parser.take(",", ";"):
        if parser.see(close):
            raise Unreadable(comma.span, "a comma with nothing behind it")
        items.append(parser.expression())
    parser.norms, parser.strokes = outside
    parser.gaps()
    if opened.text == r"\{" and parser.see(":", "|"):
        hint = "say for which x something holds: \\text{if } …"
        raise Unreadable(opened.span, "a set of what fulfils a condition is not read", hint)
    if parser.see("|"):
        raise Unreadable(
            parser.here,
            "a stroke in brackets, as of probabilities, is not read",
            OF_PROBABILITIES,
        )
    parser.expect(close, opened)
    span = parser.since(opened.span)
    if len(items) > 1 or isinstance(items[0], t.Dots):
        return t.Tuple(span, tuple(items))
    if isinstance(items[0], t.Matrix):  # an array in brackets: its marks stand behind them
        return parse_matrices.marked(parser, items[0])
    return t.Group(span, items[0])


def curly(parser: Parser) -> t.Node:
    r"""\{a + b\}, brackets as any other; or cases, as an array behind one bracket."""
    after = parser.tokens[parser.at + 1] if parser.at + 1 < len(parser.tokens) else None
    if after is not None and after.kind == "begin":
        opened = parser.next()
        found = parse_matrices.environment(parser, cases=True)
        if parser.see(r"\}"):
            raise Unreadable(opened.span, "cases have a bracket on their left only")
        return found
    return brackets(parser)


def unseen(parser: Parser) -> t.Node:
    """{…}: braces that nobody sees. A sum in them may not be a factor, nor have a power."""
    before = parser.tokens[parser.at - 1] if parser.at else None
    opened = parser.next()
    inner = parser.expression()
    if parser.see(","):
        raise Unreadable(opened.span, "braces are not shown", "write brackets: (v_1, …, v_m)")
    if parser.take(r"\over"):
        inner = t.Quotient(parser.since(opened.span), inner, parser.expression())
        parser.expect("}", opened)
        return inner
    parser.expect("}", opened)
    if isinstance(inner, t.Name):
        return parse_indices.hung_on_letter(parser, inner)
    beside = before is not None and (before.kind in ("letter", "number") or before.text == ")")
    if isinstance(inner, t.Sum_) and (beside or parser.starts() or parser.see("^", "_", "(")):
        raise Unreadable(
            opened.span.to(parser.tokens[parser.at - 1].span),
            "braces are not shown: without them this is read in another way",
            "write brackets: ( … )",
        )
    return inner


def opens_stroke(parser: Parser) -> bool:
    """Whether a stroke is the first of |u|: there is a second one in the same brackets."""
    after = parser.tokens[parser.at + 1 :]
    if parser.strokes or (after and after[0].text == "|"):
        return False
    depth = 0
    for token in after:
        if depth == 0 and (token.text == "|" or token.text in RELATIONS):
            return token.text == "|"
        depth += (token.text in ENDS) - (token.text in ENDS.values())
        if depth < 0:
            return False
    return False


def see_conditions(parser: Parser, deepest: int = 99) -> bool:
    """Whether a bracket with a relation in it follows: 1{u > 0}, 1(u > 0), 1_{u > 0}.

    deepest: in how many brackets the relation may stand.
    """
    at = parser.at + parser.see("_")
    if at >= len(parser.tokens) or parser.tokens[at].text not in ENDS:
        return False
    if parser.tokens[at].text == r"\{":
        return True
    depth = 0
    for token in parser.tokens[at:]:
        depth += (token.text in ENDS) - (token.text in ENDS.values())
        if depth == 0:
            return False
        if depth <= deepest and token.kind == "sign" and token.text in RELATIONS:
            return True
    return False


def indicator(parser: Parser, start: Span) -> t.Node:
    lowered = parser.take("_")
    opened = parser.next()
    if lowered is None and opened.text == "{":
        raise Unreadable(opened.span, "braces are not shown", r"write \mathbb{1}\{ … \}")
    braced = opened.text == "{"
    inner = parser.take(r"\{", "[", "(") if braced else None
    found = conditions(parser)
    if inner is not None:
        parser.expect(ENDS[inner.text], inner)
    parser.expect(ENDS[opened.text], opened)
    return t.Indicator(parser.since(start), found)
