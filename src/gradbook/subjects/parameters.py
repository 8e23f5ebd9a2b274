"""The parameters of a function, and those parts of them that it reads: read, not run.

`params["W"]`, `config.reg`, `X, y = batch` and `options.get("reg", 0.0)` are arguments as W and reg
are: a function that reads only parts of what it is given is a function of these parts, its
`leaves`. They are put together again before each call.
"""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradbook.subjects.names import is_of_the_first, role_of
from gradbook.subjects.promises import all_nodes, own_nodes
from gradbook.subjects.returned import names_a_gradient

Node = ast.FunctionDef | ast.Lambda
EMPTY = inspect.Parameter.empty
_POSITIONAL = (inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)
#: What arrays have, of NumPy and of its relatives, and dictionaries: no parts that are read.
_OF_ARRAYS = {*dir(np.ndarray), *dir(dict), "values", "to_numpy", "iloc", "toarray", "todense", "A"}
_OF_ARRAYS |= {"A1", "detach", "numpy", "cpu", "to", "tocsr", "unsqueeze", "is_sparse", "grad"}
_INTO = re.compile(r"out|result|buf(fer)?")


@dataclass(frozen=True)
class Leaf:
    """An argument: a parameter, or a part of one. default: EMPTY where it must be given."""

    name: str
    default: Any = EMPTY


@dataclass(frozen=True)
class Parameter:
    """One parameter of a function.

    leaves: what it is made of. keys: how the function has each of them: by "items" or "attributes",
    by "places", or "" where the parameter is its own leaf. output: whether the function writes its
    gradient there. cls: whose objects have these attributes, if that is known.
    """

    name: str
    kind: Any = inspect.Parameter.POSITIONAL_OR_KEYWORD
    leaves: tuple[Leaf, ...] = ()
    keys: tuple[str, ...] = ()
    by: str = ""
    output: bool = False
    cls: type | None = None

    def made(self, values: Mapping[str, Any]) -> Any:
        """The argument, of the values of its leaves; EMPTY where none is given."""
        given = [values.get(leaf.name, EMPTY) for leaf in self.leaves]
        if not self.by:
            return given[0]
        if self.by == "places":
            return tuple(value for value in given if value is not EMPTY)
        of = _of_class(self.cls) if self.by == "attributes" else Record()
        for key, value in zip(self.keys, given, strict=True):
            if value is not EMPTY:
                setattr(of, key, value)
        return of

    def parts_of(self, argument: Any) -> Iterator[tuple[str, Any]]:
        """The leaves that the caller has by name in an argument, and what stands there; None where
        nothing does."""
        if self.by not in ("items", "attributes") or self.kind is inspect.Parameter.VAR_KEYWORD:
            return
        for leaf, key in zip(self.leaves, self.keys, strict=True):
            yield leaf.name, getattr(argument, key, None)

    @property
    def text(self) -> str:
        """How it is written in a call, with each leaf in ⟨⟩."""
        named = [
            f"{key!r}: ⟨{leaf.name}⟩" if self.by != "places" else f"⟨{leaf.name}⟩"
            for key, leaf in zip(self.keys or ("",), self.leaves, strict=False)
        ]
        if self.by == "items" and self.kind is inspect.Parameter.VAR_KEYWORD:
            return ", ".join(f"{leaf.name}=⟨{leaf.name}⟩" for leaf in self.leaves)
        if self.by == "items":
            return f"{{{', '.join(named)}}}"
        if self.by == "places":
            inside = ", ".join(named)
            return inside if self.kind is inspect.Parameter.VAR_POSITIONAL else f"({inside})"
        if self.by:
            values = ", ".join(
                f"{key}=⟨{leaf.name}⟩" for key, leaf in zip(self.keys, self.leaves, strict=True)
            )
            return f"SimpleNamespace({values})"
        by_name = self.kind not in _POSITIONAL or self.leaves[0].default is not EMPTY
        return f"{self.name}=⟨{self.name}⟩" if by_name else f"⟨{self.name}⟩"


