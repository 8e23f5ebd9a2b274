"""conftest.py lets no broken notebook pass: here is a bad notebook for each of its checks."""

import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

ROOT = Path(__file__).resolve().parent.parent


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


GOOD = [
    cell("print('hello')", printed("hello\n")),
    cell("6 * 7", result("42")),
    cell("6 * 7;"),
    cell("1 / 0", raised("ZeroDivisionError", "division by zero"), tags=["raises-exception"]),
    cell(
        "from IPython.display import Image\nImage(b'a picture')",
        result("<IPython.core.display.Image object>", picture="another picture"),
    ),
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
NEVER_RUN = "This cell was never run: run `make notebooks`"
HIDES = "This cell hides its output: remove its NBVAL marker or tag"
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
    "cells never run or hidden": [
        (cell("x = 1", number=None), NEVER_RUN),
        (cell("# NBVAL_IGNORE_OUTPUT\nprint(1)", printed("2\n")), HIDES),
        (cell("# NBVAL_SKIP\n1 / 0"), HIDES),
        (cell("1 / 0", tags=["nbval-skip"]), HIDES),
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


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """One run of pytest over all the notebooks above, with this project's conftest.py and settings.

    Its exit code, and of each notebook what pytest says about its cells: "" for one that passed.
    """
    folder = tmp_path_factory.mktemp("notebooks")
    shutil.copy(ROOT / "conftest.py", folder)
    notebooks = {"good": GOOD, "prose": [new_markdown_cell("No code here.")]}
    notebooks |= {name: [cell for cell, _ in cells] for name, cells in BAD.items()}
    for name, cells in notebooks.items():
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")

    command = [sys.executable, "-m", "pytest", "-c", ROOT / "pyproject.toml", "--rootdir", folder]
    options = ["--nbval-cell-timeout=3", "--continue-on-collection-errors", "--junit-xml=said.xml"]
    ended = subprocess.run([*command, *options, folder], cwd=folder, capture_output=True)
    said = {}
    for case in ElementTree.parse(folder / "said.xml").iter("testcase"):
        notebook = Path(case.get("classname") or case.get("name")).stem
        outcome = "".join(f"{each.tag}: {each.get('message')} {each.text}" for each in case)
        said.setdefault(notebook, []).append(outcome)
    return ended.returncode, said


def test_a_good_notebook_passes(run):
    assert run[1]["good"] == [""] * len(GOOD)


@pytest.mark.parametrize("notebook", BAD)
def test_a_bad_notebook_fails_and_says_why(run, notebook):
    for said, (_, sentence) in zip(run[1][notebook], BAD[notebook], strict=True):
        assert said.startswith("skipped" if sentence == NOT_RUN else "failure")
        assert sentence in said


def test_a_notebook_without_code_is_an_error(run):
    assert "prose.ipynb has no code cell" in run[1]["prose"][0]


def test_bad_notebooks_fail_the_whole_run(run):
    assert run[0] == pytest.ExitCode.TESTS_FAILED
