"""Files, folders, globs, and bad input of every kind: one clear rejection each, and what lies beside it is read."""

import bz2
import gzip
import json
import lzma
import os
import tracemalloc

import pytest

from dateline.errors import InputError, UsageError
from dateline.records import Article
from dateline.sources import ReadOptions, Rejected, read, tables
from dateline.sources.charset import decode

STORY = "The ministers of Portugal and Spain met in Lisbon on Monday to speak about trains.\n\nThey agreed to meet again.\n"


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def line(**values):
    return json.dumps({"doc_id": "a", "text": STORY, **values}) + "\n"


def read_all(*locations, **options):
    return list(read([str(one) for one in locations], options=ReadOptions(**options)))


def only(items):
    assert len(items) == 1, items
    return items[0]


def rejected(*locations, code, **options):
    """Return the one Rejected, which names its item and says in one line what failed, on what, and what to do."""
    item = only(read_all(*locations, **options))
    assert isinstance(item, Rejected), item
    assert item.code == code
    assert item.stage == "ingest"
    assert item.message.startswith("Cannot ")
    assert len(item.message.rstrip(".").split(". ")) >= 2 or "such as" in item.message
    assert "\n" not in item.message
    assert item.item.split(":")[0].split("#")[0] in item.message
    return item


def test_a_text_file_is_one_article_word_for_word(tmp_path):
    text = "  Título\r\n\r\nText with a tail  \n\n"
    article = only(read_all(write(tmp_path / "lisbon.txt", text)))
    assert article == Article(doc_id="lisbon", text=text, language=article.language)


def test_front_matter_gives_the_articles_fields(tmp_path):
    path = write(
        tmp_path / "a.md", f'---\ntitle: "Lisbon: a meeting"\ndate: 2024-03-05\nauthor: [Ana Sá, Rui Gil]\nsource: Wire\nlang: en\n---\n\n# Lisbon\n\n{STORY}'
    )
    article = only(read_all(path))
    assert article == Article("a", f"# Lisbon\n\n{STORY}", "2024-03-05", "Lisbon: a meeting", "Wire", "Ana Sá, Rui Gil", language="en")


@pytest.mark.parametrize("head", ["---\nonly a line of dashes\n---\n", "----\n", "---\n- a\n- list\n---\n", "--- \nno end\n"])
def test_dashes_that_are_no_front_matter_are_text(tmp_path, head):
    assert only(read_all(write(tmp_path / "a.md", head + STORY))).text == head + STORY


def test_doc_ids_are_stems_and_qualified_only_where_they_collide(tmp_path):
    for name in ("a.txt", "b.txt", "deep/b.txt", "deep/c.md", "deep/c.txt", "deep/er/d.txt"):
        write(tmp_path / name, STORY)
    assert [a.doc_id for a in read_all(tmp_path)] == ["a", "b", "deep/b", "deep/c.md", "deep/c.txt", "d"]


def test_a_folder_is_read_in_order_and_without_hidden_files(tmp_path):
    for name in ("2.txt", "1.txt", ".hidden.txt", ".git/config", "sub/3.txt"):
        write(tmp_path / name, STORY)
    assert [a.doc_id for a in read_all(tmp_path)] == ["1", "2", "3"]


def test_globs_and_repeated_locations_give_each_file_once(tmp_path):
    for name in ("a.txt", "b.txt", "deep/c.txt", "d.md"):
        write(tmp_path / name, STORY)
    assert [a.doc_id for a in read_all(f"{tmp_path}/**/*.txt", tmp_path / "a.txt", tmp_path)] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(("suffix", "pack"), [(".gz", gzip.compress), (".bz2", bz2.compress), (".xz", lzma.compress)])
def test_packed_files_are_unpacked_and_damaged_ones_named(tmp_path, suffix, pack):
    path = write(tmp_path / f"news.jsonl{suffix}", pack((line(doc_id="1") + line(doc_id="2")).encode()))
    assert [a.doc_id for a in read_all(path)] == ["1", "2"]
    write(path, path.read_bytes()[:-12])
    assert isinstance(read_all(path)[-1], Rejected)
    assert read_all(path)[-1].code in {"damaged", "unreadable"}


def test_standard_input_is_json_lines(monkeypatch, tmp_path):
    path = write(tmp_path / "in", line(doc_id="1") + "not json\n")
    with path.open() as stream:
        monkeypatch.setattr("sys.stdin", stream)
        first, second = read_all("-")
    assert first.doc_id == "1"
    assert (second.code, second.item) == ("invalid_json", "<stdin>:2")


