"""check as a whole: right kernels of every style pass, and wrong ones fail for a stated reason."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
import pytest
from svm_kernels import RIGHT, plain, svm
from sympy import Sum, exp, log
from wrong_kernels import (
    ILL_MANNERED,
    WRONG,
    growing,
    one_buffer,
    one_call_late,
    refuses_two_classes,
    stale_cache,
)

from gradbook.check import CHECKS, check
from gradbook.emit import emit
from gradbook.emit.build import NoCompiler
from gradbook.kernels import Kernel, by_hand
from gradbook.loss import Loss
from gradbook.notation import C, j, s, y


@dataclass(frozen=True)
class OfOneSize:
    """A function as a kernel for C = 3 and m = 3 alone."""

    function: Callable
    classes: int = 3
    features: int = 3

    def __call__(self, W, X, y):
        assert (W.shape, X.shape[1]) == ((3, 4), 4)
        return self.function(W, X, y)


def of_one_size(kernel):
    return OfOneSize(kernel)


@cache
def verdict_on(kernel):
    return check(kernel, svm)


def called(kernels):
    return [pytest.param(kernel, id=kernel.__name__) for kernel in kernels]


@pytest.mark.quick("add_at")
@pytest.mark.parametrize("kernel", called(RIGHT))
def test_a_right_kernel_passes_every_check_whatever_its_style(kernel):
    verdict = check(kernel, svm)
    assert verdict.passed, str(verdict)
    assert [one.name for one in verdict.checks] == list(CHECKS)
    assert all(one.cases > 0 for one in verdict.checks)
    assert verdict.findings == ()
    assert verdict.status == "passed"


@pytest.mark.thorough
@pytest.mark.parametrize("kernel", by_hand("multiclass_svm"), ids=lambda kernel: kernel.name)
def test_the_kernels_by_hand_pass(kernel):
    verdict = check(kernel, svm)
    assert verdict.passed, str(verdict)
    assert (verdict.kernel, verdict.origin, verdict.language) == (
        kernel.name,
        "by hand",
        "Python",
    )


@pytest.mark.quick("at_least_0")
@pytest.mark.parametrize("kernel", called(WRONG))
def test_a_wrong_kernel_fails_the_checks_that_can_see_it_and_the_reason_is_stated(kernel):
    expected, words = WRONG[kernel]
    verdict = verdict_on(kernel)
    failed = {one.name for one in verdict.checks if not one.passed}
    assert expected <= failed, str(verdict)
    assert not verdict.passed
    assert verdict.status == "failed"
    assert words in str(verdict.findings[0]), str(verdict)
    assert re.search(r"\(N\d+(, GB\d+)*\)|raises|not finite|arrays", str(verdict.findings[0]))


@pytest.mark.quick(
    "changes", "always", "transposed", "a_list", "a_matrix", "loss_of", "three", "nothing"
)
@pytest.mark.parametrize("kernel", called(ILL_MANNERED))
@pytest.mark.filterwarnings("ignore:the matrix subclass:PendingDeprecationWarning")
def test_a_broken_contract_is_a_finding_and_no_crash(kernel):
    verdict = check(of_one_size(kernel) if kernel is not refuses_two_classes else kernel, svm)
    assert not verdict.passed
    assert re.search(ILL_MANNERED[kernel], verdict.findings[0].sentence), str(verdict)


@pytest.mark.thorough
@pytest.mark.parametrize("made", called([one_call_late, growing]))
def test_a_kernel_that_remembers_earlier_calls_is_found_out(made):
    verdict = check(of_one_size(made()), svm)
    assert "different answers to the same inputs" in verdict.findings[0].sentence, str(verdict)
    assert not verdict.passed


@pytest.mark.thorough
def test_a_cache_that_goes_stale_is_found_out():
    verdict = check(of_one_size(stale_cache()), svm)
    assert {one.name for one in verdict.checks if not one.passed} >= {"exact", "by hand"}
    assert "wrong" in verdict.findings[0].sentence


def test_a_kernel_that_hands_out_one_buffer_is_found_out():
    verdict = check(of_one_size(one_buffer()), svm)
    assert "overwritten by its next call" in verdict.findings[0].sentence
    assert not verdict.passed


def test_a_kernel_of_another_answer_each_time_is_found_out():
    rng = np.random.default_rng(0)

    def noisy(W, X, y):
        loss, gradient = plain(W, X, y)
        return loss + rng.random(), gradient

    verdict = check(of_one_size(noisy), svm)
    assert "different answers" in verdict.findings[0].sentence


@pytest.mark.quick("at_least_0")
@pytest.mark.parametrize(
    ("kernel", "line"),
    [
        ("correct_class_counted", "N3"),
        ("at_least_0", "N7"),
        ("sign_reversed", "N14"),
        ("lost_updates", "N17"),
    ],
)
def test_the_first_finding_names_the_line_of_the_derivation_that_is_broken(kernel, line):
    wrong = {one.__name__: one for one in WRONG}[kernel]
    finding = verdict_on(wrong).findings[0]
    assert finding.line == line
    assert finding.example.startswith("W = [[")


def test_later_checks_do_not_repeat_what_an_earlier_one_found():
    sign_reversed = next(kernel for kernel in WRONG if kernel.__name__ == "sign_reversed")
    verdict = verdict_on(sign_reversed)
    assert sum(not one.passed for one in verdict.checks) == 5
    assert len(verdict.findings) == 1


def test_a_kernel_of_one_size_is_checked_at_that_size_alone():
    sizes = set()

    def fixed(W, X, y):
        sizes.add(W.shape)
        return plain(W, X, y)

    kernel = Kernel("fixed", "test", "Python", "", fixed, "multiclass_svm", classes=3, features=2)
    verdict = check(kernel, svm)
    assert verdict.passed, str(verdict)
    assert sizes == {(3, 3)}


def test_without_a_compiler_there_is_no_verdict_and_no_crash():
    def not_compiled(W, X, y):
        raise NoCompiler("no C compiler: install one")

    verdict = check(not_compiled, svm)
    assert verdict.status == "not compiled: no C compiler"
    assert not verdict.passed
    assert verdict.checks == ()
    assert verdict.summary == "not_compiled: not compiled: no C compiler"
    assert "not compiled: no C compiler" in str(verdict)
    assert "not compiled: no C compiler" in verdict._repr_markdown_()


def test_the_same_seed_gives_the_same_verdict_and_another_seed_other_data():
    first, again, other = (check(of_one_size(plain), svm, seed=seed) for seed in (3, 3, 4))
    errors = [[one.max_error for one in verdict.checks] for verdict in (first, again, other)]
    assert errors[0] == errors[1] != errors[2]
    assert other.passed


def test_progress_tells_of_each_check_before_and_after_it():
    told = []
    kernel = Kernel("small", "test", "Python", "", plain, "multiclass_svm", 3, 2)
    check(kernel, svm, progress=told.append)
    assert len(told) == 2 * len(CHECKS)
    assert told[0] == "small: exact …"
    assert told[1].startswith("small: exact passed: ")


def test_what_cannot_be_called_is_refused_in_one_sentence():
    with pytest.raises(TypeError, match=r"^kernel_or_function must be .*, not int$"):
        check(3, svm)
    with pytest.raises(TypeError, match=r"^loss must be a gradbook\.Loss, not 'multiclass_svm'$"):
        check(plain, "multiclass_svm")
    with pytest.raises(ValueError, match=r"^seed must be an integer ≥ 0, not -1$"):
        check(plain, svm, seed=-1)


SOFTMAX = Loss("softmax", log(Sum(exp(s[j]), (j, 0, C - 1))) - s[y], "softmax")


def test_a_kernel_of_a_loss_without_exact_answers_is_not_checked_and_not_failed():
    verdict = check(emit(SOFTMAX, "numpy"), SOFTMAX)
    assert verdict.status.startswith("not checked: the loss must be made of scores, rational ")
    assert (verdict.passed, verdict.failed, verdict.findings) == (False, False, ())
    assert verdict.summary == f"NumPy, any size: {verdict.status}"
    assert not any(one.applies for one in verdict.checks)
    assert "✗" not in str(verdict)


@pytest.mark.thorough
def test_a_wrong_kernel_fails_though_some_checks_have_no_answer_for_its_loss():
    cubes = Loss("cubes", Sum(s[j] ** 3, (j, 0, C - 1)), "cubes")
    verdict = check(lambda W, X, y: (0.0, np.zeros(W.shape)), cubes)
    assert {one.name: one.applies for one in verdict.checks}["exact"]
    assert not all(one.applies for one in verdict.checks)
    assert verdict.failed
