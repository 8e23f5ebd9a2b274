"""The fast kernel: right for every size, schedule, vector width and number of threads."""

import os
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import fuzz_fast
import numpy as np
import pytest
from compilers import compile_strictly
from losses_and_data import (
    cross_entropy,
    halfway,
    integers,
    is_exact,
    one_against_all,
    own_squared,
    squared,
    svm,
)

from gradbook.check import check
from gradbook.emit import Schedule, emit
from gradbook.emit.fast import Machine, binding, choose
from gradbook.emit.fast.source import printed
from gradbook.emit.lowering import lower
from gradbook.kernels import by_hand

vectorized = by_hand("multiclass_svm")[-1]


def chosen(loss=svm, classes=10, **changes):
    return replace(choose(lower(loss), classes, 20, np.float64, Machine()), **changes)


def equals_by_hand(kernel, W, X, y):
    """Whether the results are those of the kernel by hand, to the last bit: on exact data only."""
    loss, gradient = kernel(W, X, y)
    expected, expected_gradient = vectorized(W, X, y)
    return loss == expected and np.array_equal(gradient, expected_gradient)


@pytest.mark.quick("10")
@pytest.mark.parametrize("classes", [2, 10, 34, 130])
def test_every_width_and_number_of_rows_is_exact(classes):
    kernel = emit(svm, "c-fast", classes=classes)
    for features in (0, 6, 7, 8, 15, 16, 40, 150):
        for n in (1, 16, 64, 1024):
            assert equals_by_hand(kernel, *integers(classes, features, n, features + n)), features


@pytest.mark.quick("10-40")
@pytest.mark.parametrize(("classes", "features", "n"), [(10, 40, 256), (60, 33, 64)])
def test_float32_is_exact_on_exact_data(classes, features, n):
    kernel = emit(svm, "c-fast")
    W, X, y = integers(classes, features, n, dtype=np.float32)
    assert equals_by_hand(kernel, W, X, y)
    assert kernel(W, X, y)[1].dtype == np.float32


@pytest.mark.thorough
@pytest.mark.parametrize("loss", [squared, halfway, one_against_all], ids=lambda loss: loss.key)
def test_other_losses_are_exact_with_many_classes(loss):
    kernel = emit(loss, "c-fast")
    assert is_exact(kernel, loss, *integers(30, 11, 16))


@pytest.mark.quick("strip=15")
@pytest.mark.parametrize(
    "schedule",
    [
        chosen(block_rows=8, pass_rows=8, chunk=1),
        chosen(block_rows=7, pass_rows=7, far_bytes=1),
        chosen(tile_rows=1, tile_classes=4, tile_vectors=1),
        chosen(shared=True),
        chosen(tile_rows=4, tile_classes=3, tile_vectors=4, strip=15, shared=True, chunk=3),
        chosen(shared=True, block_rows=50, pass_rows=50, far_bytes=1),
        chosen(panels=True, tile_rows=4, tile_vectors=2, chunk=5),
        chosen(panels=True, grouped=True, block_rows=16, pass_rows=48, table_rows=16),
        chosen(grouped=True, block_rows=24, pass_rows=24, table_vectors=1),
    ],
    ids=str,
)
def test_every_schedule_gives_the_same(schedule):
    kernel = emit(svm, "c-fast", schedule=schedule)
    for features, n in [(0, 4), (30, 128), (70, 64)]:
        assert equals_by_hand(kernel, *integers(10, features, n))
    rng = np.random.default_rng(0)
    W, X, y = rng.normal(size=(10, 31)), rng.normal(size=(301, 31)), rng.integers(0, 10, 301)
    loss, gradient = kernel(W, X, y)
    expected, expected_gradient = vectorized(W, X, y)
    assert loss == pytest.approx(expected, rel=1e-13)
    assert gradient == pytest.approx(expected_gradient, abs=1e-13)


@pytest.mark.thorough
def test_rows_of_one_label_and_selection_may_differ_in_what_the_label_adds():
    kernel = emit(own_squared, "c-fast", schedule=chosen(own_squared, shared=True))
    assert is_exact(kernel, own_squared, *integers(3, 40, 64))


