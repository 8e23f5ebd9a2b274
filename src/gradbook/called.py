"""Which losses a function is called as, by the words that pages say for them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Protocol, TypeVar


class Called(Protocol):
    """What has words in the names of functions that people write for it."""

    @property
    def called(self) -> tuple[str, ...]: ...


Of = TypeVar("Of", bound=Called)


def called_so(name: str, losses: Sequence[Of]) -> tuple[Of, ...]:
    """Those that a function of this name may be of; () where it tells nothing.

    More words count alone: svm_squared_hinge is no svm where a loss is called squared hinge.
    """
    said = [[set(_words(each)) for each in loss.called if _is_in(each, name)] for loss in losses]
    every = [words for found in said for words in found]
    return tuple(
        loss
        for loss, found in zip(losses, said, strict=True)
        if any(not any(words < other for other in every) for words in found)
    )


def is_called_so(name: str, loss: Called) -> bool:
    """Whether a function of this name is meant to be this loss."""
    return bool(called_so(name, [loss]))


def _is_in(called: str, name: str) -> bool:
    """Whether a name has all of these words, in any order; one of two letters as a word alone."""
    words = _words(re.sub(r"(?<=[a-z])(?=[A-Z])|(?<=\d)(?=[A-Za-z])", "_", name))
    return all(word in ("".join(words) if len(word) > 2 else words) for word in _words(called))


def _words(text: str) -> list[str]:
    """In small letters, without accents."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return re.findall("[a-z0-9]+", plain.lower())
