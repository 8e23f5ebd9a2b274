"""Answers that are the same whatever is asked: numbers, or none."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.explain.fault import Fault


def constant_faults(observations: Sequence[Observation]) -> list[Fault]:
    """What is constant in the answers to everything, reg included; [] if nothing is.

    A constant that is right is none: a gradient of 0 where no margin is active.
    """
    answered = [one for one in observations if not one.failed]
    if not answered or all(one.right for one in answered):
        return []
    loss = {one.reply.loss for one in answered if one.reply.loss is not None}
    gradients = [one.reply.gradient for one in answered if one.reply.gradient is not None]
    shown = smallest([one for one in answered if not one.right])
    zeros = bool(gradients) and not any(gradient.any() for gradient in gradients)
    if zeros and loss <= {0.0}:
        what = "a loss of 0 and a gradient of zeros" if loss else "a gradient of zeros"
        sentence = f"it returns {what}, whatever it is given"
        return [Fault(sentence, explained=True, code="GB512", shown_by=shown)]
    no_number = [
        name
        for name, values in (("the loss", list(loss)), ("the gradient", gradients))
        if values and all(np.isnan(value).all() for value in values)
    ]
    if no_number:
        verb = "is" if len(no_number) == 1 else "are"
        sentence = f"{' and '.join(no_number)} {verb} NaN, not a number, whatever it is given"
        return [Fault(sentence, explained=True, code="GB512", shown_by=shown)]
    if len(loss) == 1 and not gradients:
        sentence = f"it returns the loss {loss.pop():g}, whatever it is given"
        return [Fault(sentence, explained=True, code="GB512", shown_by=shown)]
    return []
