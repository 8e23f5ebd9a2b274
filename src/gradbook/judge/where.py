"""Where something happens: the narrowest true description of the questions at which it does."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
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


EVERYWHERE = Where("", True)
#: The sizes that may have a threshold.
_SIZES = ("n", "C", "D")


def _norm(question: Question) -> float:
    return float(np.linalg.norm(question.right.mu.T @ question.X / question.n))


#: Numbers that may have a bound, beyond which a function does something else.
_MEASURES: Mapping[str, Callable[[Question], float]] = {
    "the norm of the gradient": _norm,
    "the loss": lambda question: float(question.right.loss.mean()),
    "the largest weight": lambda question: float(np.abs(question.W).max()),
    "the largest feature": lambda question: float(np.abs(question.X).max()),
}


def where(those: Sequence[Observation], among: Sequence[Observation]) -> Where:
    """What `those` have in common that not all `among` have.

    A trait that exactly these have is best, then a threshold of a size or of a measure; failing
    all of them, the narrowest trait that all of these have.
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
    thresholds += [words for name in _MEASURES if (words := _bound(name, those, others))]
    if thresholds:
        return Where(thresholds[0], True)
    counts |= dict(_above(size, those, others) for size in _SIZES)
    narrow = {trait: count for trait, count in counts.items() if count < 0.7 * len(others)}
    return Where(min(narrow, key=narrow.__getitem__), False) if narrow else EVERYWHERE


def _traits(one: Observation) -> frozenset[str]:
    return scene_of(one.question, one.convention.at_kink).traits


def _threshold(size: str, those: Sequence[Observation], others: Sequence[Observation]) -> str:
    found = [getattr(one.question, size) for one in those]
    right = [getattr(one.question, size) for one in others]
    if min(found) > max(right):
        return f"{size} > {max(right)}"
    if max(found) < min(right):
        return f"{size} < {min(right)}"
    return ""


def _above(
    size: str, those: Sequence[Observation], others: Sequence[Observation]
) -> tuple[str, int]:
    """The threshold of a size that all of those are above, and how many others are."""
    least = min(getattr(one.question, size) for one in those)
    sizes = [getattr(one.question, size) for one in others]
    below = max((value for value in sizes if value < least), default=0)
    return f"{size} > {below}", sum(value >= least for value in sizes)


def _bound(name: str, those: Sequence[Observation], others: Sequence[Observation]) -> str:
    """The measure's bound that only those are above, "" if there is none."""
    found = min(_MEASURES[name](one.question) for one in those)
    right = max(_MEASURES[name](one.question) for one in others)
    return f"{name} is above {right:.4g}" if found > right > 0 else ""
