"""A kernel over more examples than memory holds: chunk by chunk, in one process or in many.

    >>> import numpy as np
    >>> from gradbook import chunks
    >>> from gradbook.kernels import augment, by_hand
    >>> kernel = by_hand("multiclass_svm")[-1]
    >>> X, y, W = np.array([[2.0], [0.0], [-1.0]]), [1, 0, 2], np.zeros((3, 2))
    >>> sums = chunks.over(kernel, chunks.rows(X, y, each=2), W, prepare=augment)
    >>> sums.mean[0]
    2.0

A chunk is a pair of X and y, or whatever has a method `read()` that returns one. Those of `rows`
and `parquet` are names of files and numbers of rows: they are read where they are computed, and
with W they are all that travels to another process. ::

    with chunks.Processes(8) as processes:
        sums = chunks.over(kernel, chunks.rows("X.npy", "y.npy"), W, map=processes.map)

    sums = chunks.over(kernel, chunks.parquet("examples", label="y"), W, map=client.map)  # Dask's

The sums of the chunks are added up two by two in the order of the source: for the same chunks the
result has the same bits, whoever computed which and when.
"""

from __future__ import annotations

import builtins
import os
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sized
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import islice
from math import prod
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gradbook import arguments
from gradbook.kernels import Kernel, Sums

#: So many bytes of X are a chunk unless it is said.
BYTES = 2**24

#: Of a source whose length is not known, so many chunks are read before the first is computed.
AHEAD = 32

#: So many workers may die one after another before a chunk is given up.
DEATHS = 3


class Chunk(Protocol):
    """Some of the examples, where they are."""

    def read(self) -> tuple[ArrayLike, ArrayLike]:
        """X and y."""


#: f and the chunks → what f gives of each, in their order, or futures of that.
Map = Callable[[Callable[[Any], Sums], Iterable[Any]], Iterable[Any]]


def over(
    kernel: Kernel,
    source: Iterable[Chunk | tuple[ArrayLike, ArrayLike]],
    W: ArrayLike,
    *,
    map: Map = builtins.map,
    prepare: Callable[[Any], ArrayLike] | None = None,
    progress: Callable[[int, int | None], None] | None = None,
    **parameters: float,
) -> Sums:
    """What the kernel gives of all chunks, added up; its `mean` is the loss and the gradient.

    source:   the chunks: what `rows` or `parquet` returns, or any iterable of pairs (X, y).
    W:        (C, D).
    map:      who computes: the built-in map, the `map` of `Processes`, of an Executor or of a
              Client of Dask.
    prepare:  what is done with each X before, such as `augment`.
    progress: called with how many chunks are done, and of how many, None where that is not known.
    parameters: such as Delta=2.

    Raises TypeError and ValueError as the kernel does, and ValueError for a source without chunks.
    """
    arguments.instance("kernel", kernel, Kernel, "a Kernel")
    arguments.instance("source", source, Iterable, "an iterable of chunks")
    arguments.function("map", map, "a function and the chunks")
    if prepare is not None:
        arguments.function("prepare", prepare, "X")
    if progress is not None:
        arguments.function("progress", progress, "how many chunks are done, and of how many")
    if "weights" in parameters:
        raise TypeError("weights must not be given: whose they are, no chunk says")
    count = len(source) if isinstance(source, Sized) else None
    compute = partial(_sums, _Sent(kernel), np.asarray(W), prepare, parameters)
    # The built-in map takes a chunk when it is wanted; others take all that they are given.
    at_once = count or (1 if map is builtins.map else AHEAD)
    held: list[tuple[int, Sums]] = []  # sums of 2^level chunks, the highest level first
    chunks, done = iter(source), 0
    while ahead := list(islice(chunks, at_once)):
        for found in map(compute, ahead):
            level, sums = 0, found.result() if hasattr(found, "result") else found
            while held and held[-1][0] == level:
                level, sums = level + 1, held.pop()[1] + sums
            held.append((level, sums))
            done += 1
            if progress is not None:
                progress(done, count)
    if not held:
        raise ValueError("source must have at least one chunk: the mean over none is unknown")
    _, total = held.pop()
    while held:
        total = held.pop()[1] + total
    return total


