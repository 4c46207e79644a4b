from __future__ import annotations

from datetime import date

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from models.inputs import Extracted, Incoming, LoadResult
from models.load import open_load
from models.planning import plan
from models.snapshot import snapshot


def run(engine: Engine, batch: list[Incoming], found: list[Extracted]) -> LoadResult:
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add(batch, found)
    return load.result


def view(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_two_reports_of_one_meeting_are_one_event(engine: Engine) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b", source="daily"))
    result = run(engine, [a, b], [extracted(a, [make_event()]), extracted(b, [make_event(at=5), make_event("summit", None, ("NATO",))])])
    assert result.counts["articles_new"] == 2
    assert result.counts["reports_written"] == 3
    assert len(result.new_events) == 2
    rows = view(engine, "SELECT event_type, start_date, participants, article_count, report_count, place_name, country_code FROM v_events ORDER BY event_type")
    assert [(r[0], str(r[1]), *r[2:]) for r in rows] == [
        ("meeting", "2023-07-11", "Kishida; Yoon", 2, 2, "Vilnius", "LT"),
        ("summit", "None", "NATO", 1, 1, "Vilnius", "LT"),
    ]


def test_a_second_run_changes_no_row(engine: Engine) -> None:
    a = incoming(make_article("a"))
    run(engine, [a], [extracted(a, [make_event()])])
    before = snapshot(engine)
    stamps = view(engine, "SELECT event_id, changed_at FROM event")
    assert plan(engine, [a], VERSIONS).to_extract == ()
    again = run(engine, [a], [extracted(a, [make_event()])])
    assert not again.changed_rows
    assert again.counts["articles_unchanged"] == 1
    assert snapshot(engine) == before
    assert view(engine, "SELECT event_id, changed_at FROM event") == stamps


def test_a_revision_replaces_its_own_reports_and_keeps_the_event(engine: Engine) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b"))
    run(engine, [a, b], [extracted(a, [make_event(), make_event("summit")]), extracted(b, [make_event("agreement")])])
    ids = dict(view(engine, "SELECT event_type, event_id FROM v_events"))
    newer = incoming(make_article("a", "Another text."))
    assert plan(engine, [newer], VERSIONS).revised == (newer.article_id,)
    run(engine, [newer], [extracted(newer, [make_event(day=date(2023, 7, 10), at=44)])])
    assert dict(view(engine, "SELECT event_type, event_id FROM v_events")) == {"meeting": ids["meeting"], "agreement": ids["agreement"]}
    assert [str(row[0]) for row in view(engine, "SELECT start_date FROM v_reports WHERE event_type = 'meeting'")] == ["2023-07-10"]


@pytest.mark.parametrize("size", [1, 3])
def test_rows_do_not_depend_on_order_or_batches(engine: Engine, size: int, sqlite_url: str) -> None:
    from models.engine import open_engine

    other = open_engine(sqlite_url.replace("dateline.db", "other.db"))
    from models.migrate import upgrade

    upgrade(sqlite_url.replace("dateline.db", "other.db"))
    days = [date(2023, 7, 11), date(2023, 7, 12), None]
    batch = [incoming(make_article(f"d{n}", f"Text {n // 2}.", published=f"2023-07-{20 - n}")) for n in range(6)]
    found = {one.article_id: extracted(one, [make_event(day=days[n % 3]), make_event("summit", at=9)]) for n, one in enumerate(batch)}

    def feed(target: Engine, articles: list[Incoming], size: int) -> None:
        for start in range(0, len(articles), size):
            part = articles[start : start + size]
            run(target, part, [found[one.article_id] for one in plan(target, part, VERSIONS).to_extract])

    feed(engine, batch, size)
    feed(other, batch[::-1], 6)
    assert snapshot(engine) == snapshot(other)
