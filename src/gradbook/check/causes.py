"""What may be wrong with a kernel, as predictions of the answers that it would then give.

A cause is stated only if it predicts every answer of the kernel, the right ones and the wrong ones,
to the last bit. A suspicion that fits most of them is worth nothing: then the facts are stated.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from gradbook.check.calls import Answer
from gradbook.check.exact_case import Case, exact_case
from gradbook.check.formula import Floats
from gradbook.loss import Loss
from gradbook.notation import hinge, step

#: One call and what came of it.
Observation = tuple[Case, Answer]


@dataclass(frozen=True)
class Cause:
    """clause: what is wrong, after "the gradient is wrong:". predict: the gradient of one case."""

    clause: str
    predict: Callable[[Case], np.ndarray]


def cause_of_gradient(loss: Loss, observed: Sequence[Observation]) -> str:
    """The first cause that predicts every gradient exactly, as a clause; "" if none does."""
    for cause in (*_OF_GRADIENT, *_other_kinks(loss)):
        if all(_same(answer.gradient, cause.predict(case)) for case, answer in observed):
            return cause.clause
    return ""


def cause_of_loss(observed: Sequence[Observation]) -> str:
    """The same for the loss: a factor, or a constant that is added."""
    for clause, factor in _FACTORS:
        if all(answer.loss == case.loss * factor(case) for case, answer in observed):
            return clause
    differences = {answer.loss - case.loss for case, answer in observed}
    if len(differences) == 1:
        extra = differences.pop()
        return f"it is too {'large' if extra > 0 else 'small'} by {abs(extra):g} every time"
    return ""


def _same(found: np.ndarray, predicted: np.ndarray) -> bool:
    return bool((found == predicted.astype(found.dtype)).all())


_FACTORS: tuple[tuple[str, Callable[[Case], float]], ...] = (
    ("it is the negative of the right one", lambda case: -1.0),
    ("it is n times the right one: the mean's 1/n is missing", lambda case: float(case.n)),
    ("it is the right one divided by n: the mean is taken twice", lambda case: 1 / case.n),
    ("it is twice the right one", lambda case: 2.0),
    ("it is half the right one", lambda case: 0.5),
    ("it is C times the right one", lambda case: float(len(case.W))),
    ("it is C − 1 times the right one", lambda case: len(case.W) - 1.0),
    ("it is the right one divided by C", lambda case: 1 / len(case.W)),
    ("it is D times the right one", lambda case: float(case.W.shape[1])),
)


def _times(factor: Callable[[Case], float]) -> Callable[[Case], np.ndarray]:
    return lambda case: np.asarray(case.gradient * factor(case))


def _own(case: Case) -> np.ndarray:
    """1 where the row is the example's own class: (n, C)."""
    return np.asarray(case.y[:, None] == np.arange(len(case.W)), dtype=float)


def _mean(case: Case, mu: Floats) -> np.ndarray:
    return np.asarray(mu.T @ case.X.astype(float) / case.n)


def _last_of_label(case: Case) -> np.ndarray:
    """1 for the last example of each label: (n, 1)."""
    later = [case.y[i] in case.y[i + 1 :] for i in range(case.n)]
    return 1.0 - np.array(later, dtype=float)[:, None]


_OF_GRADIENT = (
    *(Cause(clause, _times(factor)) for clause, factor in _FACTORS),
    Cause("row y stays 0", lambda case: _mean(case, case.mu * (1 - _own(case)))),
    Cause("only row y is written", lambda case: _mean(case, case.mu * _own(case))),
    Cause("row y has the wrong sign", lambda case: _mean(case, case.mu * (1 - 2 * _own(case)))),
    Cause(
        "row y counts one active term at most",
        lambda case: _mean(case, case.mu * (1 - _own(case)) + np.maximum(case.mu, -1) * _own(case)),
    ),
    Cause(
        "row y counts the correct class as well",
        lambda case: _mean(case, case.mu - _own(case)),
    ),
    Cause(
        "the correct class is not left out of the sum over j",
        lambda case: _mean(case, case.mu + _own(case)),
    ),
    Cause(
        "where a label repeats, row y keeps its last example only",
        lambda case: _mean(case, case.mu * np.where(_own(case) == 1, _last_of_label(case), 1)),
    ),
    Cause(
        "only the last example counts",
        lambda case: _mean(case, case.mu * (np.arange(case.n) == case.n - 1)[:, None]),
    ),
    Cause(
        "the last example does not count",
        lambda case: _mean(case, case.mu * (np.arange(case.n) < case.n - 1)[:, None]),
    ),
    Cause("it is 0 everywhere", lambda case: np.zeros_like(case.gradient)),
)


def _other_kinks(loss: Loss) -> Iterator[Cause]:
    """The gradient of the same formula, with other values declared at its kinks."""
    for value, clause in ((1, "1"), (0, "0"), (0.5, "1/2")):
        other = _with_kinks(loss, value)
        if other != loss:
            yield Cause(
                f"at a margin of exactly 0 it takes the indicator to be {clause}",
                lambda case, other=other: _gradient_of(other, case),  # type: ignore[misc]
            )


@cache
def _with_kinks(loss: Loss, value: float) -> Loss:
    from sympy import Rational

    formula = loss.formula.replace(
        lambda part: isinstance(part, hinge | step),
        lambda part: part.func(part.args[0], Rational(value)),
    )
    return Loss(loss.name, formula, loss.key)


def _gradient_of(loss: Loss, case: Case) -> np.ndarray:
    other = exact_case(loss, case.W.astype(float), case.X.astype(float), case.y)
    return np.full(case.gradient.shape, np.nan) if other is None else other.gradient
