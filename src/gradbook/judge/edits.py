"""What a kernel may do instead of what the page says, one part at a time.

The page's gradient is (1/n) Σ_i μ_i x̃⁽ⁱ⁾ᵀ: coefficients, of the rows j ≠ y and of row y, the
example that they multiply, a sum over the examples and a factor. Its loss is (1/n) Σ_i Σ_{j≠y}
max(0, u_j). An `Edit` changes one of these parts. A hypothesis is made of few edits, and is
believed only if it predicts every answer; none is looked for in the text of a program.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.scene import Scene

#: In place of the key of a line: that of the part which is edited, "loss" or "gradient".
OWN_LINE = "part"


@dataclass(frozen=True)
class Edit:
    """key: the same in the loss and in the gradient, for a fault that may be in both.

    words: what is done, to follow "in the gradient," or "in the loss,". line: the key of the page's
    line in `Loss.cites`, or OWN_LINE. apply: what stands in place of the page's part. alone:
    whether it is not looked for together with another edit, as there are many of its kind. fault:
    the code of the fault, where it has a file. of_gradient: the words where the gradient alone has
    it, if they are others.
    """

    key: str
    words: str
    line: str
    apply: Callable[..., Any]
    twin: Edit | None = None
    alone: bool = False
    fault: str = ""
    of_gradient: str = ""


# The indicators 1{s_j − s_y + 1 > 0} of the rows j ≠ y: (n, C), 0 in the own class. Row y is minus
# their sum.


def _others(scene: Scene) -> Floats:
    return 1 - scene.own


PREDICTED = (
    "only the predicted class, that with the largest score, is compared with y, itself if it is y: "
    "this is another loss, max_a s_a − s_y + 1"
)


def _predicted(scene: Scene) -> Floats:
    best = scene.question.S.argmax(axis=1)[:, None] == np.arange(scene.question.C)
    return np.asarray(best * (1 - scene.own))


def _rounded(places: int) -> Callable[[Scene], Floats]:
    return lambda scene: scene.indicator(np.round(scene.u, places))


INDICATORS: tuple[Edit, ...] = (
    Edit(
        "raw margin",
        "the margin itself, negative ones included, stands where its indicator belongs",
        "gradient",
        lambda scene: scene.u * _others(scene),
    ),
    Edit(
        "of scores",
        "the indicator is that of the score, 1{s_j > 0}, and not that of the margin",
        "gradient",
        lambda scene: scene.indicator(scene.question.S),
    ),
    Edit(
        "inverted",
        "the indicator is inverted: it is 1 where the margin is not active",
        "gradient",
        lambda scene: (1 - scene.active) * _others(scene),
    ),
    Edit(
        "reversed indicator",
        "the indicator's difference is reversed: it is 1{s_y − s_j + 1 > 0}",
        "gradient",
        lambda scene: scene.indicator(2 - scene.u),
    ),
    Edit("predicted", PREDICTED, "gradient", _predicted),
    Edit(
        "margins cut",
        "the margins are cut to whole numbers: one below 1 counts as 0",
        "loss",
        lambda scene: scene.indicator(np.trunc(scene.u)),
    ),
)

#: Margins that are rounded before their sign is taken.
ROUNDINGS = tuple(
    Edit(
        f"rounded {places}",
        f"the margins are rounded to {places} decimal places"
        if places
        else "the margins are rounded to whole numbers",
        "loss",
        _rounded(places),
    )
    for places in range(9)
)
