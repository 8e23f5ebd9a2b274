"""Which losses a function is called as, by the words that pages say for them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from gradbook.loss import Loss


def called_so(name: str, losses: Sequence[Loss]) -> tuple[Loss, ...]:
    """Those that a function of this name may be of; () where it tells nothing.

    A longer word counts alone: svm_squared_hinge is no svm where a loss is called squared hinge.
    """
    inside = _letters(name)
    words = [{word for word in map(_letters, loss.called) if word in inside} for loss in losses]
    every = set().union(*words)
    longest = {word for word in every if not any(word in other for other in every - {word})}
    return tuple(loss for loss, found in zip(losses, words, strict=True) if found & longest)


def is_called_so(name: str, loss: Loss) -> bool:
    """Whether a function of this name is meant to be this loss."""
    return bool(called_so(name, [loss]))


def _letters(name: str) -> str:
    """Small letters alone, without accents: what is alike in Cross-Entropy and crossEntropy."""
    plain = unicodedata.normalize("NFKD", name).lower()
    return "".join(letter for letter in plain if letter.isalnum() and letter.isascii())
