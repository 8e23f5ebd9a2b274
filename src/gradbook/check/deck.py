"""The exact deck: data on which a right kernel agrees with exact arithmetic to the last bit.

Small binary fractions and n a power of two: there floating point rounds nothing, in any order of
summation (`exactness` proves it for each case, and a case of which it cannot is left out). The deck
visits every region of the loss at every label, its kinks, ties, and the shapes, magnitudes and
layouts at which kernels have been seen to go wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from gradbook.check.exact_case import LAYOUTS, Case, exact_case
from gradbook.loss import Loss
from gradbook.questions.formula import Floats, forms
from gradbook.questions.regions import region_scores, scores_at

#: Sizes for kernels of any size. Beyond the small ones the regions are sampled, at one width.
SMALL_CLASSES, LARGE_CLASSES = (2, 3, 4, 5), (7, 10, 13)
WIDTHS, LARGE_WIDTHS = (1, 2, 3, 5), (3,)
BATCHES = (2, 4, 8)
POWERS = (-300, -60, -20, -8, 8, 20, 60, 300)


@dataclass(frozen=True, eq=False)
class _Draft:
    """Inputs that are still to be proved exact."""

    W: Floats
    X: Floats
    y: np.ndarray
    trait: str = ""


@lru_cache(maxsize=16)
def deck(loss: Loss, classes: int | None, width: int | None) -> tuple[Case, ...]:
    """All cases for kernels of `classes` and `width` = D, where None is any size."""
    cases: list[Case] = []
    for C, D in _sizes(classes, width):
        rng = np.random.default_rng([C, D])
        # A kernel of one size is asked for each of its labels; of thirteen, three stand for all.
        labels = tuple(range(C)) if classes or C in SMALL_CLASSES else (0, C // 2, C - 1)
        drafts = [
            *_single_examples(loss, C, D, labels, rng),
            *_batches(loss, C, D, labels, rng),
            *_special_shapes(C, D, labels, rng),
            *_magnitudes(C, D, labels, rng),
        ]
        cases += _exact(exact_case(loss, *_parts(draft)) for draft in drafts)
        # One size stands for all where the same data are presented in other ways.
        if (classes or 3, width or 3) == (C, D):
            cases += _exact(_presented_otherwise(loss, drafts))
    return tuple(cases)


def weights_for(S: Floats, D: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """W (C, D) and X (n, D) of integers with W x̃⁽ⁱ⁾ = S_i for every i; S: (n, C), n ≤ D.

    The first n columns of X are a triangle with ±1 on its diagonal and the constant 1 in front, so
    that W is found by substitution, without division; further columns are drawn.
    """
    n, classes = S.shape
    W = rng.integers(-2, 3, (classes, D)).astype(float)
    X = rng.integers(-2, 3, (n, D)).astype(float)
    X[:, :n] = np.tril(X[:, :n])
    X[np.arange(n), np.arange(n)] = rng.choice((-1.0, 1.0), n)
    X[:, 0] = 1
    W[:, :n] = 0
    for i in range(n):
        W[:, i] = (S[i] - W @ X[i]) * X[i, i]
    return W, X


def _sizes(classes: int | None, width: int | None) -> Iterator[tuple[int, int]]:
    for C in (classes,) if classes else SMALL_CLASSES + LARGE_CLASSES:
        widths = LARGE_WIDTHS if classes is None and C in LARGE_CLASSES else WIDTHS
        for D in (width,) if width else widths:
            yield C, D
    if classes is None and width is None:
        yield 3, 20


@cache
def _scores(loss: Loss, C: int, label: int) -> Floats:
    """Every region of one label, the same for every D: (P, C)."""
    return region_scores(loss, C, label, np.random.default_rng([C, label]))


@cache
def _near_and_far_scores(loss: Loss, C: int, label: int) -> Floats:
    """Margins of ±2⁻¹⁰ … ±2⁻⁴⁰, and of ±2¹⁰ and ±2²⁰; none if they depend on one another."""
    rng = np.random.default_rng([C, label])
    powers = 2.0 ** np.array((-10, -10, -20, -20, -30, -30, -40, -40, 10, 20))
    signs = rng.choice((-1.0, 1.0), (len(powers), len(forms(loss, C, label).b)))
    s = scores_at(loss, C, label, signs * powers[:, None], rng)
    return np.zeros((0, C)) if s is None else s


def _single_examples(
    loss: Loss, C: int, D: int, labels: tuple[int, ...], rng: np.random.Generator
) -> Iterator[_Draft]:
    """n = 1: every region of every label, and margins near 0 and far from it."""
    for label in labels:
        for scores in (_scores(loss, C, label), _near_and_far_scores(loss, C, label)):
            for s in scores:
                yield _Draft(*weights_for(s[None], D, rng), np.array([label]))


def _batches(
    loss: Loss, C: int, D: int, labels: tuple[int, ...], rng: np.random.Generator
) -> Iterator[_Draft]:
    """Examples of different regions and labels in one call."""
    for n in BATCHES:
        for _ in range(5):
            y = rng.choice(labels, n)
            if n <= D:
                S = np.array([rng.choice(_scores(loss, C, int(label))) for label in y])
                W, X = weights_for(S, D, rng)
                order = rng.permutation(n)
                yield _Draft(W, X[order], y[order])
            else:
                yield _Draft(_integers(rng, C, D), _examples(rng, n, D), y)


def _special_shapes(
    C: int, D: int, labels: tuple[int, ...], rng: np.random.Generator
) -> Iterator[_Draft]:
    """W = 0, repeated examples and labels, a single class, ties between classes."""
    zero = np.zeros((C, D))
    for n in (1, *BATCHES):
        yield _Draft(zero, _examples(rng, n, D), rng.choice(labels, n), "W = 0")
    for label in labels:
        yield _Draft(_integers(rng, C, D), _examples(rng, 4, D), np.full(4, label))
    same = np.repeat(_examples(rng, 1, D), 4, axis=0)
    yield _Draft(_integers(rng, C, D), same, rng.choice(labels, 4))
    yield _Draft(_integers(rng, C, D), same, np.full(4, labels[-1]))
    tied = np.repeat(_integers(rng, 1, D), C, axis=0)
    yield _Draft(tied, _examples(rng, 4, D), rng.choice(labels, 4))
    if C & (C - 1) == 0:
        yield _Draft(_integers(rng, C, D), _examples(rng, C, D), rng.permutation(C))


def _magnitudes(
    C: int, D: int, labels: tuple[int, ...], rng: np.random.Generator
) -> Iterator[_Draft]:
    """Numbers scaled by powers of two, as far as every sum stays exact."""
    for power in POWERS:
        far = f"numbers are of the order of 2^{power}"
        X, W = _examples(rng, 4, D), _integers(rng, C, D)
        y = rng.choice(labels, 4)
        scaled = np.hstack([X[:, :1], X[:, 1:] * 2.0**power])
        if D > 1:
            # The scores stay as they are: the weights shrink as the features grow.
            yield _Draft(np.hstack([W[:, :1], W[:, 1:] * 2.0**-power]), scaled, y, far)
            yield _Draft(np.zeros((C, D)), scaled, y, far)
        if abs(power) <= 20:
            yield _Draft(W * 2.0**power, X, y, far)


def _integers(rng: np.random.Generator, rows: int, D: int) -> Floats:
    return rng.integers(-2, 3, (rows, D)).astype(float)


def _examples(rng: np.random.Generator, n: int, D: int) -> Floats:
    X = _integers(rng, n, D)
    X[:, 0] = 1
    return X


def _presented_otherwise(loss: Loss, drafts: list[_Draft]) -> Iterator[Case | None]:
    """The same data in float32, and some of it in other layouts."""
    for draft in drafts:
        yield exact_case(loss, *_parts(draft), dtype=np.float32)
    batches = [draft for draft in drafts if len(draft.y) > 1][:8]
    for words, layout in LAYOUTS.items():
        for draft in batches:
            yield exact_case(loss, draft.W, draft.X, draft.y, words, layout=layout)


def _parts(draft: _Draft) -> tuple[Floats, Floats, np.ndarray, str]:
    return draft.W, draft.X, draft.y, draft.trait


def _exact(cases: Iterable[Case | None]) -> list[Case]:
    return [case for case in cases if case is not None]
