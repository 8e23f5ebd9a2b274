"""Where a formula has a value: denominators are not 0, what stands in log and √ is not below it.

SymPy cancels t f / f as it is written down, and the condition would be gone; so it is noted before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sympy import Expr

from gradbook.page.core import Core


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
