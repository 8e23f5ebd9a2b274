"""The answers to a page, relation by relation, and the chapter that shows them."""

import json
import re
from functools import cache
from pathlib import Path

import pytest

from gradbook.answers import Answers, answers
from gradbook.page import read_text

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
    cells = json.loads(CHAPTER.read_text("utf-8"))["cells"]
    text = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return re.findall(r"^```markdown\n(.*?)^```$", text, re.M | re.S)


@pytest.mark.parametrize("page", solutions())
def test_a_solution_in_the_chapter_is_read_and_proved(page: str) -> None:
    assert {each.kind for each in answers(read_text(page)).all} == {"proved"}


def test_the_third_exercise_is_true() -> None:
    shifted = solutions()[0].replace(r"f := \sum_i (x_i - c)^2", r"f := \sum_i (x_i - c)^2 + 1")
    assert [each.kind for each in answers(read_text(shifted)).all] == ["proved", "refuted"]
