"""Ten minutes for newcomers: every file is written, every command run, and what is shown comes."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "ten-minutes.md"
#: A file, named at the end of a paragraph, or commands with lines of what they print.
BLOCK = re.compile(r"(?:`([\w./-]+)`[^`]*?:\n\n)?```(\w+)\n(.*?)^```$", re.M | re.S)
CHAPTERS = re.findall(r"^## ([^:]+):.*?\n(.*?)(?=^## |\Z)", PAGE.read_text("utf-8"), re.M | re.S)


def follow(text, folder):
    """Do what a chapter says, in `folder`; the lines that it shows and that did not come."""
    programs = str(Path(sys.executable).parent)
    here = os.environ | {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    missing = []
    for name, language, content in BLOCK.findall(text):
        if language != "console":
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(content, encoding="utf-8")
            continue
        for command, shown in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", content, re.M):
            run = subprocess.run(
                command, shell=True, cwd=folder, env=here, capture_output=True, text=True
            )
            said = " ".join((run.stdout + run.stderr).split())
            missing += [line for line in shown.splitlines() if " ".join(line.split()) not in said]
    return missing


@pytest.mark.thorough
@pytest.mark.parametrize(("who", "text"), CHAPTERS, ids=[who for who, _ in CHAPTERS])
def test_every_command_says_what_is_shown(who, text, tmp_path):
    assert follow(text, tmp_path) == []


def test_there_is_a_way_in_for_each_of_three():
    assert [who for who, _ in CHAPTERS] == ["To explore", "To teach", "In CI"]
    assert all(BLOCK.search(text) for _, text in CHAPTERS)


def test_what_does_not_come_is_noticed(tmp_path):
    text = "A file, `a.txt`:\n\n```text\none\n```\n\n```console\n$ cat a.txt\none\ntwo\n```\n"
    assert follow(text, tmp_path) == ["two"]
