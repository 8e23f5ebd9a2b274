# ruff: noqa: E501 - a formula is written on one line
"""The pages of the course beside that of the SVM: proved in two ways, and refuted where edited."""

from functools import cache
from pathlib import Path

import pytest
from mpmath import exp, log, mp, mpf
from pages_with_slips import SLIPS

from gradbook.page import Page, read, read_text
from gradbook.page.cases import PageSizes
from gradbook.page.letters import written
from gradbook.page.witnesses import stated_once
from gradbook.prove import prove
from gradbook.prove.by_regions import METHOD as REGIONS
from gradbook.prove.by_solver import METHOD as SOLVER
from gradbook.prove.lines import prove_claim

DERIVATION = Path(__file__).parents[2] / "derivation"
PAGES = (
    "softmax",
    "logistic",
    "two_layer_network",
    "batch_normalisation",
    "attention",
    "matrix_lemmas",
    "focal_and_smoothed",
    "ridge",
    "squared_hinge",
    "weston_watkins",
    "crammer_singer",
)
METHODS = (REGIONS, SOLVER)


@cache
def page_of(name: str) -> Page:
    return read(DERIVATION / f"{name}.md")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_read_as_a_whole_and_states_every_definition_twice(name: str) -> None:
    page = page_of(name)
    assert page.errors == ()
    assert page.displays_read == page.displays
    assert [written(letter) for letter in stated_once(page)] == []


@pytest.mark.quick("two_layer_network", "matrix_lemmas")
@pytest.mark.parametrize("name", PAGES)
def test_every_claim_of_a_page_is_proved_in_two_ways_at_the_smallest_sizes(name: str) -> None:
    page = page_of(name)
    for line in page:
        for claim in line.claims:
            for method in METHODS if not claim.shape else ():
                found = prove_claim(page, claim, method, PageSizes(2, 1))
                assert found.status == "proved", f"{line.id}: {found}"
                assert found.where == ()


@pytest.mark.thorough
@pytest.mark.parametrize("name", PAGES)
def test_every_line_of_a_page_is_proved_in_two_ways(name: str) -> None:
    for line in page_of(name):
        for method in METHODS:
            assert prove(line, method).holds, line.id


@pytest.mark.quick("softmax", "logistic")
@pytest.mark.parametrize(("name", "id", "old", "new"), SLIPS)
def test_a_slip_is_refuted_in_its_line(name: str, id: str, old: str, new: str) -> None:
    text = page_of(name).source.text
    assert text.count(old) == 1
    page = read_text(text.replace(old, new))
    assert page.errors == ()
    found = prove(page[id])
    assert found.status == "refuted", str(found)
    assert found.counterexample is not None


def test_there_are_thirty_slips_on_all_pages() -> None:
    assert len(SLIPS) >= 30
    assert {name for name, *_ in SLIPS} == set(PAGES)


#: Lines of softmax with a slip, and both sides in arithmetic that knows nothing of pages.
SOFTMAX = [
    ("S3", r"\exp(z_j) - z_y", r"\exp(z_j) + z_y", lambda z, y, k, j: (lse(z) - z[y], lse(z) + z[y])),
    ("S5", r"k = j\} - p_j)", r"k = j\} + p_j)", lambda z, y, k, j: (
        p(z)[k] * ((k == j) - p(z)[j]), p(z)[k] * ((k == j) + p(z)[j]))),
    ("S6", r"&= p_k - \mathbb{1}\{k = y\} \tag", r"&= \mathbb{1}\{k = y\} - p_k \tag", lambda z, y, k, j: (
        p(z)[k] - (k == y), (k == y) - p(z)[k])),
    ("S9", r"- p_k p_j", r"+ p_k p_j", lambda z, y, k, j: (
        p(z)[k] * (k == j) - p(z)[k] * p(z)[j], p(z)[k] * (k == j) + p(z)[k] * p(z)[j])),
]  # fmt: skip


def lse(z: list[mpf]) -> mpf:
    return log(sum(map(exp, z)))


def p(z: list[mpf]) -> list[mpf]:
    return [exp(each) / sum(map(exp, z)) for each in z]


@pytest.mark.parametrize(("id", "old", "new", "sides"), SOFTMAX)
def test_the_values_of_a_refutation_are_confirmed_to_fifty_digits(id, old, new, sides) -> None:
    text = page_of("softmax").source.text
    assert text.count(old) == 1
    witness = prove(read_text(text.replace(old, new))[id]).counterexample
    numbers, values = dict(witness.numbers), dict(witness.values)
    with mp.workdps(50):
        W, x = values["W"], values["x"]
        scores = [sum(w * v for w, v in zip(row, x, strict=True)) for row in W]
        z = [mpf(score.numerator) / score.denominator for score in scores]
        y, k, j = (numbers.get(name, 1) - 1 for name in "ykj")
        for said, side in zip((witness.left, witness.right), sides(z, y, k, j), strict=True):
            shown = said.replace("−", "-").removeprefix("≈ ")
            if "/" in shown:
                above, below = map(int, shown.split("/"))
                assert abs(side - mpf(above) / below) < mpf(10) ** -45
            else:
                assert abs(side - mpf(shown)) <= abs(side) * mpf(10) ** -5
