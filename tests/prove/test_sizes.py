"""The sizes that are run: every one and every label, or one label for each large C."""

import pytest

from gradbook.prove import DEFAULT_SIZES, Sizes

SMALL = Sizes(range(2, 4), range(0, 2))
LARGE = Sizes(range(2, 6), range(1, 2), all_up_to=3)


def test_the_smallest_case_comes_first():
    cases = list(SMALL.cases())
    assert str(cases[0]) == "C = 2, m = 0, y = 0"
    assert len(cases) == 2 * 2 + 2 * 3
    assert SMALL.regions() == 4 * 3 + 6 * 9


def test_sizes_can_be_read():
    assert str(DEFAULT_SIZES) == "C 2–5, m 0–4, all y"
    assert str(Sizes(range(3, 4), range(1))) == "C 3, m 0, all y"
    assert str(LARGE) == "C 2–5, m 1, all y up to C = 3"


def test_beyond_a_number_of_classes_one_label_is_run():
    assert list(LARGE.labelled()) == [(2, 0), (2, 1), (3, 0), (3, 1), (3, 2), (4, 2), (5, 2)]
    assert [(case.C, case.y) for case in LARGE.cases()] == list(LARGE.labelled())


def test_which_labels_are_run_is_said_in_words():
    assert SMALL.labels == "y fixed: every label, one after another"
    assert LARGE.labels == ("y fixed: every label up to C = 3; beyond only y = ⌊C/2⌋")
    both = Sizes(range(2, 6), range(3), all_up_to=3)
    assert both.labels.endswith("beyond only m = 2 and y = ⌊C/2⌋")
    assert [case.m for case in both.cases() if case.C > 3] == [2, 2]


def test_a_limit_beyond_all_sizes_is_none():
    beyond = Sizes(range(2, 4), range(0, 2), all_up_to=3)
    assert (str(beyond), beyond.labels) == (str(SMALL), SMALL.labels)


@pytest.mark.parametrize(
    ("C", "m", "name"), [(range(2, 2), range(1), "C"), (range(2, 3), range(0), "m")]
)
def test_no_sizes_at_all_are_refused(C, m, name):
    with pytest.raises(ValueError, match=f"{name} must have at least one value"):
        Sizes(C, m)
