"""How a verdict reads: on a terminal, in a notebook, in one line."""

import pytest

from gradbook.check import Check, Finding, Verdict

GOOD = Check("exact", True, 0.0, 0.0, 4485, "4,485 cases agree", 0.12)
BAD = Check("by hand", False, 3e10, 2.5, 72, "differs from “loops” " * 8, 0.5, {"unit": "ulp"})
FOUND = Finding("row y of the gradient is wrong & <small>", "N14", example="W = [[0, 1]], y = [0]")


def verdict(checks=(GOOD,), findings=(), status="passed"):
    return Verdict("a <kernel>", "by hand", "Python", tuple(checks), tuple(findings), status)


def test_a_verdict_passes_only_if_every_check_ran_and_passed_and_nothing_was_found():
    assert verdict().passed
    assert not verdict(checks=()).passed
    assert not verdict(checks=(GOOD, BAD)).passed
    assert not verdict(findings=(FOUND,)).passed
    assert not verdict(status="failed").passed


def test_the_summary_is_one_line_with_what_was_covered_or_what_is_wrong():
    assert verdict().summary == "a <kernel>: passed all 1 checks, 4,485 comparisons"
    failed = verdict((GOOD, BAD), (FOUND,), "failed").summary
    assert failed == ("a <kernel>: failed by hand; row y of the gradient is wrong & <small> (N14)")
    none = verdict((), (), "not compiled: no C compiler").summary
    assert none == "a <kernel>: not compiled: no C compiler"


def test_the_text_has_80_columns_at_most_and_says_it_all():
    text = str(verdict((GOOD, BAD), (FOUND,), "failed"))
    assert max(map(len, text.splitlines())) <= 80
    for words in ("a <kernel>", "✓ exact", "✗ by hand", "3.0e+10 > 2.5 ulp", "N14", "W = [[0, 1]]"):
        assert words in text


def test_a_notebook_takes_nothing_of_it_for_html():
    shown = verdict((GOOD, BAD), (FOUND,), "failed")._repr_markdown_()
    assert "**a &lt;kernel>**" in shown
    assert "&amp; &lt;small> (N14)" in shown
    assert "| ✗ | by hand |" in shown


def test_a_finding_reads_as_a_sentence_with_its_line():
    assert str(FOUND) == "row y of the gradient is wrong & <small> (N14)"
    assert str(Finding("it returns None")) == "it returns None"


def test_a_verdict_cannot_be_changed():
    with pytest.raises(AttributeError):
        verdict().status = "passed"
