"""The README's own examples: what it says is what happens today."""

import doctest
import re
import subprocess
from pathlib import Path

import pytest

from derivation.multiclass_svm import notes
from gradbook.report.show import show_line

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", README, re.M | re.S)
    return [block for its_language, block in fenced if its_language == language]


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


def test_the_line_shown_is_what_show_prints():
    shown = next(block for block in blocks("") if block.startswith("N12 ·"))
    assert shown.rstrip() == show_line(notes["N12"], notes["N12"].prove()).rstrip()


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\]\(([^)#:]+)\)", README))))
def test_every_link_leads_to_a_file(target):
    assert (ROOT / target).is_file()


def test_every_command_of_the_tables_is_one_of_make():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for command in re.findall(r"^\| `make (\w+)`", README, re.M):
        assert f"make {command} " in listed.stdout
