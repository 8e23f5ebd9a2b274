"""Judging functions where they are: in a file, in a notebook, in the folder of a whole class.

>>> from gradbook.submissions import judge_files
>>> judge_files("submissions/", loss="multiclass_svm")          # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from gradbook import arguments
from gradbook.check.formula import why_not_exact
from gradbook.discover import NotFound, find
from gradbook.judge import Forced, Judgement, judge
from gradbook.loss import Loss
from gradbook.mend import mended
from gradbook.subjects import Isolated, Limits, Obstacle
from gradbook.subjects.isolated import LIMITS
from gradbook.subjects.sandbox import chosen
from gradbook.subjects.subject import printable
from gradbook.subjects.targets import Target, find_targets
from gradbook.workers import Limits as OfOne
from gradbook.workers import Unfinished, Workers

Progress = Callable[[str, int, int], None]

#: What ends one judgement that never would: far above what any takes.
OF_ONE = OfOne(cpu=3600)
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
    asked. passed_over: what is no Python. interrupted: whether some were not judged for that.
    """

    asked: str
    loss: str
    judged: tuple[Judged, ...]
    seconds: float = 0.0
    sandbox: str = "none"
    seed: int = 0
    passed_over: tuple[str, ...] = ()
    interrupted: bool = False

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
        """0 if all are right, 1 if one is wrong, else 2: one or all could not be judged.

        130 after an interrupt.
        """
        if self.interrupted:
            return 130
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
    loss: Loss
    forced: Forced | None
    limits: Limits
    seed: int = 0

    def carry_out(self) -> Judged:
        """Judges one function, in this process, which calls it in a process of its own."""
        if self.target.obstacle:
            return Judged(self.target, _not_judged(self, self.target.obstacle, self.target.code))
        began = time.perf_counter()
        try:
            judgement = _judged(self, self.loss)
        except Obstacle as obstacle:
            code = obstacle.code or "cannot be loaded"
            judgement = _not_judged(self, str(obstacle), code, self.loss.name)
        except Exception as error:  # a defect of ours is not to cost a teacher the other judgements
            why = f"gradbook failed at it, which is no fault of the function: {error!r}"
            judgement = _not_judged(self, why, "gradbook failed", self.loss.name)
        return Judged(self.target, replace(judgement, seconds=time.perf_counter() - began))

    def without(self, result: Judged | Unfinished) -> Judged:
        """The result, or that there is none."""
        if isinstance(result, Judged):
            return result
        why = f"the process that judges it {result.why}"
        return Judged(self.target, _not_judged(self, why, "unfinished"))


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
    jobs:     how many processes share the work.
    progress: called with what was just judged, how many are, and how many there are.

    Whatever a file does, it is its own judgement, and the others are judged none the less. After an
    interrupt, what was judged is returned, and the rest is “not judged”. Raises
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
    of = loss_named(loss)
    there = find_targets(asked, limits)
    tasks = [Task(target, of, forced, limits, seed) for target in there.targets]
    judged, interrupted = _carried_out(tasks, min(jobs, len(tasks)), progress)
    shown = printable(" ".join(map(str, asked)))
    seconds = time.perf_counter() - began
    return Grades(
        shown,
        of.name,
        tuple(judged),
        seconds,
        limits.sandbox,
        seed,
        there.passed_over,
        interrupted,
    )


def loss_named(name: str | Path | None) -> Loss:
    """The loss of a page, or of the only page in `derivation/` whose loss has exact answers."""
    found: dict[Loss, Path] = {}
    for page in find([name] if name is not None else []):
        try:
            loss = page.loss
        except ValueError as error:
            why = str(error)
            continue
        why = why_not_exact(loss)
        if name is not None or not why:
            found.setdefault(loss, page.path)
    if not found:
        raise NotFound(f"{name or 'derivation'} has no loss: {why}")
    if len(found) > 1:
        names = ", ".join(path.stem for path in found.values())
        raise ValueError(f"loss must name one of the losses that are there: {names}")
    return next(iter(found))


def _carried_out(
    tasks: Sequence[Task], jobs: int, progress: Progress | None
) -> tuple[list[Judged], bool]:
    """What is judged, in the order of the tasks, and whether an interrupt came in between."""
    done = {i: task.carry_out() for i, task in enumerate(tasks) if task.target.obstacle}
    left = [i for i in range(len(tasks)) if i not in done]
    if progress is not None:
        for count, judged in enumerate(done.values(), 1):
            progress(str(judged.target), count, len(tasks))
    interrupted = False
    try:
        with Workers(jobs, OF_ONE) as workers:
            here = ((place, tasks[i].carry_out()) for place, i in enumerate(left))
            there = workers.carry_out([tasks[i] for i in left])
            for place, result in there if jobs > 1 else here:
                task = tasks[left[place]]
                done[left[place]] = task.without(result)
                if progress is not None:
                    progress(str(task.target), len(done), len(tasks))
    except KeyboardInterrupt:
        interrupted = True
    none = Unfinished("was interrupted")
    return [done.get(i) or task.without(none) for i, task in enumerate(tasks)], interrupted


def _judged(task: Task, loss: Loss) -> Judgement:
    path, name = task.target.path, task.target.name
    with closing(Isolated(path, name, task.limits)) as subject:
        judgement = judge(subject, loss, forced=task.forced, seed=task.seed)
    if task.forced is not None and "mend" in task.forced.without:
        return judgement
    return mended(judgement, path, loss, task.limits, task.seed)


def _not_judged(task: Task, why: str, code: str, loss: str = "") -> Judgement:
    return Judgement(task.target.name, loss, NOT_JUDGED, why, code=code)
