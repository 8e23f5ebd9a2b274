"""How the fast kernel goes through the data: numbers that change its speed, and its result not.

The algorithm is the same for every schedule; the schedule says how many rows are at hand at a time,
which sums are held in registers, and what is expected to be in which cache. `choose` is the cost
model: a few inequalities between these sizes and those of a `Machine`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from gradbook.emit.lowering import Lowered

#: D where nobody has said how many features there are.
NOMINAL_WIDTH = 1024

#: More bytes than any X has.
NEVER = 2**62


@dataclass(frozen=True)
class Machine:
    """What the cost model knows of a processor. Sizes in bytes."""

    vector_bytes: int = 64
    vector_registers: int = 32
    first_cache: int = 32 * 2**10
    second_cache: int = 2**20

    @staticmethod
    @cache
    def here() -> Machine:
        """This machine, as far as the operating system and NumPy know it."""
        simd = np.show_config(mode="dicts").get("SIMD Extensions", {})
        found = " ".join([*simd.get("baseline", ()), *simd.get("found", ())])
        if "AVX512" in found or "X86_V4" in found:
            vectors = (64, 32)
        elif "AVX2" in found or "X86_V3" in found:
            vectors = (32, 16)
        else:
            vectors = (16, 32 if "NEON" in found or "ASIMD" in found else 16)
        default = Machine(*vectors)
        return replace(
            default,
            first_cache=cache_size(1, default.first_cache),
            second_cache=cache_size(2, default.second_cache),
        )


def cache_size(level: int, default: int) -> int:
    """The bytes of the first core's data cache of a level, where Linux says so."""
    for index in sorted(Path("/sys/devices/system/cpu/cpu0/cache").glob("index*")):
        try:
            kind, own, size = ((index / name).read_text() for name in ("type", "level", "size"))
        except OSError:
            continue
        if int(own) == level and kind.strip() != "Instruction" and size.strip().endswith("K"):
            return int(size.strip().removesuffix("K")) * 2**10
    return default


@dataclass(frozen=True)
class Schedule:
    """The schedule of one emitted source.

    block_rows:    rows of X whose scores, coefficients and gradient are computed at a time.
    pass_rows:     rows for which the gradient follows at once: a multiple of block_rows.
    panels:        lanes of a vector run over the classes for the scores, not along D.
    tile_rows, tile_classes, tile_vectors: how much is summed in registers. Without panels, scores
                   of rows × classes; with panels, of rows × vectors of classes. The gradient of
                   classes × vectors of D.
    chunk:         how much of D of such a tile of W stays in the first cache: vectors, or with
                   panels columns.
    strip:         vectors of D for which the rows of a group are added up once for all classes, in
                   memory; where it is tile_vectors, in registers, for each tile of classes.
    shared:        rows with the same coefficients are added up, and then multiplied once, for up to
                   30 classes. At the start of training, where all margins are violated, there are
                   no more such groups than classes; where there are none, it costs little.
    grouped:       the gradient is sums of selected rows, four at a time, from a table.
    table_rows, table_vectors: the size of the tables: rows at a time, and vectors of D.
    far_bytes:     a larger X comes from further away than the second cache: without panels, the
                   next block is asked for early.
    """

    block_rows: int
    pass_rows: int
    panels: bool
    tile_rows: int
    tile_classes: int
    tile_vectors: int
    chunk: int
    strip: int
    shared: bool
    grouped: bool
    table_rows: int
    table_vectors: int
    far_bytes: int

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if isinstance(value, bool) or field.name in ("panels", "shared", "grouped"):
                if not isinstance(value, bool):
                    raise ValueError(f"{field.name} must be True or False, not {value!r}")
            elif not isinstance(value, int) or value < 1:
                raise ValueError(f"{field.name} must be an integer ≥ 1, not {value!r}")
        if not self.grouped and self.pass_rows != self.block_rows:
            raise ValueError(
                f"pass_rows must be block_rows, {self.block_rows}, for sums of products, "
                f"not {self.pass_rows}"
            )
        if self.strip < self.tile_vectors:
            raise ValueError(
                f"strip must be at least tile_vectors, {self.tile_vectors}, not {self.strip}"
            )
        if self.pass_rows % self.block_rows:
            raise ValueError(
                f"pass_rows must be a multiple of block_rows, {self.block_rows}, "
                f"not {self.pass_rows}"
            )
        if self.grouped and (self.block_rows % 8 or self.table_rows % 8):
            raise ValueError(
                "block_rows and table_rows must be multiples of 8 for sums of selected rows, "
                f"not {self.block_rows} and {self.table_rows}"
            )

    def macros(self) -> dict[str, int]:
        """The macros of the C source, by name."""
        return {name.upper(): int(value) for name, value in asdict(self).items()}


