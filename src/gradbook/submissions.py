"""Judging functions where they are: in a file, in a notebook, in the folder of a whole class.

>>> from gradbook.submissions import judge_files
>>> judge_files("submissions/", page="multiclass_svm")          # doctest: +SKIP
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

from gradbook import arguments
from gradbook.deferred import Shown
from gradbook.jobs import Jobs, require_jobs, team
from gradbook.judge import Forced, Judgement, judge
from gradbook.judge.pages.letters import roles_of
from gradbook.judge.pages.of_page import PageObjective, judge_objective
from gradbook.loss import Loss
from gradbook.meant import Meant, Pages, losses_of
from gradbook.mend import mended
from gradbook.subjects import Isolated, Limits, Obstacle, Subject
from gradbook.subjects.isolated import LIMITS
from gradbook.subjects.sandbox import chosen
from gradbook.subjects.source import LEFT_OUT
from gradbook.subjects.subject import printable
from gradbook.subjects.targets import Target, find_targets
from gradbook.workers import Limits as OfOne
from gradbook.workers import Unfinished
from gradbook.writing import as_it_grows

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
class Grades(Shown):
    """The judgements of all functions that were asked for, in the order of their files.

    There is one for each file at least. asked: what was asked for. seconds: on the clock, however
    many processes shared the work. sandbox: what they were shut in with, "bwrap" or "none". seed:
    which of many equally telling questions were asked. left_out: the functions beside these that
    look like no loss, and why. passed_over: what is no Python. interrupted: whether some were not
    judged for that.
    """

    asked: str
    judged: tuple[Judged, ...]
    seconds: float = 0.0
    sandbox: str = "none"
    seed: int = 0
    left_out: tuple[Judged, ...] = ()
    passed_over: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def losses(self) -> tuple[str, ...]:
        """The names of the losses that they were judged by."""
        names = (one.judgement.loss for one in self.judged)
        return tuple(dict.fromkeys(name for name in names if name))

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


@dataclass(frozen=True)
class Task:
    """One target, and by which losses it is judged: those that its name tells, or else all."""

    target: Target
    losses: tuple[Meant, ...]
    forced: Forced | None
    limits: Limits
    seed: int = 0
    letters: Mapping[str, str] = field(default_factory=dict)

    def carry_out(self) -> Judged:
        """Judges one function, in this process, which calls it in a process of its own."""
        if self.target.obstacle:
            return Judged(self.target, _not_judged(self, self.target.obstacle, self.target.code))
        began = time.perf_counter()
        try:
            judgement = _judged(self)
        except Obstacle as obstacle:
            judgement = _not_judged(self, str(obstacle), obstacle.code or "cannot be loaded")
        except Exception as error:  # a defect of ours is not to cost a teacher the other judgements
            why = f"gradbook failed at it, which is no fault of the function: {error!r}"
            judgement = _not_judged(self, why, "gradbook failed")
        return Judged(self.target, replace(judgement, seconds=time.perf_counter() - began))

    def without(self, result: Judged | Unfinished) -> Judged:
        """The result, or that there is none."""
        if isinstance(result, Judged):
            return result
        why = f"the process that judges it {result.why}"
        return Judged(self.target, _not_judged(self, why, "unfinished"))


def judge_files(
    *asked: str | Path,
    page: str | Path | None = None,
    letters: Mapping[str, str] | None = None,
    forced: Forced | None = None,
    limits: Limits = LIMITS,
    seed: int = 0,
    jobs: Jobs = 1,
    progress: Progress | None = None,
    so_far: Callable[[Grades], object] | None = None,
) -> Grades:
    """Judges functions in processes of their own.

    asked:    FILE.py:FUNCTION, NOTEBOOK.ipynb:FUNCTION, a file (every function that looks like
              one), or a folder.
    page:     what states the loss: a file, a name in `derivation/`, or what its functions are
              called, such as svm. Without it each function is judged by that page in `derivation/`
              that its name tells, or else its values. With it, what is called as the loss of
              another page is left out of a file or folder.
    letters:  which letter of the page a parameter is, parameter ↦ letter; found, if not given. Of a
              page that has no loss of the scores of classes.
    forced:   what is known of the convention of all of them.
    limits:   what each may take, what it is shut in with, and what lies beside it.
    seed:     which of many equally telling questions they are asked.
    jobs:     how many processes share the work, or a Dask cluster, "dask://HOST:PORT", whose
              machines have the files and whose Python is what the functions meet.
    progress: called with what was just judged, how many are, and how many there are.
    so_far:   called with all judgements, to be kept if the rest never come: after each, and of many
              whenever there are a tenth more. What is left is “not judged”.

    Whatever a file does, it is its own judgement, and the others are judged none the less. After an
    interrupt, what was judged is returned, and the rest is “not judged”. Raises
    ValueError for a file or folder that is not there, or a sandbox that does not work, and
    `discover.NotFound` for the page.
    """
    arguments.instance("forced", forced, (Forced, type(None)), "a gradbook.judge.Forced or None")
    arguments.instance("limits", limits, Limits, "gradbook.subjects.Limits")
    arguments.integer("seed", seed, 0)
    require_jobs(jobs, 1)
    arguments.instance("letters", letters, (Mapping, type(None)), 'a mapping such as {"W1": "A"}')
    if progress is not None:
        arguments.function("progress", progress, "what is judged, how many are, and of how many")
    if so_far is not None:
        arguments.function("so_far", so_far, "the Grades after each judgement")
    if page is not None:
        arguments.path("page", page)
    for one in asked:
        arguments.path("asked", one)
    began = time.perf_counter()
    limits = replace(limits, sandbox=chosen(limits.sandbox))
    pages = Pages.in_derivation()
    named = () if page is None else losses_of(page)
    require_letters(letters or {}, named)
    of_page = [roles_of(of.kernel) for of in named if isinstance(of, PageObjective)]
    there = find_targets(asked, limits, *of_page[:1])
    targets = tuple(_of_this(named[0], pages, there.targets)) if named else there.targets
    # What no function is had of is no loss: its pages are not read.
    losses = [() if each.obstacle else named or pages.meant(each.name) for each in targets]
    tasks, others = (
        [
            Task(target, of, forced, limits, seed, letters or {})
            for target, of in zip(targets, losses, strict=True)
            if (target.code == LEFT_OUT) is beside
        ]
        for beside in (False, True)
    )
    left_out = tuple(task.carry_out() for task in others)

    def grades(judged: Sequence[Judged], interrupted: bool = False) -> Grades:
        return Grades(
            printable(" ".join(map(str, asked))),
            tuple(judged),
            time.perf_counter() - began,
            limits.sandbox,
            seed,
            left_out,
            there.passed_over,
            interrupted,
        )

    def keep(judged: Sequence[Judged]) -> None:
        if so_far is not None:
            so_far(grades(judged))

    return grades(*_carried_out(tasks, jobs, progress, keep))


def require_letters(letters: Mapping[str, str], losses: Sequence[Meant]) -> None:
    """Raises ValueError for what is no letter that a function of the page is given."""
    if not letters:
        return
    if not losses or not isinstance(losses[0], PageObjective):
        raise ValueError("letters must be of a page without a loss of scores, which --page names")
    there = [argument.name for argument in losses[0].kernel.arguments]
    for letter in letters.values():
        if letter not in there:
            raise ValueError(
                f"letters must be some of {', '.join(there)}, not {arguments.shown(letter)}"
            )


def _of_this(loss: Meant, pages: Pages, targets: Sequence[Target]) -> Iterator[Target]:
    """Those that may be this loss by their names; of a file where none may, that they are not."""
    others = {
        target: of
        for target in targets
        if not target.by_name and (of := pages.called(target.name, loss)) and loss not in of
    }
    with_this = {one.path for one in targets if one not in others and one.code != LEFT_OUT}
    for target in targets:
        if target not in others:
            yield target
        else:
            why = f"by its name it is another loss: {others[target][0].name}"
            beside = target.path in with_this
            yield replace(target, obstacle=why, code=LEFT_OUT if beside else "another function")


def _carried_out(
    tasks: Sequence[Task],
    jobs: Jobs,
    progress: Progress | None,
    keep: Callable[[Sequence[Judged]], object],
) -> tuple[list[Judged], bool]:
    """What is judged, in the order of the tasks, and whether an interrupt came in between.

    keep: called with the same as they grow.
    """
    done = {i: task.carry_out() for i, task in enumerate(tasks) if task.target.obstacle}
    left = [i for i in range(len(tasks)) if i not in done]
    if progress is not None:
        for count, judged in enumerate(done.values(), 1):
            progress(str(judged.target), count, len(tasks))

    def all_with(why: str) -> list[Judged]:
        return [done.get(i) or task.without(Unfinished(why)) for i, task in enumerate(tasks)]

    grown = as_it_grows(lambda: keep(all_with("has not ended yet")))
    interrupted = False
    try:
        # Each function is called in a process of its own: one judge needs no other.
        alone = jobs == 1 or len(left) == 1
        with team(0 if alone else jobs, OF_ONE) as workers:
            for place, result in workers.carry_out([tasks[i] for i in left]):
                task = tasks[left[place]]
                done[left[place]] = task.without(result)
                if progress is not None:
                    progress(str(task.target), len(done), len(tasks))
                if len(done) < len(tasks):
                    grown(len(done))
    except KeyboardInterrupt:
        interrupted = True
    return all_with("was interrupted"), interrupted


def _judged(task: Task) -> Judgement:
    path, name = task.target.path, task.target.name
    with closing(Isolated(path, name, task.limits)) as subject:
        judgement = _judged_by_one(subject, task)
    if task.forced is not None and "mend" in task.forced.without:
        return judgement
    of = next((one for one in task.losses if one.name == judgement.loss), None)
    if of is None:
        return judgement
    return mended(judgement, path, of, task.limits, task.seed, task.letters)


def _judged_by_one(subject: Subject, task: Task) -> Judgement:
    """By the loss that its values tell; by another page where it is no loss."""
    losses = [of for of in task.losses if isinstance(of, Loss)]
    judgement = None
    if losses:
        judgement = judge(subject, *losses, forced=task.forced, seed=task.seed)
    for of in task.losses:
        if isinstance(of, PageObjective) and (not judgement or judgement.code == "another form"):
            found = judge_objective(subject, of, task.letters)
            judgement = found if not judgement or found.status != NOT_JUDGED else judgement
    assert judgement is not None
    return judgement


def _not_judged(task: Task, why: str, code: str) -> Judgement:
    return Judgement(task.target.name, "", NOT_JUDGED, why, code=code)
