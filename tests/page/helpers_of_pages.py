"""Pages to test with, and what a page says about itself."""

from functools import cache
from pathlib import Path

from gradbook.page import Page, read_text
from gradbook.page.as_read import read_aloud
from gradbook.prove import prove

PAGES = Path(__file__).parent / "pages"
DERIVATION = Path(__file__).parents[2] / "derivation"
NAMES = ("multiclass_svm", "softmax", "ridge", "network")

#: What the small examples of the tests declare.
DECLARED = r"""Let $C \ge 2$, $m \ge 1$, $n \ge 1$, $j, k \in \{1, \dots, C\}$, $\lambda > 0$,
$b \in \{1, \dots, m\}$,
$i \in \{1, \dots, n\}$, $x^{(i)} \in \mathbb{R}^m$, $y^{(i)} \in \{1, \dots, C\}$,
$A \in \mathbb{R}^{m \times m}$, $W \in \mathbb{R}^{C \times m}$, $u, v \in \mathbb{R}^m$.
"""


@cache
def text_of(name: str) -> str:
    folder = PAGES if name == "network" else DERIVATION
    return (folder / f"{name}.md").read_text("utf-8")


def example(latex: str, declared: str = DECLARED) -> Page:
    """A page with one display, in a row of its own."""
    return read_text(f"{declared}\n$$\n{latex}\n$$\n")


def as_read(page: Page) -> list[str]:
    """Every statement of a page, as it was read."""
    return [read_aloud(read) for line in page for read in line.statements]


def statuses(page: Page) -> dict[str, str]:
    """What the regions say of each line."""
    return {line.id: prove(line).status for line in page}


def edited(text: str, *pairs: tuple[str, str]) -> str:
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text
