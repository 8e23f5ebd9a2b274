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
    "the mean of all losses": (
        "[]", "", "    kept.append(loss); loss = sum(kept) / len(kept)\n",
        "the loss is the mean over all calls so far",
    ),
}  # fmt: skip


@pytest.mark.quick("a sum for")
@pytest.mark.parametrize("name", KEPT)
def test_what_is_kept_is_named(name):
    state, before, after, words = KEPT[name]
    found = judge(keeping(state, before, after), svm)
    assert found.status == "wrong"
    assert found.findings[0].kind == "purity"
    assert words in found.findings[0].sentence


#: What no memory predicts: it is said that something is kept.
BY_CALLS = {
    "right at first alone": "    kept += 1\n;    dW = dW * (kept == 1)\n",
    "wrong at first alone": "    kept += 1\n;    loss = loss * (kept > 1)\n",
    "every seventh": "    kept += 1\n;    dW = dW * (2 if kept % 7 == 0 else 1)\n",
    "the smallest loss": "    kept = kept or 1e300\n;    loss = kept = min(kept, loss)\n",
    "as often as it was called": "    kept += 1\n;    dW = dW * kept\n",
    "a reg that fades": "    reg, kept = reg * 0.875**kept, kept + 1\n;",
    "momentum": (
        "    kept = kept or {}\n;    dW = kept[dW.shape] = 0.9 * kept.get(dW.shape, 0) + dW\n"
    ),
    "after fifty": "    kept += 1\n;    assert kept <= 50, 'enough'\n",
    "after six hundred": "    kept += 1\n;    loss = loss * (2 if kept > 600 else 1)\n",
}


@pytest.mark.thorough
@pytest.mark.parametrize("name", BY_CALLS)
def test_what_is_kept_otherwise_is_found(name):
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


@pytest.mark.thorough
def test_examples_that_are_taken_in_turn_are_not_called_drawn():
    line = "take = (kept + np.arange(2)) % len(y); kept += 2; X, y = X[take], y[take]"
    found = judge(keeping("0", f"    {line}; N = len(y)\n", ""), svm)
    assert found.status == "wrong"
    assert "random" not in found.findings[0].sentence
