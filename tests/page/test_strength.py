"""Edits of a page: what they are, that they are noticed, and why one is not."""

import json
from pathlib import Path

import pytest
from helpers_of_pages import NAMES, edited, text_of

from gradbook.cli import main
from gradbook.page import NoPage, read_text
from gradbook.page.as_read import condition
from gradbook.page.edits import Edit, edits
from gradbook.page.letters import written
from gradbook.page.source import Source, Span
from gradbook.page.witnesses import at_some_sizes, same_on_both_sides, stated_once
from gradbook.report.places import says_less
from gradbook.report.strength import as_data
from gradbook.verify import verify
from gradbook.verify.strength import Task, strength

#: Every line of it holds, whatever is in the place of the 1.
SHIFTED = r"""# A shift

Let $d \ge 1$, $x \in \mathbb{R}^d$.

$$
f := x^\top x + 1, \qquad \nabla_x f = 2 x \tag{A}
$$
"""
STATED_AGAIN = SHIFTED.replace(r"\tag{A}", r", \qquad f - 1 = \|x\|^2 \tag{A}")


GIVEN = r"Let $d \ge 1$, $x, v \in \mathbb{R}^d$, $a, b \in \{1, \dots, d\}$."


def changes(latex: str, declared: str = "") -> set[tuple[str, str, str]]:
    """What every edit of a display changes: its kind, and the display with it."""
    page = read_text(f"{GIVEN} {declared}\n$$\n{latex}\n$$\n")
    assert page.errors == ()
    return {
        (edit.kind, edit.of(page.source).text.partition("$$\n")[2].removesuffix("\n$$\n"))
        for edit in edits(page)
    }


# What is edited.


def test_signs_are_turned_and_terms_are_dropped() -> None:
    assert changes("x + v = v") >= {
        ("sign", "-x + v = v"),
        ("sign", "x - v = v"),
        ("sign", "x + v = -v"),
        ("term", "v = v"),
        ("term", "x = v"),
    }
    assert changes("-x - v = v") >= {
        ("sign", "x - v = v"),
        ("sign", "-x + v = v"),
        ("term", "-v = v"),
        ("term", "-x = v"),
    }


def test_numbers_powers_factors_and_transposes_are_edited() -> None:
    assert changes(r"2 x^\top v = v^\top x 2") >= {
        ("number", r"3 x^\top v = v^\top x 2"),
        ("factor", r"x^\top v = v^\top x 2"),
        ("factor", r"2 x^\top = v^\top x 2"),
        ("transpose", r"2 x v = v^\top x 2"),
        ("letter", r"2 v^\top v = v^\top x 2"),
    }
    assert ("power", r"x_a = x_a") in changes(r"x_a^2 = x_a")
    assert ("number", r"x_a^3 = x_a") in changes(r"x_a^2 = x_a")


def test_indices_sums_relations_and_conditions_are_edited() -> None:
    assert changes(r"\sum_{b \ne a} x_b \ge v_a \quad \text{if } v_a > 0") >= {
        ("sum", r"x_b \ge v_a \quad \text{if } v_a > 0"),
        ("condition", r"\sum_{b} x_b \ge v_a \quad \text{if } v_a > 0"),
        ("relation", r"\sum_{b =  a} x_b \ge v_a \quad \text{if } v_a > 0"),
        ("relation", r"\sum_{b \ne a} x_b >  v_a \quad \text{if } v_a > 0"),
        ("relation", r"\sum_{b \ne a} x_b \ge v_a \quad \text{if } v_a \ge  0"),
        ("letter", r"\sum_{b \ne a} x_a \ge v_a \quad \text{if } v_a > 0"),
        ("condition", r"\sum_{b \ne a} x_b \ge v_a"),
    }


