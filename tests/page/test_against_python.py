"""The reader is trusted, so it is held against the same page written by hand in Python.

Both pages are written out for three classes, one feature and the label y = 1, entry by entry. What
the one claims there, the other claims: the same formula in the same letters.
"""

import pytest
from helpers_of_pages import edited, text_of
from sympy import Expr, Symbol, diff

from derivation.multiclass_svm import notes
from gradbook import Case
from gradbook.notation import partial
from gradbook.page import Page, read_text
from gradbook.page.at_sizes import AtSizes
from gradbook.page.cases import cases

CASE = Case(3, 1, 1)
PAGE = read_text(text_of("multiclass_svm"))

#: N1, N3 and N18 only define: their claims in Python have the same object on both sides.
IDS = [line.id for line in notes if line.id not in ("N1", "N3", "N18")]
#: In N7 the Python splits ≤ into < and =, and adds an inequality; in N8 it has the condition at the
#: first relation only, where the page's governs all three.
OTHER_CONDITIONS = ("N7", "N8")


def letters(at: AtSizes) -> dict[Symbol, Expr]:
    """The letters of the page as those of the case: numbered from 0."""
    found: dict[Symbol, Expr] = {}
    for (key, _), (_, symbols) in at.given.items():
        of = CASE.W if key[0] == "W" else CASE.x[1:, :]
        found |= dict(zip(symbols, of, strict=True))
    scores = [letter for letter, (key, _) in at.family.items() if key[0] == "s"]
    return found | dict(zip(scores, CASE.s, strict=False))


def difference(left: Expr, right: Expr) -> Expr:
    """left − right, up to its sign, with ∂/∂s worked out: what ∇_s L_i is called M_i in Python."""
    found = left - right
    by_scores = [p for p in found.atoms(partial) if p.args[1] in CASE.s]
    found = found.xreplace({p: diff(*p.args) for p in by_scores}).expand()
    return min(found, (-found).expand(), key=str)


def of_page(id: str, page: Page = PAGE) -> set[tuple[Expr, frozenset[Expr]]]:
    found = set()
    for claim in page[id].claims:
        for case in [] if claim.shape else cases(page, claim):
            at = case.at
            sizes = (at.sizes["C"], at.sizes["m"], at.sizes["n"])
            stated = at.claim(claim, case.free) if sizes == (3, 1, 1) else None
            if stated is None or set(at.labels.values()) - {CASE.y + 1}:
                continue
            known = letters(at)
            given = frozenset(condition.xreplace(known) for condition in stated.given)
            for pair in zip(stated.left, stated.right, strict=True):
                found.add((difference(*(side.xreplace(known) for side in pair)), given))
    return found


def of_python(id: str) -> set[tuple[Expr, frozenset[Expr]]]:
    return {
        (difference(left, right), frozenset(claim.given))
        for claim in notes[id].claims(CASE)
        if len(claim.batch) < 2 and claim.relation == "="
        for left, right in zip(claim.left, claim.right, strict=True)
    }


@pytest.mark.parametrize("id", IDS)
def test_the_page_claims_what_the_python_page_claims(id: str) -> None:
    page, python = of_page(id), of_python(id)
    if id in OTHER_CONDITIONS:
        assert {claim for claim, _ in page} - {0} == {claim for claim, _ in python} - {0}
        return
    assert {each for each in page if each[0] != 0} == {each for each in python if each[0] != 0}


def test_most_of_the_lines_say_something_that_is_no_identity_of_symbols() -> None:
    assert sum(any(claim != 0 for claim, _ in of_page(id)) for id in IDS) >= 10


def test_a_page_that_says_something_else_is_noticed() -> None:
    lost_sign = edited(
        text_of("multiclass_svm"), (r"-\tilde{x}^{(i)\top} & ", r"\tilde{x}^{(i)\top} & ")
    )
    assert of_page("N10", read_text(lost_sign)) != of_python("N10")
    other_margin = edited(text_of("multiclass_svm"), ("+ 1)", "+ 2)"))
    assert of_page("N14", read_text(other_margin)) != of_python("N14")
