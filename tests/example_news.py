"""The example database of docs/queries.md for tests, loaded by the tool that readers of the documentation use."""

from __future__ import annotations

import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_spec = importlib.util.spec_from_file_location("example_database", ROOT / "tools" / "example_database.py")
example_database = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(example_database)
load_example = example_database.load_example
