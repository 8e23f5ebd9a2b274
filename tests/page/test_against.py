# ruff: noqa: E501 - a formula is written on one line
"""A student's page beside a model page: what is there, in other letters too, and what is missing."""

import json
import re
from functools import cache

import pytest
from helpers_of_pages import NAMES, edited, text_of

from gradbook.cli import main
from gradbook.page import Page, read_text
from gradbook.verify.against import Against, against


@cache
def model(name: str) -> Page:
    return read_text(text_of(name), f"{name}.md")


def held(text: str, name: str, *false: str) -> Against:
    page = read_text(text, "student.md")
    assert page.errors == ()
    return against(page, model(name), false)


def rest(found: Against) -> dict[str, str]:
    """What is not there."""
    return {each.model.id: each.status for each in found.lines if each.status != "there"}


def without(text: str, tag: str) -> str:
    """A page without one of its displays."""
    displays = re.split(r"(?<=\n)(\$\$\n.*?\n\$\$\n)", text, flags=re.S)
    left = [part for part in displays if rf"\tag{{{tag}}}" not in part]
    assert len(left) < len(displays)
    return "".join(left)


#: The gradient of ridge regression as somebody else writes it.
IN_OTHER_WORDS = r"""# Mine

Let $N \ge 1$, $p \ge 1$, $A \in \mathbb{R}^{N \times p}$, $t \in \mathbb{R}^N$, $\theta \in \mathbb{R}^p$,
$\alpha \in \mathbb{R}$.

$$
J := \frac{1}{2N} (A \theta - t)^\top (A \theta - t) + \frac{\alpha}{2} \theta^\top \theta
$$

$$
\begin{align}
\nabla_\theta J &= \alpha \theta + \frac{1}{N} A^\top (A \theta - t) \\
 &= \frac{1}{N} (A^\top A \theta - A^\top t) + \alpha \theta
\end{align}
$$
"""


@pytest.mark.quick("softmax")
@pytest.mark.parametrize("name", NAMES)
def test_a_page_has_all_of_itself(name: str) -> None:
    found = held(text_of(name), name)
    assert found.passed
    assert rest(found) == {}


def test_other_tags_other_letters_and_another_numbering_are_the_same_page() -> None:
    assert rest(held(text_of("ridge").replace(r"\tag{R", r"\tag{Z"), "ridge")) == {}
    letters = edited(text_of("ridge"), ("w", "q"), ("y", "t"), ("X", "A"), (r"\lambda", r"\mu"))
    assert rest(held(letters.replace("qe", "we"), "ridge")) == {}
    from_0 = edited(
        text_of("softmax"),
        (r"\{1, \dots, C\}", r"\{0, \dots, C-1\}"),
        (r"(p_1, \dots, p_C)", r"(p_0, \dots, p_{C-1})"),
        (r"\{1 = y\}, \dots, \mathbb{1}\{C = y\}", r"\{0 = y\}, \dots, \mathbb{1}\{C-1 = y\}"),
    )
    assert rest(held(from_0, "softmax")) == {}


def test_what_is_said_in_other_words_is_there_and_the_rest_is_missing() -> None:
    follow = dict.fromkeys(("R3", "R5", "R7"), "follows")
    assert rest(held(IN_OTHER_WORDS, "ridge")) == follow | {"R1": "missing", "R6": "missing"}


@pytest.mark.parametrize(
    ("name", "tag", "status"),
    [
        ("ridge", "R6", "missing"),
        ("softmax", "S4", "missing"),
        ("network", "T3", "missing"),
        ("network", "T6", "missing"),
        ("multiclass_svm", "N9", "follows"),
        ("multiclass_svm", "N16", "follows"),
    ],
)
def test_a_line_that_is_left_out_is_named(name: str, tag: str, status: str) -> None:
    assert rest(held(without(text_of(name), tag), name)) == {tag: status}


def test_a_false_line_and_a_line_that_claims_less_are_not_there() -> None:
    turned = edited(text_of("ridge"), (r"+ \lambda w \tag{R4}", r"- \lambda w \tag{R4}"))
    assert rest(held(turned, "ridge", "R4")) == {"R4": "false"}
    less = edited(text_of("network"), (r"E = (v - t) u^\top \tag{T3}", r"E = \nabla_B E \tag{T3}"))
    assert rest(held(less, "network")) == {"T3": "other"}
    narrower = edited(text_of("multiclass_svm"), (r"+ 1 \le 0,", r"+ 1 \le -1,"))
    assert rest(held(narrower, "multiclass_svm")) == {"N7": "follows"}  # from N12


