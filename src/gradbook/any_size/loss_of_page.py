"""The loss of a page: the formula of the scores that it differentiates by the weights.

It is read, not written a second time: what comes of it, kernels and their checks, is about the
formula that the page states and proves.
"""

from __future__ import annotations

from collections.abc import Iterator

from sympy import Expr, Indexed

from gradbook.any_size.binding import letters_in, over_parts, with_usual_indices
from gradbook.any_size.claim import IndexedClaim
from gradbook.any_size.entries import InEntries
from gradbook.any_size.letters import C, Index, W, m, n, s, s_prime, x, y
from gradbook.any_size.page_letters import Key, NotInEntries
from gradbook.any_size.roles import Roles
from gradbook.loss import Loss
from gradbook.page import Page
from gradbook.page import core as c
from gradbook.page.core import ClaimRead, Letter, parts_of


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
    in_scores = InScores(page, roles)
    slots = zip(letter.definition.slots, letter.slots, strict=True)
    at = {name: Index(name, in_scores.entries.size(along.count)) for name, along in slots}
    formula = in_scores(in_scores.entries.number(letter.definition.body, at))
    key = "".join(sign if sign.isalnum() else "_" for sign in page.path.stem)
    cites = dict(_cited(page, roles, letter))
    key = key if key.isidentifier() else f"page_{key}"
    called = page.of_loss.called or (key,)
    return Loss(page.of_loss.name or page.title, formula, key, cites, called=called)


class InScores:
    """Formulas of a page in the letters of a loss: s_j, y, W_jb and x̃_b, of the example at hand."""

    def __init__(self, page: Page, roles: Roles) -> None:
        self.entries = InEntries(page, frozenset({roles.scores}))
        letters = {letter.key: letter for letter in page.letters}
        self.letters = {
            self.entries.letter(letters[key]): of
            for key, of in (
                (roles.weights, W),
                (roles.example, x),
                (roles.scores, s),
                (roles.other_scores, s_prime),
            )
            if key is not None
        }
        self.label = self.entries.letter(letters[roles.label]) if roles.label else None
        self.sizes = {self.entries.size(roles.classes): C}
        entries = self.entries.size(roles.entries)
        self.sizes |= {t: m + 1 - (entries - t) for t in entries.free_symbols - {*self.sizes}}
        if roles.examples is not None:
            self.sizes[self.entries.size(roles.examples)] = n

    def claim(self, claim: IndexedClaim) -> IndexedClaim:
        given = tuple(map(self, claim.given))
        return IndexedClaim(self(claim.left), self(claim.right), given, claim.relation)

    def __call__(self, formula: Expr) -> Expr:
        """Raises NotInEntries for a letter that a loss of scores has not."""

        def of_loss(part: Expr) -> Expr:
            if part == self.label or (isinstance(part, Indexed) and part.base == self.label):
                return y
            if isinstance(part, Indexed) and part.base in self.letters:
                of = self.letters[part.base]
                own = part.indices[len(part.indices) - len(of.shape) :]
                return of[tuple(over_parts(index, of_loss) for index in own)]
            return part

        found = over_parts(formula, of_loss).xreplace(self.sizes)
        for letter in letters_in(found) - set(self.letters.values()):
            raise NotInEntries(f"it has the letter {letter}, which is none of W, x, s and y")
        return with_usual_indices(found)


def _cited(page: Page, roles: Roles, loss: Letter) -> Iterator[tuple[str, str]]:
    """Which lines define the loss and its mean, and state its gradient and what it is at a kink."""
    means = {
        letter.key
        for letter in page.letters
        if letter.definition is not None
        for part in parts_of(letter.definition.body)
        if isinstance(part, c.SumOver) and part.range.count == roles.examples
        if any(isinstance(each, c.Ref) and each.key == loss.key for each in parts_of(part.of))
    }
    lines = {
        "loss": (line for line in page if loss in line.definitions),
        "kink": (line for line in page if any(map(_is_at_a_kink, line.claims))),
        "gradient": (
            line
            for line in page
            if any(_is_row_of_gradient(claim.left, roles, loss) for claim in line.claims)
        ),
        "mean": (line for line in page if any(each.key in means for each in line.definitions)),
    }
    for what, found in lines.items():
        if (line := next(found, None)) is not None:
            yield what, line.id


def _is_at_a_kink(claim: ClaimRead) -> bool:
    """Whether it is about a derivative where a margin may be 0."""
    closed = any(g.sign in ("≤", "≥", "=") and isinstance(g.left, c.Core) for g in claim.given)
    return closed and isinstance(claim.left, c.GradientBy)


def _is_row_of_gradient(side: c.Core, roles: Roles, loss: Letter) -> bool:
    return (
        isinstance(side, c.GradientBy)
        and isinstance(side.of, c.Ref)
        and side.of.key == loss.key
        and isinstance(side.by, c.At)
        and isinstance(side.by.of, c.Ref)
        and side.by.of.key == roles.weights
    )


def _objectives(page: Page, roles: Roles) -> Iterator[Key]:
    """The letters of one example whose gradient by the weights, or a row of them, is claimed."""
    for line in page:
        for claim in line.claims:
            for side in (claim.left, claim.right):
                yield from _differentiated(side, roles)


def _differentiated(side: c.Core, roles: Roles) -> Iterator[Key]:
    for part in parts_of(side):
        if isinstance(part, c.GradientBy) and isinstance(part.of, c.Ref):
            by = part.by.of if isinstance(part.by, c.At) else part.by
            is_of_one = _is_of_one(part.of.letter, roles)
            if isinstance(by, c.Ref) and by.key == roles.weights and is_of_one:
                yield part.of.key


def _is_of_one(letter: Letter, roles: Roles) -> bool:
    """Whether it has the indices of an example, and no others."""
    counts = [slot.count for slot in letter.slots]
    return counts == ([] if roles.examples is None else [roles.examples])
