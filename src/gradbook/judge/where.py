"""Where something happens: the narrowest true description of the questions at which it does."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from gradbook.judge.evidence import Observation
from gradbook.judge.question import Question
from gradbook.judge.scene import scene_of


@dataclass(frozen=True)
class Where:
    """words: to follow "where", or "" for everywhere. exactly: nowhere else, and always there."""

    words: str
    exactly: bool

    def __str__(self) -> str:
        return f" where {self.words}" if self.words else ""

    @property
    def only(self) -> str:
        """As a clause that says how far it goes."""
        if not self.words:
            return ""
        return f" where {self.words}" if self.exactly else f", and only where {self.words}"


#: Traits that tell nothing unless they are exact: where these fail, little can go wrong.
_WEAK = ("s_y", "an example has", "the classes' scores", "no margin", "every margin")

EVERYWHERE = Where("", True)
#: What may have a threshold.
_SIZES: dict[str, Callable[[Question], float]] = {
    "n": lambda q: q.n,
    "C": lambda q: q.C,
    "D": lambda q: q.D,
    "the largest margin": lambda q: float(np.nanmax(q.right.kinks, initial=-np.inf)),
    "the largest score": lambda q: float(q.S.max()),
    "the largest |score|": lambda q: float(np.abs(q.S).max()),
    "the largest |feature|": lambda q: float(np.abs(q.X).max()),
    "the largest |weight|": lambda q: float(np.abs(q.W).max()),
    "the loss": lambda q: float(q.right.loss.mean()),
    "the norm of the gradient": lambda q: float(np.linalg.norm(q.right.mu.T @ q.X / q.n)),
}


def where(those: Sequence[Observation], among: Sequence[Observation]) -> Where:
    """What `those` have in common that not all `among` have.

    A trait that exactly these have is best, then a threshold of a size; failing both, the narrowest
    trait or size that all of these have.
    """
    if len(those) == len(among):
        return EVERYWHERE
    chosen = {id(one) for one in those}
    others = [one for one in among if id(one) not in chosen]
    shared = frozenset.intersection(*(_traits(one) for one in those))
    counts = {trait: sum(trait in _traits(one) for one in others) for trait in sorted(shared)}
    exact = [trait for trait, count in counts.items() if count == 0]
    if exact:
        return Where(min(exact, key=len), True)
    thresholds = [words for size in _SIZES if (words := _threshold(size, those, others))]
    if thresholds:
        return Where(thresholds[0], True)
    counts |= dict(_above(size, those, others) for size in ("n", "C", "D"))
    narrow = {
        trait: count
        for trait, count in counts.items()
        if count < 0.7 * len(others) and not trait.startswith(_WEAK)
    }
    return Where(min(narrow, key=narrow.__getitem__), False) if narrow else EVERYWHERE


def _traits(one: Observation) -> frozenset[str]:
    return scene_of(one.question, one.convention.at_kink).traits


def _threshold(size: str, those: Sequence[Observation], others: Sequence[Observation]) -> str:
    measure = _SIZES[size]
    found = [measure(one.question) for one in those]
    right = [measure(one.question) for one in others]
    if min(found) > max(right) > 0:
        return f"{size} {'is above' if ' ' in size else '>'} {max(right):.6g}"
    if max(found) < min(right):
        return f"{size} {'is below' if ' ' in size else '<'} {min(right):.6g}"
    return ""


def _above(
    size: str, those: Sequence[Observation], others: Sequence[Observation]
) -> tuple[str, int]:
    """The threshold of a size that all of those are above, and how many others are."""
    measure = _SIZES[size]
    least = min(measure(one.question) for one in those)
    sizes = [measure(one.question) for one in others]
    below = max((value for value in sizes if value < least), default=0)
    return f"{size} > {below}", sum(value >= least for value in sizes)
