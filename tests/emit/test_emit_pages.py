# ruff: noqa: E501 - a formula is written on one line
r"""The objective of any page is emitted with its gradients, and no source that is wrong is."""

import pickle
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import derivation
from derivation.multiclass_svm import notes, svm
from gradbook import emit
from gradbook.emit import NotEmitted, WrongSource
from gradbook.emit.pages import slopes, targets, text
from gradbook.emit.pages.algebra import times
from gradbook.emit.pages.terms import Apply, Holds, Number, Term
from gradbook.page import read_text
from gradbook.page.discover import find

NETWORK = r"""# A network

The input is $x \in \mathbb{R}^d$ with $d \ge 1$; there are $h \ge 1$ hidden units and $o \ge 1$ outputs. The weights
are $A \in \mathbb{R}^{h \times d}$, $b \in \mathbb{R}^h$, $B \in \mathbb{R}^{o \times h}$, $c \in \mathbb{R}^o$, the
target is $t \in \mathbb{R}^o$.

$$ z := A x + b, \qquad u := \max(0, z), \qquad v := B u + c, \qquad E := \frac{1}{2} \|v - t\|^2 \tag{T1} $$

$$ \nabla_c E = v - t \tag{T2} $$

$$ \nabla_B E = (v - t) u^\top \tag{T3} $$

$$ \nabla_b E = B^\top (v - t) \circ \mathbb{1}\{z > 0\} \tag{T5} $$

$$ \nabla_A E = \left[ B^\top (v - t) \circ \mathbb{1}\{z > 0\} \right] x^\top \tag{T6} $$
"""

#: A batch of examples, with weights of the classes and a penalty.
SOFTMAX = r"""# Softmax

Let $C \ge 2$, $m \ge 1$, $n \ge 1$, $j, k \in \{1, \dots, C\}$ and $i \in \{1, \dots, n\}$. The weights are
$W \in \mathbb{R}^{C \times m}$, the examples $x^{(i)} \in \mathbb{R}^m$ with the classes $y^{(i)} \in \{1, \dots, C\}$,
which weigh $q \in \mathbb{R}^C$; $\lambda \ge 0$ is given.

$$ z^{(i)} := W x^{(i)}, \qquad p^{(i)}_k := \frac{\exp(z^{(i)}_k)}{\sum_j \exp(z^{(i)}_j)} \tag{S1} $$

$$ R := -\frac{1}{n} \sum_i q_{y^{(i)}} \log p^{(i)}_{y^{(i)}} + \frac{\lambda}{2} \sum_k \|W_k\|^2 \tag{S2} $$

$$ \nabla_W R = \nabla_W R \tag{S3} $$
"""

POINTS = r"""# Two points

Let $d \ge 1$, $a \in \{1, \dots, d\}$, and let $x, w \in \mathbb{R}^d$ be two points, $\theta > 0$.

"""


def page(formula, given=POINTS, by="x"):
    return read_text(
        f"{given}$$ f := {formula} \\tag{{A}} $$\n\n$$ \\nabla_{{{by}}} f = \\nabla_{{{by}}} f $$\n"
    )


