"""The command line: what it prints and exits with, and what it says of what it cannot use."""

import re
import subprocess
import sys

import pytest
from command_line import gradbook
from rich.cells import cell_len

from derivation.multiclass_svm import notes
from gradbook.report.show import show_line


def test_verify_exits_2_for_a_file_that_cannot_be_used(tmp_path):
    path = tmp_path / "page.py"
    path.write_text("x = 1")
    run = gradbook("verify", path)
    assert run.code == 2
    assert "a page is a file .md or .ipynb" in run.err
    assert len(run.err.strip().splitlines()) == 1


def test_verify_exits_2_for_a_name_that_is_not_there():
    run = gradbook("verify", "no_such_page")
    assert run.code == 2
    assert run.err == "gradbook: there is no file, folder or page named no_such_page\n"


def test_show_prints_every_line_within_80_columns():
    run = gradbook("show", "--page", "multiclass_svm")
    assert run.code == 0
    assert list(notes.ids) == re.findall(r"^(N\d+)", run.out, re.M)
    assert max(map(cell_len, run.out.splitlines())) <= 80


@pytest.mark.parametrize("line", [f"N{i}" for i in range(1, 19)])
def test_show_prints_one_line_with_its_small_example(line):
    text = show_line(notes[line])
    assert text.startswith(f"{line} · {notes.title}\n")
    assert "Read as:" in text
    assert ("with the derivatives worked out" in text) == (line not in ("N17", "N18"))
    assert max(map(cell_len, text.splitlines())) <= 80


def test_show_says_what_is_found_of_a_line():
    proved = gradbook("show", "N5")
    assert "\nProved:\n\n    region by region: proved · C 2–4, m 0–2, all y\n" in proved.out
    refuted = gradbook("show", "line 71", "--page", "derivation/scan.md")
    assert "\nRefuted:\n" in refuted.out
    assert max(map(cell_len, (proved.out + refuted.out).splitlines())) <= 80


def test_show_any_size_derives_the_gradient_with_letters_for_the_sizes():
    run = gradbook("show", "--any-size", "--page", "multiclass_svm")
    assert (run.code, run.err) == (0, "")
    assert "∇_W L = (1/n) Mᵀ X̃" in run.out
    assert "δ selects a term" in run.out
    assert max(map(cell_len, run.out.splitlines())) <= 80


def test_show_says_which_lines_there_are_when_asked_for_another():
    run = gradbook("show", "N99", "--page", "multiclass_svm")
    assert run.code == 2
    assert run.err.startswith(
        "gradbook: no line N99 in The gradient of the multi-class SVM loss: it has N1, N2"
    )


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (("verfy",), "invalid choice: 'verfy' (choose from"),
        (("show", "--any-sise"), "unrecognized arguments: --any-sise: did you mean --any-size?"),
        (("verify", "--jsn=v.json"), "--jsn=v.json: did you mean --json?"),
        (("emit", "multiclass_svm", "--target", "numpi"), ": did you mean numpy?"),
        (("emit", "multiclas_svm"), "multiclas_svm: did you mean multiclass_svm?"),
        (
            ("show", "n14", "--page", "multiclass_svm"),
            f"no line n14 in {notes.title}: it has N1, N2",
        ),
        (("show", "n14"), " has a line n14: did you mean N14?"),
        (("show", "n14", "--any-size"), ": did you mean N14?"),
    ],
)
def test_what_is_mistyped_is_said_with_what_was_meant(typed, said):
    run = gradbook(*typed)
    assert run.code == 2
    assert said in run.err
    assert "did you mean" in run.err


def test_what_is_like_nothing_there_is_no_guess():
    run = gradbook("frobnicate")
    assert run.code == 2
    assert "did you mean" not in run.err


def test_emit_prints_the_source_or_writes_it(tmp_path):
    printed = gradbook("emit", "multiclass_svm", "--target", "codegen")
    assert printed.code == 0
    assert "double" in printed.out
    written = gradbook("emit", "multiclass_svm", "--target", "codegen", "-o", tmp_path / "svm.c")
    assert written.code == 0
    assert (tmp_path / "svm.c").read_text().strip() == printed.out.strip()


def test_emit_refuses_a_size_that_makes_no_sense():
    run = gradbook("emit", "multiclass_svm", "--classes", "1")
    assert run.code == 2
    assert "classes must be an integer ≥ 2" in run.err


def test_a_file_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "taken").write_text("")
    run = gradbook("emit", "multiclass_svm", "-o", tmp_path / "taken" / "svm.c")
    assert run.code == 2
    assert run.err.startswith("gradbook: ")
    assert len(run.err.strip().splitlines()) == 1


def test_a_reader_who_has_read_enough_is_no_error():
    command = f"{sys.executable} -m gradbook emit multiclass_svm | true"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
