"""A kernel goes to another process, before or after its first call, and computes the same there."""

import pickle
import subprocess
import sys

import numpy as np
import pytest
from losses_and_data import integers, svm
from targets import EVERY_TARGET, INSTALLED, emit_at

PROGRAM = """
import pickle, sys
import numpy as np

for kernel, data, loss, gradient in pickle.load(sys.stdin.buffer):
    found, found_gradient = kernel(*data)
    assert found == loss and np.array_equal(found_gradient, gradient), kernel
    print(kernel.origin)
"""


def same(left, right):
    return left[0] == right[0] and np.array_equal(left[1], right[1])


@pytest.mark.parametrize("target", EVERY_TARGET)
def test_a_kernel_pickles_before_and_after_its_first_call(target):
    kernel, data = emit_at(svm, target, 3, 2), integers(3, 2, 8)
    before = pickle.dumps(kernel)
    expected = kernel(*data)
    for arrived in map(pickle.loads, (before, pickle.dumps(kernel))):
        assert arrived.source == kernel.source
        assert same(arrived(*data), expected)
        assert same(arrived(*data), expected)
        if kernel.module is not None:
            assert arrived.module.loss_and_gradient


def test_kernels_of_every_target_compute_in_another_process():
    data = integers(3, 2, 8)
    kernels = [emit_at(svm, target, 3, 2) for target in INSTALLED]
    sent = [(kernel, data, *kernel(*data)) for kernel in kernels]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], input=pickle.dumps(sent), capture_output=True, check=False
    )
    assert done.stderr == b""
    assert done.stdout.decode().split() == INSTALLED
