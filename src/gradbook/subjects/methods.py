"""Methods as functions: `self.W`, which the method reads, becomes its first argument.

`class LinearSVM: def loss(self, X, y, reg)` is a function of self.W, X, y and reg. It is called on
what is made without arguments or of numbers alone, or, where that fails, on an object on which no
`__init__` has run. It is one object for all calls, as in training; one for each size of W, where it
is made of the numbers of classes and features. If a call puts another array in the place of self.W,
that is a change of the argument.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradbook.subjects.names import EXAMPLES, WEIGHTS
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
        self._cls, self._name = cls, name
        self._objects: dict[tuple[int, ...], Any] = {}
        self._sized = any(map(_size_called, _needed_to_make(cls)))
        if not self._sized:
            self._objects[()] = _made(cls)
        self._state = {f"self.{attribute}": attribute for attribute in state.values()}
        self.parameters = (*self._state, *parameters)
        self.defaults = dict(defaults)

    def __call__(self, *arguments: Any, **keywords: Any) -> Any:
        of = self._object(arguments)
        held = dict(zip(self._state.values(), arguments, strict=False))
        for attribute, value in held.items():
            setattr(of, attribute, value)
        returned = getattr(of, self._name)(*arguments[len(held) :], **keywords)
        for attribute, value in held.items():
            _show_a_change(value, getattr(of, attribute, value))
        return returned

    def _object(self, arguments: Sequence[Any]) -> Any:
        """The object to call it on: the same one for the same numbers of classes and features."""
        sizes = _sizes(self.parameters, arguments) if self._sized else ()
        if sizes not in self._objects:
            self._objects[sizes] = _made(self._cls, sizes)
        return self._objects[sizes]


def _show_a_change(given: Any, held: Any) -> None:
    """Writes what the object holds after the call into the argument, if it is another array."""
    if held is given or not isinstance(given, np.ndarray) or not isinstance(held, np.ndarray):
        return
    if held.shape == given.shape and given.flags.writeable:
        given[...] = held


#: What a constructor calls the number of classes, and of features: places in what `_sizes` gives.
_SIZES = (
    r"C|K|(n|num|nb)_?(of_?)?(class(es)?|labels|outputs?)|output_(dim|size)|n_?out|out_features",
    r"D|(n|num|nb)_?(of_?)?(features?|inputs?|dims?)|(input_)?dim(ension)?|input_size|n_?in"
    r"|in_features",
)


def _size_called(name: str) -> bool:
    return any(re.fullmatch(pattern, name) for pattern in _SIZES)


def _sizes(names: Sequence[str], arguments: Sequence[Any]) -> tuple[int, ...]:
    """C and D, of W and of X, which have D in common; () if that is not so."""
    called = [name.removeprefix("self.") for name in names]
    W, X = (
        next((a for a in _matrices(called, arguments, pattern)), np.zeros(0))
        for pattern in (WEIGHTS, EXAMPLES)
    )
    D = next((size for size in X.shape[::-1] if size in W.shape), 0)
    return (W.size // D, D) if D else ()


def _matrices(names: Sequence[str], arguments: Sequence[Any], pattern: str) -> Iterator[np.ndarray]:
    for name, a in zip(names, arguments, strict=False):
        if isinstance(a, np.ndarray) and a.ndim == 2 and re.fullmatch(pattern, name.strip("_")):
            yield a


def _needed_to_make(cls: type) -> list[str]:
    """The parameters of a constructor that have no default."""
    try:
        parameters = inspect.signature(cls).parameters.values()
    except (TypeError, ValueError):
        return []
    positional = [p for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    return [p.name for p in positional if p.default is p.empty]


def _made(cls: type, sizes: Sequence[int] = ()) -> Any:
    """An object of the class, by its own constructor if that asks for nothing but numbers.

    sizes: those of classes and of features, for parameters that are called so; all else is 1.
    """
    try:
        return cls(*[_number(name, sizes) for name in _needed_to_make(cls)])
    except Exception:  # it may ask for data, or for a file: what it would set is not there then
        try:
            return object.__new__(cls)
        except TypeError as error:
            raise Obstacle(f"no {cls.__name__} can be made: {error}") from error


def _number(name: str, sizes: Sequence[int]) -> int:
    known = zip(_SIZES, sizes, strict=False)
    return next((size for pattern, size in known if re.fullmatch(pattern, name)), 1)


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
