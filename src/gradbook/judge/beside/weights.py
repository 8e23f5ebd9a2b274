"""Weights of the examples, or of the classes: whether the gradient has them as the loss has.

All else is asked with weights of 1, or without any. With weights w_i the loss is Σ_i w_i ℓ_i times
1 / n, 1 / Σ_i w_i or 1, whichever the function takes, and its gradient the same of ℓ_i's. How a
function means weights is known only where its loss, or its gradient, is one of these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.judge.convention.asking import ask, name_of, posed
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.presentation import Presentation
from gradbook.judge.convention.reply import Reply
from gradbook.judge.explain.fault import Fault
from gradbook.judge.judgement import NUMERICAL
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.questions.question import Question
from gradbook.subjects import Subject
from gradbook.subjects.names import role_of


def _by_class(weights: np.ndarray) -> dict[int, float]:
    return dict(enumerate(weights.tolist()))


_SHAPES = ((4, 5, 3), (7, 3, 4), (5, 6, 10))
#: What is asked, and the ways in which the weights may be given: an array, or {class: weight}.
_ROLES: dict[str, tuple[Callable[[np.ndarray], Any], ...]] = {
    "sample weights": (np.copy,),
    "class weights": (np.copy, _by_class),
    "weights by class": (_by_class,),
}
_PARTS = ("loss", "gradient")


@dataclass(frozen=True)
class _Asked:
    """What was answered with weights w_i, (n,), of the examples. size: 1 / n is 1 there."""

    question: Question
    weights: np.ndarray
    reply: Reply

    def is_right(self, part: str, weights: np.ndarray, scale: float) -> bool:
        """Whether this part is scale · Σ_i w_i ℓ_i, or the gradient of that."""
        found, right = getattr(self.reply, part), self.question.right
        total = (
            weights @ right.loss
            if part == "loss"
            else (right.mu * weights[:, None]).T @ self.question.X
        )
        return bool(np.allclose(found, scale * total, rtol=1e-9, atol=1e-9))

    @property
    def scales(self) -> tuple[float, ...]:
        return (1 / self.question.n, 1 / float(self.weights.sum()), 1.0)


def weights_asked(
    subject: Subject, convention: Convention, loss: Loss
) -> tuple[Convention, list[Fault]]:
    """What is wrong with weights of examples or classes; the convention says what kept a default.

    A function that ignores its weights in loss and gradient alike is right, and has a finding.
    """
    named = [name for name, _ in convention.named]
    placed = list(subject.parameters[: len(convention.order)])
    left = [
        name
        for name in subject.parameters
        if name not in (*named, *placed) and not name.startswith("self.")
    ]
    faults: list[Fault] = []
    for role, ways in _ROLES.items():
        name = next((name for name in left if role_of(name) == role), "")
        if not name and role not in convention.roles:
            continue
        given = replace(convention, named=(*convention.named, (name, role))) if name else convention
        if convention.alone or convention.weighed:
            continue
        called = name_of(role, subject, given)
        told = [_wrong(list(_asked(subject, given, loss, role, way)), called) for way in ways]
        known = [fault for fault in told if fault is not None]
        if known:
            # What is wrong in one way counts first; what is ignored in one may be right in another.
            fault = min(known, key=lambda one: (one.kind == NUMERICAL, not one.sentence))
            left = [each for each in left if each != name]
            faults += [fault] if fault.sentence else []
    return replace(convention, kept=tuple(left)), faults


def _asked(
    subject: Subject,
    convention: Convention,
    loss: Loss,
    role: str,
    way: Callable[[np.ndarray], Any],
) -> Iterator[_Asked]:
    """Answers with weights that are all different, where there are any."""
    rng = np.random.default_rng(29)
    for n, D, C in _SHAPES:
        question = posed(convention, generic(loss, n, D, C, rng))
        weights = (1 + rng.permutation(n if role == "sample weights" else C)) / 2
        shown = Presentation(given={role: way(weights)})
        reply = ask(subject, convention, question, shown)
        if not reply.error:
            of_each = weights if role == "sample weights" else weights[question.y]
            yield _Asked(question, of_each, reply)


def _wrong(asked: list[_Asked], name: str) -> Fault | None:
    """What is wrong, with an empty sentence if nothing is; None where that cannot be told."""
    parts = [part for part in _PARTS if asked and getattr(asked[0].reply, part) is not None]
    right = {
        part: {
            place
            for place in range(3)
            if all(each.is_right(part, each.weights, each.scales[place]) for each in asked)
        }
        for part in parts
    }
    ignored = [
        part
        for part in parts
        if all(each.is_right(part, np.ones(each.question.n), each.scales[0]) for each in asked)
    ]
    if parts and set.intersection(*right.values()):
        return Fault("")
    if parts and ignored == parts:
        words = f"{name} changes nothing, in the loss and in the gradient"
        return Fault(words, kind=NUMERICAL, explained=True, code="GB410")
    known = [part for part in parts if right[part] or (ignored and part not in ignored)]
    if len(parts) < 2 or not known:
        return None
    one, other = known[0], parts[1 - parts.index(known[0])]
    how = "is left out of it" if other in ignored else "is not in it as it is"
    words = f"with {name}, the {other} is wrong: {name} {how}"
    words += "" if other in ignored else f" in the {one}"
    return Fault(words, explained=True, code="GB410")
