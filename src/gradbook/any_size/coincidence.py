"""In how many ways letters can stand for the same class: a = j, a = y, neither, …

Two class letters are the same class or they are not. Once that is settled for every pair, each mask
and each delta between them is 0 or 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sympy import Eq, Expr, Ne

from gradbook.any_size.binding import free, substitute
from gradbook.any_size.conditions import is_about_indices
from gradbook.any_size.letters import range_of, y

Blocks = tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True)
class Coincidence:
    """Letters in blocks: those of one block are equal, those of different blocks are not."""

    blocks: Blocks

    @property
    def different(self) -> frozenset[Expr]:
        """One letter of each block."""
        return frozenset(block[0] for block in self.blocks)

    def apply(self, expr: Expr) -> Expr:
        """`expr` with the first letter of each block for all of them."""
        return substitute(expr, {t: block[0] for block in self.blocks for t in block[1:]})

    def __str__(self) -> str:
        """a = y ≠ j, or a ≠ j ≠ y ≠ a where all differ; letters of other ranges stand apart."""
        ranges = dict.fromkeys(range_of(block[0]) for block in self.blocks)
        parts = [_written([b for b in self.blocks if range_of(b[0]) == of]) for of in ranges]
        return ", ".join(part for part in parts if part)


def _written(blocks: Sequence[tuple[Expr, ...]]) -> str:
    """y at the end, where it is not equal to another letter."""
    blocks = sorted(blocks, key=lambda block: (block == (y,), -len(block), str(block)))
    equal = [" = ".join(sorted(map(str, block))) for block in blocks]
    if len(blocks) > 2:
        return f"{', '.join(sorted(equal))} all different"
    return " ≠ ".join(equal) if len(blocks) == 2 or len(blocks[0]) > 1 else ""


#: More ways than this are not decided, and more are not gone through to find those.
MOST, MOST_SEEN = 1_000, 100_000


class TooMany(ValueError):
    """Letters that can coincide in more ways than are decided one by one."""


def coincidences(parts: Iterable[Expr]) -> Iterator[Coincidence]:
    """Every way in which the free letters of the formulas can coincide, conditions kept.

    parts: formulas, and conditions j ≠ y or k = j among them. Raises TooMany, after MOST of them:
    a number of steps, and no time, so that what is decided is the same on every machine.
    """
    parts = tuple(parts)
    conditions = [part for part in parts if is_about_indices(part)]
    terms = sorted({t for part in parts for t in free(part) if range_of(t) is not None}, key=_order)
    by_range = [
        [t for t in terms if range_of(t) == known] for known in dict.fromkeys(map(range_of, terms))
    ]
    found = 0
    for seen, case in enumerate(_combined(by_range)):
        if found == MOST or seen == MOST_SEEN:
            raise TooMany(
                f"its {len(terms)} letters can coincide in more ways than are decided one by one, "
                f"{MOST:,}"
            )
        if all(_agrees(case, given) for given in conditions):
            found += 1
            yield case


def _order(term: Expr) -> tuple[bool, str]:
    """y first: a letter that equals y is called y."""
    return term != y, str(term)


def _combined(by_range: Sequence[Sequence[Expr]]) -> Iterator[Coincidence]:
    if not by_range:
        yield Coincidence(())
        return
    for blocks in _partitions(by_range[0]):
        for rest in _combined(by_range[1:]):
            yield Coincidence(blocks + rest.blocks)


def _partitions(terms: Sequence[Expr]) -> Iterator[Blocks]:
    """Every way to put the terms into blocks, each block led by the first of its terms."""
    if not terms:
        yield ()
        return
    *others, last = terms
    for blocks in _partitions(others):
        yield (*blocks, (last,))
        for place, block in enumerate(blocks):
            yield (*blocks[:place], (*block, last), *blocks[place + 1 :])


def _agrees(case: Coincidence, condition: Expr) -> bool:
    """Whether the condition holds, or may hold, in this case."""
    left, right = map(case.apply, condition.args)
    if left == right:
        return isinstance(condition, Eq)
    both_known = {left, right} <= case.different
    return isinstance(condition, Ne) or not both_known
