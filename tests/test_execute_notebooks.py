"""A notebook that was run is saved in one way, and not at all if it is not fit to be read."""

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools import execute_notebooks


@pytest.fixture
def notebook(tmp_path):
    """Writes a notebook of the given code, with what an editor may have left in it."""

    def write(source):
        cells = [new_markdown_cell("# A page"), new_code_cell(source)]
        cells[1].metadata = {
            "tags": ["kept"],
            "execution": {"iopub.status.busy": "2026-01-01T00:00:00Z"},
            "collapsed": False,
        }
        metadata = {"language_info": {"name": "python", "version": "3.0"}, "toc": {}}
        path = tmp_path / "page.ipynb"
        nbformat.write(new_notebook(cells=cells, metadata=metadata), path)
        return path

    return write


def test_a_second_run_changes_no_byte_and_a_changed_output_is_noticed(notebook, capsys):
    path = notebook("import os\nprint('in', os.path.basename(os.getcwd()))\nprint(6 * 7)")

    assert execute_notebooks.main([str(path)]) == 0
    first = path.read_bytes()
    assert f"in {path.parent.name}\\n" in first.decode()
    saved = nbformat.read(path, as_version=4)
    assert saved.metadata == execute_notebooks.METADATA
    assert saved.cells[1].metadata == {"tags": ["kept"]}

    assert execute_notebooks.main(["--check", str(path)]) == 0
    path.write_bytes(first.replace(rb"42\n", rb"43\n"))
    assert execute_notebooks.main(["--check", str(path)]) == 1
    assert "not as a run leaves them: page.ipynb; run `make notebooks`" in capsys.readouterr().out
    assert rb"43\n" in path.read_bytes(), "--check must write nothing"

    assert execute_notebooks.main([str(path)]) == 0
    assert path.read_bytes() == first


@pytest.mark.quick("writes to stderr", "Kernel died")
@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("1 / 0", "ZeroDivisionError"),
        ("import warnings\nwarnings.warn('careful')", "page.ipynb writes to stderr"),
        ("import os\nos._exit(1)", "page.ipynb failed: Kernel died"),
    ],
)
def test_a_notebook_that_fails_is_named_and_left_alone(notebook, capsys, source, sentence):
    path = notebook(source)
    before = path.read_bytes()
    assert execute_notebooks.main([str(path)]) == 1
    assert sentence in capsys.readouterr().out
    assert path.read_bytes() == before


def test_a_notebook_that_is_not_there_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit, match="2"):
        execute_notebooks.main([str(tmp_path / "missing.ipynb")])
    assert "missing.ipynb is not a notebook" in capsys.readouterr().err


def test_a_folder_without_notebooks_is_an_error(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(execute_notebooks, "NOTEBOOKS", tmp_path)
    with pytest.raises(SystemExit, match="2"):
        execute_notebooks.main([])
    assert "notebooks/ has no notebook: name the ones to run" in capsys.readouterr().err
