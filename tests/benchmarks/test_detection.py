"""The measure of detection, measured: on kernels of which every answer is known."""

import json
import textwrap

import numpy as np
import pytest

from benchmarks import detection
from benchmarks.catalogue import CATALOGUE, read
from benchmarks.checkers import CHECKERS, Checker
from benchmarks.detection import by_differences, by_gradbook
from benchmarks.detection_results import OWN, Trial, as_markdown, families, rows

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
def test_differences_do_not_see_that_both_are_twice_as_large(checker):
    assert not by_differences(checker, "normal", KERNELS["wrong/twice_everything"], seed=1).accused


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


@pytest.mark.thorough
def test_gradbook_finds_what_is_wrong_and_passes_what_is_right():
    wrong, right = (
        by_gradbook(KERNELS[name]) for name in ("wrong/row_y_with_plus", "right/einsum")
    )
    assert wrong.accused
    assert wrong.sentence
    assert wrong.mended
    assert not right.mended
    assert not right.accused
    assert not right.named


def said(kernel, accused, *, right=False, named=False, family="shapes", **more):
    """A trial of which the rest does not matter."""
    rest = {"checker": "it", "data": OWN, "sentence": "", "calls": 1, "seconds": 0.1}
    rest |= {"mended": False} | more
    return Trial(kernel=kernel, accused=accused, right=right, named=named, family=family, **rest)


def test_a_row_counts_rates_among_wrong_and_right_ones_apart():
    first, second = rows(
        [
            said("a", True, named=True, mended=True, calls=10, seconds=0.1),
            said("b", True, calls=20, seconds=0.2),
            said("c", False, calls=30, seconds=0.3),
            said("d", True, named=True, calls=40, seconds=0.4),
            said("e", True, right=True, calls=50, seconds=0.5),
            said("e", False, right=True, checker="other", data="normal"),
        ]
    )
    assert (first.found, first.accused, first.named) == (75.0, 100.0, 50.0)
    assert first.mended == 25.0
    assert (first.calls, first.seconds) == (30, 0.3)
    assert (second.checker, second.accused) == ("other", 0.0)


def test_a_family_is_found_as_often_as_the_best_of_the_others_finds_it():
    shapes, precision = families(
        [
            said("a", True),
            said("b", True),
            said("a", True, checker="one", data="normal"),
            said("b", False, checker="one", data="normal"),
            said("a", False, checker="two", data="normal"),
            said("b", False, checker="two", data="normal"),
            said("c", False, family="precision"),
            said("d", True, right=True, family=""),
        ]
    )
    assert (shapes.family, shapes.kernels) == ("shapes", 2)
    assert (shapes.gradbook, shapes.normal, shapes.whole_numbers) == (100.0, 50.0, 0.0)
    assert (precision.kernels, precision.gradbook) == (1, 0.0)


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
    assert [family["family"] for family in data["families"]] == ["unfinished"]
    assert data["times accused"]["wrong/zero"]["gradbook check, its own"] == 1
    assert "| unfinished | 1 | 100 % |" in as_markdown(data)


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
