"""Methods as functions: `self.W`, which the method reads, becomes its first argument.

`class LinearSVM: def loss(self, X, y, reg)` is a function of self.W, X, y and reg. It is called on
what is made without arguments, or, where that fails, on an object on which no `__init__` has run.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Any

from gradbook.subjects.subject import Obstacle

#: The attributes that are made arguments: what is differentiated by, a bias, a strength, a margin.
_ATTRIBUTES = {
    "W": r"_?(W|w|Ws|weights?|Weights?|theta|Theta|coef|coefficients)_?",
    "b": r"_?(b|bias|biases)_?",
    "reg": r"_?(reg|lam|lamda|lambda|lambd|lmbda|l2|l2_reg|C|alpha|reg\w*|lambda_\w+|\w+_reg"
    r"|regulari[sz]ation\w*|weight_decay)_?",
    "margin": r"_?(delta|margin)_?",
}


class Method:
    """A method of a class as a function of what it reads of its object, and of its parameters.

    parameters: "self.W", …, then the method's own. defaults: of the method's own that have one.
    """

    def __init__(
        self,
        cls: type,
        name: str,
        state: Mapping[str, str],
        parameters: tuple[str, ...],
        defaults: Mapping[str, Any],
    ) -> None:
        self._object = _made(cls)
        self._name = name
        self._state = {f"self.{attribute}": attribute for attribute in state.values()}
        self.parameters = (*self._state, *parameters)
        self.defaults = dict(defaults)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        given = list(arguments)
        for attribute in self._state.values():
            setattr(self._object, attribute, given.pop(0))
        return getattr(self._object, self._name)(*given, **keywords)


def _made(cls: type) -> Any:
    try:
        return cls()
    except Exception:  # it wants arguments of which nothing is known
        try:
            return object.__new__(cls)
        except TypeError as error:
            raise Obstacle(f"no {cls.__name__} can be made: {error}") from error


def methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The methods of a class, by name; of two with one name, the later."""
    return {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def own_parameters(method: ast.FunctionDef) -> list[str]:
    """The names that can be given by position, without self."""
    names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in method.decorator_list)
    return names if static else names[1:]


def state_of(node: ast.ClassDef, method: ast.FunctionDef) -> dict[str, str]:
    """role ↦ attribute: W, b, reg and margin where the method reads them of its object.

    What it has a parameter for, it does not read. {} where it reads no weights.
    """
    read = list(dict.fromkeys(_read(node, method.name, set())))
    own = own_parameters(method)
    found = {}
    for role, pattern in _ATTRIBUTES.items():
        names = [name for name in read if re.fullmatch(pattern, name)]
        if names and not any(re.fullmatch(pattern, name) for name in own):
            found[role] = names[0]
    return found


def _read(node: ast.ClassDef, name: str, seen: set[str]) -> Iterator[str]:
    """The attributes of self that a method reads, itself or in the methods that it calls."""
    method = methods(node).get(name)
    if method is None or name in seen:
        return
    seen.add(name)
    arguments = (*method.args.posonlyargs, *method.args.args)
    own = arguments[0].arg if arguments else ""
    for part in ast.walk(method):
        if (
            isinstance(part, ast.Attribute)
            and isinstance(part.ctx, ast.Load)
            and isinstance(part.value, ast.Name)
            and part.value.id == own
        ):
            yield part.attr
            yield from _read(node, part.attr, seen)
