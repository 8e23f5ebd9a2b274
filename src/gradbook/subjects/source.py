"""Reading a file or a notebook without running it: its statements, and which a function needs.

Of a file only what the function needs is ever run: its definition, and the imports, definitions and
assignments of the names that it uses. A script that trains for an hour below its functions, or a
notebook whose first cell loads data that is not there, is no obstacle.
"""

from __future__ import annotations

import ast
import io
import json
import re
import symtable
import tokenize
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from gradbook.subjects.files import content
from gradbook.subjects.subject import Obstacle

SYNTAX, NOT_FILLED_IN = "syntax error", "not filled in"
#: Of a function that looks like no loss, beside one that does.
LEFT_OUT = "left out"
_MAGIC = re.compile(r"^(\s*)(?:[%!?].*|get_ipython\(\).*|[\w.]+\?{1,2}\s*)$")
_PYTHON_CELLS = re.compile(r"%%(judge|time|timeit|capture|prun|memit|(write)?file .*\.py\s*$)")


@dataclass(frozen=True)
class Piece:
    """One statement at the top level, as it is written. place: "line 12", or "cell 3".

    first: the number of its first line in the file, or in the cell.
    """

    statement: ast.stmt
    place: str
    text: str = ""
    first: int = 1

    @cached_property
    def _symbols(self) -> symtable.SymbolTable:
        # With this import, as it is run, the names in annotations are none that it needs.
        first = "from __future__ import annotations\n"
        try:
            return symtable.symtable(first + self.text, "piece", "exec")
        except SyntaxError:  # it begins in a line with another
            return symtable.symtable(first + ast.unparse(self.statement), "piece", "exec")

    @cached_property
    def binds(self) -> frozenset[str]:
        """The names that it gives a value, or changes the value of."""
        top = self._symbols.get_symbols()
        bound = {s.get_name() for s in top if s.is_assigned() or s.is_imported()} - {"annotations"}
        return frozenset(bound | {name for node in _outer(self.statement) for name in _roots(node)})

    @cached_property
    def uses(self) -> frozenset[str]:
        """The names of the top level whose values it needs, in itself or in a function of it."""
        return frozenset(_globals(self._symbols))

    def place_of(self, line: int) -> str:
        """ "line 14", or "cell 3, line 2": where the line with this number, from 0, stands."""
        number = f"line {self.first + line}"
        return f"{self.place}, {number}" if self.place.startswith("cell") else number

    @property
    def defines(self) -> ast.FunctionDef | None:
        return self.statement if isinstance(self.statement, ast.FunctionDef) else None

    @property
    def imports_all(self) -> bool:
        node = self.statement
        return isinstance(node, ast.ImportFrom) and any(name.name == "*" for name in node.names)


def _globals(table: symtable.SymbolTable) -> Iterator[str]:
    for symbol in table.get_symbols():
        if symbol.is_referenced() and (table.get_type() == "module" or symbol.is_global()):
            yield symbol.get_name()
    for child in table.get_children():
        yield from _globals(child)