def test_branches_are_exchanged_and_functions_left_out() -> None:
    cases = r"x_a = \begin{cases} 1 & \text{if } a = b \\ 0 & \text{else} \end{cases}"
    turned = r"x_a = \begin{cases} 0 & \text{if } a = b \\ 1 & \text{else} \end{cases}"
    assert ("branches", turned) in changes(cases)
    assert ("function", "(x) = v") in changes(r"\max(0, x) = v")


def test_a_transpose_within_braces_leaves_the_braces() -> None:
    declared = r"Also $n \ge 1$, $i \in \{1, \dots, n\}$, $z^{(i)} \in \mathbb{R}^d$."
    found = changes(r"z^{(i)\top} x = x^\top z^{(i)}", declared)
    assert ("transpose", r"z^{(i)} x = x^\top z^{(i)}") in found


def test_a_letter_is_exchanged_for_those_of_its_kind_only() -> None:
    declared = r"Also $\lambda \in \mathbb{R}$, $n \ge 1$, $i \in \{1, \dots, n\}$."
    letters = {now for kind, now in changes("x_a = 0", declared) if kind == "letter"}
    assert letters == {"v_a = 0", "x_b = 0"}


def test_the_left_of_a_definition_and_declarations_stay() -> None:
    page = read_text("Let $d \\ge 1$, $x \\in \\mathbb{R}^d$ and $f := x^\\top x$.\n")
    assert {edit.of(page.source).text[:40] for edit in edits(page)} == {page.source.text[:40]}
    assert len(list(edits(page))) >= 3


def test_an_edit_of_a_notebook_moves_the_cells_behind_it() -> None:
    source = Source._of_cells(Path("page.ipynb"), [(1, "$x$"), (3, "$y$")])
    after = Edit(Span(1, 2), "long", "letter").of(source)
    assert after.position(after.text.index("y")) == source.position(source.text.index("y"))


# What is stated once only.


def test_a_definition_is_stated_once_where_no_equality_has_it_on_one_side_alone() -> None:
    assert [written(letter) for letter in stated_once(read_text(SHIFTED))] == ["f"]
    assert stated_once(read_text(STATED_AGAIN)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_pages_state_every_definition_twice(name: str) -> None:
    assert stated_once(read_text(text_of(name))) == ()


def test_a_claim_that_says_nothing_or_is_made_at_some_sizes_is_told() -> None:
    more = r", \qquad x = x, \qquad f \ge 1 \quad \text{if } d = 1 \tag{A}"
    page = read_text(STATED_AGAIN.replace(r"\tag{A}", more))
    assert same_on_both_sides(page) == ("A",)
    assert [(id, condition(at)) for id, at in at_some_sizes(page)] == [("A", "d = 1")]
    assert "the same on both sides: A" in (said := str(verify(page, jobs=0)))
    assert "claimed at some sizes only: A (d = 1)" in said
    assert says_less(read_text(STATED_AGAIN)) == ()


#: The page of the SVM without what it says of its loss a second time.
SAID_TWICE = [
    (r" = \sum_j \max(0, s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1) - 1 \tag{N3}", r" \tag{N3}"),
    (r" = \frac{1}{n} \sum_{i=1}^{n} \sum_{j \ne y^{(i)}} L_i^{(j)}", ""),
]


@pytest.mark.thorough
@pytest.mark.parametrize("shift", ["", " + 1"])
def test_strength_finds_once_what_verify_finds_once(shift: str) -> None:
    page = read_text(SHIFTED.replace(" + 1", shift))
    found = strength(page)
    assert [written(letter) for letter in stated_once(page)] == list(found.once) == ["f"]
    assert bool(found.unexplained) == bool(shift)  # of xᵀx alone no edit of one token is a shift
    assert not found.passed
    assert "stated once only: f" in str(found)


@pytest.mark.thorough
def test_a_sum_that_is_stated_once_may_be_one_over_all_classes() -> None:
    page = read_text(edited(text_of("multiclass_svm"), *SAID_TWICE))
    assert [written(letter) for letter in stated_once(page)] == ["L_i", "L"]
    (all_classes,) = [e for e in edits(page) if e.kind == "condition" and e.text == "j"][:1]
    unnoticed = Task(page.source, all_classes).carry_out()
    assert (unnoticed.reason, unnoticed.about) == ("once", "L_i")
    whole = read_text(text_of("multiclass_svm"))
    (all_classes,) = [e for e in edits(whole) if e.kind == "condition" and e.text == "j"][:1]
    assert Task(whole.source, all_classes).carry_out().noticed == "refuted"


def test_what_is_stated_once_is_said_by_verify(tmp_path, capsys) -> None:
    path = tmp_path / "shift.md"
    path.write_text(SHIFTED)
    assert main(["verify", str(path), "--jobs", "1", "--json", str(tmp_path / "found.json")]) == 0
    assert "stated once only: f" in capsys.readouterr().out
    data = json.loads((tmp_path / "found.json").read_text())
    assert data["pages"][0]["stated_once"] == ["f"]


# What is noticed.


@pytest.mark.thorough
def test_an_edit_that_nothing_notices_is_shown_in_its_place(tmp_path, capsys) -> None:
    path = tmp_path / "shift.md"
    path.write_text(SHIFTED)
    assert main(["verify", "--strength", str(path), "--jobs", "1"]) == 1
    out = capsys.readouterr().out
    assert "shift.md:6:17: 1 → 2, and nothing notices it: its value is stated nowhere else" in out
    assert "3 edits go unnoticed: stated once only: f" in out
    assert max(map(len, out.splitlines())) <= 80


def test_a_second_witness_notices_it() -> None:
    found = strength(read_text(STATED_AGAIN))
    assert found.passed
    assert {t.noticed for t in found.tried} >= {"unread", "refuted"}


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["ridge", "network"])
def test_no_edit_of_a_definition_goes_unnoticed(name: str) -> None:
    assert strength(read_text(text_of(name))).passed


