"""The questions of any kind are exact, the same every time, and do not couple what they vary."""

from itertools import combinations

import numpy as np

from derivation.multiclass_svm import svm
from gradbook.questions.conditions import language
from gradbook.questions.rows import rows_of_calls
from gradbook.questions.varied import drawn, varied

QUESTIONS = list(varied(svm, 300, np.random.default_rng(7)))


def test_the_same_seed_draws_the_same_questions():
    again = list(varied(svm, 300, np.random.default_rng(7)))
    for one, other in zip(QUESTIONS, again, strict=True):
        assert np.array_equal(one.W, other.W)
        assert np.array_equal(one.X, other.X)
        assert np.array_equal(one.y, other.y)


def test_every_number_has_few_binary_digits():
    for question in QUESTIONS:
        for a in (question.W, question.X):
            assert (a * 2.0**10 == np.round(a * 2.0**10)).all()
            assert np.abs(a).max(initial=0) < 2**6


def test_sizes_are_as_asked_and_labels_are_classes():
    question = drawn(svm, 5, 3, 4, np.random.default_rng(1))
    assert (question.n, question.D, question.C) == (5, 3, 4)
    assert all((one.y >= 0).all() and (one.y < one.C).all() for one in QUESTIONS)


def test_no_two_sizes_go_with_one_another():
    sizes = np.array([(one.n, one.C, one.D) for one in QUESTIONS])
    for a, b in combinations(range(3), 2):
        for low, high in ((a, b), (b, a)):
            small, large = sizes[:, low] < 4, sizes[:, high] > 8
            assert (small & large).sum() > 10
            assert (small & ~large).sum() > 10


#: Pairs of which not every combination is possible: more examples than classes repeat a label.
BOUND = {
    frozenset({"a label repeats", "n > C"}),
    frozenset({"every class occurs", "the last class does not occur"}),
    frozenset({"every class occurs", "the first class does not occur"}),
}
USUAL = (
    *("a label repeats", "every class occurs", "the labels are sorted", "n > D", "n > C", "C > D"),
    *("the last class does not occur", "the first class does not occur"),
    *("X has a negative entry", "W has a negative entry"),
)


def test_of_any_two_usual_traits_each_occurs_with_the_other_and_without_it():
    columns = [column.words for column in language(False).traits]
    traits = rows_of_calls(QUESTIONS).traits
    for one, other in combinations(USUAL, 2):
        a, b = (traits[:, columns.index(words)] for words in (one, other))
        seen = {(bool(x), bool(y)) for x, y in zip(a, b, strict=True)}
        assert len(seen) == (3 if frozenset({one, other}) in BOUND else 4), (one, other)