def test_a_thread_more_changes_no_bit_of_exact_data_and_a_run_more_none_of_any():
    rng = np.random.default_rng(1)
    X, y = rng.normal(size=(5000, 40)), rng.integers(0, 10, 5000)
    W = rng.normal(size=(10, 40))
    for threads in (1, 2, 3, 7):
        kernel = emit(svm, "c-fast", threads=threads)
        assert equals_by_hand(kernel, *integers(10, 39, 4096))
        results = [kernel(W, X, y) for _ in range(5)]
        for loss, gradient in results:
            assert loss == results[0][0]
            assert np.array_equal(gradient, results[0][1])


def test_many_threads_may_call_a_kernel_that_has_threads_of_its_own():
    kernel = emit(svm, "c-fast", threads=2)
    problems = [integers(10, 39, 2048, seed) for seed in range(12)]
    expected = [kernel(*problem) for problem in problems]
    with ThreadPoolExecutor(4) as pool:
        for own, found in zip(
            expected, pool.map(lambda data: kernel(*data), problems), strict=True
        ):
            assert own[0] == found[0]
            assert np.array_equal(own[1], found[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_child_process_may_call_a_kernel_that_has_used_threads():
    kernel = emit(svm, "c-fast", threads=2)
    W, X, y = integers(10, 39, 4096)
    expected = kernel(W, X, y)[0]
    child = os.fork()
    if child == 0:
        os._exit(0 if kernel(W, X, y)[0] == expected else 1)
    assert os.waitpid(child, 0)[1] == 0


@pytest.mark.thorough
def test_a_passed_kernel_is_one_that_the_checks_find_nothing_wrong_with():
    assert check(emit(svm, "c-fast"), svm).passed


def test_plain_arrays_take_the_short_way_and_are_refused_like_all_others():
    kernel = emit(svm, "c-fast")
    W, X, y = integers(3, 20, 8)
    kernel(W, X, y)
    loss, gradient = kernel.direct(W, X, y)
    assert (loss, gradient.tolist()) == (kernel(W, X, y)[0], kernel(W, X, y)[1].tolist())
    assert kernel.direct(W.tolist(), X, y) is None
    assert kernel.direct(W, np.asfortranarray(X), y) is None
    assert kernel.direct(W, X.astype(np.float32), y) is None
    assert kernel.direct(W, X[:, :-1], y) is None
    assert kernel.direct(W, X, y[:-1]) is None
    with pytest.raises(ValueError, match=r"X must be finite, but X\[7, 20\] is inf"):
        kernel(W, np.where(np.arange(X.size).reshape(X.shape) == X.size - 1, np.inf, X), y)
    with pytest.raises(ValueError, match=r"y must hold labels 0 … 2, but y\[7\] is 3"):
        kernel(W, X, np.array([0, 1, 2, 0, 1, 2, 0, 3]))
    with pytest.raises(ValueError, match="W and X must be small enough for float64"):
        kernel(W * 1e200, X * 1e200, y)


@pytest.mark.thorough
def test_a_class_with_huge_weights_costs_the_others_no_digits():
    rng = np.random.default_rng(2)
    W, X, y = rng.normal(size=(4, 20)), rng.normal(size=(64, 20)), rng.integers(0, 3, 64)
    W[3] = -1e12 * np.abs(W[3])
    X = np.abs(X)
    loss, gradient = emit(svm, "c-fast")(W, X, y)
    expected, expected_gradient = vectorized(W, X, y)
    assert loss == pytest.approx(expected, rel=1e-13)
    assert gradient == pytest.approx(expected_gradient, abs=1e-13)


@pytest.mark.thorough
def test_without_the_headers_of_python_the_kernel_is_called_through_ctypes(monkeypatch):
    monkeypatch.setattr(binding.sysconfig, "get_path", lambda name: "/nowhere")
    kernel = emit(svm, "c-fast")
    assert equals_by_hand(kernel, *integers(3, 9, 32))
    W, X, y = integers(3, 9, 32)
    assert kernel.direct(W, X, y) is not None
    assert kernel.direct(W, X[:, :-1], y) is None
    with pytest.raises(ValueError, match=r"y must hold labels 0 … 2, but y\[0\] is 5"):
        kernel(W, X, y * 0 + 5)


def test_the_source_names_the_proofs_that_it_uses_and_its_schedule():
    source = printed(lower(svm), 100, chosen(classes=100))
    for line in (
        "Σ_a μ_a = 0 · the canonical form of Σ_a μ_a is 0:",
        "μ_a ∈ {0, 1} for every a ≠ y · every choice of 0 or 1 for each indicator in μ_a:",
        "#define CLASSES 100",
        "#define BLOCK_ROWS 64 /* rows of X at hand at a time */",
        "#define GROUPED 1 ",
    ):
        assert line in source


def test_what_is_not_proved_is_not_used():
    source = printed(lower(one_against_all), 10, chosen(one_against_all))
    assert "#define SHIFTED 0" in source
    assert "differences to one class:" not in source
    with pytest.raises(ValueError, match=r"^schedule must not be grouped for squared hinge"):
        printed(lower(squared), 10, chosen(squared, grouped=True, block_rows=8, pass_rows=8))
    with pytest.raises(ValueError, match=r"^schedule must not be shared for squared hinge"):
        printed(lower(squared), 10, chosen(squared, shared=True))


@pytest.mark.quick("10-multiclass_svm")
@pytest.mark.parametrize("loss", [svm, squared, cross_entropy], ids=lambda loss: loss.key)
@pytest.mark.parametrize("classes", [10, 100])
def test_the_source_compiles_without_a_warning(loss, classes, tmp_path):
    source = printed(lower(loss), classes, choose(lower(loss), classes))
    assert compile_strictly(source, tmp_path, "-march=native", "-pthread") == (0, "")


@pytest.mark.thorough
@pytest.mark.parametrize("vector_bytes", [16, 32, 64])
def test_the_sanitizers_find_nothing_at_any_vector_width(vector_bytes):
    rng, machine = random.Random(vector_bytes), Machine(vector_bytes, vector_bytes // 2)
    dtype = np.float32 if vector_bytes == 32 else np.float64
    classes = {16: 10, 32: 10, 64: 33}[vector_bytes]
    source = fuzz_fast.source_for(svm, classes, 64, dtype, machine, rng)
    assert fuzz_fast.run(source, dtype, machine, 1, vector_bytes).endswith("calls")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"chunk": 0}, "^chunk must be an integer ≥ 1, not 0$"),
        ({"panels": 1}, "^panels must be True or False, not 1$"),
        ({"strip": 2}, "^strip must be at least tile_vectors, 3, not 2$"),
        ({"pass_rows": 9}, "^pass_rows must be block_rows, 24, for sums of products, not 9$"),
        ({"grouped": True, "pass_rows": 9}, "^pass_rows must be a multiple of block_rows, 24"),
        (
            {"grouped": True, "block_rows": 12, "pass_rows": 24},
            "^block_rows and table_rows must be multiples of 8 for sums of selected rows",
        ),
    ],
)
def test_a_schedule_that_is_none_is_refused(changes, sentence):
    with pytest.raises(ValueError, match=sentence):
        chosen(**{"block_rows": 24, "pass_rows": 24, **changes})


def test_threads_and_schedules_are_for_scheduled_targets():
    with pytest.raises(ValueError, match=r"^threads must be an integer ≥ 1, not 0$"):
        emit(svm, "c-fast", threads=0)
    with pytest.raises(ValueError, match=r"^schedule and threads must not be given for 'numpy'"):
        emit(svm, "numpy", threads=2)


def test_the_cost_model_knows_when_selecting_rows_pays_and_what_fits_the_caches():
    few, many = chosen(classes=10), chosen(classes=1000)
    assert (few.panels, few.grouped) == (False, False)
    assert (many.panels, many.grouped) == (True, True)
    assert (many.table_vectors, chosen(classes=100).table_vectors) == (4, 2)
    wide = choose(lower(svm), 10, 3073, np.float64, Machine())
    assert wide.block_rows < few.block_rows
    assert (wide.shared, few.shared) == (True, False)
    assert not choose(lower(squared), 10, 3073).shared
    assert not choose(lower(cross_entropy), 1000, 20, np.float64, Machine()).grouped
    assert isinstance(Machine.here(), Machine)
    assert isinstance(choose(lower(svm), 10), Schedule)
