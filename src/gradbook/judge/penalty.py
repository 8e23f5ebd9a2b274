"""What is wrong with the regularisation: measured apart from the data, as what reg adds.

The page has no penalty; courses add reg·ΣW² or ½·reg·ΣW². What a function adds, to the loss and to
the gradient, is the difference between its answers with reg and without; it is compared with forms
made of a factor, a power of reg, a function of W, a divisor and the weights that are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.convention import Convention
from gradbook.judge.evidence import Observation, smallest
from gradbook.judge.fault import Fault
from gradbook.judge.question import Question
from gradbook.judge.settle import penalty_parts

#: Answers without reg and with it.
Pair = tuple[Observation, Observation]


@dataclass(frozen=True)
class Form:
    """words: "2·reg·W / n". faults: how many of its parts are not as usual. value: what it adds."""

    words: str
    faults: int
    value: Callable[[Question], Floats]
    factor: float | None = None


_FACTORS = {
    1.0: "",
    2.0: "2·",
    0.5: "½·",
    0.25: "¼·",
    4.0: "4·",
    -1.0: "−",
    -2.0: "−2·",
    -0.5: "−½·",
}
_POWERS: dict[str, Callable[[float], float]] = {
    "reg": lambda reg: reg,
    "reg²": lambda reg: reg**2,
    "√reg": lambda reg: reg**0.5,
    "min(reg, 1)": lambda reg: min(reg, 1.0),
    "1{reg > 0}": lambda reg: float(reg > 0),
}
_DIVISORS: dict[str, Callable[[Question], float]] = {
    "": lambda q: 1.0,
    " / n": lambda q: 1 / q.n,
    " · n": lambda q: float(q.n),
    " / √n": lambda q: q.n**-0.5,
    " / C": lambda q: 1 / q.C,
    " / D": lambda q: 1 / q.D,
    " / (C·D)": lambda q: 1 / (q.C * q.D),
    " · C": lambda q: float(q.C),
    " · D": lambda q: float(q.D),
    " / n²": lambda q: 1 / q.n**2,
    ", once for each active margin": lambda q: _active(q),
    ", once for each active margin, / n": lambda q: _active(q) / q.n,
    ", once for each example and class, / n": lambda q: float(q.C),
    ", once for each example and class j ≠ y": lambda q: q.n * (q.C - 1.0),
    ", once for each class j ≠ y": lambda q: q.C - 1.0,
}
_LEFT_OUT: dict[str, tuple[slice | int, slice | int] | None] = {
    "": None,
    " without the last feature's weights": (slice(None), -1),
    " without the first feature's weights": (slice(None), 0),
    " without the last class's weights": (-1, slice(None)),
    " without the first class's weights": (0, slice(None)),
}
_OF_LOSS: dict[str, Callable[[Floats], Floats]] = {
    "ΣW²": lambda W: np.asarray(np.sum(W**2)),
    "Σ|W|": lambda W: np.asarray(np.sum(np.abs(W))),
    "‖W‖": lambda W: np.asarray(np.sqrt(np.sum(W**2))),
    "(ΣW)²": lambda W: np.asarray(np.sum(W) ** 2),
    "ΣW": lambda W: np.asarray(np.sum(W)),
    "max|W|": lambda W: np.asarray(np.abs(W).max(initial=0)),
    "1": lambda W: np.asarray(1.0),
}
_OF_GRADIENT: dict[str, Callable[[Floats], Floats]] = {
    "W": lambda W: W,
    "sign(W)": np.sign,
    "|W|": np.abs,
    "𝟙": np.ones_like,
    "W²": np.square,
    "W/‖W‖": lambda W: W / max(float(np.sqrt(np.sum(W**2))), 1e-300),
    "ΣW": lambda W: np.full_like(W, W.sum()),
    "ΣW²": lambda W: np.full_like(W, (W**2).sum()),
}

NOTHING = Form("0", 1, lambda q: np.asarray(0.0))


def _active(question: Question) -> float:
    return float((question.right.kinks > 0).sum())


@cache
def forms(of_loss: bool) -> tuple[Form, ...]:
    """All forms, those with the fewest faults first."""
    names = _OF_LOSS if of_loss else _OF_GRADIENT
    usual = (1.0, 0.5) if of_loss else (2.0, 1.0)
    made = [NOTHING]
    for factor, power, name, divisor, left_out in product(
        _FACTORS, _POWERS, names, _DIVISORS, _LEFT_OUT
    ):
        faults = (
            (factor not in usual)
            + (power != "reg")
            + (name != next(iter(names)))
            + (divisor != "")
            + (left_out != "")
        )
        if faults <= 2:
            made.append(_form(factor, power, name, divisor, left_out, names[name], faults))
    return tuple(sorted(made, key=lambda form: form.faults))


def _form(
    factor: float,
    power: str,
    name: str,
    divisor: str,
    left_out: str,
    of_weights: Callable[[Floats], Floats],
    faults: int,
) -> Form:
    def value(question: Question) -> Floats:
        W = question.W
        place = _LEFT_OUT[left_out]
        scale = factor * _POWERS[power](question.reg) * _DIVISORS[divisor](question)
        if place is None:
            return np.asarray(scale * of_weights(W))
        W = W.copy()
        W[place] = 0
        added = np.array(scale * of_weights(W))
        if added.ndim:
            added[place] = 0
        return added

    what = f"{power} in every entry" if name == "𝟙" else f"{power}·{name}"
    return Form(f"{_FACTORS[factor]}{what}{divisor}{left_out}", faults, value, factor)


def penalty_faults(pairs: Sequence[Pair], convention: Convention) -> list[Fault]:
    """What is wrong with what reg adds; [] if nothing is."""
    wrong = [pair for pair in pairs if not all(penalty_parts(*pair))]
    usable = [pair for pair in pairs if not (pair[0].failed or pair[1].failed)]
    if not wrong or not usable:
        return []
    loss = _found(_added_losses(usable), True) if convention.gives_loss else None
    gradient = _found(_added_gradients(usable), False) if convention.gives_gradient else None
    example = smallest([pair[1] for pair in wrong])
    explained = not (
        (convention.gives_loss and loss is None) or (convention.gives_gradient and gradient is None)
    )
    sentence = _own_words(convention, _sentence(convention, loss, gradient))
    if not explained:
        sentence += _by_reg(pairs)
    return [Fault(sentence, explained=explained, shown_by=example)]


def _own_words(convention: Convention, sentence: str) -> str:
    """Where reg multiplies the data's part, the penalty has no factor: ½ΣW², not ½·reg·ΣW²."""
    if not convention.weighed:
        return sentence
    if sentence.startswith("reg is ignored"):
        return "the penalty is missing: C multiplies the data's part, and nothing else is there"
    known = sentence.replace("what reg adds to", "what is in").replace("reg adds", "the penalty is")
    return known.replace("what the penalty is", "the penalty").replace("reg·", "")


