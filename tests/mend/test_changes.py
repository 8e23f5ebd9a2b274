"""The small changes themselves: each is one of a text that can be read, and keeps all the rest."""

import ast
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gradbook.mend.change import Change, Text, changed_lines, distinct
from gradbook.mend.slips import slips
from gradbook.subjects.source import read_source

ROLES = {"W": "W", "X": "X", "y": "y", "reg": "reg"}
TEXT = '''@decorated
def svm_loss(W, X, y, reg):
    """Σ max(0, …)"""  # ∇
    s = X @ W; t = s[np.arange(len(y)), y]
    u = np.maximum(
        0,
        s - t[:, None] + 1,  # the margin
    )
    if reg > 0 and u.any():
        W = W * 1

    for i in range(len(y)):
        u[i, y[i]] = 0
    k = (u > 0).sum(axis=1)
    dW = X.T @ (u > 0); dW[:, y] -= k
    return u.sum() / len(y) if True else -1, dW
'''


def test_a_function_without_numpy_is_not_told_to_call_it(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "def svm_loss(W, X, y, reg):\n    dW = [[0.0] * len(W)] * len(X)\n    return 0, dW\n"
    )
    found = slips(read_source(path), "svm_loss", ROLES)
    assert found
    assert not [slip.text for slip in found if "np." in slip.text]


def test_what_stands_several_times_in_a_list_may_be_made_for_each_place(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "def svm_loss(W, X, y, reg):\n    dW = [[0.0] * len(W)] * len(X)\n    return 0, dW\n"
    )
    likeliest = slips(read_source(path), "svm_loss", ROLES)[:20]
    assert any("dW = [[0.0] * len(W) for _ in range(len(X))]\n" in one.text for one in likeliest)


@pytest.fixture(scope="module")
def all_slips(tmp_path_factory):
    path = Path(tmp_path_factory.mktemp("slips")) / "mine.py"
    path.write_text(f"import numpy as np\ndecorated = id\n{TEXT}", encoding="utf-8")
    return slips(read_source(path), "svm_loss", ROLES)


def test_every_change_gives_a_text_that_can_be_read_and_is_another_one(all_slips):
    assert len(all_slips) > 1000
    trees = [ast.dump(ast.parse(slip.text)) for slip in all_slips]
    right = ast.dump(ast.parse(TEXT))
    assert sum(tree == right for tree in trees) <= len(trees) / 50  # a pair of brackets more
    assert len({slip.text for slip in all_slips}) == len(all_slips)


def test_the_likeliest_come_first(all_slips):
    costs = [slip.change.cost for slip in all_slips]
    assert costs == sorted(costs)


def test_what_is_not_changed_stays_as_it_is_written(all_slips):
    few = 0
    for slip in all_slips:
        _, gone, come, _ = changed_lines(TEXT, slip.text)
        assert gone or come
        few += len(gone) <= 4 and len(come) <= 4
        if not any("margin" in line for line in gone):
            assert "        s - t[:, None] + 1,  # the margin\n" in slip.text
    assert few > 0.98 * len(all_slips)


@pytest.mark.parametrize(
    "wanted",
    [
        "        s + t[:, None] + 1,  # the margin",
        "        s - t[:, None],  # the margin",
        "    if reg > 0 or u.any():",
        "    if reg >= 0 and u.any():",
        "    W = W * 1",
        "    k = (u > 0).sum(axis=0)",
        "        u[i, y[i]] += 0",
        "        u[y[i], i] = 0",
        "    k = (u > 0).sum()",
        "    for i in range(len(y) - 1):",
        "    dW = X @ (u > 0); dW[:, y] -= k",
        "    dW = X.T @ (u > 0); np.subtract.at(dW, (slice(None), y), k)",
        "    return u.sum() / len(y), dW",
        "    X = X.copy()",
        "    dW /= len(y)",
        "    u = list(np.maximum(",
    ],
)
def test_this_slip_is_among_them(all_slips, wanted):
    assert any(wanted in slip.text.split("\n") for slip in all_slips), wanted


def test_a_method_and_what_it_calls_are_changed_and_nothing_else_of_its_class(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "class SVM:\n"
        "    def loss(self, X, y):\n        return self.part(X) + 1\n"
        "    def part(self, X):\n        return 2\n"
        "    def other(self, X):\n        return 3\n",
        encoding="utf-8",
    )
    texts = [slip.text for slip in slips(read_source(path), "SVM.loss", ROLES)]
    assert all("return 3\n" in text for text in texts)
    assert any("return -2" in text for text in texts)
    assert any("self.part(X) - 1" in text for text in texts)


@given(st.text("aäπ𝟙 \n", max_size=30), st.data())
def test_a_place_is_counted_in_characters_whatever_stands_before_it(before, data):
    text = Text.read(f"def f():\n    '''{before}''' ; return 'π', {before!r} , 17\n")
    (number,) = (
        node for node in ast.walk(text.tree) if isinstance(node, ast.Constant) and node.value == 17
    )
    assert text.of(number) == "17"
    changed = text.instead(number, "18", 1.0).of(text.text)
    assert changed == text.text.replace(", 17\n", ", 18\n")


def test_several_changes_are_made_at_once_and_of_equals_the_cheapest_is_kept():
    both = Change(((0, 1, "xx"), (2, 3, "")), 2.0)
    assert both.of("abc") == "xxb"
    cheap = Change(((0, 3, "xxb"),), 1.0)
    same = Change(((0, 1, "a"),), 0.0)
    assert distinct([both, same, cheap], "abc") == [cheap]
