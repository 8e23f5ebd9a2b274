"""Sources from an earlier time: for the same content, and never for one that was not checked."""

import hashlib
import subprocess
import sys
import time
from dataclasses import replace

import numpy as np
import pytest
from losses_and_data import cross_entropy, loss, svm
from sympy import Dummy, Float, Function, Integer, Rational, Sum, Symbol, exp

from gradbook.emit import (
    WrongSource,
    cache,
    emit,
    fast,
    kept,
    lowering,
)
from gradbook.emit import target as emit_target
from gradbook.emit.fast import Machine, Schedule, choose
from gradbook.emit.for_numpy import NumPyDialect
from gradbook.emit.kept import content, digest_of, key_for
from gradbook.loss import Loss
from gradbook.notation import C, Delta, hinge, j, s, step, unequal, y
from gradbook.penalty import L2

#: Each target with what has to be told to it.
TARGETS = {
    "numpy": {},
    "jax": {},
    "torch": {},
    "c": {},
    "c-fast": {},
    "lambdify": {"classes": 3, "features": 2},
    "codegen": {"classes": 3, "features": 2},
}


@pytest.fixture(autouse=True)
def nothing_lowered_before():
    lowering.lower.cache_clear()


@pytest.fixture
def derives_no_more(monkeypatch):
    """From here on nothing can be derived."""

    def forbid():
        def derive(*_):
            raise AssertionError("derived again")

        for module in (emit_target, fast):
            monkeypatch.setattr(module, "lower", derive)
        monkeypatch.setattr(emit_target, "stages", derive)

    return forbid


@pytest.mark.quick("numpy", "jax", "torch", "lambdify", "codegen")
@pytest.mark.parametrize(("target", "size"), TARGETS.items(), ids=TARGETS)
def test_a_source_is_derived_once(target, size, empty_cache, derives_no_more):
    first = emit(svm, target, **size).source
    derives_no_more()
    assert emit(svm, target, **size).source == first
    for other in (cross_entropy, replace(svm, name="renamed")):
        with pytest.raises(AssertionError, match="derived again"):
            emit(other, target, **size)


@pytest.mark.quick("numpy", "lambdify")
@pytest.mark.parametrize("target", ["numpy", "lambdify", "c-fast"])
def test_a_kernel_from_the_cache_computes_the_same(target, empty_cache, derives_no_more):
    W, X, y = np.arange(9.0).reshape(3, 3), np.eye(3), [2, 0, 1]
    loss, gradient = emit(svm, target, **TARGETS[target])(W, X, y)
    derives_no_more()
    again, gradient_again = emit(svm, target, **TARGETS[target])(W, X, y)
    assert loss == again
    np.testing.assert_array_equal(gradient, gradient_again)


@pytest.mark.thorough
def test_another_schedule_is_printed_anew(empty_cache):
    schedule = choose(lowering.lower(svm), 10, None, np.float64, Machine())
    other = replace(schedule, chunk=schedule.chunk + 8)
    assert isinstance(schedule, Schedule)
    sources = [emit(svm, "c-fast", schedule=given).source for given in (schedule, other) * 2]
    assert sources[:2] == sources[2:]
    assert sources[0] != sources[1]


def formula(summand):
    return Sum(unequal(j, y) * summand, (j, 0, C - 1))


with_margin = replace(svm, formula=formula(hinge(s[j] - s[y] + Delta)), parameters={Delta: 1})

DIFFERENT = [
    svm,
    replace(svm, name="another name"),
    replace(svm, key="another_key"),
    replace(svm, weighted=True),
    replace(svm, penalty=L2(Rational(1, 2))),
    replace(svm, penalty=L2(Rational(1, 2), factor=Rational(1, 2))),
    replace(svm, penalty=L2(Rational(1, 2), bias=True)),
    replace(svm, formula=formula(hinge(s[j] - s[y] + 1, at_kink=1))),
    replace(svm, formula=formula(hinge(s[j] - s[y] + 2))),
    replace(svm, formula=formula(hinge(s[j] - s[y] + Float(1)))),
    replace(svm, formula=formula(hinge(s[j] - s[y] + Float(1, 30)))),
    replace(svm, formula=formula(step(s[j] - s[y] + 1))),
    replace(svm, formula=Sum(hinge(s[j] - s[y] + 1), (j, 0, C - 1))),
    replace(svm, formula=Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C))),
    with_margin,
    replace(with_margin, parameters={Delta: 2}),
    replace(
        with_margin,
        formula=with_margin.formula.xreplace({Delta: Symbol("Delta", positive=True)}),
        parameters={Symbol("Delta", positive=True): 1},
    ),
]


def test_losses_that_differ_in_anything_are_kept_apart():
    contents = [content(different) for different in DIFFERENT]
    assert None not in contents
    assert len(set(contents)) == len(DIFFERENT)
    assert content(svm) == content(replace(svm))


class mine(Function):
    """A function whose slope is nowhere in its name."""

    def fdiff(self, argindex=1):
        return Integer(2)


class MyLoss(Loss):
    """A loss that may be more than its formula."""


class MyPenalty(L2):
    """A penalty that may be more than its numbers."""


i = Dummy("i", integer=True, nonnegative=True)

