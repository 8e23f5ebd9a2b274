"""A threshold is stated as one number only where what was seen leaves one."""

import numpy as np
import pytest

from gradbook.questions.thresholds import Threshold, above, below, shortest
from gradbook.questions.traits import Size

C = Size("C", lambda seen: seen.q.C, whole=True)
LOSS = Size("the loss", lambda seen: seen.q.right.loss.mean())


def floats(*numbers):
    return np.array(numbers, dtype=float)


@pytest.mark.parametrize(
    ("outside", "inside", "number"),
    [
        (4.99, 5.01, (5, False)),
        (5.0, 5.5, (5, False)),
        (4.9, 5.0, (5, True)),
        (0.0, 0.7, (0, False)),
        (-3.0, 2.0, (0, False)),
        (5.01, 4.99, (5, False)),
        (-5.01, -4.99, (-5, False)),
        (1234.44, 1234.52, (1234.5, False)),
    ],
)
def test_the_shortest_number_between_two(outside, inside, number):
    assert shortest(outside, inside) == pytest.approx(number)


def test_a_whole_size_is_compared_with_what_was_not_to_be_met():
    found = above(floats(12, 20), floats(3, 11, 40), whole=True)
    assert found.said(C.compared) == "C > 11"
    assert found.of(floats(11, 12)).tolist() == [False, True]


def test_what_was_not_asked_between_the_two_sides_is_said():
    found = above(floats(130), floats(13, 2), whole=True)
    assert not found.closed
    assert found.said(C.compared) == "C > a bound between 13 and 130"


def test_below_is_told_from_above():
    found = below(floats(2, 1), floats(3), whole=True)
    assert found.said(C.compared) == "C < 3"
    assert found.of(floats(2, 3)).tolist() == [True, False]


def test_a_real_size_includes_its_threshold_if_that_was_met():
    assert Threshold(4.99999, 5.0, True, False).said(LOSS.compared) == "the loss is 5 or more"
    assert Threshold(5.0, 5.00001, True, False).said(LOSS.compared) == "the loss is above 5"


def test_there_is_no_threshold_with_nothing_on_its_other_side():
    assert above(floats(3), floats(4, 5), whole=True) is None
    assert below(floats(3), floats(1, 2), whole=True) is None
    assert above(floats(-np.inf), floats(-np.inf), whole=False) is None


@pytest.mark.parametrize(
    ("outside", "inside", "number"),
    [
        (704.0, 712.0, "709.78, beyond which exp overflows"),
        (60000.0, 70000.0, "65504, beyond which half precision, float16, overflows"),
        (710.0, 712.0, "a bound between 710 and 712"),
    ],
)
def test_a_bound_that_the_numbers_of_the_machine_have_is_called_so(outside, inside, number):
    threshold = Threshold(outside, inside, upwards=True, whole=False)
    assert threshold.said(lambda sign, number: f"s {sign} {number}") == f"s > {number}"
