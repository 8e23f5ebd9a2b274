"""Slips inside an expression: another sign, number, name or axis; a part too much."""

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


def _of_kind(scope: Scope, node: ast.expr) -> Iterator[Change]:
    match node:
        case ast.Constant():
            yield from of_number(scope.text, node)
        case ast.Name(ctx=ast.Load()):
            yield from _name(scope, node)
        case ast.UnaryOp():
            yield put(scope, node, node.operand, SIGN)
        case ast.Compare(ops=[_]):
            yield from _comparison(scope, node)
        case ast.BinOp():
            yield from _arithmetic(scope, node)
        case ast.BoolOp():
            yield from _condition(scope, node)
        case ast.IfExp():
            yield put(scope, node, node.body, DROPPED)
            yield put(scope, node, node.orelse, DROPPED)
        case ast.Subscript():
            yield from _index(scope, node)
        case ast.Call():
            yield from _call(scope, node)
        case ast.Attribute(attr="T"):
            yield put(scope, node, node.value, SIGN)
        case ast.GeneratorExp():
            inside = scope.text.of(node)[1:-1]
            yield scope.text.instead(node, f"[{inside}]", SIGN)


def put(scope: Scope, node: ast.expr, part: ast.expr, cost: float) -> Change:
    """A part of a node in its place."""
    return scope.text.instead(node, scope.fitted(node, scope.text.of(part)), cost)


def write(scope: Scope, node: ast.expr, new: str, cost: float) -> Change:
    """Another text in its place."""
    return scope.text.instead(node, scope.fitted(node, new), cost)


def of_number(text: Text, node: ast.Constant) -> Iterator[Change]:
    """Another number in the place of a constant, or the other truth value."""
    value = node.value
    if isinstance(value, bool):
        yield text.instead(node, str(not value), SIGN)
    elif isinstance(value, int | float):
        for number in dict.fromkeys((*_NUMBERS, value + 1, value - 1, -value, 2 * value)):
            near = SIGN if abs(number - value) <= 1 else DROPPED
            if number == 1 and value:  # a factor is rather left out
                near = DROPPED + 0.05
            if number != value:
                yield text.instead(node, repr(number), near)


def _name(scope: Scope, node: ast.Name) -> Iterator[Change]:
    if node.id in scope.names:
        yield from (write(scope, node, name, DROPPED) for name in scope.names if name != node.id)


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
    if sign == "*" and isinstance(node.left, ast.List):  # [a] * n has one and the same a n times
        made, times = scope.text.of(node.left)[1:-1], scope.text.of(node.right)
        yield write(scope, node, f"[{made} for _ in range({times})]", SIGN)
    if sign == "*":
        yield Change(((start, end, between.replace("*", "+", 1)),), OTHER)
    if sign == "//":
        yield Change(((start, end, between.replace("//", "/", 1)),), SIGN)
    for kept in (node.left, node.right):
        yield put(scope, node, kept, DROPPED)
    if sign in ("-", "/", "@"):
        swapped = f"{tight(scope, node.right)} {sign} {tight(scope, node.left)}"
        yield write(scope, node, swapped, DROPPED)


def tight(scope: Scope, node: ast.expr) -> str:
    """Its text, in parentheses where an operator beside it would tear it apart."""
    text = scope.text.of(node)
    return f"({text})" if isinstance(node, ast.BinOp | ast.Compare | ast.BoolOp) else text


def _condition(scope: Scope, node: ast.BoolOp) -> Iterator[Change]:
    sign, other = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
    loose = (ast.BoolOp, ast.IfExp, ast.Lambda)
    parts = [
        f"({scope.text.of(value)})" if isinstance(value, loose) else scope.text.of(value)
        for value in node.values
    ]
    yield write(scope, node, f" {other} ".join(parts), SIGN)
    for place in range(len(parts)):
        left = [*parts[:place], *parts[place + 1 :]]
        yield write(scope, node, f" {sign} ".join(left), DROPPED)


def _index(scope: Scope, node: ast.Subscript) -> Iterator[Change]:
    """No index, the place of the label, the indices the other way round, or another one."""
    if isinstance(node.ctx, ast.Load):
        yield put(scope, node, node.value, DROPPED)
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
        of_slice = isinstance(part, ast.Slice)
        others = _slices(scope, scope.text.of(part)) if of_slice else _places(scope)
        for text, cost in others:
            yield scope.text.instead(part, text, cost)


def _slices(scope: Scope, here: str) -> Iterator[tuple[str, float]]:
    """One without bounds, one place of each row, and other slices of the function."""
    yield (f"{scope.np}.arange({scope.counts[-1]})", DROPPED) if here == ":" else (":", SIGN)
    yield from ((other, DROPPED) for other in scope.slices)


def _places(scope: Scope) -> Iterator[tuple[str, float]]:
    """That of the label, and all of them."""
    yield from ((label, SIGN) for label in scope.of_labels)
    yield ":", OTHER


def _call(scope: Scope, node: ast.Call) -> Iterator[Change]:
    """What is called left out, another function, other arguments, one less or one more."""
    if isinstance(node.func, ast.Attribute):
        yield from _kin(scope, node.func)
        if scope.text.of(node.func.value) != scope.np:
            yield put(scope, node, node.func.value, DROPPED)
            yield write(scope, node, f"{tight(scope, node.func.value)}.T", ADDED)
    for part in node.args:
        if not isinstance(part, ast.Starred):
            yield put(scope, node, part, DROPPED)
    given = tuple(scope.text.of(part) for part in (*node.args, *node.keywords))
    for arguments, cost in _arguments(scope, node, given):
        called = f"{scope.text.of(node.func)}({', '.join(arguments)})"
        yield write(scope, node, called, cost)


def _arguments(
    scope: Scope, node: ast.Call, given: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], float]]:
    for place in range(len(given)):
        yield (*given[:place], *given[place + 1 :]), DROPPED
    if len(node.args) == 2 and len(given) == 2:
        yield given[::-1], DROPPED
    name = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    lengths = tuple(f"minlength={count}" for count in scope.counts)
    for keyword in lengths if name == "bincount" else _KEYWORDS.get(name, ()):
        if not any(part.startswith(f"{keyword.partition('=')[0]}=") for part in given):
            yield (*given, keyword), SIGN + 0.4


def _kin(scope: Scope, node: ast.Attribute) -> Iterator[Change]:
    of = tight(scope, node.value)
    for family in _KIN:
        if node.attr in family:
            for other in family:
                yield scope.text.instead(node, f"{of}.{other}", DROPPED)
