"""Methods as functions: `class LinearSVM` with `loss(self, X, y, reg)`, whose weights are in self.

A method is called on one object, as it is in training. What it reads of the object and what is
asked about, as self.W and self.reg, are arguments in front of its own: they are set before each
call. If the call changes self.W, that is a change of the argument.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradbook.subjects.names import EXAMPLES, LABELS, STRENGTH, WEIGHTS
from gradbook.subjects.source import Source

_WEIGHTS_FIRST = (WEIGHTS, EXAMPLES, LABELS, STRENGTH)


@dataclass(frozen=True)
class Method:
    """A method of a class at the top level of a file.

    attributes: those of the object that are given as arguments. is_static: whether it has no self.
    """

    of: ast.ClassDef
    node: ast.FunctionDef
    attributes: tuple[str, ...]
    is_static: bool

    @property
    def name(self) -> str:
        return f"{self.of.name}.{self.node.name}"

    @property
    def parameters(self) -> list[str]:
        """The attributes, and its own parameters without self."""
        own = [given.arg for given in (*self.node.args.posonlyargs, *self.node.args.args)]
        return [*self.attributes, *own[not self.is_static :]]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in it, as in a class that others are derived from."""
        return all(
            isinstance(line, ast.Pass | ast.Raise)
            or (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            for line in self.node.body
        )


def methods(source: Source) -> Iterator[Method]:
    """All methods of all classes at the top level."""
    classes = {
        piece.statement.name: piece.statement
        for piece in source.pieces
        if isinstance(piece.statement, ast.ClassDef)
    }
    for of in classes.values():
        for node in of.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("__"):
                words = {ast.unparse(decorator) for decorator in node.decorator_list}
                if words <= {"staticmethod"}:
                    yield Method(of, node, _given(of, node), "staticmethod" in words)


def _given(of: ast.ClassDef, node: ast.FunctionDef) -> tuple[str, ...]:
    """What it reads of the object for the roles that its own parameters do not have."""
    own = [given.arg for given in node.args.args]
    read = dict.fromkeys(_attributes_read(of, node, set()))
    found = (
        next((name for name in read if re.fullmatch(role, name)), "")
        for role in _WEIGHTS_FIRST
        if not any(re.fullmatch(role, name) for name in own)
    )
    return tuple(name for name in found if name)


def _attributes_read(of: ast.ClassDef, node: ast.FunctionDef, seen: set[str]) -> Iterator[str]:
    """The attributes of self that it, or a method that it calls, reads."""
    seen.add(node.name)
    others = {one.name: one for one in of.body if isinstance(one, ast.FunctionDef)}
    for part in ast.walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
            if part.value.id != "self":
                continue
            if part.attr in others and part.attr not in seen:
                yield from _attributes_read(of, others[part.attr], seen)
            elif part.attr not in others:
                yield part.attr


def as_function(cls: type, method: Method) -> Callable[..., Any]:
    """The method as a function of the attributes that it reads and of its own parameters."""
    if method.is_static:
        function: Callable[..., Any] = getattr(cls, method.node.name)
        return function
    one = _made(cls)
    bound = getattr(one, method.node.name)
    own = inspect.signature(bound)
    first = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD)
        for name in method.attributes
    ]

    def call(*arguments: Any, **keywords: Any) -> Any:
        held = dict(zip(method.attributes, arguments, strict=False))
        for name, value in held.items():
            setattr(one, name, value)
        returned = bound(*arguments[len(held) :], **keywords)
        for name, value in held.items():
            _show_a_change(value, getattr(one, name, value))
        return returned

    call.__name__ = method.node.name
    # A parameter without a default cannot follow one with a default: what is read of self is first.
    call.__signature__ = own.replace(  # type: ignore[attr-defined]
        parameters=[*first, *own.parameters.values()]
    )
    return call


def _made(cls: type) -> Any:
    """An object of the class: by its own constructor, if that asks for nothing but numbers."""
    try:
        needed = [
            parameter
            for parameter in inspect.signature(cls).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        return cls(*[1] * len(needed))
    except Exception:  # it may ask for data, or for a file: what it would set is not there then
        return object.__new__(cls)


def _show_a_change(given: Any, held: Any) -> None:
    """Writes what the object holds after the call into the argument, if it is another array."""
    if held is given or not isinstance(given, np.ndarray) or not isinstance(held, np.ndarray):
        return
    if held.shape == given.shape and given.flags.writeable:
        given[...] = held
