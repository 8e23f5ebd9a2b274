"""What a claim says at sizes that are numbers, and where it has a value.

Denominators are not 0, what stands in log and √ is not below it: SymPy cancels t f / f as it is
written down, and the condition would be gone, so it is noted before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sympy import Expr, ImmutableMatrix, Symbol
from sympy.core.relational import Relational

from gradbook.page.core import Core, Key, Letter

#: A letter with numbers for its indices.
Instance = tuple[Key, tuple[int, ...]]
#: The letters that were met, each with its entries.
Given = dict[Instance, tuple[Letter, ImmutableMatrix]]


@dataclass(frozen=True, eq=False)
class Meant:
    """What defined letters stand for, in letters that are more given.

    family: the letters that are entries of one, for each of those: the scores of one example.
    """

    of: dict[Symbol, Expr] = field(default_factory=dict)
    family: dict[Symbol, Instance] = field(default_factory=dict)


@dataclass(frozen=True)
class Need:
    """value sign 0, which the page writes as `of`: without it something has no value.

    of: None where it is no formula of the page: f(u) of a function that has conditions.
    """

    value: Expr
    sign: str
    of: Core | None = field(compare=False)


@dataclass(frozen=True)
class Needs:
    """Those of what is being written out, innermost last."""

    _open: list[dict[Need, None]] = field(default_factory=lambda: [{}])

    def add(self, value: Expr, sign: str, of: Core | None) -> None:
        self._open[-1][Need(value, sign, of)] = None

    def again(self, needs: tuple[Need, ...]) -> None:
        self._open[-1] |= dict.fromkeys(needs)

    @contextmanager
    def apart(self) -> Iterator[dict[Need, None]]:
        """Those of what is written out meanwhile."""
        self._open.append({})
        try:
            yield self._open[-1]
        finally:
            self._open.pop()


@dataclass(frozen=True)
class Stated:
    """left relation right, wherever `given` holds, for all real values of the letters.

    meant: what its letters stand for. needs: where both sides have a value.
    """

    left: ImmutableMatrix
    right: ImmutableMatrix
    relation: str
    given: tuple[Relational, ...]
    meant: Meant
    needs: tuple[Need, ...] = ()


@dataclass(frozen=True, eq=False)
class Known:
    """What is written out already: of each letter its value, where that is one, and the given
    letters in it.
    """

    values: dict[Instance, tuple[Expr | ImmutableMatrix, tuple[Need, ...], Given]] = field(
        default_factory=dict
    )
    meant: Meant = field(default_factory=Meant)