def _by_reg(pairs: Sequence[Pair]) -> str:
    """For which reg it is right and for which not, if that is what decides."""
    regs = {one.question.reg for _, one in pairs}
    wrong = {one.question.reg for base, one in pairs if not all(penalty_parts(base, one))}
    right = sorted(regs - wrong)
    if not right:
        return ""
    words = [", ".join(f"{reg:g}" for reg in some) for some in (right, sorted(wrong))]
    return f"; it is right for reg = {words[0]} and wrong for reg = {words[1]}"


def _added_losses(pairs: Sequence[Pair]) -> list[tuple[Question, Floats, Floats]]:
    return [
        (
            one.question,
            np.asarray(one.reply.loss) - np.asarray(base.reply.loss),
            np.asarray(2 * one.expected.loss_bound),
        )
        for base, one in pairs
        if one.reply.loss is not None and base.reply.loss is not None
    ]


def _added_gradients(pairs: Sequence[Pair]) -> list[tuple[Question, Floats, Floats]]:
    return [
        (one.question, one.reply.gradient - base.reply.gradient, 2 * one.expected.gradient_bound)
        for base, one in pairs
        if one.reply.gradient is not None and base.reply.gradient is not None
    ]


def _found(added: Sequence[tuple[Question, Floats, Floats]], of_loss: bool) -> Form | None:
    """The simplest form that is what was added, every time."""
    found = next((form for form in forms(of_loss) if _is(form, added)), None)
    return found or next((f for f in _measured(added, of_loss) if _is(f, added)), None)


