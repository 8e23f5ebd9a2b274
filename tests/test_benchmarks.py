"""The benchmarks run, notice a wrong rival, and say what is missing. Nothing is timed here."""

import json

import numpy as np
import pytest

from benchmarks import costs, one_run, readme, stored
from benchmarks.__main__ import chosen_rivals, compared, costs_table, main, parsed, table
from benchmarks.figure import draw
from benchmarks.floors import Floors
from benchmarks.measure import CLOCKS, Clock, in_turns
from benchmarks.rivals import RIVALS, NotHere
from gradbook.emit.fast import Machine

HERE = [
    "emitted: c-fast",
    "emitted: c",
    "emitted: numpy",
    "NumPy by hand, X Wᵀ",
    "C by hand, plain loops",
]
OPTIONS = {
    "shape": (40, 9, 3),
    "dtype": "float64",
    "threads": 1,
    "violated": "most",
    "clock": "cpu",
    "seconds": 0,
    "left_out": [],
}


def lines_of(renderable):
    from rich.console import Console

    console = Console(width=80, record=True)
    console.print(renderable)
    return console.export_text()


@pytest.mark.quick("float64")
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_all_rivals_that_are_installed_agree_and_have_a_time(dtype):
    result = one_run.run({**OPTIONS, "dtype": dtype, "rivals": [*HERE, "two bare products, BLAS"]})
    assert result["missing"] == {}
    assert set(result["times_the_floor"]) == {*HERE, "two bare products, BLAS"}
    assert all(ratio > 0 for ratio in result["times_the_floor"].values())
    assert "emitted: c-fast" in lines_of(table([result]))


def test_a_rival_that_computes_something_else_is_not_timed(monkeypatch):
    def wrong(W, X, y, threads):
        loss, gradient = RIVALS["emitted: numpy"](W, X, y, threads)()
        return lambda: (loss, gradient + (np.arange(3) == 1)[:, None] * 1e-6)

    monkeypatch.setitem(RIVALS, "wrong", wrong)
    result = one_run.run({**OPTIONS, "rivals": ["emitted: numpy", "wrong"]})
    assert "wrong" not in result["seconds"]
    assert result["missing"]["wrong"].startswith("wrong: ")


def test_a_rival_that_is_not_installed_or_fails_is_named_with_the_reason(monkeypatch):
    def absent(W, X, y, threads):
        raise NotHere("abacus is not installed")

    def failing(W, X, y, threads):
        return lambda: 1 / 0

    monkeypatch.setitem(RIVALS, "absent", absent)
    monkeypatch.setitem(RIVALS, "failing", failing)
    result = one_run.run({**OPTIONS, "rivals": ["absent", "failing", "emitted: numpy"]})
    assert result["missing"]["absent"] == "abacus is not installed"
    assert result["missing"]["failing"].startswith("ZeroDivisionError: ")
    assert "abacus is not installed" in lines_of(table([result]))


def test_margins_are_violated_as_often_as_is_asked():
    for violated, low, high in [("most", 0.95, 1), ("half", 0.4, 0.6)]:
        W, X, y = one_run.problem(500, 300, 10, "float64", violated)
        margins = X @ W.T - (X @ W.T)[np.arange(500), y, None] + 1
        share = ((margins > 0).sum() - 500) / (500 * 9)
        assert low <= share <= high


def test_a_rival_that_compiles_for_long_is_named_or_measured():
    arguments = ["--rivals", "PyTorch"]
    assert chosen_rivals(parsed(arguments)) == (["PyTorch, eager"], ["PyTorch, compiled"])
    slow = chosen_rivals(parsed([*arguments, "--slow"]))
    assert slow == (["PyTorch, eager", "PyTorch, compiled"], [])
    result = one_run.run({**OPTIONS, "rivals": ["emitted: numpy"], "left_out": ["slow one"]})
    assert "left out: compiles for long (--slow)" in lines_of(table([result]))


def test_samples_in_which_the_process_was_preempted_do_not_count(monkeypatch):
    times = iter(np.arange(1000.0))
    clock = Clock("made up", lambda: float(next(times)), True)
    switches = iter([0, 0, 0, 1, 1, 1, 1, 1, 1, 1])
    monkeypatch.setattr("benchmarks.measure.preemptions", lambda: next(switches))
    timing = in_turns({"work": lambda: None}, 0, clock, least=5)["work"]
    assert (timing.seconds, timing.samples, timing.preempted) == (1.0, 4, False)


def test_a_sample_counts_where_none_is_left_without_preemption(monkeypatch):
    switches = iter(range(100))
    monkeypatch.setattr("benchmarks.measure.preemptions", lambda: next(switches))
    timing = in_turns({"work": lambda: None}, 0, CLOCKS["wall"], least=5)["work"]
    assert (timing.samples, timing.preempted) == (5, True)