def _outer(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a statement, without the insides of functions and classes."""
    yield node
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            yield from _outer(child)


def _roots(node: ast.AST) -> Iterator[str]:
    """The names of objects that a node changes: table[0] = 1, table.append(1), np.seterr("raise").

    A call with arguments that are not constants counts as no change: it would drag in whatever
    they are made of, and what a function needs is seldom made in this way.
    """
    changed: list[ast.expr] = []
    if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
        changed = [node.value]
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        values = [*call.args, *(keyword.value for keyword in call.keywords)]
        if isinstance(call.func, ast.Attribute) and all(map(_is_constant, values)):
            changed = [call.func.value]
    for target in changed:
        while isinstance(target, ast.Subscript | ast.Attribute):
            target = target.value
        if isinstance(target, ast.Name):
            yield target.id


def _is_constant(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False
    return True


@dataclass(frozen=True)
class Unread:
    """A part of a file that is not Python 3: a sentence on it, and of what kind it is."""

    sentence: str
    code: str = SYNTAX

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True)
class Source:
    """What stands in a file. unread: the parts of it that are not Python 3."""

    path: Path
    pieces: tuple[Piece, ...]
    unread: tuple[Unread, ...] = ()

    @property
    def functions(self) -> dict[str, ast.FunctionDef]:
        """The functions of the top level; of two with one name, the later."""
        return {piece.defines.name: piece.defines for piece in self.pieces if piece.defines}

    @property
    def classes(self) -> dict[str, ast.ClassDef]:
        """The classes of the top level; of two with one name, the later."""
        found = [piece.statement for piece in self.pieces]
        return {node.name: node for node in found if isinstance(node, ast.ClassDef)}

    @property
    def values(self) -> dict[str, ast.expr]:
        """What names of the top level are given by an assignment; of two, the later."""
        return {
            node.targets[0].id: node.value
            for piece in self.pieces
            if isinstance(node := piece.statement, ast.Assign)
            if len(node.targets) == 1 and isinstance(node.targets[0], ast.Name)
        }

    def definitions(self, name: str) -> list[Piece]:
        return [piece for piece in self.pieces if piece.defines and piece.defines.name == name]

    def with_piece(self, index: int, text: str) -> Source:
        """With one statement written anew. Raises Obstacle if that is not one statement."""
        try:
            node, *others = ast.parse(text).body
        except (SyntaxError, ValueError) as error:
            raise Obstacle(f"{self.path.name} cannot be read so: {error}") from error
        if others:
            raise Obstacle(f"{self.path.name} cannot be read so: it is more than one statement")
        pieces = list(self.pieces)
        pieces[index] = replace(pieces[index], statement=node, text=text)
        return replace(self, pieces=tuple(pieces))

    def needed_for(self, name: str) -> list[int]:
        """Which statements give a value to a function, or to what it uses, and so on; in order.

        name: the function's; of a method, or of two functions, as in `parts_of`.
        """
        owner, called = parts_of(name)
        needed, names = set[int](), {owner} if owner else {*called}
        while True:
            more = {
                index
                for index, piece in enumerate(self.pieces)
                if index not in needed and (piece.binds & names or piece.imports_all)
            }
            if not more:
                return sorted(needed)
            needed |= more
            names |= {used for index in more for used in self.pieces[index].uses}


def parts_of(name: str) -> tuple[str, tuple[str, ...]]:
    """The class and the functions that a name means: "f", "Class.f", "f+g" or "Class.f+g"."""
    owner, _, called = name.rpartition(".")
    return owner, tuple(called.split("+"))


def read_source(path: Path) -> Source:
    """The statements of a .py file or an .ipynb notebook. Raises Obstacle if there are none."""
    return parsed(path, content(path))


def parsed(path: Path, given: bytes) -> Source:
    """The same of a file that has been read already."""
    pieces: list[Piece] = []
    unread: list[Unread] = []
    is_notebook = path.suffix.lower() == ".ipynb"
    for text, place in _cells(path, given) if is_notebook else [(_decoded(path, given), "")]:
        for part in _parsed(text, place):
            (pieces if isinstance(part, Piece) else unread).append(part)  # type: ignore[arg-type]
    if not pieces and unread:
        raise Obstacle(f"{path.name} cannot be read: {unread[0]}", unread[0].code)
    return Source(path, tuple(pieces), tuple(unread))


def _decoded(path: Path, content: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return io.TextIOWrapper(io.BytesIO(content), encoding).read()
    except (SyntaxError, UnicodeDecodeError, LookupError):
        return content.decode("latin-1")


def _cells(path: Path, content: bytes) -> Iterator[tuple[str, str]]:
    """The code cells of a notebook, of nbformat 3 or 4, with “cell 3” for the third of all."""
    try:
        notebook = json.loads(content)
        sheets = notebook.get("worksheets")
        cells = notebook["cells"] if sheets is None else [c for s in sheets for c in s["cells"]]
        for number, cell in enumerate(cells, 1):
            if cell["cell_type"] == "code":
                lines = cell["source"] if "source" in cell else cell["input"]
                yield lines if isinstance(lines, str) else "".join(lines), f"cell {number}"
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Obstacle(
            f"{path.name} is not a notebook: its JSON has no cells", "unreadable"
        ) from error


def _parsed(text: str, place: str) -> Iterator[Piece | Unread]:
    """The statements of a text, and each part of it that is not Python 3."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if place and text.lstrip().startswith("%%"):
        head, _, rest = text.lstrip().partition("\n")
        if not _PYTHON_CELLS.match(head):
            return
        text = rest
    try:
        yield from _pieces(text, place, 0)
        return
    except SyntaxError:
        pass
    if place:
        text = "\n".join(_MAGIC.sub(r"\1pass", line) for line in text.split("\n"))
    for first, chunk in _chunks(text):
        try:
            yield from _pieces(chunk, place, first)
        except SyntaxError as error:
            yield not_python(error, place, first)


def _pieces(text: str, place: str, first: int) -> list[Piece]:
    """Raises SyntaxError. first: how many lines stand before the text."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # such as one of a \d in a text that is not raw
            nodes = ast.parse("\n" * first + text).body
            lines = ["\n"] * first + [f"{line}\n" for line in text.split("\n")]
            pieces = [
                Piece(
                    node,
                    place or f"line {_first_line(node)}",
                    _written(node, lines),
                    _first_line(node),
                )
                for node in nodes
            ]
            for piece in pieces:
                _ = piece.binds, piece.uses  # a return outside of a function is noticed here
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxError("it is nested too deeply, or holds a null character") from error
    return pieces


def _written(node: ast.stmt, lines: Sequence[str]) -> str:
    """The text of a statement at the top level, its decorators included."""
    first, last = _first_line(node) - 1, node.end_lineno or node.lineno
    if last == node.lineno:  # others may stand on its line
        return lines[first].encode()[node.col_offset : node.end_col_offset].decode()
    return "".join(lines[first:last])


def _first_line(node: ast.stmt) -> int:
    decorators: Iterable[ast.expr] = getattr(node, "decorator_list", ())
    return min([node.lineno, *(decorator.lineno for decorator in decorators)])


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    """Parts that begin in the first column, with the number of lines before them.

    So that one that is not Python 3 leaves the others readable.
    """
    lines = text.split("\n")
    starts = [
        number
        for number, line in enumerate(lines)
        if re.match(r"[^\s#)\]}'\"]", line)
        and not re.match(r"(else|elif|except|finally)\b", line)
        and not (number and lines[number - 1].startswith("@"))
    ]
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield start, "\n".join(lines[start:end])


def not_python(error: SyntaxError, place: str, first: int = 0) -> Unread:
    """Why a text is not Python 3, and what it is where that can be told."""
    where = place or f"line {error.lineno or first + 1}"
    said = error.msg or "invalid syntax"
    if isinstance(error, IndentationError) and said.startswith("expected an indented block"):
        return Unread(f"{where} is not Python 3: {said}", NOT_FILLED_IN)
    if "call to 'print'" in said or "call to 'exec'" in said:
        return Unread(f"{where} is Python 2: it has a print statement, where Python 3 has print(…)")
    if "multiple exception types" in said:
        return Unread(
            f"{where} is Python 2: it has “except X, e”, where Python 3 has “except X as e”"
        )
    if isinstance(error, TabError):
        return Unread(f"{where} mixes tabs and spaces")
    return Unread(f"{where} is not Python 3: {said}")
