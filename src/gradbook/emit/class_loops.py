"""The plan of a loss as loops over the classes of one example, as few as can be.

A step goes into the loop before it unless it needs a sum or a maximum of that loop: these are known
only when the loop has ended. What a loop defines and a later one needs is kept for every class.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sympy import Symbol

from gradbook.emit.lowering import Reduction
from gradbook.emit.plan import Definition, Plan, Step, value_of

#: μ_a, for every class of one example.
mu = Symbol("mu", real=True)

T = TypeVar("T")


@dataclass(frozen=True)
class Loop:
    """A loop over the classes: definitions for each class, and reductions.

    before: definitions for the example, needed in this loop or later.
    others: whether the label can be left out.
    """

    before: tuple[Definition, ...]
    steps: tuple[Step, ...]
    others: bool

    @property
    def reductions(self) -> tuple[Reduction, ...]:
        return tuple(step for step in self.steps if isinstance(step, Reduction))


@dataclass(frozen=True)
class ClassLoops:
    """loops: in order, μ_a for a ≠ y defined in one of them. after: what ℓ and μ_y need besides.

    kept: the names that a later loop needs, each with a value for every class.
    """

    loops: tuple[Loop, ...]
    after: tuple[Definition, ...]
    kept: tuple[Symbol, ...]


def class_loops(plan: Plan) -> ClassLoops:
    """The loops of a plan."""
    steps = [*plan.steps, Definition(mu, plan.other)]
    groups: list[list[Step]] = []
    before: list[list[Definition]] = [[]]
    level: dict[Symbol, int] = {}
    for step in steps:
        needed = [level[name] for name in value_of(step).free_symbols if name in level]
        at = max(needed, default=0)
        if isinstance(step, Definition) and not (step.name == mu or plan.is_of_class(step.value)):
            place(before, at, step)
            level[step.name] = at
            continue
        place(groups, at, step)
        # A reduction is known to the loops after this one, a definition in this one already.
        level[step.name] = at + 1 if isinstance(step, Reduction) else at
    before += [[] for _ in range(len(groups) + 1 - len(before))]
    loops = [
        Loop(tuple(early), tuple(group), not needs_label(plan, groups[at:]))
        for at, (early, group) in enumerate(zip(before, groups, strict=False))
    ]
    after = tuple(step for late in before[len(groups) :] for step in late)
    return ClassLoops(tuple(loops), after, tuple(kept(groups)))


def place(lists: list[list[T]], at: int, item: T) -> None:
    while len(lists) <= at:
        lists.append([])
    lists[at].append(item)


def needs_label(plan: Plan, groups: Sequence[Sequence[Step]]) -> bool:
    """Whether the first group's value for the label is part of a reduction over all classes."""
    here = {step.name for step in groups[0] if isinstance(step, Definition)}
    everywhere = [
        step
        for group in groups
        for step in group
        if isinstance(step, Reduction) and step.over == "all"
    ]
    return any(step in groups[0] or plan.depends(step.summand, here) for step in everywhere)


def kept(groups: Sequence[Sequence[Step]]) -> Iterator[Symbol]:
    """The names of definitions that a later group needs."""
    for at, group in enumerate(groups):
        later = {s for g in groups[at + 1 :] for t in g for s in value_of(t).free_symbols}
        for step in group:
            if isinstance(step, Definition) and step.name in later:
                yield step.name
