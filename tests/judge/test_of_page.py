"""Functions of pages that have no loss of scores: what each parameter is, and what is wrong."""

from functools import cache

import numpy as np
import pytest

from gradbook.judge.pages.letters import bindings
from gradbook.judge.pages.of_page import PageObjective, judge_objective
from gradbook.page import read
from gradbook.page.discover import find
from gradbook.subjects import InProcess


@cache
def objective(name):
    return PageObjective.of(find([name])[0])


def judged(page, function, letters=None):
    return judge_objective(InProcess(function), objective(page), letters)


def sentences(judgement):
    return [finding.sentence for finding in judgement.findings]


# ------------------------------------------------------------------------------------------- ridge


def ridge(w, X, y, lam, data=1.0, slope=1.0, penalty=1.0, of_penalty=1.0):
    r = X @ w - y
    n = len(y)
    loss = data * (r @ r) / (2 * n) + penalty * lam / 2 * w @ w
    return loss, slope * X.T @ r / n + of_penalty * lam * w


@pytest.mark.parametrize(
    ("factors", "said"),
    [
        ({}, []),
        ({"data": 2.0, "slope": 2.0}, []),
        ({"penalty": 2.0, "of_penalty": 2.0}, []),
        ({"slope": 0.0}, ["the gradient by w is 0"]),
        ({"slope": -1.0}, ["the gradient by w has the other sign"]),
        ({"slope": 2.0}, ["the gradient by w is 2 times the right one"]),
        ({"penalty": 2.0}, ["the penalty is 2 times the right one"]),
        ({"of_penalty": 0.0}, ["the gradient of the penalty by w is 0"]),
        (
            {"data": 3.0, "slope": 3.0},
            ["the loss is 3 times that of the page, and so are its gradients"],
        ),
    ],
)
def test_what_multiplies_the_whole_is_a_convention_and_a_part_alone_is_wrong(factors, said):
    def function(w, X, y, lam):
        return ridge(w, X, y, lam, **factors)

    found = judged("ridge", function)
    assert sentences(found) == said
    assert found.status == ("wrong" if said else "right")
    assert all(finding.line in ("R2", "R4") for finding in found.findings)
    told = "loss and gradients are 2 times those of the page" in found.remarks
    assert told == (factors == {"data": 2.0, "slope": 2.0})


def test_of_what_is_returned_without_a_gradient_the_loss_alone_is_judged():
    def loss_alone(w, X, y, lam):
        return 2 * ridge(w, X, y, lam)[0]

    def with_residuals(w, X, y, lam):
        return loss_alone(w, X, y, lam), X @ w - y

    for function, told in (
        (loss_alone, "it returns no gradient by w, which is not judged (GB806)"),
        (with_residuals, "only its loss is judged: what comes with it is no gradient by w (GB805)"),
    ):
        found = judged("ridge", function)
        assert found.passed
        assert list(map(str, found.findings)) == [told]
        assert found.covered.startswith("what it returns")
        assert "what it returns is 2 times that of the page" in found.remarks


def test_the_sum_in_place_of_the_mean_is_a_convention_in_all_and_not_in_one():
    def sums(X, y, theta, alpha):
        n = len(y)
        loss, slope = ridge(theta, X, y, alpha)
        return n * loss, n * slope

    def one_sum(X, y, theta, alpha):
        loss, slope = ridge(theta, X, y, 0)
        return loss + alpha / 2 * theta @ theta, len(y) * slope + alpha * theta

    assert judged("ridge", sums).passed
    assert sentences(judged("ridge", one_sum)) == ["the gradient by theta is not divided by n"]


def test_another_formula_is_told_with_a_number():
    def absolute(w, X, y, lam):
        r = X @ w - y
        return np.abs(r).mean() + lam / 2 * w @ w, X.T @ np.sign(r) / len(y) + lam * w

    found = judged("ridge", absolute)
    assert sentences(found)[0] == "the loss is not that of the page"
    assert not found.findings[0].explained
    assert found.findings[0].example.startswith("with n = 5, d = 3: it is ")


