"""examples/ci in an empty folder, with gradbook from its wheel: what a stranger has."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """A folder with the example, and one with what the wheel installs."""
    folder = tmp_path_factory.mktemp("stranger")
    shutil.copytree(ROOT / "examples" / "ci", folder / "repository")
    build = [sys.executable, "-m", "uv", "build", "--quiet", "--wheel", "--out-dir", folder, ROOT]
    subprocess.run(build, check=True)
    (wheel,) = folder.glob("*.whl")
    install = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--no-deps"]
    subprocess.run([*install, "--target", folder / "installed", wheel], check=True)
    return folder


def run(folder):
    environment = os.environ | {"PYTHONPATH": str(folder / "installed")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    return subprocess.run(
        command, cwd=folder / "repository", env=environment, capture_output=True, text=True
    )


@pytest.mark.thorough
def test_all_of_it_passes_as_it_stands(stranger):
    ended = run(stranger)
    assert ended.returncode == pytest.ExitCode.OK, ended.stdout
    assert "9 passed" in ended.stdout


@pytest.mark.thorough
def test_a_wrong_page_a_wrong_function_and_a_changed_notebook_fail(stranger):
    repository = stranger / "repository"
    for name, right, wrong in (
        ("pages/ridge.md", "+ \\lambda w", "+ 2 \\lambda w"),
        ("src/losses.py", "2 * reg * W", "reg * W"),
        ("notebooks/ridge.ipynb", "lamda = 0.5", "lamda = 0.6"),
    ):
        text = (repository / name).read_text("utf-8")
        assert right in text
        (repository / name).write_text(text.replace(right, wrong, 1), "utf-8")
    ended = run(stranger)
    for test in ("pages/ridge.md::R2", "src/losses.py::svm_loss", "notebooks/ridge.ipynb::Cell 1"):
        assert f"FAILED {test}" in ended.stdout
