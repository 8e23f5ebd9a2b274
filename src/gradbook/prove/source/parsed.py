"""The text of a program in C as a tree, by pycparser, and the types that it declares."""

from __future__ import annotations

import re
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

_WHOLE = {"int", "long", "unsigned", "int64_t", "size_t", "uintptr_t", "char", "short"}
_REAL = {"double", "float"}


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


def is_whole(names: list[str]) -> bool | None:
    """Whether the names of a type are those of an integer; None for a name that is neither's."""
    if set(names) <= _WHOLE:
        return True
    return False if set(names) <= _REAL else None


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
