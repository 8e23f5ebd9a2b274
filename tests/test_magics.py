"""%%page and %%judge, in the shell that JupyterLab runs cells in."""

import pytest
from IPython.core.completer import provisionalcompleter
from IPython.core.interactiveshell import InteractiveShell
from sources_to_judge import GOOD

PAGE = r"""%%page notes
$d \ge 1$, $x \in \mathbb{R}^d$.

$$ \nabla_x \|x\|^2 = x \tag{A1} $$

$$ \nabla_x \|x\|^2 = 2 x \tag{A2} $$
"""


@pytest.fixture(scope="module")
def shell():
    shell = InteractiveShell()
    shell.run_line_magic("load_ext", "gradbook")
    yield shell
    shell.restore_sys_module_state()


@pytest.fixture
def run(shell, capsys):
    """What a cell shows: its result, and what is printed."""

    def run(cell):
        result = shell.run_cell(cell, store_history=True).result
        return result, capsys.readouterr()

    return run


def test_each_relation_of_a_page_is_shown_with_its_answer(run, shell):
    shown, _ = run(PAGE)
    assert [one.kind for one in shown.all] == ["refuted", "proved"]
    assert "✗ with d = 1, x = [1]: the left is 2, the right is 1" in shown._repr_markdown_()
    assert shell.user_ns["notes"].ids == ("A1", "A2")


def test_the_function_of_a_cell_runs_and_is_judged_with_what_it_needs_of_other_cells(run, shell):
    run("strength = 1")
    shown, _ = run("%%judge svm --hide-mend\n" + GOOD.replace("2 * reg", "strength * reg"))
    assert shown.status == "wrong"
    assert "the penalty is reg·ΣW²" in shown.findings[0].sentence
    assert shown.mend is None
    assert callable(shell.user_ns["svm_loss"])


def test_of_several_functions_the_last_is_judged_or_the_one_that_is_named(run):
    helper = "def helper(W, X, y):\n    raise RuntimeError('mine')\n"
    shown, _ = run(f"%%judge svm\n{helper}{GOOD}")
    assert (shown.name, shown.status) == ("svm_loss", "right")
    shown, _ = run(f"%%judge svm helper\n{GOOD}{helper}")
    assert shown.name == "helper"


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("%%page 3\n$x$", "%%page takes the name of a variable, not 3"),
        ("%%judge svm\nx = 1", "%%judge: the cell defines no function"),
        (f"%%judge svm nobody\n{GOOD}", "the cell defines no nobody; it defines svm_loss"),
        (f"%%judge svn\n{GOOD}", "%%judge: there is no file, folder or page named svn"),
        ("%%judge svm\ndef f(:", "SyntaxError"),
        ("%%judge svm\n1 / 0", "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(run, cell, said):
    shown, printed = run(cell)
    assert shown is None
    assert said in printed.out + printed.err


def test_the_pages_complete(shell):
    shell.Completer.use_jedi = False  # it takes a second to read, and knows nothing of pages
    with provisionalcompleter():
        found = {one.text for one in shell.Completer.completions("%%judge s", 9)}
    assert {"softmax", "squared_hinge"} <= found
