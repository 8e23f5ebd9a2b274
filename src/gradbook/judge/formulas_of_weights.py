"""Formulas for how much an example counts, fitted to what was read off and tested on all of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

import numpy as np

from gradbook.check.formula import Floats
from gradbook.judge.numbers_in_words import in_words
from gradbook.judge.question import Question

#: How alike a formula and a weight have to be.
_ALIKE = 1e-9

Of = Callable[[Question], Floats]
#: Batches, and the weight of each example in them, NaN where it does not show.
Read = Sequence[tuple[Question, Floats]]


def _place(question: Question) -> Floats:
    return np.arange(question.n, dtype=float)


def _of_label(question: Question) -> Floats:
    return np.asarray(question.own @ question.own.sum(axis=0))


def _so_far(question: Question) -> Floats:
    """How many examples up to this one have its label."""
    return np.asarray((np.cumsum(question.own, axis=0) * question.own).sum(axis=1))


def _active(question: Question) -> Floats:
    return np.asarray((question.right.kinks > 0).sum(axis=1), dtype=float)


def _length(question: Question) -> Floats:
    return np.asarray(np.sqrt((question.X**2).sum(axis=1)))


_BASES: tuple[tuple[str, Of], ...] = (
    ("1", lambda q: np.ones(q.n)),
    ("i + 1", lambda q: _place(q) + 1),
    ("i", _place),
    ("n − i", lambda q: q.n - _place(q)),
    ("n − 1 − i", lambda q: q.n - 1 - _place(q)),
    ("1/(i + 1)", lambda q: 1 / (_place(q) + 1)),
    ("1/(n − i)", lambda q: 1 / (q.n - _place(q))),
    ("(i + 1)²", lambda q: (_place(q) + 1) ** 2),
    ("1/(i + 1)²", lambda q: (_place(q) + 1) ** -2.0),
    ("1/√(i + 1)", lambda q: (_place(q) + 1) ** -0.5),
    ("(−1)^i", lambda q: (-1) ** _place(q)),
    ("y", lambda q: q.y.astype(float)),
    ("y + 1", lambda q: q.y + 1.0),
    ("1/(y + 1)", lambda q: 1 / (q.y + 1)),
    ("C − y", lambda q: q.C - q.y.astype(float)),
    ("n_y", _of_label),
    ("1/n_y", lambda q: 1 / _of_label(q)),
    ("1/√n_y", lambda q: _of_label(q) ** -0.5),
    ("1 − n_y/n", lambda q: 1 - _of_label(q) / q.n),
    ("the number of examples with its label so far", _so_far),
    ("1 / the number of examples with its label so far", lambda q: 1 / _so_far(q)),
    ("k", _active),
    ("1/k", lambda q: 1 / _active(q)),
    ("‖x̃‖", _length),
    ("1/‖x̃‖", lambda q: 1 / _length(q)),
    ("‖x̃‖²", lambda q: _length(q) ** 2),
    ("its loss", lambda q: q.right.loss),
    ("1 / its loss", lambda q: 1 / q.right.loss),
)


def _of_means(size: int) -> Of:
    """The weight in the mean of the means of batches of this size, of which the last is smaller."""

    def of(question: Question) -> Floats:
        n, place = question.n, np.arange(question.n)
        of_its_batch = np.minimum(size, n - place // size * size)
        return np.asarray(n / (of_its_batch * np.ceil(n / size)))

    return of


#: What is no formula of one example, in words of its own.
_KNOWN: tuple[tuple[str, Of], ...] = tuple(
    (f"the mean of the means of batches of {size} is taken, and the last batch may be smaller: its "
     "examples count more", _of_means(size)) for size in (2, 3, 4, 5, 8, 10, 16, 32, 50, 64, 100)
)  # fmt: skip
_MEANT = {"n_y": "n_y examples have its label", "k": "k margins are active"}

_SCALES: tuple[tuple[str, Callable[[Question, Floats], Floats | float]], ...] = (
    ("{}", lambda q, f: 1.0),
    ("n·{}", lambda q, f: float(q.n)),
    ("{}/n", lambda q, f: 1 / q.n),
    ("n·{}/Σ, Σ being the sum of the same of all examples", lambda q, f: q.n / f.sum()),
    ("{}/C", lambda q, f: 1 / q.C),
    ("C·{}", lambda q, f: float(q.C)),
    ("n·{}/C", lambda q, f: q.n / q.C),
    ("n·{}/the number of classes that occur", lambda q, f: q.n / len(set(q.y.tolist()))),
    ("{} divided by the largest of the same", lambda q, f: 1 / f.max()),
)


def formulas(read: Read) -> Iterator[tuple[str, Of]]:
    """Formulas that are what was read off, everywhere; the words follow "example i counts"."""
    # Those first that show some eight examples: at these most formulas fail.
    read = sorted(read, key=lambda pair: abs(int((~np.isnan(pair[1])).sum()) - 8))
    with np.errstate(all="ignore"):
        for words, known in _KNOWN:
            if _factor(read, known, _SCALES[0][1]) == 1:
                yield words, known
        for name, base in (*_BASES, *_powers(read)):
            for pattern, scale in _SCALES:
                factor = _factor(read, base, scale)
                if factor is not None and (name, pattern, factor) != ("1", "{}", 1.0):
                    yield _said(name, pattern, factor), _scaled(base, scale, factor)
                    break


def _factor(
    read: Read, base: Of, scale: Callable[[Question, Floats], Floats | float]
) -> float | None:
    """The number by which the base and the scale are multiplied; None if it is not one number."""
    factor = None
    for question, weights in read:
        known = ~np.isnan(weights)
        if not known.any():
            continue
        f = base(question)
        expected, found = (f * scale(question, f))[known], weights[known]
        if not np.isfinite(expected).all():
            return None
        if factor is None and expected.any():
            place = int(np.abs(expected).argmax())
            factor = float(found[place] / expected[place])
        if np.abs(found - (factor or 0.0) * expected).max() > _ALIKE * (1 + np.abs(found).max()):
            return None
    if not factor or not np.isfinite(factor):
        return None
    near = float(Fraction(factor).limit_denominator(1000))
    return near if abs(near - factor) <= _ALIKE * abs(factor) else factor


def _scaled(base: Of, scale: Callable[[Question, Floats], Floats | float], factor: float) -> Of:
    def of(question: Question) -> Floats:
        with np.errstate(all="ignore"):
            f = base(question)
            return np.asarray(factor * f * scale(question, f))

    return of


def _said(name: str, pattern: str, factor: float) -> str:
    name, _, remark = name.partition("; ")
    times = "" if factor == 1 else f"{in_words(factor)}·"
    alone = " " not in name or "^" in name or (not times and pattern == "{}")
    formula = times + pattern.format(name if alone else f"({name})")
    meant = "".join(f", where {words}" for letter, words in _MEANT.items() if letter in name)
    first = " (i from 0)" if "i" in name.replace("its", "").replace("with", "") else ""
    said = f"example i counts {formula} times, not once{first}{meant}"
    return f"{said}: {remark}" if remark else said


def _powers(read: Read) -> Iterator[tuple[str, Of]]:
    """β^i and β^(n − 1 − i), if neighbouring examples always have the same ratio β."""
    ratios = [weights[2:] / weights[1:-1] for _, weights in read if len(weights) > 2]
    known = np.concatenate([np.zeros(0), *ratios])
    known = known[~np.isnan(known)]
    if not len(known) or not np.isfinite(known).all() or not (known > 0).all():
        return
    if np.ptp(known) > 1e-6 * known.max() or abs(known[0] - 1) < 1e-6:
        return
    ratio = float(Fraction(float(np.median(known))).limit_denominator(1000))
    b = in_words(ratio) if ratio < 1 else in_words(1 / ratio)
    beta = min(ratio, 1 / ratio)
    if ratio < 1:
        yield f"({b})^i", lambda q: beta ** _place(q)
        return
    average = "an exponential average stands where the mean belongs"
    yield f"({b})^(n − 1 − i); {average}", lambda q: beta ** (q.n - 1 - _place(q))
    yield (
        f"({b})^(n − 1 − i); {average}, which begins with the first example, that counts "
        f"{in_words(1 / (1 - beta))} times as much",
        lambda q: beta ** (q.n - 1 - _place(q)) * np.where(_place(q) == 0, 1 / (1 - beta), 1.0),
    )
