"""What holds the repository together, beside the code."""

import os
import subprocess
import tomllib
from importlib import resources
from pathlib import Path

import yaml

import gradbook

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("src", "derivation", "tests", "tools", "benchmarks")


def long_files(root):
    """The Python files under `root` with more than 400 lines."""
    files = [
        *root.glob("*.py"),
        *(path for folder in FOLDERS for path in root.glob(f"{folder}/**/*.py")),
    ]
    return [
        path.relative_to(root).as_posix() for path in files if path.read_bytes().count(b"\n") > 400
    ]


def test_no_python_file_is_longer_than_400_lines():
    assert long_files(ROOT) == []


def test_a_file_of_401_lines_is_noticed(tmp_path):
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "short.py").write_text("\n" * 400)
    (tmp_path / "src" / "long.py").write_text("\n" * 401)
    assert long_files(tmp_path) == ["src/long.py"]


def test_the_citation_has_the_version_and_the_licence_of_the_package():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == gradbook.__version__
    assert citation["license"] == "BSD-3-Clause"
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("BSD 3-Clause License")


def test_the_changelog_has_the_version_of_the_package():
    assert f"## [{gradbook.__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_types_are_shipped():
    assert resources.files(gradbook).joinpath("py.typed").is_file()


def test_continuous_integration_runs_make_test():
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "exec make test"
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    steps = [step.get("run") for step in workflow["jobs"]["verify-and-test"]["steps"]]
    assert steps[-2:] == ["make verify", "make test"]


def test_a_scheduled_workflow_runs_what_make_test_leaves_out():
    workflow = yaml.safe_load((ROOT / ".github/workflows/thorough.yml").read_text(encoding="utf-8"))
    assert "schedule" in workflow[True]  # to YAML, `on` is a truth value
    assert workflow["jobs"]["test-all"]["steps"][-1] == {"run": "make test-all"}


def test_make_test_leaves_out_what_is_thorough_and_make_test_all_does_not():
    def runs(command):
        making = ["make", "--no-print-directory", "--dry-run", "--always-make", command]
        said = subprocess.run(making, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        return said.rstrip().rpartition("/")[2]

    options = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["pytest"]
    assert options["addopts"][-2:] == ["-m", "not thorough"]
    assert runs("test").startswith("pytest -n 2")
    assert "-m" not in runs("test")
    assert runs("test-all").endswith('-m ""')


def test_make_lists_every_command():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in ("verify", "test", "test-all", "lab", "site", "format", "lock", "clean"):
        assert f"make {command} " in listed.stdout