def network(d=3, h=4, o=2, seed=1):
    rng = np.random.default_rng(seed)
    shapes = {"x": (d,), "A": (h, d), "b": (h,), "B": (o, h), "c": (o,), "t": (o,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


def by_differences(kernel, given, name, h=1e-6):
    slopes = np.zeros_like(given[name])
    for place in np.ndindex(slopes.shape):
        up, down = (given[name].copy() for _ in range(2))
        up[place] += h
        down[place] -= h
        values = [kernel(**{**given, name: moved})[0] for moved in (up, down)]
        slopes[place] = (values[0] - values[1]) / (2 * h)
    return slopes


def test_a_network_is_emitted_with_the_gradient_by_each_of_its_weights():
    kernel, given = emit(read_text(NETWORK), "numpy"), network()
    E, slopes = kernel(**given)
    assert [argument.name for argument in kernel.arguments] == ["x", "A", "b", "B", "c", "t"]
    z = given["A"] @ given["x"] + given["b"]
    r = given["B"] @ np.maximum(0, z) + given["c"] - given["t"]
    dz = given["B"].T @ r * (z > 0)
    assert 0 < (z > 0).sum() < 4
    by_hand = {"A": np.outer(dz, given["x"]), "b": dz, "B": np.outer(r, np.maximum(0, z)), "c": r}
    assert isinstance(E, float)
    assert np.isclose(E, r @ r / 2, rtol=1e-14)
    assert slopes.keys() == by_hand.keys()
    for name, slope in by_hand.items():
        assert np.allclose(slopes[name], slope, rtol=1e-13, atol=1e-14)
        assert np.allclose(slopes[name], by_differences(kernel, given, name), rtol=1e-6, atol=1e-8)


def test_the_source_reads_as_the_page_does():
    source = emit(read_text(NETWORK), "numpy").source
    for row in (
        "z = A @ x + b",
        "u = np.maximum(0, z)",
        "dv = v - t",
        "du = B.T @ dv",
        "dz = du * (z > 0)",
    ):
        assert f"    {row}\n" in source


def softmax(n=5, m=3, C=4, scale=1.0):
    rng = np.random.default_rng(1)
    W, x = scale * rng.normal(size=(C, m)), rng.normal(size=(n, m))
    return {"W": W, "x": x, "y": rng.integers(0, C, n), "q": rng.random(C), "lambda_": 0.3}


def test_a_mean_over_examples_with_their_labels_is_emitted_for_all_of_them_at_once():
    kernel, given = emit(read_text(SOFTMAX), "numpy"), softmax()
    R, slopes = kernel(**given)
    W, x, y, q = (given[name] for name in ("W", "x", "y", "q"))
    P = np.exp(x @ W.T)
    P /= P.sum(axis=1, keepdims=True)
    n = np.arange(len(y))
    assert np.isclose(R, -(q[y] * np.log(P[n, y])).mean() + 0.15 * (W**2).sum(), rtol=1e-13)
    P[n, y] -= 1
    assert np.allclose(
        slopes["W"], (q[y, None] * P).T @ x / len(y) + 0.3 * W, rtol=1e-12, atol=1e-14
    )


def test_no_exponential_overflows_and_no_logarithm_is_of_0_at_scores_of_a_thousand():
    kernel = emit(read_text(SOFTMAX), "numpy")
    given = softmax(n=1, m=1, C=3) | {"lambda_": 0.0, "x": np.ones((1, 1)), "q": np.ones(3)}
    given |= {"W": np.array([[1000.0], [0.0], [-1000.0]]), "y": np.array([2])}
    R, slopes = kernel(**given)
    assert R == 2000
    assert slopes["W"].ravel().tolist() == [1, 0, -1]


def test_the_page_of_the_svm_is_emitted_in_its_own_letters():
    kernel = emit(notes, "numpy")
    rng = np.random.default_rng(2)
    W, x, y = rng.integers(-2, 3, (4, 3)), rng.integers(-2, 3, (8, 2)), rng.integers(0, 4, 8)
    L, slopes = kernel(W=W, x=x, y=y)
    expected, gradient = svm.exact(W, np.column_stack([np.ones(8, int), x]), y)
    assert expected == L
    assert (gradient == slopes["W"]).all()


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        (r"\sum_a w_a \exp(x_a / \theta)", "w @ r"),
        (r"\log \sum_a \exp(x_a / \theta)", "logsumexp(x / theta, 0)"),
        (r"\frac{x^\top w}{1 + \|x\|^2}", "r / r2"),
        (r"\sqrt{1 + \|x - w\|^2}", "np.sqrt(1 + ((x - w)**2).sum())"),
        (r"\operatorname{tr}(x w^\top) + x_1^3", "x @ w + x[0]**3"),
        (r"\max(0, x^\top w + \theta)", "np.maximum(0, r)"),
        (r"\sum_{a \ne 1} x_a w_a", "(x * (a != 0)) @ w"),
    ],
)
def test_a_formula_is_written_as_a_person_writes_it(formula, code):
    kernel = emit(page(formula), "numpy")
    assert f"f = {code}\n" in kernel.source
    rng = np.random.default_rng(3)
    given = {a.name: rng.random(3) + 0.2 if a.counts else 0.7 for a in kernel.arguments}
    assert np.allclose(
        kernel(**given)[1]["x"], by_differences(kernel, given, "x"), rtol=1e-6, atol=1e-8
    )


