"""What is asked for by a file, a function of it or a folder."""

import json
import os
from pathlib import Path

import pytest

from gradbook.subjects import Isolated, Limits, Obstacle
from gradbook.subjects.targets import find_targets

TWO = "def svm_loss(W, X, y): f()\ndef hinge_cost(W, X, y): f()\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "two.py").write_text(TWO)
    (tmp_path / "class").mkdir()
    (tmp_path / "class" / "ann.py").write_text(TWO)
    (tmp_path / "class" / "ben.py").write_text("print 'Python 2'\n")
    (tmp_path / "class" / "helpers.py").write_text("def load(path): pass\n")
    (tmp_path / "class" / "notes.txt").write_text("")
    return tmp_path


def names(asked):
    """Of those that are not left out."""
    return [str(one) for one in find_targets([asked]).targets if one.code != "left out"]


def test_a_file_is_every_function_that_looks_like_one(folder):
    assert names("two.py") == ["two.py:svm_loss", "two.py:hinge_cost"]


def test_each_other_function_of_a_file_is_left_out_and_it_is_said_why(folder):
    others = {
        "relu(x)": "another function calls it",
        "numeric_gradient(f, W)": "by its name it is no loss",
        "mse_loss(W, X, y)": "by its name it is another loss",
        "other(x)": "its name and parameters are not those of a loss of W, X and y",
    }
    text = "class Model:\n    def predict(self, X): pass\n    def __len__(self): pass\n"
    text += "".join(f"def {head}: pass\n" for head in others)
    (folder / "two.py").write_text(TWO.replace("f()", "relu(W)") + text)
    there = find_targets(["two.py"]).targets
    assert [one.name for one in there if not one.code] == ["svm_loss", "hinge_cost"]
    left_out = {one.name: one.obstacle for one in there if one.code == "left out"}
    assert left_out.pop("Model.predict") == "by its name it is no loss"
    assert left_out == {head.partition("(")[0]: why for head, why in others.items()}


def test_a_function_that_is_named_need_not_look_like_one(folder):
    assert names("class/helpers.py:load") == ["class/helpers.py:load"]


def test_a_folder_is_its_files_and_those_without_a_function_say_why(folder):
    targets = find_targets(["class"]).targets
    assert [str(target) for target in targets] == [
        "ann.py:svm_loss",
        "ann.py:hinge_cost",
        "ben.py",
        "helpers.py",
    ]
    assert [target.code for target in targets] == ["", "", "syntax error", "no candidate"]
    assert "ben.py cannot be read: line 1 is Python 2" in targets[2].obstacle
    assert targets[3].obstacle == (
        "no function looks like a loss of W, X and y; its functions: "
        "load (by its name it is no loss)"
    )


def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_read(folder, monkeypatch):
    (folder / "class" / "closed").mkdir()
    readable = Path.iterdir

    def iterdir(path):
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return readable(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    closed = find_targets(["class"]).targets[3]
    assert (closed.shown, closed.code) == ("closed", "no file")
    assert closed.obstacle == "closed is no file but a folder"
    assert names("class")[-1] == "helpers.py"


def test_a_name_that_no_terminal_can_show_is_no_obstacle(tmp_path):
    name = os.fsdecode(b"\xff\x1b[31m.py")
    (tmp_path / name).write_text(TWO)
    targets = find_targets([tmp_path]).targets
    assert [target.shown for target in targets] == ["  [31m.py"] * 2
    assert str(targets[0].path).encode(errors="surrogateescape")
    with pytest.raises(Obstacle, match=r"^  \[31m\.py has no function f"):
        Isolated(tmp_path / name, "f")


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("none.py", "there is no file or folder none.py"),
        ("none.py:f", "there is no file or folder none.py"),
        ("class/notes.txt", r"class/notes.txt must be a Python file \(.py\) or a notebook"),
        ("empty", "there is no Python file and no notebook in empty"),
    ],
)
def test_what_cannot_be_judged_at_all_is_refused(folder, asked, sentence):
    (folder / "empty").mkdir()
    with pytest.raises(ValueError, match=sentence):
        find_targets([asked])


