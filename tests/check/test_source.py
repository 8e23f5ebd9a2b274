"""The text of kernels, run on letters: what is right is proved, and every fault is told."""

import re
from dataclasses import replace
from functools import cache

import pytest
from sympy import Rational, Sum, Symbol

import gradbook
from gradbook.check.source import _unlike, source_of_loss, source_of_page
from gradbook.check.verdict import Check, Verdict
from gradbook.emit import emit
from gradbook.emit.pages import derived, printed
from gradbook.loss import Loss
from gradbook.notation import C, hinge, j, s, unequal, y
from gradbook.penalty import L2
from gradbook.prove.source import machine

SVM = Loss("SVM", Sum(unequal(j, y) * hinge(s[j] - s[y] + 1), (j, 0, C - 1)), "svm")
ANY_SIZE, ONE_SIZE = emit(SVM, "c"), emit(SVM, "codegen", classes=2, features=1)
OF_ARRAYS = emit(SVM, "numpy")
PAGES = {name: f"derivation/{name}.md" for name in ("ridge", "softmax", "logistic", "attention")}


def printed_for(target, name):
    return printed(derived(gradbook.read(PAGES[name]), None), target)


@cache
def of_any_size():
    return source_of_loss(ANY_SIZE, SVM)


def changed(kernel, old, new):
    assert old in kernel.source
    return replace(kernel, source=kernel.source.replace(old, new))


@pytest.mark.quick("Kernel C99", "Kernel codegen")
@pytest.mark.parametrize("kernel", [ANY_SIZE, ONE_SIZE, OF_ARRAYS], ids=str)
def test_the_text_of_a_kernel_is_proved(kernel):
    check, findings = of_any_size() if kernel is ANY_SIZE else source_of_loss(kernel, SVM)
    assert check.passed
    assert check.cases > 1
    assert findings == ()


def test_the_text_of_a_loss_without_a_label_is_proved():
    """Its function is given y and says (void)y."""
    squares = Loss("squares", Sum(s[j] ** 2, (j, 0, C - 1)) / 2, "squares")
    kernel = emit(squares, "codegen", classes=2, features=1)
    assert "(void)y;" in kernel.source
    assert source_of_loss(kernel, squares)[0].passed


@pytest.mark.parametrize("target", ["c", "numpy"])
def test_weights_parameters_and_a_penalty_are_letters_too(target):
    margin, strength = Symbol("Delta", real=True), Symbol("lamda", real=True)
    loss = Loss(
        "weighted",
        Sum(unequal(j, y) * hinge(s[j] - s[y] + margin, Rational(1, 2)) ** 2, (j, 0, C - 1)),
        "weighted",
        parameters={margin: 1, strength: 2},
        penalty=L2(strength),
        weighted=True,
    )
    check, _ = source_of_loss(emit(loss, target), loss, [(2, 2, 1)])
    assert check.passed, check.detail


@pytest.mark.quick("ridge", "softmax-c", "logistic-numpy")
@pytest.mark.parametrize("target", ["c", "numpy"])
@pytest.mark.parametrize("name", PAGES)
def test_the_text_of_a_page_is_proved_with_exp_log_and_roots(name, target):
    check, findings = source_of_page(printed_for(target, name), thorough=False)
    assert check.passed, check.detail
    assert findings == ()


#: A change of the text ↦ what is said of it.
FAULTS = {
    ("(u > 0);", "(u >= 0);"): r"dL\[\d\] is .* and not .*, with C = 2, D = 3, n = 1, y = 0; ",
    ("mu[label] = -r1;", "mu[label] = -r1 + 1;"): r"dL\[0\] is ",
    (
        "b < D; b++)\n                dL",
        "b <= D; b++)\n                dL",
    ): r"reads argument 5\[3\]",
    ("sizeof(real)", "sizeof(float)"): r"it writes memory\[\d\], which has 2",
    ("(size_t)C*2*", "(size_t)C*1*"): r"it writes memory\[\d\], which has 2",
    ("r1 += on", "r1 = on"): r"C = 3, D = 4, n = 2",
    ("if (a == label)", "if (a == 0)"): r"reads memory\[\d\], which was never written",
    ("*L /= (double)n", "*L /= (double)C"): r"L\[0\] is ",
    ("return 1;", "return 0;"): r"without memory it returns 0",
    ("dL[k] = 0;", "dL[k] += 0;"): r"reads dL\[0\], which was never written",
    ("W + a*D, x", "W + a*C, x"): r"C = 2, D = 3, n = 1",
    ("X + i*D", "X + i*n"): r"C = 3, D = 4, n = 2",
    ("int64_t b = 0;", "int64_t b = 1;"): r"L\[0\] is ",
    ("    free(s);\n    return 0;", "    free(s);\n    return 2;"): r"it returns 2",
    ("b++)\n                dL", "b += 0)\n                dL"): r"does not end",
    ("*L += r0;", "(r0 > 0 && (r0 += 1)), *L += r0;"): r"L\[0\] is ",
    ("*L += r0;", "r0 > 0 ? 0 : (r0 = 1), *L += r0;"): r"L\[0\] is ",
    ("*L += r0;", "*L += r0 ? 1 : 0;"): r"L\[0\] is ",
    ("*L += r0;", "*L += (r0 && 2)*r0*r0/r0/r0;"): r"L\[0\] is ",
    ("free(s);\n", "free(s); *L += s[0] - s[0];\n"): r"reads memory\[0\], which has 0",
    ("*L = 0;", "real *t; *L = *t;"): r"follows what leads nowhere, 57:",
}


