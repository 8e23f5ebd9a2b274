"""The checks of the emitted code on a device: here they are asked of the processor."""

import json
from dataclasses import replace

import numpy as np
import pytest

from benchmarks import on_device, rivals
from benchmarks.on_device import checked, every_sign, times_table
from benchmarks.rivals import NotHere
from derivation.multiclass_svm import svm
from gradbook.kernels import by_hand

RIGHT = by_hand("multiclass_svm")[0]


def counts_the_kink(W, X, y):
    """Wrong at a kink, and nowhere else."""
    n = np.arange(len(y))
    u = X @ W.T - (X @ W.T)[n, y][:, None] + 1
    M = (u >= 0).astype(W.dtype)
    u[n, y] = M[n, y] = 0
    M[n, y] = -M.sum(axis=1)
    return np.maximum(u, 0).sum() / len(y), M.T @ X / len(y)


WRONG = replace(RIGHT, function=counts_the_kink)


@pytest.fixture
def no_framework(monkeypatch):
    monkeypatch.setattr(rivals, "find_spec", lambda name: None)


@pytest.fixture
def run(tmp_path, capsys):
    def run(*more):
        file = tmp_path / "folder" / "on_device.json"
        status = on_device.main(["--device", "cpu", "--json", str(file), "--shapes", *more])
        return status, capsys.readouterr().out, json.loads(file.read_text(encoding="utf-8"))

    return run


@pytest.mark.thorough
def test_a_kernel_that_is_right_passes_and_one_that_counts_the_kink_does_not():
    assert all(one["passed"] and one["cases"] for one in checked(RIGHT).values())
    found = checked(WRONG)
    assert not found["exact"]["passed"]
    assert any("(N7)" in said for said in found["exact"]["said"])


@pytest.mark.thorough
def test_what_does_not_keep_the_contract_does_not_pass():
    found = checked(replace(RIGHT, function=lambda W, X, y: None))
    assert not any(one["passed"] for one in found.values())


def test_without_a_framework_it_says_so_and_nothing_passes(no_framework, run):
    status, shown, found = run()
    assert status == 2
    assert found["checks"] == {}
    assert shown.count("torch is not installed") == 4
    assert shown.count("jax is not installed") == 2


@pytest.mark.thorough
@pytest.mark.parametrize(("kernel", "status"), [(RIGHT, 0), (WRONG, 1)], ids=["right", "wrong"])
def test_the_status_says_whether_all_is_right(kernel, status, no_framework, run, monkeypatch):
    monkeypatch.setattr(on_device, "SUBJECTS", {"a kernel": lambda device: kernel})
    ended, shown, found = run()
    assert ended == status
    assert list(found["checks"]) == ["a kernel"]
    assert all(len(line) <= 80 for line in shown.splitlines() if not line.startswith("data: "))


def test_every_margin_is_negative_zero_and_positive_in_the_data_for_the_gradient_by_X():
    for classes in (2, 3):
        W, X, y, gradient = every_sign(classes, "float64")
        u = X @ W.T - (X @ W.T)[np.arange(len(y)), y][:, None] + 1
        for label in range(classes):
            others = np.delete(u[y == label], label, axis=1)
            assert len({tuple(signs) for signs in np.sign(others)}) >= 3 ** (classes - 1) - 1
        loss, _ = svm.exact(W, X, y)
        step = 2.0**-20
        for i, b in ((0, 1), (5, 2), (len(y) - 1, classes)):
            moved = X.copy()
            moved[i, b] += step
            ahead = float(svm.exact(W, moved, y)[0] - loss) / step
            moved[i, b] -= 2 * step
            behind = float(loss - svm.exact(W, moved, y)[0]) / step
            assert min(ahead, behind) <= gradient[i, b] <= max(ahead, behind)


def test_a_row_that_is_missing_says_why_and_no_line_is_too_long():
    table = list(
        times_table(
            {
                "shape": [60000, 785, 10],
                "dtype": "float32",
                "seconds": {on_device.BASELINE: 2e-3, on_device.PRODUCTS: 1e-3},
                "relative_errors": {on_device.BASELINE: 1e-7},
                "missing": {"torch: loss_and_gradient, compiled": "RuntimeError: " + "no " * 50},
            }
        )
    )
    assert [line.split()[-3:] for line in table[1:3]] == [
        ["2.000", "1.00", "1e-07"],
        ["1.000", "0.50", "–"],
    ]
    assert "RuntimeError: no" in table[3]
    assert max(map(len, table)) <= 80


@pytest.mark.framework("torch")
def test_the_emitted_code_for_torch_is_right_on_the_processor():
    assert on_device.by_X("cpu")["exact"]["passed"]
    for make in (on_device.torch_module, on_device.torch_backward):
        assert all(one["passed"] for one in checked(make("cpu")).values())
    with pytest.raises(NotHere, match="PyTorch has no cuda:99"):
        on_device.torch_module("cuda:99")
