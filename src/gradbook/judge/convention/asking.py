"""Puts a question to a function in its own convention; brings the answer back to the page's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

import numpy as np

from gradbook.judge.convention.convention import (
    INSIDE,
    Convention,
    has_features_first,
    laid_out,
    no_bias,
    read_back,
    with_bias,
)
from gradbook.judge.convention.presentation import PLAIN, Presentation
from gradbook.judge.convention.reply import Reply, combined
from gradbook.judge.convention.sizes import cut, fits, fitted
from gradbook.questions.question import Question
from gradbook.subjects import Argument, Subject


def posed(convention: Convention, question: Question) -> Question:
    """The question as one call can ask it: of a batch one example, where it takes one."""
    if not convention.alone or question.n == 1:
        return question
    return question.example(int(np.argmax(question.right.loss)))


def ask(
    subject: Subject,
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
) -> Reply:
    """One answer; to a batch, the mean over its examples of a function that takes one, or a sum.

    What the function does wrong is in the reply. Where reg multiplies the data's part, this part is
    what it adds from reg = 0 to reg = 1, and a penalty of strength r is as much as a data's part of
    strength 1 / r, all of it divided by that. A constant penalty is what is left without features.
    """
    if convention.alone and question.n > 1:
        ones = [question.example(i) for i in range(question.n)]
        replies = [ask(subject, convention, one, presentation) for one in ones]
        return combined(replies, [1 / question.n] * question.n)
    if any(convention.stated):
        if not fits(question, *convention.stated):
            return _not_asked(convention, question)
        plain = replace(convention, classes=0, features=0, batch=0)
        asked_there = fitted(question, *convention.stated)
        return cut(ask(subject, plain, asked_there, presentation), question, asked_there)
    if convention.constant:
        bare = replace(question, X=0 * question.X)
        asked = (question, bare, replace(bare, W=0 * question.W))
        plain = replace(convention, constant=False)
        return combined([ask(subject, plain, one, presentation) for one in asked], (1.0, -1.0, 1.0))
    if not convention.weighed:
        reply = _one_call(subject, convention, question, presentation, question.reg)
        return combined([reply], [1 / question.n]) if convention.summed else reply
    size = question.n if convention.weighed == "sum" else 1
    strengths = [data_strength(convention, question)] + [0.0] * (question.reg == 0)
    replies = [
        _one_call(subject, convention, question, presentation, strength) for strength in strengths
    ]
    scale = 1 / (strengths[0] * size)
    return combined(replies, [scale, -scale][: len(replies)])


def _not_asked(convention: Convention, question: Question) -> Reply:
    """Where a function is not made for the question's sizes, it is not looked at: what is right."""
    right = question.right
    return Reply(
        loss=float(right.loss.mean()) if convention.gives_loss else None,
        gradient=right.mu.T @ question.X / question.n if convention.gives_gradient else None,
    )


def data_strength(convention: Convention, question: Question) -> float:
    """What is given for reg: where it multiplies the data's part, 1 stands for no penalty."""
    if not convention.weighed:
        return float(question.reg)
    size = question.n if convention.weighed == "sum" else 1
    return 1 / (question.reg * size) if question.reg else 1.0


def as_returned(
    convention: Convention, question: Question, loss: float, gradient: np.ndarray
) -> tuple[float, np.ndarray]:
    """Loss and gradient of the page as the function itself should give them, `as_given`."""
    if convention.weighed:
        size = question.n if convention.weighed == "sum" else 1
        scale = data_strength(convention, question) * size
        loss, gradient = loss * scale, gradient * scale
        if not question.reg:
            penalty, slope = convention.added(question.with_reg(1.0))
            loss, gradient = loss + penalty, gradient + slope
    if convention.summed:
        loss, gradient = loss * question.n, gradient * question.n
    # With respect to a bias of 0 the gradient is that of a feature of 1s, and has no penalty.
    return loss, with_bias(convention, gradient, question.right.mu.mean(axis=0))


