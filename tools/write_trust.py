"""Writes docs/trust.md: what each kind of claim rests on."""

from pathlib import Path

from gradbook.report.trust import GROUNDS, trust_page

PAGE = Path(__file__).resolve().parent.parent / "docs" / "trust.md"

if __name__ == "__main__":
    PAGE.write_text(trust_page(), encoding="utf-8")
    print(f"{PAGE}: {len(GROUNDS)} kinds of claims")
