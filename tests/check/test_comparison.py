"""Numbers beside their bounds."""

import numpy as np

from gradbook.check.comparison import NOTHING, compare, together


def test_a_comparison_passes_if_every_entry_keeps_to_its_own_bound():
    assert compare([1.0, 2.0], [1.0, 2.5], [0.0, 0.5]).passed
    assert not compare([1.0, 2.0], [1.1, 2.0], [0.0, 0.5]).passed


def test_it_reports_the_entry_that_comes_nearest_to_its_bound_in_the_unit_asked_for():
    found = compare([1.0, 20.0], [1.5, 15.0], [1.0, 100.0], unit=0.5)
    assert (found.cases, found.error, found.bound) == (2, 1.0, 2.0)


def test_nan_passes_nothing():
    found = compare([np.nan], [1.0], [10.0])
    assert not found.passed
    assert found.nearness == np.inf


def test_nothing_compared_does_not_pass():
    assert compare([], [], []) == NOTHING
    assert not NOTHING.passed
    assert together([]) == NOTHING
    assert together([NOTHING, compare([1.0], [1.0], [0.0])]).passed


def test_several_comparisons_pass_together_if_each_does_and_show_the_closest_call():
    near, far = compare([1.0], [1.9], [1.0]), compare([1.0], [1.1], [1.0])
    both = together([far, near])
    assert both.passed
    assert (both.cases, both.error) == (2, near.error)
    assert not together([near, compare([1.0], [3.0], [1.0])]).passed
