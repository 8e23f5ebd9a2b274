"""Labels in a page's code: integers of NumPy among intervals."""

import pytest

from gradbook import read
from gradbook.verify.tasks import page_kernel_tasks


@pytest.mark.parametrize("target", ["lambdify", "codegen"])
def test_code_for_one_size_is_checked_where_labels_are_numbers(target):
    tasks = page_kernel_tasks(read("derivation/logistic.md"))
    (task,) = (each for each in tasks if (each.of, each.target) == ("J", target))
    _, verdict = task.carry_out()
    assert verdict.passed
