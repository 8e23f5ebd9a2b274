"""Blocks of cells of eight bytes: every access within bounds, and of what was written before."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gradbook.prove.source.parsed import CELL, Type

#: Addresses of blocks are so far apart, and that of a block is no multiple of a vector's bytes.
_APART, _OFF = 1 << 30, 16


class Fault(Exception):
    """An access that C leaves undefined: out of bounds, or of what was never written."""


@dataclass(eq=False)
class Block:
    """Cells with a name: what was written to each, None where nothing was.

    const: whether it must not be written to.
    """

    name: str
    cells: list[Any]
    const: bool = False

    def at(self, byte: int, verb: str) -> int:
        """The cell of an address. Raises Fault where there is none."""
        cell, rest = divmod(byte, CELL)
        if rest or not 0 <= cell < len(self.cells):
            raise Fault(f"{verb} {self.name}[{cell}], which has {len(self.cells)}")
        return cell

    def read(self, byte: int) -> Any:
        value = self.cells[self.at(byte, "reads")]
        if value is None:
            raise Fault(f"reads {self.name}[{byte // CELL}], which was never written")
        return value

    def write(self, byte: int, value: Any) -> None:
        cell = self.at(byte, "writes")
        if self.const:
            raise Fault(f"writes {self.name}, which is given")
        self.cells[cell] = value


@dataclass(frozen=True)
class Pointer:
    """An address: so many bytes from the start of a block, of values of a type (None: void)."""

    block: Block
    byte: int
    to: Type | None

    def moved(self, by: int) -> Pointer:
        """The same, so many values further."""
        assert self.to is not None
        return Pointer(self.block, self.byte + by * self.to.size, self.to)


@dataclass
class Variable:
    """A local variable: a value, or the block of an array or a struct."""

    type: Type
    value: Any = None


Scope = dict[str, Variable]


@dataclass
class Heap:
    """Where blocks lie, so that an address can be a number and a pointer again."""

    blocks: list[Block] = field(default_factory=list)

    def new(self, name: str, cells: Iterable[Any], const: bool = False) -> Block:
        block = Block(name, list(cells), const)
        self.blocks.append(block)
        return block

    def number(self, pointer: Pointer) -> int:
        """The address as a number."""
        return (self.blocks.index(pointer.block) + 1) * _APART + _OFF + pointer.byte

    def pointer(self, number: int, to: Type | None) -> Pointer:
        """The address of a number. Raises Fault where no block is."""
        place, byte = divmod(number - _OFF, _APART)
        if not 1 <= place <= len(self.blocks):
            raise Fault(f"makes a pointer of {number}, where nothing is")
        return Pointer(self.blocks[place - 1], byte, to)
