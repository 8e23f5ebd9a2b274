"""What a function has: its names, what it calls the page's letters, and its short expressions."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from gradbook.mend.change import Text

#: An expression that is longer is not put elsewhere.
_SHORT = 24
_ATOMS = 30


@dataclass(frozen=True)
class Scope:
    """One function of a text. roles: "W", "X", "y", "reg" ↦ what it is called here. np: NumPy."""

    text: Text
    function: ast.FunctionDef
    roles: Mapping[str, str]
    np: str

    @cached_property
    def parameters(self) -> list[str]:
        """Those that can be given by position, without self."""
        given = self.function.args
        return [one.arg for one in (*given.posonlyargs, *given.args) if one.arg != "self"]

    @cached_property
    def names(self) -> list[str]:
        """The parameters, and what is assigned in it."""
        stored = [
            node.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        ]
        return list(dict.fromkeys([*self.parameters, *stored]))

    @cached_property
    def atoms(self) -> list[str]:
        """The names, subscripts and attributes in it, each once; the short ones."""
        found = [
            self.text.of(node)
            for node in self.expressions
            if isinstance(node, ast.Name | ast.Subscript | ast.Attribute)
            and isinstance(node.ctx, ast.Load)
            and self.text.of(node) not in (self.np, "range", "len", "enumerate", "zip")
        ]
        short = [atom for atom in found if len(atom) <= _SHORT and "\n" not in atom]
        kept = [atom for atom in short if not atom.startswith(f"{self.np}.")]
        return list(dict.fromkeys([*self.names, *kept]))[:_ATOMS]

    @cached_property
    def returned(self) -> list[str]:
        """The names in what it returns."""
        found = [
            node.id
            for statement in ast.walk(self.function)
            if isinstance(statement, ast.Return) and statement.value is not None
            for node in ast.walk(statement.value)
            if isinstance(node, ast.Name) and node.id in self.names
        ]
        return [name for name in dict.fromkeys(found) if name not in self.parameters]

    @cached_property
    def slices(self) -> list[str]:
        """What stands between brackets with a colon, and with more than that."""
        found = [self.text.of(node) for node in self.expressions if isinstance(node, ast.Slice)]
        return list(dict.fromkeys(text for text in found if text != ":"))

    @cached_property
    def of_labels(self) -> list[str]:
        """How it writes a label: y[i], or the name that it gave it."""
        y = self.roles.get("y", "y")
        written = [a for a in self.atoms if a.startswith(f"{y}[") and ":" not in a]
        return [*written, *self._given_to(written)]

    @cached_property
    def counters(self) -> list[str]:
        """The names that its loops count with."""
        found = [
            node.target.id
            for node in ast.walk(self.function)
            if isinstance(node, ast.For) and isinstance(node.target, ast.Name)
        ]
        return list(dict.fromkeys(found))

    @cached_property
    def counts(self) -> list[str]:
        """How the number of examples can be written."""
        X, y = self.roles.get("X", "X"), self.roles.get("y", "y")
        count = [f"{X}.shape[0]", f"len({y})", f"{y}.shape[0]", f"{X}.shape[1]"]
        named = self._given_to(count)
        return [*named, count[0]] if named else [count[1]]

    def _given_to(self, values: Sequence[str]) -> list[str]:
        """The names to which one of these expressions is assigned."""
        return [
            node.targets[0].id
            for node in ast.walk(self.function)
            if isinstance(node, ast.Assign)
            and isinstance(node.targets[0], ast.Name)
            and self.text.of(node.value) in values
        ]

    @cached_property
    def expressions(self) -> list[ast.expr]:
        """Every expression of its defaults and its statements, outer ones first."""
        parts: list[ast.AST] = [*self.function.args.defaults, *self.function.body]
        return [
            node
            for part in parts
            for node in ast.walk(part)
            if isinstance(node, ast.expr) and hasattr(node, "lineno")
        ]

    @cached_property
    def parents(self) -> dict[int, ast.AST]:
        """id of a node ↦ what it is a part of."""
        return {
            id(child): node
            for node in ast.walk(self.function)
            for child in ast.iter_child_nodes(node)
        }

    def fitted(self, node: ast.expr, new: str) -> str:
        """A text for the place of a node, in parentheses where an operator stands beside it."""
        parent = self.parents.get(id(node))
        operators = (ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp, ast.Attribute)
        beside = isinstance(parent, operators) or (
            isinstance(parent, ast.Subscript | ast.Call)
            and node in (getattr(parent, "value", None), getattr(parent, "func", None))
        )
        return f"({new})" if beside and not _is_one_word(new) else new

    def blocks(self) -> Iterator[list[ast.stmt]]:
        """Every list of statements in it, its own first."""
        for node in ast.walk(self.function):
            for part in ("body", "orelse", "finalbody"):
                block = getattr(node, part, None)
                if isinstance(block, list) and block and isinstance(block[0], ast.stmt):
                    yield block


def _is_one_word(text: str) -> bool:
    """Whether no operator can tear it apart: a name, a number, a call, in brackets."""
    try:
        node = ast.parse(text, mode="eval").body
    except SyntaxError:
        return False
    kinds = (ast.Name, ast.Constant, ast.Call, ast.Subscript, ast.Attribute)
    return isinstance(node, kinds)
