"""The loss of a page: the formula of the scores that it differentiates by the weights.

It is read, not written a second time: what comes of it, kernels and their checks, is about the
formula that the page states and proves.
"""

from __future__ import annotations

from collections.abc import Iterator

from gradbook.any_size.of_page import InEntries
from gradbook.any_size.roles import NotInEntries, Roles
from gradbook.loss import Loss
from gradbook.page import Page
from gradbook.page import core as c
from gradbook.page.core import Letter, Running


def loss_of(page: Page) -> Loss:
    """The one loss of an example that the page differentiates by the weights.

    Raises NotInEntries where there is none, more than one, or one that is more than a formula of
    the scores and the label.
    """
    roles = Roles.of(page)
    found = dict.fromkeys(_objectives(page, roles))
    losses = [letter for letter in page.letters if letter.key in found]
    if len(losses) != 1:
        raise NotInEntries(
            f"{len(losses)} letters of the page are the loss of one example, with ∇ by the weights"
        )
    (letter,) = losses
    assert letter.definition is not None
    entries = InEntries(page, roles)
    slots = dict(zip(letter.definition.slots, letter.slots, strict=True))
    entries.example = next((Running(name, along) for name, along in slots.items()), None)
    formula = entries.number(letter.definition.body, {})
    line = next(line for line in page if letter in line.definitions)
    key = "".join(sign if sign.isalnum() else "_" for sign in page.path.stem)
    return Loss(
        page.title, formula, key if key.isidentifier() else f"page_{key}", {"loss": line.id}
    )


def _objectives(page: Page, roles: Roles) -> Iterator[tuple[str, int, int]]:
    """The letters of one example whose gradient by the weights, or a row of them, is claimed."""
    for line in page:
        for claim in line.claims:
            for side in (claim.left, claim.right):
                yield from _differentiated(side, page, roles)


def _differentiated(part: object, page: Page, roles: Roles) -> Iterator[tuple[str, int, int]]:
    if isinstance(part, c.GradientBy) and isinstance(part.of, c.Ref):
        by = part.by.of if isinstance(part.by, c.At) else part.by
        if isinstance(by, c.Ref) and by.key == roles.weights and _is_of_one(part.of.letter, roles):
            yield part.of.key
    if isinstance(part, c.Core | c.Condition):
        for value in vars(part).values():
            yield from _differentiated(value, page, roles)
    elif isinstance(part, tuple):
        for value in part:
            yield from _differentiated(value, page, roles)


def _is_of_one(letter: Letter, roles: Roles) -> bool:
    """Whether it has the indices of an example, and no others."""
    counts = [slot.count for slot in letter.slots]
    return counts == ([] if roles.examples is None else [roles.examples])
