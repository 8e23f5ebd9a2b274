"""docs/forms.md: each row has an example, which is judged right, and with a fault in it wrong."""

import re
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.detect import Forced, detect
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.convention.kink_and_penalty import settle_penalty
from gradbook.judge.convention.of_scores import of_scores
from gradbook.questions.deck import generic
from gradbook.subjects import Isolated
from gradbook.subjects.candidates import candidates
from gradbook.subjects.source import read_source

DOCS = (Path(__file__).parents[2] / "docs" / "forms.md").read_text()
EXAMPLES = dict(re.findall(r"### ([^\n]*)\n\n```python\n(.*?)```", DOCS, re.DOTALL))
ROWS = re.findall(r"^\| \[(.*?)\]\(#", DOCS, re.MULTILINE)
SVM = """
def _svm(W, X, y, reg):
    n = np.arange(len(y))
    M = np.maximum(0, X @ W - (X @ W)[n, y][:, None] + 1)
    M[n, y] = 0
    A = (M > 0).astype(float)
    A[n, y] = -A.sum(axis=1)
    return M.sum() / len(y) + reg * np.sum(W * W), X.T @ A / len(y) + 2 * reg * W
"""
WRONG = ("-A.sum(axis=1)", "A.sum(axis=1)"), ("dW[label][k] -=", "dW[label][k] +=")


def answers(path):
    """Whether a few answers, with and without reg, are right, in the convention that is found."""
    (name,) = candidates(read_source(path))
    subject = Isolated(path, name)
    try:
        asked = of_scores(subject) or subject
        forced = Forced(weights="(C, D)") if asked is not subject else None
        convention = detect(asked, svm, forced)
        rng = np.random.default_rng(3)
        bases = [generic(svm, *sizes, rng) for sizes in ((4, 5, 3), (3, 2, 4), (5, 4, 3))]
        seen = [Observation(one, ask(asked, convention, one), convention) for one in bases]
        if convention.has_reg:
            with_reg = [base.with_reg(reg) for base in bases for reg in (1.0, 3.0)]
            after = [Observation(one, ask(asked, convention, one), convention) for one in with_reg]
            bare = [one for one in seen for _ in (1.0, 3.0)]
            convention, pairs = settle_penalty(convention, [*zip(bare, after, strict=True)], None)
            seen = [one for pair in pairs for one in pair]
        return convention, [one.right for one in seen]
    finally:
        subject.close()


def test_each_row_of_the_table_has_its_example():
    assert list(EXAMPLES) == ROWS


@pytest.mark.quick("forward and")
@pytest.mark.parametrize("form", EXAMPLES)
def test_the_example_of_a_form_is_right_and_with_a_fault_in_it_wrong(form, tmp_path):
    head = "" if form == "an import that is lacking" else "import numpy as np\n"
    right = head + EXAMPLES[form] + SVM * ("_svm" in EXAMPLES[form])
    path = tmp_path / "mine.py"
    path.write_text(right)
    convention, told = answers(path)
    assert convention.gives_loss
    assert convention.gives_gradient
    assert all(told)
    for before, after in WRONG:
        right = right.replace(before, after)
    path.write_text(right)
    assert not all(answers(path)[1])


def test_what_a_maker_made_is_called_again_where_only_the_weights_are_others(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        "calls = []\n"
        "def make_loss(X, y, reg):\n"
        "    calls.append(y)\n"
        "    def svm_loss(W):\n"
        "        return float(len(calls)), 0 * W\n"
        "    return svm_loss\n"
    )
    with closing(Isolated(path, "make_loss")) as subject:
        W, X, y = np.ones((2, 3)), np.ones((4, 2)), np.zeros(4, int)
        made = [
            subject(X=data, y=y, reg=0.0, W=weights).loss
            for data, weights in ((X, W), (X, 2 * W), (2 * X, W), (X, W))
        ]
    assert made == [1, 1, 2, 3]


def test_an_object_by_default_of_which_nothing_can_be_given_is_kept(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(
        f"import numpy as np\n{SVM}\n\nclass Momentum:\n    v = 0.0\n\n\n"
        "def svm_loss(W, X, y, reg, velocity=Momentum):\n"
        "    return _svm(W, X, y, reg + velocity.v)\n"
    )
    assert all(answers(path)[1])
