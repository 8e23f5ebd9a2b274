"""How a function wants its arguments and what it returns: none of it is an error.

The page writes W as (C, D) and each example as a column; courses pass W as (D, C) and the examples
as rows of X. A `Convention` says which of these a function means, and `ask` puts a question to it
in its own convention and brings the answer back into the page's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gradbook.judge.question import Question
from gradbook.subjects import Argument, Subject

#: What is returned where the place of the gradient is there, and nothing in it.
UNFINISHED = "a loss and None"

#: What a function may penalise: a factor of reg·ΣW², and which feature's weights it spares.
PENALTIES = {1.0: "reg·ΣW²", 0.5: "½·reg·ΣW²"}


@dataclass(frozen=True)
class Convention:
    """order: the role of each argument, "W", "X", "y", "reg" or "margin".

    weights:  "(C, D)" or "(D, C)". examples: "(N, D)" or "(D, N)". labels: "integers", or
              "one-hot" for an (N, C) array of 0 and 1.
    returns:  "loss and gradient", "loss" or "gradient".
    penalty:  1 for reg·ΣW², ½ for ½·reg·ΣW²; None if there is no reg. averaged: whether it is
              divided by n, as the data's part is. spared: the feature whose weights are not
              penalised: None, 0 for the first or −1 for the last.
    at_kink:  the value that it gives to the indicator of a margin of exactly 0; None where it is
              not one value, but a subgradient everywhere.
    """

    order: tuple[str, ...] = ("W", "X", "y", "reg")
    weights: str = "(D, C)"
    examples: str = "(N, D)"
    labels: str = "integers"
    returns: str = "loss and gradient"
    penalty: float | None = None
    averaged: bool = False
    spared: int | None = None
    at_kink: float | None = 0.0

    @property
    def has_reg(self) -> bool:
        """Whether the strength of the regularisation is an argument."""
        return "reg" in self.order

    @property
    def gives_loss(self) -> bool:
        return "loss" in self.returns

    @property
    def gives_gradient(self) -> bool:
        return "gradient" in self.returns

    def __str__(self) -> str:
        words = [
            f"W is {self.weights} and X is {self.examples}",
            "y is one-hot" if self.labels == "one-hot" else "",
            f"returns the {self.returns.replace('and', 'and the')}",
            self._penalty() if self.penalty else "",
            {
                0: "without the first feature's weights",
                -1: "without the last feature's weights",
            }.get(1 if self.spared is None else self.spared, ""),
            "" if self.has_reg else "there is no reg",
            self._kink() if self.gives_gradient else "",
        ]
        return "; ".join(word for word in words if word)

    def _penalty(self) -> str:
        assert self.penalty is not None
        return f"the penalty is {PENALTIES[self.penalty]}{' / n' if self.averaged else ''}"

    def _kink(self) -> str:
        if self.at_kink is None:
            return "at a margin of 0 it takes one of the subgradients"
        sign = {0.0: "1{… > 0}", 1.0: "1{… ≥ 0}"}.get(self.at_kink)
        return f"the indicator is {sign or f'{self.at_kink:g} at a margin of 0'}"


@dataclass(frozen=True, eq=False)
class Reply:
    """An answer in the page's layout: gradient is (C, D) in the dtype that came.

    error: "" or one clause that follows the function's name. shape: of a gradient that has another
    one than W, as it came.
    """

    loss: float | None = None
    gradient: np.ndarray | None = None
    error: str = ""
    fatal: bool = False
    changed: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    shape: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Presentation:
    """How the arrays of a question are handed over; as float64 in C order, if nothing is said."""

    words: str = ""
    W: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    X: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)
    y: Callable[[np.ndarray], np.ndarray] = field(default=np.ascontiguousarray)


PLAIN = Presentation()


def ask(
    subject: Subject,
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
) -> Reply:
    """One call. What the function does wrong is in the reply."""
    answer = subject(*arguments(convention, question, presentation))
    problem = answer.error
    gradient, other = answer.gradient, None
    if not problem and convention.gives_loss and answer.loss is None:
        problem = f"returns {answer.returned} and no loss"
    if not problem and convention.gives_gradient:
        shape = (question.C, question.D)
        if convention.weights == "(D, C)":
            shape = shape[::-1]
            gradient = None if gradient is None else gradient.T
        if gradient is None:
            unfinished = answer.returned == UNFINISHED
            instead = (
                "None in place of a gradient"
                if unfinished
                else f"{answer.returned} and no gradient"
            )
            problem = f"returns {instead}"
        elif gradient.shape != (question.C, question.D):
            assert answer.gradient is not None
            other = answer.gradient.shape
            problem = f"returns a gradient of the shape {other} where W has {shape}"
    return Reply(
        loss=answer.loss if convention.gives_loss else None,
        gradient=gradient if convention.gives_gradient else None,
        error=problem,
        fatal=answer.fatal,
        changed=answer.changed,
        aliases=answer.aliases,
        shape=other,
    )


def arguments(
    convention: Convention, question: Question, presentation: Presentation = PLAIN
) -> list[Argument]:
    """What the function is called with, in its own order and layout."""
    W = question.W.T if convention.weights == "(D, C)" else question.W
    X = question.X.T if convention.examples == "(D, N)" else question.X
    y = question.own if convention.labels == "one-hot" else question.y
    given: Mapping[str, Any] = {
        "W": presentation.W(W),
        "X": presentation.X(X),
        "y": presentation.y(y),
        "reg": float(question.reg),
        "margin": 1.0,
    }
    return [given[role] for role in convention.order]
