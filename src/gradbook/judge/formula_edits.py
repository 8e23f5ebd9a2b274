"""The faults as edits: the same question put to another loss, or with other coefficients."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from sympy import Rational

from gradbook.judge.edits import OWN_LINE, Edit
from gradbook.judge.faults import FaultKind, Of, faults
from gradbook.judge.rewriting import Rewriting
from gradbook.judge.scene import Scene
from gradbook.loss import Loss


@cache
def formula_edits(loss: Loss) -> tuple[Edit, ...]:
    """What the faults make of the formula of a loss, those that people make most often first."""
    found = [
        _edit(loss, fault.code, words, of_gradient, one, alone=not fault.often)
        for fault in faults()
        for words, of_gradient, one in fault.rewritings(loss)
    ]
    return tuple(sorted(found, key=lambda edit: edit.alone))


@cache
def other_edits(loss: Loss, part: str) -> tuple[Edit, ...]:
    """What the faults make of the "coefficients", or of the "losses", that is no other formula."""
    return tuple(
        _other(fault, words, of) for fault in faults() for words, of in fault.edits(loss, part)
    )


def _other(fault: FaultKind, words: str, of: Of) -> Edit:
    line = OWN_LINE if fault.code.startswith("GB3") else "loss"
    return Edit(f"{fault.code} {words}", words, line, of, None, not fault.often, fault.code)


def edits_with(loss: Loss, code: str, number: float) -> Iterator[Edit]:
    """What one fault makes of a formula with a number that was measured."""
    fault = next(one for one in faults() if one.code == code)
    measured = Rational(number).limit_denominator(10**6)
    for words, of_gradient, one in fault.rewritings(loss, [measured] if measured > 0 else []):
        yield _edit(loss, code, words, of_gradient, one, alone=True)


def _edit(loss: Loss, code: str, words: str, of_gradient: str, one: Rewriting, alone: bool) -> Edit:
    other = replace(loss, formula=one.formula)

    def apply(scene: Scene) -> Scene:
        return Scene(replace(scene.question, loss=other), scene.at_kink)

    key = f"{code} {other.formula}"  # what two rewritings say may be the same
    return Edit(key, words, "loss", apply, None, alone, code, of_gradient)
