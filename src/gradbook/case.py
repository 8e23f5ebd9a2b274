"""One case of the page: C classes, m features, one label y, and the symbols to write with.

The lines of a derivation are functions of a case. Its W, x̃ and s are SymPy symbols, so that what
holds for the case holds for all real W and x̃.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from sympy import Expr, ImmutableMatrix, Integer, Symbol

from gradbook import arguments
from gradbook.loss import features_of, scores, weights


@dataclass(frozen=True)
class Case:
    """C classes, m features and the label y of one example.

    W is (C, m + 1), x̃ is (m + 1, 1) with x̃₀ = 1, s is (C, 1); s_j stands for W_j x̃ (N2). s_prime
    is a second, independent vector of scores, for inequalities between two points.
    Raises ValueError for C < 2, m < 0 or y outside 0 … C − 1.
    """

    C: int
    m: int
    y: int
    example: int = 0

    def __post_init__(self) -> None:
        arguments.integer("C", self.C, 2, arguments.MOST)
        arguments.integer("m", self.m, 0, arguments.MOST)
        arguments.integer("y", self.y, 0, self.C - 1)
        arguments.integer("example", self.example, 0, arguments.MOST)

    @cached_property
    def W(self) -> ImmutableMatrix:
        return weights(self.C, self.m + 1)

    @cached_property
    def x(self) -> ImmutableMatrix:
        """x̃ = (1, x_1, …, x_m)ᵀ, a column."""
        return ImmutableMatrix([Integer(1), *features_of(self.m, self.example)])

    @cached_property
    def s(self) -> ImmutableMatrix:
        return ImmutableMatrix(scores(self.C, self.example))

    @cached_property
    def s_prime(self) -> ImmutableMatrix:
        return ImmutableMatrix(scores(self.C, self.example, prime=True))

    @property
    def classes(self) -> range:
        """0 … C − 1: what j, k and a run over."""
        return range(self.C)

    @property
    def other_classes(self) -> tuple[int, ...]:
        """All j ≠ y."""
        return tuple(j for j in self.classes if j != self.y)

    def zeros(self, rows: int, columns: int) -> ImmutableMatrix:
        return ImmutableMatrix.zeros(rows, columns)

    def ones(self, rows: int, columns: int) -> ImmutableMatrix:
        return ImmutableMatrix.ones(rows, columns)

    @cached_property
    def products(self) -> Mapping[Symbol, Expr]:
        """s_j ↦ Σ_b W_jb x̃_b for the scores of this example: what the letter s_j means (N2)."""
        rows = (self.W[a, :] for a in self.classes)
        return {
            score: sum((w * v for w, v in zip(row, self.x, strict=True)), Integer(0))
            for score, row in zip(self.s, rows, strict=True)
        }

    def batches(self) -> tuple[tuple[Case, ...], ...]:
        """Batches that share W, each beginning with this label: one example, two with the same
        label, and three with labels that differ as far as C allows.
        """
        labels = ((0,), (0, 0), (0, 1, 2))
        return tuple(
            tuple(
                Case(self.C, self.m, (self.y + shift) % self.C, i + 1 if len(shifts) > 1 else 0)
                for i, shift in enumerate(shifts)
            )
            for shifts in labels
        )

    def __str__(self) -> str:
        return f"C = {self.C}, m = {self.m}, y = {self.y}"
