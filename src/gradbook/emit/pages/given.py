"""What a call of a page's kernel gives: letters by their place or by name, and their sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from sympy import Expr

from gradbook import arguments
from gradbook.domain import ANY_NUMBERS, Domain
from gradbook.emit.pages.names import NotEmitted


@dataclass(frozen=True)
class Argument:
    """A letter that a call gives, or a result. counts: the length of each of its axes, in sizes.

    labels: of a label, how many there are, counted from 0; None of a number or an array of numbers.
    choices: of a label that is one of a few numbers, such as −1 and 1, these.
    domain: what its numbers are declared to be.
    """

    name: str
    counts: tuple[Expr, ...]
    labels: Expr | None = None
    choices: tuple[int, ...] = ()
    domain: Domain = ANY_NUMBERS

    def __str__(self) -> str:
        shape = ", ".join(str(count).replace("-", "−") for count in self.counts)
        return f"({shape}{',' if len(self.counts) == 1 else ''})" if self.counts else "a number"

    @property
    def accepted(self) -> str:
        """The numbers that are accepted for it."""
        kind = "real number" if self.labels is None else "whole number"
        return f"{kind}s, {self}" if self.counts else f"a {kind}"


@lru_cache(maxsize=1_000)
def linear(count: Expr) -> tuple[tuple[tuple[str, int], ...], int]:
    """2 n + m − 1 as ((("m", 1), ("n", 2)), −1). Raises NotEmitted for what is no such sum."""
    factors = {symbol: count.coeff(symbol) for symbol in count.free_symbols}
    more = (count - sum(symbol * factor for symbol, factor in factors.items())).expand()
    if not all(each.is_Integer for each in (more, *factors.values())):
        raise NotEmitted(f"an array with {count} entries along an axis is not emitted")
    return tuple(sorted((str(each), int(factor)) for each, factor in factors.items())), int(more)


def known_sizes(counts: Iterable[Expr]) -> tuple[str, ...]:
    """The sizes that lengths of axes tell, in the order in which they do."""
    return tuple(dict.fromkeys(each[0][0][0] for each in map(linear, counts) if len(each[0]) == 1))


def length(count: Expr, sizes: Mapping[str, int]) -> int:
    """How many entries an axis has, at sizes."""
    factors, more = linear(count)
    return more + sum(factor * sizes[name] for name, factor in factors)


def by_name(
    letters: Sequence[Argument], values: Sequence[Any], named: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of a call, by name. Raises TypeError for one too many, too few or twice."""
    names = [letter.name for letter in letters]
    takes = f"it takes {', '.join(names)}"
    if len(values) > len(names):
        raise TypeError(f"{takes}, and {len(values)} were given")
    given = dict(zip(names, values, strict=False))
    for name, value in named.items():
        if name not in names:
            raise TypeError(f"{takes}, and no {name}")
        if name in given:
            raise TypeError(f"{name} is given twice")
        given[name] = value
    missing = [name for name in names if name not in given]
    if missing:
        raise TypeError(f"{takes}: {', '.join(missing)} is not given")
    return {name: given[name] for name in names}


def read(
    letters: Sequence[Argument], given: Mapping[str, Any], least: Mapping[str, int]
) -> tuple[dict[str, np.ndarray], dict[str, int]]:
    """The arrays, of numbers that fit together, and the sizes that they have.

    least: the smallest value of each size. Raises TypeError and ValueError, as a kernel does.
    """
    arrays = {letter.name: _numbers(letter, given[letter.name]) for letter in letters}
    sizes: dict[str, tuple[int, str]] = {}
    axes = [
        (letter, arrays[letter.name].shape[place], linear(count))
        for letter in letters
        for place, count in enumerate(letter.counts)
    ]
    for letter, found, (factors, more) in axes:
        if len(factors) == 1 and factors[0][0] not in sizes:
            ((size, factor),) = factors
            value, rest = divmod(found - more, factor)
            if rest or value < least.get(size, 0):
                raise ValueError(
                    f"{letter.name} must be {letter} with {size} ≥ {least.get(size, 0)}, "
                    f"not {arrays[letter.name].shape}"
                )
            sizes[size] = value, letter.name
    for letter, found, (factors, more) in axes:
        known = [(size, *sizes[size]) for size, _ in factors if size in sizes]
        if len(known) < len(factors):
            continue
        if found != more + sum(factor * sizes[size][0] for size, factor in factors):
            shape = arrays[letter.name].shape
            where = " and ".join(f"{size} = {value}, as in {of}" for size, value, of in known)
            raise ValueError(
                f"{letter.name} must be {letter}{f' with {where},' if where else ','} not {shape}"
            )
    found_sizes = {size: value for size, (value, _) in sizes.items()}
    for letter in letters:
        if letter.labels is not None:
            _require_labels(letter, arrays[letter.name], found_sizes)
    return arrays, found_sizes


def _numbers(letter: Argument, value: Any) -> np.ndarray:
    """The array of a letter, of as many axes as it has."""
    try:
        array = np.asarray(value)
    except ValueError:
        raise TypeError(f"{letter.name} must be {letter.accepted}") from None
    if array.dtype.kind not in ("iu" if letter.labels is not None else "iuf"):
        shown = arguments.shown(value)
        raise TypeError(f"{letter.name} must be {letter.accepted}, not {shown}")
    if array.ndim != len(letter.counts):
        raise ValueError(f"{letter.name} must be {letter}, not of shape {array.shape}")
    if letter.labels is not None:
        return array.astype(np.int64)
    if not np.isfinite(array).all():
        raise ValueError(f"{letter.name} must be finite")
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _require_labels(letter: Argument, value: np.ndarray, sizes: Mapping[str, int]) -> None:
    assert letter.labels is not None
    if letter.choices:
        if not np.isin(value, letter.choices).all():
            these = " or ".join(map(str, letter.choices)).replace("-", "−")
            raise ValueError(f"{letter.name} must be {these}, not {value.tolist()}")
        return
    count = length(letter.labels, sizes)
    if value.size and not (value.min() >= 0 and value.max() < count):
        raise ValueError(f"{letter.name} must be of labels 0 … {count - 1}, not {value.tolist()}")
