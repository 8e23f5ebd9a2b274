"""The first of the classes that count."""

import numpy as np

from gradbook.questions.formula import Floats


def first_of(mask: Floats) -> Floats:
    """1 at the first entry of each row that is not 0."""
    return np.asarray((np.cumsum(mask != 0, axis=1) == 1) & (mask != 0), dtype=float)
