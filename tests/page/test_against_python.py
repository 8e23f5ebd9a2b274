"""The reader is trusted, so it is held against the same page written by hand in Python.

Both pages are written out for two and three classes, up to two features, every label, and one or
two examples, entry by entry. What the one claims there, the other claims: the same formula in the
same letters.
"""

from itertools import product

import pytest
from helpers_of_pages import edited, text_of
from python_page import LINES
from sympy import Expr, Symbol, diff

from gradbook import Case
from gradbook.notation import partial
from gradbook.page import Page, read_text
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import cases_at

#: One example, and two with the same label.
BATCHES = [
    batch
    for case in (Case(C, m, y) for C in (2, 3) for m in (0, 1, 2) for y in range(C))
    for batch in case.batches()
    if len(batch) == 1 or (len(batch), case.C, case.m) in ((2, 2, 0), (2, 2, 1))
]
Batch = tuple[Case, ...]
PAGE = read_text(text_of("multiclass_svm"))

#: N1, N3 and N18 only define: their claims in Python have the same object on both sides.
IDS = [id for id in LINES if id not in ("N1", "N3", "N18")]
#: In N7 the Python splits ≤ into < and =; in N8 it has the condition at the first relation only,
#: where the page's governs all three: the page says that the others hold everywhere.
OTHER_CONDITIONS = ("N7", "N8")


def letters(at: AtSizes, batch: Batch) -> dict[Symbol, Expr]:
    """The letters of the page as those of the cases: numbered from 0."""
    found: dict[Symbol, Expr] = {}
    for (key, slots), (_, symbols) in at.given.items():
        here = batch[slots[0] - 1 if slots else 0]
        of = {"W": here.W, "t": here.s_prime}.get(key[0], here.x[1:, :])
        found |= dict(zip(symbols, of, strict=True))
    for letter, (key, slots) in at.meant.family.items():
        if key[0] == "s":
            place = int(letter.name.rpartition("_")[2]) - 1
            found[letter] = batch[slots[0] - 1].s[place]
    return found


def difference(left: Expr, right: Expr, relation: str, batch: Batch) -> Expr:
    """left − right, of an equality up to its sign, with ∂/∂s worked out: what is ∇_s L_i here is
    M_i in Python.
    """
    found = left - right
    scores = {score for here in batch for score in here.s}
    by_scores = [p for p in found.atoms(partial) if p.args[1] in scores]
    found = found.xreplace({p: diff(*p.args) for p in by_scores}).expand()
    return found if relation == "≥" else min(found, (-found).expand(), key=str)


#: What is claimed, under which conditions, for which examples.
Claimed = set[tuple[Expr, frozenset[Expr], Batch]]


def of_page(id: str, page: Page = PAGE) -> Claimed:
    found = set()
    for claim, batch in product(page[id].claims, BATCHES):
        sizes = {"C": batch[0].C, "m": batch[0].m, "n": len(batch)}
        for case in [] if claim.shape else cases_at(page, claim, sizes):
            at = case.at
            about = len(batch) == 1 or "n" in case.scope.sizes
            if not about or any(y != batch[i - 1].y + 1 for (_, (i,)), y in at.labels.items()):
                continue
            stated = at.claim(claim, case.free)
            if stated is None:
                continue
            known = letters(at, batch)
            given = frozenset(condition.xreplace(known) for condition in stated.given)
            for pair in zip(stated.left, stated.right, strict=True):
                sides = (side.xreplace(known) for side in pair)
                found.add((difference(*sides, stated.relation, batch), given, batch))
    return {each for each in found if each[0] != 0}


def of_python(id: str) -> Claimed:
    found = {
        (difference(left, right, claim.relation, batch), frozenset(claim.given), batch)
        for here in (batch[0] for batch in BATCHES if len(batch) == 1)
        for claim in LINES[id](here)
        if (batch := tuple(claim.batch) or (here,)) in BATCHES
        for left, right in zip(claim.left, claim.right, strict=True)
    }
    return {each for each in found if each[0] != 0}


def without_conditions(claimed: Claimed) -> set[tuple[Expr, Batch]]:
    return {(claim, batch) for claim, _, batch in claimed}


@pytest.mark.quick("N7", "N10", "N14", "N16")
@pytest.mark.parametrize("id", IDS)
def test_the_page_claims_what_the_python_page_claims(id: str) -> None:
    page, python = of_page(id), of_python(id)
    if id in OTHER_CONDITIONS:
        assert without_conditions(page) == without_conditions(python)
        assert page != python
        return
    assert page == python


@pytest.mark.thorough
def test_most_of_the_lines_say_something_that_is_no_identity_of_symbols() -> None:
    assert sum(bool(of_page(id)) for id in IDS) >= 10


def test_a_page_that_says_something_else_is_noticed() -> None:
    lost_sign = edited(
        text_of("multiclass_svm"), (r"-\tilde{x}^{(i)\top} & ", r"\tilde{x}^{(i)\top} & ")
    )
    assert of_page("N10", read_text(lost_sign)) != of_python("N10")
    other_margin = edited(text_of("multiclass_svm"), ("+ 1)", "+ 2)"))
    assert of_page("N14", read_text(other_margin)) != of_python("N14")


@pytest.mark.thorough
def test_the_mean_is_compared_over_two_examples() -> None:
    assert {len(batch) for _, _, batch in of_page("N17")} == {1, 2}
    without_n = edited(text_of("multiclass_svm"), (r"L := \frac{1}{n}", r"L := "))
    assert of_page("N17", read_text(without_n)) != of_python("N17")
