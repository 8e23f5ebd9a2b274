"""Tasks on a Dask cluster, as `gradbook.workers` has them in processes of this machine.

A worker of the cluster carries a task out in a process of its own, within the same limits. It needs
gradbook, and the files that a task names where they are here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from gradbook.workers import Limits, Task, Unfinished, Workers

#: How its address begins.
SCHEME = "dask://"
#: A worker is sent so many tasks at once that each has about this many turns: a process is started
#: for each turn, and all are to end at about the same time.
TURNS = 4
#: A cluster that does not answer for so many seconds is not there.
PATIENCE = 30


class Cluster:
    """The workers of the cluster at this address, dask://HOST:PORT."""

    def __init__(self, address: str, limits: Limits) -> None:
        try:
            import distributed
        except ImportError:
            raise ValueError(
                f"jobs must be a number, not {address}: Dask is not installed "
                "(pip install gradbook[chunks])"
            ) from None
        self._dask: Any = distributed
        self._limits = limits
        place = f"tcp://{address.removeprefix(SCHEME)}"
        try:
            self._client = self._dask.Client(place, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError):
            raise ValueError(
                f"jobs must be the address of a Dask cluster that answers, not {address}"
            ) from None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def carry_out(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """The place of each task and its result, as they come."""
        turns = TURNS * max(1, sum(self._client.nthreads().values()))
        sent = {}
        for first in range(min(turns, len(tasks))):
            places = range(first, len(tasks), turns)
            some = [tasks[place] for place in places]
            sent[self._client.submit(_on_worker, some, self._limits, pure=False)] = places
        for future in self._dask.as_completed(sent, loop=self._client.loop):
            if future.status == "finished":
                yield from zip(sent[future], future.result(), strict=True)
            else:  # where its worker dies, Dask has tried it on others before
                why = f"fails on the cluster: {type(future.exception()).__name__}"
                yield from ((place, Unfinished(why)) for place in sent[future])


def _on_worker(tasks: Sequence[Task], limits: Limits) -> list[Any]:
    with Workers(1, limits) as worker:
        return [result for _, result in worker.carry_out(tasks)]