UNKNOWN = {
    "a function of one's own": loss("own", mine(s[y])),
    "a function without a class": loss("undefined", Function("f")(s[y])),
    "a letter told apart by number": loss("dummy", Sum(exp(s[i]), (i, 0, C - 1))),
    "a class of one's own": MyLoss("own", svm.formula, "own"),
    "a penalty of one's own": replace(svm, penalty=MyPenalty(Integer(1))),
}


@pytest.mark.parametrize("unknown", UNKNOWN.values(), ids=UNKNOWN)
def test_a_loss_that_is_more_than_its_text_is_not_kept(unknown, empty_cache):
    assert key_for(unknown) is None
    texts = iter(["one", "two"])
    assert [kept.kept(lambda: next(texts), str, unknown) for _ in range(2)] == ["one", "two"]
    assert not empty_cache.exists()


def test_what_was_asked_for_keeps_apart():
    asked = [(), ("c",), ("numpy",), ("c", 10), ("c", "10"), ("c", 10, None), ("c", None, 10)]
    assert len({key_for(svm, *each) for each in asked}) == len(asked)


def test_other_versions_keep_apart(monkeypatch):
    keys = {key_for(svm)}
    for place in range(len(kept.VERSIONS)):
        changed = list(kept.VERSIONS)
        changed[place] += "+"
        with monkeypatch.context() as patch:
            patch.setattr(kept, "VERSIONS", tuple(changed))
            keys.add(key_for(svm))
    assert len(keys) == 1 + len(kept.VERSIONS)


@pytest.fixture
def package(tmp_path):
    """A small package, and what is changed in it."""
    (tmp_path / "inner").mkdir()
    (tmp_path / "a.py").write_text("x = 1\n")
    (tmp_path / "inner" / "b.c").write_text("int x;\n")
    (tmp_path / "read.me").write_text("hello\n")
    return tmp_path


CHANGES = {
    "a changed file": lambda package: (package / "a.py").write_text("x = 2\n"),
    "a changed file in C": lambda package: (package / "inner" / "b.c").write_text("int y;\n"),
    "one file more": lambda package: (package / "inner" / "c.py").touch(),
    "one file less": lambda package: (package / "a.py").unlink(),
    "another name": lambda package: (package / "a.py").rename(package / "b.py"),
    "another folder": lambda package: (package / "a.py").rename(package / "inner" / "a.py"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_source_of_the_package_keeps_apart(change, package):
    before = digest_of(package, time.time_ns())
    assert before == digest_of(package, time.time_ns())
    change(package)
    after = digest_of(package, time.time_ns() + 10**9)
    assert after not in (before, None)


def test_nothing_is_kept_of_a_source_that_is_newer_than_what_runs(package):
    started = time.time_ns() + 10**9
    assert digest_of(package, started) is not None
    assert digest_of(package, (package / "a.py").stat().st_mtime_ns - 1) is None


def test_nothing_is_kept_where_there_is_no_source_to_tell_by(tmp_path, monkeypatch, empty_cache):
    assert digest_of(tmp_path / "nothing", time.time_ns()) is None
    monkeypatch.setattr(kept, "running", lambda: None)
    emit(svm, "numpy")
    assert not empty_cache.exists()


@pytest.mark.parametrize("damaged", [b"", b"import os\n"], ids=["truncated", "foreign"])
def test_a_damaged_source_is_derived_anew(damaged, empty_cache):
    sound = emit(svm, "numpy").source
    (path,) = empty_cache.iterdir()
    path.write_bytes(damaged)
    assert emit(svm, "numpy").source == sound
    assert path.read_text(encoding="utf-8") == sound


def test_what_fails_its_check_is_not_kept(empty_cache, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(NumPyDialect, "total", lambda self, array: f"{array}.max()")
        with pytest.raises(WrongSource, match="the emitted code is wrong"):
            emit(svm, "numpy")
    assert not empty_cache.exists()


@pytest.mark.parametrize("place", ["a file", "below a file"])
def test_a_cache_that_cannot_be_written_is_done_without(place, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    folder = tmp_path / "file" if place == "a file" else tmp_path / "file" / "below"
    monkeypatch.setenv("GRADBOOK_CACHE", str(folder))
    assert "loss_and_gradient" in emit(svm, "numpy").source


def test_a_disk_that_is_full_is_done_without(empty_cache, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert "loss_and_gradient" in emit(svm, "numpy").source
    assert list(empty_cache.iterdir()) == []


def test_a_cache_that_can_only_be_read_is_read(empty_cache, monkeypatch, derives_no_more):
    emit(svm, "numpy")
    monkeypatch.setattr(cache, "_writable", lambda folder: False)
    emit(cross_entropy, "numpy")
    assert len(list(empty_cache.iterdir())) == 1
    derives_no_more()
    emit(svm, "numpy")


PROGRAM = """
from derivation.multiclass_svm import svm
from gradbook import emit

print(emit(svm, "c").source)
"""


@pytest.mark.thorough
def test_processes_that_emit_at_once_do_not_disturb_each_other(empty_cache):
    command = [sys.executable, "-c", PROGRAM]
    crowd = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
    printed = {process.communicate()[0] for process in crowd}
    assert len(printed) == 1
    (path,) = empty_cache.glob("*.txt")
    assert path.read_bytes() + b"\n" == printed.pop()
    key, digest = path.stem.split("-")
    assert digest == hashlib.sha256(key.encode() + path.read_bytes()).hexdigest()
