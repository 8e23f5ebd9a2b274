"""The catalogue of kernels says the truth: by exact arithmetic, without the judge."""

import re

import pytest
from groups_of_data import raises_on_plain_data, wrong_on

from benchmarks.catalogue import read

KERNELS = read()
WRONG = [kernel for kernel in KERNELS if not kernel.right]
RIGHT = [kernel for kernel in KERNELS if kernel.right]


def named(kernels):
    return [pytest.param(kernel, id=kernel.path.stem) for kernel in kernels]


def test_there_are_sixty_wrong_kernels_and_fifteen_right_ones_at_least():
    assert len(WRONG) >= 60
    assert len(RIGHT) >= 15


@pytest.mark.thorough
@pytest.mark.parametrize("kernel", named(WRONG))
def test_a_wrong_kernel_is_wrong_where_its_file_says(kernel):
    wrong = wrong_on(kernel)
    assert ("plain" in wrong) == (not kernel.only)
    assert wrong >= kernel.only


@pytest.mark.parametrize("kernel", named(WRONG))
def test_a_wrong_kernel_is_called_as_it_wants_to_be(kernel):
    assert "raises" in kernel.truth or not raises_on_plain_data(kernel)


@pytest.mark.thorough
@pytest.mark.parametrize("kernel", named(RIGHT))
def test_a_right_kernel_agrees_with_exact_arithmetic_but_where_its_file_says(kernel):
    assert wrong_on(kernel) == kernel.only


@pytest.mark.parametrize("kernel", named(WRONG))
def test_the_fault_is_named_by_its_own_words(kernel):
    assert kernel.names_the_fault(kernel.truth)
    assert re.fullmatch(r"N\d+|penalty|contract", kernel.fields["breaks"])


@pytest.mark.parametrize("kernel", named(WRONG))
def test_the_fault_is_not_named_by_generalities_nor_by_most_other_faults(kernel):
    for words in ("539 of 705 answers are wrong", "its gradient is wrong, only where n > 1"):
        assert not kernel.names_the_fault(words)
    # Some share a word, as those do in which a negative number is involved.
    assert sum(kernel.names_the_fault(other.truth) for other in WRONG) <= 0.075 * len(WRONG)


def test_no_two_kernels_have_the_same_text():
    bodies = {kernel.path.read_text().split('"""')[2] for kernel in KERNELS}
    assert len(bodies) == len(KERNELS)
