"""Other functions of a margin than max(0, ·), with their slopes: in the loss and in the gradient.

A kernel that has the one in its loss has the other in its gradient, and then the fault is one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import Edit
from gradbook.judge.scene import Scene

Of = Callable[[Floats], Any]


@dataclass(frozen=True)
class Hinge:
    """words: of the function of u. value: of u > 0 and u ≤ 0 alike. slope: its derivative."""

    words: str
    value: Of
    slope: Of

    @property
    def said(self) -> str:
        return f"{self.words} stands where max(0, u) belongs, with u = s_j − s_y + 1"

    @property
    def said_of_slope(self) -> str:
        """As it is said where the loss is right, or is not returned."""
        return (
            f"the slope of {self.words} stands where the indicator 1{{u > 0}} belongs, with "
            "u = s_j − s_y + 1"
        )

    def term(self) -> Edit:
        """The loss of an example, with the slopes as its twin."""
        return replace(self._term(), twin=self._indicator())

    def indicator(self) -> Edit:
        """The coefficients of the rows j ≠ y, with the loss as their twin."""
        return replace(self._indicator(), twin=self._term())

    def _term(self) -> Edit:
        return Edit(
            self.words,
            self.said,
            "loss",
            lambda scene: np.asarray((self.value(scene.u) * (1 - scene.own)).sum(axis=1)),
        )

    def _indicator(self) -> Edit:
        def apply(scene: Scene) -> Floats:
            return np.where(scene.own == 1, 0.0, self.slope(scene.u))

        return Edit(self.words, self.said_of_slope, "gradient", apply)


def _positive(of: Of) -> Of:
    """The function of max(0, u), and 0 where that is 0."""
    return lambda u: np.where(u > 0, of(np.maximum(u, 1e-300)), 0.0)


def _sigmoid(u: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-u)))


def power(exponent: float, words: str) -> Hinge:
    """max(0, u) to another power."""
    return Hinge(
        words,
        _positive(lambda u: u**exponent),
        _positive(lambda u: exponent * u ** (exponent - 1)),
    )


def smoothed(width: float, words: str) -> Hinge:
    """A parabola up to `width`, and a straight line from there."""
    return Hinge(
        words,
        lambda u: np.where(
            u < width, np.maximum(u, 0) ** 2 / (2 * width), np.maximum(u, 0) - width / 2
        ),
        lambda u: np.clip(u / width, 0, 1),
    )


def capped(bound: float, words: str) -> Hinge:
    """max(0, u) up to a bound, and constant from there."""
    return Hinge(
        words,
        lambda u: np.clip(u, 0, bound),
        lambda u: 1.0 * ((u > 0) & (u < bound)),
    )


HINGES: tuple[Hinge, ...] = (
    Hinge("log(1 + eᵘ)", lambda u: np.logaddexp(0, u), _sigmoid),
    Hinge("log(1 + eᵘ)", lambda u: np.log(1 + np.exp(u)), lambda u: np.exp(u) / (1 + np.exp(u))),
    Hinge("log(1 + e^(s_j − s_y))", lambda u: np.logaddexp(0, u - 1), lambda u: _sigmoid(u - 1)),
    Hinge(
        "log(1 + e^(s_j − s_y))",
        lambda u: np.log(1 + np.exp(u - 1)),
        lambda u: np.exp(u - 1) / (1 + np.exp(u - 1)),
    ),
    Hinge("eᵘ", np.exp, np.exp),
    Hinge("e^(s_j − s_y)", lambda u: np.exp(u - 1), lambda u: np.exp(u - 1)),
    Hinge("e^max(0, u) − 1", _positive(np.expm1), _positive(np.exp)),
    Hinge("log(1 + max(0, u))", _positive(np.log1p), _positive(lambda u: 1 / (1 + u))),
    Hinge("tanh(max(0, u))", _positive(np.tanh), _positive(lambda u: 1 - np.tanh(u) ** 2)),
    Hinge("1 − e^(−max(0, u))", _positive(lambda u: 1 - np.exp(-u)),
          _positive(lambda u: np.exp(-u))),
    Hinge("max(0, u)/(1 + max(0, u))", _positive(lambda u: u / (1 + u)),
          _positive(lambda u: 1 / (1 + u) ** 2)),
    Hinge("√(1 + u²) − 1", lambda u: np.sqrt(1 + u * u) - 1, lambda u: u / np.sqrt(1 + u * u)),
    Hinge("u²", np.square, lambda u: 2 * u),
    power(1.5, "max(0, u)^1.5"),
    power(0.5, "√max(0, u)"),
    power(3.0, "max(0, u)³"),
    power(4.0, "max(0, u)⁴"),
    Hinge("max(0, u) + max(0, u)²", _positive(lambda u: u + u * u), _positive(lambda u: 1 + 2 * u)),
    Hinge("max(0, u) + ½ max(0, u)²", _positive(lambda u: u + u * u / 2),
          _positive(lambda u: 1 + u)),
    smoothed(2.0, "a hinge smoothed up to 2, ½·u²/2 there and u − 1 beyond,"),
    smoothed(0.5, "a hinge smoothed up to 0.5, u² there and u − 0.25 beyond,"),
    smoothed(0.1, "a hinge smoothed up to 0.1, 5·u² there and u − 0.05 beyond,"),
)  # fmt: skip

HINGE_TERMS: tuple[Edit, ...] = tuple(hinge.term() for hinge in HINGES)
HINGE_SLOPES: tuple[Edit, ...] = tuple(hinge.indicator() for hinge in HINGES)
