"""A class: points by finding and by part, and files that grade books read."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest
from accessible import lacking
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sources_to_judge import GOOD

from gradbook.cli import main
from gradbook.grade import Answer, grade, grading
from gradbook.grade.assignment import WrongAssignment, read_assignment, read_roster
from gradbook.judge import Finding, Judgement
from gradbook.judge.convention.convention import Convention
from gradbook.report.graded import as_csv, as_results, class_page, said, student_page
from gradbook.subjects.targets import Target
from gradbook.submissions import Grades, Judged

MODEL = r"""# Ridge

$n, d \ge 1$; $X \in \mathbb{R}^{n \times d}$, $y \in \mathbb{R}^n$, $w \in \mathbb{R}^d$.

$$ J := \frac{1}{2} \|X w - y\|^2 \tag{R1} $$

$$ \nabla_w J = X^\top (X w - y) \tag{R2} $$

$$ J = \frac{1}{2} (X w - y)^\top (X w - y) \tag{R3} $$
"""
ASSIGNMENT = """
title = "Assignment 1"

[[part]]
name = "SVM"
function = "svm_loss"
page = "multiclass_svm"
points = 6
costs = { GB6 = 2, GB60 = 1 }

[[part]]
name = "On paper"
file = "ridge.md"
against = "model.md"
points = 4
"""
SUBMISSIONS = {
    "ann/loss.py": GOOD,
    "ann/ridge.md": MODEL,
    "ben/helpers.py": "def helper(): pass\n",
    "ben/svm.py": GOOD.replace("2 * reg", "reg"),
    "ben/ridge.md": MODEL.replace("= X^\\top", "= 2 X^\\top"),
    "cem.py": GOOD.replace("-I.sum(axis=1)", "-1"),
    "eva/notes.txt": "nothing",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    (folder / "assignment.toml").write_text(ASSIGNMENT)
    (folder / "model.md").write_text(MODEL)
    (folder / "roster.csv").write_text("id,name\nann,Ann A\nben,Ben B\ndan,Dan D\n")
    for name, text in SUBMISSIONS.items():
        file = folder / "class" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


@pytest.fixture(scope="module")
def graded_so_far():
    return []


@pytest.fixture(scope="module")
def graded(folder, graded_so_far):
    assignment = read_assignment(folder / "assignment.toml")
    roster = read_roster(folder / "roster.csv")
    return grade(folder / "class", assignment, roster, so_far=graded_so_far.append)


def of(graded, id):
    return next(one for one in graded.submissions if one.id == id)


def test_everybody_has_a_row_who_handed_in_or_is_on_the_roster(graded):
    assert [one.id for one in graded.submissions] == ["ann", "ben", "cem", "eva", "dan"]
    assert (of(graded, "ann").name, of(graded, "cem").name) == ("Ann A", "")
    assert of(graded, "dan").path is None


def test_a_class_is_kept_as_it_is_judged_and_what_is_not_yet_is_to_be_read(graded, graded_so_far):
    first, last = graded_so_far[0], graded_so_far[-1]
    handed_in = [one for one in first.submissions if one.path is not None]
    assert all(one.answers[1].missing == "not judged yet" for one in handed_in)
    assert all(one.answers[1].to_be_read for one in handed_in)
    assert [of(first, "dan").answers[1].missing] == ["nothing was handed in"]
    assert last == graded


def test_an_interrupt_ends_it_once_what_was_judged_is_kept(folder, monkeypatch):
    there, kept = Grades("class", ()), []

    def interrupted(*asked, **how):
        files = [Path(one.rpartition(":")[0]) for one in asked]
        why = Judgement("f", "", "not judged", "was interrupted", code="unfinished")
        judged = tuple(Judged(Target(file, str(file), "f"), why) for file in files)
        return replace(there, judged=judged, interrupted=True)

    monkeypatch.setattr(grading, "judge_files", interrupted)
    assignment = read_assignment(folder / "assignment.toml")
    with pytest.raises(KeyboardInterrupt):
        grade(folder / "class", assignment, so_far=kept.append)
    assert [one.answers[1].missing for one in kept[-1].submissions] == ["not judged yet"] * 4


def test_points_are_lost_by_finding_and_by_line(graded):
    points = {one.id: [answer.points for answer in one.answers] for one in graded.submissions}
    assert points["ann"] == [6, 4]
    function, page = points["ben"]
    assert function in (4, 5)  # its fault is of the penalty, and costs what the assignment says
    assert 0 < page < 4
    assert points["cem"] == [0, 0]
    assert points["dan"] == points["eva"] == [0, 0]


def test_what_could_not_be_judged_is_to_be_read(graded):
    unread = {one.id: [answer.to_be_read for answer in one.answers] for one in graded.submissions}
    assert unread["ann"] == [False, False]
    assert unread["cem"] == [False, True]
    assert of(graded, "eva").answers[0].missing == "no file of it has a function svm_loss"


def test_the_grade_book_has_a_column_for_each_part(graded):
    rows = list(csv.DictReader(as_csv(graded).splitlines()))
    assert [*rows[0]] == ["id", "name", "points", "SVM", "On paper", "faults", "to be read"]
    assert (rows[0]["points"], rows[0]["faults"]) == ("10", "")
    assert rows[1]["faults"].startswith("GB6")


def test_results_are_as_gradescope_reads_them(graded):
    results = as_results(of(graded, "ben"))
    first, second = results["tests"]
    assert results["score"] == first["score"] + second["score"]
    assert (first["max_score"], second["max_score"]) == (6, 4)
    assert "penalty" in first["output"]
    assert "R2 of the model: false" in second["output"]
    assert json.loads(json.dumps(results)) == results
    documented = {"score", "max_score", "status", "name", "output", "tags", "visibility"}
    assert all(each.keys() <= documented for each in results["tests"])
    assert {each["status"] for each in results["tests"]} <= {"passed", "failed"}
    assert results.keys() <= {"score", "tests", "visibility", "output", "execution_time"}


def test_a_students_page_explains_and_gives_no_solution_away(graded):
    shown = student_page(graded, of(graded, "cem"))
    assert "row y is always" in shown
    assert "sum(axis=1)" not in shown


def test_the_page_of_the_class_says_who_has_what_and_which_faults_are_shared(graded):
    shown = class_page(graded)
    assert all(one.id in shown for one in graded.submissions)
    (code, count), *_ = graded.faults(graded.assignment.parts[0])
    assert code in shown
    assert count == 1
    assert "4 submissions" in shown  # dan, on the roster, handed in nothing
    assert "no file of it has a function svm_loss" in shown


WRONG = {
    "": "has no [[part]]",
    "x = 1": "says x; an assignment has title and part",
    "[[part]": "is no TOML",
    '[[part]]\nfunction = "f"\npoints = 1': "must say function and page, or file and against",
    '[[part]]\nfunction = "f"\npage = "p"': "points must be a number above 0, not None",
    '[[part]]\nfunction = "f"\npage = "p"\npoints = 1\nbonus = 2': "says bonus; it may say",
    '[[part]]\nfunction = "f"\npage = "p"\npoints = 1\ncosts = { loss = 1 }': "not loss",
    '[[part]]\nfunction = "f"\npage = "p"\npoints = 1\ncosts = { GB1 = -1 }': "cost of GB1",
    '[[part]]\nfunction = "f"\npage = "p"\npoints = 1\nreturns = "dW"': "not 'dW'",
}


@pytest.mark.parametrize(("text", "said"), WRONG.items())
def test_an_assignment_that_cannot_be_used_says_why(tmp_path, text, said):
    file = tmp_path / "assignment.toml"
    file.write_text(text)
    with pytest.raises(WrongAssignment, match=r"assignment\.toml") as raised:
        read_assignment(file)
    assert said in str(raised.value)


SOLVED = [
    new_markdown_cell("# Two exercises\n\nIn words."),
    new_code_cell("%%judge svm --points 3\ndef svm_loss(W, X, y, reg):\n    ..."),
    new_code_cell(f"%%judge svm --hide-mend --points 3\n{GOOD}"),
    new_code_cell(
        "%%page slope --points 1.5\nLet $x \\in \\mathbb{R}$.\n\n$$ f := x^2 $$\n\n"
        "$$ \\frac{\\partial f}{\\partial x} = 2 x \\tag{A1} $$"
    ),
    new_code_cell("%%judge svm\nx = 1"),
]


def as_notebook(file, *cells):
    nbformat.write(new_notebook(cells=list(cells)), file)


@pytest.mark.thorough
def test_a_notebook_with_the_solutions_is_an_assignment(tmp_path):
    as_notebook(tmp_path / "solved.ipynb", *SOLVED)
    assignment = read_assignment(tmp_path / "solved.ipynb")
    function, page = assignment.parts
    assert assignment.title == "Two exercises"
    assert (function.function, function.page, function.points) == ("svm_loss", "svm", 3)
    assert (page.name, page.against, page.points) == ("slope", "solved.ipynb", 1.5)
    (tmp_path / "class").mkdir()
    handed_out, page_cell = SOLVED[1], SOLVED[3]
    as_notebook(tmp_path / "class" / "ann.ipynb", handed_out, page_cell)
    wrong = new_code_cell(page_cell.source.replace("= 2 x", "= x"))
    as_notebook(tmp_path / "class" / "ben.ipynb", wrong)
    (tmp_path / "class" / "cem.ipynb").symlink_to(tmp_path / "solved.ipynb")
    found = grade(tmp_path / "class", assignment)
    assert [[answer.points for answer in one.answers] for one in found.submissions] == [
        [0, 1.5],
        [0, 0],
        [0, 0],
    ]
    assert of(found, "ann").answers[0].judgement.code == "not filled in"
    assert [each.status for each in of(found, "ben").answers[1].asked] == ["false"]
    assert of(found, "cem").answers[1].missing == "it has no cell %%page slope"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("x = 1", "has no cell %%judge or %%page that says --points"),
        ("%%page --points 2\n$x$", "what is graded needs a name"),
        ("%%judge svm --points 2\nx = 1", "the cell defines no function"),
        ("%%judge svm --points 2\ndef f(:", "the cell is no Python"),
    ],
)
def test_a_notebook_that_asks_for_nothing_says_why(tmp_path, cell, said):
    as_notebook(tmp_path / "solved.ipynb", new_code_cell(cell))
    with pytest.raises(WrongAssignment, match=said):
        read_assignment(tmp_path / "solved.ipynb")


def test_two_files_of_one_id_are_refused(tmp_path, graded):
    for name in ("ann.py", "ann.md"):
        (tmp_path / name).write_text("")
    with pytest.raises(ValueError, match=r"ann\.md and ann\.py are of one id"):
        grade(tmp_path, graded.assignment)


def test_no_python_of_a_page_is_run(tmp_path, graded):
    code = f'open({str(tmp_path / "ran")!r}, "w")\ndef claims(case):\n    """1 = 1"""\n    yield'
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.md").write_text(f"{MODEL}\n```python line=R4\n{code}\n```\n")
    (one,) = grade(tmp_path / "class", graded.assignment).submissions
    assert one.answers[1].missing == "a line of it is said in Python, which is not run here"
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("kinds", "points"), [((), 0), (("exact",), 4), (("exact", "numerical"), 4)]
)
def test_what_does_not_make_it_wrong_costs_nothing(graded, kinds, points):
    part = graded.assignment.parts[0]
    codes = {"exact": "GB601", "numerical": "GB801"}
    found = tuple(Finding("…", kind=kind, code=codes[kind]) for kind in kinds)
    part = replace(part, costs={"GB6": 2})
    assert Answer(part, Judgement("f", "a loss", "wrong", findings=found)).points == points


@pytest.mark.parametrize(
    ("asked", "returns", "kinds", "told", "points"),
    [
        ("loss and gradient", "loss and gradient", (), "right", 6),
        ("loss and gradient", "loss and gradient", ("numerical",), "right", 6),
        ("loss and gradient", "loss", (), "right, as far as it goes: it returns the loss alone", 0),
        ("gradient", "loss", (), "right, as far as it goes: it returns the loss alone", 0),
        ("loss", "loss", (), "right", 6),
        ("gradient", "loss and gradient", (), "right", 6),
    ],
)
def test_who_is_right_is_told_so_and_who_returns_less_than_was_asked_is_to_be_read(
    graded, asked, returns, kinds, told, points
):
    part = replace(graded.assignment.parts[0], returns=asked)
    findings = tuple(Finding("of rounding", "", kind=kind) for kind in kinds)
    right = Judgement("f", "", "right", "", Convention(returns=returns), findings=findings)
    answer = Answer(part, right)
    assert said(answer)[0].startswith(told)
    assert (answer.points, answer.to_be_read) == (points, points == 0)


def test_a_function_of_a_page_that_returns_not_each_gradient_is_to_be_read(graded):
    part = replace(graded.assignment.parts[0], returns="loss and gradient")
    some = Judgement("f", "", "right", findings=(Finding("…", kind="numerical", code="GB806"),))
    answer = Answer(part, some)
    assert said(answer)[0] == "right, as far as it goes: the gradient was asked for"
    assert (answer.points, answer.to_be_read) == (0, True)
    of_loss = Answer(replace(part, returns="loss"), some)
    assert (of_loss.points, of_loss.to_be_read) == (6, False)


def test_an_id_of_the_roster_names_a_file(tmp_path):
    (tmp_path / "roster.csv").write_text("id,name\n../x,X\n")
    with pytest.raises(ValueError, match="an id must be able to name a file"):
        read_roster(tmp_path / "roster.csv")


def test_a_roster_needs_its_columns(tmp_path):
    (tmp_path / "roster.csv").write_text("number\n1\n")
    with pytest.raises(ValueError, match="must have the columns id and name"):
        read_roster(tmp_path / "roster.csv")


def test_the_command_writes_a_file_for_each_and_exits_2_where_something_is_to_be_read(
    folder, tmp_path, capsys
):
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.md").write_text(MODEL)
    text = ASSIGNMENT.replace("model.md", str(folder / "model.md"))
    (tmp_path / "assignment.toml").write_text("[[part]]" + text.rpartition("[[part]]")[2])
    told = ["--assignment", str(tmp_path / "assignment.toml"), "-o", str(tmp_path / "out")]
    assert main(["grade", str(tmp_path / "class"), *told, "--jobs", "1", "--seed", "0"]) == 0
    assert "ann" in capsys.readouterr().out
    written = {str(Path(p).relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")}
    assert written == {"grades.csv", "index.html", "students/ann.html", "results/ann.json"}
    for page in ("index.html", "students/ann.html"):
        assert lacking((tmp_path / "out" / page).read_text("utf-8")) == []
    (tmp_path / "class" / "ben.py").write_text("x = 1\n")
    assert main(["grade", str(tmp_path / "class"), *told, "--jobs", "1"]) == 2
