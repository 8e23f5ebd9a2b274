"""What the table of coefficients marks as wrong, and in how many digits numbers are written."""

import numpy as np
import pytest
from edited import edited

from derivation.multiclass_svm import svm
from gradbook.judge.convention.asking import ask
from gradbook.judge.convention.convention import Convention
from gradbook.judge.convention.evidence import Observation
from gradbook.judge.explain.numbers_in_words import unlike
from gradbook.judge.explain.table import table
from gradbook.judge.penalties.forms import Form
from gradbook.questions.deck import singles
from gradbook.subjects import InProcess

MASK = 'mask = (margins > 0).astype(X.dtype if X.dtype.kind == "f" else float)'


def table_of(function, at_kink=0.0):
    convention = Convention(penalty=Form(1.0), at_kink=at_kink)
    subject = InProcess(function)
    questions = list(singles(svm, np.random.default_rng(5)))[:400]
    return {
        row.where: row
        for row in table(
            [Observation(q, ask(subject, convention, q), convention) for q in questions]
        )
    }


def by_class(kink):
    """Another value at the kink for even classes than for odd ones."""
    raw = "scores - scores[r, y][:, None] + 1"
    return edited(
        (
            MASK,
            f"u = {raw}; mask = (u > 0) + {kink} * (u == 0) * (np.arange(C) % 2); mask[r, y] = 0",
        )
    )


def test_a_choice_among_the_subgradients_is_right_in_every_row():
    rows = table_of(by_class(1.0), at_kink=None)
    assert all(row.agrees for row in rows.values())
    at_kink = rows["row j ≠ y, s_j − s_y + 1 = 0"]
    assert (at_kink.expected, at_kink.measured) == ("0 to 1", "0 or 1")


def test_what_is_no_subgradient_is_marked():
    rows = table_of(by_class(2.0), at_kink=None)
    assert not rows["row j ≠ y, s_j − s_y + 1 = 0"].agrees


def test_a_number_that_is_nearly_right_is_written_in_digits_that_show_it():
    row = table_of(edited(("dW = X.T.dot(mask) / N", "dW = 1.000001 * X.T.dot(mask) / N")))
    active = row["row j ≠ y, s_j − s_y + 1 > 0"]
    assert (active.expected, active.measured, active.agrees) == ("1", "1.000001", False)


@pytest.mark.parametrize(
    ("value", "right", "said"),
    [(1.000001, 1.0, "1.000001"), (2.5, 1.0, "2.5"), (-1.0000002, -1.0, "−1.0000002"), (3, 3, "3")],
)
def test_a_number_is_as_long_as_it_has_to_be_to_differ(value, right, said):
    assert unlike(value, right) == said
