# ruff: noqa: E501 - a formula is written on one line
r"""A page as C and for one size: the same numbers as for NumPy, and what is wrong is not returned."""

import pickle
from dataclasses import replace

import numpy as np
import pytest
from compilers import compile_strictly

from derivation.multiclass_svm import notes, svm
from gradbook import emit
from gradbook.check.of_page import check_page
from gradbook.emit import NotEmitted, WrongSource
from gradbook.emit.pages import derived, printed, targets
from gradbook.page import read_text
from gradbook.page.discover import find

#: Everything that loops have to be made of: parts, labels, masks, sums in sums, exponents.
EVERYTHING = r"""# Everything

Given are $x^{(i)} \in \mathbb{R}^d$ for $i = 1 \dots n$, $y^{(i)} \in \{1, \dots, C\}$, $W \in \mathbb{R}^{C \times (d+1)}$,
$D \in \mathbb{R}^{C \times C}$, $q \in \mathbb{R}^C$ and $\lambda > 0$, with $n \ge 1$, $d \ge 1$, $C \ge 2$,
and $j, k \in \{1, \dots, C\}$.

$$
\tilde{x}^{(i)} := \begin{pmatrix} 1 \\ x^{(i)} \end{pmatrix}, \qquad
s^{(i)} := W \tilde{x}^{(i)}, \qquad
p^{(i)}_k := \frac{\exp(s^{(i)}_k)}{\sum_j \exp(s^{(i)}_j)}
$$

$$
E := \frac{1}{n} \sum_{i=1}^{n} \left( \sum_{j \ne y^{(i)}} (\max(0, s^{(i)}_j - s^{(i)}_{y^{(i)}} + D_{y^{(i)} j}))^2
  - q_{y^{(i)}} \log p^{(i)}_{y^{(i)}} + \log(1 + \exp(\lambda s^{(i)}_1)) \right) + \frac{\lambda}{2} \|W\|^2,
\qquad \nabla_W E = \nabla_W E, \quad \nabla_D E = \nabla_D E, \quad \nabla_q E = \nabla_q E
$$
"""
SIZES = {"d": 1, "n": 2, "C": 3}
SMALL = r"""# Points

Let $d \ge 1$ and $x, w \in \mathbb{R}^d$.

$$ f := \log \sum_{a=1}^{d} w_a^2 \exp(x_a) - x^\top w, \qquad \nabla_x f = \nabla_x f $$
"""
MATRIX = r"""# A matrix

Let $d \ge 1$, $X \in \mathbb{R}^{d \times d}$ and $u \in \mathbb{R}^d$.

$$ f := u^\top X^{-1} u + \det X, \qquad \nabla_X f = \nabla_X f $$
"""


def emitted(page, target, sizes):
    return emit(page, target, sizes=sizes if target in ("lambdify", "codegen") else None)


def drawn(scale=1.0):
    rng = np.random.default_rng(7)
    d, n, C = SIZES.values()
    given = {
        "x": rng.normal(size=(n, d)),
        "W": rng.normal(size=(C, d + 1)),
        "D": rng.random((C, C)),
    }
    given["W"] *= scale
    return given | {"y": rng.integers(0, C, n), "q": rng.random(C), "lambda_": 0.5}


@pytest.fixture(scope="module")
def everything():
    return derived(read_text(EVERYTHING))


@pytest.fixture(scope="module", params=["c", "lambdify", "codegen"])
def kernel(everything, request):
    return printed(everything, request.param, SIZES if request.param != "c" else None).kernel


@pytest.fixture(scope="module")
def right(everything):
    return printed(everything, "numpy").kernel


def test_what_is_emitted_computes_the_same_as_for_numpy_and_pickles(kernel, right):
    for scale in (1.0, 1000.0):
        given = drawn(scale)
        expected, slopes = right(**given)
        for each in (kernel, pickle.loads(pickle.dumps(kernel))):
            value, found = each(**given)
            assert np.isclose(value, expected, rtol=1e-12)
            assert found.keys() == {"W", "D", "q"}
            for name, slope in slopes.items():
                assert np.allclose(found[name], slope, rtol=1e-11, atol=1e-12)


@pytest.mark.quick("codegen")
@pytest.mark.parametrize("target", ["c", "lambdify", "codegen"])
def test_whole_numbers_give_exact_results_where_nothing_is_rounded(target):
    kernel = emitted(notes, target, {"C": 3, "m": 1, "n": 4})
    rng = np.random.default_rng(8)
    W, x, y = rng.integers(-2, 3, (3, 2)), rng.integers(-2, 3, (4, 1)), rng.integers(0, 3, 4)
    L, slopes = kernel(W=W, x=x, y=y)
    expected, gradient = svm.exact(W, np.column_stack([np.ones(4, int), x]), y)
    assert expected == L
    assert (gradient == slopes["W"]).all()


