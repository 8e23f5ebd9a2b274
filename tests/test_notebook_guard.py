"""`pytest --gradbook` lets no broken notebook pass: here is a bad one for each of its checks."""

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from pictures_of_notebooks import BLACK, GREY, NEARLY_BLACK


def cell(source, *outputs, number=1, tags=()):
    """A code cell as it was saved; `number` counts its last run, and is None if there was none."""
    metadata = {"tags": list(tags)} if tags else {}
    return new_code_cell(source, outputs=list(outputs), execution_count=number, metadata=metadata)


def printed(text, to="stdout"):
    return new_output("stream", name=to, text=text)


def result(text, picture=None):
    pictures = {"image/png": picture} if picture else {}
    return new_output("execute_result", {"text/plain": text} | pictures, execution_count=1)


def raised(name, message):
    return new_output("error", ename=name, evalue=message, traceback=[])


SHOWS_BLACK = f"import base64, IPython\nIPython.display.Image(base64.b64decode('{BLACK}'))"

GOOD = [
    cell("print('hello')", printed("hello\n")),
    cell("6 * 7", result("42")),
    cell("6 * 7;"),
    cell("1 / 0", raised("ZeroDivisionError", "division by zero"), tags=["raises-exception"]),
    cell(SHOWS_BLACK, result("<IPython.core.display.Image object>", picture=NEARLY_BLACK)),
    cell("!exit 0"),
    cell("", number=None),
]

SLEEPER = """\
import time
try:
    time.sleep(60)
except KeyboardInterrupt:
    pass
"""

NEXT = cell("1 + 1", result("2"))
NOT_RUN = "not run: a cell above it failed"
NOT_RUN_YET = "This cell was not run when the notebook was saved: run it again"
HIDES = "This cell is marked nbval-ignore-output, which hides its output: remove the marker, or"
SKIPS = "This cell is marked nbval-skip, which hides its output: remove the marker, or allow it"
RAISES_NOTHING = "This cell is tagged raises-exception, but raises nothing"
ENDS_BADLY = "This cell has an unknown %magic, or was stopped for its time"

# A bad notebook: each of its cells, and what is said when it fails or is not run.
BAD = {
    "a changed output": [
        (cell("print(1)", printed("2\n")), "Cell outputs differ"),
        (NEXT, NOT_RUN),
    ],
    "a missing picture": [
        (cell("1", result("1", picture="a picture")), "it now shows [['text/plain']]"),
        (NEXT, NOT_RUN),
    ],
    "a changed picture": [
        (
            cell(SHOWS_BLACK, result("<IPython.core.display.Image object>", picture=GREY)),
            "the picture differs by 0.5",
        ),
        (NEXT, NOT_RUN),
    ],
    "cells not run or hidden": [
        (cell("x = 1", number=None), NOT_RUN_YET),
        (cell("# NBVAL_IGNORE_OUTPUT\nprint(1)", printed("2\n")), HIDES),
        (cell("# NBVAL_SKIP\n1 / 0"), SKIPS),
        (cell("1 / 0", tags=["nbval-skip"]), SKIPS),
        (NEXT, NOT_RUN),
    ],
    "a tag without its exception": [
        (cell("x = 1", tags=["raises-exception"]), RAISES_NOTHING),
        (NEXT, NOT_RUN),
    ],
    "an unknown magic": [
        (
            cell(
                "%magick\n1 / 0",
                printed("UsageError: Line magic function `%magick` not found.\n", to="stderr"),
            ),
            ENDS_BADLY,
        ),
        (NEXT, NOT_RUN),
    ],
    "a failing shell command": [
        (cell("!exit 3\n!exit 0"), "Command 'exit 3' returned non-zero exit status 3"),
        (NEXT, NOT_RUN),
    ],
    "a swallowed time-out": [
        (cell(SLEEPER), ENDS_BADLY),
        (NEXT, NOT_RUN),
    ],
    "a dead kernel": [
        (cell("import os\nos._exit(1)"), "The kernel died while it ran this cell"),
        (NEXT, NOT_RUN),
    ],
}


UNREADABLE = {
    "half of one": b'{"cells": [',
    "a conflict": b"<<<<<<< HEAD\n{}\n",
    "a list": b"[]",
    "another object": b"{}",
    "no text": b"\xff\xfe",
    "nothing": b"",
    "of the future": b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}',
}


def written(folder, name, cells):
    """The notebook, whose cells were run one after the other."""
    for count, each in enumerate(cells, 1):
        if each.cell_type == "code" and each.execution_count is not None:
            each.execution_count = count
    nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")


#: Without the plugins of libraries that no notebook here needs: each would be loaded anew.
PYTEST = [sys.executable, "-m", "pytest", "-p", "no:hypothesispytest", "-p", "no:zarr"]


