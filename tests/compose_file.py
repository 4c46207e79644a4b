"""docker-compose.yml as data for tests: variables filled in as the compose specification says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
FILE = ROOT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")


def read_compose(variables: Mapping[str, str]) -> dict[str, Any]:
    """Return the file with its variables filled in. Raises KeyError for one that has to be set and is not."""

    def fill(found: re.Match[str]) -> str:
        name, kind, rest = found.groups()
        if variables.get(name):
            return variables[name]
        if kind == "-":
            return str(rest)
        raise KeyError(f"{name}: {rest}")

    loaded: dict[str, Any] = yaml.safe_load(_VARIABLE.sub(fill, FILE.read_text(encoding="utf-8")))
    return loaded
