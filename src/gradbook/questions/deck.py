"""What a function is asked: exact data in every region, at every kink, in batches of every shape.

Small binary fractions, on which a right function rounds next to nothing, whatever its order of
summation; batches whose n, C and D vary independently, with and without ties; special shapes;
numbers near a kink and far from it; numbers that fill the whole mantissa; and, apart from these,
large batches and numbers of extreme magnitudes.

Each list has a seed: it takes other numbers and labels, that tell as much.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

import numpy as np
from sympy import exp

from gradbook.loss import Loss
from gradbook.questions.disjoint_features import apart, one_loss
from gradbook.questions.formula import Floats, forms
from gradbook.questions.question import Question, worked_out
from gradbook.questions.regions import region_scores, scores_at, weights_for
from gradbook.questions.varied import varied

#: n, D and C of the batches. First all different, then those at which kernels are known to break.
SHAPES = (
    *((2, 3, 4), (3, 5, 4), (4, 6, 3), (5, 3, 4), (7, 4, 5), (8, 5, 6), (11, 4, 7), (6, 7, 8)),
    *((4, 9, 5), (9, 2, 3), (13, 3, 2), (16, 6, 10), (10, 8, 11), (12, 10, 9), (49, 6, 12)),
    *((5, 20, 13), (4, 30, 3), (1, 5, 3), (3, 7, 2), (6, 8, 10), (64, 5, 3), (17, 40, 10)),
    *((4, 4, 4), (4, 4, 5), (5, 4, 5), (4, 5, 5), (2, 2, 2), (3, 3, 3), (10, 10, 10), (1, 1, 2)),
    *((2, 1, 3), (8, 1, 2), (1, 2, 2), (150, 3, 4), (100, 6, 10), (300, 2, 3), (520, 2, 2)),
)
#: Sizes at which a function takes its time: asked last.
LARGE_SHAPES = ((3, 4, 130), (5, 2, 260), (5, 300, 10), (2, 3073, 10))
#: Large batches: what is done in chunks, or to so many examples alone, shows there.
LARGE_BATCHES = ((700, 3, 4), (1100, 4, 3), (2049, 3, 5), (4099, 2, 2))
#: Powers of two by which numbers are multiplied: up to 1e±150, so that the square of one, and the
#: sum of many, is a number still.
POWERS = (-498, -100, 100, 498)
#: The same where each sum is to be exact, as far as 1e±90.
EXACT_POWERS = (-300, -60, -20, -8, 8, 20, 60, 300)
#: Values of the regularisation.
REGS = (1.0, 0.5, 3.0)
#: Others, at which it may be cut.
_FURTHER_REGS = (1e-6, 2.0**-20, 1e-5, 2.0**-14, 1e-3, 2.0**-7, 0.1, 1024.0, 1e4)
#: Of so many classes every region is asked.
_SMALL_CLASSES = (2, 3, 4)
#: How many questions are of any kind.
_VARIED = 120


@lru_cache(maxsize=8)
def deck(loss: Loss, seed: int = 0) -> tuple[Question, ...]:
    """Every question with reg = 0, small ones first, within what exp can bear in a loss with exp.

    Raises Unsuitable for losses that are not judged.
    """
    rng = np.random.default_rng([5, seed])
    questions = (
        *singles(loss, rng),
        *_around_numbers(loss, np.random.default_rng([19, seed])),
        *_no_weights(loss, rng),
        *batches(loss, rng),
        *_alike(loss, rng),
        *apart(loss, np.random.default_rng([29, seed])),
        *one_loss(loss, np.random.default_rng([31, seed])),
        *varied(loss, _VARIED, np.random.default_rng([19, seed])),
        *_scaled(loss, rng),
        *_wide(loss, rng),
        *_large(loss, rng),
    )
    return worked_out(one for one in questions if not one.overflows)


@lru_cache(maxsize=8)
def far(loss: Loss, seed: int = 0) -> tuple[Question, ...]:
    """Exact questions with reg = 0 that few functions meet: large batches, extreme magnitudes."""
    rng = np.random.default_rng([41, seed])
    large = (make(loss, *shape, rng) for shape in LARGE_BATCHES for make in (generic, tied))
    extreme = (one for one in _extreme(loss, rng) if not one.overflows)
    beyond = _overflowing(loss, rng) if loss.formula.has(exp) else ()
    return worked_out((*large, *extreme, *beyond))


@lru_cache(maxsize=8)
def penalty_deck(loss: Loss, seed: int = 0) -> tuple[Question, ...]:
    """Questions with reg = 0, each to be asked with every one of REGS as well."""
    rng = np.random.default_rng([7, seed])
    shapes = ((4, 5, 3), (1, 4, 2), (8, 3, 5), (5, 7, 4), (2, 9, 10), (16, 4, 6), (3, 3, 3))
    plain = [generic(loss, n, D, C, rng, nonzero=True) for n, D, C in shapes]
    # No margin is active here: a penalty may depend on that.
    return worked_out((*plain, single(loss, np.array([9.0, -2.0, 1.0]), 0, 4, rng)))


#: n, D and C at which a penalty may be counted another time.
_PENALISED_SHAPES = (
    *((33, 3, 3), (70, 2, 3), (130, 3, 4), (260, 2, 3), (520, 2, 2), (1100, 2, 3), (2049, 2, 2)),
)


@lru_cache(maxsize=8)
def further_penalties(loss: Loss, seed: int = 0) -> tuple[Question, ...]:
    """Questions with a reg, at special batches and, last, at large ones; each for one pair more."""
    rng = np.random.default_rng([43, seed])
    usual = [generic(loss, 4, 5, 3, rng, nonzero=True).with_reg(reg) for reg in _FURTHER_REGS]
    shapes = ((6, 4, 2), (4, 3, 4), (4, 4, 3), (1, 1, 2), (5, 2, 9))
    special = (
        *(generic(loss, n, D, C, rng, nonzero=True) for n, D, C in shapes),
        _one_active(loss, 4, 5, None, rng),
        _one_active(loss, 4, 3, 1, rng),
        # Classified rightly, with an active margin.
        _with_scores(loss, np.array([[1.5, 1.0, -3.0], [-2.0, 0.25, 1.0]]), np.array([0, 2]), rng),
        _all_active(loss, 3, 4, rng),
        _labelled(generic(loss, 6, 4, 5, rng), rng.integers(1, 4, 6)),
        _labelled(generic(loss, 6, 4, 4, rng), np.arange(6) % 4),
        _labelled(generic(loss, 3, 4, 3, rng), np.full(3, 2)),
        Question(loss, np.zeros((3, 4)), _integers(rng, 4, 4), rng.integers(0, 3, 4)),
    )
    large = (generic(loss, n, D, C, rng, nonzero=True) for n, D, C in _PENALISED_SHAPES)
    return (*usual, *(one.with_reg(1.0) for one in special), *(one.with_reg(0.5) for one in large))


def singles(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """n = 1: every region of every label for C = 2, 3, 4, a sample beyond, near kinks and far."""
    for C in _SMALL_CLASSES:
        for label in range(C):
            # Margins of exactly 1, 2 and 3: a score that ties with the label's has margin 1.
            regions = region_scores(loss, C, label, rng)
            for place, s in enumerate(regions):
                yield single(loss, s, label, 1 + place % 5, rng)
            for s in _near_and_far(loss, C, label, rng):
                yield single(loss, s, label, 3, rng)
    yield from _beside_kinks(loss, 3, rng)
    for C in range(5, 14):
        for label in {0, C // 2, C - 1}:
            for _ in range(4):
                yield single(loss, rng.integers(-2, 3, C).astype(float), label, 3, rng)
    for C in (3, 5):
        for label in range(C):
            yield from (single(loss, s, label, 4, rng) for s in _ties(C, label))


#: Where a margin may have another threshold than 0, or a cap, or change its slope.
_NUMBERS = (0.01, 0.05, 0.1, 0.2, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0, 100.0)


def _beside_kinks(loss: Loss, D: int, rng: np.random.Generator) -> Iterator[Question]:
    """Two classes with a margin of 2⁻³ … 2⁻⁴¹, and of −2⁻³ … −2⁻⁴¹."""
    for power in range(3, 42):
        for label, sign in ((0, 1.0), (1, -1.0)):
            kinks = len(forms(loss, 2, label).b)
            s = scores_at(loss, 2, label, np.full((1, kinks), sign * 2.0**-power), rng)
            if s is not None:
                yield single(loss, s[0], label, D, rng)


def of_size(
    loss: Loss, D: int, C: int, labels: Sequence[int], rng: np.random.Generator
) -> Iterator[Question]:
    """Every region of these labels, near kinks and far; batches, ties and other magnitudes.

    All at one size, with a feature of 1s in front and n a power of two: most are exact.
    """
    regions = {label: region_scores(loss, C, label, rng) for label in labels}
    for label in labels:
        for s in (*regions[label], *_near_and_far(loss, C, label, rng)):
            yield single(loss, s, label, D, rng)
    if C == 2:
        yield from _beside_kinks(loss, D, rng)
    for n in (1, 2, 4, 8):
        for _ in range(5):
            y, W, X = rng.choice(labels, n), _integers(rng, C, D), _with_ones(rng, n, D)
            if n <= D:
                S = np.array([rng.choice(regions[int(label)]) for label in y])
                W, X = weights_for(S, D, rng)
            order = rng.permutation(n)
            yield Question(loss, W, X[order], y[order])
        yield Question(loss, np.zeros((C, D)), _with_ones(rng, n, D), rng.choice(labels, n))
    same = np.repeat(_with_ones(rng, 1, D), 4, axis=0)
    alike = np.repeat(_integers(rng, 1, D), C, axis=0)
    for label in labels:
        yield Question(loss, _integers(rng, C, D), _with_ones(rng, 4, D), np.full(4, label))
        yield Question(loss, _integers(rng, C, D), same, rng.choice([label, labels[-1]], 4))
        yield Question(loss, alike, _with_ones(rng, 4, D), rng.choice(labels, 4))
    if C & (C - 1) == 0:
        yield Question(loss, _integers(rng, C, D), _with_ones(rng, C, D), rng.permutation(C))
    for power in EXACT_POWERS:
        W, X, y = _integers(rng, C, D), _with_ones(rng, 4, D), rng.choice(labels, 4)
        far = 2.0 ** (power * (np.arange(D) > 0))
        # The scores stay as they are, for the weights shrink as the features grow; or are all 0.
        yield from (Question(loss, V, X * far, y) for V in (W / far, 0 * W))
        if abs(power) <= 20:
            yield Question(loss, W * 2.0**power, X, y)


def _around_numbers(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Two classes with a margin just below a number that people write, on it, and just above."""
    kinks = len(forms(loss, 2, 0).b)
    for place, number in enumerate((*_NUMBERS, -0.5, -1.0)):
        around = np.round(number * np.array((1 - 2.0**-6, 1.0, 1 + 2.0**-6)) * 2**12) / 2**12
        label = place % 2
        found = scores_at(loss, 2, label, np.repeat(around[:, None], kinks, axis=1), rng)
        for s in () if found is None else found:
            yield single(loss, s, label, 3, rng)


