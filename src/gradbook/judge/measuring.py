"""The coefficients of every example in every row, measured.

Inside a region the gradient of one example is μ x̃ᵀ, so that the answers to single examples, and to
batches whose examples are independent vectors, measure μ whatever a function does inside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.multiplied import Vector, vectors
from gradbook.judge.quantities import Quantity
from gradbook.judge.scene import Scene
from gradbook.judge.search import Answered

#: Measured coefficients nearer than this are the same.
_SAME = 1e-6
#: Of so many batches at most, with so many examples at most, coefficients are measured.
_BATCHES, _EXAMPLES = 60, 8


def same(value: Floats, other: Floats | float) -> np.ndarray:
    """Where measured numbers are equal, to within rounding."""
    return np.abs(value - other) <= _SAME * (1 + np.abs(value))


@dataclass(frozen=True, eq=False)
class Measured:
    """scenes: of which the coefficients were measured. coefficients: of each, (n, C). of_batch:
    whether they may depend on the batch.
    """

    scenes: tuple[Scene, ...]
    coefficients: tuple[Floats, ...]
    of_batch: bool = True

    def asked(self, quantities: Sequence[Quantity]) -> list[Quantity]:
        """Those of the quantities that they may depend on."""
        return [one for one in quantities if self.of_batch or not one.of_batch]

    def joined(self, other: Measured) -> Measured:
        """With those of another, as if no example mattered to another."""
        return Measured(
            self.scenes + other.scenes, self.coefficients + other.coefficients, of_batch=False
        )

    def others(self) -> Floats:
        """Of all pairs of an example and a class j ≠ y: (P,)."""
        return self._stacked(self.coefficients, own=False)

    def own(self) -> Floats:
        """Of row y of all examples: (E,)."""
        return self._stacked(self.coefficients, own=True)

    def of_others(self, of: Callable[[Scene], Floats]) -> Floats:
        """A number of every pair, (P,)."""
        with np.errstate(all="ignore"):
            return self._stacked([of(scene) for scene in self.scenes], own=False)

    def of_own(self, of: Callable[[Scene], Floats]) -> Floats:
        """A number of every example, (E,)."""
        with np.errstate(all="ignore"):
            return self._stacked([of(scene) for scene in self.scenes], own=True)

    def _stacked(self, values: Sequence[Floats], own: bool) -> Floats:
        every = [
            (value if value.shape == scene.own.shape else np.broadcast_to(value, scene.own.shape))
            for scene, value in zip(self.scenes, values, strict=True)
        ]
        return np.concatenate([value.ravel() for value in every])[self._is_own == own]

    @cached_property
    def _is_own(self) -> np.ndarray:
        return np.concatenate([scene.own.ravel() for scene in self.scenes]) == 1

    def gives(self, of: Callable[[Scene], Floats], found: Floats, own: bool = True) -> bool:
        """Whether `of` gives what was found in row y, or in the others; the first not ends it."""
        with np.errstate(all="ignore"):
            for place in self._telling:
                scene = self.scenes[place]
                given = np.asarray(of(scene))
                if given.shape != scene.own.shape:
                    given = np.broadcast_to(given, scene.own.shape)
                expected = given[(scene.own == 1) == own]
                start = self._starts[own][place]
                if not same(found[start : start + len(expected)], expected).all():
                    return False
        return True

    @cached_property
    def _telling(self) -> list[int]:
        """Places, in an order in which what is not so shows soon: some of every kind first."""
        places = list(range(len(self.scenes)))
        step = max(1, len(places) // 16)
        return [*places[::step], *(place for place in places if place % step)]

    @cached_property
    def _starts(self) -> dict[bool, list[int]]:
        """Where the numbers of each scene begin among all, by whether they are those of row y."""
        sizes = {
            True: [scene.question.n for scene in self.scenes],
            False: [scene.question.n * (scene.question.C - 1) for scene in self.scenes],
        }
        return {own: [0, *accumulate(found)] for own, found in sizes.items()}

    def among(self, keep: Callable[[Scene], bool]) -> Measured:
        """Of some of the scenes."""
        kept = [place for place, scene in enumerate(self.scenes) if keep(scene)]
        return Measured(
            tuple(self.scenes[place] for place in kept),
            tuple(self.coefficients[place] for place in kept),
        )


def of_singles(singles: Sequence[Answered], of_j: Vector, of_y: Vector) -> Measured:
    """What multiplies the vector `of_j` in the rows j ≠ y, and `of_y` in row y."""
    scenes, found = [], []
    for answer in singles:
        scene = answer.scene
        own = scene.own[0][:, None] == 1
        v = np.where(own, vectors(of_y, scene)[0], vectors(of_j, scene)[0])
        size = (v * v).sum(axis=1)
        if not size.all() or not np.isfinite(size).all():
            continue
        scenes.append(scene)
        found.append(((answer.found * v).sum(axis=1) / size)[None])
    return Measured(tuple(scenes), tuple(found))


def of_batches(answers: Sequence[Answered]) -> Measured:
    """n times what multiplies x̃, where the examples are independent vectors."""
    scenes, found = [], []
    for answer in sorted(answers, key=lambda answer: not answer.wrong):
        question = answer.scene.question
        if not 1 < question.n <= min(question.D, _EXAMPLES):
            continue
        if np.linalg.matrix_rank(question.X) < question.n or np.abs(question.X).max() > 1e3:
            continue
        a = np.asarray(question.n * answer.found @ np.linalg.pinv(question.X))
        if np.allclose(a @ question.X, question.n * answer.found, rtol=1e-6, atol=1e-6):
            scenes.append(answer.scene)
            found.append(a.T)
        if len(found) == _BATCHES:
            break
    return Measured(tuple(scenes), tuple(found))
