"""Formulas, thresholds and numbers that are read off measurements, and their words."""

import numpy as np
import pytest

from gradbook.judge.formulas import ONE, Formula, fitted
from gradbook.judge.numbers_in_words import in_words, is_plain, plain, simplest
from gradbook.judge.quantities import OF_EXAMPLES, Quantity
from gradbook.judge.separating import separating

K, S_Y, Y = OF_EXAMPLES[0], OF_EXAMPLES[1], OF_EXAMPLES[2]
RNG = np.random.default_rng(8)
COLUMNS = [RNG.integers(0, 9, 40).astype(float), RNG.normal(size=40), RNG.integers(0, 5, 40) + 0.0]
TERMS = [K, S_Y, Y]


@pytest.mark.parametrize(
    ("factors", "words"),
    [
        ((0, 1, 0, 0), "k"),
        ((1, 2, 0, 0), "2k + 1"),
        ((0, 1, -1, 0), "k − s_y"),
        ((-0.5, 1 / 3, 0, 1), "1/3k + y − 0.5"),
    ],
)
def test_a_formula_of_few_terms_is_found(factors, words):
    value = factors[0] + sum(f * c for f, c in zip(factors[1:], COLUMNS, strict=True))
    assert next(fitted(value, TERMS, COLUMNS)).words == words


def test_no_formula_is_found_in_noise():
    assert not list(fitted(RNG.normal(size=40), TERMS, COLUMNS))


def test_no_formula_has_a_number_that_nobody_writes():
    assert not list(fitted(np.pi**3 * COLUMNS[0], TERMS, COLUMNS))


def test_as_many_numbers_as_measurements_are_no_formula():
    few = [column[:3] for column in COLUMNS]
    assert all(len(one.parts) < 2 for one in fitted(np.array([1.0, 2.0, 4.0]), TERMS, few))


def test_a_formula_that_one_measurement_contradicts_is_none():
    value = 2 * COLUMNS[0] + 1
    value[-1] += 1e-3
    assert not list(fitted(value, TERMS, COLUMNS))


def test_a_formula_says_what_its_letters_mean():
    assert "number of active classes" in Formula(((2.0, K), (1.0, ONE))).means
    assert Formula(((1.0, S_Y),)).means == ""


def named(quantity, column, on):
    return [one.words for one in separating([quantity], [np.asarray(column)], np.asarray(on))]


def test_a_threshold_of_0_is_preferred():
    assert named(S_Y, [-2.0, -1.0, 1.0, 3.0], [False, False, True, True]) == ["s_y > 0"]
    assert named(S_Y, [-2.0, -1.0, 0.0, 3.0], [False, False, True, True]) == ["s_y ≥ 0"]


def test_a_threshold_elsewhere_is_said_with_what_is_known_of_it():
    said = named(S_Y, [2.0, 2.5, 3.25, 4.0], [False, False, True, True])
    assert set(said) == {"s_y is above 3, or another number between 2.5 and 3.25"}


def test_a_value_and_a_parity_are_found():
    assert named(S_Y, [0.0, 1.0, 2.0], [True, False, False])[0] == "s_y = 0"
    whole = Quantity("m", S_Y.of, whole=True)
    column = [0.0, 1.0, 2.0, 3.0, 4.0]
    assert "m is odd" in named(whole, column, [False, True, False, True, False])


def test_nothing_separates_what_is_mixed():
    assert not named(S_Y, [1.0, 2.0, 3.0, 4.0, 2.0], [True, False, True, False, True])
    assert not named(S_Y, [1.0, 2.0], [True, True])


def test_two_quantities_may_separate_together():
    columns = [np.array([1.0, 1.0, -1.0, -1.0]), np.array([1.0, -1.0, 1.0, -1.0])]
    found = separating([S_Y, Y], columns, np.array([True, False, False, False]))
    assert found[0].words == "s_y > 0 and y is not the first class"


@pytest.mark.parametrize(
    ("value", "words"),
    [(2.0, "2"), (-0.5, "−0.5"), (1 / 3, "1/3"), (1.0010000000001, "1.001"), (2.9375, "2.9375")],
)
def test_numbers_are_short(value, words):
    assert in_words(value) == words


def test_what_nobody_writes_is_not_plain():
    assert is_plain(0.125)
    assert is_plain(2 / 7)
    assert not is_plain(np.pi)
    assert plain(1e-16) == 0


def test_the_simplest_number_of_an_interval():
    assert simplest(2.9375, 3.0) == 3
    assert simplest(0.25, 0.75) == 0.5
    assert simplest(7.6e-6, 1.5e-5) == 1e-5
