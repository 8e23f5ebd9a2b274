"""The simplest condition that tells two sets of questions apart, and none where none does."""

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook.questions.conditions import language, narrowest, telling
from gradbook.questions.rows import rows_of_calls, rows_of_examples, rows_of_singles
from gradbook.questions.varied import varied

QUESTIONS = list(varied(svm, 400, np.random.default_rng(1)))
SINGLE = [question for question in QUESTIONS if question.n == 1]


def told(holds, pairs=True):
    """The words for the questions for which something holds."""
    those = rows_of_calls([question for question in QUESTIONS if holds(question)])
    others = rows_of_calls([question for question in QUESTIONS if not holds(question)])
    return [one.words for one in telling(language(False), those, others, pairs)]


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (lambda q: q.n > 20, "n > 20"),
        (lambda q: q.C > 10, "C > 10"),
        (lambda q: q.C < 4, "C < 4"),
        (lambda q: q.C == 3, "C = 3"),
        (lambda q: q.C != 2, "C > 2"),
        (lambda q: q.D % 2 == 1, "D is odd"),
        (lambda q: q.n % 4 == 0, "n is a multiple of 4"),
        (lambda q: q.n % 5 == 2, "n mod 5 is 2"),
        (lambda q: q.n & (q.n - 1) == 0, "n is a power of 2"),
        (lambda q: q.n > q.D, "n > D"),
        (lambda q: q.C == q.D, "C = D"),
        (lambda q: (q.X < 0).any(), "X has a negative entry"),
        (lambda q: q.C - 1 not in q.y, "the last class does not occur"),
        (lambda q: len(set(q.y.tolist())) == 1, "all labels are the same"),
        (lambda q: q.y[0] == 0, "the first label is 0"),
        (lambda q: (q.y == 2).any(), None),
        (lambda q: q.n > 3 and q.C > 5, "n > 3 and C > 5"),
    ],
)
def test_a_condition_is_found(holds, words):
    if words is None:  # there are no words for it
        assert not told(holds)
    else:
        assert told(holds)[0] == words


def test_two_conditions_are_not_tried_where_they_are_not_wanted():
    assert not told(lambda q: q.n > 3 and q.C > 5, pairs=False)


def test_a_condition_holds_of_what_it_was_made_for_and_of_nothing_else():
    over = [question for question in QUESTIONS if question.n > 20]
    under = [question for question in QUESTIONS if question.n <= 20]
    condition = telling(language(False), rows_of_calls(over), rows_of_calls(under))[0]
    assert all(condition.holds(question) for question in over)
    assert not any(condition.holds(question) for question in under)
    assert [condition.elsewhere.holds(question) for question in (over[0], under[0])] == [0, 1]


@pytest.mark.parametrize(
    ("holds", "words"),
    [
        (lambda q: q.y[0] == 0, "y = 0"),
        (lambda q: q.y[0] > 2, "y > 2"),
        (lambda q: q.y[0] == q.C - 1, "y is the last class"),
        (lambda q: (q.right.kinks > 0).sum() > 3, "there are more than 3 active margins"),
        (lambda q: q.S[0, q.y[0]] < 0, "s_y < 0"),
        (lambda q: q.S[0].argmax() == q.y[0], "the first of the largest scores is s_y"),
    ],
)
def test_a_condition_of_an_example_is_found_and_holds_of_the_examples_of_a_batch(holds, words):
    those = [question for question in SINGLE if holds(question)]
    others = [question for question in SINGLE if not holds(question)]
    rows = rows_of_singles(those), rows_of_singles(others)
    condition = telling(language(True), *rows)[0]
    assert condition.words == words
    batch = next(question for question in QUESTIONS if question.n > 12)
    each = [holds(_one_of(batch, i)) for i in range(batch.n)]
    assert condition.of_examples(batch).tolist() == each


def _one_of(batch, i):
    from dataclasses import replace

    return replace(batch, X=batch.X[i : i + 1], y=batch.y[i : i + 1])


def test_places_in_a_batch_are_told():
    rows = [rows_of_examples(question) for question in QUESTIONS[:80]]
    traits = np.concatenate([row.traits for row in rows])
    sizes = np.concatenate([row.sizes for row in rows])
    place = np.concatenate([np.arange(question.n) for question in QUESTIONS[:80]])
    row = type(rows[0])
    for mask, words in (
        (place == 0, "i = 0"),
        (place % 3 == 0, "i is a multiple of 3"),
        (place > 4, "i > 4"),
    ):
        those, others = (row(traits[some], sizes[some]) for some in (mask, ~mask))
        assert telling(language(True), those, others)[0].words == words


def test_nothing_is_told_where_nothing_can_be():
    some = rows_of_calls(QUESTIONS[:5])
    assert telling(language(False), some, rows_of_calls([])) == []
    assert telling(language(False), some, some) == []


def test_the_narrowest_condition_says_of_how_many_others_it_holds():
    those = rows_of_calls([q for q in QUESTIONS if q.n > 20 and q.y[0] != q.y[1]])
    others = rows_of_calls([q for q in QUESTIONS if not (q.n > 20 and q.y[0] != q.y[1])])
    condition, count = narrowest(language(False), those, others)[0]
    assert condition.words == "n > 20"
    assert count == sum(q.n > 20 and q.y[0] == q.y[1] for q in QUESTIONS)


def test_of_single_examples_n_is_not_compared():
    those, others = (
        rows_of_calls([one for one in SINGLE if (one.D > 1) == holds]) for holds in (True, False)
    )
    assert telling(language(False), those, others)[0].words == "D > 1"


def test_what_holds_of_every_number_but_0_and_one_more_is_not_said_of_its_multiples():
    least = 16 if max(one.y[0] for one in SINGLE) >= 16 else 4
    ones = [one for one in SINGLE if one.y[0] in (0, least) or one.y[0] % least]
    those = rows_of_singles([one for one in ones if one.y[0] % least])
    others = rows_of_singles([one for one in ones if not one.y[0] % least])
    said = [one.words for one, _ in narrowest(language(True), those, others)]
    assert f"y is not a multiple of {least}" not in said
