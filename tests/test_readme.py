"""The README and the documents: what they say is what happens today."""

import doctest
import re
import subprocess
from pathlib import Path

import pytest

from derivation.multiclass_svm import notes
from gradbook.report.show import show_line

ROOT = Path(__file__).parents[1]
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text(encoding="utf-8")
    for path in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
}
README = DOCUMENTS["README.md"]
LINKS = [
    (name, target)
    for name, text in DOCUMENTS.items()
    for target in sorted(set(re.findall(r"\]\(([^)#:]+)\)", text)))
]


def blocks(document: str, language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", DOCUMENTS[document], re.M | re.S)
    return [block for its_language, block in fenced if its_language == language]


@pytest.mark.parametrize(("document", "least"), [("README.md", 3), ("docs/python.md", 15)])
def test_the_python_examples_print_what_they_say(document, least):
    example = doctest.DocTestParser().get_doctest(
        "\n".join(blocks(document, "python")), {}, document, None, 0
    )
    said: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.REPORT_NDIFF)
    runner.run(example, out=said.append)
    assert runner.summarize(verbose=False).attempted >= least
    assert said == []


def test_a_wrong_example_would_be_noticed():
    example = doctest.DocTestParser().get_doctest(">>> 1 + 1\n3\n", {}, "wrong", None, 0)
    runner = doctest.DocTestRunner()
    assert runner.run(example, out=lambda text: None).failed == 1


def test_the_line_shown_is_what_show_prints():
    shown = next(block for block in blocks("docs/proofs.md", "") if block.startswith("N12 ·"))
    assert shown.rstrip() == show_line(notes["N12"], notes["N12"].prove()).rstrip()


def test_what_the_readme_shows_of_a_judgement_is_in_the_whole_of_it():
    shown = next(block for block in blocks("README.md", "") if block.startswith("✗ wrong"))
    assert shown in DOCUMENTS["docs/judging.md"]


@pytest.mark.parametrize(("document", "target"), LINKS)
def test_every_link_leads_to_something(document, target):
    assert (ROOT / document).parent.joinpath(target).exists()


def test_every_command_that_is_named_is_one_of_make():
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    named = set(re.findall(r"`?make ([a-z-]+)", README))
    assert named >= {"verify", "test", "lab"}
    for command in named:
        assert f"make {command} " in listed.stdout


def test_the_readme_is_read_in_a_few_minutes():
    assert len(README.splitlines()) <= 150
