"""`pytest --gradbook` in a stranger's folder: pages, functions, and nothing where none is asked."""

import subprocess

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell
from sources_to_judge import GOOD
from test_notebook_guard import PYTEST, run_pytest, written

PAGE = r"""---
gradbook: page
---
# A square

$a \in \mathbb{R}$, $b \in \mathbb{R}$

$$ (a + b)^2 = a^2 + 2 a b + b^2 \tag{A1} $$

$$ (a + b)^2 = a^2 + a b + b^2 \tag{A2} $$

$$ \frac{a}{ = 3 \tag{A3} $$
"""
IN_A_NOTEBOOK = "<!-- gradbook: page -->\n$a \\in \\mathbb{R}$\n\n$$ a + a = 3 a \\tag{B1} $$"
FUNCTIONS = GOOD.replace("def svm_loss", "# gradbook: multiclass_svm\ndef svm_loss")
WRONG = """
# gradbook: multiclass_svm
@staticmethod
def wrong(W, X, y, reg):
    scores = X.dot(W)
    raise RuntimeError("not today")
"""


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stranger")
    (folder / "square.md").write_text(PAGE)
    (folder / "notes.md").write_text("A file that is no page: $a +$\n```\ngradbook: page\n```\n")
    (folder / "losses.py").write_text(FUNCTIONS + WRONG)
    (folder / "other.py").write_text("raise SystemExit\n")
    code = new_code_cell("1 + 1;", execution_count=1)
    written(folder, "page", [new_markdown_cell(IN_A_NOTEBOOK), code])
    return run_pytest(folder)


def test_each_line_of_a_page_is_a_test(ran):
    as_read, right, wrong, unread = ran[2]["square"]
    assert "square.md:12:14: = stands where a letter or number is expected" in as_read
    assert right == ""
    assert "with a = 1, b = 1: the left is 4, the right is 3" in wrong
    assert unread.startswith("skipped")


def test_the_markdown_cells_of_a_notebook_may_be_a_page(ran):
    as_saved, cell, as_read, line = ran[2]["page"]
    assert (as_saved, cell, as_read) == ("", "", "")
    assert "page.ipynb, cell 1:4:12: B1 is false" in line


def test_a_function_below_the_comment_is_judged_by_the_page(ran):
    right, wrong = ran[2]["losses"]
    assert right == ""
    assert "it raises RuntimeError: not today" in wrong


def test_what_says_nothing_is_no_test(ran):
    assert ran[2].keys() == {"square", "page", "losses"}


def test_without_the_option_nothing_is_collected_and_nothing_imported(tmp_path):
    (tmp_path / "square.md").write_text(PAGE)
    (tmp_path / "test_a.py").write_text(
        "import sys\ndef test_a(): assert 'gradbook.pytest_plugin.collecting' not in sys.modules\n"
    )
    command = [*PYTEST, "-q", "--rootdir", tmp_path, tmp_path]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert "1 passed" in ended.stdout


def test_a_comment_over_no_function_is_an_error(tmp_path):
    (tmp_path / "losses.py").write_text("# gradbook: multiclass_svm\nx = 1\n")
    code, printed, _ = run_pytest(tmp_path)
    assert code == pytest.ExitCode.INTERRUPTED
    assert "losses.py:1: no function begins below this comment" in printed
