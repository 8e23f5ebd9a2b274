"""The emitted sources that the docs show are what the library emits today."""

import shutil

import pytest

from tools import write_emitted


@pytest.fixture
def folder(tmp_path):
    """A copy of the files, to be broken."""
    return shutil.copytree(write_emitted.FOLDER, tmp_path / "emitted")


def test_the_emitted_sources_in_the_docs_are_fresh():
    assert write_emitted.main(["--check"]) == 0


@pytest.mark.parametrize("name", write_emitted.TARGETS.values())
def test_a_changed_or_missing_source_is_noticed_and_written_anew(folder, name, capsys):
    fresh = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(fresh.replace("u > 0", "u >= 0"), encoding="utf-8")
    assert write_emitted.main(["--check"], folder) == 1
    assert f"docs/emitted/{name} is not what is emitted today" in capsys.readouterr().err
    (folder / name).unlink()
    assert write_emitted.main(["--check"], folder) == 1
    assert write_emitted.main([], folder) == 0
    assert (folder / name).read_text(encoding="utf-8") == fresh