def test_a_line_that_is_proved_is_emitted_as_its_right_side():
    line = read_text(NETWORK)["T6"]
    kernel, given = emit(line, "numpy"), network()
    assert np.allclose(kernel(**given), emit(read_text(NETWORK), "numpy")(**given)[1]["A"])


def test_a_line_that_is_false_is_not_emitted():
    wrong = read_text(NETWORK.replace("(v - t) u^", "(t - v) u^"))
    with pytest.raises(NotEmitted, match=r"^T3 is not proved, and only what is proved is emitted$"):
        emit(wrong["T3"], "numpy")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (NETWORK.partition(r"$$ \nabla_c")[0], "differentiates no number that it defines"),
        (
            POINTS + r"$$ f := \sum_a \det(x_a x w^\top), \quad \nabla_x f = \nabla_x f $$",
            "an inverse or a determinant for each index is not emitted",
        ),
    ],
)
def test_what_cannot_be_emitted_says_why(text, words):
    with pytest.raises(NotEmitted, match=words):
        emit(read_text(text), "numpy")


@pytest.mark.parametrize(
    ("line", "words"),
    [("T1", "states no equality")],
)
def test_a_line_that_states_nothing_to_emit_says_so(line, words):
    with pytest.raises(NotEmitted, match=words):
        emit(read_text(NETWORK)[line], "numpy")


@pytest.mark.parametrize(
    ("name", "rule"),
    [
        ("exp", lambda u: u),
        ("log", lambda u: Apply("log", u)),
        ("sqrt", lambda u: Apply("sqrt", u)),
        ("max0", lambda u: Holds(u, "≥")),
    ],
)
def test_a_wrong_rule_of_a_slope_is_noticed_and_nothing_is_returned(monkeypatch, name, rule):
    monkeypatch.setattr(slopes, "_SLOPES", {**slopes._SLOPES, name: rule})
    formulas = {
        "exp": r"\exp(x^\top w)",
        "log": r"\log(1 + \|x\|^2)",
        "sqrt": r"\sqrt{1 + \|x\|^2}",
        "max0": r"\max(0, x^\top w)",
    }
    with pytest.raises(WrongSource):
        emit(page(formulas[name]), "numpy")


@pytest.mark.parametrize(
    ("old", "new"),
    [(" - ", " + "), ("np.maximum(0, ", "np.abs("), (".T @", " @")],
)
def test_a_printer_that_is_broken_is_noticed_and_nothing_is_returned(monkeypatch, old, new):
    numpy = targets.TARGETS["numpy"]
    wrong = replace(numpy, source=lambda *of: numpy.source(*of).replace(old, new))
    monkeypatch.setitem(targets.TARGETS, "numpy", wrong)
    with pytest.raises((WrongSource, ValueError)):
        emit(read_text(NETWORK), "numpy")


def test_a_letter_that_the_printer_takes_for_another_is_noticed(monkeypatch):
    ref = text.Printer._ref

    def transposed(self, term):
        code = ref(self, term)
        return replace(code, axes=code.axes[::-1])

    monkeypatch.setattr(text.Printer, "_ref", transposed)
    with pytest.raises((WrongSource, ValueError)):
        emit(read_text(NETWORK), "numpy")