def test_a_ratio_that_is_a_tenth_more_than_the_stored_one_is_shown(tmp_path):
    def measured(ratio, **other):
        result = {**OPTIONS, "times_the_floor": {"emitted: c": ratio, "C by hand": 9 * ratio}}
        return stored.ratios([{**result, **other}], "cpu")

    place = tmp_path / "stored.json"
    assert stored.read(place) == {}
    stored.store(measured(2.0), place)
    stored.store(measured(5.0, threads=2), place)
    assert list(stored.read(place)) == [stored.kind()]
    assert [run.endswith(", cpu clock") for run in stored.read(place)[stored.kind()]] == [0, 1]
    before = stored.read(place)[stored.kind()]
    assert compared(measured(2.19), before) == "0 of 1 stored ratios are exceeded by more than 10 %"
    (found,) = stored.regressions(measured(2.21), before)
    assert (found.kernel, found.before, found.now) == ("emitted: c", 2.0, 2.21)
    assert compared(measured(2.21), before).startswith(
        "slower: emitted: c, 40 × 9 × 3, float64, threads: 1, most violated: 2.21 floors"
    )
    assert list(stored.regressions(measured(9.0, violated="half"), before)) == []


def test_the_kind_of_machine_is_its_vectors_and_its_caches(monkeypatch):
    here = Machine(32, 16, 32 * 2**10, 512 * 2**10)
    monkeypatch.setattr(Machine, "here", staticmethod(lambda: here))
    monkeypatch.setattr(stored, "cache_size", lambda level, default: default)
    assert stored.kind().endswith(", 16 vectors of 256 bits, caches of 32 KiB, 512 KiB, unknown")


def test_the_floors_take_time():
    floors = Floors(np.float64)
    assert floors.operations(100, 100, 10) > 0
    floors.reading(np.ones((10, 10)))


@pytest.mark.thorough
def test_the_command_writes_data(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr("benchmarks.__main__.FOLDER", tmp_path)
    arguments = ["--only", "20x5x3", "--seconds", "0", "--threads", "1", "--dtypes", "float64"]
    assert main([*arguments, "--rivals", "c-fast", "W Xᵀ"]) == 0
    found = json.loads((tmp_path / "benchmarks.json").read_text())
    (run,) = found["runs"]
    assert set(run["seconds"]) == {"emitted: c-fast", "NumPy by hand, W Xᵀ"}
    assert "n = 20, D = 5, C = 3 · float64 · 1 thread" in capsys.readouterr().out
    assert main([*arguments, "--rivals", "W Xᵀ", "--violated", "half"]) == 0
    assert "1 thread · half of the margins violated" in " ".join(capsys.readouterr().out.split())


def test_the_figure_is_drawn_from_the_runs_of_the_sweep(tmp_path):
    shapes = [(n, 785, 10) for n in (10, 100)] + [(2000, D, 10) for D in (5, 17)]
    runs = [
        {
            "shape": shape,
            "dtype": "float64",
            "threads": 1,
            "sweep": True,
            "seconds": {"emitted: c-fast": 1e-3, "NumPy by hand, W Xᵀ": 2e-3},
            "floor_seconds": 5e-4,
        }
        for shape in [*shapes, (1000, 257, 2), (1000, 257, 30)]
    ]
    assert draw(runs, tmp_path).read_bytes().startswith(b"\x89PNG")


@pytest.mark.thorough
def test_costs_are_measured_for_each_target_or_it_is_said_what_is_missing(tmp_path):
    first = costs.in_a_process("first_call", "numpy", str(tmp_path))
    assert set(first) == {"emit", "first call"}
    missing = {"missing": "jax is not installed"}
    found = {
        "first": {"numpy": first, "jax": missing},
        "cached": {"numpy": first, "jax": missing},
        "call": {"NumPy by hand, unchecked": 2.0, "emitted: c-fast": 0.5},
        "memory": {"numpy": {"of X": 0.5}},
    }
    text = lines_of(costs_table(found))
    assert "jax is not installed" in text
    assert "4.0" in text


def test_the_tables_of_the_readme_are_those_of_what_is_stored():
    text = readme.PATH.read_text("utf-8")
    assert readme.with_tables(text, stored.read()) == text
    changed = {"another kind": {"9 × 3 × 2, float32, threads: 1, most violated": {"emitted: c": 2}}}
    assert "| 9 × 3 × 2 | 2.00 |" in readme.with_tables(text, changed)


def test_of_two_layouts_the_faster_is_shown():
    rows = {"NumPy by hand, W Xᵀ": 3.1, "NumPy by hand, X Wᵀ": 2.5}
    known = {"a kind": {"9 × 3 × 2, float64, threads: 1, half violated": rows}}
    *_, table = readme.tables(known)
    assert table == (
        "float64, threads: 1, half violated:\n\n| n × D × C | NumPy by hand, best |\n"
        "|---|---:|\n| 9 × 3 × 2 | 2.50 |\n\n"
    )
