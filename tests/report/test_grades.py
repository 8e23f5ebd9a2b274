"""How judgements read: in a terminal, as a page, in a notebook, as data."""

import csv
import io
import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from accessible import lacking
from rich.cells import cell_len

from gradbook.judge import Convention, Finding, Judgement, Mend, Row
from gradbook.judge.penalties.forms import Form
from gradbook.report.grades_data import COLUMNS, as_csv, as_data
from gradbook.report.grades_html import as_page
from gradbook.subjects.targets import Target
from gradbook.submissions import Grades, Judged

LOSS = "multi-class SVM loss"
RIGHT = Judgement(
    *("svm_loss", LOSS, "right", "", Convention()),
    covered="663 questions",
    calls=700,
    answered=1025,
    base=1143,
)
BUT = Judgement(
    "svm_loss",
    LOSS,
    "right",
    convention=Convention(),
    findings=(Finding("it is wrong for uint8 images: −X[i] wraps around", kind="numerical"),),
)
WRONG = Judgement(
    "svm_loss_vectorized",
    LOSS,
    "wrong",
    "",
    Convention(penalty=Form(1.0)),
    (
        Finding("row y counts <the correct class> & itself " * 3, "N14", "exact", True, "W = 0"),
        Finding("it changes its input W", kind="purity"),
    ),
    (
        Row("row j ≠ y, margin > 0", "1", "1", True),
        Row("row y, one margin > 0", "−1", "−2", False),
    ),
    "663 questions",
    705,
    "import numpy as np\nassert svm_loss_vectorized(np.zeros((2, 3))) == 1",
    ("np.float: NumPy no longer has it; what it was stands in",),
    1.25,
    Mend("line 7", ("    M[n, y] = <b>",), ("    M[n, y] = -M.sum(axis=1)", "    M /= n")),
)
NOT_JUDGED = Judgement("", "", "not judged", "mine.py cannot be read: line 2 is Python 2")


def one(judgement, file="mine.py"):
    return Judged(Target(Path(file), file, judgement.name, judgement.reason), judgement)


MANY = Grades(
    "class",
    (
        one(RIGHT, "ann.py"),
        one(WRONG, "a_file_whose_name_is_too_long_for_its_column.py"),
        one(WRONG, "cem.py"),
        one(BUT, "dora.py"),
        one(NOT_JUDGED, "old.py"),
        one(Judgement("", "", "not judged", "no function", code="no candidate"), "helpers.py"),
    ),
    12.34,
    left_out=(
        one(Judgement("train", "", "not judged", "by its name it is no loss", code="left out")),
    ),
    passed_over=("notes.txt",),
)


def widest(text):
    return max(map(cell_len, text.splitlines()))


@pytest.mark.parametrize("judgement", [RIGHT, BUT, WRONG, NOT_JUDGED], ids=lambda j: j.summary)
def test_a_judgement_fits_80_columns_and_its_lines_end_where_their_text_does(judgement):
    text = str(judgement)
    assert widest(text) <= 80
    assert text == "\n".join(line.rstrip() for line in text.splitlines())


def test_a_wrong_function_is_shown_with_all_that_was_found():
    text = " ".join(str(WRONG).split())
    assert "✗ wrong" in text
    assert "1 row y counts <the correct class> & itself" in text
    assert "(N14) 2 it changes its input W" in text
    assert "row j ≠ y, margin > 0 1 1 row y, one margin > 0 −1 −2 ✗" in text
    assert "convention W is (D, C) and X is (N, D)" in text
    assert "read np.float: NumPy no longer has it" in text
    assert "calls 705 in 1.2 s" in text
    assert "assert svm_loss_vectorized(np.zeros((2, 3))) == 1" in text


def test_the_example_can_be_copied_as_it_stands():
    long = f"x = [{', '.join(['1.0'] * 99)}]\nif x:\n    print(x)"
    assert str(replace(WRONG, example=long)).endswith(f"\n\n{long}")


def test_the_change_with_which_it_is_right_is_shown_line_by_line():
    lines = str(WRONG).splitlines()
    at = lines.index("  with one change it is right (line 7):")
    assert lines[at + 1 : at + 4] == [
        "    - M[n, y] = <b>",
        "    + M[n, y] = -M.sum(axis=1)",
        "    + M /= n",
    ]
    page = WRONG._repr_html_()
    assert "with one change it is right (line 7)" in page
    assert "&lt;b&gt;" in page
    assert "<b>\n" not in page


def test_a_table_in_which_all_is_right_is_one_line():
    agreeing = replace(WRONG, table=WRONG.table[:1])
    assert "  coefficients of x̃, measured in 1 places: all right" in str(agreeing)
    assert "what multiplies" not in str(agreeing) + agreeing._repr_html_()
    assert "what multiplies" in str(WRONG)
    assert "what multiplies" in WRONG._repr_html_()


def test_a_right_function_with_a_lower_finding_is_not_called_wrong():
    text = str(BUT)
    assert "✓ right on exact data; beyond that:" in text
    assert "wraps around" in text
    assert "✗" not in text


def test_what_is_not_judged_says_why():
    assert "– not judged\n  mine.py cannot be read: line 2 is Python 2" in str(NOT_JUDGED)


