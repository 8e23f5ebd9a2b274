"""In the process of a subject: running what a function needs of its file, and nothing else."""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from gradbook.subjects import stand_ins
from gradbook.subjects.calls import clause, signature
from gradbook.subjects.methods import Method, method_names, methods, own_parameters, state_of
from gradbook.subjects.source import Piece, Source, read_source
from gradbook.subjects.subject import Obstacle

_FEATURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}


@dataclass(frozen=True)
class Loaded:
    """A function that can be called. remarks: sentences on how it was read."""

    function: Callable[..., Any]
    remarks: tuple[str, ...]


class Loader:
    """Loads one function of a file: as it is written, or with other words in one statement."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises Obstacle with one sentence."""
        self._source = read_source(path)
        self._owner, _, self._method = name.partition(".")
        if self._method:
            node = self._source.classes.get(self._owner)
            if node is None or self._method not in methods(node):
                raise Obstacle(f"{path.name} has no method {name}")
        _check_that_it_is_there(self._source, self._owner)
        self._needed = self._source.needed_for(self._owner)
        self._old_names = tuple(_old_names([self._source.pieces[i] for i in self._needed]))

    def load(self, index: int = -1, text: str = "") -> Loaded:
        """The function, with statement number `index` of its file written anew if that is not −1.

        Raises Obstacle with one sentence.
        """
        source = self._source
        if index >= 0:
            source = source.with_piece(index, text)
        loaded = _loaded(source, self._owner, [source.pieces[index] for index in self._needed])
        loaded = replace(loaded, remarks=(*loaded.remarks, *self._old_names))
        return _as_function(loaded, source, self._owner, self._method) if self._method else loaded


def load(path: Path, name: str) -> Loaded:
    """The function `name` of a .py file or a notebook, or the method `Class.name`.

    Raises Obstacle with one sentence.
    """
    return Loader(path, name).load()


def _as_function(loaded: Loaded, source: Source, owner: str, name: str) -> Loaded:
    """A method of a class that was loaded."""
    node, cls = source.classes[owner], loaded.function
    if name not in methods(node) or not isinstance(cls, type):
        raise Obstacle(f"{source.path.name} has no method {owner}.{name}")
    own = own_parameters(methods(node)[name])
    _, defaults = signature(getattr(cls, name))
    function = Method(cls, name, state_of(node, methods(node)[name]), tuple(own), defaults)
    state = ", ".join(function.parameters[: len(function.parameters) - len(own)])
    said = (f"{owner}.{name} is asked with {state} set anew before each call",) if state else ()
    return Loaded(function, (*loaded.remarks, *said))


def _loaded(source: Source, name: str, needed: Sequence[Piece]) -> Loaded:
    """What `name` is in a module in which what it needs has been run, and remarks on it."""
    path = source.path
    module = _module(path)
    failed = tuple(_run(needed, module, path))
    function = vars(module).get(name)
    if isinstance(function, stand_ins.Missing) or not callable(function):
        for piece, sentence in failed:
            if name in piece.binds:
                raise Obstacle(f"{name} cannot be defined: {sentence}")
        raise Obstacle(f"{name} in {path.name} is no function but {type(function).__name__}")
    remarks = [sentence for _, sentence in failed]
    return Loaded(function, (*_said_of(source, name), *remarks))


def _check_that_it_is_there(source: Source, name: str) -> None:
    if any(name in piece.binds for piece in source.pieces):
        return
    if source.unread:
        raise Obstacle(f"{source.path.name} has no {name} that can be read: {source.unread[0]}")
    there = ", ".join((*source.functions, *method_names(source))) or "none"
    raise Obstacle(f"{source.path.name} has no function {name}; its functions: {there}")


def _module(path: Path) -> ModuleType:
    """An empty module in the place of the file, under its name if that is no other module's."""
    taken = path.stem in sys.modules or PathFinder.find_spec(path.stem) is not None
    module = ModuleType(f"_{path.stem}" if taken else path.stem)
    module.__file__ = str(path)
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    return module


def _run(pieces: Sequence[Piece], module: ModuleType, path: Path) -> Iterator[tuple[Piece, str]]:
    """Runs statement after statement. Yields those that fail, with a sentence on each."""
    flags = _features(pieces)
    for piece in pieces:
        code = ast.Module([piece.statement], [])
        try:
            exec(compile(code, str(path), "exec", flags, dont_inherit=True), vars(module))
        except (Exception, SystemExit) as error:
            if isinstance(piece.statement, ast.Import | ast.ImportFrom):
                yield piece, f"{piece.place}: {_cannot_import(piece.statement, error, module)}"
            else:
                names = ", ".join(sorted(piece.binds))
                yield piece, f"{piece.place}, for {names}, {clause(error)}"


def _features(pieces: Sequence[Piece]) -> int:
    """What the file imports from __future__. Annotations are never evaluated: some need a lot."""
    imported = {"annotations"}
    for piece in pieces:
        if isinstance(piece.statement, ast.ImportFrom) and piece.statement.module == "__future__":
            imported |= {name.name for name in piece.statement.names}
    flags = 0
    for name in imported & _FEATURES.keys():
        flags |= _FEATURES[name]
    return flags


def _cannot_import(
    node: ast.Import | ast.ImportFrom, error: BaseException, module: ModuleType
) -> str:
    """Puts a Missing in the place of each name, and says why."""
    lacking = isinstance(error, ModuleNotFoundError) and error.name
    why = f"{error.name} is not installed" if lacking else f"importing it {clause(error)}"  # type: ignore[attr-defined]
    for alias in node.names:
        inside = isinstance(node, ast.ImportFrom)
        name = alias.asname or (alias.name if inside else alias.name.partition(".")[0])
        whole = f"{node.module or '.'}.{alias.name}" if inside else alias.name  # type: ignore[union-attr]
        if name != "*":
            vars(module)[name] = stand_ins.Missing(whole, why)
    return f"{ast.unparse(node)} fails, for {why}"


def _said_of(source: Source, name: str) -> Iterator[str]:
    places = [piece.place for piece in source.definitions(name)]
    if len(places) > 1:
        before, last = ", ".join(places[:-1]), places[-1]
        yield f"{name} is defined {len(places)} times, at {before} and {last}; the last counts"
    yield from source.unread


def _old_names(pieces: Sequence[Piece]) -> Iterator[str]:
    """The names among the used ones that NumPy or Python no longer has."""
    used: dict[str, str] = {}
    for piece in pieces:
        for node in ast.walk(piece.statement):
            of = getattr(node, "value", None)
            numpy = isinstance(of, ast.Name) and of.id in ("np", "numpy")
            if isinstance(node, ast.Attribute) and numpy and node.attr in stand_ins.OF_NUMPY:
                used[f"np.{node.attr}"] = "NumPy"
    if used:
        yield f"{', '.join(used)}: NumPy no longer has it; what it was stands in"
