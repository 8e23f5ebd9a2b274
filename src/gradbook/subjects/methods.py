"""Methods as functions: `self.W`, which the method reads, becomes its first argument.

`class LinearSVM: def loss(self, X, y, reg)` is a function of self.W, X, y and reg. It is called on
what is made without arguments or of numbers alone, or, where that fails, on an object on which no
`__init__` has run. It is one object for all calls, as in training. If a call puts another array in
the place of self.W, that is a change of the argument.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from gradbook.subjects.source import Source
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
        held = dict(zip(self._state.values(), arguments, strict=False))
        for attribute, value in held.items():
            setattr(self._object, attribute, value)
        returned = getattr(self._object, self._name)(*arguments[len(held) :], **keywords)
        for attribute, value in held.items():
            _show_a_change(value, getattr(self._object, attribute, value))
        return returned


def _show_a_change(given: Any, held: Any) -> None:
    """Writes what the object holds after the call into the argument, if it is another array."""
    if held is given or not isinstance(given, np.ndarray) or not isinstance(held, np.ndarray):
        return
    if held.shape == given.shape and given.flags.writeable:
        given[...] = held


def _made(cls: type) -> Any:
    """An object of the class, by its own constructor if that asks for nothing but numbers."""
    try:
        needed = [
            parameter
            for parameter in inspect.signature(cls).parameters.values()
            if parameter.default is parameter.empty
            and parameter.kind in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD)
        ]
        return cls(*[1] * len(needed))
    except Exception:  # it may ask for data, or for a file: what it would set is not there then
        try:
            return object.__new__(cls)
        except TypeError as error:
            raise Obstacle(f"no {cls.__name__} can be made: {error}") from error


def methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The methods of a class that can be called, by name; of two with one name, the later."""
    return {
        name: each
        for name, each in _functions(node).items()
        if not re.fullmatch("__.*__", name)
        and {ast.unparse(decorator) for decorator in each.decorator_list} <= {"staticmethod"}
    }


def _functions(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    return {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def method_names(source: Source) -> list[str]:
    """ "Class.method" for each method of each class at the top level."""
    return [f"{owner}.{name}" for owner, node in source.classes.items() for name in methods(node)]


def own_parameters(method: ast.FunctionDef) -> list[str]:
    """The names that can be given by position, without self."""
    names = [argument.arg for argument in (*method.args.posonlyargs, *method.args.args)]
    static = any(isinstance(d, ast.Name) and d.id == "staticmethod" for d in method.decorator_list)
    return names if static else names[1:]


def state_of(node: ast.ClassDef, method: ast.FunctionDef) -> dict[str, str]:
    """role ↦ attribute: W, b, reg and margin where the method reads them of its object.

    What it has a parameter for, it does not read. {} where it reads no weights.
    """
    read = list(dict.fromkeys(_read(node, method.name)))
    own = own_parameters(method)
    found = {}
    for role, pattern in _ATTRIBUTES.items():
        names = [name for name in read if re.fullmatch(pattern, name)]
        if names and not any(re.fullmatch(pattern, name) for name in own):
            found[role] = names[0]
    return found


def _read(node: ast.ClassDef, name: str) -> Iterator[str]:
    """The attributes of self that a method reads, itself or in the methods that it calls."""
    for method in called_methods(node, name):
        yield from _attributes(method)


def called_methods(node: ast.ClassDef, name: str) -> Iterator[ast.FunctionDef]:
    """A method, and those of its class that it calls, and so on; each once."""
    there, names, seen = _functions(node), [name], {name}
    for called in names:
        method = there.get(called)
        if method is not None:
            yield method
            more = dict.fromkeys(attribute for attribute in _attributes(method))
            names += [attribute for attribute in more if attribute not in seen]
            seen |= more.keys()


def _attributes(method: ast.FunctionDef) -> Iterator[str]:
    """The attributes that it reads of its first parameter."""
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