@pytest.mark.parametrize(
    ("location", "code"),
    [
        ("missing.txt", "missing_path"),
        ("missing/*.txt", "no_match"),
        ("", "bad_path"),
        ("a\0b", "bad_path"),
        ("ftp://news.test/a", "bad_scheme"),
        ("file:///etc/passwd", "bad_scheme"),
    ],
)
def test_a_location_that_names_nothing_stops_before_anything_is_read(location, code):
    with pytest.raises(UsageError) as caught:
        read(["-", location])
    assert (caught.value.code, caught.value.exit_code) == (code, 2)


def test_an_unknown_kind_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="Known: text, jsonl"):
        read([str(tmp_path)], options=ReadOptions(kind="pdf"))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.txt", b"", "empty_file"),
        ("blank.txt", b" \n\t\n", "empty_file"),
        ("empty.jsonl", b"", "empty_file"),
        ("empty.csv", b"", "empty_file"),
        ("empty.html", b"", "empty_file"),
        ("empty.xml", b"", "empty_file"),
        ("empty", b"", "empty_file"),
        ("head.md", b"---\ntitle: x\n---\n", "empty_file"),
        ("bad.md", b"---\ntitle: [x\n---\ntext\n", "front_matter"),
        ("day.md", b"---\ndate: 2024-13-45\n---\ntext here\n", "front_matter"),  # PyYAML raises a plain ValueError, which ended the run
        ("digits.md", b"---\nid: " + b"1" * 6000 + b"\n---\ntext here\n", "front_matter"),
        ("wrong.md", b"---\npublished: the other day\n---\ntext here\n", "published"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        ("nulls.txt", b"text with\0null bytes", "binary"),
        ("nulls.html", b"<html>\0\0</html>", "binary"),
        ("half.txt", b"\xff\xfeT\0e\0x\0t\0", "encoding_ok"),
        ("odd.txt", b"\xff\xfeT\0e\0x", "encoding"),
        ("table.csv", b"id,body\n1,text\n", "no_text_column"),
        ("bad.parquet", b"PAR1 and then nothing", "invalid_parquet"),
        ("bad.warc", b"WARC/1.0\r\nnonsense", "invalid_warc"),
        ("page.html", b"<html><head><title>A film</title></head><body><video src=film.mp4></video></body></html>", "no_text"),
        ("no.rss", b"<rss", "not_a_feed"),
    ],
)
def test_bad_files_are_rejected_one_by_one(tmp_path, name, content, code):
    path = write(tmp_path / "folder" / name, content)
    good = write(tmp_path / "folder" / "zz.txt", STORY)
    if code == "encoding_ok":
        assert only(read_all(path)).text == "Text"
        return
    rejected(path, code=code)
    assert [type(item) for item in read_all(path.parent)] == [Rejected, Article]
    assert read_all(path.parent)[1].text == good.read_text()


@pytest.mark.parametrize("unit", [b"<!---->", b"<?a?>", b"<!doctype a[]>"])
def test_many_comments_before_nothing_cost_no_time(tmp_path, unit):
    """Each comment more doubled the time to recognise a page: sixty never ended."""
    assert only(read_all(write(tmp_path / "page", unit * 400 + STORY.encode()))).text.endswith(STORY)


def test_a_reader_that_fails_costs_its_own_file_alone(tmp_path, monkeypatch):
    def fail(_found, _context):
        raise KeyError("surprise")
        yield

    write(tmp_path / "a.csv", "text\nno matter\n")
    write(tmp_path / "b.txt", STORY)
    monkeypatch.setattr(tables, "read", fail)
    failed, good = read_all(tmp_path)
    assert failed.code == "reader_failed"
    assert "KeyError" in failed.message
    assert good.text == STORY


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"{broken\n", "invalid_json"),
        (b"[1, 2]\n", "invalid_json"),
        (b'"text"\n', "invalid_json"),
        (b"[" * 100_000 + b"\n", "invalid_json"),
        (b'{"doc_id": "a", "text": "caf\xe9"}\n', "encoding"),
        (b"\0\0\xff\0\n", "binary"),
        (line(doc_id=7).encode(), "wrong_type"),
        (line(title=["a"]).encode(), "wrong_type"),
        (line(published="yesterday").encode(), "published"),
        (b'{"doc_id": "a"}\n', "missing_key"),
        (b'{"doc_id": "a", "text": "null \\u0000 character"}\n', "null_bytes"),
        (b'{"doc_id": "a", "text": "half \\ud83d pair"}\n', "surrogates"),
        (b'{"doc_id": "a", "text": "' + b"x" * 3_000_000 + b'"}\n', "line_too_long"),
    ],
)
def test_a_bad_line_keeps_its_place_between_good_ones(tmp_path, bad, code):
    path = write(tmp_path / "a.jsonl", line(doc_id="first").encode() + bad + b"\n" + line(doc_id="last").encode())
    first, wrong, last = read_all(path, max_line_bytes=2_000_000)
    assert (first.doc_id, last.doc_id) == ("first", "last")
    assert (wrong.code, wrong.item) == (code, f"{path}:2")
    assert f"{path}:2" in wrong.message


