"""C sources compiled for tests: strictly, and with sanitizers."""

import subprocess

import pytest

from gradbook.emit import build

STRICT = ("-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic")


def compile_strictly(source, folder, *flags):
    """The compiler's exit status and what it says."""
    (folder / "kernel.c").write_text(source, encoding="utf-8")
    command = [*build.compiler(), *STRICT, *flags, "-O1", "-c", "kernel.c"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, done.stderr


def run_under_sanitizers(source, folder, real="double"):
    """A program, finished: what it printed, what the sanitizers say."""
    (folder / "main.c").write_text(source, encoding="utf-8")
    command = [*build.compiler(), *STRICT, "-fsanitize=address,undefined", f"-DREAL={real}", "-O1"]
    command += ["-fno-sanitize-recover=all", "main.c", "-o", "main", "-lm"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if "cannot find" in made.stderr or "unsupported" in made.stderr:
        pytest.skip("this compiler has no sanitizers")
    assert (made.returncode, made.stderr) == (0, "")
    return subprocess.run(["./main"], cwd=folder, capture_output=True, text=True, check=False)
