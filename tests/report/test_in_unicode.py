"""Formulas on one line of a terminal."""

import pytest

from gradbook.report.in_unicode import in_unicode


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"E := -\log p_y", "E := −log p_y"),
        (r"\log \sum_j \exp(z_j - t)", "log Σ_j exp(z_j − t)"),
        (r"\log(1 + \exp(-u))", "log(1 + exp(−u))"),
        (r"\log \det A", "log det A"),
    ],
)
def test_the_name_of_a_function_stands_apart_from_a_letter(latex, shown):
    assert in_unicode(latex) == shown
