"""The parser of the command line, which suggests what was meant."""

from __future__ import annotations

import argparse
from typing import Any

from gradbook.arguments import meant
from gradbook.cluster import SCHEME


class Parser(argparse.ArgumentParser):
    """One that suggests what was meant by a command, a choice or a flag that there is not."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        try:
            super()._check_value(action, value)
        except argparse.ArgumentError as error:
            error.message += meant(value, list(action.choices or ()))
            raise

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        known, unknown = super().parse_known_args(args, namespace)
        if unknown:
            suggested = meant(unknown[0].partition("=")[0], self._option_string_actions)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{suggested}")
        return known, unknown


def positive(text: str) -> int:
    """A whole number from 1 on."""
    value = int(text) if text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"must be an integer ≥ 1, not {text!r}")
    return value


def number_or_cluster(text: str) -> int | str:
    """How many processes, or a Dask cluster."""
    return text if text.startswith(SCHEME) else positive(text)


def size(text: str) -> tuple[str, int]:
    """C=3 as a name and a number."""
    name, _, value = text.partition("=")
    if not name or not value.isdigit():
        raise argparse.ArgumentTypeError(f"must be a size and a number, such as C=3, not {text!r}")
    return name, int(value)
