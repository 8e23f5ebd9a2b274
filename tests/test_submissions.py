"""Judging files: each function gets its judgement, whatever the others do."""

import re
from dataclasses import replace

import pytest
from sources_to_judge import GOOD

from derivation.multiclass_svm import notes, svm
from gradbook import meant
from gradbook.judge import Forced
from gradbook.meant import Pages, losses_of
from gradbook.page.discover import find
from gradbook.subjects import Limits
from gradbook.subjects.targets import Target
from gradbook.submissions import _of_this, judge_files

WRONG = GOOD.replace("2 * reg", "reg")
LIMITS = Limits(seconds=1, loading=1)
CLASS = {
    "ann.py": GOOD,
    "ben.py": WRONG,
    "cem.py": WRONG,
    "crash.py": "import os\ndef svm_loss(W, X, y, reg): os.abort()\n",
    "hang.py": "def svm_loss(W, X, y, reg):\n    while True: pass\n",
    "hangs_at_once.py": "T = sum(iter(int, 1))\ndef svm_loss(W, X, y, reg): return T\n",
    "helpers.py": "def load(path): pass\n",
    "notebook.ipynb": '{"cells": []',
    "old.py": "def svm_loss(W, X, y, reg):\n    print 'loss'\n",
    "quits.py": "import sys\ndef svm_loss(W, X, y, reg): sys.exit()\n",
    "unfinished.py": "def svm_loss(W, X, y, reg):\n    # TODO\n",
}


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    """The judgement of a class, by two processes, and what was told on the way."""
    folder = tmp_path_factory.mktemp("class")
    for name, text in CLASS.items():
        (folder / name).write_text(text)
    told, so_far = [], []
    grades = judge_files(
        folder,
        page="multiclass_svm",
        limits=LIMITS,
        forced=Forced(without=("mend",)),
        jobs=2,
        progress=lambda *what: told.append(what),
        so_far=so_far.append,
    )
    return grades, told, so_far


@pytest.mark.thorough
def test_every_file_of_a_folder_gets_its_judgement_in_order(judged):
    grades, *_ = judged
    assert [one.target.shown for one in grades.judged] == list(CLASS)
    found = {one.target.shown: one.judgement for one in grades.judged}
    assert {name: one.status for name, one in found.items()} == {
        **dict.fromkeys(CLASS, "not judged"),
        "ann.py": "right",
        "ben.py": "wrong",
        "cem.py": "wrong",
    }
    assert "crashed (signal 6, SIGABRT)" in found["crash.py"].reason
    # By its own time, or on a very busy machine by the clock that ends what waits for ever.
    for name in ("hang.py", "hangs_at_once.py"):
        assert re.search(r"(ran longer than 1|waited longer than 10) s", found[name].reason)
    assert "is not a notebook" in found["notebook.ipynb"].reason
    assert "line 2 is Python 2" in found["old.py"].reason
    assert "SystemExit" in found["quits.py"].reason
    assert "expected an indented block" in found["unfinished.py"].reason


@pytest.mark.thorough
def test_a_change_that_mends_it_is_shown_and_is_the_finding_where_nothing_explains_it(tmp_path):
    odd = GOOD.replace("reg * W", "reg * W * np.cos(W - W.max())")
    judged = {}
    for name, text in {"ben.py": WRONG, "odd.py": odd}.items():
        (tmp_path / name).write_text(text)
        judged[name] = judge_files(tmp_path / name, page="multiclass_svm").judged[0].judgement
    assert judged["ben.py"].mend is not None
    assert judged["ben.py"].findings[0].sentence.startswith("the penalty is")
    assert judged["odd.py"].findings[0].sentence == judged["odd.py"].mend.sentence
    assert judged["odd.py"].as_dict()["mend"]["before"] == judged["odd.py"].mend.before
    without = Forced(without=("mend",))
    alone = judge_files(tmp_path / "odd.py", page="multiclass_svm", forced=without)
    assert alone.judged[0].judgement.mend is None
    assert not alone.judged[0].judgement.findings[0].explained


def test_why_a_file_is_not_judged_is_told_apart_and_each_counts(judged):
    grades, *_ = judged
    codes = {one.target.shown: one.judgement.code for one in grades.judged}
    assert {name: code for name, code in codes.items() if code} == {
        "crash.py": "another form",
        "hang.py": "hang",
        "hangs_at_once.py": "cannot be loaded",
        "helpers.py": "no candidate",
        "notebook.ipynb": "unreadable",
        "old.py": "syntax error",
        "quits.py": "another form",
        "unfinished.py": "not filled in",
    }
    assert grades.counts == {"right": 1, "wrong": 2, "not judged": 8}
    assert grades.exit_code == 1


def test_the_same_fault_in_two_functions_is_counted_as_one(judged):
    grades, *_ = judged
    assert [count for _, count in grades.faults] == [2]


def test_progress_is_told_file_by_file(judged):
    _, told, _ = judged
    assert [done for _, done, _ in told] == list(range(1, len(CLASS) + 1))
    assert {name for name, _, _ in told} >= {"ann.py:svm_loss", "helpers.py"}