def shifted(lowered: Lowered) -> bool:
    """Whether one class less has to be computed: both facts that allow it are proved."""
    return bool(lowered.shift_invariant and lowered.coefficients_sum_to_zero)


def groupable(lowered: Lowered) -> bool:
    """Whether every μ_a, a ≠ y, is proved to be 0 or 1, so that the gradient selects rows.

    With weights it is 0 or the weight of the example.
    """
    fact = lowered.integer_coefficients
    return fact is not None and set(fact.values) <= {0, 1} and not lowered.source.weighted


def choose(
    lowered: Lowered,
    classes: int,
    width: int | None = None,
    dtype: Any = np.float64,
    machine: Machine | None = None,
) -> Schedule:
    """The schedule for C = classes, D = width and float64 or float32, on a machine.

    How many rows there are does not matter for it: the emitted code compares the size of X with
    far_bytes when it is called.
    """
    machine = machine or Machine.here()
    width = width or NOMINAL_WIDTH
    size = np.dtype(dtype).itemsize
    lanes = machine.vector_bytes // size
    columns = classes - shifted(lowered)
    # Registers for sums: what is left when a tile's operands have theirs.
    sums = machine.vector_registers - 5 if machine.vector_registers > 16 else 12
    most_classes = 9 if sums > 12 else 4
    tiles = -(-columns // most_classes)
    tile_classes = -(-columns // tiles)
    # Where few registers need several tiles of classes, more is gained by what all of them share.
    direct = tiles == 1 or sums > 12
    # Vectors of classes waste the lanes of the last one.
    panels = columns >= 3 * lanes
    grouped = groupable(lowered) and _selecting_pays(columns)
    if panels:
        tile_vectors, tile_rows = 3, sums // 3 - (sums // 3) % 4
        # A panel and what passes by it share the first cache.
        chunk = _at_least(16, machine.first_cache // 2 // (3 * machine.vector_bytes), 16)
    else:
        passing = columns if direct else tile_classes
        tile_vectors = tile_rows = max(1, min(8, sums // tile_classes))
        chunk = _at_least(8, machine.first_cache // 2 // (passing * machine.vector_bytes), 8)
    if panels or grouped:
        weights = columns * width * size
        block_rows = 64 if weights <= machine.second_cache else 256
        pass_rows = 256 if weights <= machine.second_cache else 512
    elif not direct:
        block_rows = pass_rows = 96 // tile_rows * tile_rows
    else:
        block_rows = pass_rows = _block_rows(width * size, tile_rows, machine)
    return Schedule(
        block_rows=block_rows,
        pass_rows=pass_rows if grouped else block_rows,
        panels=panels,
        tile_rows=tile_rows,
        tile_classes=tile_classes,
        tile_vectors=tile_vectors,
        chunk=chunk,
        strip=tile_vectors if direct else 16 // tile_vectors * tile_vectors,
        # To find the groups costs as much as a vector or two of each row.
        shared=groupable(lowered) and not grouped and width >= 4 * lanes,
        grouped=grouped,
        table_rows=32,
        table_vectors=_table_vectors(columns, machine),
        # The last cache is shared with others: what was in it may be gone. With many rows at hand
        # the processor itself asks for the next ones.
        far_bytes=machine.second_cache if direct else NEVER,
    )


def _selecting_pays(columns: int) -> bool:
    """For a vector of D and eight rows: products cost half a cycle a row and class; sums of
    selected rows two tables, each of 11 sums and 16 stores, and then two additions a class.
    """
    products = 8 * columns / 2
    selected = 2 * 16 + 1.4 * columns + 8
    return selected < products


def _table_vectors(columns: int, machine: Machine) -> int:
    """Wide tables have to fit in the first cache, or to be read by very many classes: then what
    selects from them is read less often."""
    fit = machine.first_cache >= 40 * 2**10 or machine.vector_bytes < 64
    return 4 if fit or columns >= 500 else 2


def _block_rows(row_bytes: int, tile_rows: int, machine: Machine) -> int:
    """The block comes from the second cache when the gradient needs it, beside much of W and G."""
    rows = int(0.6 * machine.second_cache / row_bytes)
    most = 48 // tile_rows * tile_rows
    return max(tile_rows, min(most, rows // tile_rows * tile_rows))


def _at_least(least: int, value: int, step: int) -> int:
    return max(least, value // step * step)
