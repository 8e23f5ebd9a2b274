"""A file is written whole, or what was there stays."""

import os
import threading
from pathlib import Path

import pytest

from gradbook.writing import as_it_grows, require_writable, write


def test_a_file_is_written_into_folders_that_are_made_for_it(tmp_path):
    path = tmp_path / "new" / "folder" / "x.json"
    write(path, "Σ")
    write(path, "Σ again")
    assert path.read_text(encoding="utf-8") == "Σ again"
    assert os.listdir(path.parent) == ["x.json"]


def test_where_a_write_fails_what_was_there_stays_and_nothing_else_is_left(tmp_path, monkeypatch):
    path = tmp_path / "x.json"
    path.write_text("before")

    def half_written(self, text, encoding):
        with self.open("w") as file:
            file.write(text[:2])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", half_written)
    with pytest.raises(OSError, match="No space left on device") as raised:
        write(path, "after")
    assert raised.value.filename == str(path)
    assert (path.read_text(), os.listdir(tmp_path)) == ("before", ["x.json"])


def test_what_cannot_be_written_is_told_before_and_named(tmp_path):
    (tmp_path / "file").write_text("")
    for path in (tmp_path, tmp_path / "file" / "x.json"):
        with pytest.raises(OSError, match=r"directory|exists") as raised:
            require_writable(path)
        assert raised.value.filename == str(path)
    assert os.listdir(tmp_path) == ["file"]


def test_a_link_stays_a_link_and_a_pipe_a_pipe(tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "file")
    write(tmp_path / "link", "text")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "file").read_text() == "text"
    os.mkfifo(tmp_path / "pipe")
    read = []
    reader = threading.Thread(target=lambda: read.append((tmp_path / "pipe").read_text()))
    reader.start()
    write(tmp_path / "pipe", "into it")
    reader.join()
    assert read == ["into it"]


def test_what_grows_is_kept_when_there_is_a_tenth_more():
    there, kept = 0, []
    told = as_it_grows(lambda: kept.append(there))
    for there in range(1, 41):
        told(there)
    assert kept[:10] == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    assert kept[10:] == [11, 13, 15, 17, 19, 21, 24, 27, 30, 33, 37]
