"""A loss that a page says of the label's score and one total Σ_j f(s_j), and its claimed slopes.

Both are taken from the page, at three classes and at four: what is the same there is taken to be
meant for every number. Nothing is derived here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sympy import Add, Expr, Symbol

from gradbook.certify.summed import LABEL, OTHER, by_score
from gradbook.page import Page
from gradbook.page import core as c
from gradbook.page.cases import cases_at
from gradbook.page.core import ClaimRead
from gradbook.page.letters import written

#: The total over all classes, the label among them.
TOTAL = Symbol("T", real=True)
#: The numbers of classes at which a page is looked at.
CLASSES = (3, 4)


@dataclass(frozen=True)
class Totalled:
    """ℓ = loss, ∂ℓ/∂s_j = other for j ≠ y, ∂ℓ/∂s_y = label: in OTHER, LABEL and TOTAL.

    name: of the loss, as the page writes it. lines: where the two slopes are claimed.
    share: what a class adds to the total, in OTHER.
    """

    name: str
    lines: tuple[str, ...]
    share: Expr
    loss: Expr
    other: Expr
    label: Expr


def totalled_losses(page: Page) -> Iterator[Totalled]:
    """Every loss of the page of the label's score and a total, with both slopes claimed."""
    sizes = [str(each.range.last) for each in page.letters if each.kind == "label" and each.range]
    for letter in page.letters if sizes else ():
        found: dict[bool, tuple[str, Expr, Expr, Expr]] = {}
        for line in page:
            for claim in line.claims:
                of = claim.left.of if isinstance(claim.left, c.GradientBy) else None
                if claim.sign == "=" and isinstance(of, c.Ref) and of.key == letter.key:
                    for by_label, *parts in _claimed(page, claim, sizes[0]):
                        found.setdefault(by_label, (line.id, *parts))
        if found.keys() == {True, False}:
            line_of_label, share, loss, label = found[True]
            other_line, *_, other = found[False]
            lines = tuple(dict.fromkeys((other_line, line_of_label)))
            yield Totalled(written(letter), lines, share, loss, other, label)


def _claimed(page: Page, claim: ClaimRead, size: str) -> Iterator[tuple[bool, Expr, Expr, Expr]]:
    """Whether it is by the label's score, the share of a class, the loss and the claimed slope."""
    found = [set(_at(page, claim, size, classes)) for classes in CLASSES]
    yield from sorted(set.intersection(*found), key=str)


def _at(
    page: Page, claim: ClaimRead, size: str, classes: int
) -> Iterator[tuple[bool, Expr, Expr, Expr]]:
    """The same at so many classes; the first is the label."""
    for case in cases_at(page, claim, {size: classes}):
        stated = case.at.claim(claim, case.free)
        slope = None if stated is None else by_score(stated, case.at)
        if slope is None or set(case.at.labels.values()) != {1} or len(slope[1]) != classes:
            continue
        row, scores, loss, claimed = slope
        for total in sorted(loss.atoms(Add), key=str):
            shares = {of.xreplace({score: OTHER}) for of, score in _by_class(total, scores)}
            if len(shares) != 1 or len(total.args) != classes:
                continue
            letters = {total: TOTAL, scores[row]: OTHER if row else LABEL}
            of_label = loss.xreplace({total: TOTAL, scores[0]: LABEL})
            of_class = claimed.xreplace({total: TOTAL}).xreplace(letters)
            if of_label.free_symbols <= {LABEL, TOTAL} and not of_class.free_symbols & set(scores):
                yield row == 0, shares.pop(), of_label, of_class


def _by_class(total: Expr, scores: list[Symbol]) -> Iterator[tuple[Expr, Symbol]]:
    """The terms of a total that are of one score each."""
    for score in scores:
        yield from ((of, score) for of in total.args if of.free_symbols == {score})
