"""What an expression may lack: something around it, or another one of the function in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from gradbook.mend.change import Change
from gradbook.mend.expressions import ADDED, DROPPED, OTHER, tight, write
from gradbook.mend.scope import Scope

#: Put around an expression: {0}, in parentheses where it needs them.
_OPERATIONS = ("{0}.T", "{0}[:, None]", "{0}.copy()", "{0} > 0")
#: Functions of NumPy, {1}, of it.
_FUNCTIONS = ("{1}.maximum(0, {0})", "{1}.sum({0})", "{1}.asarray({0}, dtype=float)")
#: Penalties that are added, of the weights {0} and the strength {1}; {2} is NumPy.
_PENALTIES = (
    "{1} * {0}",
    "2 * {1} * {0}",
    "{1} * {2}.sum({0} * {0})",
    "0.5 * {1} * {2}.sum({0} ** 2)",
)
#: A longer expression is not taken for another one.
_SHORT = 30


def of_surroundings(scope: Scope) -> Iterator[Change]:
    """The changes around each operand of a function."""
    for node in scope.expressions:
        parent = scope.parents.get(id(node))
        if not _is_operand(scope, node, parent):
            continue
        indexed = isinstance(parent, ast.Subscript) and parent.slice is node
        yield write(scope, node, f"-{tight(scope, node)}", DROPPED + 0.1)
        for added in ("- 1", "+ 1") if indexed or isinstance(parent, ast.Call) else ("+ 1", "- 1"):
            yield write(scope, node, f"{tight(scope, node)} {added}", ADDED)
        yield from _others(scope, node)
        if not indexed:
            yield from _around(scope, node, parent)


def _is_operand(scope: Scope, node: ast.expr, parent: ast.AST | None) -> bool:
    """Whether it is a value that something can be done with, and no function or module."""
    kinds = (ast.Name, ast.Subscript, ast.Call, ast.BinOp, ast.Compare, ast.Attribute)
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    called = isinstance(parent, ast.Call) and parent.func is node
    if not isinstance(node, kinds) or not loaded or called or isinstance(parent, ast.Attribute):
        return False
    return scope.text.of(node) != scope.np and not scope.text.of(node).startswith("range(")


def _others(scope: Scope, node: ast.expr) -> Iterator[Change]:
    here = scope.text.of(node)
    if not isinstance(node, ast.Name | ast.Subscript | ast.Attribute) or len(here) > _SHORT:
        return
    for atom in scope.atoms:
        # A name for a name is a slip of another kind.
        if atom != here and not (isinstance(node, ast.Name) and atom in scope.names):
            yield write(scope, node, atom, OTHER)


def _around(scope: Scope, node: ast.expr, parent: ast.AST | None) -> Iterator[Change]:
    here, operand = scope.text.of(node), tight(scope, node)
    for count in scope.counts:
        yield write(scope, node, f"{operand} / {count}", ADDED - 0.5)
    if isinstance(node, ast.Compare):
        yield write(scope, node, f"{operand}.astype(float)", ADDED - 0.2)
    for factor in ("2", "0.5"):
        yield write(scope, node, f"{factor} * {operand}", ADDED - 0.1)
    for operation in _OPERATIONS:
        yield write(scope, node, operation.format(operand), ADDED)
    for function in _FUNCTIONS:
        yield write(scope, node, function.format(here, scope.np), ADDED + 0.2)
    if isinstance(node, ast.Call) and isinstance(parent, ast.Assign):
        yield write(scope, node, f"list({here})", ADDED)  # what it gives can be read once
    W, reg = scope.roles.get("W"), scope.roles.get("reg")
    if W and reg and isinstance(parent, ast.Return | ast.Assign | ast.AugAssign | ast.Tuple):
        for penalty in _PENALTIES:
            yield write(scope, node, f"{operand} + {penalty.format(W, reg, scope.np)}", ADDED)
