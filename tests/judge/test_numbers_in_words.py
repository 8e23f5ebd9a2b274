"""Measured numbers, as short as they can be said."""

import pytest

from gradbook.judge.explain.numbers_in_words import in_words, plain, simplest


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.0, "2"), (-0.5, "−0.5"), (1 / 3, "1/3"), (1.0010000000001, "1.001"), (2.9375, "2.9375")],
)
def test_numbers_are_short(value, words):
    assert in_words(value) == words


def test_next_to_nothing_is_0():
    assert plain(1e-16) == 0


def test_the_simplest_number_of_an_interval():
    assert simplest(2.9375, 3.0) == 3
    assert simplest(0.25, 0.75) == 0.5
    assert simplest(7.6e-6, 1.5e-5) == 1e-5