#: What is told at more than eight features alone takes long.
LATE = pytest.param(
    ("sum[b % 8] +=", "sum[b % 8] ="), "C = 2, D = 9, n = 1", marks=pytest.mark.thorough
)


@pytest.mark.parametrize(
    ("change", "said"), [*FAULTS.items(), LATE], ids=lambda each: str(each)[:30]
)
def test_a_fault_of_the_text_is_told_with_numbers_or_a_place(change, said, monkeypatch):
    monkeypatch.setattr(machine, "MOST_STATEMENTS", 5_000)
    check, (finding,) = source_of_loss(changed(ANY_SIZE, *change), SVM)
    assert not check.passed
    assert check.applies
    assert re.search(said, finding.sentence), finding.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("(j == y)", "(j != y)"), r"dW\[0\] is ≈ "),
        (("top + log(sum)", "log(sum)"), r"the objective\[0\] is ≈ "),
        (("W[j*m + b]", "W[j*C + b]"), " with "),
    ],
)
def test_texts_with_exp_and_log_are_told_apart_by_the_numbers_they_compute(change, said):
    softmax = printed_for("c", "softmax")
    kernel = changed(softmax.kernel, *change)
    check, _ = source_of_page(replace(softmax, kernel=kernel))
    assert re.search(said, check.detail), check.detail


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("free(s);", "srand(1); free(s);"), "the function srand is not known here"),
        (("*L = 0;", "*L = M_PI - M_PI;"), "M_PI is not known here"),
        (("int64_t b = 0;", "intmax_t b = 0;"), "this is no C"),
        (("#include <math.h>", "#define n 1"), "the directive #define n 1 is not known here"),
        (("*L = 0;", "int few[2]; *L = 0;"), "what has 4 bytes is not known here"),
        (("*L = 0;", "while (0) {} *L = 0;"), "While is not known here"),
    ],
)
def test_what_is_not_known_of_c_is_said_and_changes_no_verdict(change, said):
    check, findings = source_of_loss(changed(ANY_SIZE, *change), SVM)
    assert not check.applies
    assert check.detail.startswith("its text is not decided: ")
    assert said in check.detail
    assert findings == ()
    called = Verdict("k", "c", "C", (Check("exact", True, 0, 0, 1, ""),), (), "passed")
    assert called.with_found((check, findings)).passed


#: The same of a text for NumPy.
FAULTS_OF_ARRAYS = {
    ("(u > 0)", "(u >= 0)"): r"dL\[0\] is 2 and not 0, with C = 2, D = 3, n = 1, y = 0; ",
    ("M[y, i] = -r1", "M[y, i] = r1"): r"dL\[0\] is 1 and not −1",
    ("/len(X)", "/len(W)"): r"dL\[0\] is −1/2 and not −1",
    ("u[y, i] = -1", "u[y, i] = 1"): r"L\[0\] is 4 and not 3",
    ("u[y, i] = -1", "u[i, y] = -1"): r"it fails, IndexError: index 1 is out of bounds",
    (".sum(dtype", "[:1].sum(dtype"): r"L\[0\] is 0 and not 3",
    ("M.sum(axis=0)", "M.max(axis=0)"): r"C = 3, D = 2, n = 1",
    ("1 - s_y", "1 - s_y.max()"): r"n = 3",
    ("M @ X/len", "X.T @ M.T/len"): r"dL\[\d\] is ",
    ("return L, G", "return L, G[:1]"): r"dL has 3 entries, not 6",
}


@pytest.mark.parametrize(
    ("change", "said"), FAULTS_OF_ARRAYS.items(), ids=lambda each: str(each)[:30]
)
def test_a_fault_of_a_text_for_arrays_is_told_too(change, said):
    check, (finding,) = source_of_loss(changed(OF_ARRAYS, *change), SVM)
    assert not check.passed
    assert check.applies
    assert re.search(said, finding.sentence), finding.sentence


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("1 - s_y", "1/3*3.3 - s_y"), r"the number 1\.0\d* is infinite or was rounded"),
        (("1 - s_y", "numpy.sin(s_y)"), "letters are not known here to what fails"),
    ],
)
def test_what_is_not_known_of_arrays_is_said_and_is_no_fault(change, said):
    check, findings = source_of_loss(changed(OF_ARRAYS, *change), SVM)
    assert not check.applies
    assert re.search(said, check.detail)
    assert findings == ()


def test_a_verdict_on_a_kernel_fails_with_its_text():
    called = Verdict("k", "c", "C", (Check("exact", True, 0, 0, 1, ""),), (), "passed")
    wrong = source_of_loss(changed(ANY_SIZE, "r1 += on", "r1 = on"), SVM)
    assert called.with_found(of_any_size()).passed
    assert called.with_found(wrong).failed


def test_no_two_sizes_are_alike():
    assert _unlike({"C": 2}) == [{"C": 2}]
    assert _unlike({"n": 1, "d": 1}) == [{"n": 3, "d": 2}, {"n": 2, "d": 3}]
    assert _unlike({"d": 1, "h": 1, "C": 2}) == [
        {"d": 3, "h": 1, "C": 2},
        {"d": 1, "h": 2, "C": 3},
    ]