def test_a_wider_condition_says_what_a_narrower_one_does() -> None:
    text = (
        r"Let $t \in \mathbb{R}$."
        + "\n\n$$\n"
        + r"\max(0, t) = t \quad \text{if } %s \tag{A}"
        + "\n$$\n"
    )
    wide, narrow = text % "t > 0", text % r"t > 0, \; 1 - t > 0"
    assert against(read_text(wide), read_text(narrow)).passed
    assert rest(against(read_text(narrow), read_text(wide))) == {"A": "other"}


def test_another_definition_is_named_and_what_speaks_of_it_is_told_from_it() -> None:
    text = edited(
        text_of("multiclass_svm"),
        (r"L_i := \sum_{j \ne y^{(i)}}", r"L_i := \sum_j"),
        (r" = \sum_j \max(0, s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1) - 1 \tag{N3}", r" \tag{N3}"),
    )
    found = held(text, "multiclass_svm")
    assert [each.letter.key for each in found.definitions] == [("L", 0, 1)]
    assert rest(found) == {"N3": "other"} | dict.fromkeys(
        ("N4", "N13", "N14", "N16", "N17"), "depends"
    )


def test_a_definition_in_other_words_is_the_same() -> None:
    text = edited(
        text_of("ridge"), (r"J := \frac{1}{2n} \|X w - y\|^2", r"J := \frac{1}{2n} \|y - X w\|^2")
    )
    assert held(text, "ridge").passed


def test_a_chain_may_be_cut_elsewhere() -> None:
    chain = r"= \frac{1}{2n} r^\top r + \frac{\lambda}{2} w^\top w = "
    assert chain in text_of("ridge")
    assert rest(held(text_of("ridge").replace(chain, "= "), "ridge")) == {}


# The command.


@pytest.mark.thorough
def test_verify_against_a_model_says_what_is_missing_and_exits_with_1(tmp_path, capsys) -> None:
    student, right, data = tmp_path / "student.md", tmp_path / "model.md", tmp_path / "found.json"
    student.write_text(without(text_of("network"), "T3"))
    right.write_text(text_of("network"))
    assert main(["verify", str(student), "--against", str(right), "--json", str(data)]) == 1
    out = capsys.readouterr().out
    assert "T3    ∇_B [E] = (v − t)·uᵀ" in out
    assert "6 of 7 lines of model.md are there · missing: T3" in out
    assert max(len(line) for line in out.splitlines() if not line.startswith("report")) <= 80
    (page,) = json.loads(data.read_text())["pages"]
    assert {line["id"]: line["status"] for line in page["against"]["lines"]}["T3"] == "missing"
    assert main(["verify", str(right), "--against", str(right)]) == 0


def test_a_definition_that_differs_is_shown_in_its_place(tmp_path, capsys) -> None:
    student, right = tmp_path / "student.md", tmp_path / "model.md"
    right.write_text(IN_OTHER_WORDS)
    student.write_text(edited(IN_OTHER_WORDS, (r"J := \frac{1}{2N}", r"J := \frac{1}{N}")))
    assert main(["verify", str(student), "--against", str(right), "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "student.md:12:20: line 12 is false, in the first of its 2 relations" in out
    assert "student.md:7:1: J is another value than in model.md" in out
    assert "the model: J := (1/(2·N))·(A·θ − t)ᵀ·(A·θ − t) + (α/2)·θᵀ·θ" in out


def test_a_model_that_is_not_read_and_a_target_that_is_no_page_are_refused(
    tmp_path, capsys
) -> None:
    student, broken = tmp_path / "student.md", tmp_path / "model.md"
    student.write_text(IN_OTHER_WORDS)
    broken.write_text(IN_OTHER_WORDS.replace("J := ", "J = "))
    assert main(["verify", str(student), "--against", str(broken)]) == 2
    assert "the model is not read as a whole: model.md:7:1" in capsys.readouterr().err
    assert main(["verify", "no_such_page", "--against", str(student)]) == 2
    assert "no file, folder or page named no_such_page" in capsys.readouterr().err
