"""What a slip is undone by: the smallest change of the text with which the function is right."""

import json
from pathlib import Path
from unittest.mock import Mock

import pytest

from derivation.multiclass_svm import svm
from gradbook.judge import Mend
from gradbook.judge.convention.convention import Convention
from gradbook.judge.penalties.forms import Form
from gradbook.mend.change import changed_lines
from gradbook.mend.search import search
from gradbook.report.judgement import change, mend_head
from gradbook.subjects import Limits, source
from gradbook.submissions import judge_files

LOOPS = """import numpy as np

MARGIN = 1.0  # the page's Δ


def svm_loss(W, X, y, reg):
    \"\"\"Σ over the examples, one after the other.\"\"\"
    loss, dW = 0.0, np.zeros(W.shape)
    N, C = X.shape[0], W.shape[1]
    for i in range(N):
        scores = X[i].dot(W)
        for j in range(C):
            if j == y[i]:
                continue
            margin = scores[j] - scores[y[i]] + MARGIN
            if margin > 0:  # the indicator
                loss += margin
                dW[:, j] += X[i]
                dW[:, y[i]] -= X[i]
    loss /= N
    dW /= N
    loss += reg * np.sum(W * W)
    dW += 2 * reg * W
    return loss, dW
"""
VECTORIZED = """import numpy as np


def hinges(scores, y):
    u = np.maximum(0, scores - scores[np.arange(len(y)), y][:, None] + 1)
    u[np.arange(len(y)), y] = 0
    return u


def svm_loss(W, X, y, reg):
    u = hinges(X @ W, y)
    loss = u.sum() / len(y) + 0.5 * reg * np.sum(W * W)
    M = np.zeros(u.shape)
    M[u > 0] = 1
    M[np.arange(len(y)), y] = -M.sum(axis=1)
    return loss, X.T @ M / len(y) + reg * W
"""
CONVENTION = Convention(penalty=Form(1.0))


def edited(of, old, new):
    assert of.count(old) == 1, old
    return of.replace(old, new)


def mend_of(folder, text, name="svm_loss", convention=CONVENTION):
    path = Path(folder) / "mine.py"
    path.write_text(text, encoding="utf-8")
    return search(path, name, svm, convention, Limits()).mend


@pytest.mark.thorough
def test_a_text_is_read_in_a_process_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "parsed", Mock(side_effect=AssertionError))
    assert mend_of(tmp_path, edited(LOOPS, "    dW /= N\n", "")).place == "line 20"


@pytest.mark.quick("X[i - 1]")
@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("                dW[:, y[i]] -= X[i]", "                dW[:, y[i]] += X[i]", 19),
        ("            if margin > 0:  # the indicator", "            if margin > MARGIN:", 16),
        ("    dW /= N\n", "", 20),
        ("        scores = X[i].dot(W)", "        scores = X[i - 1].dot(W)", 11),
        ("                continue", "                break", 14),
        ("MARGIN = 1.0  # the page's Δ", "MARGIN = 2.0", 3),
        ("    dW += 2 * reg * W", "    dW -= 2 * reg * W", 23),
    ],
)
def test_a_slip_in_a_loop_is_undone_where_it_is(tmp_path, right, wrong, line):
    mend = mend_of(tmp_path, edited(LOOPS, right, wrong))
    assert mend.place == f"line {line}"
    assert (mend.before == ()) == (wrong == "")
    assert all(old.split("#")[0].rstrip() == wrong for old in mend.before)


@pytest.mark.quick("-M.sum(axis=1)--M.sum()")
@pytest.mark.parametrize(
    ("right", "wrong", "before", "after"),
    [
        (
            "-M.sum(axis=1)",
            "-M.sum()",
            "    M[np.arange(len(y)), y] = -M.sum()",
            "    M[np.arange(len(y)), y] = -M.sum(axis=1)",
        ),
        (
            "X.T @ M / len(y) + reg * W",
            "(X.T @ M + reg * W) / len(y)",
            None,
            None,
        ),
        (
            "    u[np.arange(len(y)), y] = 0\n",
            "    u[:, y] = 0\n",
            "    u[:, y] = 0",
            "    u[np.arange(len(y)), y] = 0",
        ),
        (
            "u > 0",
            "u >= 0",
            "    M[u >= 0] = 1",
            "    M[u > 0] = 1",
        ),
    ],
)
def test_a_slip_in_arrays_is_undone_in_the_function_or_in_what_it_calls(
    tmp_path, right, wrong, before, after
):
    mend = mend_of(tmp_path, edited(VECTORIZED, right, wrong))
    if before is None:  # two places have to change
        assert mend is None
    else:
        assert (mend.before, mend.after) == ((before,), (after,))


def test_a_function_of_another_page_is_mended_too(tmp_path):
    path = tmp_path / "ridge.py"
    path.write_text(
        "def ridge(w, X, y, lam):\n"
        "    r, n = X @ w - y, len(y)\n"
        "    return r @ r / (2 * n) + lam / 2 * w @ w, X.T @ y / n + lam * w\n"
    )
    (one,) = judge_files(path, page="ridge").judged
    assert one.judgement.findings[0].sentence == one.judgement.mend.sentence
    (after,) = one.judgement.mend.after
    assert "X.T @ r / n" in after


def test_a_right_function_has_nothing_to_mend(tmp_path):
    assert mend_of(tmp_path, LOOPS) is None


