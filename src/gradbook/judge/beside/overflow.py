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
from gradbook.loss import Loss
from gradbook.questions.scene import scene_of

#: What Python's own arithmetic raises where NumPy's gives ∞ or NaN.
_OF_ARITHMETIC = frozenset({"OverflowError", "ZeroDivisionError", "FloatingPointError"})
#: What `math` raises there; much else raises it too, and then no overflow explains where.
_OF_A_DOMAIN = frozenset({"ValueError"})


@dataclass(frozen=True)
class Overflow:
    """faults: why no number comes out. aside: whether what is no number is left out of the rest.

    raised: the exceptions that stand for an answer that is no number.
    """

    faults: tuple[Fault, ...] = ()
    aside: bool = False
    raised: frozenset[str] = _OF_ARITHMETIC

    def rest(self, observations: Sequence[Observation]) -> list[Observation]:
        """What is looked into. Of an answer whose loss alone is no number the gradient is."""
        return _numbers(observations, self.raised) if self.aside else list(observations)


def overflow(loss: Loss, observations: Sequence[Observation]) -> Overflow:
    """What explains every answer that is no number, and no other; nothing where nothing does.

    Where there are wrong numbers beside, what is no number for no known reason is left aside.
    """
    if not loss.formula.has(exp):
        return Overflow()
    found = _explained(loss, observations, _OF_ARITHMETIC | _OF_A_DOMAIN)
    return found if found.faults else _explained(loss, observations, _OF_ARITHMETIC)


def _explained(loss: Loss, observations: Sequence[Observation], raised: frozenset[str]) -> Overflow:
    """The same, where these exceptions stand for an answer that is no number."""
    asked = [one for one in observations if not one.failed or one.reply.raised in raised]
    found: dict[str, tuple[FaultKind, list[str], Observation]] = {}
    known = True
    for part in ("loss", "gradient"):
        odd = [one for one in asked if not _is_finite(one, part)]
        if not odd:
            continue
        cause = next(_causes(asked, part), None)
        known = known and cause is not None
        for fault in cause or ():
            _, parts, _ = found.setdefault(fault.code, (fault, [], smallest(odd)))
            parts.append(part)
    if not known and all(one.right for one in _numbers(observations, raised)):
        return Overflow()
    told = tuple(
        Fault(
            fault.message + (f": it {shown.reply.error}" if shown.failed else ""),
            loss.cites.get(parts[0], ""),
            NUMERICAL if fault.of_digits and not shown.failed else EXACT,
            explained=True,
            code=fault.code,
            shown_by=shown,
            parts=tuple(parts),
        )
        for fault, parts, shown in found.values()
    )
    return Overflow(told, bool(told) or not known, raised)


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


def _numbers(observations: Sequence[Observation], raised: frozenset[str]) -> list[Observation]:
    numbers = [one for one in observations if one.reply.raised not in raised]
    return [_without_what_is_no_number(one) for one in numbers]


def _without_what_is_no_number(one: Observation) -> Observation:
    if one.failed or all(_is_finite(one, part) for part in ("loss", "gradient")):
        return one
    loss = one.reply.loss if _is_finite(one, "loss") else None
    gradient = one.reply.gradient if _is_finite(one, "gradient") else None
    return replace(one, reply=replace(one.reply, loss=loss, gradient=gradient))


def _is_finite(one: Observation, part: str) -> bool:
    if one.failed:
        return False
    value = getattr(one.reply, part)
    return value is None or bool(np.isfinite(value).all())
