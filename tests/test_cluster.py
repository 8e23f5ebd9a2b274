"""Tasks on a Dask cluster, and what is said where there is none."""

import os
import signal
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from gradbook import verify
from gradbook.cli import main
from gradbook.jobs import team
from gradbook.submissions import judge_files
from gradbook.workers import Limits, Unfinished

PAGE = Path("derivation/ridge.md")
RIGHT = Path("tests/judge/catalogue/right")


@contextmanager
def cluster():
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as here:
        yield here.scheduler_address.replace("tcp://", "dask://")


@dataclass(frozen=True)
class Square:
    number: int

    def carry_out(self):
        return self.number**2


@dataclass(frozen=True)
class KillsItsWorkerOnce(Square):
    flag: Path

    def carry_out(self):
        if not self.flag.exists():
            self.flag.touch()
            os.kill(os.getppid(), signal.SIGKILL)
        return super().carry_out()


class Endless:
    def carry_out(self):
        while True:
            pass


@pytest.mark.thorough
@pytest.mark.framework("distributed")
def test_every_task_is_carried_out_once_though_a_worker_is_killed(tmp_path, recwarn):
    tasks = [Square(number) for number in range(20)]
    tasks[7] = KillsItsWorkerOnce(7, tmp_path / "flag")
    with cluster() as address, team(address, Limits()) as workers:
        found = list(workers.carry_out(tasks))
    assert (tmp_path / "flag").exists()
    assert sorted(found) == [(number, number**2) for number in range(20)]


@pytest.mark.thorough
@pytest.mark.framework("distributed")
def test_what_never_ends_is_ended_there_too(recwarn):
    with cluster() as address, team(address, Limits(cpu=1)) as workers:
        assert list(workers.carry_out([Endless()])) == [
            (0, Unfinished("has not ended after 1 s of processor time"))
        ]


@pytest.mark.thorough
@pytest.mark.framework("distributed")
def test_pages_and_functions_are_found_as_without_it(recwarn):
    files = sorted(RIGHT.glob("*.py"))[:4]
    here, judged = verify(PAGE, jobs=0), judge_files(*files, page="multiclass_svm", seed=3)
    with cluster() as address:
        there = verify(PAGE, jobs=address, fresh=True)
        judged_there = judge_files(*files, page="multiclass_svm", seed=3, jobs=address)
    assert [(line.id, found.status) for line, found in there.lines] == [
        (line.id, found.status) for line, found in here.lines
    ]
    assert [(one.target.name, one.judgement.status) for one in judged_there.judged] == [
        (one.target.name, one.judgement.status) for one in judged.judged
    ]
    assert judged_there.counts["right"] == len(judged_there.judged)


@pytest.mark.framework("distributed")
def test_a_cluster_that_does_not_answer_is_one_sentence(monkeypatch, capsys):
    monkeypatch.setattr("gradbook.cluster.PATIENCE", 1)
    assert main(["verify", str(PAGE), "--jobs", "dask://127.0.0.1:1"]) == 2
    assert capsys.readouterr().err == (
        "gradbook: jobs must be the address of a Dask cluster that answers, "
        "not dask://127.0.0.1:1\n"
    )


@pytest.mark.parametrize("jobs", ["tcp://127.0.0.1:1", "two", 2.0, -1])
def test_jobs_are_a_number_or_a_cluster(jobs):
    with pytest.raises(ValueError, match=r"^jobs must be"):
        verify(PAGE, jobs=jobs)
