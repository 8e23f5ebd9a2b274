"""Memories: what is made of something that an earlier call has left behind.

A `Memory` predicts every answer of a process from the questions up to it. What is kept may be an
argument, the scores, the indicators, or a whole result; it may be that of the first call, of the
first call with the same shapes or the same data, or of the call before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np

from gradbook.judge.convention.convention import Convention
from gradbook.judge.memory.history import Call
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.values import Values, values


@dataclass(frozen=True, eq=False)
class Predicted:
    """loss and gradient (C, D)."""

    loss: float
    gradient: Floats


#: Where the parts do not fit together: an error must come.
NOTHING = Predicted(np.nan, np.zeros(0))
#: Where there is no earlier call yet: whatever came is as predicted.
ANYTHING = Predicted(np.nan, np.zeros(0))


@dataclass(frozen=True)
class Memory:
    """words: a sentence. predict: the answer to the last of the questions, after all others."""

    words: str
    predict: Callable[[Page, Sequence[Question]], Predicted]


@dataclass
class Page:
    """Right answers in one convention; each is computed once."""

    convention: Convention
    _known: dict[tuple[int, ...], Values] = field(default_factory=dict)
    _plain: dict[int, Question] = field(default_factory=dict)
    _kept: list[Question] = field(default_factory=list)  # so that no id is given twice

    def answer(self, parts: frozenset[str], now: Question, then: Question) -> Predicted:
        """The answer to `now`, with the parts of another question in place of its own."""
        Ws, Xs, ys, Xg, n, Wp, reg = (then if part in parts else now for part in _PARTS)
        fits = Ws.D == Xs.D and Xs.n == ys.n == Xg.n and ys.y.max() < Ws.C
        if not fits or now.W.shape != (Ws.C, Xg.D) or Wp.W.shape != now.W.shape:
            return NOTHING
        found = self._values(Ws, Xs, ys)
        penalty, slope = self.convention.added(replace(n, W=Wp.W, reg=reg.reg))
        return Predicted(float(found.loss.sum() / n.n + penalty), found.mu.T @ Xg.X / n.n + slope)

    def right(self, question: Question) -> Predicted:
        return self.answer(frozenset(), question, question)

    def without_reg(self, question: Question) -> Question:
        """The same data with reg = 0, one object for each question."""
        if id(question) not in self._plain:
            self._kept.append(question)
            self._plain[id(question)] = question.with_reg(0.0)
        return self._plain[id(question)]

    def _values(self, W: Question, X: Question, y: Question) -> Values:
        key = id(W), id(X), id(y)
        if key not in self._known:
            self._kept += [W, X, y]
            self._known[key] = values(W.loss, X.X @ W.W.T, y.y)
        return self._known[key]


#: W and X of the scores, the labels, X of the gradient, n, W of the penalty and reg.
_PARTS = ("W in s", "X in s", "y", "X", "n", "W", "reg")

#: What is kept, and what comes of it. “{then}” is replaced by the call that it is of.
_KEPT: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset(_PARTS), "the result of {then} is returned, whatever the data are"),
    (frozenset(("n",)), "n is that of {then}: the sums are divided by it, not by their own n"),
    (frozenset(("reg",)), "reg is that of {then}, whatever reg is given"),
    (frozenset(("y",)), "the labels y are those of {then}, whatever y is given"),
    (frozenset(("W in s", "W")), "W is that of {then}, whatever W is given"),
    (frozenset(("X in s", "X", "n")), "X is that of {then}, whatever X is given"),
    (frozenset(("X in s", "X", "n", "y")), "X and y are those of {then}, whatever data are given"),
    (frozenset(("W in s", "X in s")), "the scores are those of {then}, whatever W and X are given"),
    (frozenset(("W in s", "X in s", "y")), "the margins and their indicators are those of {then}"),
    (frozenset(("W in s", "X in s", "y", "X", "n")), "the data's part is that of {then}: only the "
     "penalty is computed anew"),
    (frozenset(("W in s",)), "the scores are computed with the W of {then}"),
    (frozenset(("X in s",)), "the scores are computed with the X of {then}"),
    (frozenset(("X", "n")), "the coefficients multiply the x̃ of {then}"),
    (frozenset(("X",)), "the coefficients multiply the x̃ of {then}"),
    (frozenset(("W",)), "the W of the penalty is that of {then}"),
    (frozenset(("W", "reg")), "the penalty is that of {then}"),
)  # fmt: skip

Key = Callable[[Question], Hashable]

#: What calls must have in common for one to find what the other left; words to follow “call”.
_KEYS: dict[str, Key] = {
    "": lambda q: 0,
    "with arrays of the same shapes": lambda q: (q.n, q.D, q.C),
    "with arrays of the same shapes and the same reg": lambda q: (q.n, q.D, q.C, q.reg),
    "with a W of the same shape": lambda q: (q.D, q.C),
    "with an X of the same shape": lambda q: (q.n, q.D),
    "with scores of the same shape": lambda q: (q.n, q.C),
    "with the same n": lambda q: q.n,
    "with the same number of classes": lambda q: q.C,
    "with the same number of features": lambda q: q.D,
    "with the same W": lambda q: _bytes(q.W),
    "with the same X": lambda q: _bytes(q.X),
    "with the same y": lambda q: _bytes(q.y),
    "with the same reg": lambda q: q.reg,
    "with the same W and y": lambda q: (_bytes(q.W), _bytes(q.y)),
    "with the same X and y": lambda q: (_bytes(q.X), _bytes(q.y)),
    "with the same W and X": lambda q: (_bytes(q.W), _bytes(q.X)),
    "with the same W, X and y": lambda q: (_bytes(q.W), _bytes(q.X), _bytes(q.y)),
    "with the same first example": lambda q: _bytes(q.X[0]),
    "with the same ΣW": lambda q: float(q.W.sum()),
    "with the same ΣX": lambda q: float(q.X.sum()),
}


#: Keys that no earlier call, by which the convention was found, has had.
_NEW = frozenset(key for key in _KEYS if "shape" in key or "same W" in key or "same X" in key)


def _bytes(a: np.ndarray) -> Hashable:
    return a.shape, a.tobytes()


#: Which of the earlier calls is meant, and how it is called.
Source = Callable[[Sequence[Question], Key], Question | None]


def _first(past: Sequence[Question], key: Key) -> Question:
    """The first that has it in common with the last."""
    return next(one for one in past if key(one) == key(past[-1]))


def _first_of_run(past: Sequence[Question], key: Key) -> Question:
    """The first since what they have in common has changed."""
    found = past[-1]
    for one in reversed(past):
        if key(one) != key(past[-1]):
            break
        found = one
    return found


def _before(past: Sequence[Question], key: Key) -> Question | None:
    """The one before, of those that have it in common; None if there is none."""
    return next((one for one in past[-2::-1] if key(one) == key(past[-1])), None)


def _just_before(past: Sequence[Question], key: Key) -> Question:
    """The one before, if it has it in common; else itself."""
    return past[-2] if len(past) > 1 and key(past[-2]) == key(past[-1]) else past[-1]


_SOURCES: dict[str, Source] = {
    "the first call {key}": _first,
    "the first of several calls {key} in a row": _first_of_run,
    "the call before, if it was one {key}": _just_before,
    "the last call before {key}": _before,
}


def stale(from_start: bool) -> Iterator[Memory]:
    """What is kept of another call. from_start: whether the first call of the process is known."""
    for (said, source), (key, common), (parts, words), outputs in product(
        _SOURCES.items(), _KEYS.items(), _KEPT, OUTPUTS
    ):
        if from_start or key in _NEW or source in (_before, _just_before):
            then = said if key else _OF_ANY[said]
            yield Memory(
                OUTPUTS[outputs] + words.replace("{then}", then.replace("{key}", key).rstrip()),
                _of_another_call(parts, source, common, outputs),
            )


#: The same calls, if they need not have anything in common.
_OF_ANY = dict(
    zip(
        _SOURCES,
        (
            *("the first call of the process", "the first call of the process"),
            *("the call before", "the call before"),
        ),
        strict=True,
    )
)
OUTPUTS = {"both": "", "gradient": "of the gradient, ", "loss": "of the loss, "}


def _of_another_call(
    parts: frozenset[str], source: Source, key: Key, outputs: str
) -> Callable[[Page, Sequence[Question]], Predicted]:
    def predict(page: Page, past: Sequence[Question]) -> Predicted:
        now = past[-1]
        then = source(past, key)
        if then is None:
            return ANYTHING
        # A whole result may be of any shape, and is not computed from parts.
        whole = len(parts) == len(_PARTS)
        found = page.right(then) if whole else page.answer(parts, now, then)
        return merged(found, page.right(now), outputs)

    return predict


def merged(found: Predicted, right: Predicted, outputs: str) -> Predicted:
    """What was found of one output, or of both, and the right one of the other."""
    if found is NOTHING or found is ANYTHING:
        return found
    return Predicted(
        right.loss if outputs == "gradient" else found.loss,
        right.gradient if outputs == "loss" else found.gradient,
    )


def explains(memory: Memory, histories: Sequence[Sequence[Call]], page: Page) -> bool:
    """Whether every answer is what the memory predicts, and one of them is no right one."""
    told = False
    for past in pasts(histories):
        questions = [call.question for call in past]
        try:
            predicted = memory.predict(page, questions)
        except ValueError:  # what it would put together has several shapes
            return False
        if not agrees(past[-1], predicted):
            return False
        told = told or not (
            predicted in (NOTHING, ANYTHING) or agrees(past[-1], page.right(questions[-1]))
        )
    return told


def pasts(histories: Sequence[Sequence[Call]]) -> Iterator[Sequence[Call]]:
    """Each call with those before it in its process, itself the last."""
    for calls in histories:
        start = 0
        for place, call in enumerate(calls):
            start = place if call.number == 1 else start
            yield calls[start : place + 1]


def agrees(call: Call, predicted: Predicted) -> bool:
    """Whether one answer is the predicted one; an error is one where nothing is predicted."""
    reply = call.reply
    if predicted is ANYTHING:
        return True
    if predicted is NOTHING or (reply.loss is None and reply.gradient is None):
        return predicted is NOTHING and reply.error != ""
    single = reply.gradient is not None and reply.gradient.dtype == np.float32
    return _near(reply.loss, predicted.loss, single) and _near(
        reply.gradient, predicted.gradient, single
    )


def _near(found: float | Floats | None, predicted: float | Floats, single: bool) -> bool:
    if found is None:  # it does not return this
        return True
    a, b = np.asarray(found, dtype=float), np.asarray(predicted, dtype=float)
    if a.shape != b.shape:
        return False
    size = float(np.abs(b).max(initial=1.0))
    with np.errstate(all="ignore"):
        return bool((np.abs(a - b) <= (1e-5 if single else 1e-9) * size).all())
