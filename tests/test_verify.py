"""What a report says of what could not be asked, could not be decided or could not be emitted."""

import json
import sys

import pytest
from pages_to_verify import EVERY_PAIR, SQUARED, SVM, about, said
from rich.cells import cell_len

from gradbook import verify
from gradbook.page import read_text
from gradbook.prove.properties import FEW
from gradbook.report.data import as_data
from gradbook.report.html import as_page
from gradbook.verify import tasks


@pytest.fixture
def verified(monkeypatch):
    """The report of such a page, with kernels for these targets; of few sizes: these tests are
    about what is said of what is found.
    """

    def verified(formula, properties=(), targets=(), more=""):
        monkeypatch.setattr(tasks, "EMITTED", tuple((target, None, None) for target in targets))
        monkeypatch.setattr(tasks, "MORE", FEW)
        return verify(read_text(about(formula, *properties) + more), jobs=0)

    return verified


@pytest.fixture
def without_z3(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)


def test_without_the_solver_the_regions_decide_and_the_report_says_who_did_not(
    verified, without_z3
):
    report = verified(SVM, ("sum", "subgradient"))
    assert report.passed
    for found in report.properties:
        assert [proof.method for proof in found.decision.proofs] == ["region by region"]
    rows = [row.rstrip() for row in str(report).splitlines()]
    assert "          z3  not asked: z3-solver is not installed" in rows
    said = " by z3 and for every C nothing was decided: z3-solver is not installed"
    assert any(row.endswith(said) for row in rows)
    assert "       small  C 2–3, all y" in rows
    marks = next(row for row in rows if row.startswith(" Σ_a μ_a = 0"))
    assert marks.split()[-3:] == ["✓", "–", "–"]
    assert max(map(cell_len, rows)) <= 80


@pytest.mark.thorough
def test_without_the_solver_what_nobody_else_decides_does_not_pass(verified, without_z3):
    report = verified(SQUARED, ("sum", "slopes"))
    sums, slopes = report.properties
    assert sums.holds
    assert slopes.decision.status == "undecided"
    assert not report.passed
    assert not report.refuted
    assert "undecided: ℓ(s′) − ℓ(s) = μ(s)·(s′ − s)" in str(report)


@pytest.mark.thorough
def test_without_the_solver_a_property_that_is_not_there_is_still_refuted(verified, without_z3):
    report = verified(f"-{SVM}", ("subgradient",))
    assert report.refuted
    assert report.properties[0].decision.counterexample is not None


def test_with_the_solver_each_method_has_its_mark(verified):
    report = verified(SVM, ("sum", "other kinks"))
    assert report.passed
    rows = [
        row.split()[-3:] for row in str(report).splitlines() if row.startswith((" Σ_a", " with"))
    ]
    assert rows == [["✓", "✓", "✓"], ["✓", "✓", "–"]]


def test_a_method_that_could_not_decide_a_property_is_named_with_its_reason(verified):
    report = verified(SQUARED, ("subgradient",))
    assert report.passed
    assert "is not decided by region by region" in " ".join(str(report).split())


def test_a_loss_that_cannot_be_lowered_has_a_row_that_says_why(verified):
    report = verified(EVERY_PAIR, targets=("numpy", "c"))
    assert report.kernels == ()
    names = ["numpy, any size", "c, any size"]
    assert [missing.name for missing in report.not_emitted] == names
    (why,) = {missing.why for missing in report.not_emitted}
    assert why.startswith("a loss cannot be lowered")
    shown = " ".join(str(report).split())
    assert f"numpy, any size, c, any size: not emitted: {why}" in shown
    assert max(map(cell_len, str(report).splitlines())) <= 80
    assert [entry["reason"] for entry in as_data([report])["not_emitted"]] == [why, why]
    assert as_page([report]).count(f"not emitted: {why}") == 2


def test_a_loss_that_can_be_lowered_has_none(verified):
    report = verified(SVM)
    assert report.not_emitted == ()
    assert "not emitted" not in str(report)
    assert as_data([report])["not_emitted"] == []


def test_a_page_without_a_loss_has_no_kernels_and_nothing_is_said_of_them():
    report = verify(
        read_text("Let $n \\ge 1$, $x \\in \\mathbb{R}^n$.\n\n$$\nx = x \\tag{A}\n$$\n"), jobs=0
    )
    assert report.passed
    assert (report.kernels, report.not_checked) == ((), "")
    assert "kernel" not in str(report)
    assert str(report).splitlines()[-1].startswith("1 line holds: 1 claim proved")


def test_lines_that_are_said_in_python_are_counted(verified):
    report = verified(SVM, more=said("N3", "yield Claim(case.s, case.W * case.x)"))
    assert report.passed
    assert report.in_python == 1
    assert "2 of 3 lines are read, 1 said in Python" in str(report)
    data = json.loads(json.dumps(as_data([report])))
    assert data["pages"][0]["said_in_python"] == 1
    assert "yield" in as_page([report])


def test_a_method_that_fails_at_a_line_leaves_it_undecided(verified, monkeypatch):
    def fails(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(tasks, "prove", fails)
    monkeypatch.setattr(tasks, "prove_for_any_size", fails)
    report = verified(SVM)
    assert not report.passed
    assert not report.refuted
    assert "the method fails at it: ZeroDivisionError: oh" in " ".join(str(report).split())
    assert report.not_checked == "N1 is not decided"


def test_kernels_of_exp_and_log_have_no_exact_answers_and_the_page_holds_all_the_same(verified):
    report = verified(r"\log \sum_j \exp(s_j^{(i)}) - s_{y^{(i)}}^{(i)}", targets=("numpy",))
    assert report.passed
    assert report.kernels == ()
    assert "kernels: not checked: the loss must be made of scores" in str(report)


def test_an_unknown_property_is_refused():
    with pytest.raises(ValueError, match=r"properties must be among slopes, .* not 'convex'"):
        verify(read_text(about(SVM, "convex")), jobs=0)
