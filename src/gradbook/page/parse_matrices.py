"""Matrices and cases: rows, dots, and the marks that say which row is which."""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from gradbook.page import tree as t
from gradbook.page.parse_statements import CONDITION_WORDS, conditions
from gradbook.page.source import Unreadable
from gradbook.page.tokens import LINE

if TYPE_CHECKING:
    from gradbook.page.parser import Parser

MATRICES = ("bmatrix", "pmatrix", "matrix", "Bmatrix", "smallmatrix", "array", "vmatrix")
_OTHERWISE = ("else", "otherwise", "sonst")


def environment(parser: Parser, cases: bool = False) -> t.Node:
    """A matrix or cases; cases: whether an array is some, behind one bracket."""
    opened = parser.next()
    if opened.text not in (*MATRICES, "cases"):
        hint = f"matrices are: {', '.join(MATRICES)}"
        raise Unreadable(opened.span, rf"\begin{{{opened.text}}} is not read here", hint)
    if opened.text == "array" and (brace := parser.take("{")):
        while not parser.take("}"):
            if parser.token is None:
                parser.expect("}", brace)
            parser.next()
    if opened.text == "cases" or cases:
        node: t.Cases | t.Matrix = _cases(parser)
    else:
        node = t.Matrix(opened.span, tuple(_rows(parser)))
    end = parser.token
    if end is None or end.kind != "end" or end.text != opened.text:
        found = "it ends" if end is None else f"found {end}"
        hint = r"is \\ missing at the end of a row?" if parser.see("&") else ""
        raise Unreadable(opened.span, rf"\begin{{{opened.text}}} is never closed: {found}", hint)
    parser.next()
    span = parser.since(opened.span)
    node = replace(node, span=span)
    if isinstance(node, t.Cases):
        return node
    return t.Call(span, "det", (node,)) if opened.text == "vmatrix" else marked(parser, node)


def _rows(parser: Parser) -> list[tuple[t.Node, ...]]:
    rows = []
    while not _at_end(parser):
        row = [_cell(parser)]
        while parser.take("&"):
            row.append(_cell(parser))
        rows.append(tuple(cell for cell in row if cell is not None))
        if not parser.take(r"\\"):
            break
    return [row for row in rows if not all(isinstance(cell, t.Blank) for cell in row)]


def _cell(parser: Parser) -> t.Node | None:
    """What stands between two &; None for a line alone, beside a row or a column."""
    start = parser.here
    lined = _lines(parser)
    if _between_cells(parser):
        return None if lined else t.Blank(start)
    found = parser.expression()
    _lines(parser)
    return found


def _lines(parser: Parser) -> bool:
    """Takes the lines of — x^⊤ —, and a stroke alone."""
    at = parser.at
    parser.gaps()
    while (token := parser.token) is not None and (token.text == LINE or _alone(parser)):
        parser.next()
        parser.gaps()
    return parser.at > at


def _alone(parser: Parser) -> bool:
    after = parser.tokens[parser.at + 1 : parser.at + 2]
    return parser.see("|") and all(
        each.kind in ("end", "row") or each.text == "&" for each in after
    )


def _at_end(parser: Parser) -> bool:
    return parser.token is None or parser.token.kind == "end"


def _between_cells(parser: Parser) -> bool:
    parser.gaps()
    return _at_end(parser) or parser.see(r"\\", "&")


def marked(parser: Parser, matrix: t.Matrix) -> t.Matrix:
    """The matrix with the marks of a second environment beside it: \\leftarrow \\text{row } y."""
    token, after = parser.token, parser.tokens[parser.at + 1 :]
    if token is None or token.kind != "begin" or token.text not in ("matrix", "array"):
        return matrix
    inside = takewhile(lambda each: each.kind != "end", after)
    if all(each.text != r"\leftarrow" for each in inside):
        return matrix
    parser.next()
    marks = []
    row = 0
    while not _at_end(parser):
        if parser.take(r"\leftarrow"):
            words = parser.next()
            if words.kind != "words" or words.text.split()[:1] != ["row"]:
                raise Unreadable(words.span, r"a mark is \leftarrow \text{row } y")
            marks.append((row, parser.factor()))
        elif parser.take(r"\\"):
            row += 1
        else:
            raise Unreadable(
                parser.here, rf"a mark is \leftarrow \text{{row }} y, not {parser.token}"
            )
    parser.next()
    for row, mark in marks:
        if row >= len(matrix.rows):
            raise Unreadable(mark.span, "this mark stands beside no row of the matrix")
    return replace(matrix, span=parser.since(matrix.span), marks=tuple(marks))


def _cases(parser: Parser) -> t.Cases:
    branches: list[tuple[t.Node, tuple[t.Node, ...] | None]] = []
    start = parser.here
    while not _at_end(parser):
        value = parser.expression()
        parser.take(",")
        parser.gaps()
        if not (parser.take("&") or _between_cells(parser)):
            hint = r"0 & \text{if } k \ne j"
            raise Unreadable(parser.here, "a value and its condition have & between them", hint)
        parser.gaps()
        branches.append((value, _condition(parser)))
        parser.take(",", ".", ";")
        if not parser.take(r"\\"):
            break
    return t.Cases(parser.since(start), tuple(branches))


def _condition(parser: Parser) -> tuple[t.Node, ...] | None:
    token = parser.token
    if token is not None and token.kind == "words" and token.text.rstrip(".,") in _OTHERWISE:
        parser.next()
        return None
    if token is not None and token.kind == "words" and token.text in ("falls", *CONDITION_WORDS):
        parser.next()
        parser.take("&")
    elif token is None or token.kind in ("words", "end", "row"):
        raise Unreadable(parser.here, "a branch needs its condition: “if …” or “else”")
    return conditions(parser)
