"""What reg may add to the loss and to the gradient: forms, from the usual to the far-fetched."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations, product
from typing import Any

import numpy as np

from gradbook.questions.formula import Floats
from gradbook.questions.question import Question


@dataclass(frozen=True)
class Form:
    """A penalty, or its gradient: ½·reg·ΣW² / n without the last feature's weights.

    factor, power, name: its number, and what is made of reg and of W. divisor, left_out: what
    follows, such as " / n". of_loss: whether it is a number, or a matrix as the gradient is.
    """

    factor: float
    power: str = "reg"
    name: str = "ΣW²"
    divisor: str = ""
    left_out: str = ""
    of_loss: bool = True

    def value(self, question: Question) -> Floats:
        """What it adds: a number, or (C, D)."""
        if not self.factor:
            return np.asarray(0.0)
        scale = self.factor * _POWERS[self.power](question.reg) * _DIVISORS[self.divisor](question)
        of_weights = (_OF_LOSS if self.of_loss else _OF_GRADIENT)[self.name]
        if not self.left_out:
            return np.asarray(scale * of_weights(question.W))
        times = (_LEFT_OUT.get(self.left_out) or _COUNTED[self.left_out])(question)
        if not self.of_loss:
            return np.asarray(scale * of_weights(question.W * (times != 0)) * times)
        # A square counts as often as what is under it counts the root of that.
        return np.asarray(scale * of_weights(question.W * np.sqrt(times)))

    @property
    def words(self) -> str:
        """ "2·reg·W / n"."""
        if not self.factor:
            return "0"
        what = f"{self.power} in every entry" if self.name == "𝟙" else f"{self.power}·{self.name}"
        return f"{_times(self.factor)}{what}{self.divisor}{self.left_out}"

    @property
    def is_usual(self) -> bool:
        """Whether it is made of reg and of all W², or of W, whatever the factor and the divisor."""
        return (self.power, self.left_out) == ("reg", "") and self.name in ("ΣW²", "W")

    @property
    def faults(self) -> int:
        """How many of its parts are not as usual."""
        parts = (self.factor, self.power, self.name, self.divisor, self.left_out)
        return sum(a not in usual for a, usual in zip(parts, _USUAL[self.of_loss], strict=True))

    @property
    def slope(self) -> Form | None:
        """The gradient that belongs to it, as a part of the loss; None if not known."""
        if self.name not in _SLOPES:
            return None
        factor, name = _SLOPES[self.name]
        return replace(self, factor=factor * self.factor, name=name, of_loss=False)

    def is_like(self, other: Form) -> bool:
        """Whether they differ in the factor alone."""
        return (self.power, self.divisor, self.left_out) == (
            other.power,
            other.divisor,
            other.left_out,
        )


#: The factors of a penalty and of its gradient that are usual, and so on; by whether it is a loss.
_USUAL: dict[bool, tuple[tuple[Any, ...], ...]] = {
    True: ((1.0, 0.5), ("reg",), ("ΣW²",), ("",), ("",)),
    False: ((2.0, 1.0), ("reg",), ("W",), ("",), ("",)),
}
#: Forms with more faults are not looked for.
_FAULTS = 2
#: What the gradient has for each form of the loss, and its factor.
_SLOPES = {"ΣW²": (2.0, "W"), "Σ|W|": (1.0, "sign(W)"), "‖W‖": (1.0, "W/‖W‖")}


def _times(factor: float) -> str:
    return _FACTORS.get(factor, f"{factor:g}·".replace("-", "−"))


_FACTORS = {
    1.0: "",
    2.0: "2·",
    0.5: "½·",
    0.25: "¼·",
    4.0: "4·",
    -1.0: "−",
    -2.0: "−2·",
    -0.5: "−½·",
}
_POWERS: dict[str, Callable[[float], float]] = {
    "reg": lambda reg: reg,
    "reg²": lambda reg: reg**2,
    "√reg": lambda reg: reg**0.5,
    "min(reg, 1)": lambda reg: min(reg, 1.0),
    "1{reg > 0}": lambda reg: float(reg > 0),
}
_DIVISORS: dict[str, Callable[[Question], float]] = {
    "": lambda q: 1.0,
    " / n": lambda q: 1 / q.n,
    " · n": lambda q: float(q.n),
    " / √n": lambda q: q.n**-0.5,
    " / C": lambda q: 1 / q.C,
    " / D": lambda q: 1 / q.D,
    " / (C·D)": lambda q: 1 / (q.C * q.D),
    " · C": lambda q: float(q.C),
    " · D": lambda q: float(q.D),
    " / n²": lambda q: 1 / q.n**2,
    ", once for each active margin": lambda q: _active(q),
    ", once for each active margin, / n": lambda q: _active(q) / q.n,
    ", once for each example and class, / n": lambda q: float(q.C),
    ", once for each example and class j ≠ y": lambda q: q.n * (q.C - 1.0),
    ", once for each class j ≠ y": lambda q: q.C - 1.0,
}
#: The weights that are penalised, or how often each: (C, 1), (1, D) or (C, D).
_LEFT_OUT: dict[str, Callable[[Question], Floats]] = {
    "": lambda q: np.ones((1, 1)),
    " without the last feature's weights": lambda q: _all_but(q.D, -1)[None, :],
    " without the first feature's weights": lambda q: _all_but(q.D, 0)[None, :],
    " without the last class's weights": lambda q: _all_but(q.C, -1)[:, None],
    " without the first class's weights": lambda q: _all_but(q.C, 0)[:, None],
    " without the weights of classes that do not occur": lambda q: _each(_own(q) > 0),
    " without the weights of classes that occur": lambda q: _each(_own(q) == 0),
    " without the rows in which the data's part is 0": lambda q: _each(_adding(q) > 0),
    " without the weights of classes of which no margin is active": lambda q: _each(_margins(q)),
    " without the negative weights": lambda q: _each(q.W > 0),
    " without the positive weights": lambda q: _each(q.W < 0),
}
#: The same where a row counts more often than once.
_COUNTED: dict[str, Callable[[Question], Floats]] = {
    ", row c once for each example of class c": lambda q: _each(_own(q)),
    ", row c once for each active margin of class c": lambda q: _each(_margins(q)),
    ", row c once for each example that adds to it": lambda q: _each(_adding(q)),
}
_OF_LOSS: dict[str, Callable[[Floats], Floats]] = {
    "ΣW²": lambda W: np.asarray(np.sum(W**2)),
    "Σ|W|": lambda W: np.asarray(np.sum(np.abs(W))),
    "‖W‖": lambda W: np.asarray(np.sqrt(np.sum(W**2))),
    "(ΣW)²": lambda W: np.asarray(np.sum(W) ** 2),
    "(the sum of all entries of WWᵀ)": lambda W: np.asarray(np.sum(W.sum(axis=0) ** 2)),
    "(the sum of all entries of WᵀW)": lambda W: np.asarray(np.sum(W.sum(axis=1) ** 2)),
    "‖W‖₂²": lambda W: np.asarray(np.linalg.norm(W, 2) ** 2),
    "‖W‖₂": lambda W: np.asarray(np.linalg.norm(W, 2)),
    "ΣW": lambda W: np.asarray(np.sum(W)),
    "max|W|": lambda W: np.asarray(np.abs(W).max(initial=0)),
    "1": lambda W: np.asarray(1.0),
}
_OF_GRADIENT: dict[str, Callable[[Floats], Floats]] = {
    "W": lambda W: W,
    "sign(W)": np.sign,
    "|W|": np.abs,
    "𝟙": np.ones_like,
    "W²": np.square,
    "W/‖W‖": lambda W: W / max(float(np.sqrt(np.sum(W**2))), 1e-300),
    "(W with its last row minus the sum of the others)": lambda W: np.vstack(
        [W[:-1], -W[:-1].sum(axis=0)]
    ),
    "(the sum of W over the classes)": lambda W: np.broadcast_to(W.sum(axis=0), W.shape),
    "(the sum of W over the features)": lambda W: np.broadcast_to(
        W.sum(axis=1, keepdims=True), W.shape
    ),
    "ΣW": lambda W: np.full_like(W, W.sum()),
    "ΣW²": lambda W: np.full_like(W, (W**2).sum()),
}

NOTHING = Form(0.0)
#: Penalties that are conventions, with their gradients: whether they are divided by n, as the
#: data's part is, the factor, and the feature whose weights are spared.
CONVENTIONS = tuple(
    Form(factor, divisor=divisor, left_out=left_out)
    for divisor in ("", " / n")
    for factor in (1.0, 0.5)
    for left_out in [*_LEFT_OUT][:3]
)


def _active(question: Question) -> float:
    return float((question.right.kinks > 0).sum())


def _all_but(count: int, place: int) -> Floats:
    weights = np.ones(count)
    weights[place] = 0
    return weights


def _each(rows: np.ndarray) -> Floats:
    """Numbers of the rows as a column; those of single weights stay as they are."""
    numbers = np.asarray(rows, dtype=float)
    return numbers if numbers.ndim == 2 else numbers[:, None]


def _own(question: Question) -> Floats:
    """How many examples each class has, (C,)."""
    return np.asarray(question.own.sum(axis=0))


def _adding(question: Question) -> Floats:
    """How many examples add to the row of each class, (C,)."""
    return np.asarray((question.right.mu != 0).sum(axis=0))


def _margins(question: Question) -> Floats:
    """How many margins of each class are active, (C,)."""
    return np.asarray((question.right.mu * (1 - question.own) > 0).sum(axis=0))


@cache
def forms(of_loss: bool) -> tuple[Form, ...]:
    """All forms, those with the fewest faults first."""
    usual, names = _USUAL[of_loss], [*(_OF_LOSS if of_loss else _OF_GRADIENT)]
    left_out = [*_LEFT_OUT, *_COUNTED]
    parts: list[list[Any]] = [[*_FACTORS], [*_POWERS], names, [*_DIVISORS], left_out]
    few = {
        each
        for odd in combinations(range(len(parts)), _FAULTS)
        for each in product(*(parts[i] if i in odd else usual[i] for i in range(len(parts))))
        if each[-1] not in _COUNTED or each[2] in usual[2]
    }
    in_order = sorted(few, key=lambda each: [a.index(b) for a, b in zip(parts, each, strict=True)])
    made = (replace(Form(*each), of_loss=of_loss) for each in in_order)
    return tuple(sorted([NOTHING, *made], key=lambda form: form.faults))
