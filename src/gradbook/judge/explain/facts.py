"""What was observed, where no cause explains it all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from gradbook.judge.convention.evidence import Observation, smallest
from gradbook.judge.explain.fault import Fault
from gradbook.judge.explain.numbers_in_words import unlike
from gradbook.judge.explain.where import where
from gradbook.judge.judgement import EXACT
from gradbook.loss import Loss

#: A relative error below this is called a loss of digits.
_DIGITS = 1e-2


def fact_of_gradient(loss: Loss, observations: Sequence[Observation]) -> Fault:
    """Which rows of the gradient are wrong, where, and what stands there."""
    answered = [
        one
        for one in observations
        if one.reply.gradient is not None and not one.failed and (one.gradient_wrong or _says(one))
    ]
    wrong = [one for one in answered if one.gradient_wrong]
    lost = _lost_digits([one for one in wrong if _ordinary(one)], "gradient")
    if lost:
        return _digits(f"the gradient {lost}", _line(loss, wrong), wrong, "gradient")
    not_finite = [one for one in wrong if not np.isfinite(_gradient(one)).all()]
    if not_finite:
        clause = where(not_finite, answered)
        sentence = f"the gradient has an entry that is not a finite number{clause.only}"
        shown = smallest(not_finite)
        return Fault(sentence, _line(loss, wrong), code="gradient: GB513", shown_by=shown)
    single = [one for one in wrong if one.question.n == 1]
    if not single:
        sentence = f"the gradient {_of_several(wrong, answered)}"
        return _fact(sentence, loss.cites.get("mean", ""), smallest(wrong), "gradient")
    shown = smallest(single)
    clause = where(single, [one for one in answered if one.question.n == 1])
    sentence = f"{_rows(single)}{clause.only}{_measured(shown)}"
    return _fact(sentence, _line(loss, wrong), shown, "gradient")


def fact_of_loss(loss: Loss, observations: Sequence[Observation]) -> Fault:
    """Where the loss is wrong, and what it is there."""
    answered = [
        one
        for one in observations
        if one.reply.loss is not None and not one.failed and (one.loss_wrong or _says(one))
    ]
    wrong = [one for one in answered if one.loss_wrong]
    lost = _lost_digits([one for one in wrong if _ordinary(one)], "loss")
    if lost:
        return _digits(f"the loss {lost}", loss.cites.get("loss", ""), wrong, "loss")
    single = [one for one in wrong if one.question.n == 1]
    if not single:
        sentence = f"the loss {_of_several(wrong, answered)}"
        return _fact(sentence, loss.cites.get("mean", ""), smallest(wrong), "loss")
    shown = smallest(single)
    clause = where(single, [one for one in answered if one.question.n == 1])
    found, right = shown.reply.loss, shown.expected.loss
    assert found is not None
    said = f"{unlike(found, right)} where {unlike(right, found)} is right"
    sentence = f"the loss is wrong{clause.only}: it is {said}"
    return _fact(sentence, loss.cites.get("loss", ""), shown, "loss")


def _fact(sentence: str, line: str, shown: Observation, part: str) -> Fault:
    return Fault(sentence, line, code=f"{part}: GB901", shown_by=shown)


def _digits(sentence: str, line: str, wrong: Sequence[Observation], part: str) -> Fault:
    return Fault(sentence, line, EXACT, True, f"{part}: GB514", smallest(wrong))


def _of_several(wrong: Sequence[Observation], answered: Sequence[Observation]) -> str:
    """Where it is wrong; that it is so for several examples alone, if nothing says more."""
    clause = where(wrong, answered)
    if clause.words not in ("n > 1", ""):
        return f"is wrong{clause.only}"
    among = where(wrong, [one for one in answered if one.question.n > 1])
    return f"is right for n = 1 and wrong for n > 1{among.only}"


def _says(one: Observation) -> bool:
    """Whether a right answer says something: where all of it is 0, many wrong ones are right."""
    return bool(one.question.right.mu.any()) and not (one.beyond or one.undecided)


def loses_digits(observations: Sequence[Observation]) -> bool:
    """Whether the loss or the gradient is nearly right in every ordinary place."""
    answered = [one for one in observations if not one.failed and _ordinary(one)]
    return bool(
        _lost_digits([one for one in answered if one.loss_wrong], "loss")
        or _lost_digits([one for one in answered if one.gradient_wrong], "gradient")
    )


def _gradient(one: Observation) -> np.ndarray:
    assert one.reply.gradient is not None
    return np.asarray(one.reply.gradient, dtype=float)


def _line(loss: Loss, wrong: Sequence[Observation]) -> str:
    at_kinks = all(one.question.at_kink for one in wrong)
    return loss.cites.get("kink" if at_kinks else "gradient", "")


def _ordinary(one: Observation) -> bool:
    """Whether no margin is near a kink and no number is large: where any precision will do."""
    question = one.question
    u = question.right.kinks
    near = bool((np.abs(u[~np.isnan(u)]) < 2.0**-6).any())
    return not near and max(np.abs(a).max() for a in (question.W, question.X)) < 2**7


def _lost_digits(wrong: Sequence[Observation], part: str) -> str:
    """ "is right to about 4 digits only, …", if it is nearly right in every ordinary place."""
    errors = []
    for one in wrong:
        found = np.asarray(getattr(one.reply, part), dtype=float)
        right = np.asarray(getattr(one.expected, part), dtype=float)
        size = np.abs(right).max()
        if not size:
            return ""
        if part == "loss":  # of scores that cancel their rounding is left
            size = max(size, np.abs(one.question.S).max())
        with np.errstate(all="ignore"):
            errors.append(float(np.abs(found - right).max() / size))
    if not errors or not max(errors) < _DIGITS:
        return ""
    digits = int(-np.log10(max(errors)))
    known = {3: ", as in half precision, float16", 7: ", as in single precision, float32"}
    return (
        f"is right to about {digits} digits only{known.get(digits, '')}: it is computed in reduced "
        "precision, rounded, or approximated by differences"
    )


def _rows(wrong: Sequence[Observation]) -> str:
    """Which rows are wrong, of single examples."""
    own, other = False, False
    for one in wrong:
        apart = np.abs(_gradient(one) - one.expected.gradient)
        bad = np.asarray((apart > one.expected.gradient_bound).any(axis=1))
        label = int(one.question.y[0])
        own, other = own or bool(bad[label]), other or bool(np.delete(bad, label).any())
    if own and other:
        return "the gradient is wrong"
    return "row y of the gradient is wrong" if own else "the rows j ≠ y of the gradient are wrong"


def _measured(shown: Observation) -> str:
    """What multiplies x̃ in the first wrong row, and what should."""
    question = shown.question
    found, right = _gradient(shown), shown.expected.gradient
    row = int(np.argmax((np.abs(found - right) > shown.expected.gradient_bound).any(axis=1)))
    x = question.X[0]
    a = found[row, 0] / x[0] if x[0] else np.nan
    name = "row y" if row == question.y[0] else f"row {row}"
    if not np.allclose(found[row], a * x):
        return f"; {name} is no multiple of x̃ᵀ there"
    expected = float(shown.question.right.mu[0][row])
    return f": {name} is {_times(a, expected)} where {_times(expected, a)} is right"


def _times(a: float, other: float) -> str:
    words = {0.0: "0", 1.0: "x̃ᵀ", -1.0: "−x̃ᵀ"}.get(float(a))
    return words or f"{unlike(a, other)} x̃ᵀ"
