"""docs/detection.md shows what was measured, of the kernels that there are."""

import json
from pathlib import Path

from benchmarks.catalogue import read
from benchmarks.detection_results import as_markdown

DOCS = Path(__file__).resolve().parents[2] / "docs"
BEGIN = "<!-- what benchmarks.detection_results.as_markdown makes of detection.json -->\n"
END = "<!-- end -->"


def measured():
    return json.loads((DOCS / "detection.json").read_text(encoding="utf-8"))


def test_the_tables_of_the_page_are_those_of_the_data():
    page = (DOCS / "detection.md").read_text(encoding="utf-8")
    shown = page.partition(BEGIN)[2].partition(END)[0]
    assert shown.strip() == as_markdown(measured()).strip()


def test_every_kernel_of_the_catalogue_was_measured():
    assert set(measured()["times accused"]) == {kernel.name for kernel in read()}
