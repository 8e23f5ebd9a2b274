"""Methods as functions: what they read of their object is given to it before each call.

`class LinearSVM: def loss(self, X, y, reg)` is a function of self.W, X, y and reg. The object is
made by its own constructor: of numbers alone, if that is enough, else of the examples of each call;
where it fails at both, no `__init__` has run. It is one object for all calls, as in training. If a
call puts another array in the place of self.W, that is a change of the argument.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from gradbook.subjects.forms import Form, Stage, Use, call_text, identity_of
from gradbook.subjects.names import role_of
from gradbook.subjects.parameters import (
    EMPTY,
    Parameter,
    arguments,
    leaves_of,
    looped_texts,
    parameters_of,
    texts_of,
)
from gradbook.subjects.promises import Promises, all_nodes, promised
from gradbook.subjects.returned import names_a_gradient
from gradbook.subjects.source import Source
from gradbook.subjects.subject import Obstacle

#: What is set in an object where a method reads it, and where it is not the method's own.
_STATE = ("W", "X", "y", "b", "reg", "margin", "classes", "features", "count")
_SIZES = ("classes", "features", "count", "shape")
#: What is given to a constructor that need not have it.
_OPTIONAL = ("reg", "margin")
#: With other examples it is another object.
_DATA = {"X", "y"}
_STATIC, _OF_CLASS = "staticmethod", "classmethod"


class Maker:
    """Makes the object of a class, of the leaves that its constructor has.

    further: values of attributes that a person has set.
    """

    def __init__(self, cls: type, parameters: Sequence[Parameter], used: Mapping[str, str]) -> None:
        """used: for a leaf of the constructor the leaf of the form that is the same."""
        self._cls, self._parameters, self._used = cls, tuple(parameters), used
        self._objects: dict[Any, Any] = {}
        self._of_numbers = True
        self._of_data: tuple[Any, Any] = None, None

    def __call__(self, values: Mapping[str, Any]) -> Any:
        mine = {
            leaf.name: values[self._used[leaf.name]]
            for leaf in leaves_of(self._parameters)
            if self._used.get(leaf.name) in values
        }
        numbers = {name: value for name, value in mine.items() if not _is_array(value)}
        own = {name for name in mine if self._used[name] == name}
        key = tuple(numbers[name] for name in numbers if name in own or role_of(name) in _SIZES)
        if key in self._objects:
            return self._objects[key]
        fresh = any(name in own and _is_array(value) for name, value in mine.items())
        if not fresh and self._of_numbers:
            try:
                self._objects[key] = self._called({**self._ones(mine), **numbers})
                return self._objects[key]
            except Exception:  # it wants the data that its methods are given
                self._of_numbers = False
        state = [identity_of(value) for value in mine.values()]
        if self._of_data[0] == state:
            return self._of_data[1]
        try:
            self._of_data = state, self._called(self._ones(mine) | mine)
            return self._of_data[1]
        except Exception:  # it wants a file, or what nobody knows: what it would set is not there
            return self._objects.setdefault(key, _bare(self._cls))

    def _ones(self, known: Mapping[str, Any]) -> dict[str, Any]:
        required = (leaf for leaf in leaves_of(self._parameters) if leaf.default is EMPTY)
        return {leaf.name: 1 for leaf in required}

    def _called(self, values: Mapping[str, Any]) -> Any:
        positional, named = arguments(self._parameters, values)
        return self._cls(*positional, **named)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray | list)


def _bare(cls: type) -> Any:
    try:
        return object.__new__(cls)
    except TypeError as error:
        raise Obstacle(f"no {cls.__name__} can be made: {error}") from error


def as_form(source: Source, owner: str, names: Sequence[str], cls: type) -> Form:
    """A method of a class, or a loss and a gradient that are two of them."""
    node, functions = source.classes[owner], source.functions
    there = methods_of(node, source)
    uses = [
        Use(
            _bound(name),
            parameters_of(there[name], functions, bound=not _is(there[name], _STATIC)),
            "",
        )
        for name in names
    ]
    own = [leaf.name for use in uses for leaf in leaves_of(use.parameters)]
    init = there.get("__init__")
    constructor = parameters_of(init, functions, cls) if init else parameters_of(None, {}, cls)
    data = {role_of(one.name) for one in leaves_of(constructor) if one.default is EMPTY} & _DATA
    state = state_of(source, node, [there[name] for name in names])
    state = {leaf: path for leaf, path in state.items() if role_of(leaf) not in data}
    reads = {path[0] for name in names for m in called_methods(node, name) for path in _read(m)}
    unread = _not_read(init, reads) if init else set()
    used = _given_to_constructor(constructor, [*state, *own], unread)
    new = tuple(leaf for leaf in leaves_of(constructor) if used.get(leaf.name) == leaf.name)
    stage = Stage(None, (), Maker(cls, constructor, used))
    outputs = dict.fromkeys(
        name
        for called in names
        for method in called_methods(node, called)
        for name in _stored(method)
        if names_a_gradient(name)
    )
    promises = [promised(there[name]) for name in names]
    lines = [
        f"model = {call_text(owner, [p for p in constructor if _is_used(p, used)])}",
        *(f"model.{_path_text(path)} = ⟨{leaf}⟩" for leaf, path in state.items()),
    ]
    shown = [
        call_text("model" if name == "__call__" else f"model.{name}", use.parameters)
        for name, use in zip(names, uses, strict=True)
    ]
    return Form(
        tuple(Use(use.of, use.parameters, text) for use, text in zip(uses, shown, strict=True)),
        (stage,),
        tuple(state.items()),
        () if len(names) > 1 else tuple(outputs),
        Promises(promises[0].names, len(names) > 1 or promises[0].gradient),
        tuple(lines),
        new,
    )


def _bound(name: str) -> Callable[[Any], Callable[..., Any]]:
    return lambda made: getattr(made, name)


def _path_text(path: Sequence[str]) -> str:
    return path[0] if len(path) == 1 else f"{path[0]}[{path[1]!r}]"


def _is_used(parameter: Parameter, used: Mapping[str, str]) -> bool:
    required = any(leaf.default is EMPTY for leaf in parameter.leaves)
    return required or any(leaf.name in used for leaf in parameter.leaves)


def _not_read(init: ast.FunctionDef, reads: set[str]) -> set[str]:
    """The parameters of a constructor that are nothing of what methods read of the object."""
    kept: dict[str, set[str]] = {}
    for part in ast.walk(init):
        if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Attribute):
            for name in ast.walk(part.value):
                if isinstance(name, ast.Name):
                    kept.setdefault(name.id, set()).add(part.targets[0].attr)
    return {a.arg for a in init.args.args if not kept.get(a.arg, set()) & reads}


def _given_to_constructor(
    constructor: Sequence[Parameter], others: Sequence[str], unread: set[str]
) -> dict[str, str]:
    """For each leaf of the constructor of which the meaning is known, what it is given.

    unread: those that have no meaning for what is judged, though they may be needed.
    """
    by_role = {role_of(name): name for name in reversed(others)} | {}
    used = {}
    for leaf in leaves_of(constructor):
        role = role_of(leaf.name)
        if role in _OPTIONAL and leaf.name in unread:
            continue
        optional = leaf.default is not EMPTY
        if leaf.name in others or (role and role in by_role and not optional):
            used[leaf.name] = leaf.name if leaf.name in others else by_role[role]
        elif role and role not in by_role and (not optional or role in _OPTIONAL):
            used[leaf.name] = leaf.name
    return used


def methods_of(node: ast.ClassDef, source: Source | None = None) -> dict[str, ast.FunctionDef]:
    """The functions of a class, by name; those of its bases in the same file too."""
    found: dict[str, ast.FunctionDef] = {}
    for base in node.bases if source else ():
        inherited = source.classes.get(base.id) if source and isinstance(base, ast.Name) else None
        if inherited is not None and inherited is not node:
            found |= methods_of(inherited, source)
    return found | {each.name: each for each in node.body if isinstance(each, ast.FunctionDef)}


def methods(node: ast.ClassDef) -> dict[str, ast.FunctionDef]:
    """The methods of a class that can be called, by name; of two with one name, the later."""
    return {
        name: each
        for name, each in methods_of(node).items()
        if not re.fullmatch("__.*__", name) or name == "__call__"
        if not any(_decorated(d) in ("property", "cached_property") for d in each.decorator_list)
    }


def _decorated(decorator: ast.expr) -> str:
    """The last name of a decorator."""
    inner = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(inner).rpartition(".")[2]


def _is(method: ast.FunctionDef, kind: str) -> bool:
    return any(_decorated(decorator) == kind for decorator in method.decorator_list)


def method_names(source: Source) -> list[str]:
    """ "Class.method" for each method of each class at the top level."""
    return [f"{owner}.{name}" for owner, node in source.classes.items() for name in methods(node)]


def own_parameters(
    method: ast.FunctionDef, functions: Mapping[str, ast.FunctionDef]
) -> tuple[Parameter, ...]:
    """Those of a method, without self."""
    return parameters_of(method, functions, bound=not _is(method, _STATIC))


def state_of(
    source: Source, node: ast.ClassDef, used: Sequence[ast.FunctionDef]
) -> dict[str, tuple[str, ...]]:
    """leaf ↦ path: what the methods read of their object of which the meaning is known.

    What they have a parameter for, or set themselves, they do not read.
    """
    if any(_is(method, _STATIC) or _is(method, _OF_CLASS) for method in used):
        return {}
    own = {
        role_of(leaf.name)
        for method in used
        for leaf in leaves_of(own_parameters(method, source.functions))
    }
    called = [each for method in used for each in called_methods(node, method.name)]
    stored = {name for method in called for name in _stored(method, plainly=True)}
    found: dict[str, tuple[str, tuple[str, ...]]] = {}
    there = methods_of(node, source)
    for method in called:
        for path in _read(method):
            role, number = role_of(path[-1]), "".join(re.findall(r"\d+$", path[-1]))
            number *= len(path) > 1  # params["W1"] and params["W2"] are of a network
            if role not in _STATE or role in own or role + number in found or path[0] in there:
                continue
            if path[0] in stored and role != "W":
                continue
            found[role + number] = (f"self.{_path_text(path)}", path)
    order = sorted(found.values(), key=lambda of: (_STATE.index(role_of(of[1][-1])), of[0]))
    return dict(order)


def called_methods(node: ast.ClassDef, name: str) -> Iterator[ast.FunctionDef]:
    """A method, and those of its class that it calls, and so on; each once."""
    there, names, seen = methods_of(node), [name], {name}
    for called in names:
        method = there.get(called)
        if method is not None:
            yield method
            more = dict.fromkeys(path[0] for path in _read(method))
            names += [attribute for attribute in more if attribute not in seen]
            seen |= more.keys()


def _self(method: ast.FunctionDef) -> str:
    first = (*method.args.posonlyargs, *method.args.args)
    return first[0].arg if first else ""


def _read(method: ast.FunctionDef) -> Iterator[tuple[str, ...]]:
    """The attributes that it reads of its first parameter, and items with a name of them: of
    self.params["W"], and of p["W"] where p = self.params.
    """
    own, looped = _self(method), looped_texts(method)
    parts = all_nodes(method)
    named: dict[str, ast.Attribute] = {}
    for part in parts:
        match part:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Attribute(value=ast.Name(id=first)) as held,
            ) if first == own:
                named[name] = held
    inside: set[ast.AST] = set()
    for part in parts:
        match part:
            case ast.Subscript(value=value, slice=index, ctx=ast.Load()):
                match named.get(value.id) if isinstance(value, ast.Name) else value:
                    case ast.Attribute(value=ast.Name(id=name), attr=attribute) as of if (
                        name == own
                    ):
                        for key in texts_of(index, looped):
                            inside.add(of)
                            yield attribute, key
    for part in parts:
        match part:
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Load()) if (
                name == own and part not in inside
            ):
                yield (attribute,)


def _stored(method: ast.FunctionDef, plainly: bool = False) -> Iterator[str]:
    """The attributes that it sets; plainly: not those that it only adds to."""
    own = _self(method)
    added = {part.target for part in ast.walk(method) if isinstance(part, ast.AugAssign)}
    for part in ast.walk(method):
        match part:
            case ast.Subscript(value=ast.Attribute(value=ast.Name(id=name), attr=attribute)) if (
                name == own and not isinstance(part.ctx, ast.Load) and not plainly
            ):
                yield attribute
            case ast.Attribute(value=ast.Name(id=name), attr=attribute, ctx=ast.Store()) if (
                name == own and not (plainly and part in added)
            ):
                yield attribute