class Record(dict[str, Any]):
    """A dictionary whose items are attributes as well."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


def _of_class(cls: type | None) -> Any:
    try:
        return Record() if cls is None else cls()
    except Exception:  # its constructor wants what nobody knows
        return Record()


def arguments(
    parameters: Sequence[Parameter], values: Mapping[str, Any]
) -> tuple[list[Any], dict[str, Any]]:
    """What a function is called with, by position and by name."""
    positional: list[Any] = []
    named: dict[str, Any] = {}
    gap = False
    for one in parameters:
        value = one.made(values)
        if one.kind is inspect.Parameter.VAR_KEYWORD:
            named |= value
        elif one.kind is inspect.Parameter.VAR_POSITIONAL:
            positional += value
        elif value is EMPTY:
            gap = True
        elif gap or one.kind not in _POSITIONAL:
            named[one.name] = value
        else:
            positional.append(value)
    return positional, named


def leaves_of(parameters: Sequence[Parameter]) -> Iterator[Leaf]:
    for one in parameters:
        yield from one.leaves


# ------------------------------------------------------------------------------- what a text reads


def parameters_of(
    node: Node | None,
    functions: Mapping[str, ast.FunctionDef],
    function: Callable[..., Any] | None = None,
    bound: bool = False,
) -> tuple[Parameter, ...]:
    """The parameters of a function that is there, or only as it is written.

    functions: others, to which it may pass a parameter on. bound: whether the first is `self`.
    """
    plain = _of_signature(function) if function is not None else None
    if plain is None:
        plain = _of_node(node)[bound:] if node is not None else []
    if node is None:
        return tuple(_plain(one) for one in plain)
    reads = _reads(node, functions, 2)
    return tuple(_with_parts(one, reads.get(one.name, _Reads()), node, function) for one in plain)


def _of_signature(function: Callable[..., Any]) -> list[inspect.Parameter] | None:
    try:
        return [*inspect.signature(function).parameters.values()]
    except Exception:  # a function written in C may not tell, and an object may do anything
        return None


def _of_node(node: Node) -> list[inspect.Parameter]:
    """The same of a function that is not run yet."""
    of = node.args
    kinds = inspect.Parameter
    places: list[tuple[ast.arg, Any]] = [(a, kinds.POSITIONAL_ONLY) for a in of.posonlyargs]
    places += [(a, kinds.POSITIONAL_OR_KEYWORD) for a in of.args]
    defaults = [None] * (len(places) - len(of.defaults)) + [*of.defaults]
    found = [
        kinds(a.arg, k, default=_literal(d)) for (a, k), d in zip(places, defaults, strict=True)
    ]
    if of.vararg:
        found.append(kinds(of.vararg.arg, kinds.VAR_POSITIONAL))
    for a, default in zip(of.kwonlyargs, of.kw_defaults, strict=True):
        found.append(kinds(a.arg, kinds.KEYWORD_ONLY, default=_literal(default)))
    if of.kwarg:
        found.append(kinds(of.kwarg.arg, kinds.VAR_KEYWORD))
    return found


def _literal(node: ast.expr | None) -> Any:
    if node is None:
        return EMPTY
    try:
        return ast.literal_eval(node)
    except ValueError:
        return ast.unparse(node)


def _plain(one: inspect.Parameter) -> Parameter:
    leaves = (Leaf(one.name, one.default),)
    if one.kind in (one.VAR_POSITIONAL, one.VAR_KEYWORD):
        by = "places" if one.kind is one.VAR_POSITIONAL else "items"
        return Parameter(one.name, one.kind, (), by=by)
    return Parameter(one.name, one.kind, leaves)


@dataclass
class _Reads:
    """What is read of one name: items and attributes with their defaults, places by their names.

    written: whether it is written into. stored: items that it is given.
    """

    items: dict[str, Any] = field(default_factory=dict)
    attributes: dict[str, Any] = field(default_factory=dict)
    places: list[str] = field(default_factory=list)
    stored: set[str] = field(default_factory=set)
    written: bool = False

    def add(self, other: _Reads) -> None:
        self.items |= {k: v for k, v in other.items.items() if k not in self.items}
        self.attributes |= other.attributes
        self.places = self.places or other.places
        self.stored |= other.stored
        self.written |= other.written


def _reads(
    node: ast.AST, functions: Mapping[str, ast.FunctionDef], depth: int
) -> dict[str, _Reads]:
    """What is read of every name that a function has."""
    found: dict[str, _Reads] = {}

    def of(name: ast.expr | None) -> _Reads:
        called = name.id if isinstance(name, ast.Name) else ""
        return found.setdefault(called, _Reads())

    looped = looped_texts(node)
    for part in all_nodes(node):
        match part:
            case ast.Subscript(value=ast.Name() as name, slice=index) if keys := texts_of(
                index, looped
            ):
                if isinstance(part.ctx, ast.Load):
                    of(name).items |= dict.fromkeys(keys, EMPTY)
                else:
                    of(name).stored |= {*keys}
            case ast.Subscript(value=ast.Name() as name, ctx=ast.Store()):
                of(name).written = True
            case ast.AugAssign(target=ast.Name() as name):
                of(name).written = True
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="get" | "pop")) if (
                part.args and isinstance(part.args[0], ast.Constant)
            ):
                default = _literal(part.args[1]) if len(part.args) > 1 else None
                of(name).items.setdefault(str(part.args[0].value), default)
            case ast.Call(func=ast.Attribute(value=ast.Name() as name, attr="fill")):
                of(name).written = True
            case ast.Attribute(value=ast.Name() as name, attr=attribute, ctx=ast.Load()):
                if attribute not in _OF_ARRAYS and not attribute.startswith("__"):
                    of(name).attributes[attribute] = EMPTY
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=ast.Name() as name):
                if all(isinstance(one, ast.Name) for one in names):
                    of(name).places = [one.id for one in names if isinstance(one, ast.Name)]
        if isinstance(part, ast.Call):
            for keyword in part.keywords:
                if keyword.arg == "out":
                    of(keyword.value).written = True
            _passed_on(part, functions, depth, of)
    return found


def texts_of(index: ast.expr, looped: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The texts that an index is: one that is written there, or all that a loop goes through."""
    match index:
        case ast.Constant(value=str(key)):
            return (key,)
        case ast.Name(id=name):
            return looped.get(name, ())
    return ()


