"""What a function's own text says of what it returns: read, not run."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

_GRADIENT = re.compile(r"(^|_)(grads?|gradients?|jac|jacobian|d_?w|d_?theta|d_?weights?)($|_)")
_NONE = re.compile(r"no_?grad|without|wo_")
#: "the gradient with respect to W", in a list of what is returned; not "needed for the gradient".
_SAYS_SO = re.compile(r"\W*((the|its|a|an|analytic|tuple|of|\(?array\)?)\s+)*(grad(ient)?s?|dW)\b")


@dataclass(frozen=True)
class Promises:
    """names: of what its return statements give one after the other, where all agree; else ().

    gradient: whether a gradient is promised: by the function's name, by what it says of itself, or
    by one of its return statements.
    """

    names: tuple[str, ...] = ()
    gradient: bool = False


NOTHING = Promises()


def promises_of(function: Callable[..., Any]) -> Promises:
    """Of a function that is there; nothing is promised where its text cannot be had."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
        node = ast.parse(text).body[0]
    except (OSError, TypeError, SyntaxError, ValueError, IndexError):
        return NOTHING
    return promised(node) if isinstance(node, ast.FunctionDef) else NOTHING


def promised(node: ast.FunctionDef) -> Promises:
    """Of a function as it is written."""
    given = [tuple(map(_called, parts)) for parts in _returned(node)]
    several = {names for names in given if len(names) > 1}
    return Promises(
        names=several.pop() if len(several) == 1 else (),
        gradient=_names_a_gradient(node.name)
        or _says_so(ast.get_docstring(node) or "")
        or any(_names_a_gradient(name) for names in given for name in names)
        or any(map(_names_a_gradient, _keys_returned(node))),
    )


def _names_a_gradient(name: str) -> bool:
    return bool(_GRADIENT.search(name.lower())) and not _NONE.search(name.lower())


def _says_so(text: str) -> bool:
    """Whether a gradient is among what a docstring says is returned."""
    _, _, said = text.partition("eturns")
    return any(map(_SAYS_SO.match, re.split(r"[\n:;,.(]|\band\b", said)))


def _returned(node: ast.FunctionDef) -> Iterator[list[ast.expr]]:
    """What each of its return statements gives, without those of functions inside it."""
    for part in own_nodes(node):
        if isinstance(part, ast.Return) and part.value is not None:
            yield part.value.elts if isinstance(part.value, ast.Tuple) else [part.value]


def _keys_returned(node: ast.FunctionDef) -> Iterator[str]:
    """The names inside what is returned: {"loss": …, "dW": …}, dict(dW=…), Result(grad=…)."""
    for part in chain.from_iterable(_returned(node)):
        if isinstance(part, ast.Dict):
            yield from (
                key.value
                for key in part.keys
                if isinstance(key, ast.Constant) and isinstance(key.value, str)
            )
        elif isinstance(part, ast.Call):
            yield from (keyword.arg for keyword in part.keywords if keyword.arg)


@lru_cache(maxsize=16)  # what was just loaded is asked for them several times
def all_nodes(tree: ast.AST) -> tuple[ast.AST, ...]:
    """A node and all that is in it, outer ones first, as `ast.walk` gives them."""
    found = [tree]
    for node in found:  # which grows meanwhile
        found += _children(node)
    return tuple(found)


@lru_cache(maxsize=16)
def own_nodes(node: ast.AST) -> tuple[ast.AST, ...]:
    """The nodes of a function, without the insides of functions and classes in it."""
    found, waiting = [], _children(node)[::-1]
    while waiting:
        found.append(waiting.pop())
        if not isinstance(found[-1], _WITH_AN_INSIDE):
            waiting += _children(found[-1])[::-1]
    return tuple(found)


def _children(node: ast.AST) -> list[ast.AST]:
    """As `ast.iter_child_nodes`, in half the time: thousands of changes are read."""
    found: list[ast.AST] = []
    for name in node._fields:
        value = getattr(node, name, None)
        if isinstance(value, list):
            found += [one for one in value if isinstance(one, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


_WITH_AN_INSIDE = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def _called(value: ast.expr) -> str:
    """The name of what is returned; "" where it has none."""
    while isinstance(value, ast.Attribute | ast.Call):
        # dW.T and dW.copy() are dW; model.grad is grad, and so is grad(W)
        inner = value.func if isinstance(value, ast.Call) else value.value
        if isinstance(value, ast.Attribute) and not isinstance(inner, ast.Name | ast.Call):
            break
        if isinstance(value, ast.Attribute) and isinstance(inner, ast.Name):
            return value.attr if inner.id == "self" else inner.id
        value = inner
    return value.id if isinstance(value, ast.Name) else ""
