"""A line is proved where every claim of it is, for every size, label and region."""

import doctest
import sys
from importlib import import_module

import pytest
from sympy import Symbol

from gradbook.derivation import Claim, Line, Proof, gradient
from gradbook.notation import hinge
from gradbook.prove import Sizes, Unusable, prove

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


def test_a_proof_says_what_it_covers_and_depends_on():
    def conditional(case):
        yield Claim(hinge(case.s[0]), case.s[0], given=case.s[0] > 0)
        yield Claim(gradient(hinge(case.s[0]), case.s), gradient(hinge(case.s[0]), case.s))

    found = prove(line(conditional), SMALL)
    assert found.covers == SMALL
    assert found.regions == SMALL.regions()
    assert found.assumptions == (
        "y fixed: every label, one after another",
        "only where the condition of a claim holds: s_0 > 0 for C = 2, y = 0, and alike",
        "where a margin is 0, the derivative is the declared one",
    )


def test_the_counterexample_is_the_simplest_that_the_solver_finds():
    def false_far_away(case):
        yield Claim(hinge(case.s[0] - 5 * case.s[1]), 0, given=case.s[1] > 0)

    found = prove(line(false_far_away), SMALL).counterexample
    numbers = [v for row in found.W for v in row]
    assert sum(v != 0 for v in numbers) == 2
    assert max(numbers) == 6


def test_another_method_can_be_asked():
    asked = []

    def method(claim, case):
        asked.append((claim, case))
        return Proof("proved", "by looking")

    assert prove(line(true), SMALL, method).holds
    assert len(asked) == 10


def test_what_cannot_be_decided_does_not_hide_what_is_false_after_it():
    def half_open(case):
        yield Claim(Symbol("q"), Symbol("q"))
        yield Claim(case.s[0], case.s[1])

    assert prove(line(half_open), SMALL).status == "refuted"


def test_the_search_after_what_cannot_be_decided_ends(monkeypatch):
    monkeypatch.setattr(import_module("gradbook.prove.lines"), "SEARCH", 2)
    asked = []

    def method(claim, case):
        asked.append(case)
        return Proof("undecided", "by looking", reason="too dark")

    found = prove(line(true), SMALL, method)
    assert (found.status, found.reason, len(asked)) == ("undecided", "too dark", 3)
    assert found.sizes == "C = 2, m = 0, y = 0"


def test_a_false_claim_before_one_that_cannot_be_written_is_refuted():
    def false_then_broken(case):
        yield Claim(case.s[0], case.s[1])
        yield Claim(1 // 0, 1)

    found = prove(line(false_then_broken), SMALL)
    assert (found.status, found.reason) == ("refuted", "")


def test_a_line_may_claim_nothing_of_some_cases_and_says_so():
    def of_features(case):
        yield Claim(case.x[1:, :], case.x[1:, :] * 1)

    found = prove(line(of_features), SMALL)
    assert found.holds
    assert "nothing is claimed for C = 2, m = 0, y = 0, and alike" in found.assumptions


# Lines that cannot be judged: an error, which refutes nothing.


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        (lambda case: [], "line A1 must yield at least one Claim for one of C 2–3, m 0–1, all y"),
        (lambda case: [case.s == case.s], "line A1 must yield Claims, not True, for C = 2"),
        (lambda case: [Claim(case.weights, 0)], ": AttributeError: .*weights"),
        (lambda case: [Claim(wieghts, 0)], ": NameError: name 'wieghts'"),  # noqa: F821
        (lambda case: [sys.exit(0)], ": SystemExit: 0"),
        (lambda case: [Claim(case.zeros(0, 0), case.zeros(0, 0))], "at least one Claim"),
        (lambda case: [Claim(case.W * case.W * case.W, 0)], ": ShapeError: Matrix size mismatch"),
        (lambda case: [Claim(case.W[case.C, :], 0)], ": IndexError: "),
        (lambda case: [Claim(case.s[0], 0, 0 < case.s[0] < 1)], ": TypeError: "),
        (lambda case: [Claim("s_0", "s_0")], ": TypeError: left must be an expression"),
        (lambda case: [Claim(case.s[0], case.s[0], relation="≤")], ": TypeError: relation must"),
        (lambda case: [Claim(1 // 0, 1)], ": ZeroDivisionError: "),
    ],
    ids=[
        "nothing",
        "a truth value",
        "a misspelt letter",
        "a misspelt name",
        "an exit",
        "no entry",
        "shapes that do not fit",
        "a row that is not there",
        "a chain of comparisons",
        "text",
        "another relation",
        "a division by 0",
    ],
)
def test_a_line_that_cannot_be_judged_is_unusable(claims, message):
    with pytest.raises(Unusable, match=message):
        prove(line(claims), SMALL)


def test_the_error_names_the_line_the_case_the_file_and_the_row():
    def third_row(case):
        yield Claim(case.s[0], case.s[0])
        yield Claim(case.s[0], case.s[2])

    row = third_row.__code__.co_firstlineno + 2
    with pytest.raises(Unusable) as raised:
        prove(line(third_row), SMALL)
    where = f"line A1 fails for C = 2, m = 0, y = 0, test_lines.py:{row}: IndexError: "
    assert str(raised.value).startswith(where)


def test_the_example_in_the_documentation_runs():
    found = doctest.testmod(import_module("gradbook.prove"))
    assert (found.attempted, found.failed) == (2, 0)