@pytest.mark.parametrize(
    ("changes", "error", "words"),
    [
        (
            {"A": np.ones((4, 2))},
            ValueError,
            r"A must be \(h, d\) with d = 3, as in x, not \(4, 2\)",
        ),
        ({"A": np.ones(4)}, ValueError, r"A must be \(h, d\), not of shape \(4,\)"),
        ({"t": [1, np.nan]}, ValueError, "t must be finite"),
        ({"t": ["a", "b"]}, TypeError, r"t must be real numbers, \(o,\)"),
        ({"x": []}, ValueError, r"x must be \(d,\) with d ≥ 1, not \(0,\)"),
        ({"w": 1}, TypeError, "it takes x, A, b, B, c, t, and no w"),
        ({"c": [1e308, 1e308], "t": [-1e308, 0]}, ValueError, "the objective is not finite there"),
    ],
)
def test_what_does_not_fit_together_is_refused(changes, error, words):
    kernel = emit(read_text(NETWORK), "numpy")
    with pytest.raises(error, match=f"^{words}"):
        kernel(**{**network(), **changes})


def test_labels_are_counted_from_0_and_others_are_refused():
    kernel, given = emit(read_text(SOFTMAX), "numpy"), softmax()
    with pytest.raises(ValueError, match=r"^y must be of labels 0 … 3, not \[0, 1, 2, 3, 4\]$"):
        kernel(**given | {"y": np.arange(5)})
    with pytest.raises(TypeError, match=r"^y must be whole numbers"):
        kernel(**given | {"y": np.ones(5)})
    del given["lambda_"]
    with pytest.raises(TypeError, match=r"lambda_ is not given$"):
        kernel(**given)


def test_a_kernel_pickles_before_and_after_its_first_call_and_changes_nothing_it_is_given():
    kernel, given = emit(read_text(NETWORK), "numpy"), network()
    before = {name: value.copy() for name, value in given.items()}
    for _ in range(2):
        kernel = pickle.loads(pickle.dumps(kernel))
        _, slopes = kernel(**given)
    slopes["c"][:] = 0  # what is returned is the caller's own
    assert slopes["b"].any()
    assert all((before[name] == value).all() for name, value in given.items())


def test_another_target_than_those_for_pages_is_refused():
    with pytest.raises(ValueError, match=r"^target must be .*'numpy'.*, not 'c-fast'"):
        emit(read_text(NETWORK), "c-fast")


@pytest.mark.parametrize("target", ["jax", "torch"])
@pytest.mark.parametrize("text", [NETWORK, SOFTMAX])
def test_the_same_is_printed_for_other_libraries_and_compared_without_them(text, target):
    kernel = emit(read_text(text), target)
    assert f"import {target}\n" in kernel.source


@pytest.mark.parametrize(
    "target", [pytest.param(t, marks=pytest.mark.framework(t)) for t in ("jax", "torch")]
)
def test_other_libraries_compute_the_same(target):
    for page_text, given in ((NETWORK, network()), (SOFTMAX, softmax())):
        value, slopes = emit(read_text(page_text), target)(**given)
        expected, right = emit(read_text(page_text), "numpy")(**given)
        assert np.isclose(value, expected, rtol=1e-13)
        assert slopes.keys() == right.keys()
        for name, slope in slopes.items():
            assert np.allclose(slope, right[name], rtol=1e-12, atol=1e-14)


PAGES = [  # the matrix lemmas differentiate no number of their own
    page for page in find([Path(derivation.__file__).parent]) if page.path.stem != "matrix_lemmas"
]


@pytest.mark.quick("softmax", "numpy-ridge", "numpy-two", "numpy-batch")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.path.stem)
@pytest.mark.parametrize("target", ["numpy", "torch"])
def test_every_page_of_the_course_that_differentiates_a_number_is_emitted(page, target):
    assert emit(page, target).by


def test_one_of_several_numbers_may_be_named_and_labels_that_are_numbers_are_given_as_such():
    (logistic,) = find(["logistic"])
    kernel = emit(logistic, "numpy", of="J")
    J, slopes = kernel(x=[[1000.0], [1.0]], t=[1, -1], w=[-1.0], lambda_=0)
    assert np.isclose(J, (1000 + np.log1p(np.exp(-1))) / 2)
    assert np.isclose(slopes["w"][0], (-1000 + 1 / (1 + np.e)) / 2)
    with pytest.raises(ValueError, match=r"^t must be −1 or 1, not \[1, 0\]$"):
        kernel(x=[[1.0], [1.0]], t=[1, 0], w=[-1.0], lambda_=0)
    with pytest.raises(NotEmitted, match=r"differentiates sigma, J, h, and no K$"):
        emit(logistic, "numpy", of="K")