def test_a_folder_hides_nobody_and_counts_as_people_do(folder):
    for name in ("file10.py", "file2.py", "UPPER.PY", ".hidden.py", "words.txt", "d/file2.py"):
        (folder / "class" / name).parent.mkdir(exist_ok=True)
        (folder / "class" / name).write_text(TWO)
    for name in ("x.py", "env", "packages", "__pycache__"):
        (folder / "class" / name).mkdir()
    (folder / "class" / "env" / "eva.py").write_text(TWO)
    (folder / "class" / "packages" / "pyvenv.cfg").write_text("")
    (folder / "class" / "blank.py").write_text(
        "import numpy as np\ndef svm_loss(W, X, y, reg):\n    loss = 0.0\n"
        "    dW = np.zeros_like(W)\n    # TODO\n    pass\n    return loss, dW\n"
    )
    (folder / "class" / "todo.py").write_text("def svm_loss(W, X, y, reg):\n    # TODO\n")
    os.mkfifo(folder / "class" / "fifo.py")
    (folder / "class" / "link.py").symlink_to(folder / "two.py")
    (folder / "class" / "lost.py").symlink_to(folder / "none.py")
    with (folder / "class" / "huge.py").open("wb") as file:
        file.truncate(30_000_000)
    found = find_targets(["class"])
    rows = {str(target): target.code for target in found.targets}
    assert list(rows) == [
        *(
            "UPPER.PY:svm_loss",
            "UPPER.PY:hinge_cost",
            "ann.py:svm_loss",
            "ann.py:hinge_cost",
            "ben.py",
        ),
        *("blank.py:svm_loss", "d/file2.py:svm_loss", "d/file2.py:hinge_cost"),
        *("env/eva.py:svm_loss", "env/eva.py:hinge_cost", "fifo.py"),
        *("file2.py:svm_loss", "file2.py:hinge_cost", "file10.py:svm_loss", "file10.py:hinge_cost"),
        *("helpers.py", "huge.py", "link.py", "lost.py", "todo.py", "x.py"),
    ]
    assert {name: code for name, code in rows.items() if code} == {
        "ben.py": "syntax error",
        "blank.py:svm_loss": "not filled in",
        "todo.py": "not filled in",
        "helpers.py": "no candidate",
        "huge.py": "unreadable",
        **dict.fromkeys(("fifo.py", "link.py", "lost.py", "x.py"), "no file"),
    }
    passed_over = (".hidden.py", "__pycache__", "notes.txt", "packages", "words.txt")
    assert found.passed_over == passed_over


def test_files_of_one_name_in_several_folders_are_told_apart(folder):
    (folder / "other").mkdir()
    (folder / "other" / "ann.py").write_text(TWO)
    shown = [target.shown for target in find_targets(["class", "other"]).targets]
    assert (shown[0], shown[-1]) == ("class/ann.py", "other/ann.py")


def test_a_file_that_cannot_be_read_in_time_or_memory_ends_its_own_reading_alone(folder):
    (folder / "class" / "deep.py").write_text("x = " + "(" * 100_000 + ")" * 100_000)
    (folder / "class" / "long.py").write_text("x = 1\n" * 200_000)
    cells = [{"cell_type": "code", "source": "x = 1"}] * 200_000
    (folder / "class" / "long.ipynb").write_text(json.dumps({"cells": cells}))
    found = find_targets(["class"], Limits(loading=1)).targets
    rows = {str(target): target.code for target in found}
    assert rows.pop("deep.py") == "syntax error"
    assert rows.pop("long.py") == rows.pop("long.ipynb") == "unreadable"
    assert "ran longer than 1 s" in next(t for t in found if t.shown == "long.py").obstacle
    assert list(rows) == ["ann.py:svm_loss", "ann.py:hinge_cost", "ben.py", "helpers.py"]