def test_a_strict_compiler_has_nothing_to_say_of_the_source(kernel, tmp_path):
    if kernel.language == "C":
        assert compile_strictly(kernel.source, tmp_path) == (0, "")


@pytest.mark.parametrize("target", ["c", "lambdify", "codegen"])
@pytest.mark.parametrize(("old", "new"), [(" - ", " + "), ("exp(", "fabs("), ("log(", "exp(")])
def test_a_printer_that_is_broken_is_noticed(monkeypatch, target, old, new):
    own = targets.TARGETS[target]
    new = new.replace("fabs", "abs" if target == "lambdify" else "fabs")
    wrong = replace(own, source=lambda *of: own.source(*of).replace(old, new))
    monkeypatch.setitem(targets.TARGETS, target, wrong)
    with pytest.raises(WrongSource):
        emitted(read_text(SMALL), target, {"d": 2})


def test_an_exponential_that_overflows_in_c_is_noticed():
    (page,) = find(["softmax"])
    found = printed(derived(page), "c")
    naive = replace(
        found.kernel, source=found.kernel.source.replace("- top", "").replace("top +", "")
    )
    failed = {
        each.name for each in check_page(replace(found, kernel=naive)).checks if not each.passed
    }
    assert failed == {"magnitudes"}


def test_loops_are_written_as_a_person_writes_them():
    (page,) = find(["softmax"])
    lines = emit(page, "c").source.splitlines()
    at = lines.index("    double top = -INFINITY;")
    assert lines[at + 1 : at + 6] == [
        "    for (int64_t j = 0; j < C; j++)",
        "        top = fmax(top, z[j]);",
        "    double sum = 0;",
        "    for (int64_t j = 0; j < C; j++)",
        "        sum += exp(z[j] - top);",
    ]


def test_what_no_array_has_is_refused_before_it_is_read(kernel):
    with pytest.raises(ValueError, match=r"^y must be of labels 0 … 2, not"):
        kernel(**drawn() | {"y": [0, 3]})
    with pytest.raises(ValueError, match=r"^q must be .* not \(4,\)$"):
        kernel(**drawn() | {"q": np.ones(4)})


def test_a_matrix_is_inverted_for_one_size_and_not_in_c():
    page = read_text(MATRIX)
    with pytest.raises(NotEmitted, match=r"^an inverse of a matrix is not emitted for C$"):
        emit(page, "c")
    X, u = np.array([[2.0, 1.0], [0.0, 4.0]]), np.array([1.0, 2.0])
    expected, slopes = emit(page, "numpy")(X, u)
    for target in ("lambdify", "codegen"):
        value, found = emit(page, target, sizes={"d": 2})(X, u)
        assert np.isclose(value, expected)
        assert np.allclose(found["X"], slopes["X"])
    with pytest.raises(NotEmitted, match=r"^the determinant of 5 × 5 entries is not written out"):
        emit(page, "lambdify", sizes={"d": 5})


@pytest.mark.parametrize(
    ("target", "sizes", "words"),
    [
        ("c", {"d": 2}, "^sizes must not be given for 'c', which is for any size$"),
        ("lambdify", None, "^sizes must have a number for each of d, not for none: 'lambdify' is"),
        ("codegen", {"m": 2}, "^sizes must have a number for each of d, not for m: 'codegen' is"),
        ("codegen", {"d": 0}, r"^sizes\['d'\] must be"),
        ("lambdify", {"d": 10**6}, "is more than 20,000 formulas at these sizes: name a target"),
    ],
)
def test_sizes_that_are_none_are_refused(target, sizes, words):
    text = MATRIX.replace(r"u^\top X^{-1} u + \det X", r"\|X u\|^2")
    with pytest.raises(ValueError, match=words):
        emit(read_text(text), target, sizes=sizes)


def test_a_gradient_that_is_a_letter_or_another_gradient_has_an_array_of_its_own():
    text = r"""# Lines

Let $d \ge 1$ and $a, b, c \in \mathbb{R}^d$.

$$ f := a^\top (b + c), \qquad \nabla_a f = b + c, \quad \nabla_b f = a, \quad \nabla_c f = a $$
"""
    a, b, c = np.array([[1.0, 2.0], [3.0, 5.0], [7.0, 11.0]])
    for target in ("c", "codegen"):
        f, slopes = emitted(read_text(text), target, {"d": 2})(a, b, c)
        assert f == a @ (b + c)
        assert [slopes[name].tolist() for name in "abc"] == [[10, 16], [1, 2], [1, 2]]


def test_a_proved_line_is_emitted_in_c_as_its_right_side():
    text = r"""# A parabola

Let $d \ge 1$ and $x, a \in \mathbb{R}^d$.

$$ f := \|x - a\|^2 \tag{P1} $$

$$ \nabla_x f = 2 (x - a) \tag{P2} $$
"""
    kernel = emit(read_text(text)["P2"], "c")
    assert kernel.by == ()
    assert kernel([3.0, 1.0], [1.0, 2.0]).tolist() == [4, -2]
