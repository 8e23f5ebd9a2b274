"""Check 2, "by hand": the kernel against one that was written without the derivation.

Random float64 and float32 data of wide mantissas and of n that are no powers of two, where the
exact deck cannot see: reduced precision inside, the rounding of 1/n. Either kernel may be off by
the bound of `rounding`, so that they may differ by two of them.

max_error and bound are given where the difference comes nearest to its bound, in ulps: spacings of
floating-point numbers at the largest entry of that gradient (or at that loss).
"""

from __future__ import annotations

from functools import lru_cache
from itertools import cycle, product

import numpy as np
from numpy.typing import DTypeLike

from gradbook.check.calls import Subject, ask, subject_of
from gradbook.check.comparison import Comparison, compare, together
from gradbook.check.verdict import Check
from gradbook.judge.judgement import Finding
from gradbook.kernels import by_hand as kernels_by_hand
from gradbook.loss import Loss
from gradbook.questions.rounding import Rounded, rounded, unit_roundoff

EXAMPLES = (1, 3, 7, 11, 49, 100)
#: (C, D) for kernels of any size: small and large, C < D, C = D and C > D.
SIZES = ((2, 1), (2, 6), (3, 3), (3, 20), (5, 2), (10, 5))
DTYPES = (np.float64, np.float32)
#: Scales of the weights: margins that are mostly active, mixed, and far apart.
SCALES = (0.1, 1.0, 10.0)


class NotApplicable(ValueError):
    """A check that has no place for this loss: it is left out of the verdict, not passed."""


def by_hand(subject: Subject, loss: Loss, seed: int) -> tuple[Check, tuple[Finding, ...]]:
    """The check and what it found. Raises Unsuitable for a loss whose rounding is not bounded.

    Raises NotApplicable where no other kernel is written by hand for this loss, and Misbehaved as
    the kernel does.
    """
    witness = _witness(subject, loss)
    if witness is None:
        raise NotApplicable("no other kernel is written by hand for this loss")
    losses, gradients = [], []
    for W, X, y, allowed in _data(loss, subject.classes, subject.width, seed):
        found, expected = ask(subject, W, X, y), ask(witness, W, X, y)
        ulp = _ulp(expected.loss, W.dtype)
        losses.append(compare(found.loss, expected.loss, 2 * allowed.loss_error, ulp))
        ulp = _ulp(expected.gradient, W.dtype)
        gradients.append(
            compare(found.gradient, expected.gradient, 2 * allowed.gradient_error, ulp)
        )
    return _check(witness, losses, gradients), _findings(loss, losses, gradients)


def _check(witness: Subject, losses: list[Comparison], gradients: list[Comparison]) -> Check:
    total = together([*losses, *gradients])
    verb = "agrees with" if total.passed else "differs from"
    return Check(
        name="by hand",
        passed=total.passed,
        max_error=total.error,
        bound=total.bound,
        cases=total.cases,
        detail=f"{verb} “{witness.name}” on {len(losses)} random data sets, float64 and float32, "
        f"{'within' if total.passed else 'beyond'} what rounding allows",
        data={"unit": "ulp", "witness": witness.name},
    )


def _findings(
    loss: Loss, losses: list[Comparison], gradients: list[Comparison]
) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            f"its {what} differs from the one by hand by {total.error:.3g} ulp "
            f"where rounding allows {total.bound:.3g}",
            loss.cites.get(what, ""),
        )
        for what, made in (("loss", losses), ("gradient", gradients))
        if not (total := together(made)).passed
    )


def _witness(subject: Subject, loss: Loss) -> Subject | None:
    """The last kernel by hand (the vectorised one), or another where that one is examined."""
    others = [
        kernel for kernel in reversed(kernels_by_hand(loss.key)) if kernel is not subject.function
    ]
    return subject_of(others[0]) if others else None


@lru_cache(maxsize=4)
def _data(
    loss: Loss, classes: int | None, width: int | None, seed: int
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray, Rounded], ...]:
    """W (C, D), X (n, D), y (n,) of every size and dtype, and their bounds, for all kernels."""
    rng = np.random.default_rng([seed, 2])
    sizes = sorted({(classes or C, width or D) for C, D in SIZES})
    scales = cycle(SCALES)
    data = []
    for (C, D), n, dtype in product(sizes, EXAMPLES, DTYPES):
        W, X, y = _drawn(rng, C, D, n, next(scales), dtype)
        allowed = rounded(loss, W.astype(np.float64), X.astype(np.float64), y, dtype)
        data.append((W, X, y, allowed))
    return tuple(data)


def _drawn(
    rng: np.random.Generator, C: int, D: int, n: int, scale: float, dtype: DTypeLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    X = rng.standard_normal((n, D))
    X[:, 0] = 1
    W = scale * rng.standard_normal((C, D))
    return W.astype(dtype), X.astype(dtype), rng.integers(0, C, n)


def _ulp(value: np.ndarray | float, dtype: DTypeLike) -> float:
    """2u times the power of two below the largest entry; of 0, that of 1."""
    largest = float(np.max(np.abs(value)))
    return 2 * unit_roundoff(dtype) * 2.0 ** np.floor(np.log2(largest)) if largest else 1.0
