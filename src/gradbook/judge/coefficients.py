"""What the measured coefficients of the rows j ≠ y are.

In which rows is the coefficient not 0, and what separates these exactly from the others? What is it
there: a number, one of two, a formula?
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.formulas import ROW_J_TERMS, Formula, fitted
from gradbook.judge.measuring import Measured, same
from gradbook.judge.numbers_in_words import in_words, plain
from gradbook.judge.quantities import MARGIN, QUANTITIES, Quantity, valued
from gradbook.judge.scene import Scene
from gradbook.judge.separating import Predicate, natural, separating

#: Measured coefficients nearer than this are the same.
_SAME = 1e-6
#: Examples of which coefficients are measured have at most so many classes.
_CLASSES = 300
#: So many formulas of one coefficient are kept.
_FORMULAS = 8
#: Of so many batches at most, with so many examples at most, coefficients are measured.
_BATCHES, _EXAMPLES = 60, 8


@dataclass(frozen=True, eq=False)
class Weight:
    """A coefficient of the rows j ≠ y: words say it of all rows, of: (n, C), 0 in the own class.

    by_formula: whether a formula is in it, not levels alone.
    """

    words: str
    of: Callable[[Scene], Floats]
    by_formula: bool = False

    def indicator(self) -> Edit:
        """The weights, where the indicators belong."""
        return replace(self._of_gradient, twin=self._of_loss)

    def term(self) -> Edit:
        """The weighted sum of the margins: the loss that has the weights in its gradient."""
        return replace(self._of_loss, twin=self._of_gradient)

    @property
    def _of_gradient(self) -> Edit:
        return Edit(self.words, self.words, "gradient", self.of)

    @property
    def _of_loss(self) -> Edit:
        return Edit(
            self.words,
            self.words,
            "loss",
            lambda scene: np.asarray((np.asarray(self.of(scene)) * scene.u).sum(axis=1)),
        )


def weights(measured: Measured) -> list[Weight]:
    """What the coefficients of the rows j ≠ y may be, each giving all that were measured."""
    if not measured.scenes:
        return []
    value = measured.others()
    active = measured.of_others(lambda scene: scene.active)
    if same(value, active).all():
        return []
    pairs = _Pairs(measured)
    if same(value[active == 0], 0.0).all():
        return list(_among_active(pairs, value, active))
    every = np.ones(len(value), bool)
    found = [*_anywhere(pairs, value, active), *_ramp(pairs, value, every)]
    return found or list(_functions(pairs, value))


class _Pairs:
    """The quantities of all measured pairs, each computed when it is asked for, once."""

    def __init__(self, measured: Measured) -> None:
        self._measured = measured
        self._columns: dict[Quantity, Floats] = {}

    def column(self, quantity: Quantity) -> Floats:
        if quantity not in self._columns:
            self._columns[quantity] = self._measured.of_others(
                lambda scene: valued(quantity, scene)
            )
        return self._columns[quantity]

    def predicates(self, on: np.ndarray, among: np.ndarray) -> list[Predicate]:
        """What separates the pairs that are `on` from the others that are `among` them."""
        asked = self._measured.asked(QUANTITIES)
        columns = [self.column(quantity)[among] for quantity in asked]
        return separating(asked, columns, on[among])

    def formulas(self, value: Floats, among: np.ndarray, most: int = 2) -> Iterator[Formula]:
        asked = self._measured.asked(ROW_J_TERMS)
        columns = [self.column(term)[among] for term in asked]
        return islice(fitted(value[among], asked, columns, most), _FORMULAS)


def _among_active(pairs: _Pairs, value: Floats, active: Floats) -> Iterator[Weight]:
    """Only active classes count: which of them, and how much?"""
    on = active > 0
    levels = _levels(value[on] / active[on])
    if len(levels) == 1:
        yield _constant(levels[0])
    elif len(levels) == 2:
        yield from _two_levels(pairs, value, active, levels)
    yield from _ramp(pairs, value, on)
    for formula in pairs.formulas(value, on):
        yield _by_formula(formula)
    if len(levels) > 2:
        yield from _partly_by_formula(pairs, value, on)


def _levels(values: Floats, most: int = 3) -> list[float]:
    """The different numbers among the values, up to so many."""
    found: list[float] = []
    left = values
    while len(left) and len(found) < most:
        level = float(left[0])
        found.append(plain(level))
        left = left[~same(left, level)]
    return found


def _constant(level: float) -> Weight:
    return Weight(
        f"every active class has the weight {in_words(level)}, not 1",
        lambda scene: level * scene.active,
    )


def _two_levels(
    pairs: _Pairs, value: Floats, active: Floats, levels: Sequence[float]
) -> Iterator[Weight]:
    """The page's weight first, or the one that is not 0: what separates the other from it."""
    among = active > 0
    odd = min(levels, key=lambda level: (level == 1.0, level != 0.0))
    usual = next(level for level in levels if level != odd)
    is_odd = same(value, odd * active)
    if odd == 0.0:
        for where in pairs.predicates(~is_odd, among):
            yield _kept(where, usual)
        return
    for where in pairs.predicates(is_odd, among):
        yield _weighted(where, odd, usual)


def _kept(where: Predicate, weight: float) -> Weight:
    words = f"an active class j counts only where {where.words}"
    if weight != 1.0:
        words += f", and with the weight {in_words(weight)}, not 1"
    return Weight(words, lambda scene: scene.active * np.where(where.holds(scene), weight, 0.0))


def selections() -> Iterator[Weight]:
    """The active classes for which something holds that people write."""
    for where in natural(QUANTITIES):
        yield _kept(where, 1.0)


