"""A second solver: it answers the same, and where the two disagree, nothing passes."""

from dataclasses import replace

import pytest
from command_line import ROOT, gradbook
from sympy import StrictGreaterThan, Symbol

from gradbook import read, verify
from gradbook.notation import hinge
from gradbook.prove import query as queries
from gradbook.prove import second_solver, smt
from gradbook.prove.by_solver import METHOD
from gradbook.prove.induction import METHOD as INDUCTION
from gradbook.prove.query import Query, recorded
from gradbook.prove.second_solver import PutAgain, cvc5_answer
from gradbook.report.data import as_data
from gradbook.report.html import as_page
from gradbook.report.terminal import as_text
from gradbook.verify import verify_page
from gradbook.verify.tasks import PutAgainTask, line_tasks, loss_or_none, property_tasks

a = Symbol("a", real=True)
PAGE = r"""# A square

Let $a, b \in \mathbb{R}$.

$$
a^2 + b^2 \ge 2 a b, \quad \max(0, a + 1) \ge a + 1 \tag{P1}
$$
"""
FALSE = PAGE.replace(r"\max(0, a + 1) \ge a + 1", r"\max(0, a) > 0")


@pytest.fixture
def file(tmp_path):
    """A page as a file."""

    def written(text):
        path = tmp_path / "square.md"
        path.write_text(text, "utf-8")
        return path

    return written


@pytest.fixture
def unsound(monkeypatch):
    """A translation for z3 that takes > for ≥."""
    monkeypatch.setattr(queries, "_answers", {})
    wrong = smt._COMPARISONS | {StrictGreaterThan: lambda left, right: left >= right}
    monkeypatch.setattr(smt, "_COMPARISONS", wrong)


def test_both_solvers_answer_alike_and_the_report_says_so(file):
    report = verify_page(read(file(PAGE)), jobs=0, recheck="cvc5")
    assert report.passed
    assert dict(report.agreement()) == {"agreed": len(report.queries)}
    assert len(report.queries) >= 2
    assert " cvc5 " in as_text(report)
    assert "answered alike" in as_text(report)
    assert "✓ cvc5" in as_page([report])
    (line,) = as_data([report])["lines"]
    assert line["recheck"] == {"solver": "cvc5", "agreed": len(report.queries)}


@pytest.mark.usefixtures("unsound")
def test_a_fault_of_the_translation_is_a_disagreement_and_a_failure(file):
    report = verify_page(read(file(FALSE)), jobs=0, recheck="cvc5")
    assert report.disputed == ("P1",)
    assert report.refuted
    assert not report.passed
    assert "the solvers disagree: P1" in as_text(report)


@pytest.mark.usefixtures("unsound")
def test_a_disagreement_alone_is_a_failure(file):
    sound = verify_page(read(file(PAGE)), jobs=0, recheck="cvc5")
    with recorded() as asked:
        assert Query("wrongly true", (a**2 > 0,)).decide().holds
    disputed = PutAgain("P1", asked[0], cvc5_answer(asked[0].text))
    assert disputed.agreement == "disagreed"
    found = replace(sound, queries=(*sound.queries, disputed))
    assert (sound.passed, found.passed, found.refuted) == (True, False, True)


def test_what_the_second_cannot_answer_is_no_disagreement():
    with recorded() as asked:
        Query("a square", (a**2 >= 0,)).decide()
        Query("no units", (a**4 - hinge(a**3 - 1) + abs(a) >= -3,)).decide(0)
    square, none = asked
    assert none.answer == "unknown"
    assert [cvc5_answer(none.text, units) for units in (1, 100_000)] == ["unknown", "unsat"]
    assert PutAgain("P1", square, "unknown").agreement == "not answered"
    assert PutAgain("P1", none, "sat").agreement == "not answered"
    assert PutAgain("P1", square).agreement == "not answered"


def test_text_that_cannot_be_read_is_not_answered():
    mixed = "(set-logic ALL)\n(assert (= (ite true 1 0.5) 1))\n(check-sat)\n"
    with pytest.raises(ValueError, match="cvc5 cannot read the query"):
        cvc5_answer(mixed)
    with recorded() as asked:
        Query("a square", (a**2 >= 0,)).decide()
    found = PutAgainTask(PutAgain("P1", replace(asked[0], text=mixed)), "cvc5").carry_out()
    assert found.agreement == "not answered"
    assert found.why.startswith("cvc5 cannot read the query")


def test_nothing_is_recorded_unless_it_is_asked_for(file):
    assert verify_page(read(file(PAGE)), jobs=0).queries == ()
    with recorded() as outer:
        with recorded() as inner:
            Query("a square", (a**2 >= 0,)).decide()
        Query("another", (a**2 >= -1,)).decide()
    assert [[each.says for each in asked] for asked in (outer, inner)] == [
        ["another"],
        ["a square"],
    ]


def test_another_solver_and_one_that_is_not_there_are_refused(file, monkeypatch):
    with pytest.raises(ValueError, match="recheck must be among cvc5, not 'z4'"):
        verify(file(PAGE), recheck="z4")
    monkeypatch.setattr(second_solver, "find_spec", lambda name: None)
    missing = r"cvc5 is not installed: pip install gradbook\[recheck\]"
    with pytest.raises(ValueError, match=missing):
        verify(file(PAGE), recheck="cvc5")


def test_the_command_writes_a_file_for_each_query(file, tmp_path):
    run = gradbook("verify", file(PAGE), "--jobs", "1", "--smtlib", tmp_path / "smt")
    assert run.code == 0
    files = sorted((tmp_path / "smt" / "square").iterdir())
    assert [each.name for each in files] == ["P1-1.smt2", "P1-2.smt2"]
    text = files[0].read_text("utf-8")
    assert text.startswith("; P1\n(set-info :status unsat)\n; the claim")
    assert ";   show   a**2 + b**2 - 2*a*b ≥ 0\n" in text
    assert cvc5_answer(text) == "unsat"


@pytest.mark.thorough
@pytest.mark.parametrize(
    "path", sorted((ROOT / "derivation").glob("*.md")), ids=lambda path: path.stem
)
def test_no_query_of_a_shipped_page_is_disputed(path):
    page = read(path)
    tasks = [task for task in line_tasks(page) if task.method in (METHOD, INDUCTION)]
    tasks += property_tasks(page) if loss_or_none(page) else []
    with recorded() as asked:
        for task in tasks:
            task.carry_out()
    put = [PutAgain("", each, cvc5_answer(each.text)) for each in asked]
    assert [each.asked.text for each in put if each.agreement == "disagreed"] == []
    assert sum(each.agreement == "agreed" for each in put) >= 0.9 * len(put)
