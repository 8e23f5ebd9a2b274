"""Formulas with few free numbers, fitted to measured coefficients.

A formula is a sum of one, two or three terms with factors that people write. It is fitted to few
measurements and must give all of them; what depends on it is tested on every answer afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.numbers_in_words import in_words, is_plain, plain
from gradbook.judge.quantities import MARGIN, OF_EXAMPLES, OF_PAIRS, Quantity, count, hinges, valued
from gradbook.judge.scene import Scene

#: So many measurements are fitted to; the others test.
_FITTED = 60
#: How far a formula may be from a measurement, relative to it.
_NEAR = 1e-6


@dataclass(frozen=True)
class Formula:
    """Σ factor · term. words: "2k + 1"; means: what its letters stand for, "" if nothing new."""

    parts: tuple[tuple[float, Quantity], ...]

    def of(self, scene: Scene) -> Floats:
        """(n, C)."""
        return np.asarray(sum(factor * valued(term, scene) for factor, term in self.parts))

    @property
    def words(self) -> str:
        """Constants last."""
        text = ""
        for factor, term in sorted(self.parts, key=lambda part: part[1] is ONE):
            sign = " − " if factor < 0 else " + "
            text += (sign if text else sign.strip(" +")) + _times(abs(factor), term)
        return text

    @property
    def means(self) -> str:
        return " and ".join(dict.fromkeys(term.means for _, term in self.parts if term.means))


def _times(factor: float, term: Quantity) -> str:
    if term is ONE:
        return in_words(factor)
    if factor == 1:
        return term.words
    simple = len(term.words) == 1
    return f"{in_words(factor)}{'' if simple else '·'}{term.words}"


ONE = Quantity("1", lambda scene: np.ones((1, 1)))


def _of_k(words: str, of: Callable[[Floats], Any]) -> Quantity:
    return Quantity(words, lambda scene: of(count(scene)), means=OF_EXAMPLES[0].means)


def _of_k_and_C(words: str, of: Callable[[Floats, int], Floats]) -> Quantity:
    return Quantity(
        words, lambda scene: of(count(scene), scene.question.C), means=OF_EXAMPLES[0].means
    )


def _size(words: str, of: Callable[[Scene], float], of_batch: bool = False) -> Quantity:
    return Quantity(words, lambda scene: np.full((1, 1), of(scene)), of_batch=of_batch)


def _triangle(k: Floats, high: int) -> Floats:
    return k * (k + high) / 2


_COUNTS: tuple[Quantity, ...] = (
    OF_EXAMPLES[0],
    _of_k("k²", np.square),
    _of_k("√k", np.sqrt),
    _of_k("k³", lambda k: k**3),
    _of_k("k√k", lambda k: k**1.5),
    _of_k("1{k > 0}", lambda k: 1.0 * (k > 0)),
    _of_k("1{k > 1}", lambda k: 1.0 * (k > 1)),
    _of_k("k(k − 1)/2", lambda k: _triangle(k, -1)),
    _of_k("k(k + 1)/2", lambda k: _triangle(k, 1)),
    _of_k("2ᵏ", lambda k: 2.0**k),
    _of_k("2⁻ᵏ", lambda k: 2.0**-k),
    _of_k("1/k", lambda k: 1 / np.maximum(k, 1)),
    _of_k("1/(k + 1)", lambda k: 1 / (k + 1)),
    _of_k("log(1 + k)", np.log1p),
    _of_k("log₂(1 + k)", lambda k: np.log2(1 + k)),
    _of_k("⌊k/2⌋", lambda k: k // 2),
    _of_k("⌈k/2⌉", lambda k: np.ceil(k / 2)),
    _of_k("(−1)ᵏ", lambda k: (-1.0) ** k),
    *(_of_k(f"min(k, {m})", lambda k, m=m: np.minimum(k, m))  # type: ignore[misc]
      for m in (1, 2, 3, 4, 5, 8, 10, 127)),
    *(_of_k(f"max(k, {m})", lambda k, m=m: np.maximum(k, m))  # type: ignore[misc]
      for m in (1, 2, 3)),
    *(_of_k(f"(k mod {m})", lambda k, m=m: k % m)  # type: ignore[misc]
      for m in (2, 3, 4, 5, 8, 10, 16, 100, 128)),
    _of_k("int8(k)", lambda k: (k + 128) % 256 - 128),
    _of_k("uint8(k)", lambda k: k % 256),
    _of_k_and_C("kC", lambda k, C: k * C),
    _of_k_and_C("k/C", lambda k, C: k / C),
    _of_k_and_C("k/(C − 1)", lambda k, C: k / (C - 1)),
    _of_k_and_C("min(k, C − 2)", lambda k, C: np.minimum(k, C - 2)),
)  # fmt: skip

_LENGTH = next(one for one in OF_EXAMPLES if one.words == "‖x̃‖")

_SIZES: tuple[Quantity, ...] = (
    _size("1/C", lambda scene: 1 / scene.question.C),
    _size("1/(C − 1)", lambda scene: 1 / (scene.question.C - 1)),
    _size("C²", lambda scene: scene.question.C**2),
    _size("√C", lambda scene: scene.question.C**0.5),
    _size("1/D", lambda scene: 1 / scene.question.D),
)

_SUMS: tuple[Quantity, ...] = (
    Quantity("1/‖x̃‖", lambda scene: 1 / valued(_LENGTH, scene)[:, :1]),
    Quantity("1/‖x̃‖²", lambda scene: 1 / valued(_LENGTH, scene)[:, :1] ** 2),
    Quantity("½ Σ max(0, s_j − s_y + 1)²",
             lambda scene: (hinges(scene) ** 2).sum(axis=1, keepdims=True) / 2),
    Quantity("the mean of the active margins", lambda scene: hinges(scene).sum(
        axis=1, keepdims=True) / np.maximum(count(scene), 1)),
    Quantity("the largest active margin", lambda scene: hinges(scene).max(axis=1, keepdims=True)),
    Quantity("Σ min(1, max(0, s_j − s_y + 1))", lambda scene: np.minimum(hinges(scene), 1).sum(
        axis=1, keepdims=True)),
    Quantity("Σ_{j≠y} s_j", lambda scene: (scene.question.S * (1 - scene.own)).sum(
        axis=1, keepdims=True)),
    Quantity("the number of active classes j < y", lambda scene: (
        scene.active * (np.arange(scene.question.C) < scene.question.y[:, None])).sum(
        axis=1, keepdims=True)),
)  # fmt: skip


#: Of the other examples as well.
_OF_BATCHES: tuple[Quantity, ...] = (
    _size("1/n", lambda scene: 1 / scene.question.n, of_batch=True),
    _size("nC", lambda scene: scene.question.n * scene.question.C, of_batch=True),
    Quantity("kn", lambda scene: count(scene) * scene.question.n, of_batch=True,
             means=OF_EXAMPLES[0].means),
    Quantity("k/n", lambda scene: count(scene) / scene.question.n, of_batch=True,
             means=OF_EXAMPLES[0].means),
    _size("the number of active classes of the batch",
          lambda scene: float(scene.active.sum()), of_batch=True),
    Quantity("the number of active classes of the examples up to i",
             lambda scene: np.cumsum(count(scene), axis=0), of_batch=True),
    Quantity("the number of active classes of the example before",
             lambda scene: np.roll(count(scene), 1, axis=0), of_batch=True),
    Quantity("the number of active classes of the example after",
             lambda scene: np.roll(count(scene), -1, axis=0), of_batch=True),
    _size("the largest number of active classes of an example",
          lambda scene: float(count(scene).max()), of_batch=True),
    _size("the number of examples with an active margin",
          lambda scene: float((count(scene) > 0).sum()), of_batch=True),
    Quantity("the number of examples of class y", lambda scene: (
        scene.own @ scene.own.sum(axis=0))[:, None], of_batch=True),
    Quantity("1 over the number of examples of class y", lambda scene: 1 / (
        scene.own @ scene.own.sum(axis=0))[:, None], of_batch=True),
)  # fmt: skip


def _slope(words: str, of: Callable[[Floats], Any]) -> Quantity:
    return Quantity(words, lambda scene: of(scene.u), means="u = s_j − s_y + 1")


#: Functions of the margin, for rows j ≠ y.
_SLOPES: tuple[Quantity, ...] = (
    _slope("u", lambda u: u),
    _slope("u√u", lambda u: np.maximum(u, 0) ** 1.5),
    _slope("u²", np.square),
    _slope("u³", lambda u: u**3),
    _slope("√u", lambda u: np.sqrt(np.maximum(u, 0))),
    _slope("min(1, u)", lambda u: np.minimum(u, 1)),
    _slope("min(2, u)", lambda u: np.minimum(u, 2)),
    _slope("u/(1 + u)", lambda u: u / (1 + u)),
    _slope("1/(1 + u)", lambda u: 1 / (1 + u)),
    _slope("1/u", lambda u: 1 / u),
    _slope("tanh u", np.tanh),
    _slope("e⁻ᵘ", lambda u: np.exp(-u)),
    _slope("eᵘ", np.exp),
    _slope("log(1 + u)", lambda u: np.log1p(np.maximum(u, 0))),
    _slope("σ(u) = 1/(1 + e⁻ᵘ)", lambda u: 1 / (1 + np.exp(-u))),
    _slope("σ(u − 1) = 1/(1 + e^(s_y − s_j))", lambda u: 1 / (1 + np.exp(1 - u))),
)

_PAIRS: tuple[Quantity, ...] = (
    Quantity("1/(the rank of its margin)", lambda scene: 1 / valued(OF_PAIRS[9], scene),
             means=OF_PAIRS[9].means),
    Quantity("1/(j + 1)", lambda scene: 1 / (1 + np.arange(scene.question.C))),
    Quantity("1/|j − y|", lambda scene: 1 / np.abs(OF_PAIRS[5].of(scene) + scene.own)),
    Quantity("(−1)ʲ", lambda scene: (-1.0) ** np.arange(scene.question.C)),
)  # fmt: skip

#: What the coefficient of row y may be made of.
ROW_Y_TERMS: tuple[Quantity, ...] = (*_COUNTS, *OF_EXAMPLES[1:], *_SIZES, *_SUMS, *_OF_BATCHES)
#: What the coefficient of a row j ≠ y may be made of, where it is not 0.
ROW_J_TERMS: tuple[Quantity, ...] = (
    *_SLOPES,
    *(one for one in OF_PAIRS if one is not MARGIN),
    *_COUNTS,
    *OF_EXAMPLES[1:],
    *_SIZES,
    *_SUMS,
    *_OF_BATCHES,
    *_PAIRS,
)

#: What the loss of an example may be made of: its own sum, and the other numbers of an example.
LOSS_TERMS: tuple[Quantity, ...] = (
    Quantity("Σ max(0, s_j − s_y + 1)", lambda scene: hinges(scene).sum(axis=1, keepdims=True)),
    Quantity("(Σ max(0, s_j − s_y + 1))²", lambda scene: hinges(scene).sum(
        axis=1, keepdims=True) ** 2),
    Quantity("√Σ max(0, s_j − s_y + 1)", lambda scene: np.sqrt(hinges(scene).sum(
        axis=1, keepdims=True))),
    *(term for term in ROW_Y_TERMS if not term.of_batch and "loss" not in term.words),
)  # fmt: skip
#: What one margin may add to the loss.
MARGIN_TERMS: tuple[Quantity, ...] = (*_SLOPES, *OF_PAIRS[:2], *OF_EXAMPLES[1:3])


def fitted(
    value: Floats, terms: Sequence[Quantity], columns: Sequence[Floats], most: int = 3
) -> Iterator[Formula]:
    """Formulas that give every value, (m,), those of fewest terms first.

    columns: what each term is, (m,). most: the number of terms, a constant included. Formulas with
    a constant and those with the number k, or the margin, are looked for before others.
    """
    usable = [
        (term, column)
        for term, column in zip((ONE, *terms), (np.ones_like(value), *columns), strict=True)
        if np.isfinite(column).all() and (term is ONE or (column != column[0]).any())
    ]
    chosen = _telling(value, [column for _, column in usable])
    letters = [term for term, _ in usable]
    matrix = np.array([column for _, column in usable])
    few, right = matrix[:, chosen], value[chosen]
    different = len(np.unique(np.vstack([few, right]), axis=1).T)
    for size in range(1, most + 1):
        if different < 2 * size + 2:  # as many free numbers as measurements: anything fits
            return
        for places in _alike(few, right, size):
            formula = _formula([letters[place] for place in places], few[list(places)], right)
            if formula is not None and _gives(formula, letters, matrix, value):
                yield formula


def _telling(value: Floats, columns: Sequence[Floats]) -> np.ndarray:
    """Which measurements are fitted to: ordinary ones, of many kinds."""
    with np.errstate(all="ignore"):
        size = np.max(np.abs(columns), axis=0)
    ordinary = np.flatnonzero((size < 1e3) & (np.abs(value) < 1e4))
    if not len(ordinary):
        ordinary = np.arange(len(value))
    rng = np.random.default_rng(3)
    return np.sort(rng.permutation(ordinary)[:_FITTED])


def _alike(few: Floats, right: Floats, size: int) -> Iterator[tuple[int, ...]]:
    """Which terms fit nearly, so many at a time: three only with a constant."""
    if size <= 2:
        sets = np.array(list(combinations(range(len(few)), size)))
    else:
        sets = np.array([(0, *two) for two in combinations(range(1, len(few)), 2)])
    sets = sets.reshape(-1, size)
    if not len(sets):
        return
    scale = np.sqrt((few * few).sum(axis=1))
    unit = few / np.where(scale > 0, scale, 1)[:, None]
    gram, against, total = unit @ unit.T, unit @ right, float(right @ right)
    systems = gram[sets[:, :, None], sets[:, None, :]]
    independent = np.linalg.det(systems) > 1e-10
    sets, systems = sets[independent], systems[independent]
    if not len(sets):
        return
    sides = against[sets]
    factors = np.linalg.solve(systems, sides[:, :, None])[:, :, 0]
    left = total - (factors * sides).sum(axis=1)
    for place in np.flatnonzero(left <= 1e-8 * max(total, 1e-12)):
        yield tuple(sets[place].tolist())


def _formula(terms: Sequence[Quantity], columns: Floats, value: Floats) -> Formula | None:
    """The factors, if people would write them."""
    factors = np.linalg.lstsq(columns.T, value, rcond=None)[0]
    parts = tuple((plain(float(factor)), term) for factor, term in zip(factors, terms, strict=True))
    if any(abs(factor) < 1e-9 or not is_plain(factor) for factor, _ in parts):
        return None
    return Formula(parts)


def _gives(formula: Formula, letters: Sequence[Quantity], matrix: Floats, value: Floats) -> bool:
    given = sum(factor * matrix[letters.index(term)] for factor, term in formula.parts)
    size = sum(np.abs(factor * matrix[letters.index(term)]) for factor, term in formula.parts)
    return bool((np.abs(given - value) <= _NEAR * (np.abs(value) + np.asarray(size) + 1e-3)).all())
