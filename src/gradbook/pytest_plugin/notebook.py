"""Notebooks as tests: nbval, without the ways in which it lets a broken notebook pass.

nbval runs each code cell and compares what it shows with what the notebook has saved. Besides:

- how the notebook was saved is a test of its own, and the only one where it was never run or its
  kernel is not there;
- a cell that was not run fails, and so does one that hides its output from the comparison, unless
  the project allows nbval's markers;
- a cell tagged `raises-exception` has to raise (if the project allows it, one that was saved with
  an error has to raise the same), and every other cell has to end well: an unknown
  %magic, a failing shell command and a swallowed time-out are failures, though nbval sees none;
- the outputs have to be of the saved kinds, and a picture has to look as the saved one does;
- the cells after a failed one are not run, and a kernel that dies fails its cell at once;
- a `;` at the end of a cell hides its result, as it does in JupyterLab.

This builds on nbval's internals, so pyproject.toml pins nbval.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty
from typing import Any

import nbformat
import nbval.plugin
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbformat import ValidationError
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile

from gradbook.pytest_plugin import pictures
from gradbook.pytest_plugin.failure import Failed, Said
from gradbook.pytest_plugin.marks import PAGE
from gradbook.pytest_plugin.saved import (
    Settings,
    kernel_is_installed,
    shortened,
    troubles,
    was_never_run,
)

Outputs = list[Any]

#: The property of a test report that says which of nbval's markers its cell has.
MARKED = "gradbook_marked"
PICTURES = ("image/png", "image/jpeg")


class KernelDied(Exception):
    """The kernel's process is gone, and no answer will come."""


class GuardedKernel(RunningKernel):
    """nbval's kernel, which notices that it died and remembers how its last cell ended."""

    status = None  # "ok", "error" or "aborted"; None until the cell's answer has come

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if self.km.kernel_spec.language == "python":
            strict = "get_ipython().system_raise_on_error = True"
            self.await_reply(
                self.kc.execute(strict, silent=True), timeout=options["startup_timeout"]
            )

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> Any:
        self.status = None
        return self.kc.execute(
            cell_input,
            store_history=True,  # as JupyterLab does: without it, IPython overlooks the last `;`
            allow_stdin=allow_stdin,
            stop_on_error=False,
        )

    def get_message(self, stream: str, timeout: float | None = None) -> Any:
        while True:
            try:
                waits = 1 if timeout is None else min(timeout, 1)
                message = super().get_message(stream, timeout=waits)
                break
            except Empty:
                if not self.is_alive():
                    raise KernelDied from None
                if timeout is not None:
                    timeout -= 1
                    if timeout <= 0:
                        raise
        if message["msg_type"] == "execute_reply":
            self.status = message["content"]["status"]
        return message


class GuardedNotebook(IPyNbFile):
    """A notebook that is run up to its first failure."""

    failed = False

    def collect(self) -> Iterator[pytest.Item | pytest.Collector]:
        try:
            cells = list(super().collect())
        except (AttributeError, ValidationError, ValueError) as error:  # as nbformat raises them
            yield Unreadable.from_parent(self, name="as saved", why=shortened(str(error), 90))
            return
        yield AsSaved.from_parent(self, name="as saved", of=self)
        if self.can_be_run():
            for cell in cells:
                yield GuardedCell.from_parent(
                    self,
                    name=cell.name,
                    cell_num=cell.cell_num,
                    cell=cell.cell,
                    options=cell.options,
                )
        if any(PAGE.search(cell.source) for cell in self.nb.cells if cell.cell_type == "markdown"):
            from gradbook.pytest_plugin.lines import PageFile

            yield PageFile.from_parent(self, name="its page", path=self.path)

    @property
    def may_be_stripped(self) -> bool:
        return bool(self.config.getini("gradbook_stripped"))

    def can_be_run(self) -> bool:
        """Where it cannot, that is said of how it was saved, and no cell says it again."""
        kernel_is_missing = any(kernel_is_installed(self.nb, self.path, self.saved_settings()))
        return not kernel_is_missing and (self.may_be_stripped or not was_never_run(self.nb))

    def setup(self) -> None:
        """No kernel yet: it starts with the first cell that is run."""

    def start(self) -> None:
        if self.kernel is None:
            super().setup()
            self.skip_compare += tuple(self.config.getini("gradbook_ignore"))

    def saved_settings(self) -> Settings:
        option = self.config.option
        forced = option.nbval_current_env or option.nbval_kernel_name
        installed = None if forced else frozenset(KernelSpecManager().get_all_specs())
        most = self.config.getini("gradbook_max_output")
        return Settings(installed, most, self.may_be_stripped)

    def teardown(self) -> None:
        super().teardown()
        if folder := self.config.getoption("gradbook_write"):
            target = Path(folder) / self.path.relative_to(self.config.rootpath)
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(self.nb, target)


