"""Run the notebooks and save what they show, so that a second run changes no byte.

    python tools/execute_notebooks.py                    all of notebooks/
    python tools/execute_notebooks.py notebooks/01*      these
    python tools/execute_notebooks.py --check            write nothing; exit 1, naming the
                                                         notebooks that would change

What a run leaves behind besides the outputs is taken out: times, Python's version, an editor's
notes. That a cell shows the same each time is the notebook's own affair.
"""

import argparse
import re
import sys
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"

METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
#: JupyterLab shows three dots in the place of a solution, until it is asked for more.
FOLDED = {"jupyter": {"source_hidden": True, "outputs_hidden": True}}
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


class NotebookFailed(Exception):
    """A notebook that is not fit to be saved; the message says which one and why."""


def executed(path: Path) -> str:
    """The text of the notebook at `path` after a run in its own folder.

    Raises NotebookFailed if a cell fails, takes over ten minutes or writes to stderr, where
    warnings go: a reader's page has none.
    """
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook,
        kernel_name=METADATA["kernelspec"]["name"],
        timeout=600,
        record_timing=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # else each kernel warns about its own transport
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        client.execute()
    except (CellControlSignal, DeadKernelError) as error:
        raise NotebookFailed(f"{path.name} failed: {COLOURS.sub('', str(error))}") from None

    notebook.metadata = METADATA
    for cell in notebook.cells:
        tags = cell.metadata.get("tags", [])
        cell.metadata = ({"tags": tags} if tags else {}) | (FOLDED if "solution" in tags else {})
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise NotebookFailed(f"{path.name} writes to stderr: {output.text}")
    return nbformat.writes(notebook) + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: all of notebooks/")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on a change")
    options = parser.parse_args(arguments)
    paths = [path.resolve() for path in options.notebooks or sorted(NOTEBOOKS.glob("*.ipynb"))]
    if not paths:
        parser.error("notebooks/ has no notebook: name the ones to run")
    for path in paths:
        if not path.is_file():
            parser.error(f"{path} is not a notebook")

    changed, failed = [], []
    with ProcessPoolExecutor() as pool:
        running = {pool.submit(executed, path): path for path in paths}
        for count, future in enumerate(as_completed(running), start=1):
            path, progress = running[future], f"[{count}/{len(paths)}]"
            try:
                text = future.result()
            except NotebookFailed as failure:
                failed.append(path.name)
                print(progress, failure, flush=True)
                continue
            if text == path.read_text(encoding="utf-8"):
                print(progress, path.name, "is as it was", flush=True)
                continue
            changed.append(path.name)
            print(progress, path.name, "would change" if options.check else "changed", flush=True)
            if not options.check:
                path.write_text(text, encoding="utf-8")

    if options.check and changed:
        print(f"not as a run leaves them: {', '.join(sorted(changed))}; run `make notebooks`")
    return 1 if failed or (options.check and changed) else 0


if __name__ == "__main__":
    sys.exit(main())
