"""A kernel of a page is held against the page, at large numbers too, and against differences."""

from dataclasses import replace

import pytest

from gradbook import verify
from gradbook.check.of_page import check_page
from gradbook.emit.pages import derived, printed, targets
from gradbook.page import read_text
from gradbook.page.discover import find


@pytest.fixture(scope="module")
def softmax():
    (page,) = find(["softmax"])
    return printed(derived(page), "numpy")


def changed(found, old, new):
    assert old in found.kernel.source
    source = found.kernel.source.replace(old, new)
    return replace(found, kernel=replace(found.kernel, source=source), twin=source)


def failed(verdict):
    assert verdict.failed == any(not check.passed for check in verdict.checks)
    return {check.name for check in verdict.checks if not check.passed}


def test_a_kernel_that_is_right_passes_with_errors_below_what_rounding_allows(softmax):
    verdict = check_page(softmax)
    assert verdict.passed
    assert [check.name for check in verdict.checks] == [
        "50 digits",
        "finite differences",
        "magnitudes",
    ]
    assert all(0 < check.bound < 1e-7 and check.cases > 20 for check in verdict.checks)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("ell = r - z[y]", "ell = r - z[y] + 1e-13"),
        ("dW = np.outer(dz, x)", "dW = np.outer(dz, x) * (1 + 1e-12)"),
    ],
)
def test_an_error_that_is_beyond_rounding_is_noticed(softmax, old, new):
    assert "50 digits" in failed(check_page(changed(softmax, old, new)))


def test_a_gradient_of_another_function_is_noticed_by_differences(softmax):
    wrong = changed(softmax, "np.outer(dz, x)", "np.outer(p, x)")
    assert "finite differences" in failed(check_page(wrong))


def test_an_exponential_that_overflows_is_noticed(softmax):
    naive = changed(softmax, "r = logsumexp(z, 0)", "r = np.log(np.exp(z).sum())")
    assert failed(check_page(naive)) == {"magnitudes"}


PAGE = r"""# A parabola

Let $d \ge 1$ and $x, a \in \mathbb{R}^d$.

$$ f := \|x - a\|^2, \qquad \nabla_x f = 2 (x - a) \tag{P1} $$
"""


def test_what_no_float_has_is_no_fault_of_the_code():
    text = PAGE.replace(r"\|x - a\|^2", r"\exp(x^\top a)").replace("2 (x - a)", r"\exp(x^\top a) a")
    assert check_page(printed(derived(read_text(text)), "numpy")).passed


def test_verify_checks_what_a_page_differentiates_and_shows_it(tmp_path):
    path = tmp_path / "parabola.md"
    path.write_text(PAGE)
    report = verify(path, jobs=0)
    assert report.passed
    assert " f, numpy, any size  ✓" in str(report)
    path.write_text(PAGE.replace("2 (x", "3 (x"))
    report = verify(path, jobs=0)
    assert report.not_checked == "P1 is wrong"


def test_a_page_whose_code_is_wrong_does_not_pass(tmp_path, monkeypatch):
    numpy = targets.TARGETS["numpy"]
    wrong = replace(numpy, source=lambda *of: numpy.source(*of).replace("2 *", "3 *"))
    monkeypatch.setitem(targets.TARGETS, "numpy", wrong)
    path = tmp_path / "parabola.md"
    path.write_text(PAGE)
    report = verify(path, jobs=0)
    assert report.refuted
    assert "f, numpy, any size: failed" in str(report)