class AsSaved(Said):
    """How the notebook stands in its file."""

    def __init__(self, *, of: GuardedNotebook, **options: Any) -> None:
        super().__init__(**options)
        self.of = of

    def runtest(self) -> None:
        found = troubles(self.of.nb, self.path, self.of.saved_settings())
        if found:
            raise Failed("\n".join(f"{self.path.name}: {said}" for said in found))


def has_error(outputs: Outputs) -> bool:
    return any(output.output_type == "error" for output in outputs)


class Unreadable(Said):
    """A file that is no notebook, or half of one."""

    def __init__(self, *, why: str, **options: Any) -> None:
        super().__init__(**options)
        self.why = why

    def runtest(self) -> None:
        raise Failed(f"{self.path.name}: it cannot be read as a notebook ({self.why})")


class GuardedCell(IPyNbCell):
    """A code cell that was run, hides nothing, ends as it should and shows what it showed."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.output_timeout = self.config.getini("gradbook_output_timeout")

    def runtest(self) -> None:
        try:
            self.check_reference()
            if self.parent.failed:
                pytest.skip("not run: a cell above it failed")
            self.parent.start()
            super().runtest()
            self.check_end()
        except KernelDied:
            self.parent.failed = True
            self.parent.kernel.stop()
            self.raise_cell_error("The kernel died while it ran this cell")
        except Exception:
            self.parent.failed = True
            raise
        finally:
            if self.test_outputs is not None and self.config.getoption("gradbook_write"):
                self.cell.outputs = as_saved(self.test_outputs)

    def check_reference(self) -> None:
        if self.config.getini("gradbook_errors") and has_error(self.cell.outputs):
            self.options["check_exception"] = True
        if self.options["skip"] or not self.options["check"]:
            marker = "nbval-skip" if self.options["skip"] else "nbval-ignore-output"
            if not self.config.getini("gradbook_markers"):
                self.raise_cell_error(
                    f"This cell is marked {marker}, which hides its output: remove the marker, or "
                    "allow it (gradbook_markers = true)"
                )
            self.user_properties.append((MARKED, marker))
        if was_never_run(self.parent.nb):
            self.options["check"] = False  # it is stripped, which the project allows
        elif self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error("This cell was not run when the notebook was saved: run it again")

    def check_end(self) -> None:
        if self.options["check_exception"]:
            if not has_error(self.test_outputs):
                self.raise_cell_error("This cell is tagged raises-exception, but raises nothing")
        elif self.parent.kernel.status != "ok":
            self.raise_cell_error("This cell has an unknown %magic, or was stopped for its time")

    def compare_outputs(self, test: Outputs, ref: Outputs, skip_compare: Any = None) -> bool:
        ignored = self.config.getini("gradbook_ignore")
        test, ref = without_streams(test, ignored), without_streams(ref, ignored)
        if not super().compare_outputs(test, ref, skip_compare):
            return False
        shown, saved = kinds(test), kinds(ref)
        if shown != saved:
            self.comparison_traceback = [f"the saved outputs are {saved}, but it now shows {shown}"]
            return False
        self.comparison_traceback = list(self.changed_pictures(test, ref))
        return not self.comparison_traceback

    def changed_pictures(self, test: Outputs, ref: Outputs) -> Iterator[str]:
        most = self.config.getini("gradbook_pictures")
        ignored = self.config.getini("gradbook_ignore")
        with_data = ([out["data"] for out in outputs if "data" in out] for outputs in (test, ref))
        for number, (now, saved) in enumerate(zip(*with_data, strict=True)):
            for kind in PICTURES:
                if kind not in saved or kind in ignored:
                    continue
                name = f"{self.path.stem}-cell-{self.cell_num}-{number}.png"
                beside = folder_of_pictures(self.config) / name
                yield from pictures.compare(saved[kind], now[kind], most, beside)


def folder_of_pictures(config: pytest.Config) -> Path:
    """Where pictures that differ are written: in pytest's cache, unless a run does without one."""
    cache = getattr(config, "cache", None)
    return cache.mkdir("gradbook") if cache else Path(tempfile.gettempdir())


def kinds(outputs: Outputs) -> list[list[str]]:
    """The MIME types of each output that has data, such as [["image/png", "text/plain"]]."""
    return [sorted(output["data"]) for output in outputs if "data" in output]


def without_streams(outputs: Outputs, ignored: Sequence[str]) -> Outputs:
    """The outputs but for what went to these of stdout and stderr."""
    return [output for output in outputs if output.get("name") not in ignored]


def as_saved(outputs: Outputs) -> Outputs:
    """Messages of a kernel as a notebook has them."""
    return [nbformat.from_dict(dict(output)) for output in outputs]


nbval.plugin.RunningKernel = GuardedKernel
