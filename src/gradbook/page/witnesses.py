"""What depends on what on a page, and which definitions are stated once only.

A definition is a name: with another value in it every later line may hold as before. It is stated a
second time where an equality depends on it on one side alone. Under a ∇ a constant is lost, so that
what stands there only is not stated by it.
"""

from __future__ import annotations

from gradbook.page.core import Key, Letter, made_of
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
