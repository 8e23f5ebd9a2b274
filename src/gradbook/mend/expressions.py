"""Slips inside an expression: another sign, number, name, axis; a part too much, or one lacking."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from gradbook.mend.change import Change, Text
from gradbook.mend.scope import Scope

#: What a slip costs: a sign or a number; a part too much; a part that lacks; something else there.
SIGN, DROPPED, ADDED, OTHER = 1.0, 1.5, 2.5, 3.0

_COMPARISONS = (">", ">=", "<", "<=", "==", "!=")
_ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*"}
#: Functions that are taken for one another.
_KIN = (
    ("sum", "mean", "max", "min"),
    ("maximum", "minimum", "fmax"),
    ("max", "maximum"),
    ("min", "minimum"),
    ("zeros", "ones", "empty"),
    ("zeros_like", "ones_like", "empty_like"),
    ("argmax", "argmin"),
    ("any", "all"),
    ("unique", "array"),
)
#: What can be said in a call, and is not.
_KEYWORDS = {
    **dict.fromkeys(("sum", "mean", "max"), ("axis=0", "axis=1", "keepdims=True")),
    **dict.fromkeys(("zeros", "ones", "empty", "array"), ("dtype=float",)),
    **dict.fromkeys(("zeros_like", "ones_like", "empty_like"), ("dtype=float",)),
}
_NUMBERS = (0, 1, -1, 2, 0.5)


def of_expressions(scope: Scope) -> Iterator[Change]:
    """The changes of each expression of a function."""
    for node in scope.expressions:
        yield from _of_kind(scope, node)
        if isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
            yield from _more(scope, node)


def _of_kind(scope: Scope, node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Constant():
            yield from of_number(scope.text, node)
        case ast.Name(ctx=ast.Load()):
            yield from _name(scope, node)
        case ast.UnaryOp():
            yield _put(scope, node, node.operand, SIGN)
        case ast.Compare(ops=[_]):
            yield from _comparison(scope, node)
        case ast.BinOp():
            yield from _arithmetic(scope, node)
        case ast.BoolOp():
            yield from _condition(scope, node)
        case ast.IfExp():
            yield _put(scope, node, node.body, DROPPED)
            yield _put(scope, node, node.orelse, DROPPED)
        case ast.Subscript():
            yield from _index(scope, node)
        case ast.Call():
            yield from _call(scope, node)
        case ast.Attribute(attr="T"):
            yield _put(scope, node, node.value, SIGN)
        case ast.GeneratorExp():
            inside = scope.text.of(node)[1:-1]
            yield scope.text.instead(node, f"[{inside}]", SIGN)


def _put(scope: Scope, node: ast.expr, part: ast.expr, cost: float) -> Change:
    """A part of a node in its place."""
    return scope.text.instead(node, scope.fitted(node, scope.text.of(part)), cost)


def _write(scope: Scope, node: ast.expr, new: str, cost: float) -> Change:
    return scope.text.instead(node, scope.fitted(node, new), cost)


def of_number(text: Text, node: ast.Constant) -> Iterator[Change]:
    """Another number in the place of a constant, or the other truth value."""
    value = node.value
    if isinstance(value, bool):
        yield text.instead(node, str(not value), SIGN)
    elif isinstance(value, int | float):
        for number in dict.fromkeys((*_NUMBERS, value + 1, value - 1, -value, 2 * value)):
            near = SIGN if abs(number - value) <= 1 else DROPPED
            if number != value:
                yield text.instead(node, repr(number), near)


def _name(scope: Scope, node: ast.Name) -> Iterator[Change]:
    if node.id in scope.names:
        yield from (_write(scope, node, name, DROPPED) for name in scope.names if name != node.id)


def _comparison(scope: Scope, node: ast.Compare) -> Iterator[Change]:
    start, end = scope.text.end(node.left), scope.text.start(node.comparators[0])
    between = scope.text.text[start:end]
    for sign in _COMPARISONS:
        other = re.sub(r"[<>=!]=?", sign, between, count=1)
        if other != between:
            yield Change(((start, end, other),), _comparing(between.strip(" ()"), sign))


def _comparing(old: str, new: str) -> float:
    """What it costs to compare otherwise. An equality in place of an order may hold never."""
    if {old, new} <= {">", ">="} or {old, new} <= {"<", "<="}:
        return SIGN
    return 1.2 if (old in ("==", "!=")) == (new in ("==", "!=")) else DROPPED + 0.1


def _arithmetic(scope: Scope, node: ast.BinOp) -> Iterator[Change]:
    start, end = scope.text.end(node.left), scope.text.start(node.right)
    between = scope.text.text[start:end]
    sign = between.strip(" ()\n\\")
    if sign in _ARITHMETIC:
        other = between.replace(sign, _ARITHMETIC[sign], 1)
        yield Change(((start, end, other),), SIGN)
    if sign == "*":
        yield Change(((start, end, between.replace("*", "+", 1)),), OTHER)
    if sign == "//":
        yield Change(((start, end, between.replace("//", "/", 1)),), SIGN)
    for kept in (node.left, node.right):
        yield _put(scope, node, kept, DROPPED)
    if sign in ("-", "/", "@"):
        swapped = f"{_tight(scope, node.right)} {sign} {_tight(scope, node.left)}"
        yield _write(scope, node, swapped, DROPPED)


def _tight(scope: Scope, node: ast.expr) -> str:
    text = scope.text.of(node)
    return f"({text})" if isinstance(node, ast.BinOp | ast.Compare | ast.BoolOp) else text


def _condition(scope: Scope, node: ast.BoolOp) -> Iterator[Change]:
    sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    loose = (ast.BoolOp, ast.IfExp, ast.Lambda)
    parts = [
        f"({scope.text.of(value)})" if isinstance(value, loose) else scope.text.of(value)
        for value in node.values
    ]
    yield _write(scope, node, f" {other} ".join(parts), SIGN)
    for place in range(len(parts)):
        left = [*parts[:place], *parts[place + 1 :]]
        yield _write(scope, node, f" {sign} ".join(left), DROPPED)


def _index(scope: Scope, node: ast.Subscript) -> Iterator[Change]:
    """Another index, one less, slices without bounds, the indices the other way round."""
    if isinstance(node.ctx, ast.Load):
        yield _put(scope, node, node.value, DROPPED)
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if len(parts) == 1 and isinstance(parts[0], ast.Compare | ast.Name):
        y = scope.roles.get("y", "y")
        own = f"{scope.np}.arange(len({y})), {y}"
        yield scope.text.instead(parts[0], own, DROPPED)
    if len(parts) == 2:
        texts = [scope.text.of(part) for part in parts]
        first, last = scope.text.start(parts[0]), scope.text.end(parts[1])
        yield Change(((first, last, ", ".join(reversed(texts))),), SIGN)
    for part in parts:
        here = scope.text.of(part)
        if here == ":":
            rows = f"{scope.np}.arange({scope.counts[-1]})"
            yield scope.text.instead(part, rows, DROPPED)
        elif isinstance(part, ast.Slice):
            yield scope.text.instead(part, ":", SIGN)
        else:
            yield scope.text.instead(part, ":", OTHER)
            for label in scope.of_labels:
                yield scope.text.instead(part, label, SIGN)
        if isinstance(part, ast.Slice):
            for other in scope.slices:
                yield scope.text.instead(part, other, DROPPED)


def _call(scope: Scope, node: ast.Call) -> Iterator[Change]:
    """What is called left out, another function, another argument or one less."""
    text = scope.text
    method = isinstance(node.func, ast.Attribute) and text.of(node.func.value) != scope.np
    if isinstance(node.func, ast.Attribute):
        yield from _kin(scope, node.func)
        if method:
            yield _put(scope, node, node.func.value, DROPPED)
            yield _write(scope, node, f"{_tight(scope, node.func.value)}.T", ADDED)
    for part in node.args:
        if not isinstance(part, ast.Starred):
            yield _put(scope, node, part, DROPPED)
    given = [text.of(part) for part in (*node.args, *node.keywords)]
    name = text.of(node.func)
    for place in range(len(given)):
        if len(given) > 1 or method:
            left = ", ".join([*given[:place], *given[place + 1 :]])
            yield _write(scope, node, f"{name}({left})", DROPPED)
    if len(node.args) == 2 and len(given) == 2:
        yield _write(scope, node, f"{name}({given[1]}, {given[0]})", DROPPED)
    if isinstance(node.func, ast.Attribute):
        lengths = tuple(f"minlength={count}" for count in scope.counts)
        more = lengths if node.func.attr == "bincount" else _KEYWORDS.get(node.func.attr, ())
        for keyword in more:
            if not any(part.startswith(f"{keyword.partition('=')[0]}=") for part in given):
                yield _write(scope, node, f"{name}({', '.join([*given, keyword])})", SIGN + 0.4)


def _kin(scope: Scope, node: ast.Attribute) -> Iterator[Change]:
    of = _tight(scope, node.value)
    for family in _KIN:
        if node.attr in family:
            for other in family:
                yield scope.text.instead(node, f"{of}.{other}", DROPPED)


def _more(scope: Scope, node: ast.expr) -> Iterator[Change]:
    """Something put around it, or another short expression of the function in its place."""
    operand = (ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Compare, ast.Attribute)
    parent = scope.parents.get(id(node))
    called = isinstance(parent, ast.Call) and parent.func is node
    if not isinstance(node, operand) or called or isinstance(parent, ast.Attribute):
        return
    here, tight = scope.text.of(node), _tight(scope, node)
    if here == scope.np or here.startswith("range("):
        return
    indexed = isinstance(parent, ast.Subscript) and parent.slice is node
    yield _write(scope, node, f"-{tight}", DROPPED + 0.1)
    for added in ("- 1", "+ 1") if indexed or isinstance(parent, ast.Call) else ("+ 1", "- 1"):
        yield _write(scope, node, f"{tight} {added}", ADDED)
    if isinstance(node, ast.Name | ast.Subscript | ast.Attribute) and len(here) <= 30:
        for atom in scope.atoms:
            if atom != here and not (isinstance(node, ast.Name) and atom in scope.names):
                yield _write(scope, node, atom, OTHER)
    if indexed:
        return
    for count in scope.counts:
        yield _write(scope, node, f"{tight} / {count}", ADDED - 0.5)
    for around in ("{0} * 2", "0.5 * {0}", "{0}.T", "{0}[:, None]", "{0}.copy()", "{0} > 0"):
        yield _write(scope, node, around.format(tight), ADDED)
    for around in ("{1}.maximum(0, {0})", "{1}.sum({0})", "{1}.asarray({0}, dtype=float)"):
        yield _write(scope, node, around.format(here, scope.np), ADDED + 0.2)
    if isinstance(node, ast.Call) and isinstance(parent, ast.Assign):
        yield _write(scope, node, f"list({here})", ADDED)
    W, reg = scope.roles.get("W"), scope.roles.get("reg")
    if W and reg and _is_value(parent):
        for part in (f"{reg} * {W}", f"2 * {reg} * {W}"):
            yield _write(scope, node, f"{tight} + {part}", ADDED)
        for part in (
            f"{reg} * {scope.np}.sum({W} * {W})",
            f"0.5 * {reg} * {scope.np}.sum({W} ** 2)",
        ):
            yield _write(scope, node, f"{tight} + {part}", ADDED)


def _is_value(parent: ast.AST | None) -> bool:
    """Whether what it is a part of is returned or assigned."""
    return isinstance(parent, ast.Return | ast.Assign | ast.AugAssign | ast.Tuple)
