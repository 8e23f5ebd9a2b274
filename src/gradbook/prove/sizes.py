"""The sizes and labels for which the claims of a line are decided, one case after another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradbook import arguments
from gradbook.case import Case


@dataclass(frozen=True)
class Sizes:
    """Every C, every m and every label y; or, above so many classes, one m and one label.

    all_up_to: the largest C for which every m and every label is run; None for no limit. Beyond it
               m is the largest, and the label ⌊C/2⌋, which has classes on both sides.
    Raises ValueError where there are no sizes: what is shown of no case is not shown.
    """

    C: range = range(2, 6)
    m: range = range(0, 5)
    all_up_to: int | None = None

    def __post_init__(self) -> None:
        for name, values, least in (("C", self.C, 2), ("m", self.m, 0)):
            arguments.instance(name, values, (range, tuple, list), "a range")
            if not values:
                raise ValueError(f"{name} must have at least one value, not {values!r}")
            for value in (values[0], values[-1]):
                arguments.integer(f"a value of {name}", value, least, arguments.MOST)
        if self.all_up_to is not None:
            arguments.integer("all_up_to", self.all_up_to, 0)

    def cases(self) -> Iterator[Case]:
        """The smallest first, so that a counterexample is small."""
        for C in self.C:
            for m in self.m if self._all(C) else self.m[-1:]:
                yield from (Case(C, m, y) for y in self._labels(C))

    def labelled(self) -> Iterator[tuple[int, int]]:
        """Every C with every label y that is run for it."""
        yield from ((C, y) for C in self.C for y in self._labels(C))

    def _labels(self, C: int) -> range:
        return range(C) if self._all(C) else range(C // 2, C // 2 + 1)

    def _all(self, C: int) -> bool:
        return self.all_up_to is None or self.all_up_to >= C

    def regions(self) -> int:
        """How many sign patterns (−, 0, +) the C − 1 margins of all cases have together."""
        return sum(3 ** (case.C - 1) for case in self.cases())

    @property
    def labels(self) -> str:
        """Which labels are run, in words."""
        if self._all(self.C[-1]):
            return "y fixed: every label, one after another"
        only = "" if len(self.m) == 1 else f"m = {self.m[-1]} and "
        return f"y fixed: every label up to C = {self.all_up_to}; beyond only {only}y = ⌊C/2⌋"

    def __str__(self) -> str:
        every = "all y" if self._all(self.C[-1]) else f"all y up to C = {self.all_up_to}"
        return f"C {_range(self.C)}, m {_range(self.m)}, {every}"


def _range(values: range) -> str:
    return str(values[0]) if len(values) == 1 else f"{values[0]}–{values[-1]}"


DEFAULT_SIZES = Sizes()
