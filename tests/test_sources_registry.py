"""The registry of sources: every field checked, the file and field named, added as a whole or not at all."""

import re
from pathlib import Path

import pytest

from dateline.errors import ConfigurationError, UsageError
from dateline.records import Article
from dateline.sources.registry import add_source, check_source, find_source, load_registry, sources_of_group

WHOLE = """
[[source]]
name = "wire"
location = "https://wire.example/feed.xml"
kind = "feed"
title = "The Wire"
schedule = "hourly"
language = "en"
licence = "CC BY 4.0"
retention_days = 365
follow = true
[source.politeness]
robots = true
delay = 5
user_agent = "Desk reader (desk@wire.example)"
allow_hosts = ["intranet.example"]

[[source]]
name = "archive"
location = ["news/*.txt", "/srv/more"]
columns = { text = "body" }
enabled = false
"""


def write(tmp_path, text):
    path = tmp_path / "sources.toml"
    path.write_text(text)
    return path


def test_a_registered_source_says_how_it_is_read(tmp_path):
    wire, archive = load_registry(write(tmp_path, WHOLE))
    options = wire.options()
    assert (options.source, options.kind, options.language, options.licence, options.follow) == ("The Wire", "feed", "en", "CC BY 4.0", True)
    assert (options.fetch.delay, options.fetch.obey_robots, options.fetch.allow_hosts) == (5.0, True, frozenset({"intranet.example"}))
    assert options.fetch.user_agent == "Desk reader (desk@wire.example)"
    assert wire.retention_days == 365
    assert archive.locations == (f"{tmp_path.resolve()}/news/*.txt", "/srv/more")
    assert (archive.options().source, archive.options().columns, archive.schedule) == ("archive", {"text": "body"}, "daily")


def test_groups_and_names_are_found_or_named(tmp_path):
    sources = load_registry(write(tmp_path, WHOLE))
    assert [s.name for s in sources_of_group(sources, "hourly")] == ["wire"]
    assert sources_of_group(sources, "daily") == ()  # switched off
    assert find_source(sources, "archive").name == "archive"
    with pytest.raises(UsageError, match="Known: daily, hourly"):
        sources_of_group(sources, "weekly")
    with pytest.raises(UsageError, match="Known: wire, archive"):
        find_source(sources, "nobody")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[source]\n", "no TOML"),
        ('[[source]]\nlocation = "a"\n', "source 1, field name"),
        ('[[source]]\nname = "a"\n', "source a, field location"),
        ('[[source]]\nname = "A B"\nlocation = "a"\n', "source A B, field name"),
        ('[[source]]\nname = "a"\nlocation = "a"\nkind = "pdf"\n', "unknown kind 'pdf'"),
        ('[[source]]\nname = "a"\nlocation = "a"\nlicense = "x"\n', "field license"),
        ('[[source]]\nname = "a"\nlocation = "a"\nlanguage = "English"\n', "field language"),
        ('[[source]]\nname = "a"\nlocation = "a"\nretention_days = 0\n', "field retention_days"),
        ('[[source]]\nname = "a"\nlocation = "a"\n[source.politeness]\ndelay = -1\n', "field politeness.delay"),
        ('[[source]]\nname = "a"\nlocation = "a"\n[[source]]\nname = "a"\nlocation = "b"\n', "used twice"),
        ('[sources]\nname = "a"\n', "unexpected sources"),
    ],
)
def test_what_is_wrong_is_named_with_file_source_and_field(tmp_path, text, message):
    path = write(tmp_path, text)
    with pytest.raises(ConfigurationError) as caught:
        load_registry(path)
    assert message in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.exit_code == 3


def test_a_missing_registry_is_a_configuration_error(tmp_path):
    with pytest.raises(ConfigurationError, match="DATELINE_SOURCES"):
        load_registry(tmp_path / "none.toml")


def test_sources_are_added_as_a_whole_or_not_at_all(tmp_path):
    path = tmp_path / "new" / "sources.toml"
    added = add_source(path, {"name": "wire", "location": 'https://wire.example/é?a="b"', "politeness": {"delay": 2.5}, "follow": None})
    assert (added.location, added.politeness.delay) == ('https://wire.example/é?a="b"', 2.5)
    add_source(path, {"name": "folder", "location": ["a", "b"], "columns": {"text": "body text"}})
    assert [s.name for s in load_registry(path)] == ["wire", "folder"]
    before = path.read_bytes()
    for wrong in ({"name": "wire", "location": "x"}, {"name": "y"}, {"name": "z", "location": "x", "kind": "pdf"}):
        with pytest.raises(UsageError, match="Cannot add"):
            add_source(path, wrong)
    assert path.read_bytes() == before
    assert sorted(p.name for p in path.parent.iterdir()) == ["sources.toml"]


def test_a_source_is_checked_by_reading_its_first_items(tmp_path):
    (tmp_path / "news").mkdir()
    for n in range(9):
        (tmp_path / "news" / f"{n}.txt").write_text(f"The ministers of Portugal and Spain met in Lisbon on day {n} to speak about trains and rivers.")
    (tmp_path / "news" / "0.txt").write_text("")
    path = write(tmp_path, '[[source]]\nname = "mine"\nlocation = "news"\nlicence = "own"\n[[source]]\nname = "none"\nlocation = "nothing"\n')
    mine, none = load_registry(path)
    first, *others = check_source(mine)
    assert first.code == "empty_file"
    assert [type(o) for o in others] == [Article] * 4
    assert {(o.source, o.licence) for o in others} == {("mine", "own")}
    with pytest.raises(UsageError, match="no such file"):
        check_source(none)


def test_the_documentations_registry_is_valid(tmp_path):
    text = (Path(__file__).resolve().parents[1] / "docs/sources.md").read_text(encoding="utf-8")
    example = text.split("```toml\n")[1].split("```")[0]
    wire, archive = load_registry(write(tmp_path, example))
    assert (wire.title, wire.politeness.delay, archive.columns["text"]) == ("Example Wire", 2.0, "body")


def test_the_documentation_names_every_code():
    root = Path(__file__).resolve().parents[1]
    text = (root / "docs/sources.md").read_text(encoding="utf-8")
    source = "".join(path.read_text(encoding="utf-8") for path in (root / "dateline/sources").glob("*.py"))
    codes = set(re.findall(r'code="([a-z_]+)"', source)) - {"registry", "parser", "bad_source", "unknown_source", "unknown_group"}
    assert {code for code in codes if f"`{code}`" not in text} == set()
