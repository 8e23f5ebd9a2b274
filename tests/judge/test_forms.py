"""Forms of the loss other than a batch with reg·ΣW²: right in their own convention, wrong in it."""

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge import Forced, judge
from gradbook.judge.penalties.forms import Form
from gradbook.subjects import InProcess

batch = edited()


def judged(function, **options):
    return judge(InProcess(function), svm, **options)


def sentences(function):
    found = judged(function)
    assert found.status == "wrong", found.reason
    return [one.sentence for one in found.findings]


# ------------------------------------------------------------------------------------ one example


def L_i(x, y, W):
    loss, scores = 0.0, W.dot(x)
    for j in range(W.shape[0]):
        if j != y:
            loss += max(0, scores[j] - scores[y] + 1)
    return loss


def L_i_vectorized(x, y, W):
    scores = W.dot(x)
    margins = np.maximum(0, scores - scores[y] + 1)
    margins[y] = 0
    return np.sum(margins)


def features_first(W, x, y, reg):
    u = x @ W - (x @ W)[y] + 1
    u[y] = 0
    m = (u > 0).astype(float)
    m[y] = -m.sum()
    return np.maximum(u, 0).sum() + reg * np.sum(W * W), np.outer(x, m) + 2 * reg * W


@pytest.mark.quick("L_i_vectorized")
@pytest.mark.parametrize("function", [L_i, L_i_vectorized])
def test_a_loss_of_one_example_is_right(function):
    found = judged(function)
    assert found.status == "right", found.findings
    assert str(found.convention) == (
        "one example: W is (C, D), x is (D,), y a number; returns the loss; there is no reg"
    )


@pytest.mark.thorough
def test_a_loss_and_gradient_of_one_example_are_right():
    found = judged(features_first)
    assert found.status == "right", found.findings
    assert str(found.convention).startswith("one example: W is (D, C), x is (D,), y a number; ")


@pytest.mark.thorough
def test_a_wrong_loss_of_one_example_is_wrong_and_its_fault_is_named():
    def counts_the_label(x, y, W):
        scores = W.dot(x)
        return np.sum(np.maximum(0, scores - scores[y] + 1))

    assert "the correct class is not left out of the sum" in sentences(counts_the_label)[0]


@pytest.mark.thorough
def test_a_wrong_gradient_of_one_example_is_wrong_and_its_example_can_be_run():
    def row_y_has_the_wrong_sign(x, y, W):
        loss, gradient = features_first(W.T, x, y, 0)
        gradient[:, y] *= -1
        return loss, gradient.T

    found = judged(row_y_has_the_wrong_sign)
    assert found.findings[0].sentence == "in the gradient, row y has the wrong sign"
    exec(found.example, {"row_y_has_the_wrong_sign": row_y_has_the_wrong_sign})


@pytest.mark.thorough
def test_a_batch_is_no_function_of_one_example_and_a_person_may_say_which_it_is():
    assert not judged(batch).convention.alone
    assert judged(batch, forced=Forced(examples="(D,)")).status == "not judged"


# -------------------------------------------------------------------------- the weight of the data


def weighed(loss, gradient):
    """A function of W, X, y and C, made of the data's parts, summed over the examples."""

    def svm_loss(W, X, y, C):
        of_data, dW = batch(W, X, y, 0.0)
        n = len(y)
        return loss(W, C, n * of_data, n), gradient(W, C, n * dW, n)

    return svm_loss


def squares(W):
    return np.sum(W * W)


WEIGHED = {
    "the sum over the examples; the penalty is ½·ΣW²; ": weighed(
        lambda W, C, loss, n: squares(W) / 2 + C * loss, lambda W, C, dW, n: W + C * dW
    ),
    "the mean over the examples; the penalty is ΣW²; ": weighed(
        lambda W, C, loss, n: squares(W) + C * loss / n, lambda W, C, dW, n: 2 * W + C * dW / n
    ),
    "the mean over the examples; the penalty is ½·ΣW² / n; ": weighed(
        lambda W, C, loss, n: (squares(W) / 2 + C * loss) / n, lambda W, C, dW, n: (W + C * dW) / n
    ),
}


@pytest.mark.quick("the sum over")
@pytest.mark.parametrize("words", WEIGHED)
def test_a_weight_of_the_data_is_a_convention(words):
    found = judged(WEIGHED[words])
    assert found.status == "right", found.findings
    assert f"C multiplies the data's part, {words}" in str(found.convention)


