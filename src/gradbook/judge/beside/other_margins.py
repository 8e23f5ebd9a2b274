"""A margin that is a parameter: whether the function means it, in the loss and in the gradient.

All else is asked with a margin of 1. With Δ in its place the loss of W is Δ times the usual loss of
W / Δ, and its gradient is that of W / Δ: so 2W with Δ = 2 has twice the loss and the same gradient.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.convention.asking import ask, name_of, posed
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Expected, expected
from gradbook.judge.convention.presentation import Presentation
from gradbook.judge.convention.reply import Reply
from gradbook.judge.explain.fault import Fault
from gradbook.judge.judgement import EXACT, NUMERICAL
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.subjects import Subject

_SHAPES = ((4, 5, 3), (1, 4, 3), (7, 3, 4), (5, 6, 10), (2, 2, 2))
_DELTA = 2.0


def margin_faults(subject: Subject, convention: Convention, loss: Loss) -> list[Fault]:
    """What is wrong where the margin is not 1; [] if nothing is, or the margin is no parameter.

    A function that is right for the margin 1 whatever it is told is right, and has a finding.
    """
    if "margin" not in convention.roles or convention.weighed:
        return []
    asked = list(_asked(subject, convention, loss))
    parts = [part for part in ("loss", "gradient") if part in convention.returns]
    wrong = [part for part in parts if not all(each.is_right(part) for each in asked)]
    if not wrong:
        return []
    ignored = all(each.ignores(part) for each in asked for part in wrong)
    where = " and ".join(f"the {part}" for part in wrong)
    verb = "are" if len(wrong) == 2 else "is"
    name = name_of("margin", subject, convention)
    head = f"right for {name} = 1 alone: "
    if ignored:
        words = f"{head}in {where}, the margin is 1, whatever {name} is"
    else:
        words = f"{head}with {name} = {_DELTA:g}, {where} {verb} wrong"
    kind = NUMERICAL if ignored and wrong == parts else EXACT
    return [Fault(words, kind=kind, explained=True, code="GB251")]


@dataclass(frozen=True)
class _Asked:
    """What was answered to 2W with Δ = 2. usual: what is right for W with Δ = 1; at_1: for 2W."""

    reply: Reply
    usual: Expected
    at_1: Expected

    def is_right(self, part: str) -> bool:
        """Whether it is twice the usual loss, or the usual gradient."""
        return self._is(part, self.usual, _DELTA if part == "loss" else 1.0)

    def ignores(self, part: str) -> bool:
        """Whether it is what Δ = 1 would give."""
        return self._is(part, self.at_1, 1.0)

    def _is(self, part: str, right: Expected, times: float) -> bool:
        found = getattr(self.reply, part)
        return found is None or right.allows(part, found, times, room=2)


def _asked(subject: Subject, convention: Convention, loss: Loss) -> Iterator[_Asked]:
    """Answers where there are any: what fails is not a matter of the margin."""
    rng = np.random.default_rng(23)
    for n, D, C in _SHAPES:
        usual = posed(convention, generic(loss, n, D, C, rng))
        larger = replace(usual, W=_DELTA * usual.W)
        reply = ask(subject, convention, larger, Presentation(given={"margin": _DELTA}))
        if not reply.error:
            yield _Asked(reply, expected(usual, convention), expected(larger, convention))
