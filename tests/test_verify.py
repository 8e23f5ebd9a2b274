"""What a report says of what could not be asked, could not be decided or could not be emitted."""

import sys
from dataclasses import replace
from textwrap import dedent

import pytest
from rich.cells import cell_len

from gradbook import tasks
from gradbook.discover import read
from gradbook.prove.methods import method_named
from gradbook.prove.properties import FEW, PROPERTIES
from gradbook.report.data import as_data
from gradbook.report.html import as_page
from gradbook.verify import verify_found

#: A page of one line, about this loss, which is said to have these properties.
PAGE = """
from sympy import Eq, Sum

from gradbook import Claim, Derivation, Loss
from gradbook.notation import C, hinge, j, k, s, unequal, y

loss = Loss("a loss", {formula}, "a_loss")
notes = Derivation("a loss", loss, properties={properties!r})


@notes.line("N1", "The scores")
def scores(case):
    \"\"\"s = W x̃\"\"\"
    yield Claim(case.s, case.W * case.x)
"""

SVM = "Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1))"
SQUARED = "Sum(unequal(j, y) * hinge(s[j] - s[y] + 1) ** 2, (j, 0, C - 1))"
EVERY_PAIR = "Sum(Sum(hinge(s[j] - s[k] + 1), (k, 0, C - 1)), (j, 0, C - 1))"


def at_few_sizes(name):
    """The method, which is asked about few sizes: these tests are about what is said of it."""
    return replace(method_named(name), sizes=FEW)


@pytest.fixture
def verified(tmp_path, monkeypatch):
    """The report of such a page, with kernels for these targets."""

    def verified(formula, properties=(), targets=()):
        monkeypatch.setattr(tasks, "EMITTED", tuple((target, None, None) for target in targets))
        monkeypatch.setattr(tasks, "method_named", at_few_sizes)
        path = tmp_path / "page.py"
        path.write_text(dedent(PAGE).format(formula=formula, properties=properties))
        return verify_found(read(path)[0], jobs=0)

    return verified


@pytest.fixture
def without_z3(monkeypatch):
    monkeypatch.setitem(sys.modules, "z3", None)


def test_without_the_solver_the_regions_decide_and_the_report_says_who_did_not(
    verified, without_z3
):
    report = verified(SVM, tuple(PROPERTIES))
    assert report.passed
    for found in report.properties:
        assert [proof.method for proof in found.decision.proofs] == ["region by region"]
    rows = [row.rstrip() for row in str(report).splitlines()]
    assert "          z3  not asked: z3-solver is not installed" in rows
    said = " by z3 and for every C nothing was decided: z3-solver is not installed"
    assert any(row.endswith(said) for row in rows)
    assert "       small  C 2–3, m 0, all y" in rows
    marks = next(row for row in rows if row.startswith(" Σ_a μ_a = 0"))
    assert marks.split()[-3:] == ["✓", "–", "–"]
    assert max(map(cell_len, rows)) <= 80


def test_without_the_solver_what_nobody_else_decides_does_not_pass(verified, without_z3):
    report = verified(SQUARED, ("sum", "slopes"))
    sums, slopes = report.properties
    assert sums.holds
    assert slopes.decision.status == "undecided"
    assert not report.passed
    assert not report.refuted
    assert "not decided: ℓ(s′) − ℓ(s) = μ(s)·(s′ − s)" in str(report)


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
