"""In the process of a subject: running what a function needs of its file, and nothing else."""

from __future__ import annotations
import __future__

import ast
import math
import sys
from collections.abc import Callable, Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, replace
from difflib import get_close_matches
from importlib.machinery import PathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from gradbook.subjects import stand_ins
from gradbook.subjects.apart import own_builtins
from gradbook.subjects.calls import clause
from gradbook.subjects.forms import Form, Use, call_text
from gradbook.subjects.made import made_by, node_of
from gradbook.subjects.methods import as_form, method_names, methods_of
from gradbook.subjects.numbers_written import numbers_in
from gradbook.subjects.parameters import inner_functions, parameters_of
from gradbook.subjects.promises import NOTHING, Promises, all_nodes, promised
from gradbook.subjects.source import Piece, Source, parts_of, read_source
from gradbook.subjects.subject import Obstacle

_FEATURES = {name: getattr(__future__, name).compiler_flag for name in __future__.all_feature_names}
#: Attributes that lead from a function to the code that calls it.
_WAYS_OUT = frozenset(
    [
        *("__subclasses__", "__globals__", "__builtins__", "__closure__", "__code__", "_getframe"),
        *("f_back", "f_globals", "f_locals", "f_builtins", "tb_frame", "gi_frame", "cr_frame"),
    ]
)


@dataclass(frozen=True)
class Loaded:
    """A function that can be called. remarks: sentences on how it was read.

    numbers: as a Subject has them.
    """

    function: Callable[..., Any]
    remarks: tuple[str, ...]
    numbers: tuple[int, ...] = ()


class Loader:
    """Loads one function of a file: as it is written, or with other words in one statement."""

    def __init__(self, path: Path, name: str) -> None:
        """Raises Obstacle with one sentence."""
        self._source = read_source(path)
        self._name = name
        self._owner, self._called = parts_of(name)
        if self._owner:
            node = self._source.classes.get(self._owner)
            if node is None or not {*self._called} <= methods_of(node, self._source).keys():
                raise Obstacle(f"{path.name} has no method {name}")
        for each in [self._owner] if self._owner else self._called:
            _check_that_it_is_there(self._source, each)
        self._needed = self._source.needed_for(name)
        _check_that_it_keeps_to_itself([self._source.pieces[i] for i in self._needed])
        self._old_names = tuple(_old_names([self._source.pieces[i] for i in self._needed]))

    def load(self, index: int = -1, text: str = "") -> Loaded:
        """The function, with statement number `index` of its file written anew if that is not −1.

        Raises Obstacle with one sentence.
        """
        source = self._source
        if index >= 0:
            source = source.with_piece(index, text)
        needed = [source.pieces[index] for index in self._needed]
        wanted = (self._owner,) if self._owner else self._called
        functions, remarks = _loaded(source, wanted, needed)
        if self._owner:
            form, said = _of_class(source, self._owner, self._called, functions[0])
        else:
            form, said = _of_functions(source, self._called, functions)
        if _knows_no_arrays(needed):
            form, said = replace(form, lists=True), (*said, "it uses no NumPy: it is given lists")
        numbers = numbers_in([piece.statement for piece in needed])
        return Loaded(form, (*remarks, *self._old_names, *said), numbers)


def load(path: Path, name: str) -> Loaded:
    """What `name` means in a .py file or a notebook, as `parts_of` reads it.

    Raises Obstacle with one sentence.
    """
    return Loader(path, name).load()


def _of_class(
    source: Source, owner: str, names: Sequence[str], cls: Any
) -> tuple[Form, tuple[str, ...]]:
    """Methods of a class that was loaded."""
    there = methods_of(source.classes[owner], source)
    if not isinstance(cls, type) or not {*names} <= there.keys():
        raise Obstacle(f"{source.path.name} has no method {owner}.{'+'.join(names)}")
    form = as_form(source, owner, names, cls)
    state = ", ".join(name for name, _ in form.state)
    both = f"{owner}.{' and '.join(names)}"
    said = f"{both} is asked with {state} set anew before each call"
    return form, (said,) if state else ()


