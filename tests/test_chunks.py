"""Chunks of examples add up to what all of them at once give, to the last bit, whoever computes."""

import os
import pickle
import re
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from derivation.multiclass_svm import svm
from gradbook import augment, chunks, emit
from gradbook.kernels import Kernel, by_hand

pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)

ROOT = Path(__file__).resolve().parent.parent

(_, kernel) = by_hand("multiclass_svm")

rng = np.random.default_rng(7)
W = rng.integers(-2, 3, (4, 6)).astype(float)
X = rng.integers(-2, 3, (150, 6)).astype(float)
y = rng.integers(0, 4, 150)
EXACT = kernel.sums(W, X, y)
ROUNDED = rng.normal(size=X.shape)


def same(left, right):
    return (left.loss, left.n) == (right.loss, right.n) and np.array_equal(
        left.gradient, right.gradient
    )


@dataclass(frozen=True)
class EndsItsWorker:
    """A chunk that kills who reads it for the first time, or each time."""

    chunk: Any
    flag: str | None

    def read(self):
        if self.flag is None or not os.path.exists(self.flag):
            if self.flag is not None:
                Path(self.flag).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.chunk.read()


def with_one_that_ends_its_worker(chunks, flag):
    return [*chunks[:3], EndsItsWorker(chunks[3], flag), *chunks[4:]]


@pytest.fixture
def files(tmp_path):
    """X.npy, y.npy, and X behind a heading in a file without a form."""
    np.save(tmp_path / "X.npy", X)
    np.save(tmp_path / "y.npy", y)
    (tmp_path / "raw").write_bytes(bytes(17) + X.tobytes())
    return tmp_path


def sources(files):
    """Each place that rows can be in."""
    labels = files / "y.npy"
    opened = np.load(files / "X.npy", mmap_mode="r")
    raw = np.memmap(files / "raw", float, "r", 17, X.shape)
    yield X, y.tolist()
    yield str(files / "X.npy"), y
    yield files / "X.npy", labels
    yield opened, labels
    yield raw, labels
    yield np.memmap(files / "raw", float, "c", 17, X.shape), labels


@pytest.mark.parametrize("each", [1, 32, 49, 1000, None])
def test_chunks_from_wherever_add_up_to_what_all_at_once_give(files, each):
    for of_X, of_y in sources(files):
        assert same(chunks.over(kernel, chunks.rows(of_X, of_y, each), W), EXACT)


def test_a_view_of_a_memory_map_is_read_from_its_own_place(files):
    raw = np.memmap(files / "raw", float, "r", 17, X.shape)
    view = raw[10:][3:90]
    found = chunks.over(kernel, chunks.rows(view, y[13:100], 20), W)
    assert same(found, kernel.sums(W, X[13:100], y[13:100]))
    found = chunks.over(kernel, chunks.rows(raw[::2], y[::2], 20), W)
    assert same(found, kernel.sums(W, X[::2], y[::2]))


def test_nothing_but_paths_and_ranges_travels(files):
    for of_X in (files / "X.npy", np.memmap(files / "raw", float, "r", 17, X.shape)):
        (chunk, *_) = chunks.rows(of_X, files / "y.npy", 100)
        assert len(pickle.dumps(chunk)) < 500 < X[:100].nbytes


@pytest.mark.framework("zarr")
def test_a_zarr_array_is_read_where_it_is(tmp_path):
    import zarr

    stored = zarr.create_array(str(tmp_path / "X"), shape=X.shape, chunks=(32, 6), dtype=float)
    stored[:] = X
    pieces = chunks.rows(stored, y, 64)
    assert same(chunks.over(kernel, pieces, W), EXACT)
    with chunks.Processes(2) as processes:
        assert same(chunks.over(kernel, pieces, W, map=processes.map), EXACT)
    assert len(pickle.dumps(pieces[0])) < 3000 < X[:64].nbytes


@pytest.mark.framework("pyarrow")
def test_a_parquet_data_set_is_read_group_by_group(tmp_path):
    import pyarrow
    from pyarrow.parquet import write_table

    def write(name, rows, order=range(6)):
        columns = {f"x{k}": X[rows, k] for k in order}
        table = pyarrow.table({"label": y[rows], **columns})
        write_table(table, tmp_path / name, row_group_size=40)

    write("a.parquet", slice(0, 100))
    write("b.parquet", slice(100, None))
    groups = chunks.parquet(tmp_path, "label")
    assert len(groups) == 5
    assert same(chunks.over(kernel, groups, W), EXACT)
    assert len(chunks.parquet(tmp_path / "a.parquet", "label")) == 3
    with pytest.raises(
        ValueError, match=r"^path must hold files .* one of them 'y', unlike .*a.pa"
    ):
        chunks.parquet(tmp_path, "y")
    write("c.parquet", slice(100, None), (1, 0, 2, 3, 4, 5))
    with pytest.raises(ValueError, match=r"^path must hold files of the same columns.*c.parquet$"):
        chunks.parquet(tmp_path, "label")


@pytest.mark.parametrize("workers", [1, 2, 7])
def test_the_bits_are_the_same_whatever_the_number_of_workers(files, workers):
    np.save(files / "X.npy", ROUNDED)
    pieces = chunks.rows(files / "X.npy", files / "y.npy", 10)
    expected = chunks.over(kernel, pieces, W)
    with chunks.Processes(workers) as processes:
        for _ in range(2):
            assert same(chunks.over(kernel, pieces, W, map=processes.map), expected)


