"""The results of tasks, carried out in this process or in others, or known from before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any

from gradbook.jobs import Jobs, team
from gradbook.verify.remembered import Remembered
from gradbook.verify.tasks import Task
from gradbook.workers import Limits, Unfinished

#: The lines and kernels that take longest.
LONGEST = ("N17", "C, fast, any size", "lambdify, C = 10, m = 64")

Progress = Callable[[str, int, int], None]
Run = Callable[[Sequence[Task]], Iterator[tuple[Task, Any]]]


@contextmanager
def results(
    jobs: Jobs, limits: Limits, progress: Progress | None, remembered: Remembered | None = None
) -> Iterator[Run]:
    """run(tasks) → each with its result, as they come.

    jobs: how many processes carry them out, or a cluster; 0 for this one, which has no limits.
    remembered: what is not carried out again; what is new is kept there, also after an interrupt.
    """
    done = total = 0
    with team(jobs, limits) as workers:

        def new(tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
            for place, result in workers.carry_out(tasks):
                task = tasks[place]
                found = task.without(result.why) if isinstance(result, Unfinished) else result
                if remembered is not None:
                    remembered.note(task, found)
                yield task, found

        def run(tasks: Sequence[Task]) -> Iterator[tuple[Task, Any]]:
            nonlocal done, total
            total += len(tasks)
            known = {} if remembered is None else remembered.among(tasks)
            rest = _longest_first([task for task in tasks if task not in known])
            for task, found in chain(known.items(), new(rest)):
                done += 1
                if progress is not None:
                    progress(str(task), done, total)
                yield task, found

        try:
            yield run
        finally:
            if remembered is not None:
                remembered.save()


def _longest_first(tasks: Sequence[Task]) -> list[Task]:
    """So that no process is left with a long task at the end."""
    return sorted(tasks, key=lambda task: task.name not in LONGEST)