@pytest.mark.thorough
def test_a_weight_of_the_data_in_the_loss_alone_is_a_convention_of_it():
    found = judged(lambda W, X, y, C: squares(W) / 2 + C * len(y) * batch(W, X, y, 0.0)[0])
    assert found.status == "right", found.findings
    assert found.convention.weighed == "sum"


WRONGLY_WEIGHED = [
    ("the penalty ½·ΣW² is in the loss, but its term is missing in the gradient", "C * dW"),
    ("the penalty is ½·ΣW², but its gradient is 2·W, not W: the factor 2 is too much",
     "2 * W + C * dW"),
    ("C is missing in the gradient: the data's part of it is not multiplied by C", "W + dW"),
    ("C multiplies all of the gradient: the penalty's part is to stand without C", "C * (W + dW)"),
    ("the data's part of the gradient is missing: only the penalty's is there", "W"),
    ("in the gradient, everything has the wrong sign", "W - C * dW"),
    ("the loss is not divided by n", "W + C * dW / n"),
]  # fmt: skip


@pytest.mark.thorough
@pytest.mark.parametrize(("words", "gradient"), WRONGLY_WEIGHED)
def test_what_is_wrong_beside_a_weight_of_the_data_is_said_of_that_form(words, gradient):
    function = weighed(
        lambda W, C, loss, n: squares(W) / 2 + C * loss,
        eval(f"lambda W, C, dW, n: {gradient}"),
    )
    assert words in sentences(function)


@pytest.mark.thorough
def test_a_missing_penalty_beside_a_weight_of_the_data_is_wrong():
    function = weighed(lambda W, C, loss, n: C * loss, lambda W, C, dW, n: C * dW)
    assert sentences(function) == [
        "the penalty is missing: C multiplies the data's part, and nothing else is there"
    ]


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("margins.sum() / N + reg", "reg"),
        ("+ reg * np.sum(W * W)", "+ np.sum(W * W)"),
        ("margins.sum() / N + reg * np.sum(W * W)", "np.sum(W * W)"),
    ],
)
def test_a_usual_function_with_a_wrong_penalty_does_not_pass_for_the_other_form(old, new):
    found = judged(edited((old, new)))
    assert found.status == "wrong"
    assert found.convention.weighed == ""


@pytest.mark.thorough
def test_the_example_of_a_fault_beside_a_weight_of_the_data_is_in_its_own_terms():
    function = weighed(
        lambda W, C, loss, n: squares(W) + C * loss + 0.25, lambda W, C, dW, n: 2 * W + C * dW
    )
    assert "\nC = " in judged(function).example


@pytest.mark.thorough
def test_a_person_may_say_what_reg_multiplies():
    sum_ = WEIGHED["the sum over the examples; the penalty is ½·ΣW²; "]
    assert judged(sum_, forced=Forced(weighed="sum")).status == "right"
    assert judged(sum_, forced=Forced(weighed="penalty")).status == "wrong"


# ------------------------------------------------------------------------------- a bias beside W


def of_scores(scores, y):
    """The data's part of the loss, and the coefficients divided by n."""
    r = np.arange(len(y))
    margins = np.maximum(0, scores - scores[r, y][:, None] + 1)
    margins[r, y] = 0
    M = (margins > 0).astype(float)
    M[r, y] = -M.sum(axis=1)
    return margins.sum() / len(y), M / len(y)


def with_bias(scores="X @ W + b", of_bias="M.sum(axis=0)", gradient="X.T @ M"):
    names = {"np": np, "of_scores": of_scores}
    exec(
        "def svm_loss(X, y, W, b, lamda):\n"
        f"    loss, M = of_scores({scores}, y)\n"
        f"    return loss + lamda * np.sum(W * W), {gradient} + 2 * lamda * W, {of_bias}\n",
        names,
    )
    return names["svm_loss"]


def columns_with_bias(X, y, W, b, lamda):
    _, M = of_scores((W @ X + b).T, y)
    return M.T @ X.T + 2 * lamda * W, M.sum(axis=0)[:, None]


