"""Calls and examples as rows of numbers: which traits each has, and its sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gradbook.loss import Loss
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question, together
from gradbook.questions.seen import Seen
from gradbook.questions.traits import (
    OF_CALLS,
    OF_EXAMPLES,
    OF_PLACES,
    SIZES_OF_CALLS,
    SIZES_OF_EXAMPLES,
    SIZES_OF_PLACES,
    Size,
    Trait,
)


@dataclass(frozen=True)
class Row:
    """What a call, or one example, is like: traits as booleans and sizes as numbers."""

    traits: np.ndarray
    sizes: Floats


_seen = lru_cache(maxsize=16384)(Seen)


def _examples_alone(question: Question) -> Row:
    """What holds of each example whatever the others are. traits: (n, T), sizes: (n, K)."""
    _look_at_examples([question])
    found: Row = question.told["alone"]
    return found


def _look_at_examples(questions: Iterable[Question]) -> None:
    """Works that out for many questions, of one size at once: in a fraction of the time."""
    alike: dict[tuple[Loss, int, int], list[Question]] = {}
    for one in dict.fromkeys(questions):
        if "alone" not in one.told:
            alike.setdefault((one.loss, one.C, one.D), []).append(one)
    for some in alike.values():
        seen, ends = Seen(together(some)), np.cumsum([one.n for one in some])
        traits, sizes = (_columns(of, seen, kind) for of, kind in _OF_EXAMPLES)
        for one, end in zip(some, ends, strict=True):
            those = slice(end - one.n, end)
            one.told["alone"] = Row(traits[those], sizes[those])


_OF_EXAMPLES: tuple[tuple[Sequence[Trait | Size], type], ...] = (
    (OF_EXAMPLES, bool),
    (SIZES_OF_EXAMPLES, float),
)


@lru_cache(maxsize=16384)
def rows_of_examples(question: Question) -> Row:
    """Of every example of one question, among the others. traits: (n, T), sizes: (n, K)."""
    seen, alone = _seen(question), _examples_alone(question)
    return Row(
        np.hstack([alone.traits, _columns(OF_PLACES, seen, bool)]),
        np.hstack([alone.sizes, _columns(SIZES_OF_PLACES, seen, float)]),
    )


def _columns(said: Sequence[Trait | Size], seen: Seen, kind: type) -> np.ndarray:
    table: np.ndarray = np.empty((seen.q.n, len(said)), kind)
    for column, one in enumerate(said):
        table[:, column] = one.of(seen)
    return table


@lru_cache(maxsize=16384)
def row_of_call(question: Question) -> Row:
    """traits: (T,), sizes: (K,)."""
    seen, examples = _seen(question), _examples_alone(question)
    of_some = np.column_stack([examples.traits.any(axis=0), examples.traits.all(axis=0)])
    extremes = (*examples.sizes.max(axis=0), *examples.sizes.min(axis=0))
    return Row(
        np.array([*(bool(one.of(seen)) for one in OF_CALLS), *of_some.flat]),
        np.array([*(float(one.of(seen)) for one in SIZES_OF_CALLS), *extremes]),
    )


def rows_of_calls(questions: Sequence[Question]) -> Row:
    """traits: (N, T), sizes: (N, K)."""
    _look_at_examples(questions)
    return _stacked([row_of_call(question) for question in questions], *_OF_A_CALL)


def rows_of_singles(questions: Sequence[Question]) -> Row:
    """The same of the examples of questions with one example each."""
    _look_at_examples(questions)
    rows = [rows_of_examples(question) for question in questions]
    return _stacked([Row(row.traits[0], row.sizes[0]) for row in rows], *_OF_AN_EXAMPLE)


def _stacked(rows: Sequence[Row], traits: int, sizes: int) -> Row:
    return Row(
        np.array([row.traits for row in rows], bool).reshape(len(rows), traits),
        np.array([row.sizes for row in rows], float).reshape(len(rows), sizes),
    )


#: How many traits and sizes a call has, and an example.
_OF_A_CALL = (
    len(OF_CALLS) + 2 * len(OF_EXAMPLES),
    len(SIZES_OF_CALLS) + 2 * len(SIZES_OF_EXAMPLES),
)
_OF_AN_EXAMPLE = (
    len(OF_EXAMPLES) + len(OF_PLACES),
    len(SIZES_OF_EXAMPLES) + len(SIZES_OF_PLACES),
)
