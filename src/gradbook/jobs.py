"""Who carries out tasks: this process, other processes of this machine, or a Dask cluster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from gradbook import arguments
from gradbook.cluster import SCHEME, Cluster
from gradbook.workers import Limits, Task, Workers

#: So many processes; 0 for this one; or a cluster, as "dask://HOST:PORT".
Jobs = int | str


class Team(Protocol):
    """Those who carry out tasks."""

    def __enter__(self) -> Any: ...

    def __exit__(self, *_: object) -> None: ...

    def carry_out(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        """The place of each task and its result, as they come; the first tasks begin first."""


def require_jobs(jobs: Any, least: int = 0) -> None:
    """Raises ValueError for what is neither a number of processes nor the address of a cluster."""
    if not (isinstance(jobs, str) and jobs.startswith(SCHEME)):
        arguments.integer("jobs", jobs, least, arguments.MOST_AT_ONCE)


def team(jobs: Jobs, limits: Limits) -> Team:
    """Those who share the work, each task within the limits; in this process without any.

    Raises ValueError for a cluster that does not answer.
    """
    if isinstance(jobs, str):
        return Cluster(jobs, limits)
    return Workers(jobs, limits) if jobs else ThisProcess()


class ThisProcess:
    """One task after another, here."""

    def __enter__(self) -> ThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def carry_out(self, tasks: Sequence[Task]) -> Iterator[tuple[int, Any]]:
        return ((place, task.carry_out()) for place, task in enumerate(tasks))
