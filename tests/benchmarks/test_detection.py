"""The measure of detection, measured: on kernels of which every answer is known."""

import json
import textwrap

import numpy as np
import pytest

from benchmarks import detection
from benchmarks.catalogue import CATALOGUE, read
from benchmarks.checkers import CHECKERS, Checker
from benchmarks.detection import Trial, by_differences, by_gradbook, rows

KERNELS = {kernel.name: kernel for kernel in read()}
SCIPY = next(checker for checker in CHECKERS if checker.package == "scipy")
LOOP = next(checker for checker in CHECKERS if not checker.package)


def a_kernel(path, **fields):
    """A file of a catalogue with these fields."""
    lines = "\n".join(f"{name.replace('_', ' ')}: {value}" for name, value in fields.items())
    body = "def f(W, X, y, reg):\n    return 0.0, 0 * W\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f'"""It is what it is.\n\n{lines}\n"""\n\n{body}', encoding="utf-8")
    return path


@pytest.mark.parametrize("checker", [SCIPY, LOOP], ids=["SciPy", "loop"])
def test_differences_find_a_reversed_sign_and_pass_what_is_right(checker):
    wrong = by_differences(checker, "normal", KERNELS["wrong/sign_reversed"], seed=1)
    right = by_differences(checker, "normal", KERNELS["right/columns"], seed=1)
    assert wrong.accused
    assert not right.accused
    assert right.calls > 10


@pytest.mark.parametrize("checker", [SCIPY, LOOP], ids=["SciPy", "loop"])
def test_differences_do_not_see_that_nothing_is_divided(checker):
    assert not by_differences(checker, "normal", KERNELS["wrong/nothing_divided"], seed=1).accused


@pytest.mark.parametrize("checker", [SCIPY, LOOP], ids=["SciPy", "loop"])
def test_differences_accuse_what_is_right_where_margins_are_0(checker):
    assert by_differences(checker, "whole numbers", KERNELS["right/loops"], seed=1).accused


def test_a_gradient_alone_is_not_put_to_the_others():
    trial = by_differences(SCIPY, "normal", KERNELS["wrong/gradient_only_counts_correct"], seed=1)
    assert not trial.accused
    assert trial.calls == 0


def test_a_kernel_that_raises_is_accused():
    def raises(W):
        raise IndexError("list index out of range")

    assert LOOP.accuses(raises, np.zeros((3, 2)))


def test_a_checker_that_accepts_accuses_nobody():
    generous = Checker("generous", "", "", "accepts", lambda kernel, W: True)
    assert not generous.accuses(lambda W: (0.0, W), np.zeros((3, 2)))


def test_gradbook_finds_what_is_wrong_and_passes_what_is_right():
    wrong, right = (by_gradbook(KERNELS[name]) for name in ("wrong/row_y_only", "right/einsum"))
    assert wrong.accused
    assert wrong.sentence
    assert not right.accused
    assert not right.named


def test_a_row_counts_rates_among_wrong_and_right_ones_apart():
    said = [
        Trial("it", "its own", "a", False, True, True, "", 10, 0.1),
        Trial("it", "its own", "b", False, True, False, "", 20, 0.2),
        Trial("it", "its own", "c", False, False, False, "", 30, 0.3),
        Trial("it", "its own", "d", False, True, True, "", 40, 0.4),
        Trial("it", "its own", "e", True, True, False, "", 50, 0.5),
        Trial("other", "normal", "e", True, False, False, "", 5, 0.5),
    ]
    first, second = rows(said)
    assert (first.found, first.accused, first.named) == (75.0, 100.0, 50.0)
    assert (first.calls, first.seconds) == (30, 0.3)
    assert (second.checker, second.accused) == ("other", 0.0)


def test_the_table_and_the_data_are_written(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(detection, "CHECKERS", (LOOP,))
    a_kernel(tmp_path / "wrong" / "zero.py", family="unfinished", breaks="N3", named_by="zero|0")
    file = tmp_path / "table.json"
    assert detection.main([str(tmp_path), "--seeds", "1", "--json", str(file)]) == 0
    shown = capsys.readouterr().out
    assert "1 wrong kernels, 0 right ones" in shown
    assert all(len(line) <= 80 for line in shown.splitlines())
    data = json.loads(file.read_text(encoding="utf-8"))
    assert [row["checker"] for row in data["rows"]] == ["gradbook check", LOOP.name, LOOP.name]


def test_a_folder_without_kernels_is_refused(tmp_path, capsys):
    with pytest.raises(SystemExit) as stopped:
        detection.main([str(tmp_path)])
    assert stopped.value.code == 2
    assert "has no kernels in wrong/ and right/" in capsys.readouterr().err


# ----------------------------------------------------------------------------------- the catalogue


def test_a_label_is_read_from_the_docstring(tmp_path):
    a_kernel(
        tmp_path / "right" / "one.py", W="(C, D)", X="(D, N)", gives="loss", penalty="½·reg·ΣW²"
    )
    (kernel,) = read(tmp_path)
    assert kernel.right
    assert (kernel.classes_first, kernel.features_first) == (True, True)
    assert kernel.gives == (True, False)
    assert float(kernel.penalty) == 0.5
    assert kernel.takes_reg
    assert kernel.truth == "It is what it is."


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"family": "data term"}, "named by"),
        ({"family": "data term", "named_by": "x", "colour": "red"}, "colour: red"),
    ],
)
def test_a_file_that_is_not_labelled_is_refused(tmp_path, fields, words):
    a_kernel(tmp_path / "wrong" / "one.py", **fields)
    with pytest.raises(ValueError, match=words):
        read(tmp_path)


def test_a_file_without_a_docstring_is_refused(tmp_path):
    path = tmp_path / "wrong" / "one.py"
    path.parent.mkdir()
    path.write_text(textwrap.dedent("def f(W, X, y):\n    return 0\n"))
    with pytest.raises(ValueError, match=r"one.py must say in its docstring what is true of it"):
        read(tmp_path)


def test_each_reading_of_a_kernel_has_its_own_state():
    kernel = KERNELS["wrong/gradient_grows"]
    arguments = np.zeros((2, 2)), np.ones((1, 2)), np.array([0]), 0.0
    first, second = kernel.function(), kernel.function()
    (_, once), (_, again) = first(*arguments), second(*arguments)
    assert (once == again).all()
    assert (first(*arguments)[1] != once).any()


def test_the_catalogue_is_where_the_tests_are():
    assert CATALOGUE.is_dir()