def _of_functions(
    source: Source, names: Sequence[str], functions: Sequence[Callable[..., Any]]
) -> tuple[Form, tuple[str, ...]]:
    """A function, what it makes, or a loss and a gradient that are two functions."""
    nodes = [node_of(source, name) for name in names]
    node = nodes[0]
    if len(names) == 1 and isinstance(node, ast.FunctionDef) and inner_functions(node):
        return made_by(source, node, functions[0]), (f"{names[0]} makes what is asked",)
    uses = []
    for name, each, function in zip(names, nodes, functions, strict=True):
        parameters = parameters_of(each, source.functions, function)
        uses.append(Use(_always(function), parameters, call_text(name, parameters)))
    first = promised(node) if isinstance(node, ast.FunctionDef) else NOTHING
    promises = Promises(first.names, len(uses) > 1 or first.gradient)
    if len(uses) == 1:
        return Form(tuple(uses), promises=promises), ()
    return Form(tuple(uses), promises=promises), (f"{' and '.join(names)} are judged as one",)


def _always(function: Callable[..., Any]) -> Callable[[Any], Callable[..., Any]]:
    return lambda made: function


def _loaded(
    source: Source, names: Sequence[str], needed: Sequence[Piece]
) -> tuple[list[Callable[..., Any]], tuple[str, ...]]:
    """What names are in a module in which what they need has been run, and remarks on it."""
    path = source.path
    module = _module(path)
    lacking = tuple(_not_imported(needed, module))
    failed = tuple(_run(needed, module, path))
    found = [vars(module).get(name) for name in names]
    for name, function in zip(names, found, strict=True):
        if isinstance(function, stand_ins.Missing) or not callable(function):
            for piece, sentence in failed:
                if name in piece.binds:
                    raise Obstacle(f"{name} cannot be defined: {sentence}")
            raise Obstacle(f"{name} in {path.name} is no function but {type(function).__name__}")
    remarks = [sentence for _, sentence in failed]
    said = [sentence for name in names for sentence in _said_of(source, name)]
    return [each for each in found if callable(each)], (
        *said,
        *map(str, source.unread),
        *lacking,
        *remarks,
    )


def _knows_no_arrays(pieces: Sequence[Piece]) -> bool:
    """Whether all that is needed is plain Python that loops: there lists are added and copied."""
    loops = False
    for piece in pieces:
        for part in all_nodes(piece.statement):
            loops |= isinstance(part, ast.For | ast.comprehension)
            if isinstance(part, ast.Import | ast.ImportFrom | ast.MatMult):
                return False
            if isinstance(part, ast.Attribute) and part.attr in _OF_ARRAYS_ALONE:
                return False
            if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Tuple):
                return False
            if isinstance(part, ast.Name) and part.id in ("np", "numpy"):
                return False
    return loops


_OF_ARRAYS_ALONE = {*dir(np.ndarray)} - {*dir(list), *dir(dict)}


def _check_that_it_keeps_to_itself(pieces: Sequence[Piece]) -> None:
    """No loss needs the objects of what calls it: one that names a way to them may change them."""
    for piece in pieces:
        for node in all_nodes(piece.statement):
            names = (getattr(node, "attr", ""), getattr(node, "value", ""))
            found = [name for name in names if isinstance(name, str) and name in _WAYS_OUT]
            if found:
                raise Obstacle(f"{piece.place}: it looks at what calls it, by {found[0]}")


def _check_that_it_is_there(source: Source, name: str) -> None:
    if any(name in piece.binds for piece in source.pieces):
        return
    if source.unread:
        raise Obstacle(f"{source.path.name} has no {name} that can be read: {source.unread[0]}")
    there = (*source.functions, *method_names(source))
    listed = f"its functions: {', '.join(there) or 'none'}"
    near = get_close_matches(name, there, n=1, cutoff=0.8)  # svm_loss is no softmax_loss
    meant = "".join(f": did you mean {close}?" for close in near)
    raise Obstacle(f"{source.path.name} has no function {name}; {listed}{meant}")


