"""What a page says, relation by relation, and what is found of each.

A line ends at its first false relation. Here every relation of a chain stands alone, as it is
written, beside the answer to it; and what cannot be read stands beside the reason.

>>> from gradbook.page import read_text
>>> print(answers(read_text(r"$d \\ge 1$, $x \\in \\mathbb{R}^d$. $$\\nabla_x \\|x\\|^2 = x$$")))
    1  \\nabla_x \\|x\\|^2 = x
       ✗ with d = 1, x = [1]: the left is 2, the right is 1
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gradbook.deferred import Shown, deferred
from gradbook.page import Page
from gradbook.page.cases import PageSizes
from gradbook.page.core import ClaimRead
from gradbook.page.source import Span
from gradbook.prove.lines import prove_claim

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Kind = Literal["proved", "refuted", "undecided", "unread"]

#: Two values of each size, from the smallest on: enough to be refuted, and answered at once.
SIZES = PageSizes(2, 2)


@dataclass(frozen=True)
class Answer:
    """One relation, or one part of a page that cannot be read.

    span: where its right side stands, or what cannot be read; latex: as it is written.
    said: values at which it is false, or why it is undecided or cannot be read.
    """

    kind: Kind
    span: Span
    latex: str
    said: str = ""


@dataclass(frozen=True, repr=False)
class Answers(Shown):
    """The answers to a page, in its order."""

    page: Page
    all: tuple[Answer, ...]

    def only(self, *kinds: Kind) -> Answers:
        """Those of these kinds."""
        return Answers(self.page, tuple(each for each in self.all if each.kind in kinds))

    def picture(self) -> Figure:
        """A square for each."""
        return deferred("show", self, "picture")

    __repr__ = Shown.__str__


def answers(page: Page) -> Answers:
    """Decides every relation of the page at the smallest sizes, region by region."""
    claims = (claim for line in page for claim in line.claims if not claim.shape)
    found = [*(_to_claim(page, claim) for claim in claims), *_to_errors(page)]
    return Answers(page, tuple(sorted(found, key=lambda answer: answer.span)))


def _to_claim(page: Page, claim: ClaimRead) -> Answer:
    proof = prove_claim(page, claim, sizes=SIZES)
    left, right = (_written(page, span) for span in (claim.left_span, claim.span))
    kind: Kind = "undecided" if proof.status == "definition" else proof.status
    wrong = proof.counterexample
    said = proof.reason if wrong is None and kind != "proved" else str(wrong or "")
    return Answer(kind, claim.span, f"{left} {claim.sign} {right}", said)


def _to_errors(page: Page) -> Iterator[Answer]:
    for error in page.errors:
        row = page.source.shown(error.span, width=10**6)[1]
        yield Answer("unread", error.span, row.strip(" $"), error.message)


def _written(page: Page, span: Span) -> str:
    return " ".join(page.source.text[span.start : span.end].split())
