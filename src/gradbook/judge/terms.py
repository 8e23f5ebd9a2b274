"""What a kernel may sum up as the loss of one example, instead of Σ_{j≠y} max(0, s_j − s_y + 1).

Where the same fault may be in the gradient, the edit has the key that it has in `edits`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import INDICATORS, PREDICTED, ROUNDINGS, Edit
from gradbook.judge.scene import Scene


def _hinges(scene: Scene) -> Floats:
    """max(0, u_j) for j ≠ y, 0 in the own class: (n, C)."""
    return np.maximum(scene.u, 0) * (1 - scene.own)


def _kept_by(key: str) -> Callable[[Scene], Floats]:
    """The margins of those classes that an edit of the indicators keeps."""
    keep = next(edit for edit in INDICATORS if edit.key == key)

    def apply(scene: Scene) -> Floats:
        return np.asarray((_hinges(scene) * (keep.apply(scene) != 0)).sum(axis=1))

    return apply


def _with_margin(delta: float) -> Callable[[Scene], Floats]:
    return lambda scene: (np.maximum(scene.u - 1 + delta, 0) * (1 - scene.own)).sum(axis=1)


def _rounded(places: int) -> Callable[[Scene], Floats]:
    def apply(scene: Scene) -> Floats:
        hinges = np.maximum(np.round(scene.u, places), 0) * (1 - scene.own)
        return np.asarray(hinges.sum(axis=1))

    return apply


def _clip(bound: float) -> Edit:
    return Edit(
        f"clipped {bound:g}",
        f"the margins are clipped: max(0, ·) is cut at {bound:g}",
        "loss",
        lambda scene: np.minimum(_hinges(scene), bound).sum(axis=1),
    )


def _softmax(scene: Scene) -> Floats:
    S = scene.question.S
    with np.errstate(all="ignore"):
        shifted = S - S.max(axis=1, keepdims=True)
        return np.asarray(np.log(np.exp(shifted).sum(axis=1)) - (shifted * scene.own).sum(axis=1))


def _softmax_as_probability(scene: Scene) -> Floats:
    """−log of the probability, which may be 0: then the loss is ∞."""
    S = scene.question.S
    with np.errstate(all="ignore"):
        e = np.exp(S - S.max(axis=1, keepdims=True))
        return np.asarray(-np.log((e * scene.own).sum(axis=1) / e.sum(axis=1)))


def _softmax_unshifted(scene: Scene) -> Floats:
    S = scene.question.S
    with np.errstate(all="ignore"):
        e = np.exp(S)
        own = e[np.arange(len(e)), scene.question.y]
        return np.asarray(-np.log(own / e.sum(axis=1)))


#: Edits of the indicators that are selections of classes, and mean the same in the loss.
_SELECTIONS = (
    *("largest", "first", "last", "smallest", "equal scores", "until inactive"),
    *(
        "among labels",
        "no labels",
        "largest label",
        "first 2 classes",
        "first 3 classes",
        "first 10 classes",
    ),
    *(edit.key for edit in INDICATORS if edit.key.startswith("without ")),
)
_WORDS = {edit.key: edit for edit in (*INDICATORS, *ROUNDINGS)}

TERMS: tuple[Edit, ...] = (
    Edit("counts itself", "the correct class is not left out of the sum: its term max(0, 1) makes "
         "the loss of every example 1 too large", "loss",
         lambda scene: _hinges(scene).sum(axis=1) + 1),
    Edit("no max", "max(0, ·) is missing: negative margins are summed too", "loss",
         lambda scene: (scene.u * (1 - scene.own)).sum(axis=1)),
    Edit("no max and itself", "max(0, ·) is missing, and the correct class is not left out", "loss",
         lambda scene: scene.u.sum(axis=1)),
    Edit("clamped sum", "max(0, ·) is taken of the sum and not of each margin", "loss",
         lambda scene: np.maximum((scene.u * (1 - scene.own)).sum(axis=1), 0)),
    Edit("squared", "the hinge is squared: Σ max(0, ·)², not Σ max(0, ·)", "loss",
         lambda scene: (_hinges(scene) ** 2).sum(axis=1)),
    Edit("margin", "the hinge is squared and halved: ½ Σ max(0, ·)², not Σ max(0, ·)", "loss",
         lambda scene: (_hinges(scene) ** 2).sum(axis=1) / 2),
    Edit("margin C", _WORDS["margin C"].words, "loss",
         lambda scene: (np.maximum(scene.u - 1 + scene.question.C, 0)
                        * (1 - scene.own)).sum(axis=1)),
    Edit("huber", "the hinge is smoothed: it is ½ max(0, ·)² up to 1, and max(0, ·) − ½ from there",
         "loss", lambda scene: np.where(_hinges(scene) < 1, _hinges(scene) ** 2 / 2,
                                        _hinges(scene) - 0.5).sum(axis=1)),
    Edit("margin 1/C", _WORDS["margin 1/C"].words, "loss",
         lambda scene: (np.maximum(scene.u - 1 + 1 / scene.question.C, 0)
                        * (1 - scene.own)).sum(axis=1)),
    Edit("squared sum", "the loss of each example is squared", "loss",
         lambda scene: _hinges(scene).sum(axis=1) ** 2),
    Edit("sign", "the absolute value |s_j − s_y + 1| stands where max(0, s_j − s_y + 1) belongs",
         "loss", lambda scene: (np.abs(scene.u) * (1 - scene.own)).sum(axis=1)),
    Edit("reversed", "the difference of the scores is reversed: the margin is s_y − s_j + 1",
         "loss", lambda scene: (np.maximum(2 - scene.u, 0) * (1 - scene.own)).sum(axis=1)),
    Edit("inverted", "min(0, ·) stands where max(0, ·) belongs", "loss",
         lambda scene: (np.minimum(scene.u, 0) * (1 - scene.own)).sum(axis=1)),
    Edit("counts", "the active margins are counted, and not summed", "loss",
         lambda scene: scene.active.sum(axis=1)),
    Edit("one less", "the correct class is left out twice: 1 is subtracted for it", "loss",
         lambda scene: _hinges(scene).sum(axis=1) - 1),
    Edit("losses cut", "every L_i is cut to a whole number", "loss",
         lambda scene: np.trunc(_hinges(scene).sum(axis=1)), alone=True),
    Edit("losses rounded", "every L_i is rounded to a whole number", "loss",
         lambda scene: np.round(_hinges(scene).sum(axis=1)), alone=True),
    Edit("margins cut", _WORDS["margins cut"].words, "loss",
         lambda scene: np.trunc(_hinges(scene)).sum(axis=1), alone=True),
    Edit("over C − 1", "the sum over j is divided by C − 1", "loss",
         lambda scene: _hinges(scene).sum(axis=1) / (scene.question.C - 1)),
    Edit("over C", "the sum over j is divided by C", "loss",
         lambda scene: _hinges(scene).sum(axis=1) / scene.question.C),
    Edit("over active", "the sum over j is divided by the number of active classes", "loss",
         lambda scene: _hinges(scene).sum(axis=1) / np.maximum(scene.active.sum(axis=1), 1)),
    Edit("predicted", PREDICTED, "loss", lambda scene: np.maximum(scene.u, 0).max(axis=1)),
    Edit("softmax", "it is the softmax cross-entropy", "loss", _softmax),
    Edit("softmax", "it is the softmax cross-entropy", "loss", _softmax_as_probability),
    Edit("softmax", "it is the softmax cross-entropy, and overflows where scores are large", "loss",
         _softmax_unshifted),
    *(_clip(bound) for bound in (1.0, 5.0, 10.0, 100.0, 1000.0)),
    *(Edit(f"margin {delta:g}", _WORDS[f"margin {delta:g}"].words, "loss", _with_margin(delta))
      for delta in (0.0, -1.0, 2.0, 0.5, 0.1, 10.0, 100.0)),
    *(Edit(f"rounded {places}", _WORDS[f"rounded {places}"].words, "loss", _rounded(places))
      for places in range(9)),
    *(Edit(key, _WORDS[key].words, "loss", _kept_by(key)) for key in _SELECTIONS),
)  # fmt: skip
