"""The coefficient table: what multiplies x̃ in each row and region, measured and right.

Inside a region the gradient of one example is μ x̃ᵀ. So the answers to single examples *measure* μ,
whatever the function does inside; they are shown beside the page's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.numbers_in_words import unlike
from gradbook.judge.judgement import Row
from gradbook.questions.formula import Floats
from gradbook.questions.scene import scene_of

#: Numbers that are written out, before "…".
_SHOWN = 3
#: Up to this many active margins, row y has a row of its own.
_ACTIVE = 3


@dataclass
class _Cell:
    expected: set[float] = field(default_factory=set)
    measured: set[float] = field(default_factory=set)
    multiples: bool = True
    agrees: bool = True
    between: bool = False


def table(observations: Sequence[Observation]) -> tuple[Row, ...]:
    """Rows j ≠ y by the sign of their margin, row y by how many are active; () without data.

    For a loss with one margin for each j ≠ y, which the page's is.
    """
    cells: dict[str, _Cell] = {name: _Cell() for name in _names()}
    for one in observations:
        scene = scene_of(one.question, one.convention.at_kink)
        if not _measurable(one) or not scene.one_margin_each:
            continue
        a, multiples = coefficients(one)
        for place, name in _places(scene.u[0], int(one.question.y[0])):
            if name in cells:
                _enter(cells[name], one, place, float(a[place]), float(scene.mu[0][place]))
                cells[name].multiples &= bool(multiples[place])
    return tuple(_row(name, cell) for name, cell in cells.items() if cell.measured)


def _enter(cell: _Cell, one: Observation, place: int, found: float, right: float) -> None:
    """One coefficient. At a kink of which no one value is the convention all between are right."""
    rights = [right]
    if one.undecided:
        rights = [float(one.question.right_at_kink(value).mu[0][place]) for value in (0.0, 1.0)]
    cell.between |= len(set(rights)) > 1
    cell.expected.update(rights)
    cell.measured.add(right if _near(found, right) else round(found, 9) + 0.0)
    cell.agrees &= min(rights) <= found <= max(rights) or any(_near(found, r) for r in rights)


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-9 * (1 + abs(other))


def coefficients(one: Observation) -> tuple[Floats, np.ndarray]:
    """What multiplies x̃ in each row, (C,), and whether the row is a multiple of it at all."""
    x, gradient = one.question.X[0], np.asarray(one.reply.gradient, dtype=float)
    a = gradient[:, 0] / x[0]
    with np.errstate(all="ignore"):
        apart = np.abs(gradient - np.outer(a, x)) <= 1e-9 * np.abs(x) * (np.abs(a)[:, None] + 1)
    return a, apart.all(axis=1)


def _measurable(one: Observation) -> bool:
    if one.reply.gradient is None or one.failed or one.beyond or one.question.n > 1:
        return False
    u = one.question.right.kinks
    plain = np.abs(u[~np.isnan(u)]) < 8
    return bool(one.question.X[0, 0]) and bool(plain.all()) and one.question.C <= 5


def _places(u: Floats, label: int) -> Iterator[tuple[int, str]]:
    """The cell of each row of one example."""
    active = 0
    at_kink = False
    for j, margin in enumerate(u.tolist()):
        if j == label:
            continue
        active += margin > 0
        at_kink |= margin == 0
        sign = ">" if margin > 0 else "<" if margin < 0 else "="
        yield j, _of_row_j(sign)
    if not at_kink:
        yield label, _of_row_y(active)


def _of_row_j(sign: str) -> str:
    return f"row j ≠ y, s_j − s_y + 1 {sign} 0"


def _of_row_y(active: int) -> str:
    return f"row y, {active} active"


def _names() -> list[str]:
    return [
        *(_of_row_j(sign) for sign in (">", "=", "<")),
        *(_of_row_y(active) for active in range(_ACTIVE + 1)),
    ]


def _row(name: str, cell: _Cell) -> Row:
    measured = _written(cell.measured, cell.expected) if cell.multiples else "no multiple of x̃ᵀ"
    joint = " to " if cell.between else " or "
    agrees = cell.multiples and cell.agrees
    return Row(name, _written(cell.expected, cell.measured, joint), measured, agrees)


def _written(values: set[float], others: set[float], joint: str = " or ") -> str:
    """A few numbers, in digits that tell them from the others; of many the least and the most."""
    ordered = sorted(values)
    if len(ordered) > _SHOWN:
        ordered, joint = [ordered[0], ordered[-1]], " to "
    else:
        ordered.sort(key=lambda value: (abs(value), value))
    return joint.join(_apart_from(value, others) for value in ordered)


def _apart_from(value: float, others: set[float]) -> str:
    nearest = min(others, key=lambda other: abs(other - value))
    return unlike(value, value if _near(value, nearest) else nearest, 4)
