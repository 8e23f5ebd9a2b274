"""Questions that were not answered: what was raised, returned or done instead, and where."""

from __future__ import annotations

import re
from collections.abc import Sequence

from gradbook.judge.convention.base_set import too_slow
from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.convention.reply import Reply
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.where import where
from gradbook.judge.judgement import EXACT, NUMERICAL
from gradbook.loss import Loss

#: More classes than courses have.
_MANY = 30


def failures(loss: Loss, observations: Sequence[Observation]) -> list[Fault]:
    """One fault for each kind of failure, the most frequent first; three kinds at most."""
    kinds: dict[str, list[Observation]] = {}
    slow = too_slow(observations)
    for one in observations:
        if one.failed and one not in slow:
            kinds.setdefault(_kind(one.reply), []).append(one)
    groups = sorted(kinds.values(), key=len, reverse=True)[:3]
    return [_fault(loss, group, observations) for group in groups]


def _kind(reply: Reply) -> str:
    """The type of the exception, whatever its message; else the error without the numbers in it."""
    return reply.raised or re.sub(r"\d+", "#", reply.error)


def _fault(loss: Loss, group: Sequence[Observation], observations: Sequence[Observation]) -> Fault:
    shown = smallest(group)
    if shown.reply.shape is not None:
        line = loss.cites.get("shape", "")
        return Fault(_shape(group), line, explained=True, code="GB803", shown_by=shown)
    clause = where(group, observations)
    right = [one for one in observations if one.right]
    much = "" if right else "; it is right nowhere"
    # To refuse more classes than anybody meant it for is a limit, and no wrong answer.
    ends = any(one.reply.fatal for one in group)
    limit = not ends and min(one.question.C for one in group) > _MANY
    kind = NUMERICAL if limit else EXACT
    sentence = f"it {shown.reply.error.rstrip('.')}{clause.only}{much}"
    return Fault(
        sentence, kind=kind, code="GB804", shown_by=shown, explained=True, everywhere=not right
    )


def _shape(group: Sequence[Observation]) -> str:
    shapes = {one.reply.shape for one in group}
    layout = group[0].convention.weights
    if all(shape == _of_weights(one)[::-1] for one in group if (shape := one.reply.shape)):
        other = "(C, D)" if layout == "(D, C)" else "(D, C)"
        return (
            f"the gradient is returned as its transpose: its shape is {other} where W has {layout}"
        )
    if all(one.reply.shape == (one.question.C * one.question.D,) for one in group):
        return f"the gradient is flattened: it has one dimension where W has the shape {layout}"
    if len(shapes) == 1:
        return f"the gradient has the shape {shapes.pop()}, whatever the shape of W"
    shown = smallest(group)
    return f"the gradient has the shape {shown.reply.shape} where W has {_of_weights(shown)}"


def _of_weights(one: Observation) -> tuple[int, ...]:
    shape = (one.question.C, one.question.D)
    return shape[::-1] if one.convention.weights == "(D, C)" else shape
