"""Judging functions where they are: in a file, in a notebook, in the folder of a whole class.

>>> from gradbook.submissions import judge_files
>>> judge_files("submissions/", loss="multiclass_svm")          # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path

from gradbook import arguments
from gradbook.discover import Found, find, read
from gradbook.judge import Forced, Judgement, judge
from gradbook.loss import Loss
from gradbook.mend import mended
from gradbook.subjects import Isolated, Limits, Obstacle
from gradbook.subjects.isolated import LIMITS
from gradbook.subjects.sandbox import chosen
from gradbook.subjects.subject import printable
from gradbook.subjects.targets import Target, find_targets

Progress = Callable[[str, int, int], None]

RIGHT, WRONG, NOT_JUDGED = "right", "wrong", "not judged"


@dataclass(frozen=True)
class Judged:
    """A function, and what was found of it; or a file without one, which is not judged."""

    target: Target
    judgement: Judgement


@dataclass(frozen=True)
class Grades:
    """The judgements of all functions that were asked for, in the order of their files.

    There is one for each file at least. asked: what was asked for. loss: the name of the loss they
    were judged by. seconds: on the clock, however many processes shared the work. sandbox: what
    they were shut in with, "bwrap" or "none". seed: which of many equally telling questions were
    asked. passed_over: what is no Python.
    """

    asked: str
    loss: str
    judged: tuple[Judged, ...]
    seconds: float = 0.0
    sandbox: str = "none"
    seed: int = 0
    passed_over: tuple[str, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """How many functions are right, wrong and not judged."""
        counted = Counter(one.judgement.status for one in self.judged)
        return {status: counted[status] for status in (RIGHT, WRONG, NOT_JUDGED)}

    @property
    def faults(self) -> list[tuple[str, int]]:
        """The first finding of each wrong function, and how many share it; most frequent first."""
        first = (one.judgement.findings for one in self.judged)
        return Counter(str(found[0]) for found in first if found).most_common()

    @property
    def exit_code(self) -> int:
        """0 if all are right, 1 if one is wrong, else 2: one or all could not be judged."""
        counts = self.counts
        if counts[WRONG]:
            return 1
        return 2 if counts[NOT_JUDGED] or not counts[RIGHT] else 0

    def __str__(self) -> str:
        from gradbook.report.grades import as_text

        return as_text(self)

    def _repr_html_(self) -> str:
        from gradbook.report.grades_html import fragment

        return fragment(self)


@dataclass(frozen=True)
class Task:
    """One target, and by what it is judged; small enough to send to another process."""

    target: Target
    path: Path
    key: str
    forced: Forced | None
    limits: Limits
    seed: int = 0


def judge_files(
    *asked: str | Path,
    loss: str | Path | None = None,
    forced: Forced | None = None,
    limits: Limits = LIMITS,
    seed: int = 0,
    jobs: int = 1,
    progress: Progress | None = None,
) -> Grades:
    """Judges functions in processes of their own.

    asked:    FILE.py:FUNCTION, NOTEBOOK.ipynb:FUNCTION, a file (every function that looks like
              one), or a folder.
    loss:     a file or a name in `derivation/`; the only one there, if it is not given.
    forced:   what is known of the convention of all of them.
    limits:   what each may take, what it is shut in with, and what lies beside it.
    seed:     which of many equally telling questions they are asked.
    jobs:     how many processes share the work. With more than one, a script must guard its own
              top level by `if __name__ == "__main__"`.
    progress: called with what was just judged, how many are, and how many there are.

    Whatever a file does, it is its own judgement, and the others are judged none the less. Raises
    ValueError for a file or folder that is not there, or a sandbox that does not work, and
    `discover.NotFound` for the loss.
    """
    arguments.instance("forced", forced, (Forced, type(None)), "a gradbook.judge.Forced or None")
    arguments.instance("limits", limits, Limits, "gradbook.subjects.Limits")
    arguments.integer("seed", seed, 0)
    arguments.integer("jobs", jobs, 1, arguments.MOST_AT_ONCE)
    if progress is not None:
        arguments.function("progress", progress, "what is judged, how many are, and of how many")
    if loss is not None:
        arguments.path("loss", loss)
    for one in asked:
        arguments.path("asked", one)
    began = time.perf_counter()
    limits = replace(limits, sandbox=chosen(limits.sandbox))
    found = _loss_named(loss)
    there = find_targets(asked, limits)
    tasks = [Task(target, found.path, found.key, forced, limits, seed) for target in there.targets]
    done: dict[int, Judged] = {}
    for index, judged in _carried_out(tasks, min(jobs, len(tasks))):
        done[index] = judged
        if progress is not None:
            progress(str(judged.target), len(done), len(tasks))
    shown = printable(" ".join(map(str, asked)))
    judged_in_order = tuple(done[index] for index in range(len(tasks)))
    seconds = time.perf_counter() - began
    return Grades(
        shown,
        found.derivation.loss.name,
        judged_in_order,
        seconds,
        limits.sandbox,
        seed,
        there.passed_over,
    )


def _loss_named(name: str | Path | None) -> Found:
    found = find([name] if name is not None else [])
    if len({item.key for item in found}) > 1:
        names = ", ".join(item.path.stem for item in found)
        raise ValueError(f"loss must name one of the losses that are there: {names}")
    return found[0]


def _carried_out(tasks: Sequence[Task], jobs: int) -> Iterator[tuple[int, Judged]]:
    """Index and result of each task, as they come."""
    if jobs <= 1:
        yield from ((index, carry_out(task)) for index, task in enumerate(tasks))
        return
    waiting = dict(enumerate(tasks))
    # Fresh interpreters: forking a process that runs threads, as a progress bar does, is not safe.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        futures = {pool.submit(carry_out, task): index for index, task in waiting.items()}
        try:
            for future in as_completed(futures):
                yield futures[future], future.result()
                del waiting[futures[future]]
        except BrokenProcessPool:
            pass  # one of our own processes was killed, by a system out of memory, say
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
    for index, task in waiting.items():
        yield index, _in_another_process(task)


def _in_another_process(task: Task) -> Judged:
    """The task alone in a process, so that only the one that ends it is not judged."""
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            return pool.submit(carry_out, task).result()
    except BrokenProcessPool:
        return Judged(
            task.target, _not_judged(task, "the process of the judge was killed", "killed")
        )


def carry_out(task: Task) -> Judged:
    """Judges one function, in this process, which calls it in a process of its own."""
    if task.target.obstacle:
        return Judged(task.target, _not_judged(task, task.target.obstacle, task.target.code))
    loss = next(item for item in read(task.path) if item.key == task.key).derivation.loss
    began = time.perf_counter()
    try:
        judgement = _judged(task, loss)
    except Obstacle as obstacle:
        judgement = _not_judged(task, str(obstacle), obstacle.code or "cannot be loaded", loss.name)
    except Exception as error:  # a defect of ours is not to cost a teacher the other judgements
        why = f"gradbook failed at it, which is no fault of the function: {error!r}"
        judgement = _not_judged(task, why, "gradbook failed", loss.name)
    return Judged(task.target, replace(judgement, seconds=time.perf_counter() - began))


def _judged(task: Task, loss: Loss) -> Judgement:
    path, name = task.target.path, task.target.name
    with closing(Isolated(path, name, task.limits)) as subject:
        judgement = judge(subject, loss, forced=task.forced, seed=task.seed)
    if task.forced is not None and "mend" in task.forced.without:
        return judgement
    return mended(judgement, path, loss, task.limits, task.seed)


def _not_judged(task: Task, why: str, code: str, loss: str = "") -> Judgement:
    return Judgement(task.target.name, loss, NOT_JUDGED, why, code=code)
