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
    whether it is not looked for together with another edit, as there are many of its kind.
    """

    key: str
    words: str
    line: str
    apply: Callable[..., Any]
    twin: Edit | None = None
    alone: bool = False


# The indicators 1{s_j − s_y + 1 > 0} of the rows j ≠ y: (n, C), 0 in the own class. Row y is minus
# their sum.


def _others(scene: Scene) -> Floats:
    return 1 - scene.own


def first_of(mask: Floats) -> Floats:
    """1 at the first entry of each row that is not 0."""
    return np.asarray((np.cumsum(mask != 0, axis=1) == 1) & (mask != 0), dtype=float)


def last_of(mask: Floats) -> Floats:
    """1 at the last entry of each row that is not 0."""
    return first_of(mask[:, ::-1])[:, ::-1]


def _largest(scene: Scene) -> Floats:
    u = np.where(scene.own == 1, -np.inf, scene.u)
    largest = np.zeros_like(u)
    largest[np.arange(len(u)), u.argmax(axis=1)] = 1
    return largest * scene.active


def _largest_of_all(scene: Scene) -> Floats:
    """1 at the largest margin, that of the own class being set to 0, active or not."""
    u = scene.u * (1 - scene.own)
    largest = np.zeros_like(u)
    largest[np.arange(len(u)), u.argmax(axis=1)] = 1
    return largest * (1 - scene.own)


#: The usual words for a loss that is another one.
_LARGEST = (
    "only the largest margin of an example counts, not all: this is another loss, that of Crammer "
    "and Singer"
)
PREDICTED = (
    "only the predicted class, that with the largest score, is compared with y, itself if it is y: "
    "this is another loss, max_a s_a − s_y + 1"
)


def _predicted(scene: Scene) -> Floats:
    best = scene.question.S.argmax(axis=1)[:, None] == np.arange(scene.question.C)
    return np.asarray(best * (1 - scene.own))


def _shares_largest(scene: Scene) -> Floats:
    u = np.where(scene.own == 1, -np.inf, scene.u)
    return np.asarray(u == u.max(axis=1, keepdims=True), dtype=float) * scene.active


def _smallest(scene: Scene) -> Floats:
    u = np.where(scene.active > 0, scene.u, np.inf)
    smallest = np.zeros_like(u)
    smallest[np.arange(len(u)), u.argmin(axis=1)] = 1
    return smallest * scene.active


def _shifted(delta: float) -> Callable[[Scene], Floats]:
    return lambda scene: scene.indicator(scene.u - 1 + delta)


def _kept(keep: Callable[[Any, Any, int], Any]) -> Callable[[Scene], Floats]:
    """The active classes j for which keep(j, y, C) holds."""

    def apply(scene: Scene) -> Floats:
        j = np.arange(scene.question.C)[None, :]
        kept = keep(j, scene.question.y[:, None], scene.question.C)
        return scene.active * np.asarray(kept, dtype=float)

    return apply


def _among_labels(scene: Scene) -> Floats:
    """The active classes that are the label of some example."""
    return scene.active * (scene.own.sum(axis=0) > 0)


def _not_among_labels(scene: Scene) -> Floats:
    """The active classes that are the label of no example."""
    return scene.active * (scene.own.sum(axis=0) == 0)


def _up_to_largest_label(scene: Scene) -> Floats:
    return scene.active * (np.arange(scene.question.C) <= scene.question.y.max())


def _rounded(places: int) -> Callable[[Scene], Floats]:
    return lambda scene: scene.indicator(np.round(scene.u, places))


def _softmax(scene: Scene) -> Floats:
    S = scene.question.S
    with np.errstate(all="ignore"):
        e = np.exp(S - S.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True) * _others(scene)


def _delta(delta: float) -> Edit:
    sign = "+" if delta >= 0 else "−"
    words = f"the margin is s_j − s_y {sign} {abs(delta):g}, not s_j − s_y + 1"
    if delta == 0:
        words = "the margin's 1 is missing: it is s_j − s_y, not s_j − s_y + 1"
    return Edit(f"margin {delta:g}", words, "loss", _shifted(delta))


_CLASSES = (
    ("last class", "the last class is left out of the sum over j", lambda j, y, C: j < C - 1),
    ("first class", "the first class is left out of the sum over j", lambda j, y, C: j > 0),
    ("below y", "only the classes j < y are summed, not all j ≠ y", lambda j, y, C: j < y),
    ("above y", "only the classes j > y are summed, not all j ≠ y", lambda j, y, C: j > y),
    ("next", "only the class y + 1 is compared with y", lambda j, y, C: j == (y + 1) % C),
    ("not next", "the class y + 1 is left out with y", lambda j, y, C: j != y + 1),
    ("not previous", "the class y − 1 is left out with y", lambda j, y, C: j != y - 1),
)

INDICATORS: tuple[Edit, ...] = (
    Edit("no max", "every margin counts as active: the indicator is missing", "gradient", _others),
    Edit(
        "margin",
        "the margin itself stands where its indicator 1{s_j − s_y + 1 > 0} belongs",
        "gradient",
        lambda scene: np.maximum(scene.u, 0) * _others(scene),
    ),
    Edit(
        "raw margin",
        "the margin itself, negative ones included, stands where its indicator belongs",
        "gradient",
        lambda scene: scene.u * _others(scene),
    ),
    Edit(
        "squared",
        "2·max(0, s_j − s_y + 1) stands where the indicator belongs: that is the squared hinge",
        "gradient",
        lambda scene: 2 * np.maximum(scene.u, 0) * _others(scene),
    ),
    *(_delta(delta) for delta in (0.0, -1.0, 2.0, 0.5, 0.1, 10.0, 100.0)),
    Edit(
        "margin C",
        "the margin is s_j − s_y + C, not s_j − s_y + 1",
        "loss",
        lambda scene: scene.indicator(scene.u - 1 + scene.question.C),
    ),
    Edit(
        "until inactive",
        "the loop over j ends at the first class that is not active",
        "gradient",
        lambda scene: scene.active * np.cumprod(np.maximum(scene.active, scene.own), axis=1),
    ),
    Edit(
        "huber",
        "the hinge is smoothed: its slope is min(1, s_j − s_y + 1) where the indicator belongs",
        "gradient",
        lambda scene: np.clip(scene.u, 0, 1) * _others(scene),
    ),
    Edit(
        "margin 1/C",
        "the margin is s_j − s_y + 1/C, not s_j − s_y + 1",
        "loss",
        lambda scene: scene.indicator(scene.u - 1 + 1 / scene.question.C),
    ),
    Edit(
        "of scores",
        "the indicator is that of the score, 1{s_j > 0}, and not that of the margin",
        "gradient",
        lambda scene: scene.indicator(scene.question.S),
    ),
    Edit(
        "sign",
        "the sign of the margin, ±1, stands where its indicator, 1 or 0, belongs",
        "gradient",
        lambda scene: np.sign(scene.u) * _others(scene),
    ),
    Edit(
        "inverted",
        "the indicator is inverted: it is 1 where the margin is not active",
        "gradient",
        lambda scene: (1 - scene.active) * _others(scene),
    ),
    Edit(
        "reversed",
        "the difference of the scores is reversed: the margin is s_y − s_j + 1",
        "loss",
        lambda scene: -scene.indicator(2 - scene.u),
    ),
    Edit(
        "reversed indicator",
        "the indicator's difference is reversed: it is 1{s_y − s_j + 1 > 0}",
        "gradient",
        lambda scene: scene.indicator(2 - scene.u),
    ),
    Edit("largest", _LARGEST, "gradient", _largest),
    Edit("largest", _LARGEST, "gradient", _largest_of_all),
    Edit("predicted", PREDICTED, "gradient", _predicted),
    Edit(
        "shares largest",
        "only the largest margins of an example count, not all",
        "gradient",
        _shares_largest,
    ),
    Edit("smallest", "only the smallest active margin of an example counts", "gradient", _smallest),
    Edit(
        "first",
        "only the first active class of an example counts: the loop over j ends there",
        "gradient",
        lambda scene: first_of(scene.active),
    ),
    Edit(
        "last",
        "only the last active class of an example counts",
        "gradient",
        lambda scene: last_of(scene.active),
    ),
    Edit(
        "equal scores",
        "every class whose score equals s_y is left out, not the correct class alone",
        "loss",
        lambda scene: scene.active * (scene.u != 1),
    ),
    *(Edit(f"without {key}", words, "loss", _kept(keep)) for key, words, keep in _CLASSES),
    Edit(
        "among labels",
        "only classes that occur in the batch are summed: an absent class is left out",
        "loss",
        _among_labels,
    ),
    Edit(
        "no labels",
        "every class that occurs in the batch is left out of every sum over j, and not the own "
        "class of the example alone",
        "loss",
        _not_among_labels,
    ),
    Edit(
        "largest label",
        "the number of classes is taken to be max(y) + 1: where the last class does not occur in "
        "the batch, it is left out",
        "loss",
        _up_to_largest_label,
    ),
    *(
        Edit(
            f"first {count} classes",
            f"only the first {count} classes are summed: that is right for C ≤ {count} alone",
            "loss",
            _kept(lambda j, y, C, count=count: j < count),  # type: ignore[misc]
        )
        for count in (2, 3, 10)
    ),
    Edit(
        "over C − 1",
        "the sum over j is divided by C − 1",
        "gradient",
        lambda scene: scene.active / (scene.question.C - 1),
    ),
    Edit(
        "over C",
        "the sum over j is divided by C",
        "gradient",
        lambda scene: scene.active / scene.question.C,
    ),
    Edit(
        "over active",
        "the sum over j is divided by the number of active classes",
        "gradient",
        lambda scene: scene.active / np.maximum(scene.active.sum(axis=1, keepdims=True), 1),
    ),
    Edit(
        "margins cut",
        "the margins are cut to whole numbers: one below 1 counts as 0",
        "loss",
        lambda scene: scene.indicator(np.trunc(scene.u)),
    ),
    Edit("softmax", "it is the gradient of softmax cross-entropy", "gradient", _softmax),
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
