"""The answers to a page, relation by relation, and the chapter that shows them."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from gradbook.page import read_text
from gradbook.verify.answers import Answers, answers

CHAPTER = Path(__file__).parents[2] / "notebooks" / "01-the-page.ipynb"

PAGE = r"""
Let $d \ge 1$, $x, a \in \mathbb{R}^d$.

$$ f := \|x - a\|^2 = x^\top x - a^\top x + a^\top a \tag{A1} $$

$$ \nabla_x f = 2 (x - a), \qquad f = q, \qquad \|x\| \in \mathbb{R} \tag{A2} $$
"""


@cache
def found() -> Answers:
    return answers(read_text(PAGE))


def test_every_relation_has_an_answer_and_what_cannot_be_read_a_reason() -> None:
    assert [(each.kind, each.latex.split(" = ")[0]) for each in found().all] == [
        ("refuted", "f"),
        ("proved", r"\nabla_x f"),
        ("unread", r"\nabla_x f"),
    ]
    assert found().all[0].said == "with d = 1, a = [1], x = [1]: the left is 0, the right is 1"
    assert found().all[2].said == "q is not declared"


def test_the_answers_are_shown_as_text_as_a_table_and_as_a_picture() -> None:
    proved = found().only("proved")
    assert str(proved) == "    6  \\nabla_x f = 2 (x - a)\n       ✓ proved"
    assert proved._repr_markdown_().splitlines()[2] == (
        r"| 6 | $\displaystyle \nabla_x f = 2 (x - a)$ | ✓ proved |"
    )
    (axes,) = found().picture().axes
    assert axes.get_title() == "1 proved, 1 false, 1 cannot be read"
    assert len(axes.patches) == 3


def test_a_stroke_in_a_formula_does_not_end_a_column() -> None:
    rows = found()._repr_markdown_().splitlines()
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4}


# The chapter.


def solutions() -> list[str]:
    """The pages of the chapter's solutions."""
    cells = json.loads(CHAPTER.read_text("utf-8"))["cells"]
    written = ["".join(cell["source"]) for cell in cells if is_solution(cell)]
    assert written
    return [text.partition("\n")[2] for text in written if text.startswith("%%page")]


def is_solution(cell: dict[str, Any]) -> bool:
    return "solution" in cell["metadata"].get("tags", ())


@pytest.mark.parametrize("page", solutions())
def test_a_solution_in_the_chapter_is_read_and_proved(page: str) -> None:
    assert {each.kind for each in answers(read_text(page)).all} == {"proved"}


def test_the_answer_to_what_there_is_to_explore_is_true() -> None:
    shifted = solutions()[0].replace(r"f := \sum_i (x_i - c)^2", r"f := \sum_i (x_i - c)^2 + 1")
    assert [each.kind for each in answers(read_text(shifted)).all] == ["proved", "refuted"]