def _one_call(
    subject: Subject,
    convention: Convention,
    question: Question,
    presentation: Presentation,
    strength: float,
) -> Reply:
    given, by_name = as_given(convention, question, presentation, strength)
    answer = subject(*given, **by_name)
    problem = answer.error
    gradient, other, of_bias = answer.gradient, None, answer.of_bias
    if not problem and convention.gives_loss and answer.loss is None:
        instead = f"{answer.no_loss} in place of a loss" if answer.no_loss else ""
        problem = f"returns {instead or f'{answer.returned} and no loss'}"
    if not problem and convention.gives_gradient:
        page = (question.C, question.D + (convention.bias in INSIDE))
        shape = laid_out(convention, np.empty(page)).shape
        if gradient is None:
            said = answer.no_gradient
            instead = f"{said} in place of a gradient" if said else ""
            problem = f"returns {instead or f'{answer.returned} and no gradient'}"
        elif gradient.shape != shape:
            # As it would be in the page's layout, if it is a matrix.
            gradient = gradient.T if convention.weights == "(D, C)" else gradient
            assert answer.gradient is not None
            other = answer.gradient.shape
            problem = f"returns a gradient of the shape {other} where W has {shape}"
        else:
            gradient = read_back(convention, gradient, page)
        if not problem and convention.bias in INSIDE:
            assert gradient is not None
            of_bias = tuple(map(float, gradient[:, INSIDE[convention.bias]]))
            gradient = np.delete(gradient, INSIDE[convention.bias], axis=1)
    answered = {each.name: getattr(answer, each.name) for each in fields(answer)}
    of_page = {
        "loss": answer.loss if convention.gives_loss else None,
        "gradient": gradient if convention.gives_gradient else None,
        "error": problem,
        "of_bias": of_bias if convention.bias else (),
    }
    return Reply(**answered | of_page, shape=other)


def as_given(
    convention: Convention,
    question: Question,
    presentation: Presentation = PLAIN,
    strength: float | None = None,
) -> tuple[list[Argument], dict[str, Argument]]:
    """What the function is called with, in its own order and layout, and what it is given by name.

    strength: in place of reg.
    """
    given = _given(convention, question, presentation, strength)
    by_name = {name: given[role] for name, role in convention.named}
    return [given[role] for role in convention.order], by_name


def _given(
    convention: Convention,
    question: Question,
    presentation: Presentation,
    strength: float | None,
) -> Mapping[str, Any]:
    b = presentation.b(no_bias(convention, question))
    W = with_bias(convention, question.W, b)
    W = laid_out(convention, W)
    X = question.X.T if convention.examples == "(D, N)" else question.X
    y = {
        "integers": question.y,
        "column": question.y[:, None],
        "from-1": question.y + 1,
        "one-hot": question.own,
        "one-hot columns": question.own.T,
    }[convention.labels]
    if convention.alone:
        X = X[0]
    W, X = presentation.W(W), presentation.X(X)
    given = {
        "W": W.view(np.matrix) if convention.matrices else W,
        "X": X.view(np.matrix) if convention.matrices else X,
        "y": presentation.y(y)[0] if convention.alone else presentation.y(y),
        "reg": data_strength(convention, question) if strength is None else float(strength),
        "margin": 1.0,
        "b": b,
        "classes": question.C,
        "count": question.n,
    }
    if not given.keys() >= {*convention.roles}:
        given |= _further(convention, question)
    return given | dict(presentation.given)


def _further(convention: Convention, question: Question) -> dict[str, Any]:
    """What few functions want beside the data: sizes, scores, weights of 1, room for a gradient."""
    W = with_bias(convention, question.W, no_bias(convention, question))
    shape = W.shape[::-1] if has_features_first(convention) else W.shape
    scores = question.X @ question.W.T
    if convention.alone:
        scores = scores[0]
    return {
        "features": W.shape[1],
        "shape": np.array(shape),
        "indices": np.arange(question.n),
        "gradient": np.zeros(laid_out(convention, W).shape),
        "scores": scores.T if convention.examples == "(D, N)" else scores,
        "sample weights": np.ones(question.n),
        "class weights": np.ones(question.C),
        "weights by class": dict.fromkeys(range(question.C), 1.0),
        "flag": False,
    }


def name_of(role: str, subject: Subject, convention: Convention) -> str:
    """What a function calls an argument that it is given."""
    if role in convention.order:
        name = subject.parameters[convention.order.index(role)]
    else:
        name = next(name for name, each in convention.named if each == role)
    return name.removeprefix("self.")
