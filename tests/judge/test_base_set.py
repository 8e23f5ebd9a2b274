"""Right is who answers every question of a fixed set; no clock decides how many are asked."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from edited import LOOPS, VECTORIZED, edited

import gradbook
from derivation.multiclass_svm import svm
from gradbook.judge import Convention, judge
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.base_set import base_set
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.penalties.forms import Form
from gradbook.subjects import InProcess, TooSlow

#: How many questions there are, where there is a reg.
BASE = len(base_set(svm, Convention(penalty=Form(1.0))))
SEEDS = (0, 1, 20_231)
DATA = "dW = X.T.dot(mask) / N"


class Limited:
    """A function of this process that is ended as one in a process of its own would be.

    most: calls after which all together took too long. hangs: of a call, by (n, C, D).
    """

    def __init__(self, function, most=10**9, hangs=lambda n, C, D: False):
        self._inner, self._most, self._hangs = InProcess(function), most, hangs
        self.name, self.renews, self.remarks = self._inner.name, False, ()
        self.numbers = self._inner.numbers
        self.parameters, self.defaults = self._inner.parameters, self._inner.defaults
        self.calls, self.call = 0, self._inner.call

    def __call__(self, *arguments, **keywords):
        if self.calls >= self._most:
            raise TooSlow("its calls took more than 100 s of computing")
        self.calls += 1
        answer = self._inner(*arguments, **keywords)
        W, X, *_ = (np.atleast_2d(argument) for argument in arguments[:2])
        if self._hangs(len(X), W.shape[1], len(W)):
            return replace(answer, loss=None, gradient=None, error="ran longer than 6 s",
                           fatal=True, too_slow=True)  # fmt: skip
        return answer

    def fresh(self):
        return self


@pytest.mark.quick("20231")
@pytest.mark.parametrize("seed", SEEDS)
def test_every_beginning_of_what_is_asked_holds_some_of_every_kind(seed):
    base = base_set(svm, Convention(penalty=Form(1.0)), seed)
    asked = base.in_order(seed)
    assert len(asked) == len(base) == len(set(map(id, asked)))
    far = set(map(id, base.far))
    for start in range(0, len(asked) - 100, 100):
        some = asked[start : start + 100]
        assert {one.n > 1 for one in some} == {one.at_kink for one in some} == {False, True}
        assert any(one.reg for one in some)
        assert any(id(one) in far for one in some)


def test_another_seed_asks_for_other_numbers_of_the_same_sizes():
    one, other = (base_set(svm, Convention(penalty=Form(1.0)), seed) for seed in (0, 1))
    assert len(one) == len(other)
    batches = [(a, b) for a, b in zip(one.usual, other.usual, strict=True) if a.n > 1 and a.W.any()]
    same = sum(a.W.shape == b.W.shape and np.array_equal(a.W, b.W) for a, b in batches)
    assert same < 0.02 * len(batches)
    assert one.in_order(0)[0].W.shape != other.in_order(1)[0].W.shape


def test_the_same_seed_asks_the_same():
    one, other = (base_set(svm, Convention(penalty=Form(1.0)), 7).in_order(7) for _ in range(2))
    assert all(np.array_equal(a.W, b.W) and a.reg == b.reg for a, b in zip(one, other, strict=True))


#: Each of them passed where a clock decided, or where nobody asked for such data.
WRONG = {
    "only the last example counts": (DATA, "dW = np.outer(X[-1], mask[-1]) / N"),
    "row y is three times too large": ("= -mask.sum(axis=1)", "= -3 * mask.sum(axis=1)"),
    "examples beyond 600 are dropped": (DATA, "dW = X[:600].T.dot(mask[:600]) / N"),
    "the last batch of 128 is dropped": (
        DATA,
        "k = N // 128 * 128 or N\n    dW = X[:k].T.dot(mask[:k]) / N",
    ),
    "the last chunk of 1000 is dropped": (
        DATA,
        "k = N // 1000 * 1000 or N\n    dW = X[:k].T.dot(mask[:k]) / N",
    ),
    "a small reg is dropped": ("2 * reg * W", "2 * reg * W * (reg >= 1e-4)"),
    "a large reg is cut": ("2 * reg * W", "2 * min(reg, 5e3) * W"),
    "wrong where there is a small reg": (DATA, "dW = X.T.dot(mask) / N * (1 + (0 < reg < 1e-4))"),
    "a large feature is cut": (DATA, "dW = np.clip(X, -1e100, 1e100).T.dot(mask) / N"),
    "a small feature is dropped": (DATA, "dW = (X * (abs(X) > 1e-100)).T.dot(mask) / N"),
    "large scores are cut": ("scores = X.dot(W)", "scores = np.clip(X.dot(W), -1e99, 1e99)"),
    "labels are bytes": ("r = np.arange(N)", "r, y = np.arange(N), y.astype(np.int8)"),
}


@pytest.mark.quick("-20231")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_answer_is_among_those_of_every_base_set(kind, seed):
    function, convention = edited(WRONG[kind]), Convention(penalty=Form(1.0))
    asked = base_set(svm, convention, seed).in_order(seed)
    replies = (ask(InProcess(function), convention, question) for question in asked)
    seen = (Observation(*pair, convention) for pair in zip(asked, replies, strict=True))
    assert any(not one.right for one in seen)


@pytest.mark.quick("text1-20231")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("text", [LOOPS, VECTORIZED])
def test_every_answer_of_a_right_function_is_right_whatever_the_seed(text, seed):
    function, convention = edited(of=text), Convention(penalty=Form(1.0))
    for question in base_set(svm, convention, seed).in_order(seed):
        assert Observation(
            question, ask(InProcess(function), convention, question), convention
        ).right


@pytest.mark.quick("wrong where")
@pytest.mark.parametrize(
    "kind", ["examples beyond 600 are dropped", "wrong where there is a small reg"]
)
def test_what_is_wrong_for_few_questions_alone_is_wrong(kind):
    judged = judge(InProcess(edited(WRONG[kind])), svm)
    assert (judged.status, judged.answered, judged.base) == ("wrong", BASE, BASE)


@pytest.mark.quick("1000-only")
@pytest.mark.parametrize("kind", list(WRONG)[:2])
@pytest.mark.parametrize("most", [10, 1000, 1200])
def test_what_is_not_answered_is_not_right_and_nothing_else_is_said_of_it(kind, most):
    judged = judge(Limited(edited(WRONG[kind]), most), svm)
    assert (judged.status, judged.exit_code, judged.findings) == ("not judged", 2, ())
    assert judged.reason == (
        "too slow: its calls took more than 100 s of computing; "
        f"{judged.answered:,} of {BASE:,} questions answered"
    )
    assert judged.base == BASE
    assert (judged.answered == 0) if most == 10 else (0 < judged.answered < most)


def test_a_right_function_is_not_right_before_all_is_answered():
    function = edited()
    calls = judge(InProcess(function), svm).calls
    judged = judge(Limited(function, calls - 1), svm)
    assert (judged.status, judged.answered) == ("not judged", BASE)
    assert judge(Limited(function, calls), svm).passed


@pytest.mark.thorough
def test_what_takes_too_long_where_much_is_asked_is_not_judged_and_how_much_is_said():
    judged = judge(Limited(edited(), hangs=lambda n, C, D: n * C * D > 50_000), svm)
    assert judged.status == "not judged"
    assert judged.reason == (
        "too slow: it ran longer than 6 s for n = 2, C = 10 and D = 3073; "
        f"{judged.answered:,} of {BASE:,} questions answered"
    )
    # What is larger is not asked, and all the rest is.
    assert BASE - 10 < judged.answered < BASE


@pytest.mark.thorough
def test_what_takes_too_long_for_many_examples_alone_is_not_called_wrong():
    judged = judge(Limited(edited(), hangs=lambda n, C, D: n > 2000), svm)
    assert (judged.status, judged.findings) == ("not judged", ())


def test_what_hangs_where_more_was_answered_is_wrong():
    judged = judge(Limited(edited(), hangs=lambda n, C, D: n == 2), svm)
    assert judged.status == "wrong"
    assert judged.findings[0].sentence == "it ran longer than 6 s"  # of too few to say where
    assert judged.answered < judged.base


def test_what_always_takes_too_long_is_not_judged():
    judged = judge(Limited(edited(), hangs=lambda n, C, D: True), svm)
    assert (judged.status, judged.calls) == ("not judged", 1)
    assert judged.reason == (
        f"too slow: a call ran longer than 6 s; 0 of {BASE:,} questions answered"
    )


def test_no_clock_is_read_where_something_is_decided():
    """What is left is the seconds that are shown."""
    package = Path(gradbook.__file__).parent
    clocks = re.compile(r"perf_counter|monotonic|process_time|import time|datetime")
    lines = [
        (path.name, line.strip())
        for folder in ("judge", "mend")
        for path in sorted((package / folder).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if clocks.search(line)
    ]
    assert lines == [
        ("judge.py", "from time import perf_counter"),
        ("judge.py", "began = perf_counter()"),
        ("judge.py", "seconds=perf_counter() - began,"),
        ("of_page.py", "from time import perf_counter"),
        ("of_page.py", "began = perf_counter()"),
        ("of_page.py", "return replace(judged, seconds=perf_counter() - began, calls=calls)"),
    ]
