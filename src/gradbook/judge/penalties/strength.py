"""Another strength of the penalty than the reg that is given: 0.001 where reg is 0, 1 at most, …

What is taken for reg is read off every answer, those with reg = 0 included, and has to be the same
in all answers to the same reg.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation, expected, smallest
from gradbook.judge.convention.kink_and_penalty import penalties
from gradbook.judge.explain.fault import Fault

#: How near two strengths are that are the same.
_NEAR = 1e-7
#: Weights of another order tell nothing of a small strength, or drown in it.
_LEAST, _MOST = 0.25, 2.0**12


def strength_faults(
    observations: Sequence[Observation], pairs: Sequence[Pair], convention: Convention
) -> list[Fault]:
    """What is taken for reg, if that is all that is wrong; [] if it is not, or nothing is."""
    asked = [one for pair in pairs for one in pair]
    if convention.weighed or convention.constant or not pairs or all(one.right for one in asked):
        return []
    usable = [one for one in (*asked, *observations) if not (one.failed or one.beyond)]
    for candidate in penalties(convention):
        read = {
            part: _strengths(asked, candidate, part)
            for part in ("loss", "gradient")
            if part in convention.returns
        }
        said = {part: text for part, strengths in read.items() if (text := _said(strengths))}
        # With another strength no gradient is right, and what it is at a kink is not settled.
        kinks = dict.fromkeys((convention.at_kink, 0.0, 1.0)) if said else ()
        if any(
            all(
                _is_all(usable, replace(candidate, at_kink=at_kink), *each) for each in read.items()
            )
            for at_kink in kinks
        ):
            shown = smallest([one for one in asked if not one.right])
            sentence = _sentence(said, len(read))
            return [Fault(sentence, explained=True, code="GB604", shown_by=shown)]
    return []


def _sentence(said: Mapping[str, str], parts: int) -> str:
    """The clauses of the parts that are wrong, as one where it is the same in all there are."""
    if len(said) == parts and len(set(said.values())) == 1:
        return next(iter(said.values()))
    return "; ".join(f"in the {part}, {text}" for part, text in said.items())


def _strengths(
    asked: Sequence[Observation], convention: Convention, part: str
) -> dict[float, float]:
    """What stands for each reg, as one of the answers to it tells."""
    found: dict[float, float] = {}
    for one in asked:
        if one.question.reg not in found:
            strength = _strength(one, convention, part)
            if strength is not None:
                found[one.question.reg] = strength
    return found


def _strength(one: Observation, convention: Convention, part: str) -> float | None:
    """What stands for reg in one answer; None if it does not tell."""
    question = one.question
    none = expected(question.with_reg(0.0), convention)
    found = getattr(one.reply, part)
    if found is None or one.failed:
        return None
    added = np.asarray(convention.added(question.with_reg(1.0))[part == "gradient"])
    place = np.unravel_index(np.abs(added).argmax(), added.shape)
    over = float((found - getattr(none, part))[place] if part == "gradient" else found - none.loss)
    of_one = float(added[place])
    if not _LEAST <= abs(of_one) * (question.n if convention.averaged else 1) <= _MOST:
        return None
    strength = over / of_one
    if abs(strength - question.reg) <= _NEAR * max(question.reg, 1e-6):
        return question.reg
    return float(f"{strength:.7g}") if abs(strength) > 1e-12 else 0.0


def _is_all(
    usable: Sequence[Observation],
    convention: Convention,
    part: str,
    strengths: Mapping[float, float],
) -> bool:
    """Whether every answer is the right one for what stands for its reg."""
    for one in usable:
        question = one.question
        if question.reg not in strengths or getattr(one.reply, part) is None:
            continue
        asked = question.with_reg(strengths[question.reg])
        right = expected(asked, convention, one.unit)
        apart = np.abs(getattr(one.reply, part) - getattr(right, part))
        # What stands for reg is known to seven digits.
        room = getattr(right, f"{part}_bound") + 20 * _NEAR * abs(asked.reg) * (
            np.abs(question.W) if part == "gradient" else (question.W**2).sum()
        )
        if not (apart <= room).all():
            return False
    return True


def _said(strengths: Mapping[float, float]) -> str:
    """What is taken for reg, as a clause; "" if it is reg itself, or nothing that is known."""
    off = {reg: taken for reg, taken in strengths.items() if taken != reg}
    values = set(off.values())
    if not off or not any(strengths.values()):
        return ""
    if set(off) == {0.0}:
        return f"where reg = 0, it is taken to be {off[0.0]:g}"
    regs = sorted(strengths)
    if len(values) == 1 and len(off) == len(regs):
        (value,) = values
        return (
            f"reg is ignored: the penalty's strength is {value:g}, whatever reg is" if value else ""
        )
    more = strengths.get(0.0, 0.0)
    if all(abs(taken - reg - more) <= 1e-6 * max(reg, more) for reg, taken in strengths.items()):
        return f"reg + {more:g} stands where reg belongs"
    if all(taken == np.trunc(reg) for reg, taken in strengths.items()):
        return "reg is cut to a whole number"
    if len(values) > 1:
        return ""
    (value,) = values
    if all(taken == max(reg, value) for reg, taken in strengths.items()):
        return f"reg is taken to be {value:g} at least"
    if all(taken == min(reg, value) for reg, taken in strengths.items()):
        return f"reg is taken to be {value:g} at most"
    if not value and max(off) < min(set(regs) - set(off) - {0.0}, default=0.0):
        return f"a reg of {max(off):g} or less is taken to be 0"
    return ""
