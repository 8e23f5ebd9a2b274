"""What is wrong with the regularisation: measured apart from the data, as what reg adds.

The page has no penalty; courses add reg·ΣW² or ½·reg·ΣW². What a function adds, to the loss and to
the gradient, is the difference between its answers with reg and without; it is compared with forms
made of a factor, a power of reg, a function of W, a divisor and the weights that are left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gradbook.judge.base_set import Pair
from gradbook.judge.convention import Convention
from gradbook.judge.evidence import smallest
from gradbook.judge.fault import Fault
from gradbook.judge.penalty_batches import counted_by_batch
from gradbook.judge.penalty_forms import NOTHING, Form, forms
from gradbook.judge.penalty_where import Added, added_gradients, added_losses, confined, fits
from gradbook.judge.settle import penalty_parts


def penalty_faults(pairs: Sequence[Pair], convention: Convention) -> list[Fault]:
    """What is wrong with what reg adds; [] if nothing is."""
    wrong = [pair for pair in pairs if not all(penalty_parts(*pair))]
    usable = [pair for pair in pairs if not (pair[0].failed or pair[1].failed)]
    if not wrong or not usable:
        return []
    of_loss = added_losses(usable) if convention.gives_loss else []
    of_gradient = added_gradients(usable) if convention.gives_gradient else []
    loss, gradient = _found(of_loss, True), _found(of_gradient, False)
    example = smallest([pair[1] for pair in wrong])
    explained = not (
        (convention.gives_loss and loss is None) or (convention.gives_gradient and gradient is None)
    )
    sentence = ""
    if not explained:
        sentence = counted_by_batch(of_loss, of_gradient) or confined(of_loss, of_gradient)
        explained = bool(sentence)
    sentence = _own_words(convention, sentence or _sentence(convention, loss, gradient))
    if not explained:
        sentence += _by_reg(pairs)
    return [Fault(sentence, explained=explained, code="penalty", shown_by=example)]


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
            yield Form(
                f"{factor:g}·{form.words}",
                form.faults + 1,
                lambda q, factor=factor, form=form: factor * form.value(q),  # type: ignore[misc]
            )


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
