"""A line is proved where every claim of it is, for every size, label and region."""

import doctest
from importlib import import_module

import pytest
from sympy import Symbol

from gradbook.derivation import Claim, Line, Proof
from gradbook.notation import hinge
from gradbook.prove import DEFAULT_SIZES, Sizes, Unusable, prove

SMALL = Sizes(range(2, 4), range(0, 2))


def line(claims, kind="claim"):
    return Line("A1", "a line", "what it says", claims, kind)


def true(case):
    yield Claim(case.s, case.W * case.x)


def test_a_true_line_is_proved_for_all_sizes_asked_for():
    found = prove(line(true), SMALL)
    assert found.status == "proved"
    assert found.holds
    assert found.sizes == "C 2–3, m 0–1, all y"
    assert found.method == "region by region"
    assert found.seconds > 0


def test_a_true_definition_keeps_its_name():
    found = prove(line(true, "definition"), SMALL)
    assert found.status == "definition"
    assert found.holds


def test_a_false_definition_is_refuted():
    assert prove(line(lambda case: [Claim(1, 2)], "definition"), SMALL).status == "refuted"


def test_a_line_that_fails_for_one_size_and_label_only_is_refuted_there():
    def false_once(case):
        yield Claim(case.s[0], case.s[0] + int((case.C, case.m, case.y) == (3, 1, 2)))

    found = prove(line(false_once), SMALL)
    assert found.status == "refuted"
    assert found.sizes == "C = 3, m = 1, y = 2"
    assert (found.counterexample.case.C, found.counterexample.y) == (3, (2,))


def test_the_second_claim_of_a_line_is_judged_too():
    def half_true(case):
        yield Claim(case.s, case.W * case.x)
        yield Claim(case.s[0], case.s[1])

    assert prove(line(half_true), SMALL).status == "refuted"


def test_a_line_that_is_not_decided_is_not_proved():
    found = prove(line(lambda case: [Claim(Symbol("q"), Symbol("q"))]), SMALL)
    assert found.status == "undecided"
    assert not found.holds
    assert "q is not one of the letters" in str(found)


def test_the_smallest_case_comes_first():
    cases = list(SMALL.cases())
    assert str(cases[0]) == "C = 2, m = 0, y = 0"
    assert len(cases) == 2 * 2 + 2 * 3
    assert SMALL.regions() == 4 * 3 + 6 * 9


def test_sizes_can_be_read():
    assert str(DEFAULT_SIZES) == "C 2–5, m 0–4, all y"
    assert str(Sizes(range(3, 4), range(1))) == "C 3, m 0, all y"


@pytest.mark.parametrize(
    ("C", "m", "name"), [(range(2, 2), range(1), "C"), (range(2, 3), range(0), "m")]
)
def test_no_sizes_at_all_are_refused(C, m, name):
    with pytest.raises(ValueError, match=f"{name} must have at least one value"):
        Sizes(C, m)


def test_another_method_can_be_asked():
    asked = []

    def method(claim, case):
        asked.append((claim, case))
        return Proof("proved", "by looking")

    assert prove(line(true), SMALL, method).holds
    assert len(asked) == 10


# Lines that cannot be written down, or not be judged.


def test_sides_that_do_not_exist_are_refuted_with_the_reason():
    found = prove(line(lambda case: [Claim(case.W * case.W, 0)]), SMALL)
    assert found.status == "refuted"
    assert found.reason.startswith("cannot be written down: ")
    assert found.counterexample is not None


def test_a_row_that_is_not_there_is_refuted_with_the_reason():
    found = prove(line(lambda case: [Claim(case.W[case.C, :], 0)]), SMALL)
    assert found.status == "refuted"
    assert found.reason.startswith("cannot be written down: ")


@pytest.mark.parametrize(
    "claims",
    [
        lambda case: [Claim(hinge(case.s[0]), case.s[0], 0 < case.s[0] < 1)],
        lambda case: [Claim("s_0", "s_0")],
        lambda case: [Claim(case.s[0], case.s[0], relation="≤")],
        lambda case: [Claim(1 // 0, 1)],
    ],
    ids=["a chain of comparisons", "text", "another relation", "a division by 0"],
)
def test_sides_that_python_cannot_form_are_not_decided(claims):
    found = prove(line(claims), SMALL)
    assert found.status == "undecided"
    assert found.reason.startswith("cannot be written down: ")


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        (lambda case: [], "line A1 must yield at least one Claim for C = 2, m = 0, y = 0"),
        (lambda case: [case.s == case.s], "line A1 must yield at least one Claim"),
        (lambda case: [Claim(case.weights, 0)], "line A1 fails: AttributeError"),
        (lambda case: [Claim(wieghts, 0)], "line A1 fails: NameError"),  # noqa: F821
    ],
    ids=["nothing", "a truth value", "a misspelt letter", "a misspelt name"],
)
def test_a_line_that_cannot_be_judged_is_unusable(claims, message):
    with pytest.raises(Unusable, match=message):
        prove(line(claims), SMALL)


def test_the_example_in_the_documentation_runs():
    found = doctest.testmod(import_module("gradbook.prove"))
    assert (found.attempted, found.failed) == (2, 0)
