"""Where no number comes out, in a loss with exp: which examples make it so, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sympy import exp

from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.explain.fault import Fault
from gradbook.judge.faults import FaultKind, faults
from gradbook.judge.judgement import EXACT, NUMERICAL
from gradbook.judge.questions.scene import scene_of
from gradbook.loss import Loss


@dataclass(frozen=True)
class Overflow:
    """faults: why no number comes out. rest: the observations, without what is explained so."""

    faults: tuple[Fault, ...]
    rest: tuple[Observation, ...]


def overflow(loss: Loss, observations: Sequence[Observation]) -> Overflow:
    """What explains every answer that is no number, and no other; nothing where nothing does.

    Of an answer whose loss alone is no number the gradient is left, to be judged with the others.
    """
    if not loss.formula.has(exp):
        return Overflow((), tuple(observations))
    asked = [one for one in observations if not one.failed]
    found: dict[str, tuple[FaultKind, list[str], Observation]] = {}
    for part in ("loss", "gradient"):
        odd = [one for one in asked if not _is_finite(one, part)]
        if not odd:
            continue
        cause = next(_causes(asked, part), None)
        if cause is None:
            return Overflow((), tuple(observations))
        for fault in cause:
            _, parts, _ = found.setdefault(fault.code, (fault, [], smallest(odd)))
            parts.append(part)
    if not found:
        return Overflow((), tuple(observations))
    told = tuple(
        Fault(
            fault.message,
            loss.cites.get(parts[0], ""),
            NUMERICAL if fault.of_digits else EXACT,
            explained=True,
            code=fault.code,
            shown_by=shown,
            parts=tuple(parts),
        )
        for fault, parts, shown in found.values()
    )
    return Overflow(told, tuple(map(_without_what_is_no_number, observations)))


def _causes(asked: Sequence[Observation], part: str) -> Iterator[tuple[FaultKind, ...]]:
    """One reason, or two together, that say where the part is no number."""
    known = [fault for fault in faults() if fault.overflows is not None]
    for count in (1, 2):
        for causes in combinations(known, count):
            if all(_is_finite(one, part) != _says(causes, one) for one in asked):
                yield causes


def _says(causes: Sequence[FaultKind], one: Observation) -> bool:
    scene = scene_of(one.question, None)
    return any(fault.overflows is not None and fault.overflows(scene).any() for fault in causes)


def _without_what_is_no_number(one: Observation) -> Observation:
    if one.failed or all(_is_finite(one, part) for part in ("loss", "gradient")):
        return one
    loss = one.reply.loss if _is_finite(one, "loss") else None
    gradient = one.reply.gradient if _is_finite(one, "gradient") else None
    return replace(one, reply=replace(one.reply, loss=loss, gradient=gradient))


def _is_finite(one: Observation, part: str) -> bool:
    value = getattr(one.reply, part)
    return value is None or bool(np.isfinite(value).all())
