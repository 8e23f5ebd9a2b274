"""What a claim says at sizes that are numbers, and what is known there of the page's letters."""

from __future__ import annotations

from dataclasses import dataclass, field

from sympy import Expr, ImmutableMatrix, Symbol
from sympy.core.relational import Relational

from gradbook.page.core import Letter
from gradbook.page.needs import Need

#: A letter with numbers for its indices.
Instance = tuple[tuple[str, int, int], tuple[int, ...]]
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
