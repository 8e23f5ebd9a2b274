"""examples/class: what nbgrader and otter make of functions that gradbook judges."""

import csv
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "class"
TASK = EXAMPLE / "nbgrader" / "source" / "ps1" / "svm.ipynb"
SOLVED = "".join(
    line
    for line in nbformat.read(TASK, as_version=4).cells[2].source.splitlines(keepends=True)
    if "###" not in line
)
#: Who handed in what; None is the cell as it was handed out.
HANDED_IN = {"ann": SOLVED, "ben": SOLVED.replace("2 * reg", "reg"), "cem": None}

pytestmark = pytest.mark.thorough


@pytest.mark.framework("nbgrader")
def test_nbgrader_gives_the_points_of_the_findings(tmp_path):
    def nbgrader(*arguments):
        subprocess.run([sys.executable, "-m", "nbgrader", *arguments], cwd=tmp_path, check=True)

    source = tmp_path / "source" / "ps1" / TASK.name
    source.parent.mkdir(parents=True)
    source.write_bytes(TASK.read_bytes())
    nbgrader("generate_assignment", "ps1")
    for who, code in HANDED_IN.items():
        notebook = nbformat.read(tmp_path / "release" / "ps1" / TASK.name, as_version=4)
        assert "BEGIN SOLUTION" not in notebook.cells[2].source
        if code is not None:
            notebook.cells[2].source = code
        target = tmp_path / "submitted" / who / "ps1" / TASK.name
        target.parent.mkdir(parents=True)
        nbformat.write(notebook, target)
    nbgrader("autograde", "ps1")
    nbgrader("export")
    rows = csv.DictReader((tmp_path / "grades.csv").read_text().splitlines())
    assert {row["student_id"]: float(row["score"]) for row in rows} == {
        "ann": 6,
        "ben": 4,
        "cem": 0,
    }


@pytest.mark.framework("otter")
@pytest.mark.parametrize(("who", "passes"), [("ann", True), ("ben", False)])
def test_otter_passes_what_is_judged_right_and_says_what_is_wrong(tmp_path, who, passes):
    cells = [new_code_cell("import numpy as np"), new_code_cell(HANDED_IN[who])]
    nbformat.write(new_notebook(cells=cells), tmp_path / "svm.ipynb")
    checking = ["check", "svm.ipynb", "--tests-path", str(EXAMPLE / "otter" / "tests")]
    ended = subprocess.run(
        [sys.executable, "-m", "otter", *checking], cwd=tmp_path, capture_output=True, text=True
    )
    assert ("All tests passed" in ended.stdout) == passes
    assert ("the factor 2 is missing" in " ".join(ended.stdout.split())) != passes
