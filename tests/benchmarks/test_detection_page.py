"""docs/detection.md shows what was measured, of the kernels that there are."""

import json
from pathlib import Path

import pytest

from benchmarks.catalogue import read
from benchmarks.detection_results import with_tables

DOCS = Path(__file__).resolve().parents[2] / "docs"


def measured():
    return json.loads((DOCS / "detection.json").read_text(encoding="utf-8"))


def test_the_tables_of_the_page_are_those_of_the_data():
    page = (DOCS / "detection.md").read_text(encoding="utf-8")
    assert page == with_tables(page, measured())


def test_a_page_without_a_place_for_the_tables_is_refused():
    with pytest.raises(ValueError, match="the page must have the lines"):
        with_tables("# What checkers notice\n", measured())


def test_every_kernel_of_the_catalogue_was_measured():
    assert set(measured()["times accused"]) == {kernel.name for kernel in read()}
