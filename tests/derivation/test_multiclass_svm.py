# ruff: noqa: E501 - a formula is written on one line
"""The page N1 … N18: every line is there, and a slip in any of them is found at that line."""

import pytest
from exact_values import shows_it
from python_page import LINES

from derivation.multiclass_svm import notes, svm
from gradbook import Case
from gradbook.page import Page, read_text
from gradbook.prove import prove
from gradbook.prove.in_python import prove_by_regions, prove_by_solver

TEXT = notes.source.text


def test_the_page_has_eighteen_lines_all_of_them_read():
    assert sorted(notes.ids, key=lambda id: int(id[1:])) == [f"N{i}" for i in range(1, 19)]
    assert notes.errors == ()
    assert not any(line.unread or line.code for line in notes)


def test_the_loss_is_that_of_the_page_with_its_name_and_the_lines_it_cites():
    assert (svm.name, svm.key) == ("multi-class SVM loss", "multiclass_svm")
    assert svm.cites == {"loss": "N3", "kink": "N7", "gradient": "N14", "mean": "N17"}
    assert "subgradient" in notes.of_loss.properties


@pytest.mark.parametrize("id", LINES)
def test_every_line_written_by_hand_holds_by_both_methods(id):
    case = Case(3, 1, 1)
    for claim in LINES[id](case):
        for decide in (prove_by_regions, prove_by_solver):
            found = decide(claim, case)
            assert found.status == "proved", (claim, found)


# A slip of the pen.

MARGIN = r"s_j^{(i)} - s_{y^{(i)}}^{(i)} + 1"
#: What stands there, what is made of it, the line that is false.
SLIPS = [
    (r"s_j^{(i)} = W_j \tilde{x}", r"s_j^{(i)} = W_{y^{(i)}} \tilde{x}", "N2"),
    (r"\nabla_W L_i = \sum_{j \ne y^{(i)}} \nabla_W \max(0, " + MARGIN, r"\nabla_W L_i = \sum_{j \ne y^{(i)}} \nabla_W \max(0, s_j^{(i)} - s_{y^{(i)}}^{(i)} - 1", "N4"),
    (r"\nabla_W \max(0, " + MARGIN + r") &=", r"\nabla_W \max(0, s_{y^{(i)}}^{(i)} - s_j^{(i)} + 1) &=", "N5"),
    (r"\frac{\partial L_i^{(j)}}{\partial W_{ab}}", r"2 \frac{\partial L_i^{(j)}}{\partial W_{ab}}", "N6"),
    (MARGIN + r" \le 0,", MARGIN + r" \ge 0,", "N7"),
    (r"\ge L_i^{(j)} + (", r"\ge L_i^{(j)} + 2 (", "N7"),
    (r"(t - s^{(i)})", r"(s^{(i)} - t)", "N7"),
    (r"[W_j - W_{y^{(i)}}] \tilde{x}^{(i)} + 1", r"[W_j - W_{y^{(i)}}] \tilde{x}^{(i)}", "N8"),
    (r"\nabla_{W_1} L_i^{(j)} \\ \vdots \\ \nabla_{W_k} L_i^{(j)} \\ \vdots \\ \nabla_{W_C} L_i^{(j)}", r"2 \nabla_{W_1} L_i^{(j)} \\ \vdots \\ 2 \nabla_{W_k} L_i^{(j)} \\ \vdots \\ 2 \nabla_{W_C} L_i^{(j)}", "N9"),
    (r"-\tilde{x}^{(i)\top} & \text", r"\tilde{x}^{(i)\top} & \text", "N10"),
    (r"\vdots \\ -\tilde{x}^{(i)\top}", r"\vdots \\ \tilde{x}^{(i)\top}", "N11"),
    (r"> 0\} \, E_i^{(j)}", r"\ge 0\} \, E_i^{(j)}", "N12"),
    (r"&= \sum_{j \ne y^{(i)}} \nabla_W L_i^{(j)}", r"&= -\sum_{j \ne y^{(i)}} \nabla_W L_i^{(j)}", "N13"),
    (r"> 0\} \, \tilde{x}^{(i)\top} \quad", r"\ge 0\} \, \tilde{x}^{(i)\top} \quad", "N14"),
    (r"L_i &= -\left[", r"L_i &= \left[", "N14"),
    (r"-\left[\sum_{j \ne y^{(i)}} \mathbb{1}\{" + MARGIN + r" > 0\}\right] \mathbb{1}", r"\left[\sum_{j \ne y^{(i)}} \mathbb{1}\{" + MARGIN + r" > 0\}\right] \mathbb{1}", "N15"),
    (r"= \mu_i \tilde{x}^{(i)\top} \tag{N16}", r"= 2 \mu_i \tilde{x}^{(i)\top} \tag{N16}", "N16"),
    (r"\nabla_W L = \frac{1}{n} M^\top", r"\nabla_W L = M^\top", "N17"),
]  # fmt: skip


def slipped(old: str, new: str) -> Page:
    assert old in TEXT
    return read_text(TEXT.replace(old, new, 1))


@pytest.mark.quick("-N14")
@pytest.mark.parametrize(("old", "new", "id"), SLIPS)
def test_a_slip_is_refuted_at_its_line(old, new, id):
    page = slipped(old, new)
    assert page.errors == ()
    found = prove(page[id])
    assert found.status == "refuted", found
    assert found.counterexample is not None


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (r"\sum_{i=1}^{n} L_i", r"\sum_{i=1}^{m} L_i", "the sum runs over i = 1 … m"),
        (r"= W_j \tilde{x}^{(i)}", r"= W_b \tilde{x}^{(i)}", "b is an index 0 … m"),
        (r"\in \mathbb{R}^{C \times 1}", r"\in \mathbb{R}^{1 \times C}", "C × 1"),
    ],
)
def test_a_slip_that_makes_no_sense_is_an_error_in_its_place(old, new, message):
    assert message in slipped(old, new).errors[0].message


# The same by hand: what a counterexample shows is worked out anew, by definition.


@pytest.mark.parametrize("decide", [prove_by_regions, prove_by_solver])
def test_the_counterexample_to_a_wrong_claim_shows_that_it_is_wrong(decide):
    case = Case(3, 1, 1)
    for id in ("N10", "N14", "N16"):
        claim = next(iter(LINES[id](case)))
        wrong = type(claim)(claim.left, 2 * claim.right, claim.given)
        found = decide(wrong, case)
        assert found.status == "refuted"
        assert shows_it(found.counterexample, wrong, case)
