"""A bias: whether b is added to the scores, as the page's last feature of 1s adds it.

It stands beside W, or in W, for a 1 that the function itself appends to the examples.

The questions to a function with b of its own are asked with b = 0; here the same is asked with
others, and what is right comes from W̃ = [W b] and x̃ = [x 1]. The gradient with respect to b is read
where it is returned after that with respect to W.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from gradbook.judge.convention.asking import ask, posed
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Expected, expected
from gradbook.judge.convention.presentation import Presentation
from gradbook.judge.convention.reply import Reply, combined
from gradbook.judge.explain.fault import Fault
from gradbook.loss import Loss
from gradbook.questions.deck import generic
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.subjects import Subject

_SHAPES = ((4, 5, 3), (1, 4, 3), (7, 3, 4), (5, 6, 10), (3, 3, 3))


@dataclass(frozen=True)
class _Asked:
    """A question, the b that was given beside its W, and the answer."""

    question: Question
    b: Floats
    reply: Reply

    def is_answered_for(self, factor: float, part: str, convention: Convention) -> bool:
        """Whether part of the answer is the right one for factor·b."""
        found = getattr(self.reply, part)
        if found is None:
            return True
        right = self.right(factor, convention)
        of_weights = right.gradient[:, :-1], right.gradient_bound[:, :-1]
        return Expected(right.loss, right.loss_bound, *of_weights).allows(part, found)

    def right(self, factor: float, convention: Convention) -> Expected:
        """What is right for factor·b, with the gradient with respect to b as its last column."""
        return expected(_folded(self.question, factor * self.b), replace(convention, penalty=None))

    def has_of_bias(self, multiple: Callable[[Question], float], convention: Convention) -> bool:
        """Whether what came for b is a multiple of the right one."""
        right = self.right(1.0, convention)
        wanted = multiple(self.question) * right.gradient[:, -1]
        found = np.array(self.reply.of_bias)
        return found.shape == wanted.shape and bool(
            np.allclose(found, wanted, rtol=1e-9, atol=1e-9)
        )


def bias_faults(subject: Subject, convention: Convention, loss: Loss) -> list[Fault]:
    """What is wrong where b is not 0; [] if nothing is."""
    asked = [each for each in _asked(subject, convention, loss) if not each.reply.error]
    said = {
        part: _sentence(asked, part, convention)
        for part in ("loss", "gradient")
        if not all(each.is_answered_for(1.0, part, convention) for each in asked)
    }
    if len(set(said.values())) == 1 and len(said) == 2:
        said = {"loss and the gradient": said["loss"]}
    faults = [
        Fault(f"in the {part}, {words}", explained=True, code="GB252")
        for part, words in said.items()
    ]
    if not faults and any(each.reply.of_bias for each in asked):
        faults = [
            Fault(words, explained=True, code="GB252") for words in _of_bias(asked, convention)
        ]
    if convention.has_reg and not convention.weighed and not faults:
        faults = [Fault(words, code="GB601") for words in _of_penalty(subject, convention, asked)]
    return faults


def _asked(subject: Subject, convention: Convention, loss: Loss) -> list[_Asked]:
    rng = np.random.default_rng(19)
    found = []
    for n, D, C in _SHAPES:
        question = posed(convention, generic(loss, n, D, C, rng))
        b = rng.permutation(C) - C // 2 + 0.25 * rng.integers(1, 4, C)
        if (_folded(question, b).right.kinks != 0).all():
            found.append(_Asked(question, b, _ask(subject, convention, question, b)))
    return found


def _ask(subject: Subject, convention: Convention, question: Question, b: Floats) -> Reply:
    given = Presentation(b=lambda zeros: b.reshape(zeros.shape))
    return ask(subject, convention, question, given)


def _folded(question: Question, b: Floats) -> Question:
    """The same with b as the last column of W, and a last feature of 1."""
    ones = np.ones((question.n, 1))
    return replace(
        question, W=np.hstack([question.W, b[:, None]]), X=np.hstack([question.X, ones]), reg=0.0
    )


def _sentence(asked: Sequence[_Asked], part: str, convention: Convention) -> str:
    for factor, words in (
        (0.0, "the bias b is not added to the scores: with any b it is what b = 0 gives"),
        (-1.0, "the bias b is subtracted from the scores, not added"),
        (2.0, "the bias b is added to the scores twice"),
    ):
        if all(each.is_answered_for(factor, part, convention) for each in asked):
            return words
    return "the bias b does not do what another feature of 1s does: it is right for b = 0 alone"


def _of_bias(asked: Sequence[_Asked], convention: Convention) -> list[str]:
    """What is wrong with the gradient with respect to b; [] if nothing is."""
    if all(each.has_of_bias(lambda question: 1.0, convention) for each in asked):
        return []
    of: tuple[tuple[str, Callable[[Question], float]], ...] = (
        ("is not divided by n", lambda question: question.n),
        ("has the wrong sign", lambda question: -1.0),
        ("is 0 everywhere", lambda question: 0.0),
        ("is divided by n twice", lambda question: 1 / question.n),
        ("is twice the right one", lambda question: 2.0),
        ("is half the right one", lambda question: 0.5),
    )
    for words, multiple in of:
        if all(each.has_of_bias(multiple, convention) for each in asked):
            return [f"the gradient with respect to b {words}"]
    return ["the gradient with respect to b is not what that of W has for a feature of 1s"]


def _of_penalty(subject: Subject, convention: Convention, asked: Sequence[_Asked]) -> Iterator[str]:
    """What is wrong with the penalty of b: it has none, or one like that of W, and its gradient."""
    of_loss: list[float] = []
    of_gradient: list[float] = []
    for each in asked:
        question, b = each.question, each.b
        n = question.n if convention.averaged else 1
        added = [_added(subject, convention, question, given) for given in (b, 0 * b)]
        if added[0].loss is not None and added[1].loss is not None:
            of_loss.append(n * (added[0].loss - added[1].loss) / float((b**2).sum()))
        if len(added[0].of_bias) == len(b):
            of_gradient += [
                n * slope / (2 * own) for slope, own in zip(added[0].of_bias, b, strict=True)
            ]
    usual = (0.0, convention.penalty.factor if convention.penalty else 0.0)
    if of_loss and not any(np.allclose(of_loss, factor, atol=1e-9) for factor in usual):
        yield "what reg adds to the loss depends on b, and not by reg·Σb² or half of it"
    elif of_gradient and not any(
        np.allclose([*of_loss, *of_gradient], factor, atol=1e-9) for factor in usual
    ):
        yield _disagreement(of_loss, of_gradient)


def _disagreement(of_loss: Sequence[float], of_gradient: Sequence[float]) -> str:
    if of_loss and np.allclose(of_loss, 0, atol=1e-9):
        return (
            "the penalty of the loss spares the bias b, but the gradient with respect to b has one"
        )
    if np.allclose(of_gradient, 0, atol=1e-9):
        return "the penalty of the loss counts the bias b too, but its gradient does not"
    return "what reg adds to the gradient with respect to b is not the gradient of its penalty"


def _added(subject: Subject, convention: Convention, question: Question, b: Floats) -> Reply:
    """What reg = 1 adds to an answer."""
    one, none = (_ask(subject, convention, question.with_reg(reg), b) for reg in (1.0, 0.0))
    return combined([one, none], [1.0, -1.0])
