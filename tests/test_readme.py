"""The README's own examples: what it says is what happens today."""

import doctest
import re
import subprocess
import sys
from pathlib import Path

import pytest

from derivation.multiclass_svm import notes
from gradbook.report.show import show_line

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.M | re.S)


def test_the_python_examples_print_what_they_say():
    example = doctest.DocTestParser().get_doctest(
        "\n".join(blocks("python")), {}, "README", None, 0
    )
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).attempted >= 15
    assert said == []


def test_a_wrong_example_would_be_noticed():
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    runner = doctest.DocTestRunner()
    assert runner.run(example, out=lambda text: None).failed == 1


def without_times(row: str) -> str:
    return re.sub(r"\s+\d+\.\d s$", "", row.strip())


def test_the_excerpt_of_verify_is_what_verify_prints():
    excerpt = next(block for block in blocks("") if block.startswith("$ make verify"))
    run = subprocess.run(
        [sys.executable, "-m", "gradbook.cli", "verify"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    printed = {without_times(row) for row in run.stdout.splitlines()}
    shown = [without_times(row) for row in excerpt.splitlines()[1:] if row.strip() != "…"]
    for row in shown:
        # The errors depend on the processor's last bits; everything else has to be the same.
        if "✓" in row:
            row = row.partition("✓")[0].strip()
            assert any(line.startswith(row) and "✗" not in line for line in printed), row
        elif "lines hold" in row:
            assert any(line.startswith(row.partition(" ·")[0]) for line in printed), row
        elif not row.startswith("report:"):
            assert row in printed, row


def test_the_line_shown_is_what_show_prints():
    shown = next(block for block in blocks("") if block.startswith("N12 ·"))
    assert shown.rstrip() == show_line(notes["N12"]).rstrip()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).is_file()


def test_every_command_of_the_tables_is_one_of_make():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in re.findall(r"^\| `make (\w+)`", README, re.M):
        assert f"make {command} " in listed.stdout
