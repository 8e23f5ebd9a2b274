"""Check 5, "training": plain gradient descent with the kernel on the digits.

From W = 0, the same step and number of epochs for every kernel, on one half of the digits: the loss
has to be lower after each epoch, and the accuracy on the other half above 0.90. Data of few
features may not allow that to anybody; then the same descent with the formula itself, in float64,
says what the data do allow, and the kernel has to do as well.

max_error is the share of test images that are read wrongly; its bound is 0.10, or what the data
allow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradbook.check.by_hand import NotApplicable
from gradbook.check.calls import Misbehaved, Subject, ask
from gradbook.check.images import digits
from gradbook.check.verdict import Check
from gradbook.judge.judgement import Finding
from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.rounding import rounded

STEP = 0.08
EPOCHS = 40
WRONG_AT_MOST = 0.10
#: Two descents may part at a kink; their test accuracies then differ by a few images.
_SAME = 0.01

Gradient = Callable[[Floats], tuple[float, Floats]]


@dataclass(frozen=True)
class Descent:
    """losses: before each epoch and at the end, (epochs + 1,). W: the last weights."""

    losses: Floats
    W: Floats

    @property
    def falling(self) -> bool:
        """Whether the loss was lower after every epoch."""
        return bool((np.diff(self.losses) < 0).all())


@dataclass(frozen=True)
class Target:
    """What is asked of a descent.

    wrong: the share of test digits that it must stay below. falling: whether its loss must fall in
    every epoch, or only from the first to the last. note: why less is asked than usual.
    """

    wrong: float = WRONG_AT_MOST
    falling: bool = True
    note: str = ""

    @classmethod
    def of(cls, best: Descent, wrong: float) -> Target:
        """What the descent with the formula itself reaches, where that is less than usual."""
        if wrong + _SAME <= WRONG_AT_MOST:
            return cls(falling=best.falling)
        return cls(wrong + _SAME, best.falling, f" (these data allow {1 - wrong:.1%})")

    def fallen(self, made: Descent) -> bool:
        """Whether the loss came down as it must."""
        return made.falling if self.falling else bool(made.losses[-1] < made.losses[0])

    def met(self, made: Descent, reached: float) -> bool:
        """Whether a descent that reads all but `reached` of the test digits does what is asked."""
        return self.fallen(made) and reached < self.wrong


@dataclass(frozen=True, eq=False)
class Halves:
    """The digits of one kernel's classes and features, and the half of them for training."""

    train: tuple[Floats, np.ndarray]
    test: tuple[Floats, np.ndarray]
    start: Floats

    def wrong(self, made: Descent) -> float:
        """The share of test digits whose largest score is not their label's."""
        X, y = self.test
        return float(np.mean((X @ made.W.T).argmax(axis=1) != y))


def training(subject: Subject, loss: Loss, seed: int) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found.

    Raises Unsuitable where there are no digits for the kernel, NotApplicable where no gradient
    leads this loss downhill, and
    Misbehaved as the kernel does.
    """
    halves = _halves(subject.classes, subject.features, seed)

    def of_kernel(W: Floats) -> tuple[float, Floats]:
        answer = ask(subject, W, *halves.train)
        return answer.loss, answer.gradient

    of_kernel(halves.start)
    try:
        made = descend(of_kernel, halves.start)
    except Misbehaved:  # not at the start: it may be the descent that runs away
        _best(loss, subject.classes, subject.features, seed)
        raise
    target, reached = Target(), halves.wrong(made)
    if not target.met(made, reached):
        best = _best(loss, subject.classes, subject.features, seed)
        target = Target.of(best, halves.wrong(best))
    tested = len(halves.test[1])
    check = Check(
        name="training",
        passed=target.met(made, reached),
        max_error=reached,
        bound=target.wrong,
        cases=EPOCHS + tested,
        detail=f"loss {made.losses[0]:.3g} → {made.losses[-1]:.3g} in {EPOCHS} epochs on "
        f"{len(halves.train[1])} digits; {1 - reached:.1%} of {tested} others read{target.note}",
        data={"losses": made.losses, "W": made.W, "accuracy": 1 - reached, "unit": "wrong"},
    )
    return check, _findings(loss, made, reached, target)


def _halves(classes: int | None, features: int | None, seed: int) -> Halves:
    X, y = digits(classes, features)
    order = np.random.default_rng([seed, 5]).permutation(len(X))
    train, test = order[::2], order[1::2]
    start = np.zeros((classes or int(y.max()) + 1, X.shape[1]))
    return Halves((X[train], y[train]), (X[test], y[test]), start)


@lru_cache(maxsize=4)
def _best(loss: Loss, classes: int | None, features: int | None, seed: int) -> Descent:
    """The descent with the formula itself. Raises NotApplicable where even that does not descend:
    training shows that a gradient leads downhill, and here none does.
    """
    halves = _halves(classes, features, seed)

    def of_formula(W: Floats) -> tuple[float, Floats]:
        with np.errstate(all="ignore"):  # it may diverge, and then says so
            answer = rounded(loss, W, *halves.train, np.float64)
        return answer.loss, answer.gradient

    best = descend(of_formula, halves.start)
    if not best.losses[-1] < best.losses[0]:
        raise NotApplicable(
            f"{EPOCHS} epochs of gradient descent with the step {STEP} do not lower this loss, "
            "whoever computes it, so that training tells nothing"
        )
    return best


def _findings(loss: Loss, made: Descent, reached: float, target: Target) -> tuple[Finding, ...]:
    line = loss.cites.get("gradient", "")
    if not target.fallen(made):
        rises = int(np.argmax(np.diff(made.losses) >= 0)) + 1
        return (
            Finding(f"its gradient does not lead downhill: the loss rises in epoch {rises}", line),
        )
    if not target.met(made, reached):
        sentence = (
            f"trained with it, a classifier reads {1 - reached:.1%} of the test digits, "
            f"where more than {1 - target.wrong:.1%} was to be reached"
        )
        return (Finding(sentence, line),)
    return ()


def descend(gradient: Gradient, start: Floats) -> Descent:
    """EPOCHS steps W ← W − η ∇L from `start`, (C, D)."""
    W, losses = start, []
    for _ in range(EPOCHS):
        ell, G = gradient(W)
        losses.append(ell)
        W = W - STEP * G
    return Descent(np.array([*losses, gradient(W)[0]]), W)
