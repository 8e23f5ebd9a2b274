"""All the small changes of what a function needs of its file, the likeliest slips first."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from gradbook.mend.around import of_surroundings
from gradbook.mend.change import Change, Text, distinct
from gradbook.mend.expressions import of_expressions, of_number
from gradbook.mend.scope import Scope
from gradbook.mend.statements import of_statements
from gradbook.subjects.methods import called_methods
from gradbook.subjects.source import Source, parts_of


@dataclass(frozen=True)
class Slip:
    """A change in statement number `index` of a file. text: the statement with it."""

    index: int
    change: Change
    text: str


def slips(source: Source, name: str, roles: Mapping[str, str]) -> list[Slip]:
    """The changes of the function `name`, or the method `Class.name`, and of what it calls.

    roles: what the function calls W, X, y and reg, as far as it has them.
    """
    owner, called = parts_of(name)
    np = _numpy(source)
    found: list[Slip] = []
    for index in source.needed_for(name):
        piece = source.pieces[index]
        try:
            text = Text.read(piece.text)
        except SyntaxError:  # it shares its line with another, in a way that cannot be cut apart
            continue
        changes = [
            *_of_constants(text),
            *(
                change
                for function in _functions(text.tree, called if owner else ())
                for change in _of_function(Scope(text, function, roles, np))
            ),
        ]
        found += [
            Slip(index, change, change.of(text.text)) for change in distinct(changes, text.text)
        ]
    if not any(np in piece.uses for piece in source.pieces):  # NumPy is not there
        found = [slip for slip in found if f"{np}." not in slip.text]
    return sorted(found, key=lambda slip: slip.change.cost)


def _functions(node: ast.stmt, methods: Sequence[str]) -> Iterator[ast.FunctionDef]:
    """A function itself; of a class the methods, and those that they call."""
    if isinstance(node, ast.FunctionDef):
        yield node
    elif isinstance(node, ast.ClassDef):
        every = [each for method in methods for each in called_methods(node, method)]
        yield from dict.fromkeys(every)


def _of_constants(text: Text) -> Iterator[Change]:
    """Other numbers where one is given a name, for all functions of the file."""
    if isinstance(text.tree, ast.Assign):
        for node in ast.walk(text.tree.value):
            if isinstance(node, ast.Constant):
                yield from of_number(text, node)


def _of_function(scope: Scope) -> Iterator[Change]:
    yield from of_expressions(scope)
    yield from of_surroundings(scope)
    yield from of_statements(scope)


def _numpy(source: Source) -> str:
    """What the file calls NumPy."""
    for piece in source.pieces:
        if isinstance(piece.statement, ast.Import):
            for name in piece.statement.names:
                if name.name == "numpy":
                    return name.asname or name.name
    return "np"
