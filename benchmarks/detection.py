"""How many wrong kernels a checker finds, how many right ones it accuses, and what it says.

    pip install torch jax autograd scipy
    python -m benchmarks.detection                    the catalogue of the tests
    python -m benchmarks.detection FOLDER             another one, with wrong/ and right/
    python -m benchmarks.detection --json FILE        the table, and every verdict, as data

Every checker gets every kernel in the same run, in turn. Those that need data get them: n = 20
examples of D = 8 features, C = 10 classes as in the course, reg = 0 and reg = ½ (accused at either is
accused); drawn from the normal distribution, or small whole numbers, where scores tie and margins
are 0. gradbook chooses its data itself. Kernels that return a gradient alone have no loss to take
differences of, those that return a loss alone no gradient to compare with: these can be judged by
gradbook only, and count as not found and not accused by the others.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.catalogue import CATALOGUE, Labelled, read
from benchmarks.checkers import CHECKERS, Checker

N, D, C = 20, 8, 10
REGS = (0.0, 0.5)


@dataclass(frozen=True)
class Trial:
    """What one checker said of one kernel, once.

    data: "normal", "whole numbers" or "its own". sentence: the diagnosis, "" where there is none.
    """

    checker: str
    data: str
    kernel: str
    right: bool
    accused: bool
    named: bool
    sentence: str
    calls: int
    seconds: float


@dataclass(frozen=True)
class Row:
    """One row of the table: rates in percent, medians of calls and seconds for one kernel."""

    checker: str
    data: str
    found: float
    accused: float
    named: float
    calls: float
    seconds: float


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
    function = Counted(kernel.function())
    started = time.perf_counter()
    accused = False
    if kernel.gives == (True, True):
        for reg in REGS if kernel.takes_reg else REGS[:1]:
            accused = accused or checker.accuses(
                _bound(kernel, function, X, y, reg), _own(W, kernel)
            )
    seconds = time.perf_counter() - started
    return Trial(
        checker.name,
        data,
        kernel.name,
        kernel.right,
        accused,
        named=False,
        sentence="",
        calls=function.calls,
        seconds=seconds,
    )


def _own(W: np.ndarray, kernel: Labelled) -> np.ndarray:
    """W as the kernel takes it."""
    return np.array(W if kernel.classes_first else W.T, order="C")


def _bound(
    kernel: Labelled, function: Counted, X: np.ndarray, y: np.ndarray, reg: float
) -> Callable[[np.ndarray], Any]:
    """W ↦ (loss, gradient) of one batch."""
    X, y = np.array(X.T if kernel.features_first else X, order="C"), y.copy()
    further = (reg,) if kernel.takes_reg else ()
    return lambda W: function(W, X, y, *further)