def test_many_have_a_row_each_and_what_they_share_is_counted():
    text = str(MANY)
    assert widest(text) <= 80
    rows = text.splitlines()
    assert rows[0] == f"class · {LOSS}"
    assert any(row.startswith(" ✓ ann.py ") and row.endswith(" right") for row in rows)
    assert any(row.startswith(" – old.py ") and row.endswith(" not judged") for row in rows)
    place = next(i for i, row in enumerate(rows) if row.startswith(" ✗ a_file_whose_name_is_too"))
    folded = "".join(row[3:37].strip() for row in rows[place : place + 2])
    assert folded == "a_file_whose_name_is_too_long_for_its_column.py"
    assert "     but it is wrong for uint8 images: −X[i] wraps around" in rows
    assert any(row.startswith("   2 × row y counts <the correct class>") for row in rows)
    assert "     no candidate: no function" in rows
    assert " passed over: notes.txt" in rows
    assert " left out, by its name it is no loss: mine.py:train" in rows
    assert rows[-1] == "2 right · 2 wrong · 2 not judged · 12.3 s"


def test_one_of_one_is_shown_in_full():
    assert str(Grades("mine.py", (one(WRONG),))).startswith(
        "svm_loss_vectorized · mine.py\n✗ wrong"
    )


@pytest.mark.parametrize(
    ("judgements", "code"),
    [
        ((RIGHT,), 0),
        ((RIGHT, BUT), 0),
        ((RIGHT, WRONG, NOT_JUDGED), 1),
        ((RIGHT, NOT_JUDGED), 2),
        ((), 2),
    ],
)
def test_the_exit_code_is_that_of_the_worst(judgements, code):
    grades = Grades("x", tuple(one(judgement) for judgement in judgements))
    assert grades.exit_code == code


def test_the_data_has_a_row_for_each_function():
    data = json.loads(json.dumps(as_data(MANY)))
    assert (data["right"], data["wrong"], data["not judged"]) == (2, 2, 2)
    assert [row["file"] for row in data["functions"]][0::4] == ["ann.py", "old.py"]
    wrong = data["functions"][1]
    assert wrong["status"] == "wrong"
    assert wrong["findings"][0]["line"] == "N14"
    assert wrong["table"][1]["measured"] == "−2"
    assert (data["functions"][0]["answered"], data["functions"][0]["base"]) == (1025, 1143)
    assert [(row["file"], row["code"]) for row in data["functions"][-2:]] == [
        ("helpers.py", "no candidate"),
        ("mine.py", "left out"),
    ]
    assert data["passed over"] == ["notes.txt"]


def test_the_csv_has_a_row_for_each_function():
    rows = list(csv.DictReader(io.StringIO(as_csv(MANY))))
    assert tuple(rows[0]) == COLUMNS
    assert (rows[0]["answered"], rows[0]["of"]) == ("1025", "1143")
    assert [row["verdict"] for row in rows] == [
        *("right", "wrong", "wrong", "right", "not judged", "not judged", "not judged")
    ]
    assert [row["code"] for row in rows[-3:]] == ["", "no candidate", "left out"]
    assert rows[1]["line"] == "N14"
    assert rows[4]["fault"].startswith("mine.py cannot be read")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)"])
def test_no_spreadsheet_takes_a_text_for_a_formula(text):
    grades = Grades("x", (one(Judgement(text, LOSS, "not judged", text), text),))
    (row,) = csv.DictReader(io.StringIO(as_csv(grades)))
    assert row["file"] == row["function"] == row["fault"] == f"'{text}"


class Page(HTMLParser):
    """The links and anchors of a page, and whether its elements are closed in order."""

    def __init__(self, page):
        super().__init__()
        self.open, self.links, self.anchors, self.tags = [], [], set(), set()
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        self.links += [given[name] for name in ("href", "src") if name in given]
        self.anchors.add(given.get("id"))
        if tag not in ("br", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_the_page_needs_nothing_but_itself_and_its_links_lead_somewhere():
    page = Page(as_page(MANY))
    assert page.open == []
    assert lacking(as_page(MANY)) == []
    assert not page.tags & {"script", "img", "link", "iframe"}
    assert len(page.links) == 6
    assert {link.removeprefix("#") for link in page.links} <= page.anchors


def test_what_comes_from_a_file_is_text_on_the_page():
    hostile = "<script>alert(1)</script>"
    judgement = Judgement(
        hostile, LOSS, "wrong", hostile, None, (Finding(hostile, "N14", example=hostile),),
        (Row(hostile, hostile, hostile, False),), hostile, 1, hostile, (hostile,),
    )  # fmt: skip
    for grades in (
        Grades(hostile, (one(judgement, hostile),) * 2),
        Grades(hostile, (one(judgement, hostile),)),
    ):
        assert "<script" not in as_page(grades)
        assert "<script" not in grades._repr_html_()
    assert "<script" not in judgement._repr_html_()


def test_a_notebook_shows_one_judgement_or_a_table_of_many():
    assert "svm_loss_vectorized" in WRONG._repr_html_()
    assert Grades("x", (one(WRONG),))._repr_html_() == WRONG._repr_html_()
    assert MANY._repr_html_().count("<tr>") == 6
    assert "<b>2 right · 2 wrong · 2 not judged</b>" in MANY._repr_html_()
