"""For which numbers of classes and which labels a statement about a loss is decided."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradbook import arguments


@dataclass(frozen=True)
class Sizes:
    """Every C with every label y; or, above so many classes, with one label, ⌊C/2⌋.

    all_up_to: the largest C for which every label is run; None for no limit.
    Raises ValueError where there are no sizes: what is shown of no case is not shown.
    """

    C: range
    all_up_to: int | None = None

    def __post_init__(self) -> None:
        arguments.instance("C", self.C, (range, tuple, list), "a range")
        if not self.C:
            raise ValueError(f"C must have at least one value, not {self.C!r}")
        for value in (self.C[0], self.C[-1]):
            arguments.integer("a value of C", value, 2, arguments.MOST)
        if self.all_up_to is not None:
            arguments.integer("all_up_to", self.all_up_to, 0)

    def labelled(self) -> Iterator[tuple[int, int]]:
        """Every C with every label y that is run for it, the smallest C first."""
        for C in self.C:
            labels = range(C) if self._all(C) else range(C // 2, C // 2 + 1)
            yield from ((C, y) for y in labels)

    def _all(self, C: int) -> bool:
        return self.all_up_to is None or self.all_up_to >= C

    @property
    def labels(self) -> str:
        """Which labels are run, in words."""
        if self._all(self.C[-1]):
            return "y fixed: every label, one after another"
        return f"y fixed: every label up to C = {self.all_up_to}; beyond only y = ⌊C/2⌋"

    def __str__(self) -> str:
        every = "all y" if self._all(self.C[-1]) else f"all y up to C = {self.all_up_to}"
        first, last = self.C[0], self.C[-1]
        return f"C {first if first == last else f'{first}–{last}'}, {every}"