def test_what_is_judged_so_far_is_handed_on_for_the_rest_may_never_come(judged):
    grades, _, so_far = judged
    there = sum(one.judgement.code != "unfinished" for one in so_far[0].judged)
    left = len(CLASS) - there
    assert len(so_far) == left > 0
    assert [len(one.judged) for one in so_far] == [len(CLASS)] * left
    known = {one for one in so_far[-1].judged if one.judgement.code != "unfinished"}
    assert len(known) == len(CLASS) - 1
    assert known < {*grades.judged}


def write(tmp_path, text):
    path = tmp_path / "mine.py"
    path.write_text(text)
    return path


def test_one_function_that_is_right_exits_0(tmp_path):
    grades = judge_files(f"{write(tmp_path, GOOD)}:svm_loss", page="multiclass_svm")
    assert grades.exit_code == 0
    assert grades.losses == (svm.name,)


@pytest.mark.thorough
def test_what_cannot_be_judged_exits_2(tmp_path):
    assert judge_files(write(tmp_path, CLASS["quits.py"]), limits=LIMITS).exit_code == 2
    assert judge_files(write(tmp_path, CLASS["helpers.py"])).exit_code == 2


def test_a_function_that_is_too_slow_is_not_judged_and_not_called_wrong(tmp_path):
    slow = GOOD.replace("    n =", "    import time; time.sleep(0.2)\n    n =")
    (one,) = judge_files(write(tmp_path, slow), limits=Limits(total=0.2)).judged
    assert (one.judgement.status, one.judgement.exit_code) == ("not judged", 2)
    assert re.fullmatch(
        r"too slow: its calls took more than 2 s; \d of 1,143 questions answered",
        one.judgement.reason,
    )


def test_a_failure_of_the_judge_is_not_the_functions_fault(tmp_path, monkeypatch):
    def fails(*_, **__):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("gradbook.submissions.judge", fails)
    judgement = judge_files(write(tmp_path, GOOD)).judged[0].judgement
    assert judgement.status == "not judged"
    assert judgement.reason == (
        "gradbook failed at it, which is no fault of the function: ZeroDivisionError('oh')"
    )


def test_a_loss_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ValueError, match="no file, folder or page named nothing"):
        judge_files(write(tmp_path, GOOD), page="nothing")


@pytest.mark.thorough
def test_where_names_say_nothing_the_values_tell_the_page(tmp_path, monkeypatch):
    path = write(tmp_path, GOOD)
    (tmp_path / "derivation").mkdir()
    page = notes.source.text
    for name, constant in {"a": 2, "b": 1}.items():
        named = page.replace("+ 1", f"+ {constant}").replace("multi-class SVM loss", name)
        (tmp_path / "derivation" / f"{name}.md").write_text(named)
    (tmp_path / "derivation" / "c.md").write_text("A page without a loss.")
    monkeypatch.chdir(tmp_path)
    assert [one.judgement.loss for one in judge_files(path).judged] == ["b"]


def test_a_page_is_named_by_its_file_or_by_what_functions_of_it_are_called():
    assert [loss.key for loss in losses_of("svm")] == ["multiclass_svm"]
    assert [loss.key for loss in losses_of("cross-entropy")] == ["softmax"]
    there = {of.name for of in Pages.in_derivation().all}
    assert there >= {"multi-class SVM loss", "softmax loss", "squared hinge", "ridge regression"}
    assert [of.name for of in losses_of("ridge")] == ["ridge regression"]
    with pytest.raises(
        ValueError, match="Derivatives by a matrix differentiates no number that it"
    ):
        losses_of("matrix_lemmas")


def test_only_the_pages_are_read_that_a_name_may_mean(monkeypatch):
    read = []
    monkeypatch.setattr(meant, "find", lambda paths: read.append(paths[0].stem) or find(paths))
    assert [of.name for of in Pages.in_derivation().meant("svm_loss_naive")] == [
        "multi-class SVM loss"
    ]
    assert read == ["multiclass_svm"]
    assert len(Pages.in_derivation().meant("compute")) > 3
    assert len(read) > 8


def test_letters_are_those_of_a_page_that_is_named():
    letters = {"theta": "w", "lam": "q"}
    with pytest.raises(ValueError, match="letters must be some of X, y, w, lambda_, not 'q'"):
        judge_files(__file__, page="ridge", letters=letters)
    with pytest.raises(ValueError, match="of a page without a loss of scores, which --page names"):
        judge_files(__file__, letters=letters)


def test_of_a_file_what_is_called_as_another_loss_is_left_out_unless_it_is_all(tmp_path):
    svm_alone, softmax_alone, both = (
        [Target(tmp_path / f"{len(names)}{names[0]}.py", "mine.py", name) for name in names]
        for names in (["svm_loss"], ["softmax_loss"], ["svm_loss", "softmax_loss", "loss"])
    )
    (loss,) = losses_of("softmax")
    there = [*_of_this(loss, Pages.in_derivation(), [*svm_alone, *softmax_alone, *both])]
    assert [one.name for one in there if not one.code] == ["softmax_loss", "softmax_loss", "loss"]
    assert [one.code for one in there[::2]] == ["another function", "left out", ""]
    assert there[0].obstacle == "by its name it is another loss: multi-class SVM loss"
    by_name = replace(svm_alone[0], by_name=True)
    assert [*_of_this(loss, Pages.in_derivation(), [by_name])] == [by_name]
