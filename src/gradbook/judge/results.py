"""What a kernel may do to its loss or its gradient when both are summed up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.edits import OWN_LINE, Edit
from gradbook.judge.numbers_in_words import unlike
from gradbook.judge.scene import Scene


def clipped(bound: float) -> Edit:
    """Entries cut at ±bound."""
    return Edit(
        f"entries clipped {bound:g}",
        f"its entries are clipped to ±{bound:g}: that is right for small ones alone",
        "mean",
        lambda scene, G: np.clip(G, -bound, bound),
    )


def clipped_to_length(bound: float) -> Edit:
    """The whole cut at a length."""

    def apply(scene: Scene, G: Floats) -> Floats:
        return np.asarray(G * min(1.0, bound / max(float(np.linalg.norm(G)), 1e-300)))

    return Edit(
        f"length clipped {bound:g}",
        f"it is clipped to a length of {bound:g}: it is right where it is shorter, and else has "
        "this length",
        "mean",
        apply,
    )


def first_rows(count: int) -> Edit:
    """Rows from `count` on stay 0."""
    return Edit(
        f"first {count} rows",
        f"only the first {count} rows are written: that is right for C ≤ {count} alone",
        "gradient",
        lambda scene, G: G * (np.arange(len(G)) < count)[:, None],
    )


def rounded(places: int) -> Edit:
    """Numbers in so many decimal places."""
    to = f"{places} decimal places" if places else "whole numbers"
    return Edit(
        f"result rounded {places}",
        f"it is rounded to {to}",
        "mean",
        lambda scene, value: np.round(value, places),
    )


def multiple(factor: float) -> Edit:
    """The same wrong factor every time."""
    return Edit(
        f"times {factor:g}",
        f"it is {unlike(factor, 1.0)} times the right one",
        OWN_LINE,
        lambda scene, value: value * factor,
    )


def divided_by(divisor: float) -> Edit:
    """A fixed number in place of n."""
    return Edit(
        f"divided by {divisor:g}",
        f"it is divided by {divisor:.6g}, whatever n is",
        "mean",
        lambda scene, value: value * scene.question.n / divisor,
    )


def plus(constant: float) -> Edit:
    """A number that is added."""
    return Edit(
        f"plus {constant:g}",
        f"it is too {'large' if constant > 0 else 'small'} by {abs(constant):.6g} every time",
        "loss",
        lambda scene, value: value + constant,
    )


def plus_weights(factor: float) -> Edit:
    """A multiple of W that is added, whatever reg is."""
    return Edit(
        f"plus W {factor:g}",
        f"{factor:.6g}·W is added, whatever reg is",
        "",
        lambda scene, G: G + factor * scene.question.W,
    )


def plus_squares(factor: float) -> Edit:
    """A multiple of ΣW² that is added, whatever reg is."""
    return Edit(
        f"plus W {2 * factor:g}",
        f"{factor:.6g}·ΣW² is added, whatever reg is",
        "",
        lambda scene, value: value + factor * (scene.question.W**2).sum(),
    )


def _row_stays_0(place: int) -> Callable[[Scene, Floats], Floats]:
    def apply(scene: Scene, G: Floats) -> Floats:
        G = G.copy()
        G[place] = 0
        return G

    return apply


def _to_length(scene: Scene, G: Floats) -> Floats:
    with np.errstate(all="ignore"):
        return G / np.linalg.norm(G)


def _by_class_number(scene: Scene, G: Floats) -> Floats:
    """Row j of the example numbered j, in place of each example i; row y as it should be."""
    question, mu = scene.question, scene.mu
    others = (mu * (1 - scene.own)).sum(axis=0)
    numbered = question.X[np.arange(question.C) % question.n]
    own = (mu * scene.own).T @ question.X
    return np.asarray((own + others[:, None] * numbered) / question.n)


def _own_example(place: Callable[[Scene], np.ndarray]) -> Callable[[Scene, Floats], Floats]:
    """Row y of another example than i; the rows j ≠ y as they should be."""

    def apply(scene: Scene, G: Floats) -> Floats:
        question, mu = scene.question, scene.mu
        X = question.X[np.broadcast_to(place(scene), question.y.shape)]
        others, own = mu * (1 - scene.own), mu * scene.own
        return np.asarray((others.T @ question.X + own.T @ X) / question.n)

    return apply


GRADIENT_RESULTS: tuple[Edit, ...] = (
    Edit("first row", "the first row stays 0", "gradient", _row_stays_0(0)),
    Edit("last row", "the last row stays 0", "gradient", _row_stays_0(-1)),
    Edit("transposed", "it is returned as its transpose", "shape",
         lambda scene, G: G.T if len(G) == len(G.T) else np.full_like(G, np.nan)),
    Edit("reshaped", "it is reshaped where it should be transposed: its entries are in the wrong "
         "places", "shape", lambda scene, G: G.reshape(G.shape[::-1]).T),
    Edit("reshaped", "it is reshaped where it should be transposed: its entries are in the wrong "
         "places", "shape", lambda scene, G: G.T.reshape(G.shape)),
    Edit("rows reversed", "its rows are in reversed order", "gradient", lambda scene, G: G[::-1]),
    Edit("class number", "row j is built of another example: of that numbered j, not of example i",
         "gradient", _by_class_number),
    Edit("row y of the first", "row y is built of another example: of the first, not of example i",
         "mean", _own_example(lambda scene: np.array(0))),
    Edit("row y of the last", "row y is built of another example: of the last, not of example i",
         "mean", _own_example(lambda scene: np.array(scene.question.n - 1))),
    Edit("row y of number y", "row y is built of another example: of that numbered y, not of "
         "example i", "mean",
         _own_example(lambda scene: scene.question.y % scene.question.n)),
    Edit("absolute", "the absolute value of each entry is taken", "gradient",
         lambda scene, G: np.abs(G)),
    Edit("cut", "its entries are cut to whole numbers, as an array of integers does", "mean",
         lambda scene, G: np.trunc(G)),
    Edit("cut down", "its entries are rounded down to whole numbers", "mean",
         lambda scene, G: np.floor(G)),
    Edit("cut sum", "the sum over the examples is cut to whole numbers, as an array of integers "
         "does, before it is divided by n", "mean",
         lambda scene, G: np.trunc(G * scene.question.n) / scene.question.n),
    Edit("at most its mean", "the mean of its rows is subtracted from each", "mean",
         lambda scene, G: G - G.mean(axis=0)),
    Edit("length 1", "it is divided by its own length", "mean", _to_length),
    Edit("signs", "only the sign of each entry is returned", "mean",
         lambda scene, G: np.sign(G)),
    *(rounded(places) for places in range(9)),
)  # fmt: skip

LOSS_RESULTS: tuple[Edit, ...] = (
    Edit("floor", "it is rounded down to a whole number, as // and int() do", "mean",
         lambda scene, value: np.floor(value)),
    Edit("absolute", "its absolute value is taken", "loss", lambda scene, value: np.abs(value)),
    Edit("root", "its square root is taken", "loss", lambda scene, value: np.sqrt(value)),
    Edit("square", "it is squared", "loss", lambda scene, value: value**2),
    Edit("log", "its logarithm is taken", "loss", lambda scene, value: np.log(value)),
    *(rounded(places) for places in range(9)),
)  # fmt: skip
