"""The rest of the convention: the value at the kink and the penalty, read off the answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

import numpy as np

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.penalties.forms import CONVENTIONS
from gradbook.questions.question import Question, worked_out
from gradbook.subjects import Subject

T = TypeVar("T")


def penalties(convention: Convention) -> list[Convention]:
    """The convention with each penalty that there may be."""
    return [replace(convention, penalty=form) for form in CONVENTIONS]


def settle_kink(observations: Sequence[Observation]) -> float | None:
    """The one value at every kink that explains most; None if only a subgradient each time does."""
    at_kinks = [
        one
        for one in observations
        if one.question.at_kink and not one.failed and one.reply.gradient is not None
    ]
    if not at_kinks:
        return 0.0
    measured = {float(a) for one in at_kinks[:60] for a in _at_kink(one)}
    values = [0.0, 1.0, 0.5, *sorted(a for a in measured if 0 < a < 1 and a != 0.5)[:3]]
    for value in values:
        worked_out((one.question for one in at_kinks), value)
    # Where no gradient is right, the rows j ≠ y still tell what the indicator is.
    counts = {
        value: (
            _right_ones(at_kinks, value),
            sum((_at_kink(one) == value).sum() for one in at_kinks),
        )
        for value in values
    }
    best = max(counts, key=counts.__getitem__)
    # What is done to a sum of examples does not tell what a single one's indicator is.
    single = [one for one in at_kinks if one.question.n == 1]
    if single and _right_ones(single, best) < len(single) and all(map(_is_subgradient, single)):
        return None
    return best


def settle_penalty(
    convention: Convention, pairs: Sequence[Pair], penalty: float | None = None
) -> tuple[Convention, list[Pair]]:
    """The penalty that explains most, and the pairs in that convention.

    penalty: the factor of reg·ΣW², where a person has said what it is.
    """

    def observed(candidate: Convention) -> list[Pair]:
        # Without reg all candidates expect the same.
        return [(base, replace(one, convention=candidate)) for base, one in pairs]

    known = [
        one
        for one in penalties(convention)
        if penalty is None
        or (one.penalty and one.penalty.factor == penalty and one.averaged == one.summed)
    ]
    best = _first_best(known, lambda one: _explained(observed(one)))
    return best, [(replace(base, convention=best), one) for base, one in observed(best)]


def further_pairs(subject: Subject, convention: Convention, pairs: Sequence[Pair]) -> list[Pair]:
    """If the penalty is wrong from some n on, answers at smaller n, until that is known."""
    found: list[Pair] = []
    if any(one.reply.fatal for pair in pairs for one in pair):
        return found
    wrong, right = _beside_n(pairs)
    while wrong is not None and wrong.n > right + 1:
        half = (wrong.n + right) // 2
        part = replace(wrong, X=wrong.X[:half], y=wrong.y[:half])
        base, one = (
            Observation(each, ask(subject, convention, each), convention)
            for each in (part.with_reg(0.0), part)
        )
        found.append((base, one))
        if all(penalty_parts(base, one)):
            right = half
        else:
            wrong = part
    return found


def _beside_n(pairs: Sequence[Pair]) -> tuple[Question | None, int]:
    """The question of the fewest examples at which reg is wrong, and the most at which it is right.

    None if it is not wrong at all larger n.
    """
    parts = [(one.question, all(penalty_parts(base, one))) for base, one in pairs]
    right = max((question.n for question, good in parts if good), default=0)
    wrong = min((q for q, good in parts if not good), key=lambda q: q.n, default=None)
    return (wrong, right) if right and wrong is not None and wrong.n > right else (None, right)


def _explained(pairs: Sequence[Pair]) -> tuple[int, int, int]:
    """How many penalties are right in loss and gradient both, in either, and in a usual loss."""
    both = either = loss = 0
    for base, one in pairs:
        parts = penalty_parts(base, one)
        both += all(parts)
        either += sum(parts)
        convention = one.convention
        whole = convention.penalty is not None and not convention.penalty.left_out
        usual = whole and convention.averaged == convention.summed
        loss += usual and all(parts[:1])
    return both, either, loss


def penalty_parts(base: Observation, one: Observation) -> list[bool]:
    """Of the loss and of the gradient, as far as returned: whether what reg adds is right."""
    if base.failed or one.failed:
        return []
    parts = []
    for part in ("loss", "gradient"):
        with_reg, without = getattr(one.reply, part), getattr(base.reply, part)
        if with_reg is not None and without is not None:
            expected = getattr(one.expected, part) - getattr(base.expected, part)
            with np.errstate(all="ignore"):
                apart = np.abs(with_reg - without - expected)
            parts.append(bool(np.all(apart <= 2 * getattr(one.expected, f"{part}_bound"))))
    return parts


def _first_best(items: Sequence[T], score: Callable[[T], tuple[int, ...]]) -> T:
    return max(items, key=score)


def _right_ones(observations: Sequence[Observation], at_kink: float) -> int:
    return sum(
        not Observation(
            one.question, one.reply, replace(one.convention, at_kink=at_kink)
        ).gradient_wrong
        for one in observations
    )


def _at_kink(one: Observation) -> np.ndarray:
    """The coefficients of the rows whose margin is 0, of a single example."""
    question = one.question
    if question.n > 1 or question.right.kinks.shape[1] != question.C or not question.X[0, 0]:
        return np.zeros(0)
    assert one.reply.gradient is not None
    a = one.reply.gradient[:, 0] / question.X[0, 0]
    return a[question.right.kinks[0] == 0]


def _is_subgradient(one: Observation) -> bool:
    """Whether a single example's gradient lies between the gradients that its kinks allow.

    For a convex loss with one kink for each class: a_j ∈ [0, 1] where the margin is 0, as declared
    elsewhere, a_y = −Σ a_j, and every row a multiple of x̃.
    """
    question, gradient = one.question, one.reply.gradient
    kinks = question.right.kinks
    if gradient is None or kinks.shape[1] != question.C or not question.X[0, 0]:
        return False
    a = gradient[:, 0] / question.X[0, 0]
    if not np.allclose(gradient, np.outer(a, question.X[0]), rtol=1e-9, atol=1e-9):
        return False
    low = question.right_at_kink(0.0).mu[0]
    high = question.right_at_kink(1.0).mu[0]
    lower, upper = np.minimum(low, high) - 1e-9, np.maximum(low, high) + 1e-9
    return bool((lower <= a).all() and (a <= upper).all() and abs(a.sum()) < 1e-9)