def test_a_count_of_what_holds_is_a_number_where_true_and_true_would_be_true():
    formula = r"\sum_a w_a (\mathbb{1}\{x_a > 0\} + \mathbb{1}\{x_a > 1\})"
    value, _ = emit(page(formula, by="w"), "numpy")([2.0, 1.0], [1.0, 10.0])
    assert value == 12


def test_products_that_differ_in_their_order_are_one_and_a_vector_in_between_is_no_einsum():
    text = r"""
Given $X \in \mathbb{R}^{n \times d}$, $y, q \in \mathbb{R}^n$ and $w \in \mathbb{R}^d$ with $n \ge 1$, $d \ge 1$.

$$ J := \frac{1}{2} (X w - y)^\top \operatorname{diag}(q) (X w - y), \qquad \nabla_w J = \nabla_w J \tag{W} $$
"""
    assert "    dw = X.T @ (q * r)\n" in emit(read_text(text), "numpy").source


def test_what_is_computed_twice_is_made_once():
    kernel = emit(page(r"\log \sum_a \exp(x_a) + \sum_a w_a \exp(\|x - w\|^2)"), "numpy")
    assert kernel.source.count("np.exp((") == 1
    assert kernel.source.count(" logsumexp(") == 2  # its definition, and its call


def test_numbers_are_gathered_in_front_of_a_product():
    two: Term = Number(2)
    u = Apply("exp", Number(3))
    assert times(two, u, two) == times(Number(4), u)


def test_what_the_text_defines_is_emitted_too():
    text = r"Let $n \ge 1$, $w \in \mathbb{R}^n$ and $J := \sum_a w_a^2$ with $a \in [n]$."
    kernel = emit(read_text(f"{text}\n\n$$ \\nabla_w J = 2 w \\tag{{W}} $$\n"), "numpy")
    assert kernel([1.0, 2.0])[0] == 5


#: The largest of each example, but for one class; the smallest; and the largest of all.
RANKED = r"""
Let $n, m \ge 1$, $C \ge 2$, $i \in [n]$, $j, k \in [C]$, $b \in [m]$, $x^{(i)} \in \mathbb{R}^m$, $y^{(i)} \in [C]$
and $W \in \mathbb{R}^{C \times m}$.

$$ s^{(i)} := W x^{(i)}, \quad r_i := \max_{j \ne y^{(i)}} s_j^{(i)} - \min_k (s_k^{(i)})^2 $$
$$ J := \frac{1}{n} \sum_i \max(0, 1 + r_i - s_{y^{(i)}}^{(i)}) + \max_b x^{(1)}_b W_{1b} $$
$$ \nabla_W J = \nabla_W J \tag{W} $$
"""


@pytest.mark.quick("numpy", "codegen")
@pytest.mark.parametrize("target", ["numpy", "torch", "jax", "c", "lambdify", "codegen"])
def test_a_maximum_over_an_index_is_emitted_with_the_slope_of_the_first_of_the_largest(target):
    at = {} if target in ("numpy", "torch", "jax", "c") else {"sizes": {"C": 3, "m": 2, "n": 2}}
    kernel = emit(read_text(RANKED), target, **at)
    if target in ("torch", "jax"):  # what was printed is compared with the page by itself
        return
    x, y, W = [[1.0, 0.0], [2.0, 2.0]], [0, 2], [[0.0, 1.0], [1.0, 0.0], [1.0, 0.0]]
    J, slopes = kernel(x, y, W)
    assert J == 1
    assert slopes["W"].tolist() == [[0.5, 0.0], [0.5, 0.0], [0.0, 0.0]]