def test_letters_that_no_name_and_no_shape_tells_are_said():
    def of_lists(a, b, p, q):
        return ridge(p, a, b, q)

    assert judged("ridge", of_lists, {"a": "X", "b": "y", "p": "w", "q": "lambda_"}).passed
    refused = judged("ridge", lambda w: 0.0)
    assert refused.status == "not judged"
    assert refused.reason == (
        "in no way its parameters (w) are the letters of the page, X, y, w, lambda_; --letters "
        "says which is which, as in W1=A,b1=a"
    )
    nothing = judged("ridge", lambda w, X, y, lam: None)
    assert nothing.reason.startswith("it returns None, where its parameters (w, X, y, lam) are")


def test_inputs_that_are_changed_are_a_finding():
    def function(w, X, y, lam):
        X -= 0.5
        return ridge(w, X + 0.5, y, lam)

    assert sentences(judged("ridge", function)) == ["it changes X"]


# ----------------------------------------------------------------- a batch of what the page has one


def of_columns(weights, images, labels):
    """W as (C, D), an example in each column; the sum over them."""
    n = np.arange(len(labels))
    p = np.exp(weights @ images)
    p /= p.sum(0)
    loss = -np.log(p[labels, n]).sum()
    p[labels, n] -= 1
    return loss, p @ images.T


def of_rows(W, X, y, reg, slope=2.0):
    loss, gradient = of_columns(W.T, X.T, y)
    return loss / len(y) + reg * (W**2).sum(), gradient.T / len(y) + slope * reg * W


def test_a_page_of_one_example_judges_batches_in_rows_and_columns():
    found = judged("softmax", of_columns)
    assert found.passed
    assert "loss and gradients are N times those of the page" in found.remarks
    assert judged("softmax", of_rows).remarks[0] == (
        "W is Wᵀ, X is x; the examples are rows; reg is the strength of a penalty"
    )


def test_a_penalty_that_the_page_has_not_must_agree_with_its_gradient():
    assert judged("softmax", of_rows).passed
    found = judged("softmax", lambda W, X, y, reg: of_rows(W, X, y, reg, slope=1.0))
    assert sentences(found) == [
        "the penalty of W is reg·ΣW² in the loss, and reg·W in its gradient"
    ]
    without = judged("softmax", lambda W, X, y, reg: of_rows(W, X, y, reg, slope=0.0))
    assert sentences(without) == [
        "the penalty of W is reg·ΣW² in the loss, and nothing in its gradient"
    ]


# ---------------------------------------------------------------------------- two layers of a net


def network(params, X, y, mask=True, of_bias=1.0):
    W1, b1, W2, b2 = (params[name] for name in ("W1", "b1", "W2", "b2"))
    n = np.arange(len(y))
    hidden = np.maximum(X @ W1 + b1, 0)
    p = np.exp(hidden @ W2 + b2)
    p /= p.sum(1, keepdims=True)
    loss = -np.log(p[n, y]).mean()
    p[n, y] -= 1
    below = p @ W2.T * (hidden > 0 if mask else 1) / len(y)
    gradients = X.T @ below, below.sum(0), hidden.T @ p / len(y), of_bias * p.mean(0)
    return loss, dict(zip(("W1", "b1", "W2", "b2"), gradients, strict=True))


def test_parameters_that_are_called_as_the_letters_of_the_page_are_these():
    def loss(A, a, B, b, X, y):
        return network({"W1": A, "b1": a, "W2": B, "b2": b}, X, y)

    first = next(bindings(InProcess(loss), objective("two_layer_network").kernel, {}))
    assert dict(first.letters) == {**{name: name for name in "AaBby"}, "X": "x"}


