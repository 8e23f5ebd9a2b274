"""What a page differentiates, and by which of its letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gradbook.emit.pages.names import NotEmitted, name_of
from gradbook.page import core as c
from gradbook.page.core import Letter, parts_of
from gradbook.page.page import Page


@dataclass(frozen=True)
class Objective:
    """A number that the page defines, and the given letters by which it differentiates it."""

    of: Letter
    by: tuple[Letter, ...]


def objective_of(page: Page, name: str | None = None) -> Objective:
    """The last such number that the page defines, what the others are parts of; or that of a name.

    Raises NotEmitted where the page differentiates none, or none of this name.
    """
    found = objectives_of(page)
    if page.errors and (not found or (name is not None and name not in found)):
        first = page.errors[0]
        raise NotEmitted(f"{page.title} cannot be read, {first.line}: {first.message}")
    if not found:
        raise NotEmitted(
            f"{page.title} differentiates no number that it defines by a letter that it is given"
        )
    if name is None:
        return max(found.values(), key=lambda each: each.of.span.start)
    if name not in found:
        raise NotEmitted(f"{page.title} differentiates {', '.join(found)}, and no {name}")
    return found[name]


def objectives_of(page: Page) -> dict[str, Objective]:
    """Every number that the page defines and differentiates, by its name in code."""
    by: dict[tuple[str, int, int], list[Letter]] = {}
    for of, letter in _differentiated(page):
        letters = by.setdefault(of.key, [])
        if letter not in letters:
            letters.append(letter)
    return {
        name_of(of, page.letters): Objective(
            of, tuple(sorted(by[of.key], key=lambda letter: letter.span.start))
        )
        for of in page.letters
        if of.key in by
    }


def _differentiated(page: Page) -> Iterator[tuple[Letter, Letter]]:
    """A number that is defined, and a given letter: of each ∇ and ∂ on the page."""
    sides = [side for line in page for claim in line.claims for side in (claim.left, claim.right)]
    bodies = [letter.definition.body for letter in page.letters if letter.definition is not None]
    for formula in (*sides, *bodies):
        for part in parts_of(formula):
            if not isinstance(part, c.GradientBy) or not isinstance(part.of, c.Ref):
                continue
            by = part.by.of if isinstance(part.by, c.At) else part.by
            of = part.of.letter
            is_number = of.shape.is_number and not of.slots and of.definition is not None
            if is_number and isinstance(by, c.Ref) and by.letter.kind == "value":
                yield of, by.letter