@pytest.mark.quick("svm_loss")
@pytest.mark.parametrize(
    ("function", "words"),
    [
        (with_bias(), "W is (D, C) and X is (N, D); b is (C,), beside W; "),
        (columns_with_bias, "W is (C, D) and X is (D, N); b is (C, 1), beside W; returns the grad"),
    ],
)
def test_a_bias_beside_the_weights_is_a_convention(function, words):
    found = judged(function)
    assert found.status == "right", (found.reason, found.findings)
    assert str(found.convention).startswith(words)


@pytest.mark.quick("change0-")
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"scores": "X @ W"}, "in the loss and the gradient, the bias b is not added to the score"),
        ({"scores": "X @ W - b"}, "the bias b is subtracted from the scores"),
        ({"scores": "X @ W + b * b"}, "it is right for b = 0 alone"),
        ({"of_bias": "len(y) * M.sum(axis=0)"}, "with respect to b is not divided by n"),
        ({"of_bias": "-M.sum(axis=0)"}, "the gradient with respect to b has the wrong sign"),
        ({"of_bias": "np.abs(M).sum(axis=0)"}, "is not what that of W has for a feature of 1s"),
        ({"gradient": "-X.T @ M"}, "in the gradient, everything has the wrong sign"),
    ],
)
def test_what_is_wrong_with_a_bias_or_beside_it_is_named(change, words):
    assert words in sentences(with_bias(**change))[0]


def in_a_dictionary(X, y, W, b, lamda, of_bias=lambda M: M.sum(axis=0), spared=0):
    loss, M = of_scores(X @ W + b, y)
    gradient = X.T @ M + 2 * lamda * W
    gradient[:spared] -= 2 * lamda * W[:spared]
    return loss + lamda * np.sum(W * W), {"W": gradient, "b": of_bias(M)}


@pytest.mark.thorough
def test_gradients_in_a_dictionary_are_judged_as_others_are():
    def not_divided(X, y, W, b, lamda):
        return in_a_dictionary(X, y, W, b, lamda, lambda M: M.sum(axis=0) * len(y))

    def not_penalised(X, y, W, b, lamda):
        return in_a_dictionary(X, y, W, b, lamda, spared=1)

    assert judged(in_a_dictionary).passed
    assert sentences(not_divided) == ["the gradient with respect to b is not divided by n"]
    assert "without the first feature's weights" in sentences(not_penalised)[0]


@pytest.mark.thorough
def test_a_penalty_of_the_bias_is_a_choice_and_another_dependence_is_none():
    def svm_loss(X, y, W, b, reg):
        return of_scores(X @ W + b, y)[0] + reg * (np.sum(W * W) + np.sum(b * b))

    def wrong(X, y, W, b, reg):
        return of_scores(X @ W + b, y)[0] + reg * (np.sum(W * W) + np.sum(b))

    assert judged(svm_loss).passed
    assert "what reg adds to the loss depends on b" in sentences(wrong)[0]


# ------------------------------------------------------------------------------ further parameters


def test_a_parameter_with_a_default_keeps_it_wherever_it_stands():
    def svm_loss(W, X, y, verbose=False, learning_rate=0.1, reg=0.0):
        assert verbose is False
        assert learning_rate == 0.1
        return batch(W, X, y, reg)

    found = judged(svm_loss)
    assert found.status == "right", (found.reason, found.findings)
    assert found.convention.penalty == Form(1.0)


def test_what_it_needs_further_is_filled_where_it_is_known_and_named_where_it_is_not():
    def known(W, X, y, strength, delta, num_classes):
        assert (delta, num_classes) == (1, W.shape[1])
        return batch(W, X, y, strength)

    def unknown(W, X, y, reg_type, opt):
        return batch(W, X, y, 0.0)

    assert judged(known).status == "right"
    assert judged(unknown).reason == (
        "it also needs reg_type and opt: give them defaults, or judge a function that calls this "
        "one with them"
    )


@pytest.mark.thorough
def test_a_wrong_function_with_further_parameters_is_wrong():
    def svm_loss(W, X, y, delta, verbose=False, reg=0.0):
        loss, gradient = batch(W, X, y, reg)
        return loss + reg * np.sum(W * W), gradient

    assert "2·reg·ΣW²" in sentences(svm_loss)[0]


def test_a_backward_pass_alone_is_not_judged_and_one_sentence_says_why():
    found = judged(lambda dout, cache: dout @ cache)
    assert found.status == "not judged"
    assert found.reason.startswith("it takes (dout, cache), what a forward pass and a loss leave")
