"""The text of a program in C as a tree, by pycparser, and the types that it declares."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from pycparser import CParser, c_ast
from pycparser.c_parser import ParseError
from sympy import Rational

#: What the headers define of what emitted programs use.
_HEADERS = (
    "typedef long int64_t; typedef unsigned long size_t; typedef unsigned long uintptr_t; "
    "typedef double REAL;"
)


CELL = 8  #: bytes: the size of all that lies in memory


class NotRead(ValueError):
    """A text that is no C, or has what is not known here; the message says where and what."""


@dataclass(frozen=True)
class Scalar:
    """A number. whole: an integer."""

    whole: bool
    size: int = 8


@dataclass(frozen=True)
class Pointed:
    """A pointer to values of a type; None for void."""

    to: Type | None
    size: int = 8


@dataclass(frozen=True)
class Row:
    """An array of so many values of a type."""

    of: Type
    count: int

    @property
    def size(self) -> int:
        return self.count * self.of.size


@dataclass(frozen=True)
class Struct:
    """Named parts, one after the other."""

    parts: tuple[tuple[str, Type], ...]

    @property
    def size(self) -> int:
        return sum(part.size for _, part in self.parts)

    def place(self, name: str) -> tuple[int, Type]:
        """Where a part begins, in bytes, and its type."""
        start = 0
        for own, part in self.parts:
            if own == name:
                return start, part
            start += part.size
        raise NotRead(f"a struct has no {name}")


Type: TypeAlias = Scalar | Pointed | Row | Struct

#: In bytes, as on every machine with 64 bits that has no other.
_SIZES = {"char": 1, "short": 2, "int": 4, "long": 8, "float": 4, "double": 8}
_SIZES |= dict.fromkeys(("int64_t", "size_t", "uintptr_t"), 8)
_REAL = {"double", "float"}

#: The directives that a text may have: what they say is in _HEADERS.
_DIRECTIVE = re.compile(r"#(include <\w+\.h>|ifndef REAL|define REAL double|endif)")


@dataclass(frozen=True)
class Program:
    """Functions and types by their names, and the enums, whose constants the program uses."""

    functions: dict[str, c_ast.FuncDef]
    types: dict[str, c_ast.Node]
    enums: tuple[c_ast.Enum, ...]


def parsed(text: str) -> Program:
    """The program, as a compiler sees it for REAL = double.

    Raises NotRead for what is no C.
    """
    without = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text, flags=re.S)
    for line in re.findall(r"^[ \t]*(#.*?)[ \t]*$", without, flags=re.M):
        if not _DIRECTIVE.fullmatch(line):
            raise NotRead(f"the directive {line} is not known here")
    without = re.sub(r"^[ \t]*#.*$", "", without, flags=re.M)
    try:
        tree = CParser().parse(f"{_HEADERS}\n#line 1\n{without}")
    except ParseError as error:
        raise NotRead(f"this is no C: {error}") from None
    functions = {each.decl.name: each for each in tree.ext if isinstance(each, c_ast.FuncDef)}
    types = {each.name: each.type for each in tree.ext if isinstance(each, c_ast.Typedef)}
    enums = tuple(
        each.type
        for each in tree.ext
        if isinstance(each, c_ast.Decl) and isinstance(each.type, c_ast.Enum)
    )
    return Program(functions, types, enums)


def scalar(names: Sequence[str]) -> Scalar | None:
    """The type of a number, by its names; None for a name that is none of these."""
    sizes = [_SIZES[name] for name in names if name in _SIZES]
    if len(sizes) < len(names):
        return None
    return Scalar(not {*names} & _REAL, min(sizes))


def is_void(node: c_ast.Node) -> bool:
    """Whether this is void, no pointer to it."""
    match node:
        case c_ast.TypeDecl() | c_ast.Typename():
            return is_void(node.type)
        case c_ast.IdentifierType(names=["void"]):
            return True
    return False


def type_of(node: c_ast.Node, program: Program, count: Callable[[c_ast.Node], int]) -> Type:
    """The type that a declaration or a cast says. count: the value of an array's length.

    Raises NotRead for one that is not known here.
    """
    match node:
        case c_ast.TypeDecl() | c_ast.Typename():
            return type_of(node.type, program, count)
        case c_ast.IdentifierType(names=names):
            if (found := scalar(names)) is not None:
                return found
            if names[0] in program.types:
                return type_of(program.types[names[0]], program, count)
        case c_ast.PtrDecl() if is_void(node.type):
            return Pointed(None)
        case c_ast.PtrDecl():
            return Pointed(_cell(node.type, program, count))
        case c_ast.ArrayDecl():
            length = 0 if node.dim is None else count(node.dim)
            return Row(_cell(node.type, program, count), length)
        case c_ast.Struct():
            parts = ((each.name, _cell(each.type, program, count)) for each in node.decls)
            return Struct(tuple(parts))
    raise NotRead(f"{where(node)}: {type(node).__name__} is not known here")


def _cell(node: c_ast.Node, program: Program, count: Callable[[c_ast.Node], int]) -> Type:
    """The type of what lies in memory: in cells, so that it has their size."""
    found = type_of(node, program, count)
    if found.size % CELL:
        raise NotRead(f"{where(node)}: what has {found.size} bytes is not known here")
    return found


def number(node: c_ast.Constant) -> int | Rational:
    """A number as it is written: 0.1 is 1/10."""
    if "int" in node.type:
        return int(node.value.rstrip("uUlL"), 0)
    return Rational(node.value.rstrip("fFlL"))


def is_zero(node: c_ast.Node) -> bool:
    """Whether an array is 0 at first, as {0} says."""
    return isinstance(node, c_ast.InitList) and all(
        isinstance(each, c_ast.Constant) and float(each.value) == 0 for each in node.exprs
    )


def acts(node: c_ast.Node, harmless: Container[str]) -> bool:
    """Whether an expression may change something: it assigns, or calls another function."""
    if isinstance(node, c_ast.Assignment):
        return True
    if isinstance(node, c_ast.UnaryOp) and node.op in ("++", "--", "p++", "p--"):
        return True
    if isinstance(node, c_ast.FuncCall) and node.name.name not in harmless:
        return True
    return any(acts(part, harmless) for _, part in node.children())


def places(program: Program) -> set[str]:
    """Every statement and every choice of the program, as `Machine.reached` has them."""
    found: set[str] = set()

    def statement(node: c_ast.Node | None) -> None:
        if node is None:
            return
        if not isinstance(node, c_ast.Compound):
            found.add(where(node))
        match node:
            case c_ast.Compound():
                for each in node.block_items or ():
                    statement(each)
            case c_ast.DeclList():
                for each in node.decls:
                    statement(each)
            case c_ast.For():
                statement(node.init)
                statement(node.stmt)
            case c_ast.If():
                statement(node.iftrue)
                statement(node.iffalse)

    def choices(node: c_ast.Node) -> None:
        if isinstance(node, c_ast.TernaryOp):
            found.update((where(node.iftrue), where(node.iffalse)))
        for _, part in node.children():
            choices(part)

    for function in program.functions.values():
        statement(function.body)
        choices(function.body)
    return found


def where(node: c_ast.Node) -> str:
    """line:column."""
    return f"{node.coord.line}:{node.coord.column}"
