"""The page `multiclass_svm.md` beside this file, and the loss that it states."""

from pathlib import Path

from gradbook import read

notes = read(Path(__file__).with_suffix(".md"))
svm = notes.loss
