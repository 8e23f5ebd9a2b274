"""A penalty that is right but for some calls: of which the simplest condition tells, and how.

What reg adds is looked at where it is not what the convention says; a form that says what is there
instead, and a condition that tells these calls from the others, are stated together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.penalties.forms import NOTHING, Form, forms
from gradbook.questions.conditions import Condition, language, telling
from gradbook.questions.formula import Floats
from gradbook.questions.question import Question
from gradbook.questions.rows import rows_of_calls

#: So many forms of what is wrong are tried with conditions.
_FORMS = 8


@dataclass(frozen=True)
class Added:
    """What reg added to one answer, and what it should have."""

    question: Question
    found: Floats
    right: Floats
    bound: Floats

    @property
    def wrong(self) -> bool:
        with np.errstate(all="ignore"):
            return not bool((np.abs(self.found - self.right) <= self.bound).all())


def _size(one: Observation) -> int:
    """How many times the mean the function's own answer is."""
    return one.question.n if one.convention.summed else 1


def added_to(part: str, pairs: Sequence[Pair]) -> list[Added]:
    """What reg added to the "loss", or to the "gradient", where both answers have it."""
    found = []
    for base, one in pairs:
        with_reg, without = getattr(one.reply, part), getattr(base.reply, part)
        if with_reg is None or without is None:
            continue
        right = getattr(one.expected, part) - getattr(base.expected, part)
        bound = 2 * getattr(one.expected, f"{part}_bound")
        with np.errstate(all="ignore"):
            parts = (np.asarray(a) * _size(one) for a in (with_reg - without, right, bound))
            found.append(Added(one.question, *parts))
    return found


def fits(form: Form, added: Sequence[Added]) -> bool:
    """Whether the form is what was added, every time."""
    with np.errstate(all="ignore"):
        for one in added:
            predicted = form.value(one.question)
            room = one.bound + 1e-12 * np.abs(predicted)
            if not (np.abs(one.found - predicted) <= room).all():
                return False
    return True


def confined(losses: Sequence[Added], gradients: Sequence[Added]) -> str:
    """Where alone the penalty is wrong, and what is there; "" if nothing says it."""
    parts = {
        part: list(_explanations(added, of_loss=part == "loss"))
        for part, added in (("loss", losses), ("gradient", gradients))
        if any(one.wrong for one in added)
    }
    if not parts or not all(parts.values()):
        return ""
    if len(parts) == 1:
        ((part, found),) = parts.items()
        condition, form = _least(found)
        return _said(condition, {part: form})
    both = [
        (condition, {"loss": form, "gradient": other})
        for condition, form in parts["loss"]
        for same, other in parts["gradient"]
        if same == condition
    ]
    if not both:
        return "; ".join(_said(at, {part: form}) for part, found in parts.items()
                         for at, form in [_least(found)])  # fmt: skip
    return _said(*min(both, key=lambda pair: _cost(pair[0], *pair[1].values())))


def _explanations(added: Sequence[Added], of_loss: bool) -> Iterator[tuple[Condition, Form]]:
    """Forms that are there in every wrong answer, and conditions that tell these from the rest."""
    wrong = [one for one in added if one.wrong]
    right = [one for one in added if not one.wrong]
    fitting = (form for form in forms(of_loss) if fits(form, wrong))
    for form, _ in zip(fitting, range(_FORMS), strict=False):
        others = [one for one in right if not fits(form, [one])]
        those, rest = (rows_of_calls([one.question for one in some]) for some in (wrong, others))
        for condition in telling(language(False), those, rest, pairs=False):
            yield condition, form


def _least(found: Sequence[tuple[Condition, Form]]) -> tuple[Condition, Form]:
    return min(found, key=lambda pair: _cost(*pair))


def _cost(condition: Condition, *forms_: Form) -> float:
    return condition.cost + sum(form.faults for form in forms_ if form is not NOTHING)


def _said(condition: Condition, those: dict[str, Form]) -> str:
    head = f"the penalty is right unless {condition.words}; there, "
    if all(form is NOTHING for form in those.values()):
        return f"{head}it is missing in the {' and the '.join(those)}"
    added = " and ".join(
        f"nothing to the {part}" if form is NOTHING else f"{form.words} to the {part}"
        for part, form in those.items()
    )
    return f"{head}reg adds {added}"