@pytest.mark.thorough
@pytest.mark.parametrize("name", ["multiclass_svm", "softmax"])
def test_no_edit_of_a_definition_of_a_long_page_goes_unnoticed(name: str) -> None:
    found = strength(read_text(text_of(name)))
    assert len(found.tried) > 200
    assert found.passed


def reasons(latex: str) -> dict[str, str | None]:
    """Why what is not noticed is not, by what is changed."""
    found = strength(read_text(f"{GIVEN}\n\n$$\n{latex} \\tag{{A}}\n$$\n"))
    text = found.page.source.text
    return {
        f"{text[t.edit.span.start : t.edit.span.end]} → {t.edit.text}".strip(): t.reason
        for t in found.unnoticed
    }


def test_what_is_true_as_well_has_a_reason() -> None:
    assert reasons(r"\max(0, x_a) = x_a \quad \text{if } x_a > 0")[r"> → \ge"] == "conditions"
    assert reasons(r"x_a - x_a = 0") == {"→ -": "equal"}
    assert reasons(r"\sum_b v_b = \sum_b 1 v_b") == {"1  →": "empty"}


@pytest.mark.thorough
def test_what_was_undecided_and_is_so_after_the_edit_is_not_called_true() -> None:
    assert "open" in reasons(r"\exp(x_a) \ge 2 x_a + 0 v_a").values()


def test_a_page_with_an_error_or_a_false_line_is_not_edited() -> None:
    with pytest.raises(NoPage, match=r"page.md:6:40: A is false"):
        strength(read_text(edited(SHIFTED, ("= 2 x", "= 3 x"))))
    with pytest.raises(NoPage, match="q is not declared"):
        strength(read_text(edited(SHIFTED, ("= 2 x", "= 2 q"))))


def test_the_data_of_the_edits_is_json() -> None:
    found = json.loads(json.dumps(as_data(strength(read_text(SHIFTED)))))
    (edit,) = [e for e in found["edits"] if (e["written"], e["changed"]) == ("1", "2")][:1]
    assert (edit["place"], edit["kind"], edit["reason"]) == ("page.md:6:17", "number", "once")
