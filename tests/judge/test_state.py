"""What a function keeps of its calls is named; what keeps nothing is not accused."""

import pytest
from renewed import keeping

from derivation.multiclass_svm import svm
from gradbook.judge import judge

#: State, lines before and after, and what is said.
KEPT = {
    "n of the first call": (
        "None", "    kept = kept or len(y)\n", "    dW = data * N / kept + 2 * reg * W\n",
        "of the gradient, n is that of the first call of the process",
    ),
    "reg of the first call": (
        "None", "    kept = reg if kept is None else kept; reg = kept\n", "",
        "reg is that of the first call of the process, whatever reg is given",
    ),
    "y by n": (
        "{}", "    y = kept.setdefault(len(y), y)\n", "",
        "the labels y are those of the first call with the same n, whatever y is given",
    ),
    "the result by X": (
        "{}", "    if X.tobytes() in kept: return kept[X.tobytes()]\n",
        "    kept[X.tobytes()] = loss, dW\n",
        "the result of the first call with the same X is returned, whatever the data are",
    ),
    "the result of the call before": (
        "(0.0, np.zeros((3, 3)))", "", "    (loss, dW), kept = kept, (loss, dW)\n",
        "the result of the call before is returned, whatever the data are",
    ),
    "a sum": (
        "{}", "", "    dW = kept[W.shape] = kept.get(W.shape, 0) + dW\n",
        "the gradient is not set back to 0: each call adds to what the calls before gave",
    ),
    "a sum for one X": (
        "(b'', 0)", "    key = X.tobytes() + y.tobytes() + str((reg, W.shape)).encode()\n",
        "    kept = key, dW + (kept[1] if key == kept[0] else 0); dW = kept[1]\n",
        "each call adds to what the calls before gave, as long as the examples are the same",
    ),
    "a running average": (
        "{}", "", "    dW = kept[W.shape] = 0.75 * kept.get(W.shape, 0) + 0.25 * dW\n",
        "a running average: 0.25 of its own is added to 0.75 of that of the call before",
    ),
    "momentum": (
        "{}", "", "    dW = kept[W.shape] = 0.9 * kept.get(W.shape, 0) + dW\n",
        "a running average: its own is added to 0.9 of that of the call before",
    ),
    "the smallest loss": (
        "1e300", "", "    loss = kept = min(kept, loss)\n",
        "the loss is the smallest so far",
    ),
    "the number of calls": (
        "0", "    kept += 1\n", "    dW = dW * kept\n",
        "the gradient is multiplied by the number of calls so far",
    ),
    "a reg that fades": (
        "1.0", "    reg, kept = reg * kept, kept * 0.875\n", "",
        "reg is multiplied by 0.875 once more in each call",
    ),
    "the mean of all losses": (
        "[]", "", "    kept.append(loss); loss = sum(kept) / len(kept)\n",
        "the loss is the mean over all calls so far",
    ),
}  # fmt: skip


@pytest.mark.quick("momentum")
@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_named(name):
    state, before, after, words = KEPT[name]
    found = judge(keeping(state, before, after), svm)
    assert found.status == "wrong"
    assert found.findings[0].kind == "purity"
    assert words in found.findings[0].sentence


#: What is wrong in some calls because of their number: it is said that something is kept.
BY_CALLS = {
    "right at first alone": "    kept += 1\n;    dW = dW * (kept == 1)\n",
    "wrong at first alone": "    kept += 1\n;    loss = loss * (kept > 1)\n",
    "every seventh": "    kept += 1\n;    dW = dW * (2 if kept % 7 == 0 else 1)\n",
    "after fifty": "    kept += 1\n;    assert kept <= 50, 'enough'\n",
    "after six hundred": "    kept += 1\n;    loss = loss * (2 if kept > 600 else 1)\n",
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", BY_CALLS)
def test_what_depends_on_the_number_of_the_call_is_found(name):
    found = judge(keeping("0", *BY_CALLS[name].split(";")), svm)
    assert found.status == "wrong"
    assert found.findings[0].faults == ("GB701",)


NOTHING_IS_KEPT = {
    "a counter that nobody reads": ("0", "    kept += 1\n", ""),
    "results kept by all that they depend on": (
        "{}",
        "    key = tuple(a.tobytes() for a in (W, X, y)) + (W.shape, reg)\n"
        "    if key in kept: return kept[key][0], kept[key][1].copy()\n",
        "    kept[key] = loss, dW.copy()\n",
    ),
    "a buffer that is filled anew": (
        "{}",
        "",
        "    buffer = kept.setdefault(W.shape, np.empty(W.shape)); buffer[...] = dW\n"
        "    dW = buffer.copy()\n",
    ),
    "an order drawn at random": (
        "None",
        "    order = np.random.permutation(len(y)); X, y = X[order], y[order]\n",
        "",
    ),
}


@pytest.mark.quick("buffer")
@pytest.mark.parametrize("name", NOTHING_IS_KEPT)
def test_what_changes_no_answer_is_no_state(name):
    found = judge(keeping(*NOTHING_IS_KEPT[name]), svm)
    assert found.status == "right", found.findings


def test_what_is_drawn_at_random_is_told_from_what_is_kept():
    found = judge(keeping("", "", "    dW = dW + np.random.normal(size=W.shape)\n"), svm)
    assert "it is random" in found.findings[0].sentence
    assert "keeps" not in found.findings[0].sentence


#: What is done to the batch, and what is said of the examples.
DRAWN = {
    "take = kept.choice(len(y), len(y))": "drawn at random with replacement, so that some count",
    "take = kept.choice(len(y), max(1, len(y) // 2), False)": "some examples are drawn at random",
    "take = kept.random(len(y)) < 0.7; take[0] = True": "left out at random, and the mean is that",
}


@pytest.mark.thorough
@pytest.mark.parametrize("line", DRAWN)
def test_how_examples_are_drawn_is_read_off_the_answers(line):
    before = f"    {line}; X, y = X[take], y[take]\n    N = len(y)\n"
    found = judge(keeping("np.random.default_rng(0)", before, ""), svm)
    (finding,) = found.findings
    assert finding.sentence.startswith("the same data give another answer each time: ")
    assert DRAWN[line] in finding.sentence


@pytest.mark.thorough
def test_examples_that_are_taken_in_turn_are_not_called_drawn():
    line = "take = (kept + np.arange(2)) % len(y); kept += 2; X, y = X[take], y[take]"
    found = judge(keeping("0", f"    {line}; N = len(y)\n", ""), svm)
    assert found.status == "wrong"
    assert "random" not in found.findings[0].sentence