def _measured(added: Sequence[tuple[Question, Floats, Floats]], of_loss: bool) -> Iterator[Form]:
    """The forms with factor 1, with the factor that the first answer shows in its place."""
    question, found, _ = added[0]
    for form in forms(of_loss):
        if form.factor != 1.0:
            continue
        value = form.value(question)
        size = float((value * value).sum())
        factor = float(f"{float((found * value).sum()) / size:.9g}") if size else 0.0
        if factor:
            yield Form(
                f"{factor:g}·{form.words}",
                form.faults + 1,
                lambda q, factor=factor, form=form: factor * form.value(q),  # type: ignore[misc]
            )


def _is(form: Form, added: Sequence[tuple[Question, Floats, Floats]]) -> bool:
    with np.errstate(all="ignore"):
        for question, found, bound in added:
            predicted = form.value(question)
            if not (np.abs(found - predicted) <= bound + 1e-12 * np.abs(predicted)).all():
                return False
    return True


def _sentence(convention: Convention, loss: Form | None, gradient: Form | None) -> str:
    if convention.gives_loss and convention.gives_gradient:
        return _of_both(loss, gradient)
    form, right = (
        (loss, "reg·ΣW² or ½·reg·ΣW²") if convention.gives_loss else (gradient, "2·reg·W or reg·W")
    )
    if form is NOTHING:
        return "reg is ignored: nothing depends on it"
    if form is None:
        return f"what reg adds is neither {right}"
    return f"reg adds {form.words}, and not {right}"


def _of_both(loss: Form | None, gradient: Form | None) -> str:
    if loss is NOTHING and gradient is NOTHING:
        return "reg is ignored: neither the loss nor the gradient depends on it"
    if loss is None and gradient is None:
        return "what reg adds is no multiple of ΣW² in the loss and none of W in the gradient"
    if loss is NOTHING and gradient is not None:
        return f"the penalty is missing in the loss: only its gradient, {gradient.words}, is there"
    if loss is None:
        return (
            f"what reg adds to the loss is not reg·ΣW²; to the gradient it adds {_words(gradient)}"
        )
    if gradient is NOTHING:
        return f"the penalty {loss.words} is in the loss, but its term is missing in the gradient"
    if gradient is None:
        return f"the penalty is {loss.words}, but what reg adds to the gradient is not its gradient"
    return _compared(loss, gradient)


def _words(form: Form | None) -> str:
    return form.words if form else "something else"


def _compared(loss: Form, gradient: Form) -> str:
    """Two forms, of which one at least is not as it should be."""
    right = {"reg·ΣW²": "2·reg·W", "½·reg·ΣW²": "reg·W"}
    if gradient.words.endswith(" / n"):
        right |= {f"{of_loss} / n": f"{added} / n" for of_loss, added in right.items()}
    if loss.words in right:
        return (
            f"the penalty is {loss.words}, but its gradient is {gradient.words}, not "
            f"{right[loss.words]}{_reason(loss.words, gradient.words)}"
        )
    if gradient.words in ("2·reg·W", "reg·W"):
        return (
            f"the penalty in the loss is {loss.words}, and not "
            f"{'reg·ΣW²' if gradient.words == '2·reg·W' else '½·reg·ΣW²'}, whose gradient "
            f"{gradient.words} is right"
        )
    return (
        f"the penalty is {loss.words} in the loss and {gradient.words} in the gradient, and not "
        "reg·ΣW² and 2·reg·W"
    )


def _reason(loss: str, gradient: str) -> str:
    known = {
        ("reg·ΣW²", "reg·W"): ": the factor 2 is missing",
        ("½·reg·ΣW²", "2·reg·W"): ": the factor 2 is too much",
        ("reg·ΣW²", "2·reg·W / n"): ": it is divided by n with the data's part",
        ("½·reg·ΣW²", "reg·W / n"): ": it is divided by n with the data's part",
        ("reg·ΣW²", "−2·reg·W"): ": it is subtracted, not added",
        ("½·reg·ΣW²", "−reg·W"): ": it is subtracted, not added",
        ("reg·ΣW² / n", "reg·W / n"): ": the factor 2 is missing",
        ("½·reg·ΣW² / n", "2·reg·W / n"): ": the factor 2 is too much",
        ("reg·ΣW² / n", "−2·reg·W / n"): ": it is subtracted, not added",
        ("½·reg·ΣW² / n", "−reg·W / n"): ": it is subtracted, not added",
    }
    return known.get((loss, gradient), "")
