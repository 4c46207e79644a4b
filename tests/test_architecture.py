"""The house rules that a machine can hold: one direction of imports, module sizes, no clock in the library, names that shadow nothing."""

import ast
import importlib.metadata
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("dateline", "models", "flows", "migrations")
FORBIDDEN = {
    "dateline": {"prefect", "sqlalchemy", "alembic", "psycopg", "models", "flows", "migrations"},
    "models": {"prefect", "spacy", "thinc", "dateparser", "flows"},
    "migrations": {"prefect", "spacy", "flows", "dateline"},
}
MODELS_MAY_USE = {"dateline.records", "dateline.errors"}
CLOCK_CALLS = {
    ("date", "today"),
    ("datetime", "now"),
    ("datetime", "today"),
    ("datetime", "utcnow"),
    ("time", "time"),
    ("time", "localtime"),
    ("time", "gmtime"),
    ("time", "strftime"),
}
# Fetching is bound by the clock of the server's answers and our own patience, never the dates of an event.
CLOCK_ALLOWED = {"sources"}
LONGEST_MODULE, LONGEST_FUNCTION = 400, 60


def modules(*layers):
    return sorted(p for layer in layers for p in (ROOT / layer).rglob("*.py"))


def tree_of(path):
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imported_names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def label(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", modules("dateline", "models", "migrations"), ids=label)
def test_imports_go_one_way(path):
    layer = path.relative_to(ROOT).parts[0]
    names = set(imported_names(tree_of(path)))
    assert not {n for n in names if n.split(".")[0] in FORBIDDEN[layer]}
    if layer == "models":
        ours = {n for n in names if n.split(".")[0] == "dateline" and n != "dateline"}
        assert not {n for n in ours if not any(n == m or n.startswith(m + ".") for m in MODELS_MAY_USE)}, (
            "models may import dateline.records and dateline.errors only"
        )


@pytest.mark.parametrize("path", modules(*LAYERS), ids=label)
def test_modules_and_functions_stay_readable(path):
    text = path.read_text(encoding="utf-8")
    assert text.count("\n") <= (800 if path.is_relative_to(ROOT / "migrations") else LONGEST_MODULE)
    long = [n.name for n in ast.walk(tree_of(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef) and n.end_lineno - n.lineno > LONGEST_FUNCTION]
    assert not long or path.is_relative_to(ROOT / "migrations"), f"functions over {LONGEST_FUNCTION} lines: {long}"


@pytest.mark.parametrize("path", [p for p in modules("dateline") if p.relative_to(ROOT).parts[1] not in CLOCK_ALLOWED], ids=label)
def test_extraction_never_reads_the_clock(path):
    calls = {
        (node.func.value.id, node.func.attr)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name)
    }
    assert not calls & CLOCK_CALLS


def test_no_flow_file_shadows_a_module():
    installed = {name.casefold().replace("-", "_") for name in importlib.metadata.packages_distributions()}
    taken = set(sys.stdlib_module_names) | (installed - set(LAYERS)) | {"dateline", "models", "flows", "migrations", "seeds", "tests"}
    assert not {p.stem for p in (ROOT / "flows").glob("*.py") if p.stem != "__init__"} & taken


def test_flow_files_define_no_data_class():
    flow_files = [p for p in modules("flows") if any(isinstance(n, ast.FunctionDef) and "flow" in set(decorator_names(n)) for n in ast.walk(tree_of(p)))]
    assert flow_files, "there is at least one flow"
    for path in flow_files:
        classes = [n.name for n in ast.walk(tree_of(path)) if isinstance(n, ast.ClassDef)]
        assert not classes, f"{label(path)} defines {classes}: loaded by path it would exist twice"


def decorator_names(function):
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        yield target.attr if isinstance(target, ast.Attribute) else getattr(target, "id", "")


def test_importing_the_records_is_cheap():
    code = "import sys, dateline, dateline.records, dateline.jsonl; print([m for m in ('spacy', 'prefect', 'sqlalchemy', 'numpy') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_every_entry_point_names_a_factory():
    from dateline.nlp import COMPONENTS

    points = {p.name: p.value.split(":")[0] for p in importlib.metadata.entry_points(group="spacy_factories") if p.name.startswith("dateline_")}
    assert points == COMPONENTS


def test_public_functions_have_docstrings_everywhere_in_the_library():
    bare = [
        f"{label(path)}:{node.lineno} {node.name}"
        for path in modules("dateline", "models", "flows")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
        # a method or inner function is described by its class or function unless it is public itself; ruff holds those
        if node in tree_of(path).body
    ]
    assert not bare
