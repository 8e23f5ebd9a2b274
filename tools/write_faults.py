"""Writes docs/faults.md, what `gradbook explain` says of every fault."""

from pathlib import Path

from gradbook.judge.faults import faults
from gradbook.report.explain import faults_page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "faults.md"

if __name__ == "__main__":
    PAGE.write_text(faults_page(faults()), encoding="utf-8")
    print(f"{PAGE}: {len(faults())} faults")
