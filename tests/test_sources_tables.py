"""JSON, CSV, TSV and Parquet of articles."""

import csv
import json

import pyarrow
import pyarrow.parquet

from dateline.records import Article
from dateline.sources import ReadOptions, read

TEXT = 'The ministers met in Lisbon, and "agreed".\nThey meet again in May.'
ROWS = [
    {"doc_id": "a", "text": TEXT, "published": "2024-03-05", "title": "Lisbon, again", "source": "Wire"},
    {
        "doc_id": "b",
        "text": "The president of Chile spoke to reporters in Santiago about copper, trade and the coming vote.",
        "published": None,
        "title": None,
        "source": None,
    },
]


def read_all(path, **options):
    return list(read([str(path)], options=ReadOptions(**options)))


def write_csv(path, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", newline="", encoding=encoding) as stream:
        writer = csv.DictWriter(stream, rows[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def expected(**changes):
    return [Article(**{**row, **changes}) for row in ROWS]


def without_language(items):
    return [
        Article(**{name: getattr(item, name) for name in ("doc_id", "text", "published", "title", "source", "byline", "url", "guid", "licence")})
        for item in items
    ]


def test_every_form_of_the_same_table_gives_the_same_articles(tmp_path):
    write_csv(tmp_path / "a.csv", ROWS)
    write_csv(tmp_path / "b.tsv", ROWS, delimiter="\t")
    write_csv(tmp_path / "marked.csv", ROWS, encoding="utf-8-sig")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(ROWS), tmp_path / "c.parquet")
    (tmp_path / "d.jsonl").write_text("".join(json.dumps(row) + "\n" for row in ROWS))
    (tmp_path / "e.json").write_text(json.dumps(ROWS, indent=1))
    for path in sorted(tmp_path.iterdir()):
        assert without_language(read_all(path)) == expected(), path.name


def test_columns_of_other_names_are_mapped(tmp_path):
    rows = [{"id": 7, "body": TEXT, "day": "2024-03-05", "text": "not this"}]
    path = write_csv(tmp_path / "a.csv", rows)
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    columns = {"doc_id": "id", "text": "body", "published": "day"}
    for name in (path, tmp_path / "a.parquet"):
        (article,) = read_all(name, columns=columns)
        assert (article.doc_id, article.text, article.published) == ("7", TEXT, "2024-03-05")


def test_rows_without_doc_id_are_named_by_file_and_number(tmp_path):
    path = write_csv(tmp_path / "news.csv", [{"text": TEXT}, {"text": TEXT}])
    assert [a.doc_id for a in read_all(path)] == ["news-1", "news-2"]


def test_days_of_a_parquet_column_become_iso(tmp_path):
    import datetime

    rows = [{"doc_id": "a", "text": TEXT, "published": datetime.date(2024, 3, 5)}]
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "a.parquet")
    assert read_all(tmp_path / "a.parquet")[0].published == "2024-03-05"


def test_a_row_of_the_wrong_width_or_type_keeps_its_place(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('doc_id,text,published\na,one,\nb,two\nc,three,soon\nd,"four\nlines",2024-03-05\n')
    first, narrow, undated, last = read_all(path)
    assert (first.doc_id, last.text) == ("a", "four\nlines")
    assert (narrow.code, narrow.item) == ("invalid_csv", f"{path}:3")
    assert (undated.code, undated.item) == ("published", f"{path}:row 3")


def test_a_damaged_table_ends_with_one_rejection(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"doc_id,text\n" + b"a,good text\n" * 10_000 + b"b,caf\xc3\n")
    items = read_all(path)
    assert len(items) == 10_001
    assert (items[-1].code, items[-1].message.count("10002")) == ("encoding", 1)
    path.write_text("doc_id,text\na," + "x" * 5000 + "\n")
    assert [i.code for i in read_all(path, max_line_bytes=1000)] == ["line_too_long"]


def test_options_fill_what_articles_do_not_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", ROWS)
    first, second = read_all(path, source="Default", licence="CC BY 4.0", language="en")
    assert (first.source, second.source) == ("Wire", "Default")
    assert {first.licence, second.licence} == {"CC BY 4.0"}
    assert {first.language, second.language} == {"en"}


def test_other_languages_are_passed_on_with_their_code_and_empty_ones_as_they_are(tmp_path):
    french = "Le président de la République a reçu hier à Paris le chancelier allemand pour parler de la paix en Europe et du budget commun."
    rows = [{"doc_id": "a", "text": french}, {"doc_id": "b", "text": "NATO"}, {"doc_id": "c", "text": ""}]
    path = tmp_path / "a.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [(a.language, a.text) for a in read_all(path)] == [("fr", french), (None, "NATO"), (None, "")]
