"""What a page says less than it shows: definitions that are stated once only, empty claims.

A definition is a name: with another value in it every later line may hold as before. It is stated a
second time where an equality depends on it on one side alone. Under a ∇ a constant is lost, so that
what stands there only is not stated by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradbook.page.core import Condition, Key, Letter, made_of
from gradbook.page.letters import bounded
from gradbook.page.page import Page


def stated_once(page: Page) -> tuple[Letter, ...]:
    """The defined letters whose value no equality of the page states a second time."""
    stated: set[Key] = set()
    for claim in (claim for line in page for claim in line.claims):
        if claim.sign == "=" and not claim.shape:
            for one, other in ((claim.left, claim.right), (claim.right, claim.left)):
                stated |= made_of(one, by_value=True) - made_of(other)
    return tuple(
        letter
        for letter in page.letters
        if letter.definition is not None and letter.key not in stated
    )


def same_on_both_sides(page: Page) -> tuple[str, ...]:
    """The lines that claim of a formula what holds of any: X = X."""
    return tuple(
        line.id
        for line in page
        if any(claim.left == claim.right and not claim.shape for claim in line.claims)
    )


def at_some_sizes(page: Page) -> Iterator[tuple[str, Condition]]:
    """The lines that claim something for some of the sizes that the page allows, and for which."""
    for line in page:
        found = [c for claim in line.claims for c in claim.given if bounded(c) is not None]
        yield from ((line.id, condition) for condition in dict.fromkeys(found))
