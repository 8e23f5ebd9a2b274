"""What a notebook shows as Markdown: excerpts of kernels, steps beside their code, verdicts."""

import pytest

from derivation.multiclass_svm import notes, svm
from gradbook import check, emit
from gradbook.any_size import derive
from gradbook.check import Check, Finding, Verdict
from gradbook.emit.stages import stages
from gradbook.report import markdown

PYTHON = emit(svm, "lambdify", classes=3, features=2)
C = emit(svm, "codegen", classes=3, features=2)
STEPS = stages(svm, 3, 2)
NAMES = [str(name) for stage in STEPS for name, _ in stage.definitions]


def verdict_of(name, findings=(), **passed):
    checks = tuple(
        Check(one, ok, 0, 0, 1, f"{one} |h| was seen", 9.9) for one, ok in passed.items()
    )
    status = "failed" if findings else "passed"
    return Verdict(name, "by hand", "Python", checks, tuple(findings), status)


WRONG = verdict_of(
    "mine", [Finding("row y is wrong", "N14", example="W = [[1], [0]]")], exact=False
)


def test_an_excerpt_is_fenced_in_its_language_and_not_indented():
    assert repr(markdown.excerpt(C, "const real u_0", "const real u_1")) == (
        "```c\nconst real u_0 = s_0 - s_y + 1;\nconst real u_1 = s_1 - s_y + 1;\n```"
    )


def test_an_excerpt_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match="no line that begins with 'int main'"):
        markdown.excerpt(C, "int main", "return")
    with pytest.raises(ValueError, match="after line"):
        markdown.excerpt(C, "const real u_1", "const real u_0")


@pytest.mark.parametrize("name", NAMES)
def test_every_step_is_found_in_both_programs(name):
    text = repr(markdown.steps(STEPS, [PYTHON, C], name))
    assert text.count("```python") == text.count("```c") == 1
    assert text.count(" = ") + text.count(" += ") >= 2


def test_a_step_is_a_formula_and_the_lines_that_compute_it():
    assert repr(markdown.steps(STEPS, [PYTHON, C], "G_1_2")) == "\n\n".join(
        [
            r"$$\begin{aligned} G_{1 2} &= \mu_{1} \, x_{2} \end{aligned}$$",
            "*in Python*",
            "```python\nG_1_2 = numpy.dot(mu_1, x_2)/len(y)\n```",
            "*in C*",
            "```c\nG[5][lane] += mu[1][lane]*x[2][lane];\n```",
        ]
    )


def test_a_step_of_several_letters_is_a_word():
    text = repr(markdown.steps(STEPS, [], "on_1"))
    assert r"\mathrm{on}_{1} &= \mathbb{1}\{u_{1} > 0\}" in text


def test_an_unknown_step_is_refused():
    with pytest.raises(ValueError, match=r"names must be among s_0, .*, not 'z'"):
        markdown.steps(STEPS, [C], "z")


def test_a_step_that_a_kernel_does_not_compute_is_refused():
    other = emit(svm, "codegen", classes=2, features=2)
    with pytest.raises(ValueError, match="has no line that computes u_2"):
        markdown.steps(STEPS, [other], "u_2")


def test_a_verdict_tells_no_time_and_keeps_its_table():
    text = repr(markdown.verdict(WRONG))
    assert "9.9" not in text
    assert r"| ✗ | exact | exact \|h\| was seen |" in text
    assert "1. row y is wrong (N14)\n\n   `W = [[1], [0]]`" in text


def test_a_finding_shows_the_line_that_is_broken():
    text = repr(markdown.findings(WRONG, notes))
    assert notes["N14"].latex in text
    assert notes["N14"].latex not in repr(markdown.findings(WRONG))


def test_nothing_found_is_said():
    assert repr(markdown.findings(verdict_of("right", exact=True))) == "Nothing was found."


def test_a_real_verdict_is_the_same_each_time():
    first, second = (repr(markdown.verdict(check(PYTHON, svm), notes)) for _ in range(2))
    assert first == second
    assert first.count("✓") == 5


def test_a_table_says_which_check_finds_what():
    right = verdict_of("right", exact=True)
    text = repr(markdown.found_by({"none": right, "a slip": WRONG}))
    assert text.splitlines()[-2:] == ["| none | ✓ |  |", "| a slip | ✗ | N14 |"]


def test_a_table_of_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        markdown.found_by({})


def test_a_section_of_a_derivation_is_shown_with_its_rules():
    shown = repr(markdown.derived(derive(svm), "One example, row by row"))
    assert shown.startswith(r"$\displaystyle \begin{array}{l}")
    assert r"\text{if }a \ne y" in shown
    assert "N14" not in shown  # the title is the notebook's to write


def test_a_section_that_is_not_there_is_refused():
    with pytest.raises(ValueError, match=r"title must begin one of The scores, .*, not 'Rows'"):
        markdown.derived(derive(svm), "Rows")
