"""The web site: made without a warning, it needs no network and shows no LaTeX as it is typed."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
SITE = ROOT / "tools" / "site"


def make(source, out):
    return subprocess.run(
        [sys.executable, "-m", "sphinx", "--quiet", "--fail-on-warning", "-c", SITE, source, out],
        capture_output=True,
        text=True,
    )


class Loaded(HTMLParser):
    """What a page loads by itself: scripts, styles, pictures."""

    def __init__(self, text):
        super().__init__()
        self.addresses = []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag in ("script", "img", "iframe") and "src" in found:
            self.addresses.append(found["src"])
        if tag == "link" and found.get("rel") not in ("next", "prev", "index", "search"):
            self.addresses.append(found["href"])


def missing(page):
    """The addresses of what `page` loads that is not a file beside it."""
    addresses = [
        address.partition("?")[0]
        for address in Loaded(page.read_text(encoding="utf-8")).addresses
        if not address.startswith("data:")
    ]
    return [address for address in addresses if not (page.parent / address).is_file()]


def typed(page):
    """The displays between $$ that no mathematics was made of."""
    text = re.sub(r"<pre>.*?</pre>|<code .*?</code>", "", page.read_text("utf-8"), flags=re.S)
    return re.findall(r"\$\$.{0,60}", text)


@pytest.mark.thorough
def test_the_site_is_made_of_every_notebook_page_and_document_and_stands_alone(tmp_path):
    made = make(ROOT, tmp_path)
    assert (made.returncode, made.stderr) == (0, "")
    for source in (*ROOT.glob("notebooks/*.ipynb"), *ROOT.glob("d*/*.md")):
        page = tmp_path / source.relative_to(ROOT).with_suffix(".html")
        assert missing(page) == [], page
        assert typed(page) == [], page
    assert (tmp_path / "index.html").is_file()


@pytest.mark.thorough
def test_a_link_that_leads_nowhere_stops_the_making_of_the_site(tmp_path):
    (tmp_path / "README.md").write_text("# A site\n\n[nowhere](docs/nowhere.md)\n")
    (tmp_path / "tools" / "site").mkdir(parents=True)
    (tmp_path / "tools" / "site" / "toc.yml").write_text("root: README\n")
    made = make(tmp_path, tmp_path / "out")
    assert made.returncode != 0
    assert "docs/nowhere.md" in made.stderr


def unnamed(text):
    """The rows that head a table of Markdown, where a column has no name."""
    heads = re.findall(r"^[ \"]*(\|.*\|)(?:\\n\",)?\n[ \"]*\|[-:| ]+\|", text, re.M)
    return [head for head in heads if not all(map(str.strip, head.split("|")[1:-1]))]


@pytest.mark.parametrize(
    "source",
    [*ROOT.glob("*.md"), *ROOT.glob("d*/**/*.md"), *ROOT.glob("notebooks/*.ipynb")],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_every_column_of_a_table_has_a_name(source):
    assert unnamed(source.read_text(encoding="utf-8")) == []


def test_a_column_without_a_name_is_noticed_in_a_document_and_in_what_a_notebook_shows():
    assert unnamed("| a | b |\n|---|---|\n| | c |\n") == []
    assert unnamed("| | b |\n|---|---|\n") == ["| | b |"]
    assert unnamed('   "| | b |\\n",\n   "|:-:|:--|\\n",\n') == ["| | b |"]


def test_what_is_missing_and_what_is_typed_is_noticed(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '<link rel="stylesheet" href="there.css?v=1"><script src="https://example.org/a.js"></script>'
        "<pre>$$ code $$</pre><p>$$ x^2 $$</p>"
    )
    (tmp_path / "there.css").touch()
    assert missing(page) == ["https://example.org/a.js"]
    assert typed(page) == ["$$ x^2 $$</p>"]


def test_a_workflow_publishes_what_make_site_makes():
    workflow = yaml.safe_load((ROOT / ".github/workflows/site.yml").read_text(encoding="utf-8"))
    steps = workflow["jobs"]["publish"]["steps"]
    assert {"run": "make site"} in steps
    assert steps[-2]["with"] == {"path": "build/site"}