def looped_texts(node: ast.AST) -> dict[str, tuple[str, ...]]:
    """The names that go through texts, as k does in `for k in ("W1", "b1")`."""
    found = {}
    for part in all_nodes(node):
        match part:
            case (
                ast.For(target=ast.Name(id=name), iter=ast.Tuple() | ast.List() as texts)
                | ast.comprehension(
                    target=ast.Name(id=name), iter=ast.Tuple() | ast.List() as texts
                )
            ):
                found[name] = tuple(key for one in texts.elts for key in texts_of(one, {}))
    return found


def _passed_on(
    call: ast.Call,
    functions: Mapping[str, ast.FunctionDef],
    depth: int,
    of: Callable[[ast.expr | None], _Reads],
) -> None:
    """What another function of the file reads of what it is passed."""
    other = functions.get(call.func.id) if isinstance(call.func, ast.Name) else None
    if other is None or depth == 0:
        return
    names = [a.arg for a in (*other.args.posonlyargs, *other.args.args)]
    inner = _reads(other, functions, depth - 1)
    for name, given in zip(names, call.args, strict=False):
        if isinstance(given, ast.Name) and name in inner:
            of(given).add(inner[name])


def _with_parts(
    one: inspect.Parameter, reads: _Reads, node: Node, function: Callable[..., Any] | None
) -> Parameter:
    """A parameter with its leaves: what is read of it, or itself."""
    if one.kind is one.VAR_KEYWORD:
        return _of_parts(one, "items", {key: (key, d) for key, d in reads.items.items()})
    if one.kind is one.VAR_POSITIONAL:
        return _of_parts(one, "places", {key: (key, EMPTY) for key in reads.places})
    if one.default is None:  # it need not be there: what is read of it, is read where it is
        return _plain(one)
    if is_of_the_first(one.name):
        return _plain(one)
    is_data = role_of(one.name) in ("W", "X", "y")
    read = [*reads.items, *reads.attributes]
    if one.default is not EMPTY and read and not any(map(role_of, read)):
        return _plain(one)  # nothing of it can be given: it keeps what it has
    if reads.stored and not reads.items and not reads.attributes:
        return Parameter(one.name, one.kind, (), by="items", output=True)
    if reads.items:
        parts = {key: (f"{one.name}['{key}']", d) for key, d in reads.items.items()}
        return _of_parts(one, "items", parts)
    if reads.attributes and not (is_data and one.default is not EMPTY):
        cls = _annotated(one, node, function)
        there = _of_class(cls)
        parts = {key: (f"{one.name}.{key}", getattr(there, key, EMPTY)) for key in reads.attributes}
        return _of_parts(one, "attributes", parts, cls)
    if len(reads.places) > 1 and one.default is EMPTY:
        return _of_parts(one, "places", {key: (key, EMPTY) for key in reads.places})
    called_so = names_a_gradient(one.name) or bool(_INTO.fullmatch(one.name))
    output = reads.written and called_so and one.default is EMPTY
    return Parameter(one.name, one.kind, (Leaf(one.name, one.default),), output=output)


def _of_parts(
    one: inspect.Parameter,
    by: str,
    parts: Mapping[str, tuple[str, Any]],
    cls: type | None = None,
) -> Parameter:
    leaves = tuple(Leaf(name, default) for name, default in parts.values())
    return Parameter(one.name, one.kind, leaves, tuple(parts), by, cls=cls)


def _annotated(
    one: inspect.Parameter, node: Node, function: Callable[..., Any] | None
) -> type | None:
    """The class that a parameter is said to be an object of, if that is there."""
    arguments = (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)
    said = next((a.annotation for a in arguments if a.arg == one.name), None)
    name = said.id if isinstance(said, ast.Name) else ""
    found = getattr(function, "__globals__", {}).get(name)
    return found if isinstance(found, type) else None


def inner_functions(node: ast.FunctionDef) -> tuple[Node, ...]:
    """The functions that a function makes and returns: () if it returns anything else."""
    inside = {one.name: one for one in own_nodes(node) if isinstance(one, ast.FunctionDef)}
    returned = [one.value for one in own_nodes(node) if isinstance(one, ast.Return) and one.value]
    if len(returned) != 1:
        return ()
    parts = returned[0].elts if isinstance(returned[0], ast.Tuple) else [returned[0]]
    found = [
        inside.get(part.id) if isinstance(part, ast.Name) else part
        for part in parts
        if isinstance(part, ast.Name | ast.Lambda)
    ]
    whole = [one for one in found if one is not None]
    return tuple(whole) if len(whole) == len(parts) else ()
