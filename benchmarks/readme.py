"""The tables of README.md: what is stored of each kind of machine, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks import stored

PATH = Path(__file__).parent / "README.md"
BEGIN, END = "<!-- tables of stored.json -->\n", "<!-- end of the tables -->\n"

#: Heading ↦ the rows of a run of which the least is shown.
COLUMNS = {
    "c-fast": ("emitted: c-fast",),
    "NumPy by hand, best": ("NumPy by hand, W Xᵀ", "NumPy by hand, X Wᵀ"),
    "two bare products": ("two bare products, BLAS",),
    "numba": ("numba, loops over rows",),
    "PyTorch": ("PyTorch, eager",),
    "JAX": ("JAX, jit(value_and_grad)",),
    "C by hand": ("C by hand, plain loops",),
    "emitted c": ("emitted: c",),
    "emitted numpy": ("emitted: numpy",),
}
RUN = re.compile(r"(?P<shape>[\d × ]+), (?P<of>.*)")


def with_tables(text: str, known: stored.Stored) -> str:
    """The text with the tables of what is stored between its two marks."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    return before + begin + "\n" + "".join(tables(known)) + end + after


def tables(known: stored.Stored) -> Iterator[str]:
    """A part for each kind of machine, with a table for each type, threads and share of margins."""
    for kind, runs in sorted(known.items()):
        yield f"### {kind}\n\n"
        of: dict[str, dict[str, Mapping[str, float]]] = {}
        for run, rows in runs.items():
            found = RUN.fullmatch(run)
            assert found, run
            of.setdefault(found["of"], {})[found["shape"]] = rows
        for name, shapes in of.items():
            yield _table(name, shapes)


def _table(name: str, shapes: Mapping[str, Mapping[str, float]]) -> str:
    shown = [
        heading
        for heading, rows in COLUMNS.items()
        if any(row in found for found in shapes.values() for row in rows)
    ]
    lines = [f"{name}:\n", f"| n × D × C | {' | '.join(shown)} |"]
    lines.append("|---" + "|---:" * len(shown) + "|")
    for shape, found in shapes.items():
        cells = [_least(found, COLUMNS[heading]) for heading in shown]
        lines.append(f"| {shape} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n\n"


def _least(found: Mapping[str, float], rows: tuple[str, ...]) -> str:
    there = [found[row] for row in rows if row in found]
    return f"{min(there):.2f}" if there else "–"


def write() -> None:
    """Writes them anew."""
    PATH.write_text(with_tables(PATH.read_text("utf-8"), stored.read()), "utf-8")
