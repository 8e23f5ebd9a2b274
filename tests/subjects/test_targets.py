"""What is asked for by a file, a function of it or a folder."""

import os
from pathlib import Path

import pytest

from gradbook.subjects import Isolated, Obstacle
from gradbook.subjects.targets import find_targets

TWO = "def svm_loss(W, X, y): pass\ndef hinge_cost(W, X, y): pass\ndef other(): pass\n"


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
    return [str(target) for target in find_targets(asked)]


def test_a_file_is_every_function_that_looks_like_one(folder):
    assert names("two.py") == ["two.py:svm_loss", "two.py:hinge_cost"]


def test_a_function_that_is_named_need_not_look_like_one(folder):
    assert names("two.py:other") == ["two.py:other"]


def test_a_folder_is_its_files_and_those_without_a_function_say_why(folder):
    targets = find_targets("class")
    assert [str(target) for target in targets] == [
        "ann.py:svm_loss",
        "ann.py:hinge_cost",
        "ben.py",
        "helpers.py",
    ]
    assert [target.unread for target in targets] == [False, False, True, False]
    assert "ben.py cannot be read: line 1 is Python 2" in targets[2].obstacle
    assert targets[3].obstacle == (
        "no function looks like a loss of W, X and y; its functions: load"
    )


def test_a_folder_that_cannot_be_read_is_named_and_the_others_are_read(folder, monkeypatch):
    (folder / "class" / "closed").mkdir()
    readable = Path.iterdir

    def iterdir(path):
        if path.name == "closed":
            raise PermissionError(13, "Permission denied")
        return readable(path)

    monkeypatch.setattr(Path, "iterdir", iterdir)
    closed = find_targets("class")[3]
    assert (closed.shown, closed.unread) == ("closed", True)
    assert closed.obstacle.startswith("closed cannot be read")
    assert names("class")[-1] == "helpers.py"


def test_a_name_that_no_terminal_can_show_is_no_obstacle(tmp_path):
    name = os.fsdecode(b"\xff\x1b[31m.py")
    (tmp_path / name).write_text(TWO)
    targets = find_targets(str(tmp_path))
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
        find_targets(asked)