def test_each_gradient_of_a_network_is_judged_by_its_line():
    def of_network(W1, b1, W2, b2, X, y, **slips):
        return network({"W1": W1, "b1": b1, "W2": W2, "b2": b2}, X, y, **slips)

    def without_a_mask(W1, b1, W2, b2, X, y):
        return of_network(W1, b1, W2, b2, X, y, mask=False)

    def misshapen(W1, b1, W2, b2, X, y):
        loss, slopes = of_network(W1, b1, W2, b2, X, y)
        return loss, {**slopes, "W1": np.ones((len(W1), len(b2)))}

    def both_misshapen(W1, b1, W2, b2, X, y):
        loss, slopes = misshapen(W1, b1, W2, b2, X, y)
        return loss, {**slopes, "W2": np.ones((1, len(b2)))}

    def without_two(W1, b1, W2, b2, X, y):
        loss, slopes = of_network(W1, b1, W2, b2, X, y)
        return loss, {name: slopes[name] for name in ("W2", "b2")}

    def doubled(W1, b1, W2, b2, X, y):
        return of_network(W1, b1, W2, b2, X, y, of_bias=2.0)

    assert judged(
        "two_layer_network", lambda W1, b1, W2, b2, X, y: of_network(W1, b1, W2, b2, X, y)
    ).passed
    some = judged("two_layer_network", without_two)
    assert (some.status, sentences(some)) == (
        "right",
        ["it returns no gradient by W1 and b1, which is not judged"],
    )
    assert list(map(str, judged("two_layer_network", without_a_mask).findings)) == [
        "the gradients by W1 and b1 are not those of the page (L10, GB901)",
    ]
    assert list(map(str, judged("two_layer_network", misshapen).findings)) == [
        "the gradient by W1 has another shape (L10, GB803)",
    ]
    assert list(map(str, judged("two_layer_network", both_misshapen).findings)) == [
        "the gradients by W1 and W2 have another shape (L10, GB803)",
    ]
    assert list(map(str, judged("two_layer_network", doubled).findings)) == [
        "the gradient by b2 is 2 times the right one (L8, GB505)"
    ]


# ------------------------------------------------------------------------- letters that are numbers

NUMBERS = r"""Let $n, d \ge 1$, $i \in \{1, \dots, n\}$, $X \in \mathbb{R}^{n \times d}$,
$w \in \mathbb{R}^d$, $b \in \mathbb{R}$, $c \in \mathbb{R}$ with $c \ge 2$, and
$q \in \mathbb{R}^n$ with $0 < q_i < 1$.
$$ r_i := X_{i,:} w + b, \quad E := \sum_i \log(1 - q_i) r_i^2 + \sqrt{c - 1} \tag{E1} $$
$$ \nabla_w E = 2 X^\top (\log(1 - q_i) r_i)_i \tag{E2} $$
$$ \frac{\partial E}{\partial b} = 2 \sum_i \log(1 - q_i) r_i \tag{E3} $$
"""


def test_a_gradient_by_a_number_is_judged_and_letters_are_asked_where_they_may_be(tmp_path):
    (tmp_path / "errors.md").write_text(NUMBERS, "utf-8")
    page = PageObjective.of(read(tmp_path / "errors.md"))

    def error(w, b, X, q, c, of_bias=2):
        r = X @ w + b
        log = np.log(1 - q)
        return log @ r**2 + np.sqrt(c - 1), 2 * X.T @ (log * r), of_bias * log @ r

    def by_name(X, w, b, q, c):
        loss, dw, db = error(w, b, X, q, c, 1)
        return {"loss": loss, "dw": dw, "db": db}

    right = judge_objective(InProcess(lambda w, b, X, q, c: error(w, b, X, q, c)), page, None)
    assert (right.status, right.covered.startswith("the loss and each gradient")) == ("right", True)
    wrong = judge_objective(InProcess(by_name), page, None)
    assert sentences(wrong) == ["the gradient by b is 0.5 times the right one"]