def _module(path: Path) -> ModuleType:
    """An empty module in the place of the file, under its name if that is no other module's."""
    taken = path.stem in sys.modules or PathFinder.find_spec(path.stem) is not None
    module = ModuleType(f"_{path.stem}" if taken else path.stem)
    module.__file__ = str(path)
    vars(module)["__builtins__"] = own_builtins()
    sys.modules[module.__name__] = module  # where dataclasses and pickle look for it
    return module


def _run(pieces: Sequence[Piece], module: ModuleType, path: Path) -> Iterator[tuple[Piece, str]]:
    """Runs statement after statement. Yields those that fail, with a sentence on each."""
    flags = _features(pieces)
    for piece in pieces:
        if isinstance(piece.statement, ast.ImportFrom) and piece.statement.module == "typing":
            stand_ins.of_typing(alias.name for alias in piece.statement.names)
        code = ast.Module([_decorated_by_what_is_there(piece.statement, module)], [])
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


def _decorated_by_what_is_there(statement: ast.stmt, module: ModuleType) -> ast.stmt:
    """Without decorators that could not be imported, such as one that measures the time."""

    def is_there(decorator: ast.expr) -> bool:
        names = (node.id for node in ast.walk(decorator) if isinstance(node, ast.Name))
        return not any(isinstance(vars(module).get(name), stand_ins.Missing) for name in names)

    def decorated(tree: ast.stmt) -> Iterator[ast.FunctionDef | ast.ClassDef]:
        if isinstance(tree, ast.FunctionDef | ast.ClassDef):
            nodes = (n for n in all_nodes(tree) if isinstance(n, ast.FunctionDef | ast.ClassDef))
            yield from (node for node in nodes if node.decorator_list)

    if all(is_there(each) for node in decorated(statement) for each in node.decorator_list):
        return statement
    copied = deepcopy(statement)
    for node in decorated(copied):
        node.decorator_list = [each for each in node.decorator_list if is_there(each)]
    return copied


def _cannot_import(
    node: ast.Import | ast.ImportFrom, error: BaseException, module: ModuleType
) -> str:
    """Puts what is there in the place of each name, and a Missing where nothing is; says why."""
    lacking = isinstance(error, ModuleNotFoundError) and error.name
    why = f"{error.name} is not installed" if lacking else f"importing it {clause(error)}"  # type: ignore[attr-defined]
    for alias in node.names:
        inside = isinstance(node, ast.ImportFrom)
        name = alias.asname or (alias.name if inside else alias.name.partition(".")[0])
        whole = f"{node.module or '.'}.{alias.name}" if inside else alias.name  # type: ignore[union-attr]
        there = getattr(sys.modules.get(whole.rpartition(".")[0]), alias.name, None)
        if name != "*":
            vars(module)[name] = stand_ins.Missing(whole, why) if there is None else there
    return f"{ast.unparse(node)} fails, for {why}"


def _not_imported(pieces: Sequence[Piece], module: ModuleType) -> Iterator[str]:
    """Puts what everyone imports in the place of the names that are used and never bound."""
    bound = {name for piece in pieces for name in piece.binds}
    used = {name for piece in pieces for name in piece.uses} - bound
    if any(piece.imports_all for piece in pieces):
        return
    for name, whole in (("np", np), ("numpy", np), ("math", math)):
        if name in used:
            vars(module)[name] = whole
            yield f"{name} is not imported in this file; it is taken for {whole.__name__}"


def _said_of(source: Source, name: str) -> Iterator[str]:
    places = [piece.place for piece in source.definitions(name)]
    if len(places) > 1:
        before, last = ", ".join(places[:-1]), places[-1]
        yield f"{name} is defined {len(places)} times, at {before} and {last}; the last counts"


def _old_names(pieces: Sequence[Piece]) -> Iterator[str]:
    """The names among the used ones that NumPy or Python no longer has."""
    used: dict[str, str] = {}
    for piece in pieces:
        for node in all_nodes(piece.statement):
            of = getattr(node, "value", None)
            numpy = isinstance(of, ast.Name) and of.id in ("np", "numpy")
            if isinstance(node, ast.Attribute) and numpy and node.attr in stand_ins.OF_NUMPY:
                used[f"np.{node.attr}"] = "NumPy"
    if used:
        yield f"{', '.join(used)}: NumPy no longer has it; what it was stands in"
