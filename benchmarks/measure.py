"""Timing in turns on a machine that has other things to do."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median

#: Shorter work is repeated until a sample takes this long, in seconds.
SHORTEST = 2e-3


@dataclass(frozen=True)
class Timing:
    """The median time of one work in seconds, and how many samples it rests on.

    preempted: whether samples had to be counted in which the process did not run all the time.
    """

    seconds: float
    samples: int
    preempted: bool


@dataclass(frozen=True)
class Clock:
    """A clock, and whether a sample that was preempted must be left out.

    Where one thread works, the processor time of the process is what the work took, also on a busy
    machine; the time of day says it for any number of threads, on a quiet one.
    """

    name: str
    now: Callable[[], float]
    discards: bool


CLOCKS = {
    "wall": Clock("wall", time.perf_counter, True),
    "cpu": Clock("cpu", time.process_time, False),
}


def preemptions() -> int:
    """How often this process had to give its processor away."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw


def in_turns(
    works: Mapping[str, Callable[[], object]], seconds: float, clock: Clock, least: int = 5
) -> dict[str, Timing]:
    """Runs all works one after the other, again and again, for about so many seconds.

    The first run of each is not counted: it fetches, compiles and allocates.
    """
    repeats: dict[str, int] = {}
    for name, work in works.items():
        work()
        start = clock.now()
        work()
        repeats[name] = max(1, int(SHORTEST / max(clock.now() - start, 1e-7)))
    quiet: dict[str, list[float]] = {name: [] for name in works}
    all_samples: dict[str, list[float]] = {name: [] for name in works}
    end, turns = time.monotonic() + seconds, 0
    while time.monotonic() < end or turns < least:
        for name, work in works.items():
            before, start = preemptions(), clock.now()
            for _ in range(repeats[name]):
                work()
            sample = (clock.now() - start) / repeats[name]
            all_samples[name].append(sample)
            if preemptions() == before or not clock.discards:
                quiet[name].append(sample)
        turns += 1
    return {name: _timing(quiet[name], all_samples[name]) for name in works}


def _timing(quiet: list[float], all_samples: list[float]) -> Timing:
    samples = quiet if len(quiet) >= 3 else all_samples
    return Timing(median(samples), len(samples), samples is all_samples and samples is not quiet)
