"""What is kept is used only where nobody else can have put it; and what a broken place does."""

import os
import stat

import pytest
from losses_and_data import integers, is_exact, squared, svm

from gradbook.emit import CompilationFailed, build, cache, emit

KEY = cache.key_of("a loss")


def keep(content=b"text"):
    with cache.workshop() as workshop:
        made = workshop.folder / "made"
        made.write_bytes(content)
        return workshop.keep(made, KEY, "txt")


def content():
    found = cache.found(KEY, "txt")
    return found and found[1]


def test_what_is_kept_belongs_to_the_user_alone(empty_cache):
    assert stat.S_IMODE(keep().stat().st_mode) == 0o600
    assert stat.S_IMODE(empty_cache.stat().st_mode) == 0o700


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_write_is_not_read(mode, empty_cache):
    keep().chmod(mode)
    assert content() is None
    keep()
    assert content() == b"text"


@pytest.mark.quick("511")
@pytest.mark.parametrize("mode", [0o770, 0o702, 0o777, 0o1777])
def test_a_folder_that_others_may_write_is_done_without(mode, empty_cache):
    keep()
    empty_cache.chmod(mode)
    assert content() is None
    assert not keep().exists()
    assert is_exact(emit(svm, "c"), svm, *integers(3, 1, 4))
    assert len(list(empty_cache.iterdir())) == 1


@pytest.mark.parametrize("which", ["the folder", "the file"])
def test_what_belongs_to_somebody_else_is_not_read(which, empty_cache, monkeypatch):
    path = keep()
    theirs = (empty_cache if which == "the folder" else path).stat().st_ino
    real = os.stat_result

    def is_own(about, kind, own=cache._is_own):
        if about.st_ino == theirs:
            values = list(about)
            values[stat.ST_UID] = os.geteuid() + 1
            about = real(values)
        return own(about, kind)

    monkeypatch.setattr(cache, "_is_own", is_own)
    assert content() is None


def replaced_by_fifo(path):
    path.unlink()
    os.mkfifo(path)


def replaced_by_folder(path):
    path.unlink()
    (path / "below").mkdir(parents=True)


def replaced_by_link(path):
    elsewhere = path.with_name("elsewhere")
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


@pytest.mark.parametrize("replaced", [replaced_by_fifo, replaced_by_folder, replaced_by_link])
def test_what_is_no_file_is_not_waited_for(replaced, empty_cache):
    replaced(keep())
    assert content() is None
    keep()
    assert content() in (b"text", None)


def test_a_path_that_is_too_long_is_done_without(monkeypatch, tmp_path):
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / ("x" * 300)))
    assert is_exact(emit(svm, "c"), svm, *integers(3, 1, 4))


def test_a_folder_from_which_nothing_is_executed_is_done_without(empty_cache, monkeypatch):
    loaded = build._loaded

    def refused(path):
        if empty_cache in path.parents:
            raise CompilationFailed("the compiled kernel cannot be loaded: not permitted")
        return loaded(path)

    monkeypatch.setattr(build, "_loaded", refused)
    for _ in range(2):
        assert is_exact(emit(svm, "c"), svm, *integers(3, 1, 4))


def test_a_disk_that_is_full_is_done_without(empty_cache, monkeypatch):
    compiled = build._compiled

    def full(folder, *others):
        if empty_cache in folder.parents:
            raise OSError(28, "No space left on device")
        return compiled(folder, *others)

    monkeypatch.setattr(build, "_compiled", full)
    assert is_exact(emit(svm, "c"), svm, *integers(3, 1, 4))
    monkeypatch.setattr(build, "_compiled", lambda *_: full(empty_cache / "in it"))
    with pytest.raises(CompilationFailed, match=r"cannot be compiled: .*No space left"):
        emit(squared, "c")


COMPILERS = {
    "nothing": ("", "it wrote no library$"),
    "an empty file": ('[ -z "$out" ] || : > "$out"', "it wrote no library$"),
    "rubbish": ('[ -z "$out" ] || echo rubbish > "$out"', "the compiled kernel cannot be loaded: "),
}


@pytest.mark.parametrize(("writes", "sentence"), COMPILERS.values(), ids=COMPILERS)
@pytest.mark.parametrize("target", ["c", "c-fast"])
def test_a_compiler_that_writes_no_library_is_one_sentence(
    target, writes, sentence, empty_cache, tmp_path, monkeypatch
):
    script = tmp_path / "odd-cc"
    text = f'while [ $# -gt 0 ]; do [ "$1" = -o ] && out="$2"; shift; done\n{writes}\n'
    script.write_text(f"#!/bin/sh\n{text}exit 0\n")
    script.chmod(0o755)
    monkeypatch.setenv("CC", str(script))
    with pytest.raises(CompilationFailed, match=sentence) as failed:
        emit(svm, target)
    assert "\n" not in str(failed.value)


def test_a_library_without_the_function_is_one_sentence(empty_cache):
    library = build.library("int other(void) { return 1; }\n")
    with pytest.raises(CompilationFailed, match="there is no loss_and_gradient in it"):
        build.function(library, "loss_and_gradient")
