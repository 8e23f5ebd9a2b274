"""Which files are tests, and what the last lines of a run say of them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

from gradbook.pytest_plugin.marks import MARK, says_it_is_a_page


class Collecting:
    """The hooks of a run with `--gradbook`. Raises pytest.UsageError where nbval is not there."""

    def __init__(self, config: pytest.Config) -> None:
        if find_spec("nbval") is None:
            raise pytest.UsageError("--gradbook needs nbval: pip install 'gradbook[pytest]'")
        # nbval would collect each notebook a second time, without the guard.
        config.option.nbval = config.option.nbval_lax = False

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.File | None:
        match file_path.suffix:
            case ".ipynb":
                from gradbook.pytest_plugin.notebook import GuardedNotebook

                return GuardedNotebook.from_parent(parent, path=file_path)
            case ".md" if says_it_is_a_page(file_path):
                from gradbook.pytest_plugin.lines import PageFile

                return PageFile.from_parent(parent, path=file_path)
            case ".py" if MARK.search(file_path.read_text("utf-8", errors="replace")):
                from gradbook.pytest_plugin.functions import FunctionFile

                return FunctionFile.from_parent(parent, path=file_path)
        return None

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        from gradbook.pytest_plugin.notebook import MARKED

        counts: dict[str, int] = {}
        for reports in terminalreporter.stats.values():
            for report in reports:
                for name, value in getattr(report, "user_properties", ()):
                    if name == MARKED and report.when == "call":
                        counts[value] = counts.get(value, 0) + 1
        for marker, count in sorted(counts.items()):
            cells = "1 cell is" if count == 1 else f"{count} cells are"
            terminalreporter.write_line(f"{cells} marked {marker}")
