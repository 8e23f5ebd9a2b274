"""Every target, on losses that nobody has thought of."""

import numpy as np
import pytest
from hypothesis import given, settings
from losses_and_data import integers, is_exact, loss, margin, regions
from random_losses import losses
from sympy import Sum
from targets import EVERY_TARGET, INSTALLED, emit_at

from gradbook.emit import NotLowerable
from gradbook.notation import C, hinge, j, step, unequal, y


def over_the_others(summand):
    return Sum(unequal(j, y) * summand, (j, 0, C - 1))


#: A margin that is another one and a number: the two must not share their memory.
SHARED = {
    "a difference": hinge(margin) - hinge(margin - 1),
    "a sum": hinge(margin) + hinge(margin - 1),
    "a step and a hinge": step(margin - 1) + hinge(margin),
    "squares": hinge(margin) ** 2 / 2 - hinge(margin - 1) ** 2 / 2,
    "three of them": hinge(margin - 2) + 2 * step(margin) * hinge(margin - 1),
    "a margin and itself": hinge(margin - 1) * (margin - 1) + hinge(margin),
}


@pytest.mark.parametrize("summand", SHARED.values(), ids=SHARED)
@pytest.mark.parametrize("target", EVERY_TARGET)
def test_margins_that_differ_by_a_number_are_kept_apart(summand, target):
    several = loss("several", over_the_others(summand))
    kernel = emit_at(several, target, 3, 1)
    assert all(is_exact(kernel, several, *data) for data in regions(3, 1))


@settings(max_examples=15)
@given(losses(smooth=False, letters=False))
def test_every_target_is_exact_for_a_loss_at_random(drawn):
    for target in set(INSTALLED) - {"c", "c-fast", "codegen"}:
        try:
            kernel = emit_at(drawn, target, 3, 1)
        except NotLowerable:
            continue
        for seed in range(3):
            assert is_exact(kernel, drawn, *integers(3, 1, 8, seed, np.float64)), target