class _Sent:
    """A kernel that is made once in each process that it is sent to, not once for each chunk."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel

    @cached_property
    def pickled(self) -> bytes:
        return pickle.dumps(self.kernel)

    def __reduce__(self) -> tuple[Any, ...]:
        return _arrived, (self.pickled,)


@lru_cache(maxsize=4)
def _arrived(pickled: bytes) -> _Sent:
    return _Sent(pickle.loads(pickled))


def _sums(
    sent: _Sent, W: NDArray[Any], prepare: Any, parameters: dict[str, float], chunk: Any
) -> Sums:
    pair = chunk.read() if hasattr(chunk, "read") else chunk
    if not isinstance(pair, tuple | list) or len(pair) != 2:
        raise TypeError(
            "source must hold pairs of X and y, or chunks that are read as such, "
            f"not {arguments.shown(chunk)}"
        )
    X, y = pair
    return sent.kernel.sums(W, X if prepare is None else prepare(X), y, **parameters)


@dataclass(frozen=True)
class Rows:
    """Rows first … last − 1 of X and y; those of an array in memory are there already."""

    X: Any
    y: Any
    first: int
    last: int

    def read(self) -> tuple[NDArray[Any], NDArray[Any]]:
        X, y = (
            each if isinstance(each, np.ndarray) else np.asarray(each[self.first : self.last])
            for each in (self.X, self.y)
        )
        return X, y


def rows(X: Any, y: Any, each: int | None = None) -> list[Rows]:
    """Chunks of X, (n, D), and y, (n,): so many rows each; without, about 16 MB of X.

    X, y: each the path of an .npy file, a memory map, an array that is stored in chunks, such as
          Zarr's, or an array in memory. Of the first two only the rows of a chunk are mapped; what
          is stored in chunks is best read in multiples of these. Rows in memory travel as they are.

    Raises ValueError for other shapes, and for a file that is no array of rows.
    """
    X, y = _stored("X", X), _stored("y", y)
    if len(X.shape) != 2 or y.shape != X.shape[:1]:
        raise ValueError(
            f"X and y must have the shapes (n, D) and (n,), not {tuple(X.shape)} and "
            f"{tuple(y.shape)}"
        )
    if each is None:
        each = 1 << max(1, BYTES // (X.shape[1] * X.dtype.itemsize or 1)).bit_length() - 1
    each = arguments.integer("each", each, 1)

    def of(array: Any, first: int) -> Any:
        return array[first : first + each] if isinstance(array, np.ndarray) else array

    firsts = range(0, len(y), each)
    return [Rows(of(X, k), of(y, k), k, min(k + each, len(y))) for k in firsts]


@dataclass(frozen=True)
class _InFile:
    """An array in a file, row by row from `offset` on, of which a part is mapped when asked for."""

    path: str
    dtype: np.dtype[Any]
    offset: int
    shape: tuple[int, ...]

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        start = self.offset + rows.start * self.dtype.itemsize * prod(self.shape[1:])
        shape = (rows.stop - rows.start, *self.shape[1:])
        return np.asarray(np.memmap(self.path, self.dtype, "r", start, shape))


def _stored(name: str, value: Any) -> Any:
    if isinstance(value, str | Path):
        return _npy(name, os.path.abspath(arguments.path(name, value)))
    if isinstance(value, np.memmap) and value.mode != "c" and value.flags.c_contiguous:
        whole = value
        while isinstance(whole.base, np.memmap):
            whole = whole.base
        if whole.filename is not None:
            # A view has the offset of what it is a view of.
            offset = whole.offset + value.ctypes.data - whole.ctypes.data
            return _InFile(os.path.abspath(whole.filename), value.dtype, offset, value.shape)
    return value if hasattr(value, "chunks") else np.asarray(value)


def _npy(name: str, path: str) -> _InFile:
    """The array of an .npy file, of which the header alone is read."""
    form = np.lib.format
    with open(path, "rb") as file:
        try:
            version = form.read_magic(file)
            read = form.read_array_header_1_0 if version == (1, 0) else form.read_array_header_2_0
            shape, columns_first, dtype = read(file)
        except ValueError:
            raise ValueError(f"{name} must be an .npy file, unlike {path}") from None
        if dtype.hasobject or (columns_first and len(shape) > 1):
            raise ValueError(f"{name} must hold numbers row by row, unlike {path}")
        return _InFile(path, dtype, file.tell(), shape)


@dataclass(frozen=True)
class RowGroup:
    """One row group of a Parquet file: the column of labels is y, the others are those of X."""

    path: str
    number: int
    label: str

    def read(self) -> tuple[NDArray[Any], NDArray[Any]]:
        from pyarrow.parquet import ParquetFile

        with ParquetFile(self.path) as file:
            table = file.read_row_group(self.number)
        names = [name for name in table.column_names if name != self.label]
        return np.column_stack([table[name] for name in names]), table[self.label].to_numpy()


def parquet(path: str | Path, label: str) -> list[RowGroup]:
    """The row groups of a Parquet file, or of all those below a folder in the order of their names.

    label: the column that is y; the others are X, in their order.

    Raises ValueError where there is no file, or one with other columns than the first. Needs
    pyarrow.
    """
    arguments.text("label", label)
    place = Path(os.path.abspath(arguments.path("path", path)))
    files = sorted(place.rglob("*.parquet")) if place.is_dir() else [place]
    if not files:
        raise ValueError(f"path must be a Parquet file, or a folder with some, unlike {place}")
    from pyarrow.parquet import ParquetFile

    groups, columns = [], None
    for each in files:
        with ParquetFile(each) as file:
            names, count = file.schema_arrow.names, file.num_row_groups
        columns = columns or names
        if names != columns or label not in names:
            raise ValueError(
                f"path must hold files of the same columns, one of them {label!r}, unlike {each}"
            )
        groups += [RowGroup(str(each), number, label) for number in range(count)]
    return groups


class Processes:
    """So many processes, for `over(…, map=processes.map)`: one that dies is replaced.

    What was computed is kept, and the rest is computed anew, so that nothing is counted twice.

    options: what a ProcessPoolExecutor takes besides, such as mp_context.
    """

    def __init__(self, workers: int, **options: Any) -> None:
        arguments.integer("workers", workers, 1, arguments.MOST_AT_ONCE)
        self._new = partial(ProcessPoolExecutor, workers, **options)
        self._pool = self._new()

    def __enter__(self) -> Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def map(self, function: Callable[[Any], Any], given: Iterable[Any]) -> Iterator[Any]:
        """What the function gives of each, in their order. Raises RuntimeError where one worker
        after another dies."""
        tasks = list(given)
        futures: dict[int, Future[Any]] = {}
        waiting, place, deaths = deque(range(len(tasks))), 0, 0
        while place < len(tasks):
            try:
                while waiting:
                    futures[waiting[0]] = self._pool.submit(function, tasks[waiting[0]])
                    waiting.popleft()
                result = futures[place].result()
            except BrokenExecutor as error:
                deaths += 1
                if deaths == DEATHS:
                    raise RuntimeError(
                        f"{deaths} workers died one after another, and chunk {place} is not done"
                    ) from error
                self._pool.shutdown()
                self._pool = self._new()
                futures = {k: each for k, each in futures.items() if _has_result(each)}
                waiting = deque(k for k in range(place, len(tasks)) if k not in futures)
            else:
                del futures[place]
                place, deaths = place + 1, 0
                yield result


def _has_result(future: Future[Any]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None
