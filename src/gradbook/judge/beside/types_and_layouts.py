"""Other dtypes, other layouts in memory: the same questions, given otherwise.

A function that is right for float64 may be wrong for bytes, −X[i] wrapping around, or write into
arrays that are read-only, or read the memory of W as if its rows lay one after another. These are
choices of contract: findings of a lower rank.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation, expected
from gradbook.judge.convention.presentation import LAYOUTS, Presentation
from gradbook.judge.explain.fault import Fault
from gradbook.judge.faults.gb801_another_type import CAUSES, Given
from gradbook.judge.judgement import NUMERICAL
from gradbook.loss import Loss
from gradbook.questions.deck import generic, tied
from gradbook.questions.question import Question
from gradbook.questions.rounding import unit_roundoff
from gradbook.questions.scene import scene_of
from gradbook.subjects import Subject

#: Of a type, and of a layout in memory.
_CODES = {"dtype": "GB801", "layout": "GB802"}


@dataclass(frozen=True)
class Trial:
    """kind: "dtype" or "layout". words: what is special, to follow "for".

    role, dtype: of whole numbers, what is given in which type.
    """

    kind: str
    words: str
    presentation: Presentation
    questions: Sequence[Question]
    unit: float = 2.0**-53
    role: str = ""
    dtype: type | None = None


def numerical_faults(
    subject: Subject, convention: Convention, loss: Loss, without: Sequence[str] = ()
) -> list[Fault]:
    """One fault for each trial in which an answer was wrong or missing.

    without: the kinds of trials that are left out.
    """
    faults = []
    for trial in trials(loss, convention):
        if trial.kind in without:
            continue
        fault = _fault(subject, convention, trial)
        if fault is not None:
            faults.append(fault)
    return faults


def _fault(subject: Subject, convention: Convention, trial: Trial) -> Fault | None:
    asked: list[Observation] = []
    for question in trial.questions:
        reply = ask(subject, convention, question, trial.presentation)
        observation = Observation(question, reply, convention)
        if reply.error and not any(_wrong(one, trial.unit) for one in asked):
            sentence = f"{trial.words}, it {reply.error}"
            return Fault(
                sentence,
                kind=NUMERICAL,
                explained=True,
                code=_CODES[trial.kind],
                shown_by=observation,
            )
        if not observation.beyond:
            asked.append(observation)
    for one in asked:
        wrong = _wrong(one, trial.unit)
        if wrong:
            why = _cause(asked, trial.role, trial.dtype) if trial.dtype else ""
            sentence = f"{trial.words}, {wrong}{': ' if why else ''}{why}"
            return Fault(
                sentence, kind=NUMERICAL, explained=True, code=_CODES[trial.kind], shown_by=one
            )
    return None


def _cause(observations: Sequence[Observation], role: str, dtype: type) -> str:
    """The first that predicts every answer to data of the type, in words; "" if none does."""
    found = (words for words, given in CAUSES[role].items() if _all(given, observations, dtype))
    return next(found, "")


def _all(given: Given, observations: Sequence[Observation], dtype: type) -> bool:
    for seen in observations:
        with np.errstate(all="ignore"):
            loss, sums = given(scene_of(seen.question, seen.convention.at_kink), dtype)
        predicted: dict[str, Any] = {"loss": loss, "gradient": sums / seen.question.n}
        for part, value in predicted.items():
            found = getattr(seen.reply, part)
            if found is not None and not np.allclose(found, value, rtol=1e-6, atol=1e-6):
                return False
    return True


def _wrong(one: Observation, unit: float) -> str:
    """Which part is wrong, as a clause; "" if none is."""
    right = expected(one.question, one.convention, max(unit, one.unit))
    asked = {"loss": one.reply.loss, "gradient": None if one.undecided else one.reply.gradient}
    parts = [
        f"the {part}"
        for part, found in asked.items()
        if found is not None and not right.allows(part, np.asarray(found, dtype=float))
    ]
    if not parts:
        return ""
    return f"{' and '.join(parts)} {'is' if len(parts) == 1 else 'are'} wrong"


def trials(loss: Loss, convention: Convention) -> Iterator[Trial]:
    """All that is tried."""
    rng = np.random.default_rng(17)
    n = 1 if convention.alone else 4
    batches = [make(loss, n, 5, 3, rng) for make in (generic, tied)]
    bytes_ = [_of_bytes(loss, n, rng) for n in dict.fromkeys((1, n))]
    # y·D is more than a byte holds in the one, and y·n, and the number of examples, in the other.
    wide = generic(loss, n, 60, 10, rng)
    wide = replace(wide, y=np.array((8, 3, 9, 5))[:n])
    large = [wide] if convention.alone else [wide, generic(loss, 150, 3, 4, rng)]
    single = unit_roundoff(np.float32)
    for words, dtype in (
        ("for uint8 X", np.uint8),
        ("for int64 X", np.int64),
        ("for int8 labels", np.int8),
        ("for uint8 labels", np.uint8),
        ("for int32 labels", np.int32),
    ):
        role = "y" if "labels" in words else "X"
        shown = Presentation(words, **{role: _as(dtype)})  # type: ignore[arg-type]
        asked = [*bytes_, *large] if role == "y" else bytes_
        yield Trial("dtype", words, shown, asked, role=role, dtype=dtype)
    yield Trial("dtype", "for float32 X", Presentation(X=_as(np.float32)), batches, unit=single)
    yield Trial(
        "dtype",
        "for float32 W and X",
        Presentation(W=_as(np.float32), X=_as(np.float32)),
        batches,
        unit=single,
    )
    for words, layout in LAYOUTS.items():
        shown = Presentation(words, layout, layout, layout)
        yield Trial("layout", f"for arrays that are {words}", shown, batches)


def _as(dtype: type) -> Callable[[np.ndarray], np.ndarray]:
    return lambda a: np.ascontiguousarray(a, dtype=dtype)


def _of_bytes(loss: Loss, n: int, rng: np.random.Generator) -> Question:
    """Examples as images are: whole numbers 0 … 255."""
    X = rng.integers(0, 256, (n, 5)).astype(float)
    W = rng.integers(-2, 3, (3, 5)) / 64.0
    return Question(loss, W, X, rng.integers(0, 3, n))
