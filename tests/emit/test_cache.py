"""Files kept between processes: where, under which names, how many, and what damage does."""

import os
import shutil
import time
from pathlib import Path

import pytest

from gradbook.emit import cache

KEY, OTHER = cache.key_of("a loss"), cache.key_of("another loss")


def keep(content, key=KEY):
    """Keeps a file with this content, and returns where it is."""
    with cache.workshop() as workshop:
        made = workshop.folder / "made"
        made.write_bytes(content)
        return workshop.keep(made, key, "txt")


def content(key=KEY):
    found = cache.found(key, "txt")
    return found and found[1]


def unused_for(path, seconds):
    os.utime(path, (time.time() - seconds,) * 2)


def test_the_cache_is_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / "own"))
    assert cache.folder() == tmp_path / "own"
    monkeypatch.delenv("GRADBOOK_CACHE")
    assert cache.folder() == tmp_path / "xdg" / "gradbook"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative/paths/are/to/be/ignored")
    assert cache.folder() == tmp_path / "home" / ".cache" / "gradbook"
    monkeypatch.delenv("XDG_CACHE_HOME")
    assert cache.folder() == tmp_path / "home" / ".cache" / "gradbook"

    def homeless():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert cache.folder() is None


def test_what_is_kept_is_found_under_its_key_alone(empty_cache):
    assert content() is None
    path = keep(b"text")
    assert cache.found(KEY, "txt") == (path, b"text")
    assert content(OTHER) is None
    assert cache.found(KEY, "so") is None
    assert list(empty_cache.iterdir()) == [path]


DAMAGES = {
    "truncated": lambda path: path.write_bytes(path.read_bytes()[:2]),
    "empty": lambda path: path.write_bytes(b""),
    "altered": lambda path: path.write_bytes(b"tixt"),
    "garbage": lambda path: path.write_bytes(bytes(range(256))),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_file_is_not_found_and_gone(empty_cache, damage):
    path = keep(b"text")
    damage(path)
    assert content() is None
    assert not path.exists()


def test_a_file_under_the_key_of_another_is_not_found_and_gone(empty_cache):
    path = keep(b"text")
    foreign = path.with_name(path.name.replace(KEY, OTHER))
    shutil.copy(path, foreign)
    assert content(OTHER) is None
    assert content() == b"text"
    assert not foreign.exists()


def test_of_two_files_the_sound_one_is_found(empty_cache):
    path = keep(b"text")
    first = path.with_name(f"{KEY}-{'0' * 64}.txt")
    shutil.copy(path, first)
    assert content() == b"text"
    assert list(empty_cache.iterdir()) == [path]


def test_a_folder_in_the_place_of_a_file_is_no_file(empty_cache):
    path = keep(b"text")
    path.unlink()
    path.mkdir()
    assert content() is None


def test_where_nothing_can_be_written_what_is_made_is_gone_afterwards(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("GRADBOOK_CACHE", str(tmp_path / "file"))
    assert not keep(b"text").exists()
    assert content() is None


def test_a_cache_that_can_only_be_read_is_read(empty_cache, monkeypatch):
    def refuses(*_):
        raise PermissionError

    keep(b"text")
    for change in ("utime", "unlink", "replace"):
        monkeypatch.setattr(os, change, refuses)
    assert content() == b"text"


def test_what_was_not_used_for_longest_is_removed_first(empty_cache):
    paths = {name: keep(b"x" * 100, cache.key_of(name)) for name in ("old", "older", "new")}
    for name, path in paths.items():
        unused_for(path, {"old": 2000, "older": 3000, "new": 1000}[name])
    cache.prune(empty_cache, limit=300)
    assert set(empty_cache.iterdir()) == set(paths.values())
    cache.prune(empty_cache, limit=250)
    assert set(empty_cache.iterdir()) == {paths["old"], paths["new"]}


def test_what_is_found_counts_as_used(empty_cache):
    paths = [keep(b"x" * 100, cache.key_of(str(number))) for number in range(3)]
    for path in paths:
        unused_for(path, 1000)
    assert content(cache.key_of("1")) is not None
    cache.prune(empty_cache, limit=100)
    assert list(empty_cache.iterdir()) == [paths[1]]


def test_what_was_just_used_stays_however_much_there_is(empty_cache):
    path = keep(b"x" * 100)
    cache.prune(empty_cache, limit=10)
    assert path.exists()


def test_keeping_more_makes_room(empty_cache, monkeypatch):
    monkeypatch.setattr(cache, "LIMIT", 150)
    unused_for(keep(b"x" * 100), 1000)
    path = keep(b"y" * 100, OTHER)
    assert list(empty_cache.iterdir()) == [path]


def test_nothing_of_somebody_else_is_removed(empty_cache):
    empty_cache.mkdir()
    theirs = [empty_cache / name for name in ("notes.txt", "0-1.txt", "building.md")]
    for path in theirs:
        path.write_bytes(b"x" * 100)
        unused_for(path, 10**6)
    cache.prune(empty_cache, limit=0)
    assert set(empty_cache.iterdir()) == set(theirs)


def test_what_an_ended_process_has_left_is_removed_after_a_day(empty_cache):
    now, abandoned = empty_cache / "building-now", empty_cache / "building-abandoned"
    for path in (now, abandoned):
        path.mkdir(parents=True)
        (path / "kernel.c").touch()
    unused_for(abandoned, 2 * 24 * 3600)
    cache.prune(empty_cache, cache.LIMIT)
    assert list(empty_cache.iterdir()) == [now]
