"""How many wrong kernels a checker finds, how many right ones it accuses, and what it says.

    pip install torch jax autograd scipy            what is missing is left out
    python -m benchmarks.detection                  the catalogue of the tests
    python -m benchmarks.detection FOLDER           another one, with wrong/ and right/
    python -m benchmarks.detection --json FILE      the tables, and what each said of each kernel
    python -m benchmarks.detection --page FILE      the tables of a page, such as docs/detection.md

Every checker gets every kernel in the same run, in turn. Those that need data get n = 20 examples
of D = 8 features and C = 10 classes, as many as the course has, once with reg = 0 and once with
reg = ½, and accuse a kernel if they do at either. The data are drawn from the normal distribution,
or are small whole numbers, so that scores tie and margins are 0. gradbook chooses its own, and
judges each kernel in a process of its own, as `gradbook check` does; starting it is in the time.

Of a gradient alone there is no loss to take differences of, and for a loss alone no gradient to
compare with them: the others neither find nor accuse these.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from benchmarks.catalogue import CATALOGUE, Labelled, read
from benchmarks.checkers import CHECKERS, Checker, Kernel
from benchmarks.detection_results import OWN, Trial, as_json, as_table, with_tables
from derivation.multiclass_svm import notes
from gradbook.submissions import WRONG, judge_files

PAGE = notes.path
N, D, C = 20, 8, 10
REGS = (0.0, 0.5)


class Counted:
    """A function that counts its calls."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *arguments: Any) -> Any:
        self.calls += 1
        return self.function(*arguments)


def normal(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """W (C, D), X (n, D) with a constant 1 as its last feature, and labels."""
    X = np.hstack([rng.normal(size=(N, D - 1)), np.ones((N, 1))])
    return rng.normal(size=(C, D)), X, rng.integers(0, C, N)


def whole_numbers(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same shapes, with whole numbers −1, 0 and 1."""
    X = np.hstack([rng.integers(-1, 2, (N, D - 1)).astype(float), np.ones((N, 1))])
    return rng.integers(-1, 2, (C, D)).astype(float), X, rng.integers(0, C, N)


DATA = {"normal": normal, "whole numbers": whole_numbers}


def by_differences(checker: Checker, data: str, kernel: Labelled, seed: int) -> Trial:
    """One of the others, on one draw of the data."""
    np.random.seed(seed)
    random.seed(seed)
    W, X, y = DATA[data](np.random.default_rng(seed))
    function, accused = Counted(kernel.function()), False
    started = time.perf_counter()
    if kernel.gives == (True, True):
        for reg in REGS if kernel.takes_reg else REGS[:1]:
            own = np.array(W if kernel.classes_first else W.T, order="C")
            accused = accused or checker.accuses(_of_one_batch(kernel, function, X, y, reg), own)
    seconds = time.perf_counter() - started
    return Trial(
        checker=checker.name,
        data=data,
        kernel=kernel.name,
        right=kernel.right,
        family=kernel.family,
        accused=accused,
        named=False,
        mended=False,
        sentence="",
        calls=function.calls,
        seconds=seconds,
    )


def _of_one_batch(
    kernel: Labelled, function: Callable[..., Any], X: np.ndarray, y: np.ndarray, reg: float
) -> Kernel:
    """W ↦ the loss as a number and the gradient as an array. X and y are the same at every call."""
    X, y = np.array(X.T if kernel.features_first else X, order="C"), y.copy()
    further = (reg,) if kernel.takes_reg else ()

    def of_weights(W: np.ndarray) -> tuple[float, np.ndarray]:
        loss, gradient = function(W, X, y, *further)
        return float(np.asarray(loss).item()), np.asarray(gradient)

    return of_weights


def by_gradbook(kernel: Labelled) -> Trial:
    """`gradbook check FILE:FUNCTION`, and whether its first sentence names the fault."""
    started = time.perf_counter()
    target = f"{kernel.path}:{kernel.function().__name__}"
    judgement = judge_files(target, page=PAGE).judged[0].judgement
    seconds = time.perf_counter() - started
    sentence = str(judgement.findings[0]) if judgement.findings else judgement.reason
    return Trial(
        checker="gradbook check",
        data=OWN,
        kernel=kernel.name,
        right=kernel.right,
        family=kernel.family,
        accused=judgement.status == WRONG,
        named=judgement.status == WRONG and not kernel.right and kernel.names_the_fault(sentence),
        mended=judgement.mend is not None,
        sentence=sentence,
        calls=judgement.calls,
        seconds=seconds,
    )


def trials(kernels: Sequence[Labelled], seeds: int) -> Iterator[Trial]:
    """Every checker that is installed on every kernel, with a progress bar."""
    others = installed()
    for kernel in track(kernels, "checking", console=Console(stderr=True), transient=True):
        yield by_gradbook(kernel)
        for seed, data, checker in product(range(seeds), DATA, others):
            yield by_differences(checker, data, kernel, seed)


def installed() -> list[Checker]:
    """The checkers whose packages are there."""
    return [each for each in CHECKERS if not each.package or find_spec(each.package)]


def main(arguments: Sequence[str] | None = None) -> int:
    """0, whatever the table says: it is a measurement, not a test."""
    parser = argparse.ArgumentParser(prog="benchmarks.detection", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("folder", nargs="?", type=Path, default=CATALOGUE)
    parser.add_argument("--seeds", type=int, default=5, help="draws of the data (default 5)")
    parser.add_argument("--json", type=Path, metavar="FILE")
    parser.add_argument("--page", type=Path, metavar="FILE")
    chosen = parser.parse_args(arguments)
    kernels = read(chosen.folder)
    if not kernels:
        parser.error(f"{chosen.folder} has no kernels in wrong/ and right/")
    found = list(trials(kernels, chosen.seeds))
    Console().print(as_table(found))
    for trial in found:
        if trial.data == OWN and trial.accused == trial.right:
            print(f"{trial.kernel}: {trial.sentence or 'not found'}")
    data = as_json(found, installed())
    if chosen.json:
        chosen.json.write_text(data, encoding="utf-8")
    if chosen.page:
        page = chosen.page.read_text(encoding="utf-8")
        chosen.page.write_text(with_tables(page, json.loads(data)), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
