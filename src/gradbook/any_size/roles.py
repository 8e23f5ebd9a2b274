"""Which letters of a page are the weights, the examples, the scores and the labels of a classifier.

It is told by what they are, not by their names: a given matrix of two sizes, a column for each
example that is as long as its rows, a definition that is their product, and a given index that
numbers its rows.
"""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Expr

from gradbook.any_size.page_letters import Key, NotInEntries
from gradbook.page import Page
from gradbook.page import core as c
from gradbook.page.core import Letter


@dataclass(frozen=True)
class Roles:
    """Which letters of the page are the weights, the examples, the scores and the labels.

    other_scores: a given column of as many numbers, such as the scores of other weights.
    classes, entries, examples: their sizes, as formulas of the page's sizes.
    """

    weights: Key
    example: Key
    scores: Key
    label: Key | None
    other_scores: Key | None
    classes: Expr
    entries: Expr
    examples: Expr | None

    @staticmethod
    def of(page: Page) -> Roles:
        """Raises NotInEntries for a page that is about something else."""
        for letter in page.letters:
            body = letter.definition.body if letter.definition is not None else None
            if isinstance(body, c.MatMul) and isinstance(body.left, c.Ref):
                found = _product(page, letter, body)
                if found is not None:
                    _as_many(page, found)
                    return found
        raise NotInEntries("no letter of the page is defined as the scores W x of an example")


def _as_many(page: Page, roles: Roles) -> None:
    """What is proved for any C ≥ 2, m + 1 ≥ 1 and n ≥ 1 must be all that the page speaks of."""
    for size, least in ((roles.classes, 2), (roles.entries, 1), (roles.examples, 1)):
        if size is not None and (page.letters.least(size) or 0) < least:
            raise NotInEntries(f"{size} may be less than {least}, and that is not decided")


def _product(page: Page, scores: Letter, body: c.MatMul) -> Roles | None:
    left, right = body.left, body.right
    if not isinstance(left, c.Ref) or not isinstance(right, c.Ref):
        return None
    if left.letter.kind != "value" or left.slots or right.shape.columns != 1:
        return None
    classes, entries = left.shape.rows, left.shape.columns
    assert classes is not None
    assert entries is not None
    if not classes.is_Symbol or not entries.free_symbols - {classes}:
        return None
    numbered = page.letters.numbered(classes)
    labels = (
        letter.key
        for letter in page.letters
        if letter.kind == "label" and letter.range == numbered and letter.slots == scores.slots
    )
    examples = scores.slots[0].count if scores.slots else None
    others = (
        letter.key
        for letter in page.letters
        if letter.kind == "value" and not letter.slots and letter.shape == scores.shape
    )
    label, other = next(labels, None), next(others, None)
    return Roles(left.key, right.key, scores.key, label, other, classes, entries, examples)
