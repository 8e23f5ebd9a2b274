"""The whole numbers in the text of a function: among them may be the sizes that it is meant for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from gradbook.subjects.promises import all_nodes

#: Smaller ones are no sizes, and larger ones none that anything is judged at.
_LEAST, _MOST = 2, 20_000


def numbers_in(trees: Sequence[ast.AST]) -> tuple[int, ...]:
    """Those in syntax trees, each once, in order."""
    nodes = (node for tree in trees for node in all_nodes(tree) if isinstance(node, ast.Constant))
    return _sizes(node.value for node in nodes)


def numbers_of_code(code: Any) -> tuple[int, ...]:
    """Those in a code object, and in functions inside it; () if it is None."""
    return () if code is None else _sizes(_constants(code))


def _constants(value: Any) -> Iterator[Any]:
    if hasattr(value, "co_consts"):
        value = value.co_consts
    if isinstance(value, tuple):
        for one in value:
            yield from _constants(one)
    else:
        yield value


def _sizes(values: Iterable[Any]) -> tuple[int, ...]:
    found = (value for value in values if type(value) is int and _LEAST <= value <= _MOST)
    return tuple(dict.fromkeys(found))