def _weighted(where: Predicate, odd: float, usual: float) -> Weight:
    words = f"an active class j has the weight {in_words(odd)} where {where.words}"
    words += ", not 1" if usual == 1.0 else f", and {in_words(usual)} elsewhere, not 1"
    return Weight(words, lambda scene: scene.active * np.where(where.holds(scene), odd, usual))


def _by_formula(formula: Formula) -> Weight:
    return Weight(
        f"an active class j has the weight {formula.words}, not 1{_with(formula.means)}",
        lambda scene: scene.active * np.where(scene.active > 0, formula.of(scene), 0.0),
        by_formula=True,
    )


def _with(means: str) -> str:
    return f", with {means}" if means else ""


def _partly_by_formula(pairs: _Pairs, value: Floats, on: np.ndarray) -> Iterator[Weight]:
    """A formula on some of the active classes, and 0 or 1 on the others."""
    for level in (0.0, 1.0):
        there = on & ~same(value, level)
        if not there.any() or (there == on).all():
            continue
        formula = next(pairs.formulas(value, there, most=1), None)
        if formula is None:
            continue
        for where in pairs.predicates(there, on):
            yield Weight(
                f"an active class j has the weight {formula.words} where {where.words}, and "
                f"{in_words(level)} elsewhere, not 1{_with(formula.means)}",
                lambda scene, where=where, formula=formula, level=level: (
                    scene.active * np.where(where.holds(scene), formula.of(scene), level)
                ),  # type: ignore[misc]
                by_formula=True,
            )


def _anywhere(pairs: _Pairs, value: Floats, active: Floats) -> Iterator[Weight]:
    """Classes that are not active count as well: two levels, or three."""
    levels = _levels(value)
    every = np.ones(len(value), bool)
    on, off = active > 0, active == 0
    of_active, of_others = _levels(value[on]), _levels(value[off])
    if len(levels) == 1:
        yield Weight(
            f"every class j ≠ y has the coefficient {in_words(levels[0])}, active or not",
            lambda scene: levels[0] * (1 - scene.own),
        )
    elif len(of_active) == len(of_others) == 1:
        yield _leaky(of_active[0], of_others[0])
    elif len(levels) == 2 and 0.0 in levels:
        level = next(level for level in levels if level != 0.0)
        for where in pairs.predicates(~same(value, 0.0), every):
            yield _indicator(where, level)
    if of_active == [1.0] and len(of_others) == 2 and 0.0 in of_others:
        level = next(level for level in of_others if level != 0.0)
        for where in pairs.predicates(~same(value, 0.0) & off, off):
            yield _also(where, level)


def _leaky(of_active: float, of_others: float) -> Weight:
    words = f"a class that is not active has the coefficient {in_words(of_others)}, not 0"
    if of_active != 1.0:
        words += f", and an active one {in_words(of_active)}, not 1"
    return Weight(
        words,
        lambda scene: (1 - scene.own) * (scene.active * of_active + (1 - scene.active) * of_others),
    )


def _indicator(where: Predicate, level: float) -> Weight:
    times = "" if level == 1.0 else f"{in_words(level)}·"
    return Weight(
        f"the indicator is {times}1{{{where.words}}}, not 1{{s_j − s_y + 1 > 0}}",
        lambda scene: level * where.holds(scene) * (1 - scene.own),
    )


def _also(where: Predicate, level: float) -> Weight:
    how = "" if level == 1.0 else f" with the coefficient {in_words(level)}"
    return Weight(
        f"a class j that is not active counts too{how}, where {where.words}",
        lambda scene: (
            (1 - scene.own) * np.where(scene.active > 0, scene.active, level * where.holds(scene))
        ),
    )


def _ramp(pairs: _Pairs, value: Floats, among: np.ndarray) -> Iterator[Weight]:
    """A straight line in the margin, cut at the least and at the largest value."""
    u, a = pairs.column(MARGIN)[among], value[among]
    low, high = plain(float(a.min())), plain(float(a.max()))
    low = 0.0 if same(np.array(low), 0.0) else low
    inner = ~same(a, low) & ~same(a, high)
    if len(np.unique(u[inner])) < 2:
        return
    slope, start = np.polyfit(u[inner], a[inner], 1)
    slope, start = plain(float(slope)), plain(float(start))
    if not same(np.clip(slope * u + start, low, high), a).all():
        return
    line = f"{'' if slope == 1 else in_words(slope) + '·'}u"
    line += f" {'+' if start > 0 else '−'} {in_words(abs(start))}" if start else ""
    cut = f"min({in_words(high)}, {line})"
    cut = cut if among.all() is np.False_ or low == 0 else f"max({in_words(low)}, {cut})"
    yield Weight(
        f"the hinge is smoothed: its slope is {cut}, not 1, where it is active, with "
        "u = s_j − s_y + 1",
        lambda scene: (
            np.clip(slope * scene.u + start, low, high)
            * (1 - scene.own)
            * (1.0 if among.all() else scene.active > 0)
        ),
    )


def _functions(pairs: _Pairs, value: Floats) -> Iterator[Weight]:
    """One formula for active classes and others alike."""
    for formula in pairs.formulas(value, np.ones(len(value), bool)):
        yield Weight(
            f"{formula.words} stands where the indicator 1{{s_j − s_y + 1 > 0}} belongs"
            f"{_with(formula.means)}",
            lambda scene, formula=formula: formula.of(scene) * (1 - scene.own),  # type: ignore[misc]
            by_formula=True,
        )
