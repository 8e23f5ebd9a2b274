"""What several methods found of one statement is what the most telling of them found."""

import pytest

from gradbook.proof import Counterexample, Proof
from gradbook.prove.decision import Decision

EXAMPLE = Counterexample((("C", 2), ("y", 1)), (("W", ((0,), (1,))),), "0", "1")
PROVED = Proof("proved", "one", seconds=1.0)
DEFINED = Proof("definition", "one")
REFUTED = Proof("refuted", "two", reason="no", counterexample=EXAMPLE, seconds=2.0)
UNDECIDED = Proof("undecided", "three", reason="z3 gave up after 9 resource units", seconds=3.0)


@pytest.mark.parametrize(
    ("proofs", "status"),
    [
        ([PROVED], "proved"),
        ([PROVED, UNDECIDED], "proved"),
        ([UNDECIDED, PROVED], "proved"),
        ([PROVED, DEFINED], "definition"),
        ([PROVED, REFUTED], "refuted"),
        ([UNDECIDED, REFUTED], "refuted"),
        ([UNDECIDED], "undecided"),
    ],
    ids=lambda value: value if isinstance(value, str) else "+".join(p.status for p in value),
)
def test_a_refutation_outweighs_a_proof_and_a_proof_what_is_open(proofs, status):
    found = Decision(tuple(proofs))
    assert found.status == status
    assert found.holds == (status in ("proved", "definition"))


def test_what_was_not_decided_is_named_even_where_the_statement_is_proved():
    assert Decision((PROVED, UNDECIDED)).undecided == (UNDECIDED,)
    assert Decision((PROVED, UNDECIDED)).reason == ""
    assert Decision((UNDECIDED,)).reason == "z3 gave up after 9 resource units"


def test_the_counterexample_is_that_of_the_refutation():
    found = Decision((PROVED, UNDECIDED, REFUTED))
    assert (found.counterexample, found.reason) == (EXAMPLE, "no")
    assert found.seconds == 6.0
    assert found.by("two") is REFUTED
    assert found.by("four") is None
    assert str(found).startswith("one: proved\n")


@pytest.mark.parametrize(
    ("stated", "besides", "status"),
    [
        ([PROVED], [], "proved"),
        ([DEFINED], [PROVED], "definition"),
        ([UNDECIDED, PROVED], [UNDECIDED], "proved"),
        ([UNDECIDED], [PROVED], "undecided"),
        ([PROVED], [REFUTED], "refuted"),
    ],
)
def test_what_is_decided_of_a_part_refutes_a_line_but_does_not_prove_it(stated, besides, status):
    found = Decision(tuple(stated), tuple(besides))
    assert found.status == status
    assert len(found.proofs) == len(stated) + len(besides)


def test_a_process_that_died_leaves_the_statement_undecided_unless_it_is_refuted():
    died = Proof("undecided", "four", reason="was killed", unfinished=True)
    found = Decision((PROVED, died))
    assert (found.status, found.reason, found.holds) == ("undecided", "was killed", False)
    assert Decision((PROVED,), besides=(died,)).status == "undecided"
    assert Decision((REFUTED, died)).status == "refuted"