@pytest.mark.thorough
def test_two_slips_are_not_undone_by_one_change(tmp_path):
    text = edited(LOOPS, "dW[:, y[i]] -= X[i]", "dW[:, y[i]] += 3 * X[i]")
    assert mend_of(tmp_path, edited(text, "loss += margin", "loss += 0.3 * margin**2")) is None


@pytest.mark.thorough
def test_what_is_kept_between_the_calls_is_not_taken_for_right(tmp_path):
    text = edited(VECTORIZED, "def hinges", "KEPT = {}\n\n\ndef hinges")
    text = edited(
        text,
        "    u = hinges(X @ W, y)",
        "    if X.shape not in KEPT:\n        KEPT[X.shape] = hinges(X @ W, y)\n"
        "    u = KEPT[X.shape]",
    )
    mend = mend_of(tmp_path, text)
    assert mend is not None
    assert any("KEPT" in line for line in mend.before)


@pytest.mark.thorough
def test_of_a_condition_that_is_left_out_its_line_alone_is_shown(tmp_path):
    guarded = "    if len(y) > 2:\n        M[u > 0] = 1\n        M *= 1\n"
    mend = mend_of(tmp_path, edited(VECTORIZED, "    M[u > 0] = 1\n", guarded))
    assert mend == Mend("line 14", ("    if len(y) > 2:",), ())
    assert mend.sentence == "line 14: without “if len(y) > 2:” it is right"


@pytest.mark.thorough
def test_an_input_that_is_changed_is_copied(tmp_path):
    text = edited(
        VECTORIZED, "    u = hinges(X @ W, y)", "    X *= 2\n    u = hinges(X @ W / 2, y)"
    )
    mend = mend_of(tmp_path, edited(text, "X.T @ M / len(y)", "X.T @ M / (2 * len(y))"))
    assert mend == Mend("line 11", (), ("    X = X.copy()",))


@pytest.mark.thorough
def test_a_method_is_mended_in_its_class(tmp_path):
    lines = [f"    {line}" if line else "" for line in LOOPS.split("\n")[5:]]
    text = "\n".join(["import numpy as np", "MARGIN = 1.0", "class SVM:", *lines])
    text = text.replace("(W, X, y, reg)", "(self, X, y, reg)").replace("W.", "self.W.")
    text = text.replace("dself.W", "dW").replace("dot(W)", "dot(self.W)")
    text = text.replace("W * W", "self.W * self.W").replace("reg * W", "reg * self.W")
    mend = mend_of(tmp_path, edited(text, "loss /= N", "loss *= N"), "SVM.svm_loss")
    assert mend == Mend("line 18", ("        loss *= N",), ("        loss /= N",))


@pytest.mark.thorough
def test_in_a_notebook_the_cell_and_the_line_are_named(tmp_path):
    cells = [
        {"cell_type": "markdown", "source": "# Mine"},
        {"cell_type": "code", "source": "import numpy as np"},
        {"cell_type": "code", "source": edited(VECTORIZED, "(axis=1)", "(axis=0)")},
    ]
    path = tmp_path / "mine.ipynb"
    path.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    mend = search(path, "svm_loss", svm, CONVENTION, Limits()).mend
    assert mend.place == "cell 3, line 15"
    assert mend.after == ("    M[np.arange(len(y)), y] = -M.sum(axis=1)",)


def test_changes_that_never_end_or_flood_the_memory_are_passed_over(tmp_path):
    text = edited(
        LOOPS, "    for i in range(N):", "    i = -1\n    while i + 1 < N:\n        i += 1"
    )
    mend = mend_of(tmp_path, edited(text, "loss += margin", "loss -= margin"))
    assert mend.after == ("                loss += margin",)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (("    a = 1",), ("    a = 2",), "line 3: it is right with “a = 2” in place of “a = 1”"),
        (("    a = 1",), (), "line 3: without “a = 1” it is right"),
        ((), ("    a = 1",), "line 3: it lacks “a = 1”, and with that is right"),
        (
            ("    a = 1",),
            ("        a = 1",),
            "line 3: “a = 1” is indented wrongly; moved, it is right",
        ),
    ],
)
def test_a_change_is_said_in_one_sentence(before, after, sentence):
    assert Mend("line 3", before, after).sentence == sentence


def test_a_line_that_moves_is_said_to_belong_elsewhere_and_shown_once():
    mend = Mend("line 9", ("    a /= n",), ("    a /= n",), "above line 7")
    assert mend.sentence == "line 9: “a /= n” belongs above line 7; moved there, it is right"
    assert mend_head(mend) == "with one change it is right: line 9 belongs above line 7"
    assert list(change(mend)) == [(" ", "a /= n")]


@pytest.mark.parametrize(("line", "above"), [("b = 2", 1), ("a = 1", 3)])
def test_where_a_line_moves_to_is_told_from_the_old_lines(line, above):
    text = "x = 0\na = 1\nb = 2\nc = 3\n"
    kept = [one for one in text.splitlines() if one != line]
    place = above if line == "b = 2" else above - 1
    moved = "\n".join([*kept[:place], line, *kept[place:]])
    first, gone, come, found = changed_lines(text, moved)
    assert (gone, come) == ([text.splitlines()[first]],) * 2
    assert found is not None


def test_a_line_that_is_indented_otherwise_does_not_move():
    assert changed_lines("for i in x:\n    a\n    b\n", "for i in x:\n    a\nb\n")[3] is None
