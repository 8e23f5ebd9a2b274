"""Every target, on losses that nobody has thought of."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from losses_and_data import integers, is_exact, loss, margin, regions
from random_losses import losses
from sympy import Sum
from targets import EVERY_TARGET, INSTALLED, emit_at

from gradbook.emit import FIXED_SIZE, SCHEDULED, TARGETS, NotLowerable, emit
from gradbook.emit.fast import binding
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


@pytest.mark.quick("numpy-three", "c-squares")
@pytest.mark.parametrize("summand", SHARED.values(), ids=SHARED)
@pytest.mark.parametrize("target", EVERY_TARGET)
def test_margins_that_differ_by_a_number_are_kept_apart(summand, target):
    several = loss("several", over_the_others(summand))
    kernel = emit_at(several, target, 3, 1)
    assert all(is_exact(kernel, several, *data) for data in regions(3, 1))


@pytest.mark.quick("codegen", "numpy")
@pytest.mark.parametrize("target", EVERY_TARGET)
def test_a_part_of_the_number_of_classes_is_no_quotient_of_whole_numbers(target):
    of_classes = loss("of_classes", over_the_others(hinge(margin + 1 / C) * step(margin - 1 / C)))
    kernel = emit_at(of_classes, target, 4, 1)
    assert all(
        is_exact(kernel, of_classes, *integers(4, 1, 8, seed, np.float64)) for seed in (0, 1)
    )


def emitted(drawn, target):
    """The kernel, whose source was compared with the bound on its rounding; None where the loss is
    more than loops over the classes. Targets of one size take no letters.
    """
    if target in FIXED_SIZE:
        drawn = replace(drawn.in_numbers, penalty=None, weighted=False)
    try:
        if target in SCHEDULED:
            return emit(drawn, target, classes=3)
        return emit_at(drawn, target, 3, 1)
    except NotLowerable:
        return None


@settings(max_examples=3)
@given(losses(smooth=False, letters=False))
def test_every_target_is_exact_for_a_loss_at_random(drawn):
    for target in ("numpy", "lambdify"):
        if kernel := emitted(drawn, target):
            for seed in range(3):
                assert is_exact(kernel, drawn, *integers(3, 1, 8, seed, np.float64)), target


@pytest.fixture(scope="module")
def little_optimised():
    """Hundreds of kernels are compiled: what is asked is whether their sources are right."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(binding, "FLAGS", ("-O1", *binding.FLAGS[1:]))
        yield


@pytest.mark.thorough
@pytest.mark.usefixtures("little_optimised")
@settings(max_examples=100)
@given(losses(smooth=False, letters=False))
def test_every_target_is_exact_for_many_losses_at_random(drawn):
    for target in INSTALLED:
        if kernel := emitted(drawn, target):
            for seed in range(3):
                assert is_exact(kernel, drawn, *integers(3, 1, 8, seed, np.float64)), target


@pytest.mark.thorough
@pytest.mark.usefixtures("little_optimised")
@settings(max_examples=200)
@given(losses())
def test_every_target_is_within_its_bound_for_many_losses_at_random(drawn):
    for target in TARGETS:
        emitted(drawn, target)
