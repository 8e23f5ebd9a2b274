"""docs/language.md: every example in it is read, and found as it says."""

import re
from pathlib import Path

import pytest
from helpers_of_pages import example
from pages_to_verify import SVM, about

from gradbook.page import read_text
from gradbook.page.fenced import SaidOfLoss
from gradbook.prove import prove
from gradbook.verify import verify

LANGUAGE = (Path(__file__).parents[2] / "docs" / "language.md").read_text("utf-8")
PAGES = re.findall(r"^```markdown\n(.*?)^```$", LANGUAGE, re.M | re.S)
FALSE = re.findall(r"^```markdown false\n(.*?)^```$\n\n```\n(.*?)^```$", LANGUAGE, re.M | re.S)
TABLE = LANGUAGE.partition("## Formulas")[2].partition("A derivative by a letter")[0]
DECLARED, _, ROWS = TABLE.partition("| formulas")
FORMULAS = re.findall(r"`([^`$]+)`", "\n".join(row.split(" | ")[0] for row in ROWS.splitlines()))
DECLARATIONS = re.findall(r"^\| (`\$.*?) \| ", LANGUAGE, re.M)


@pytest.mark.quick("text0")
@pytest.mark.parametrize("text", PAGES)
def test_a_page_of_the_reference_holds(text: str) -> None:
    assert verify(read_text(text), jobs=0).passed


@pytest.mark.parametrize(("text", "said"), FALSE)
def test_what_is_wrong_is_said_as_the_reference_shows(text: str, said: str) -> None:
    assert said.rstrip() in str(verify(read_text(text), jobs=0))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_of_the_reference_is_read(formula: str) -> None:
    declared = DECLARED.replace("`", "")
    page = example(rf"{formula} = {formula} \tag{{A}}", declared)
    refused = formula == "a/b c"
    assert bool(page.errors) == refused, page.errors


@pytest.mark.parametrize("cell", DECLARATIONS)
def test_a_declaration_of_the_reference_is_read(cell: str) -> None:
    sizes = r"$m \ge 1$, " if "ge 2" in cell else r"$C \ge 2$, $m \ge 1$, "
    indices = "" if "j, k" in cell else r"$i \in \{1, \dots, m\}$. "
    page = read_text(f"{sizes}{indices}{cell.replace('`', '')}\n\n$$\n1 = 1 \\tag{{A}}\n$$\n")
    assert page.errors == ()
    assert len(list(page.letters)) >= 2


def test_the_reference_has_its_examples() -> None:
    assert (len(PAGES), len(FALSE), len(DECLARATIONS)) == (4, 2, 9)
    assert len(FORMULAS) >= 60


#: Blocks of Python and of TOML.
FENCED = re.findall(r"^````markdown\n(.*?)^````$", LANGUAGE, re.M | re.S)


def test_what_is_said_in_python_in_the_reference_holds() -> None:
    said, about_loss = FENCED
    page = read_text(about(SVM).partition("```toml")[0] + said + "\n" + about_loss)
    assert page.errors == ()
    assert page.of_loss == SaidOfLoss("multi-class SVM loss", ("subgradient", "sum"), ("svm",))
    assert prove(page["N19"]).status == "proved"