def single(loss: Loss, s: Floats, label: int, D: int, rng: np.random.Generator) -> Question:
    """One example with the scores s, (C,), in D features."""
    W, X = weights_for(s[None], D, rng)
    return Question(loss, W, X, np.array([label]))


def generic(
    loss: Loss, n: int, D: int, C: int, rng: np.random.Generator, nonzero: bool = False
) -> Question:
    """Batches without any tie or kink: the scores of the classes differ by odd fractions."""
    W, X = _integers(rng, C, D), _integers(rng, n, D)
    if nonzero:
        W = np.where(W == 0, 1.0, W)
    X[:, 0] = 1
    W[:, 0] += (rng.permutation(C) + 1) * 2.0 ** -np.ceil(np.log2(C + 2))
    return Question(loss, W, X, rng.integers(0, C, n))


def tied(loss: Loss, n: int, D: int, C: int, rng: np.random.Generator) -> Question:
    """Batches of small integers: margins of exactly 0 and equal scores are frequent."""
    return Question(loss, _integers(rng, C, D), _integers(rng, n, D), rng.integers(0, C, n))


def batches(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Every shape without ties and with them; with every class, and with some absent."""
    for n, D, C in SHAPES:
        yield generic(loss, n, D, C, rng)
        yield tied(loss, n, D, C, rng)
        if n > 50 or D > 50 or C > 50:
            continue
        yield _labelled(generic(loss, n, D, C, rng), np.arange(n) % C)
        yield _labelled(generic(loss, n, D, C, rng), rng.integers(0, C - 1, n))
        yield _labelled(generic(loss, n, D, C, rng), rng.integers(1, C, n))
        if n <= C:
            yield _labelled(generic(loss, n, D, C, rng), rng.permutation(C)[:n])


def _large(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Many classes and many features; W = 0, where every margin is active, among them."""
    for n, D, C in LARGE_SHAPES:
        yield generic(loss, n, D, C, rng)
        yield tied(loss, n, D, C, rng)
        yield Question(loss, np.zeros((C, D)), _integers(rng, n, D), rng.integers(0, C, n))
    for label in (0, 65, 129):
        yield single(loss, rng.integers(-2, 3, 130).astype(float), label, 3, rng)


def _labelled(question: Question, y: np.ndarray) -> Question:
    return Question(question.loss, question.W, question.X, np.asarray(y, dtype=np.int64))


def _alike(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Repeated examples, repeated labels, one active example among inactive ones, no active one."""
    for n, D, C in ((2, 4, 3), (4, 3, 5), (7, 5, 4)):
        same = generic(loss, n, D, C, rng)
        X = np.repeat(same.X[:1], n, axis=0)
        yield Question(loss, same.W, X, same.y)
        yield Question(loss, same.W, X, np.full(n, C - 1))
        for label in (0, C // 2, C - 1):
            yield _labelled(generic(loss, n, D, C, rng), np.full(n, label))
        for active in range(n):
            yield _one_active(loss, n, C, active, rng)
        yield _one_active(loss, n, C, None, rng)
        yield _all_active(loss, n, C, rng)


def _one_active(
    loss: Loss, n: int, C: int, active: int | None, rng: np.random.Generator
) -> Question:
    """The label's score is far above the others', except for one example, or for none."""
    y = rng.integers(0, C, n)
    S = rng.integers(-2, 3, (n, C)).astype(float)
    S[np.arange(n), y] = 8
    if active is not None:
        S[active, y[active]] = S[active].min()
    return _with_scores(loss, S, y, rng)


def _all_active(loss: Loss, n: int, C: int, rng: np.random.Generator) -> Question:
    y = rng.integers(0, C, n)
    S = rng.integers(-2, 3, (n, C)).astype(float)
    S[np.arange(n), y] = -8
    return _with_scores(loss, S, y, rng)


def _with_scores(loss: Loss, S: Floats, y: np.ndarray, rng: np.random.Generator) -> Question:
    W, X = weights_for(S, len(S) + 1, rng)
    return Question(loss, W, X, y)


def _no_weights(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """W = 0, and the same weights for every class: every score ties."""
    for n, D, C in ((1, 3, 4), (2, 5, 3), (4, 3, 5), (8, 4, 10)):
        X, y = _integers(rng, n, D), rng.integers(0, C, n)
        yield Question(loss, np.zeros((C, D)), X, y)
        yield Question(loss, np.repeat(_integers(rng, 1, D), C, axis=0), X, y)
        yield Question(loss, _integers(rng, C, D), np.zeros((n, D)), y)


def _near_and_far(loss: Loss, C: int, label: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Margins of ±2⁻¹⁰ … ±2⁻⁴⁰, and of ±2¹⁰ and ±2²⁰."""
    powers = 2.0 ** np.array((-10, -10, -20, -20, -30, -30, -40, -40, 3, 5, 10, 20))
    signs = rng.choice((-1.0, 1.0), (len(powers), len(forms(loss, C, label).b)))
    found = scores_at(loss, C, label, signs * powers[:, None], rng) if C <= 4 else None
    yield from () if found is None else found


def _ties(C: int, label: int) -> Iterator[Floats]:
    """Scores of which two are equal: the label's with another's, or two others', high or low."""
    others = [a for a in range(C) if a != label]
    base = np.linspace(0, C - 1, C)
    for height in (-3.0, 0.0, 3.0):
        with_label = base.copy()
        with_label[[label, others[0]]] = height
        among_others = base.copy()
        among_others[others[:2]] = height
        yield from (with_label, among_others)


def _scaled(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Weights and features multiplied by powers of two: scores from 2⁻²⁰ to 2²⁰."""
    for power in (-20, -8, 4, 8, 12, 20):
        question = tied(loss, 4, 5, 3, rng)
        yield Question(loss, question.W * 2.0**power, question.X, question.y)
        yield Question(loss, question.W, question.X * 2.0**power, question.y)
    for power in (-60, -20, 20, 60):
        question = tied(loss, 4, 5, 3, rng)
        yield Question(loss, question.W * 2.0**-power, question.X * 2.0**power, question.y)


def _extreme(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Weights and features of extreme magnitudes, with the scores as they were, and without.

    Where scores are large none ties with the label's: s_j − s_y + 1 would depend on the order.
    """
    for power in POWERS:
        usual = tied(loss, 4, 5, 3, rng)
        yield Question(loss, usual.W * 2.0**-power, usual.X * 2.0**power, usual.y)
        for n in (1, 3):
            other = generic(loss, n, 4, 5, rng)
            yield Question(loss, other.W * 2.0**power, other.X, other.y)
            yield Question(loss, other.W, other.X * 2.0**power, other.y)


def _overflowing(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Scores of ±1000 and more: all of an example, one of them, of one example of a batch."""
    for n, C in ((1, 2), (1, 3), (3, 4), (5, 3)):
        small, y = rng.integers(-2, 3, (n, C)).astype(float), rng.integers(0, C, n)
        other = (y + 1) % C
        for far in (1000.0, -1000.0, 4096.0):
            yield _with_scores(loss, small + far, y, rng)
            for place in (y, other):
                S = small.copy()
                S[0, place[0]] += far
                yield _with_scores(loss, S, y, rng)
            S = small.copy()
            S[0] += far
            yield _with_scores(loss, S, y, rng)


def _wide(loss: Loss, rng: np.random.Generator) -> Iterator[Question]:
    """Numbers of 53 bits, n odd, every margin away from 0: here every function rounds."""
    for n, D, C in ((1, 4, 3), (3, 5, 4), (7, 3, 5), (11, 6, 3), (49, 8, 10)):
        while True:
            W, X = rng.normal(size=(C, D)), rng.normal(size=(n, D))
            question = Question(loss, W, X, rng.integers(0, C, n))
            kinks = question.right.kinks
            if not (np.abs(kinks[~np.isnan(kinks)]) < 2.0**-14).any():
                break
        yield question


def _integers(rng: np.random.Generator, rows: int, D: int) -> Floats:
    return rng.integers(-2, 3, (rows, D)).astype(float)


def _with_ones(rng: np.random.Generator, n: int, D: int) -> Floats:
    X = _integers(rng, n, D)
    X[:, 0] = 1
    return X
