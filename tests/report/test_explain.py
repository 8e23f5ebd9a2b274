"""`gradbook explain` says what a fault is, in the words of its own file."""

import pytest

from gradbook.cli import main
from gradbook.judge.faults import faults
from gradbook.report.explain import faults_page
from tools import write_faults


def test_every_fault_is_listed_with_its_code_in_80_columns(capsys):
    assert main(["explain"]) == 0
    printed = capsys.readouterr().out
    assert all(fault.code in printed for fault in faults())
    assert max(map(len, printed.splitlines())) <= 80


@pytest.mark.parametrize("code", ["GB304", "gb304"])
def test_a_fault_is_explained_with_what_is_wrong_and_right(code, capsys):
    assert main(["explain", code]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("GB304 · Row y counts the correct class itself.")
    assert "Wrong:\n    M = (margins > 0) * 1.0\n" in printed
    assert "Right:\n    M = (margins > 0) * 1.0\n    M[np.arange(n), y] = 0\n" in printed


def test_another_code_is_refused_with_what_may_be_meant(capsys):
    assert main(["explain", "GB39"]) == 2
    assert "code must be that of a fault, such as GB301, not 'GB39'" in capsys.readouterr().err


def test_the_page_of_the_faults_is_fresh():
    assert write_faults.PAGE.read_text(encoding="utf-8") == faults_page(faults())


def test_the_page_has_every_fault_once():
    page = faults_page(faults())
    assert all(page.count(f"### {fault.code}: ") == 1 for fault in faults())