def test_fifty_megabytes_in_one_line_are_never_held(tmp_path):
    path = tmp_path / "long.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"doc_id": "a", "text": "')
        for _ in range(50):
            stream.write(b"x" * 1_000_000)
        stream.write(b'"}\n' + line(doc_id="last").encode())
    tracemalloc.start()
    wrong, last = read_all(path, max_line_bytes=2_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (wrong.code, last.doc_id) == ("line_too_long", "last")
    assert peak < 10_000_000
    rejected(path.rename(tmp_path / "long.txt"), code="too_large")


def test_a_link_out_of_the_folder_is_not_followed_but_named(tmp_path):
    secret = write(tmp_path / "secret" / "s.txt", "secret")
    folder = tmp_path / "folder"
    write(folder / "a.txt", STORY)
    (folder / "out.txt").symlink_to(secret)
    (folder / "up").symlink_to(tmp_path / "secret")
    (folder / "in.txt").symlink_to(folder / "a.txt")
    (folder / "gone.txt").symlink_to(folder / "nothing.txt")
    items = read_all(folder)
    assert {i.item.rsplit("/", 1)[1]: i.code for i in items if isinstance(i, Rejected)} == {
        "out.txt": "outside_folder",
        "up": "outside_folder",
        "gone.txt": "broken_link",
    }
    assert [i.text for i in items if isinstance(i, Article)] == [STORY]
    assert only(read_all(folder / "out.txt")).text == "secret"  # named by its user


def test_an_empty_folder_a_pipe_and_an_unreadable_file_are_named(tmp_path):
    (tmp_path / "empty").mkdir()
    rejected(tmp_path / "empty", code="empty_folder")
    os.mkfifo(tmp_path / "pipe")
    rejected(tmp_path / "pipe", code="not_a_file")
    path = write(tmp_path / "closed.txt", STORY)
    path.chmod(0)
    if not os.access(path, os.R_OK):  # the superuser may read anything
        rejected(path, code="unreadable")


@pytest.mark.parametrize(
    ("data", "http", "markup", "encoding", "basis"),
    [
        (b"\xef\xbb\xbfcaf\xc3\xa9", "cp1252", False, "utf-8-sig", "bom"),
        ("café".encode("utf-16"), None, False, "utf-16", "bom"),
        ("café".encode("cp1252"), "ISO-8859-1", False, "ISO-8859-1", "http"),
        ("<meta charset=windows-1252>café".encode("cp1252"), None, True, "windows-1252", "declared"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>café'.encode("cp1252"), None, True, "iso-8859-1", "declared"),
        ("<meta charset=utf-16>café".encode(), None, True, "utf-8", "utf-8"),
        ("café".encode(), "no-such-charset", False, "utf-8", "utf-8"),
        ("café".encode(), "utf-8", True, "utf-8", "http"),
    ],
)
def test_what_is_known_of_an_encoding_is_used_in_order(data, http, markup, encoding, basis):
    found = decode(data, item="x", http=http, markup=markup)
    assert found.text.endswith("café")
    assert (found.encoding, found.basis) == (encoding, basis)


def test_windows_text_without_any_sign_is_guessed_well():
    text = "“Naïve” critics said the café’s €5 menu was a façade – and left. The minister’s résumé was read aloud."
    found = decode(text.encode("cp1252"), item="x")
    assert (found.text, found.basis) == (text, "guess")


def test_the_servers_charset_wins_over_the_pages(tmp_path):
    with pytest.raises(InputError, match="Save it"):
        decode(b"\xef\xbb\xbfcaf\xe9", item="x")  # marked as UTF-8, and broken
