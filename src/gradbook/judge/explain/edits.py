"""What a kernel may do instead of what the page says, one part at a time, as the faults say it.

The page's gradient is (1/n) Σ_i μ_i x̃⁽ⁱ⁾ᵀ: a formula, its coefficients, the example that they
multiply, a sum over the examples and a factor. An `Edit` changes one of these parts. A hypothesis
is made of few edits, and is believed only if it predicts every answer; none is looked for in the
text of a program.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import Any

from gradbook.judge.explain.answered import Answered
from gradbook.judge.explain.rewriting import Rewriting
from gradbook.judge.faults import GRADIENT, LOSS, FaultKind, faults
from gradbook.loss import Loss
from gradbook.questions.scene import NotPredicted, Scene


@dataclass(frozen=True)
class Edit:
    """code: of the fault. said: its words, and those where the gradient alone has it; printed when
    they are asked for, of thousands of edits at most.

    line: the key of the page's line in `Loss.cites`, or "part" for that of the loss or of the
    gradient. apply: what stands in place of the page's part. alone: whether it is not looked for
    together with another edit. key: the same in the loss and in the gradient, for a fault that is
    in both.
    """

    code: str
    said: Callable[[], tuple[str, str]]
    line: str
    apply: Callable[..., Any]
    alone: bool
    key: Hashable

    @property
    def words(self) -> str:
        """What is done, to follow "in the gradient," or "in the loss,"."""
        return self.said()[0]

    @property
    def of_gradient(self) -> str:
        """The words where the gradient alone has it."""
        return self.said()[1]


#: Edits that are made when they are asked for: what is simpler may explain what is wrong.
Edits = Callable[[], Sequence[Edit]]
#: The edits of each part.
Slots = Mapping[str, Edits]


def edits_of_loss(loss: Loss, answers: Sequence[Answered]) -> Slots:
    """What the faults change in a loss, by the part that they change. answers: they may suggest."""
    return {part: cache(partial(_edits, loss, part, answers)) for part in LOSS}


def edits_of_gradient(loss: Loss, answers: Sequence[Answered]) -> Slots:
    """The same in a gradient."""
    return {part: cache(partial(_edits, loss, part, answers)) for part in GRADIENT}


def _edits(loss: Loss, part: str, answers: Sequence[Answered]) -> list[Edit]:
    """Those that people make most often first, and last what the answers suggest."""
    known = _formulas(loss) if part == "formula" else _usual(loss, part)
    return [*known, *(edit for fault in faults() for edit in _measured(fault, part, answers))]


@cache
def _usual(loss: Loss, part: str) -> tuple[Edit, ...]:
    narrow_first = sorted(faults(), key=lambda fault: not fault.of_few)
    found = [edit for fault in narrow_first for edit in _of_fault(fault, loss, part)]
    return tuple(sorted(found, key=lambda edit: edit.alone))


def _of_fault(fault: FaultKind, loss: Loss, part: str) -> Iterator[Edit]:
    of = fault.part(loss, part)
    if of is not None:
        for place, (words, variant) in enumerate(fault.variants(loss)):
            yield _edit(fault, of, words, variant, alone=place >= fault.often)


def _measured(fault: FaultKind, part: str, answers: Sequence[Answered]) -> Iterator[Edit]:
    of = fault.part(answers[0].scene.question.loss, part) if answers else None
    if of is not None and fault.measured is not None:
        try:
            for words, variant in fault.measured(answers):
                yield _edit(fault, of, words, variant, alone=False)
        except NotPredicted:
            return


def _edit(fault: FaultKind, of: Callable[..., Any], words: str, variant: Any, alone: bool) -> Edit:
    said = partial(fault.said, {"found": words})
    apply = of if variant is None else partial(_with, of, variant)
    return Edit(fault.code, said, fault.line, apply, alone, (fault.code, words))


def _with(of: Callable[..., Any], variant: Any, *given: Any) -> Any:
    return of(*given, variant)


@cache
def _formulas(loss: Loss) -> tuple[Edit, ...]:
    """What the faults make of the formula of a loss."""
    found = [
        _rewritten(loss, fault, place, one)
        for fault in faults()
        for place, one in enumerate(fault.rewritings(loss))
    ]
    return tuple(sorted(found, key=lambda edit: edit.alone))


def _rewritten(loss: Loss, fault: FaultKind, place: int, one: Rewriting) -> Edit:
    other = replace(loss, formula=one.formula)

    def apply(scene: Scene) -> Scene:
        return Scene(replace(scene.question, loss=other), scene.at_kink)

    key = fault.code, other.formula  # what two rewritings say may be the same
    alone = place >= fault.often
    return Edit(fault.code, partial(fault.said_of, one), fault.line, apply, alone, key)
