"""Notebooks as tests: nbval, without the ways in which it lets a broken notebook pass.

nbval runs each code cell and compares what it shows with what the notebook has saved. Besides:

- a cell that was never run fails, and so does one that hides its output from the comparison;
- a cell tagged `raises-exception` has to raise, and every other cell has to end well: an unknown
  %magic, a failing shell command and a swallowed time-out are failures, though nbval sees none;
- the outputs have to be of the saved kinds: a picture may look different, but not be missing;
- the cells after a failed one are not run, and a kernel that dies fails its cell at once;
- a `;` at the end of a cell hides its result, as it does in JupyterLab.

This builds on nbval's internals, so pyproject.toml pins nbval. tests/test_notebook_guard.py has a
bad notebook for each point.
"""

from queue import Empty

import nbval.plugin
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile


class KernelDied(Exception):
    """The kernel's process is gone, and no answer will come."""


class GuardedKernel(RunningKernel):
    """nbval's kernel, which notices that it died and remembers how its last cell ended."""

    status = None  # "ok", "error" or "aborted"; None until the cell's answer has come

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        strict = self.kc.execute("get_ipython().system_raise_on_error = True", silent=True)
        self.await_reply(strict, timeout=options["startup_timeout"])

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.status = None
        return self.kc.execute(
            cell_input,
            store_history=True,  # as JupyterLab does: without it, IPython overlooks the last `;`
            allow_stdin=allow_stdin,
            stop_on_error=False,
        )

    def get_message(self, stream, timeout=None):
        while True:
            try:
                message = super().get_message(stream, timeout=min(timeout, 1))
                break
            except Empty:
                if not self.is_alive():
                    raise KernelDied from None
                timeout -= 1
                if timeout <= 0:
                    raise
        if message["msg_type"] == "execute_reply":
            self.status = message["content"]["status"]
        return message


class GuardedCell(IPyNbCell):
    """A code cell that was run, hides nothing, ends as it should and shows what it showed."""

    def runtest(self):
        try:
            self.check_reference()
            if self.parent.failed:
                pytest.skip("not run: a cell above it failed")
            super().runtest()
            self.check_end()
        except KernelDied:
            self.parent.failed = True
            self.parent.kernel.stop()
            self.raise_cell_error("The kernel died while it ran this cell")
        except Exception:
            self.parent.failed = True
            raise

    def check_reference(self):
        if self.options["skip"] or not self.options["check"]:
            self.raise_cell_error("This cell hides its output: remove its NBVAL marker or tag")
        if self.cell.execution_count is None and self.cell.source.strip():
            self.raise_cell_error("This cell was never run: run `make notebooks`")

    def check_end(self):
        if self.options["check_exception"]:
            if not any(output.output_type == "error" for output in self.test_outputs):
                self.raise_cell_error("This cell is tagged raises-exception, but raises nothing")
        elif self.parent.kernel.status != "ok":
            self.raise_cell_error("This cell has an unknown %magic, or was stopped for its time")

    def compare_outputs(self, test, ref, skip_compare=None):
        if not super().compare_outputs(test, ref, skip_compare):
            return False
        shown, saved = kinds(test), kinds(ref)
        self.comparison_traceback = [f"the saved outputs are {saved}, but it now shows {shown}"]
        return shown == saved


def kinds(outputs):
    """The MIME types of each output that has data, such as [["image/png", "text/plain"]]."""
    return [sorted(output["data"]) for output in outputs if "data" in output]


class GuardedNotebook(IPyNbFile):
    """A notebook that is run up to its first failure."""

    failed = False

    def collect(self):
        cells = list(super().collect())
        if not cells:
            raise self.CollectError(f"{self.path.name} has no code cell")
        for cell in cells:
            yield GuardedCell.from_parent(
                self,
                name=cell.name,
                cell_num=cell.cell_num,
                cell=cell.cell,
                options=cell.options,
            )


nbval.plugin.RunningKernel = GuardedKernel


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path, parent):
    collectors = yield
    return [
        GuardedNotebook.from_parent(parent, path=file_path) if isinstance(each, IPyNbFile) else each
        for each in collectors
    ]
