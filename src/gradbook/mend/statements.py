"""Slips of statements: one too much, one in the wrong block, one that is lacking."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Sequence

from gradbook.mend.change import Change
from gradbook.mend.expressions import ADDED, DROPPED, SIGN
from gradbook.mend.scope import Scope

#: A condition left out: nearer than another name in it, with which it may hold never or always.
UNGUARDED = DROPPED - 0.05
#: A statement elsewhere: dearer than one left out, which says the same in fewer words.
MOVED = DROPPED + 0.1
_ASSIGNMENTS = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="}
_ADD_AT = {"+=": "add", "-=": "subtract"}
_COMPOUND = (ast.For, ast.While, ast.If, ast.With)


def of_statements(scope: Scope) -> Iterator[Change]:
    """The changes of each statement of a function."""
    for block in scope.blocks():
        for place, statement in enumerate(block):
            yield from _assignment(scope, statement)
            yield _without(scope, block, statement)
            if isinstance(statement, ast.If):
                yield from _guard(scope, statement)
            if isinstance(statement, ast.Break):
                yield scope.text.instead(statement, "continue", SIGN)
            if isinstance(statement, ast.Continue):
                yield scope.text.instead(statement, "break", SIGN)
            yield from _moved(scope, block, place)
            yield from _lacking(scope, statement)
            yield from _left_out(scope, statement)
    for statement in scope.function.body[1:]:
        yield from _before(scope, statement, scope.returned)
    yield from _at_the_start(scope)


def _assignment(scope: Scope, node: ast.stmt) -> Iterator[Change]:
    """+= for −=, = for +=, and an addition at indices that repeat."""
    text = scope.text
    if isinstance(node, ast.Assign) and len(node.targets) == 1:
        start, end = text.end(node.targets[0]), text.start(node.value)
        if text.text[start:end].strip() == "=":
            for sign in ("+=", "-="):
                yield Change(((start, end, f" {sign} "),), SIGN)
    if isinstance(node, ast.AugAssign):
        start, end = text.end(node.target), text.start(node.value)
        between = text.text[start:end]
        sign = next((sign for sign in _ASSIGNMENTS if sign in between), "")
        if sign:
            for other in (_ASSIGNMENTS[sign], "="):
                yield Change(((start, end, between.replace(sign, other)),), SIGN)
        if sign in _ADD_AT and isinstance(node.target, ast.Subscript):
            yield _added_at(scope, node, node.target, _ADD_AT[sign])


def _added_at(scope: Scope, node: ast.AugAssign, target: ast.Subscript, name: str) -> Change:
    index = target.slice
    parts = index.elts if isinstance(index, ast.Tuple) else [index]
    texts = ["slice(None)" if isinstance(p, ast.Slice) else scope.text.of(p) for p in parts]
    where = f"({', '.join(texts)})" if len(texts) > 1 else texts[0]
    of, value = scope.text.of(target.value), scope.text.of(node.value)
    return scope.text.instead(node, f"{scope.np}.{name}.at({of}, {where}, {value})", DROPPED)


def _begins_its_line(scope: Scope, node: ast.stmt) -> bool:
    """Whether no other statement stands before it on its line."""
    return not scope.text.text[scope.text.line_start(node) : scope.text.start(node)].strip()


def _whole(scope: Scope, node: ast.stmt) -> tuple[int, int]:
    """The lines of a statement, or its text alone where another stands beside it."""
    start, end = scope.text.line_start(node), scope.text.line_end(node)
    after = scope.text.text[scope.text.end(node) : end].strip()
    if _begins_its_line(scope, node) and (not after or after.startswith("#")):
        return start, end
    return scope.text.start(node), scope.text.end(node)


def _without(scope: Scope, block: Sequence[ast.stmt], node: ast.stmt) -> Change:
    start, end = _whole(scope, node)
    cost = UNGUARDED if _leaves(node) else DROPPED
    if len(block) == 1 or start == scope.text.start(node):
        return scope.text.instead(node, "pass", cost)
    return Change(((start, end, ""),), cost)


def _leaves(node: ast.stmt) -> bool:
    """Whether it leaves a loop or the function under a condition."""
    last = node.body[-1] if isinstance(node, ast.If) else node
    return isinstance(last, ast.Return | ast.Continue | ast.Break) and last is not node


def _guard(scope: Scope, node: ast.If) -> Iterator[Change]:
    """The condition the other way round; what it guards, without it; and what stands in else."""
    test = scope.text.of(node.test)
    yield scope.text.instead(node.test, f"not ({test})", SIGN)
    start, end = _whole(scope, node)
    if start == scope.text.start(node):
        return
    for block in (node.body, node.orelse):
        if block:
            first, _ = _whole(scope, block[0])
            _, last = _whole(scope, block[-1])
            if first != scope.text.start(block[0]):
                inside = _indented(scope.text.text[first:last], node.col_offset)
                yield Change(((start, end, inside),), UNGUARDED)


def _indented(text: str, columns: int) -> str:
    return textwrap.indent(textwrap.dedent(text), " " * columns)


def _moved(scope: Scope, block: Sequence[ast.stmt], place: int) -> Iterator[Change]:
    """Out of its block, to after it or before it; into the block before it, or after; one down."""
    node = block[place]
    start, end = _whole(scope, node)
    if start == scope.text.start(node):
        return
    lines = scope.text.text[start:end]
    lines = lines if lines.endswith("\n") else lines + "\n"

    def to(where: int, columns: int) -> Change:
        new = _indented(lines, columns)
        at_end = where == len(scope.text.text) and not scope.text.text.endswith("\n")
        return Change(((start, end, ""), (where, where, "\n" * at_end + new)), MOVED)

    around = scope.parents.get(id(node))
    if isinstance(around, _COMPOUND) and len(block) > 1:
        yield to(scope.text.line_end(around), around.col_offset)
        yield to(scope.text.line_start(around), around.col_offset)
    before = block[place - 1] if place else None
    if isinstance(before, _COMPOUND) and not isinstance(node, _COMPOUND):
        yield from (to(scope.text.line_end(one[-1]), one[0].col_offset) for one in _ends(before))
    after = block[place + 1] if place + 1 < len(block) else None
    if after is None:
        return
    if isinstance(after, _COMPOUND) and not isinstance(node, _COMPOUND):
        inside = after.body[0]
        yield to(scope.text.line_start(inside), inside.col_offset)
        if isinstance(inside, ast.For):
            deeper = inside.body[0]
            yield to(scope.text.line_start(deeper), deeper.col_offset)
    yield to(scope.text.line_end(after), node.col_offset)


def _ends(node: ast.stmt) -> Iterator[list[ast.stmt]]:
    """The body of a compound statement, and that of the one at its end."""
    while isinstance(node, _COMPOUND):
        yield node.body
        node = node.body[-1]


def _lacking(scope: Scope, node: ast.stmt) -> Iterator[Change]:
    """A statement that stands beside others of its kind: the entries of the labels, or row y."""
    text, np = scope.text, scope.np
    margin, y = " " * node.col_offset, scope.roles.get("y", "y")
    if not _begins_its_line(scope, node):
        return
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
        all_rows = f"{np}.arange(len({y}))"
        for where in (f"{all_rows}, {y}", *scope.of_labels, f"{y}, {all_rows}"):
            for value in ("0", "1", f"-{name}.sum(axis=1)"):
                line = f"{margin}{name}[{where}] = {value}\n"
                yield _line(scope, text.line_end(node), line)
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Subscript):
        place, value = node.target.slice, text.of(node.value)
        for part in place.elts if isinstance(place, ast.Tuple) else [place]:
            for index in (*scope.of_labels, *scope.counters):
                changed = text.instead(part, index, 0.0).of(text.text)
                target = changed[text.start(node.target) :][: _length(scope, node, part, index)]
                for sign in ("-=", "+="):
                    line = f"{margin}{target} {sign} {value}\n"
                    yield _line(scope, text.line_end(node), line)


def _length(scope: Scope, node: ast.AugAssign, part: ast.expr, instead: str) -> int:
    """How long the target is with another text in the place of a part of it."""
    return len(scope.text.of(node.target)) - len(scope.text.of(part)) + len(instead)


def _left_out(scope: Scope, node: ast.stmt) -> Iterator[Change]:
    """At the start of a loop over the classes, what leaves out the label."""
    if isinstance(node, ast.For) and isinstance(node.target, ast.Name):
        inside = node.body[0]
        margin = " " * inside.col_offset
        for label in scope.of_labels:
            line = f"{margin}if {node.target.id} == {label}:\n{margin}    continue\n"
            if inside.lineno > node.lineno:
                yield _line(scope, scope.text.line_start(inside), line)


def _before(scope: Scope, node: ast.stmt, names: Sequence[str]) -> Iterator[Change]:
    """Before a statement, something is done to what is returned: divided by n, or penalised."""
    margin, where = " " * node.col_offset, scope.text.line_start(node)
    if not _begins_its_line(scope, node):
        return
    W, reg = scope.roles.get("W"), scope.roles.get("reg")
    for name in names:
        done = [f"{name} /= {count}" for count in scope.counts]
        if W and reg and isinstance(node, ast.Return):
            square = f"{scope.np}.sum({W} * {W})"
            done += [f"{name} += {factor}{reg} * {W}" for factor in ("", "2 * ")]
            done += [f"{name} += {factor}{reg} * {square}" for factor in ("", "0.5 * ")]
        for line in done:
            yield _line(scope, where, f"{margin}{line}\n")


def _line(scope: Scope, where: int, line: str) -> Change:
    at_end = where == len(scope.text.text) and not scope.text.text.endswith("\n")
    return Change(((where, where, "\n" * at_end + line),), ADDED)


def _at_the_start(scope: Scope) -> Iterator[Change]:
    """A parameter copied, or in double precision, before anything is done with it."""
    body = scope.function.body
    documented = isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant)
    first = body[1] if documented and len(body) > 1 else body[0]
    if first.lineno == scope.function.lineno:
        return
    where, margin = scope.text.line_start(first), " " * first.col_offset
    for name in scope.parameters:
        for value in (f"{name}.copy()", f"{scope.np}.asarray({name}, dtype=float)"):
            yield _line(scope, where, f"{margin}{name} = {value}\n")