def run_pytest(folder, *options):
    """The exit code of `pytest --gradbook` there, what it prints, and what it says of each test.

    By notebook: "" for a test that passes.
    """
    command = [*PYTEST, "--gradbook", "--nbval-current-env", *options]
    command += ["--nbval-cell-timeout=3", "--junit-xml=said.xml", "--rootdir", folder, folder]
    ended = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    said = {}
    for case in ElementTree.parse(folder / "said.xml").iter("testcase"):
        notebook = Path(case.get("classname") or case.get("name")).stem
        outcome = "".join(f"{each.tag}: {each.get('message')} {each.text}" for each in case)
        said.setdefault(notebook, []).append(outcome)
    return ended.returncode, ended.stdout, said


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """What is said of all the notebooks above, in a folder that has nothing of this project.

    It is a run without pytest's cache, where changed pictures would else be written.
    """
    folder = tmp_path_factory.mktemp("notebooks")
    for name, cells in {"good": GOOD, "prose": [new_markdown_cell("No code here.")]}.items():
        written(folder, name, cells)
    for name, cells in BAD.items():
        written(folder, name, [each for each, _ in cells])
    for name, text in UNREADABLE.items():
        (folder / f"{name}.ipynb").write_bytes(text)
    return run_pytest(folder, "-p", "no:cacheprovider")


def test_a_good_notebook_passes(run):
    _, _, said = run
    assert said["good"] == ["", *([""] * len(GOOD))]
    assert said["prose"] == [""]


@pytest.mark.parametrize("notebook", BAD)
def test_a_bad_notebook_fails_and_says_why(run, notebook):
    as_saved, *cells = run[2][notebook]
    assert as_saved == ""
    for said, (_, sentence) in zip(cells, BAD[notebook], strict=True):
        assert said.startswith("skipped" if sentence == NOT_RUN else "failure")
        assert sentence in said


@pytest.mark.parametrize("notebook", UNREADABLE)
def test_a_file_that_is_no_notebook_is_one_failure_in_one_sentence(run, notebook):
    (said,) = run[2][notebook]
    assert f"{notebook}.ipynb: it cannot be read as a notebook (" in said
    assert "Traceback" not in said


def test_bad_notebooks_fail_the_whole_run(run):
    assert run[0] == pytest.ExitCode.TESTS_FAILED


def test_a_project_may_allow_markers_errors_and_stripped_notebooks_and_leave_outputs_out(
    tmp_path,
):
    allowed = [f"gradbook_{what}" for what in ("errors", "markers", "stripped")]
    settings = [*(f"{name} = true" for name in allowed), "gradbook_ignore = text/html stderr"]
    (tmp_path / "pytest.ini").write_text("\n".join(["[pytest]", *settings]))
    html = "import IPython\nIPython.display.HTML('<b>now</b>')"
    shown = {"text/plain": "<IPython.core.display.HTML object>", "text/html": "<b>then</b>"}
    written(
        tmp_path,
        "allowed",
        [
            cell("# NBVAL_IGNORE_OUTPUT\nprint(1)", printed("2\n")),
            cell("1 / 0", tags=["nbval-skip"]),
            cell("import sys\nprint('now', file=sys.stderr)", printed("then\n", to="stderr")),
            cell(html, new_output("execute_result", shown, execution_count=4)),
            cell("1 / 0", raised("ZeroDivisionError", "division by zero")),
        ],
    )
    written(tmp_path, "another", [cell("1 / 0", raised("KeyError", "'a'"))])
    stripped = [cell("x = 1; x", number=None), cell("1 / 0", number=None), cell("2", number=None)]
    written(tmp_path, "stripped", stripped)
    written(tmp_path, "none", [cell("x = 1", raised("KeyError", "'a'"))])
    code, shown, said = run_pytest(tmp_path, "--gradbook-write", "executed")
    assert not any("failure" in one for one in said["allowed"])
    assert "Cell outputs differ" in said["another"][1]
    assert said["stripped"][:2] == ["", ""]
    assert "ZeroDivisionError" in said["stripped"][2]
    assert NOT_RUN in said["stripped"][3]
    assert RAISES_NOTHING in said["none"][1] or "Cell outputs differ" in said["none"][1]
    assert code == pytest.ExitCode.TESTS_FAILED
    assert "1 cell is marked nbval-ignore-output" in shown
    assert "1 cell is marked nbval-skip" in shown
    as_run = nbformat.read(tmp_path / "executed" / "allowed.ipynb", as_version=4)
    assert as_run.cells[0].outputs[0].text == "1\n"
    assert as_run.cells[3].outputs[0].data["text/html"] == "<b>now</b>"


@pytest.mark.thorough
def test_the_cells_of_a_notebook_whose_kernel_is_not_there_are_no_tests(tmp_path):
    julia = {"kernelspec": {"name": "julia-9", "display_name": "Julia"}}
    notebook = new_notebook(cells=[cell("1 + 1", result("2"))], metadata=julia)
    nbformat.write(notebook, tmp_path / "julia.ipynb")
    command = [*PYTEST, "--gradbook", "--rootdir", tmp_path, tmp_path]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "its kernel julia-9 is not installed" in ended.stdout
    assert "1 failed in" in ended.stdout
