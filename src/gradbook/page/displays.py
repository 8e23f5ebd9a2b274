"""A display as rows, each with its tag, and a row as statements."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import dropwhile

from gradbook.page import tree as t
from gradbook.page.glossary import Glossary, replaced
from gradbook.page.lexer import as_written, tokens_if_any
from gradbook.page.markdown import Formula
from gradbook.page.parse_statements import (
    CONDITION_WORDS,
    DEFINING_WORDS,
    conditions,
    links,
    relations,
)
from gradbook.page.parser import Parser
from gradbook.page.source import Span, Unreadable
from gradbook.page.spellings import respelled
from gradbook.page.tokens import ARROWS, BOTH_WAYS, HINTS, RELATIONS, WORDS, Token

_ENVIRONMENTS = """
align aligned gather gathered split equation multline alignat alignedat eqnarray flalign
"""
_LAYOUT = tuple(_ENVIRONMENTS.split())
#: Words between two statements, which say no more than that the second is one as well. What stands
#: behind “since” is claimed, and proved, as what stands before it.
_JOINING = (
    *("", "and", "or equivalently", "equivalently", "hence", "and hence", "so", "and so", "thus"),
    *("therefore", "that is", "i.e", "which is", "since", "because", "as"),
)
_OPENS, _CLOSES = ("{", "(", "[", r"\{"), ("}", ")", "]", r"\}")


@dataclass(frozen=True)
class Row:
    """A row of a display, up to its \\\\. tag: its own, or that of the row that it belongs to.

    wrong: why it is no LaTeX.
    """

    tokens: tuple[Token, ...]
    end: int
    tag: str = ""
    tag_span: Span | None = None
    wrong: Unreadable | None = None


def joined(found: Sequence[Formula], text: str) -> Iterator[Formula]:
    """The formulas; a display that begins with = or + right behind another one is a row of that."""
    before: Formula | None = None
    for formula in found:
        if before is not None and formula.kind == before.kind == "display" and not before.label:
            end = before.start + len(before.latex)
            between = text[end : formula.start]
            if not between.replace("$", "").strip() and _begins_on(formula):
                latex = before.latex + r"\\".ljust(len(between)) + formula.latex
                before = Formula("display", latex, before.start, formula.label)
                continue
        if before is not None:
            yield before
        before = formula
    if before is not None:
        yield before


def _begins_on(formula: Formula) -> bool:
    written = tokens_if_any(formula.latex, formula.start)
    return bool(written) and _goes_on(written)


def rows(formula: Formula, glossary: Glossary = ()) -> tuple[Row, ...]:
    """The rows of a display; one that begins with = or + goes on where the row before ends.

    Raises Unreadable for a formula that is no LaTeX at all.
    """
    written = list(as_written(formula.latex, formula.start))
    cut = (row for row in _cut(written) if row.tokens or row.tag)
    found = _continued([_spelled(row, glossary) for row in cut])
    if formula.label and found and not any(row.tag for row in found):
        span = Span(formula.start, formula.start + len(formula.latex))
        found[-1] = replace(found[-1], tag=formula.label, tag_span=span)
    return tuple(_with_tags(found))


def _cut(written: Sequence[Token]) -> Iterator[Row]:
    """Cut at each \\\\ that stands in no bracket and no matrix."""
    row: list[Token] = []
    depth = 0
    stacked = 0  # inside \substack{…}
    for token in _without_layout(written):
        depth += _deeper(token)
        if token.text == r"\substack":
            stacked = 1
        elif stacked and token.text in ("{", "}"):
            stacked += 1 if token.text == "{" else -1
            stacked = 0 if stacked == 1 else stacked
        if token.kind == "row" and depth <= 0 and not stacked:
            yield _row(row, token.span.start)
            row, depth = [], 0
        elif not (token.text == "&" and depth <= 0):
            row.append(token)
    yield _row(row, row[-1].span.end if row else written[-1].span.end if written else 0)


def _row(written: Sequence[Token], end: int) -> Row:
    """A row with its tag; the end is where it has nothing else."""
    tags = [token for token in written if token.kind == "tag"]
    shown = [token for token in written if token.kind not in ("tag", "label")]
    found = tuple(dropwhile(lambda token: token.kind == "gap", shown))
    wrong = Unreadable(tags[1].span, "a second tag on one row") if tags[1:] else None
    tag, span = (tags[-1].text, tags[-1].span) if tags else ("", None)
    return Row(found, found[-1].span.end if found else end, tag, span, wrong)


def _spelled(row: Row, glossary: Glossary) -> Row:
    """In the spelling that the parser knows, with what was misread put right."""
    try:
        return replace(row, tokens=tuple(replaced(respelled(row.tokens), glossary)))
    except Unreadable as problem:
        return replace(row, wrong=row.wrong or problem)


def _without_layout(written: Sequence[Token]) -> Iterator[Token]:
    """All but the begin and end of align and the like, and the {2} of alignat."""
    counted = False
    for token in written:
        if token.kind in ("begin", "end") and token.text in _LAYOUT:
            counted = token.kind == "begin" and token.text in ("alignat", "alignedat")
        elif counted and (token.text in ("{", "}") or token.kind == "number"):
            counted = token.text != "}"
        else:
            yield token


def unclosed(written: Sequence[Token]) -> Iterator[Unreadable]:
    r"""Each \begin{align} and the like that is not closed by its \end, and each \end of none."""
    opened: list[Token] = []
    for token in (token for token in written if token.text in _LAYOUT):
        if token.kind == "begin":
            opened.append(token)
        elif opened and opened[-1].text == token.text:
            opened.pop()
        elif opened:
            first = opened.pop()
            message = rf"\begin{{{first.text}}} is closed by \end{{{token.text}}}"
            yield Unreadable(token.span, message, "both have one name")
        else:
            yield Unreadable(token.span, rf"\end{{{token.text}}} closes nothing")
    for token in opened:
        yield Unreadable(token.span, rf"\begin{{{token.text}}} is never closed")


def _deeper(token: Token) -> int:
    """Into a matrix, or out of it; a brace that is not closed must not swallow the next row."""
    return {"begin": 1, "end": -1}.get(token.kind, 0)


def _continued(found: list[Row]) -> list[Row]:
    joined: list[Row] = []
    for row in found:
        if joined and row.tokens and (_goes_on(row.tokens) or _unfinished(joined[-1])):
            before = joined[-1]
            if _unfinished(before) and before.tokens[-1].text == row.tokens[0].text:
                before = replace(before, tokens=before.tokens[:-1])  # a = \\\\ = b
            if before.tag and row.tag:  # a line of its own: it begins where that one ends
                row = replace(row, tokens=_last_side(before, row) + row.tokens)
            else:
                tag, span = (before.tag, before.tag_span) if before.tag else (row.tag, row.tag_span)
                joined.pop()
                wrong = before.wrong or row.wrong
                row = Row(before.tokens + row.tokens, row.end, tag, span, wrong)
        joined.append(row)
    return joined


def _unfinished(before: Row) -> bool:
    """Whether it ends with a relation, whose other side is the next row."""
    return bool(before.tokens) and before.tokens[-1].text in RELATIONS


def _last_side(before: Row, row: Row) -> tuple[Token, ...]:
    """b of a = b, for a row = c behind it."""
    depth, last = 0, 0
    for place, token in enumerate(before.tokens):
        depth += (token.text in _OPENS) - (token.text in _CLOSES) + _deeper(token)
        if depth == 0 and token.kind == "sign" and token.text in RELATIONS:
            last = place + 1
    side = before.tokens[last:]
    while side and side[-1].text in (",", ".", r"\quad"):
        side = side[:-1]
    told = (r"\ne", r"\in", ":=")
    words = [*before.tokens, row.tokens[0]]
    if not side or any(token.kind == "words" or token.text in told for token in words):
        assert row.tag_span is not None
        raise Unreadable(
            row.tag_span,
            "this row goes on from the row before, which has a tag of its own",
            "leave out one of the two tags, or write out the left side",
        )
    return side


def _goes_on(row: Sequence[Token]) -> bool:
    first = row[0]
    if first.kind == "words":
        return first.text in CONDITION_WORDS
    if first.kind != "sign":
        return False
    if first.text in (*ARROWS, *BOTH_WAYS):  # what cannot be read costs its own row
        with suppress(Unreadable):
            return bool(list(statements(Row(tuple(row[1:]), row[-1].span.end))))
    if first.text in (*RELATIONS, "+", r"\cdot", r"\times", r"\circ"):
        return True
    return first.text == "-" and not any(
        token.kind == "sign" and token.text in RELATIONS for token in row
    )


def _with_tags(found: Sequence[Row]) -> list[Row]:
    """A row without a tag belongs to the next that has one; behind the last tag, to that."""
    tagged = [row for row in found if row.tag]
    if not tagged:
        return list(found)
    result: list[Row] = []
    waiting: list[Row] = []
    for row in found:
        waiting.append(row)
        if row.tag:
            result += [replace(each, tag=row.tag) for each in waiting]
            waiting = []
    return result + [replace(each, tag=tagged[-1].tag) for each in waiting]


def statements(row: Row, functions: frozenset[str] = frozenset()) -> Iterator[t.Statement]:
    """The statements of a row. Raises Unreadable at the first part that cannot be read."""
    if row.wrong is not None:
        raise row.wrong
    parser = Parser(row.tokens, row.end, functions)
    while True:
        _between(parser)
        if parser.token is None:
            return
        try:
            yield from _statement(parser)
        except RecursionError:
            raise Unreadable(parser.here, "brackets in brackets, too many of them") from None


def _statement(parser: Parser) -> tuple[t.Statement, ...]:
    """A chain and its conditions, before or behind it; A ⟹ B is B if A, A ⟺ B is A if B as well."""
    start = parser.here
    given: tuple[t.Node, ...] = ()
    where: tuple[t.Node, ...] = ()
    if word := _condition_word(parser):
        given = conditions(parser, word)
        where = given if word in DEFINING_WORDS else ()
        parser.take(":", ",")
        parser.gaps()
    chain = _defined_first(relations(parser))
    implied = list(_implied(parser, chain))
    declares = chain.signs[:1] == (r"\in",)
    at = parser.at
    parser.gaps()
    parser.take(",")
    parser.gaps()
    while True:
        if word := _condition_word(parser):
            behind = conditions(parser, word)
            where += behind if word in DEFINING_WORDS else ()
        elif not (parser.at > at and not declares and (behind := _without_words(parser))):
            break
        given += behind
        at = parser.at
        parser.take(",")
        parser.gaps()
    parser.at = at
    _ends(parser, chain)
    span = parser.since(start)
    if not implied:
        return (t.Statement(span, chain, given, where),)
    return tuple(t.Statement(span, b, (*links(a), *given), where) for a, b in implied)


def _implied(parser: Parser, first: t.Chain) -> Iterator[tuple[t.Chain, t.Chain]]:
    """What follows from what: (A, B) of A ⟹ B, and (B, A) as well of A ⟺ B; of each in a row."""
    claims = first.relations and not {":=", r"\in"} & {*first.signs}
    while claims:
        at = parser.at
        parser.gaps()
        arrow = parser.take(*ARROWS, *BOTH_WAYS)
        if arrow is None:
            parser.at = at
            return
        found = relations(parser)
        if not found.relations:
            raise Unreadable(found.span, f"{arrow} is between two relations", "a = 0 \\iff b = 0")
        yield first, found
        if arrow.text in BOTH_WAYS:
            yield found, first
        first = found


def _defined_first(chain: t.Chain) -> t.Chain:
    """c := a = b for a = b =: c."""
    *before, last = chain.relations or (None,)
    if last is None or last.sign != "=:":
        return chain
    defines = t.Relation(last.span, ":=")
    return t.Chain(chain.span, (chain.sides[-1], *chain.sides[:-1]), (defines, *before))


def _condition_word(parser: Parser) -> str:
    """Takes “if”, “where” and the like; "" where there is none."""
    token = parser.token
    word = token.text.lower().rstrip(" :") if token is not None and token.kind == "words" else ""
    if word not in CONDITION_WORDS:
        return ""
    parser.next()
    return word


def _without_words(parser: Parser) -> tuple[t.Node, ...]:
    """The conditions of “a = b, j ≠ y” and “a = b (j ≠ y)”: what only a condition can be."""
    at = parser.at
    bracket = parser.take("(")
    try:
        found = conditions(parser)
        if bracket is not None:
            parser.expect(")", bracket)
    except Unreadable:
        found = ()
    chains = [each for each in found if isinstance(each, t.Chain)]
    if chains and all(_is_condition(each, bracket is not None) for each in chains):
        return found
    parser.at = at
    return ()


def _is_condition(chain: t.Chain, in_brackets: bool) -> bool:
    """j ≠ y, and i = 1, …, n; in brackets also k = j and u > 0, but not two formulas with =."""
    if not chain.relations:
        return False
    (sign, *_) = chain.signs
    if sign == r"\ne" or isinstance(chain.sides[1], t.Numbered):
        return True
    letters = all(isinstance(side, t.Name) for side in chain.sides)
    return in_brackets and (sign != "=" or letters)


def _between(parser: Parser) -> None:
    """Passes over what separates statements."""
    while (token := parser.token) is not None:
        if token.kind == "gap" or _joins(token) or parser.see(",", ";", "."):
            parser.next()
        else:
            return


def _joins(token: Token) -> bool:
    """“and”, “hence”: what stands between statements."""
    return token.kind == "words" and token.text.strip(" ,.;:").lower() in _JOINING


def _ends(parser: Parser, chain: t.Chain) -> None:
    """Nothing may be left over that is no separator: it would be skipped."""
    parser.gaps_before(*ARROWS)
    if ":=" in chain.signs and parser.take(*ARROWS):  # “hence”: what is defined is so in any case
        return
    token = parser.token
    if token is None or token.kind == "gap" or parser.see(",", ";", "."):
        return
    if _joins(token):
        return
    if token.kind == "words":
        raise Unreadable(
            token.span,
            f"the words “{token.text}” in a display are not read",
            WORDS.get(
                token.text, "write them in the text around it; in a display: if, for, where, and"
            ),
        )
    if token.text in _CLOSES:
        raise Unreadable(token.span, f"{token} closes nothing")
    raise Unreadable(token.span, f"{token} is not expected here", HINTS.get(token.text, ""))
