"""What is wrong with the regularisation: measured apart from the data, as what reg adds.

The page has no penalty; courses add reg·ΣW² or ½·reg·ΣW². What a function adds, to the loss and to
the gradient, is the difference between its answers with reg and without; it is compared with forms
made of a factor, a power of reg, a function of W, a divisor and the weights that are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from gradbook.judge.convention.base_set import Pair
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import smallest
from gradbook.judge.convention.kink_and_penalty import penalty_parts
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.numbers_in_words import in_words
from gradbook.judge.penalties.forms import NOTHING, Form, forms
from gradbook.judge.penalties.where import Added, added_to, confined, fits

#: By the part that is taken to be wrong.
_CODES = {"gradient": "GB601", "loss": "GB602", "other": "GB603"}


def penalty_faults(pairs: Sequence[Pair], convention: Convention) -> list[Fault]:
    """What is wrong with what reg adds; [] if nothing is.

    The code says which part is taken to be right, so that the other is to be changed: GB601 that
    the gradient is wrong, GB602 that the loss is, GB603 that the loss has another penalty.
    """
    wrong = [pair for pair in pairs if not all(penalty_parts(*pair))]
    usable = [pair for pair in pairs if not (pair[0].failed or pair[1].failed)]
    if not wrong or not usable:
        return []
    of_loss = added_to("loss", usable) if convention.gives_loss else []
    of_gradient = added_to("gradient", usable) if convention.gives_gradient else []
    loss, gradient = _found(of_loss, True), _found(of_gradient, False)
    explained = not (
        (convention.gives_loss and loss is None) or (convention.gives_gradient and gradient is None)
    )
    sentence, code = "", "GB606"
    if not explained:
        sentence = confined(of_loss, of_gradient)
        elastic = _elastic(of_loss) if not sentence and not loss and of_gradient else ""
        if elastic:
            sentence = f"the penalty is {elastic}, but what reg adds to the gradient is not its own"
            code = "GB603"
        elif loss and loss.is_usual and loss.factor in (1.0, 0.5) and not sentence:
            code = "GB601"
        if sentence and code == "GB606":
            code = "GB605"
        explained = bool(sentence)
    elif loss and gradient:
        code = _CODES[_amiss(loss, gradient)]
    if loss is NOTHING and convention.weighed and gradient in (None, NOTHING) and explained:
        sentence = "the penalty is missing: C multiplies the data's part, and nothing else is there"
    else:
        sentence = _without_reg(convention, sentence or _sentence(convention, loss, gradient))
    if not explained and not convention.constant:
        sentence += _by_reg(pairs)
    example = smallest([pair[1] for pair in wrong])
    return [Fault(sentence, explained=explained, code=code, shown_by=example)]


def words_of_loss(convention: Convention, pairs: Sequence[Pair]) -> str:
    """What reg adds to the loss, if it is one of the forms that are known; else ""."""
    added = added_to("loss", pairs)
    found = _found(added, True)
    return _without_reg(convention, found.words if found else _elastic(added))


def _elastic(added: Sequence[Added]) -> str:
    """A sum of Σ|W| and ΣW² with two factors, in words; "" if it is none."""
    if not added:
        return ""
    of = [(one.question.reg, one.question.W) for one in added]
    table = np.array([(reg * np.abs(W).sum(), reg * (W**2).sum()) for reg, W in of])
    sums = np.array([float(one.found) for one in added])
    factors = np.linalg.lstsq(table, sums, rcond=None)[0]
    if not np.allclose(table @ factors, sums, rtol=1e-7, atol=1e-7):
        return ""
    return f"{in_words(factors[0])}·reg·Σ|W| + {in_words(factors[1])}·reg·ΣW²"


def _without_reg(convention: Convention, sentence: str) -> str:
    """Where reg is none of the penalty's: it is ½ΣW², not ½·reg·ΣW²."""
    if not (convention.weighed or convention.constant):
        return sentence
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


def _found(added: Sequence[Added], of_loss: bool) -> Form | None:
    """The simplest form that is what was added, every time."""
    if not added:
        return None
    found = next((form for form in forms(of_loss) if fits(form, added)), None)
    return found or next((f for f in _measured(added, of_loss) if fits(f, added)), None)


def _measured(added: Sequence[Added], of_loss: bool) -> Iterator[Form]:
    """The forms with factor 1, with the factor that the first answer shows in its place."""
    question, found = added[0].question, added[0].found
    for form in forms(of_loss):
        if form.factor != 1.0:
            continue
        value = form.value(question)
        size = float((value * value).sum())
        factor = float(f"{float((found * value).sum()) / size:.9g}") if size else 0.0
        if factor:
            yield replace(form, factor=factor)


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


def _amiss(loss: Form, gradient: Form) -> str:
    """Which part is taken to be wrong, of two forms that do not belong together."""
    averaged = loss.divisor == gradient.divisor == " / n"
    if loss.is_usual and loss.factor in (1.0, 0.5) and (averaged or not loss.divisor):
        return "gradient"
    if gradient.is_usual and gradient.factor in (1.0, 2.0) and not gradient.divisor:
        return "loss"
    return "other"


def _compared(loss: Form, gradient: Form) -> str:
    """Two forms, of which one at least is not as it should be."""
    amiss = _amiss(loss, gradient)
    if amiss == "gradient":
        return (
            f"the penalty is {loss.words}, but its gradient is {gradient.words}, not "
            f"{_words(loss.slope)}{_reason(loss, gradient)}"
        )
    if amiss == "loss":
        return (
            f"the penalty in the loss is {loss.words}, and not "
            f"{'reg·ΣW²' if gradient.factor == 2.0 else '½·reg·ΣW²'}, whose gradient "
            f"{gradient.words} is right"
        )
    if loss.slope and not _is_same(loss.slope, gradient):
        return (
            f"the penalty is {loss.words} in the loss, whose gradient is {loss.slope.words}; but "
            f"{gradient.words} stands in the gradient{_reason(loss, gradient)}"
        )
    return (
        f"the penalty is {loss.words} in the loss and {gradient.words} in the gradient, and not "
        "reg·ΣW² and 2·reg·W"
    )


def _is_same(one: Form, other: Form) -> bool:
    """Whether they are one form; factors are known to six digits."""
    near = abs(one.factor - other.factor) <= 1e-6 * abs(other.factor)
    return near and one.name == other.name and one.is_like(other)


def _reason(loss: Form, gradient: Form) -> str:
    """Why a gradient is not that of the penalty, where a factor or 1/n is all of it."""
    if (loss.name, gradient.name) != ("ΣW²", "W"):
        return ""
    ratio = gradient.factor / (2 * loss.factor)
    if loss.is_like(gradient):
        return {
            0.5: ": the factor 2 is missing",
            2.0: ": the factor 2 is too much",
            -1.0: ": it is subtracted, not added",
        }.get(float(f"{ratio:.6g}"), "")
    by_n = replace(gradient, divisor=loss.divisor).is_like(loss) and gradient.divisor == " / n"
    return ": it is divided by n with the data's part" if by_n and ratio == 1 else ""
