"""The page N1 … N18: every line holds, and says what notes.md says."""

import re
from pathlib import Path
from types import ModuleType

import pytest
from exact_values import shows_it

from derivation import multiclass_svm
from derivation.multiclass_svm import notes, svm, term
from gradbook.case import Case
from gradbook.discover import differences_from_page, read, statements
from gradbook.prove import Sizes, prove
from gradbook.prove.by_regions import prove_by_regions

FILE = Path(multiclass_svm.__file__)
TEXT = FILE.read_text("utf-8")
SMALL = Sizes(range(2, 4), range(0, 3))
DEFINITIONS = {"N1", "N3", "N5", "N15", "N18"}

lines = pytest.mark.parametrize("line", notes.lines, ids=notes.ids)


def page_of(text):
    """The derivation that the file would be with another text."""
    module = ModuleType("edited")
    exec(compile(text, "edited", "exec"), vars(module))
    return module.notes


# The lines as they are.


@lines
def test_every_line_holds_for_all_labels_and_sizes(line):
    found = prove(line, SMALL)
    assert found.status == ("definition" if line.id in DEFINITIONS else "proved"), str(found)
    assert found.counterexample is None


@pytest.mark.parametrize("id", ["N7", "N14", "N16", "N17"])
def test_the_lines_that_the_rest_relies_on_hold_for_six_classes_too(id):
    assert prove(notes[id], Sizes(range(6, 7), range(1, 2))).status == "proved"


@pytest.mark.parametrize("id", ["N2", "N9", "N12"])
def test_more_than_ten_classes_have_letters_that_are_not_confused(id):
    case = Case(11, 1, 10)
    assert all(prove_by_regions(claim, case).holds for claim in notes[id].claims(case))


def test_the_page_has_eighteen_lines_in_order():
    assert notes.ids == tuple(f"N{i}" for i in range(1, 19))
    assert {line.id for line in notes if line.kind == "definition"} == DEFINITIONS
    assert set(svm.cites.values()) <= set(notes.ids)


def test_a_term_is_defined_for_the_other_classes_only():
    with pytest.raises(ValueError, match="is defined for j ≠ y only"):
        term(Case(3, 0, 1), 1)


# The statements, and those of notes.md.


def edited_file(folder, text):
    (folder / "multiclass_svm.py").write_text(text, "utf-8")
    (folder / "notes.md").write_text(FILE.with_name("notes.md").read_text("utf-8"), "utf-8")
    (found,) = read(folder / "multiclass_svm.py")
    return differences_from_page(found)


def test_every_statement_is_that_of_the_page(tmp_path):
    assert statements(FILE.with_name("notes.md")) == {line.id: line.statement for line in notes}
    assert edited_file(tmp_path, TEXT) == {}


def decorated(line):
    """The decorator, the function and the docstring of a line."""
    return re.search(rf'@notes\.line\("{line.id}",.*?""".*?"""', TEXT, re.S)


@lines
def test_a_statement_that_is_not_that_of_the_page_is_found(line, tmp_path):
    block = decorated(line)
    other = block[0].replace('"""', '"""not ', 1)
    assert set(edited_file(tmp_path, TEXT.replace(block[0], other))) == {line.id}


@lines
def test_a_line_that_is_dropped_is_found(line, tmp_path):
    block = decorated(line)
    without = block[0].replace(re.match(r"@.*?\n", block[0])[0], "")
    found = edited_file(tmp_path, TEXT.replace(block[0], without))
    assert set(found) == {line.id}
    assert found[line.id].endswith("multiclass_svm.py has no such line")


def test_a_line_of_another_kind_is_found(tmp_path):
    text = TEXT.replace(', kind="definition")', ")", 1)
    assert set(edited_file(tmp_path, text)) == {"N1"}


# Lines edited: what a counterexample shows is worked out anew, by definition.

WRONG = {
    "N2": ("product[j], case.W[j, :]", "product[j], case.W[0, :]"),
    "N4": ("at_kink=0)", "at_kink=1)"),
    "N7": ("tangent, relation", "tangent + 1, relation"),
    "N8": ("- W[y, :]) * x)[0] + 1", "- W[y, :]) * x)[0]"),
    "N10": ("if k == j else -case.x.T", "if k == j else case.x.T"),
    "N14": ("-violated * case.x.T", "violated * case.x.T"),
    "N16": ("outer = mu(case)", "outer = 2 * mu(case)"),
    "N17": ("stacked_X / n", "stacked_X"),
}


@pytest.mark.parametrize("id", WRONG)
def test_the_counterexample_of_a_wrong_line_shows_that_it_is_wrong(id):
    old, new = WRONG[id]
    assert TEXT.count(old) == 1
    line = page_of(TEXT.replace(old, new))[id]
    found = prove(line, SMALL)
    assert found.status == "refuted"
    case = found.counterexample.case
    refuted = next(
        claim for claim in line.claims(case) if prove_by_regions(claim, case).status == "refuted"
    )
    assert shows_it(found.counterexample, refuted, case)


# Lines written otherwise.

IN_ANOTHER_WAY = {
    "a product with an indicator": "margin(case, j) * indicator(margin(case, j) > 0)",
    "a sum of two hinges": "margin(case, j) + hinge(-margin(case, j), at_kink=1)",
    "half of twice": "hinge(2 * margin(case, j)) / 2",
    "with the indicator of the opposite": "margin(case, j) * (1 - indicator(margin(case, j) <= 0))",
}


@pytest.mark.parametrize("written", IN_ANOTHER_WAY.values(), ids=IN_ANOTHER_WAY.keys())
def test_a_term_written_in_another_way_is_the_same_term(written):
    text = TEXT.replace("    return hinge(margin(case, j))\n", f"    return {written}\n")
    assert text != TEXT
    page = page_of(text)
    assert all(prove(page[id], Sizes(range(2, 4), range(0, 2))).holds for id in notes.ids)


OUT_OF_REACH = {
    "Max": "__import__('sympy').Max(0, margin(case, j))",
    "Piecewise": "__import__('sympy').Piecewise((margin(case, j), margin(case, j) > 0), (0, True))",
    "decimals": "hinge(1.0 * margin(case, j))",
    "a root": "__import__('sympy').sqrt(margin(case, j) ** 2) * indicator(margin(case, j) > 0)",
}


@pytest.mark.parametrize("written", OUT_OF_REACH.values(), ids=OUT_OF_REACH.keys())
def test_a_term_that_cannot_be_decided_is_neither_proved_nor_refuted(written):
    page = page_of(TEXT.replace("    return hinge(margin(case, j))\n", f"    return {written}\n"))
    for id in ("N5", "N6", "N9", "N12", "N13"):
        found = prove(page[id], Sizes(range(2, 3), range(0, 2)))
        assert found.status == "undecided", id
        assert " is not " in found.reason
