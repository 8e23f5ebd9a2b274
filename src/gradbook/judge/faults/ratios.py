"""How many times the right ones the wrong answers are."""

from collections.abc import Sequence

import numpy as np

from gradbook.judge.explain.answered import Answered
from gradbook.questions.formula import Floats

#: How alike measured numbers have to be to suggest one number; it is tested strictly afterwards.
ALIKE = 1e-6


def ratios(answers: Sequence[Answered]) -> Floats:
    """found / right of every wrong answer, (m,); NaN where it is not one number."""
    with np.errstate(all="ignore"):
        return np.array([_ratio(answer) for answer in answers if answer.wrong])


def _ratio(answer: Answered) -> float:
    right, found = answer.right, answer.found
    if right.shape != found.shape or not right.any():
        return np.nan
    of_each = found[right != 0] / right[right != 0]
    apart = np.ptp(of_each) > 1e-9 * np.abs(of_each).max()
    return np.nan if apart or found[right == 0].any() else float(of_each.flat[0])


def short(value: float) -> float:
    """A short number where it is one to rounding."""
    found = float(f"{value:.9g}")
    return found if abs(value - found) <= ALIKE * abs(value) else value
