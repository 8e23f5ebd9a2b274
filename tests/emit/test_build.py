"""The compiler and the cache: damaged files, crowds, missing and failing compilers."""

import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from gradbook.emit import build, cache

ANSWER = "int answer(void) { return 42; }\n"

#: Another process that prints the answer. It needs these files alone, and not all of gradbook.
PROGRAM = f"""
import sys
from types import ModuleType

for name in "", "kernels", "emit":
    module = ModuleType(f"gradbook.{{name}}".rstrip("."))
    module.__path__ = [{str(Path(build.__file__).parents[1])!r} + "/" + name]
    sys.modules[module.__name__] = module

from gradbook.emit import build

print(build.library({ANSWER!r}).answer())
"""
ANOTHER_PROCESS = [sys.executable, "-c", PROGRAM]


def answer(source=ANSWER, flags=()):
    return build.library(source, flags).answer()


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def script(path, text):
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.fixture
def counting_compiler(tmp_path, monkeypatch):
    """The compiler, with a file that has a line for each library it made."""
    log = tmp_path / "made"
    log.touch()
    real = " ".join(build.compiler())
    text = f'case "$*" in *-E*) ;; *) echo made >> {log} ;; esac\nexec {real} "$@"'
    monkeypatch.setenv("CC", script(tmp_path / "counting-cc", text))
    return lambda: len(log.read_text().splitlines())


def test_a_library_is_compiled_once(empty_cache, counting_compiler):
    assert answer() == answer() == 42
    assert counting_compiler() == 1
    (name,) = files(empty_cache)
    assert name.endswith(".so")


def test_another_source_and_other_flags_are_compiled_anew(empty_cache, counting_compiler):
    answer()
    assert answer(ANSWER.replace("42", "43")) == 43
    assert answer("int answer(void) { return N; }\n", ["-DN=7"]) == 7
    assert answer("int answer(void) { return N; }\n", ["-DN=8"]) == 8
    assert counting_compiler() == 4


def test_another_compiler_compiles_anew(empty_cache, counting_compiler, monkeypatch):
    answer()
    other = script(empty_cache.parent / "other-cc", f'exec {os.environ["CC"]} "$@"')
    monkeypatch.setenv("CC", other)
    answer()
    assert counting_compiler() == 2


DAMAGES = {
    "truncated": lambda library: library[: len(library) // 2],
    "empty": lambda library: b"",
    "altered": lambda library: library[:-1] + b"!",
}


@pytest.mark.quick("altered")
@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_library_is_built_anew(empty_cache, counting_compiler, damage):
    # In a process of its own: this one must not have the library in memory.
    assert subprocess.check_output(ANOTHER_PROCESS, text=True) == "42\n"
    (path,) = empty_cache.iterdir()
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    assert subprocess.check_output(ANOTHER_PROCESS, text=True) == "42\n"
    assert counting_compiler() == 2
    assert [path.read_bytes() for path in empty_cache.iterdir()] == [sound]


def test_processes_that_compile_at_once_do_not_disturb_each_other(empty_cache):
    crowd = [subprocess.Popen(ANOTHER_PROCESS, stdout=subprocess.PIPE, text=True) for _ in range(8)]
    assert [process.communicate()[0] for process in crowd] == ["42\n"] * 8
    assert [name for name in files(empty_cache) if not name.endswith(".so")] == []


@pytest.mark.parametrize("path", ["a file", "below a file"])
def test_a_cache_that_cannot_be_written_is_done_without(path, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    place = tmp_path / "file" if path == "a file" else tmp_path / "file" / "below"
    monkeypatch.setenv("GRADBOOK_CACHE", str(place))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert answer() == 42
    assert files(tmp_path) == ["file"]


def test_a_cache_that_can_only_be_read_is_read(empty_cache, counting_compiler, monkeypatch):
    answer()
    monkeypatch.setattr(cache, "_writable", lambda folder: False)
    assert answer() == 42
    assert counting_compiler() == 1
    assert answer(ANSWER + "\n") == 42
    assert counting_compiler() == 2
    assert len(files(empty_cache)) == 1


def test_a_library_needs_no_home(monkeypatch):
    monkeypatch.setattr(cache, "folder", lambda: None)
    assert answer() == 42


@pytest.mark.parametrize(
    ("cc", "sentence"),
    [
        (None, "no C compiler: install cc, gcc or clang, or name one in the environment's CC"),
        ("nocc -O2", "no C compiler: the environment's CC is 'nocc', which is not found"),
        ("'open", "no C compiler: the environment's CC is \"'open\", which is not found"),
    ],
)
def test_a_missing_compiler_is_one_sentence(cc, sentence, monkeypatch, empty_cache):
    monkeypatch.setenv("PATH", str(empty_cache))
    if cc is None:
        monkeypatch.delenv("CC", raising=False)
    else:
        monkeypatch.setenv("CC", cc)
    with pytest.raises(build.NoCompiler) as raised:
        answer()
    assert str(raised.value) == sentence


def test_the_compiler_of_the_environment_may_have_arguments(empty_cache, monkeypatch):
    monkeypatch.setenv("CC", " ".join([*build.compiler(), "-DN=5"]))
    assert answer("int answer(void) { return N; }\n") == 5


def test_clang_is_found_where_there_is_nothing_else(empty_cache, tmp_path, monkeypatch):
    folder = tmp_path / "bin"
    folder.mkdir()
    script(folder / "clang", f'PATH={os.environ["PATH"]} exec {" ".join(build.compiler())} "$@"')
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(folder))
    assert build.compiler() == (str(folder / "clang"),)
    assert answer() == 42


def test_the_first_error_of_the_compiler_is_reported(empty_cache):
    with pytest.raises(build.CompilationFailed) as raised:
        answer("int answer(void) { return nothing; }\nint other(void) { return nothing; }\n")
    assert str(raised.value).startswith(f"the C compiler {build.compiler()[0]} failed: ")
    assert "nothing" in str(raised.value)
    assert "kernel.c:1:" in str(raised.value)
    assert "\n" not in str(raised.value)
    assert files(empty_cache) == []


def test_a_compiler_that_fails_without_a_word_is_reported(empty_cache, tmp_path, monkeypatch):
    monkeypatch.setenv("CC", script(tmp_path / "silent", "exit 3"))
    with pytest.raises(build.CompilationFailed, match=r"silent failed: it ended with status 3$"):
        answer()


def test_a_compiler_that_cannot_be_run_is_reported(empty_cache, tmp_path, monkeypatch):
    (tmp_path / "broken").write_text("#!/no/such/interpreter\n")
    (tmp_path / "broken").chmod(0o755)
    monkeypatch.setenv("CC", str(tmp_path / "broken"))
    with pytest.raises(build.CompilationFailed, match="broken cannot be run: "):
        answer()


def test_a_library_that_cannot_be_loaded_is_reported(empty_cache):
    with pytest.raises(build.CompilationFailed, match=r"^the compiled kernel cannot be loaded: "):
        answer("int missing(void);\nint answer(void) { return missing(); }\n", ["-Wl,-z,now"])


def test_a_compiler_that_does_not_know_this_processor_compiles_plainly(
    empty_cache, tmp_path, monkeypatch
):
    real = " ".join(build.compiler())
    text = (
        f'case "$*" in *-march=native*) echo "error: native?" >&2; exit 1 ;; esac\nexec {real} "$@"'
    )
    monkeypatch.setenv("CC", script(tmp_path / "old-cc", text))
    assert answer() == 42