def test_a_worker_that_dies_is_replaced_and_nothing_is_counted_twice(files):
    np.save(files / "X.npy", ROUNDED)
    pieces = chunks.rows(files / "X.npy", files / "y.npy", 10)
    expected = chunks.over(kernel, pieces, W)
    dying = with_one_that_ends_its_worker(pieces, str(files / "flag"))
    done = []
    with chunks.Processes(2) as processes:
        found = chunks.over(
            kernel, dying, W, map=processes.map, progress=lambda *counted: done.append(counted)
        )
    assert (files / "flag").exists()
    assert same(found, expected)
    assert done == [(k, 15) for k in range(1, 16)]


def test_where_worker_after_worker_dies_it_is_given_up(files):
    dying = with_one_that_ends_its_worker(chunks.rows(X, y, 10), None)
    with (
        chunks.Processes(2) as processes,
        pytest.raises(RuntimeError, match=r"^3 workers died one after another, and chunk [0-3] is"),
    ):
        chunks.over(kernel, dying, W, map=processes.map)


def first_entry(W, X, y):
    return float(X[0, 0]), np.full(W.shape, X[0, 0])


def test_sums_are_added_up_two_by_two_in_the_order_of_the_source():
    entry = Kernel("the first entry", "by hand", "Python", "", first_entry, "entry")
    given = rng.normal(size=11)
    by_two = [reduce(np.add, given[k : k + 2]) for k in range(0, 11, 2)]
    by_four = [reduce(np.add, by_two[k : k + 2]) for k in range(0, 6, 2)]
    pairs = ((np.array([[value]]), [0]) for value in given)
    found = chunks.over(entry, pairs, np.zeros((2, 1)))
    assert found.loss == (by_four[0] + by_four[1]) + by_four[2] != sum(given)
    assert (found.gradient == found.loss).all()


def test_of_an_iterable_no_more_is_read_than_is_needed(monkeypatch):
    read, computed = [], []

    def pairs():
        for k in range(0, 150, 10):
            read.append(k)
            yield X[k : k + 10], y[k : k + 10]

    def ahead(done, total):
        assert total is None
        computed.append(len(read) - done)

    monkeypatch.setattr(chunks, "AHEAD", 4)
    assert same(chunks.over(kernel, pairs(), W, progress=ahead), EXACT)
    assert computed == [0] * 15
    read.clear()
    with ThreadPoolExecutor(2) as pool:
        assert same(chunks.over(kernel, pairs(), W, map=pool.map, progress=ahead), EXACT)
    assert max(computed) == 3


def test_examples_are_prepared_where_they_are_read():
    found = chunks.over(kernel, chunks.rows(X, y, 40), np.hstack([W, W[:, :1]]), prepare=augment)
    assert same(found, kernel.sums(np.hstack([W, W[:, :1]]), augment(X), y))


def test_what_is_no_source_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"^source must have at least one chunk"):
        chunks.over(kernel, [], W)
    with pytest.raises(TypeError, match=r"^source must hold pairs of X and y, .* not array"):
        chunks.over(kernel, X, W)
    with pytest.raises(ValueError, match=r"^X and y must have the shapes .* \(150, 6\) and \(149"):
        chunks.rows(X, y[1:])
    np.save(tmp_path / "columns.npy", np.asfortranarray(X))
    with pytest.raises(
        ValueError, match=r"^X must hold numbers row by row, unlike .*columns\.npy$"
    ):
        chunks.rows(tmp_path / "columns.npy", y)
    (tmp_path / "text").write_text("no array")
    with pytest.raises(ValueError, match=r"^y must be an \.npy file, unlike .*text$"):
        chunks.rows(X, tmp_path / "text")
    with pytest.raises(ValueError, match=r"^path must be a Parquet file, or a folder with some"):
        chunks.parquet(tmp_path, "y")


def test_an_error_of_a_chunk_is_raised_from_another_process_too():
    with (
        chunks.Processes(2) as processes,
        pytest.raises(ValueError, match=r"^y must hold labels 0 … 3, but y\[2\] is 9$"),
    ):
        chunks.over(kernel, [(X[:3], [0, 1, 9])], W, map=processes.map)


@pytest.mark.thorough
@pytest.mark.framework("distributed")
def test_dask_computes_the_same_though_one_of_its_workers_is_killed(files, recwarn):
    from distributed import Client, LocalCluster

    np.save(files / "X.npy", ROUNDED)
    pieces = chunks.rows(files / "X.npy", files / "y.npy", 10)
    fast = emit(svm, "c-fast")
    expected = chunks.over(fast, pieces, W)
    dying = with_one_that_ends_its_worker(pieces, str(files / "flag"))
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        assert same(chunks.over(fast, pieces, W, map=client.map), expected)
        assert same(chunks.over(fast, dying, W, map=client.map), expected)
    assert (files / "flag").exists()


@pytest.mark.thorough
def test_the_example_trains_in_less_memory_than_its_data_need(tmp_path):
    """A kernel that mapped the whole, or a worker that read it, would be refused the memory."""
    example = ROOT / "examples" / "larger_than_memory.py"
    sizes = ("--gigabytes", "0.5", "--memory", "0.45", "--steps", "2")
    done = subprocess.run(
        [sys.executable, example, tmp_path, *sizes],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},  # each thread takes address space
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert re.findall(r"loss (\d)", done.stdout) == ["9", "8"]
    assert (tmp_path / "X.npy").stat().st_size > 0.45 * 2**30
