"""What loads do to one another: duplicates, forgetting, decisions by hand, re-extraction, quarantine."""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import date

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from dateline.errors import DatabaseError, UsageError
from dateline.records import Event, Problem, Versions
from models.actors import add_alias, list_actors, merge_actors
from models.engine import begin_write, open_engine
from models.facts import derive
from models.inputs import Duplicates, Extracted, Incoming, LoadResult, Quarantined
from models.load import Load, open_load
from models.lock import hold_writer
from models.planning import plan, stale
from models.quarantine import get_quarantine, list_quarantine, release
from models.reading import EventFilter, get_article, get_event, list_events
from models.snapshot import snapshot
from models.watermarks import get_watermark, get_watermarks


def similar(one: bytes, other: bytes) -> bool:
    return abs(one[0] - other[0]) <= 1


def opened(engine: Engine, versions: Versions = VERSIONS) -> AbstractContextManager[Load]:
    return open_load(engine, versions=versions, resolving=RESOLVING, duplicates=Duplicates(similar), event_types=TYPES)


def run(engine: Engine, *found: tuple[Incoming, list[Event]], versions: Versions = VERSIONS) -> LoadResult:
    """Load articles as flows does: what plan asks for is extracted, from these or from what is stored."""
    events = {one.article_id: happened for one, happened in found}
    batch = [one for one, _events in found]
    todo = plan(engine, batch, versions).to_extract
    with opened(engine, versions) as load:
        load.add(batch, [extracted(one, events[one.article_id]) for one in todo])
    return load.result


def ask(engine: Engine, query: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def test_exact_duplicates_share_one_extraction(engine: Engine) -> None:
    first, copy = incoming(make_article("a", "Same  text.")), incoming(make_article("b", "Same text.", source="daily", published="2023-07-13"))
    assert [one.article_id for one in plan(engine, [copy, first], VERSIONS).to_extract] == [first.article_id]
    run(engine, (copy, [make_event()]), (first, [make_event()]))
    assert ask(engine, "SELECT article_count, report_count FROM v_events") == [(1, 1)]
    rows = ask(engine, "SELECT article_id, duplicate_of, report_count FROM v_articles ORDER BY report_count")
    assert rows == [(copy.article_id, first.article_id, 0), (first.article_id, None, 1)]


def test_a_twin_keeps_how_its_own_day_was_found_in_any_order(engine: Engine) -> None:
    later = incoming(make_article("a", "Same.", published_basis="text"))
    earlier = incoming(make_article("b", "Same.", published="2023-07-10", published_basis="url"))
    rows = "SELECT article_id, published_basis FROM v_articles ORDER BY published_on"
    run(engine, (later, [make_event()]))
    run(engine, (earlier, [make_event()]))
    known = [(earlier.article_id, "metadata"), (later.article_id, "text")]  # the sample's extraction finds every day in metadata
    assert ask(engine, rows) == known
    with opened(engine) as load:
        load.forget([later.article_id])
    run(engine, (later, [make_event()]))
    assert ask(engine, rows) == known


def test_an_earlier_twin_takes_over_and_hands_back(engine: Engine, sqlite_url: str) -> None:
    later, earlier = incoming(make_article("a", "Same.")), incoming(make_article("b", "Same.", published="2023-07-10"))
    run(engine, (later, [make_event()]))
    event_id = ask(engine, "SELECT event_id FROM v_events")[0][0]
    assert [one.article_id for one in plan(engine, [earlier], VERSIONS).to_extract] == [earlier.article_id]
    run(engine, (earlier, [make_event()]))
    assert ask(engine, "SELECT article_id FROM v_reports") == [(earlier.article_id,)]
    both = snapshot(engine)
    other = open_engine(sqlite_url)
    if engine.dialect.name == "postgresql":
        run(other, (earlier, [make_event()]), (later, [make_event()]))
        assert snapshot(other) == both
    with opened(engine) as load:
        load.forget([earlier.article_id])
    assert load.result.pending == (later.article_id,)
    taking_over = stale(engine, VERSIONS)
    assert [one.article_id for one in taking_over] == [later.article_id]
    with opened(engine) as load:
        load.add([], [extracted(one, [make_event()]) for one in taking_over])
    assert ask(engine, "SELECT article_id, event_type FROM v_reports") == [(later.article_id, "meeting")]
    assert stale(engine, VERSIONS) == ()
    assert event_id
    other.dispose()


def test_a_revised_representative_leaves_its_twin_to_be_extracted(engine: Engine) -> None:
    a, b = incoming(make_article("a", "Same.")), incoming(make_article("b", "Same."))
    run(engine, (a, [make_event()]), (b, [make_event()]))
    newer = incoming(make_article("a", "Different now."))
    planned = plan(engine, [newer], VERSIONS)
    assert {one.article_id for one in planned.to_extract} == {a.article_id, b.article_id}
    with opened(engine) as load:
        load.add([newer], [extracted(one, [make_event("summit" if one.article_id == a.article_id else "meeting")]) for one in planned.to_extract])
    assert sorted(row[0] for row in ask(engine, "SELECT event_type FROM v_events")) == ["meeting", "summit"]
    assert ask(engine, "SELECT duplicate_of FROM v_articles") == [(None,), (None,)]


def near(doc_id: str, mark: int, published: str) -> Incoming:
    return incoming(make_article(doc_id, published=published), signature=bytes([mark]), bands=("all",))


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1)])
def test_near_duplicates_count_once_whatever_the_order(engine: Engine, order: tuple[int, ...]) -> None:
    chain = [near("a", 10, "2023-07-14"), near("b", 11, "2023-07-13"), near("c", 12, "2023-07-12"), near("d", 50, "2023-07-11")]
    for number in order:
        run(engine, (chain[number], [make_event(at=number)]))
    groups = dict(ask(engine, "SELECT article_id, duplicate_of FROM v_articles"))
    head = chain[2].article_id
    assert groups == {chain[0].article_id: head, chain[1].article_id: head, head: None, chain[3].article_id: None}
    assert ask(engine, "SELECT article_count, report_count, confidence FROM v_events") == [(2, 4, pytest.approx(0.7))]
    with opened(engine) as load:
        load.forget([chain[1].article_id])
    assert ask(engine, "SELECT article_count, report_count FROM v_events") == [(3, 3)]


def test_forgetting_leaves_what_a_run_without_it_would_have(engine: Engine, sqlite_url: str) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b", source="daily"))
    one, two = (a, [make_event(), make_event("summit", who=("NATO",), at=9)]), (b, [make_event()])
    run(engine, one, two)
    with opened(engine) as load:
        assert load.forget_source("wire") == 1
    assert load.result.counts["articles_forgotten"] == 1
    if engine.dialect.name == "postgresql":
        other = open_engine(sqlite_url)
        run(other, two)
        assert snapshot(other) == snapshot(engine)
        other.dispose()
    assert ask(engine, "SELECT COUNT(*) FROM search_tokens") == [(3,)]
    with opened(engine) as load:
        load.forget([b.article_id, "unknown"])
    rows = snapshot(engine)
    assert {name for name, found in rows.items() if found} == {"event_type", "source"}


def test_merge_and_split_by_hand_outlive_what_comes_later(engine: Engine) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b"))
    run(engine, (a, [make_event()]), (b, [make_event(day=date(2023, 7, 12))]))
    untouched = snapshot(engine)
    first, second = (row[0] for row in ask(engine, "SELECT event_id FROM v_events ORDER BY start_date"))
    with opened(engine) as load:
        load.merge(str(second), str(first))
    assert ask(engine, "SELECT report_count FROM v_events") == [(2,)]
    kept, gone = (first, second) if get_event(engine, str(first)).redirected_from is None else (second, first)
    detail = get_event(engine, str(gone))
    assert (detail.row.event_id, detail.redirected_from, detail.absorbed) == (kept, gone, (gone,))
    c = incoming(make_article("c"))
    run(engine, (c, [make_event(day=date(2023, 7, 12), at=3)]))
    assert ask(engine, "SELECT report_count FROM v_events") == [(3,)]
    with opened(engine) as load:
        load.forget([c.article_id])
    report_of_b = str(ask(engine, f"SELECT report_id FROM v_reports WHERE article_id = '{b.article_id}'")[0][0])
    with opened(engine) as load:
        load.split(str(kept), [report_of_b])
    after = snapshot(engine)
    assert [name for name in after if after[name] != untouched[name]] == ["hand_decision"]
    run(engine, (a, [make_event()]))
    assert snapshot(engine) == after


def test_decisions_need_events_and_reports_that_are_there(engine: Engine) -> None:
    a = incoming(make_article("a"))
    run(engine, (a, [make_event()]))
    event_id = str(ask(engine, "SELECT event_id FROM v_events")[0][0])
    for decide in (
        lambda load: load.merge(event_id, "nothing"),
        lambda load: load.merge(event_id, event_id),
        lambda load: load.split(event_id, ["nothing"]),
        lambda load: load.split(event_id, []),
    ):
        with pytest.raises(UsageError), opened(engine) as load:
            decide(load)
    assert ask(engine, "SELECT COUNT(*) FROM hand_decision") == [(0,)]


def test_actors_are_merged_and_named_for_good(engine: Engine) -> None:
    a = incoming(make_article("a"))
    run(engine, (a, [make_event(who=("Kishida", "Fumio Kishida", "Yoon"))]))
    with hold_writer(engine, command="dateline actors merge") as writer:
        kept = merge_actors(writer, "Kishida", "Fumio Kishida")
        add_alias(writer, "Prime Minister Kishida", kept)
        with pytest.raises(UsageError, match="one already"):
            merge_actors(writer, "Kishida", "Fumio Kishida")
        with pytest.raises(UsageError, match="no actor"):
            merge_actors(writer, "Nobody", "Yoon")
    assert ask(engine, "SELECT participants FROM v_events") == [("Fumio Kishida; Yoon",)]
    b = incoming(make_article("b"))
    run(engine, (b, [make_event("summit", who=("Kishida", "PRIME MINISTER KISHIDA"), at=4)]))
    assert ask(engine, "SELECT participants FROM v_events WHERE event_type = 'summit'") == [("Fumio Kishida",)]
    before = snapshot(engine)
    with begin_write(engine) as connection:
        derive(connection)
    assert snapshot(engine) == before
    found = list_actors(engine, name="kishida")
    assert [(one.name, one.events, one.merged_into) for one in found] == [("Fumio Kishida", 2, None), ("Kishida", 0, kept)]
    assert found[0].aliases == ("prime minister kishida",)


def test_reextraction_touches_only_what_is_stale(engine: Engine) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b"))
    run(engine, (a, [make_event()]), (b, [make_event("summit")]))
    newer = Versions("2", "small", "a")
    assert {one.article_id for one in stale(engine, newer)} == {a.article_id, b.article_id}
    assert stale(engine, VERSIONS) == ()
    stamps = ask(engine, "SELECT event_id, changed_at FROM event ORDER BY 1")
    with opened(engine, newer) as load:
        load.add([], [extracted(one, [make_event()]) for one in stale(engine, newer, limit=1) if one.article_id == a.article_id])
        load.add([], [extracted(one, [make_event("agreement")]) for one in stale(engine, newer) if one.article_id == b.article_id])
    assert stale(engine, newer) == ()
    assert ask(engine, "SELECT event_type FROM v_events ORDER BY 1") == [("agreement",), ("meeting",)]
    assert len(set(stamps) & set(ask(engine, "SELECT event_id, changed_at FROM event ORDER BY 1"))) == 1


def test_a_failing_article_goes_to_quarantine_and_the_batch_goes_on(engine: Engine) -> None:
    good, bad, worse = (incoming(make_article(name)) for name in ("good", "bad", "worse"))
    backwards = make_event()
    broken = Event(**{name: getattr(backwards, name) for name in backwards.__dataclass_fields__} | {"end": date(2020, 1, 1)})
    found = [extracted(good, [make_event()]), extracted(bad, [], error=Problem("too_long", "It is too long.")), extracted(worse, [make_event(), broken])]
    for _time in range(2):
        with opened(engine) as load:
            load.add([good, bad, worse], found)
            load.quarantine([Quarantined("ingest", "not_utf8", "Cannot read x.txt.", "x.txt", payload="{}")])
        assert load.result.counts["articles_quarantined"] == 3
    assert [row[:2] for row in ask(engine, "SELECT item, attempts FROM v_quarantine ORDER BY item")] == [("bad", 2), ("worse", 2), ("x.txt", 2)]
    assert ask(engine, "SELECT COUNT(*) FROM v_articles") == [(1,)]
    rows = list_quarantine(engine, stage="load")
    assert rows[0].code == "invalid_event"
    assert "before it starts" in rows[0].message
    assert json.loads(str(rows[0].payload))["doc_id"] == "worse"
    assert get_quarantine(engine, list_quarantine(engine, stage="ingest")[0].quarantine_id).payload == "{}"
    with pytest.raises(UsageError):
        get_quarantine(engine, 999)
    run(engine, (bad, [make_event("summit")]))
    assert [row.item for row in list_quarantine(engine)] == ["worse", "x.txt"]
    with hold_writer(engine, command="test") as writer:
        assert release(writer, [list_quarantine(engine)[0].quarantine_id]) == 1


@pytest.mark.parametrize("field", ["type", "status", "precision", "basis", "confidence"])
def test_an_event_that_the_tables_refuse_never_fails_the_batch(engine: Engine, field: str) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b"))
    event = make_event()
    odd = Event(**{name: getattr(event, name) for name in event.__dataclass_fields__} | {field: float("nan") if field == "confidence" else "odd"})
    with opened(engine) as load:
        load.add([a, b], [extracted(a, [odd]), extracted(b, [event])])
    assert ask(engine, "SELECT code FROM v_quarantine") == [("invalid_event",)]
    assert ask(engine, "SELECT COUNT(*) FROM v_events") == [(1,)]


def test_skipped_articles_are_recorded_and_so_are_their_copies(engine: Engine) -> None:
    a, b = incoming(make_article("a", "Guten Tag.")), incoming(make_article("b", "Guten Tag."))
    todo = plan(engine, [a, b], VERSIONS).to_extract
    with opened(engine) as load:
        load.add([a, b], [extracted(one, [], language="de", skipped=Problem("not_english")) for one in todo])
    assert ask(engine, "SELECT skipped, language FROM article") == [("not_english", "de")] * 2
    assert plan(engine, [a, b], VERSIONS).to_extract == ()
    assert load.result.counts["articles_skipped"] == 1


def test_two_events_of_one_trigger_are_two_reports(engine: Engine) -> None:
    a = incoming(make_article("a"))
    run(engine, (a, [make_event(), make_event(day=date(2023, 7, 12))]))
    assert ask(engine, "SELECT COUNT(*), COUNT(DISTINCT event_id) FROM v_reports") == [(2, 2)]
    run(engine, (a, [make_event(), make_event(day=date(2023, 7, 12))]))
    assert ask(engine, "SELECT COUNT(*) FROM v_reports") == [(2,)]


def test_text_may_be_left_out(engine: Engine) -> None:
    a = incoming(make_article("a", "Secret plan."))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES, store_text=False) as load:
        load.add([a], [extracted(a, [make_event()])])
    assert not get_article(engine, "a").has_text
    assert stale(engine, Versions("2", "small", "a")) == ()
    assert "secret" not in str(ask(engine, "SELECT tokens FROM search_tokens"))


def test_watermarks_move_with_the_load(engine: Engine) -> None:
    with opened(engine) as load:
        load.set_watermark("feed", "etag", "x1")
        load.set_watermark("feed", "day", "2023-07-11")
        load.set_watermark("feed", "etag", "x2")
    assert get_watermarks(engine, "feed") == {"etag": "x2", "day": "2023-07-11"}
    with pytest.raises(ZeroDivisionError), opened(engine) as load:
        load.set_watermark("feed", "etag", str(1 // 0))
    assert get_watermark(engine, "feed", "etag") == "x2"
    assert get_watermark(engine, "feed", "none") is None


def test_text_with_nul_and_lone_surrogates_is_stored_on_both_and_not_rewritten(engine: Engine) -> None:
    a = incoming(make_article("a", "Ki\x00shida \ud800 met."))
    odd = make_event(who=("Ki\x00shida", "Y\ud800oon"))
    run(engine, (a, [odd]))
    again = run(engine, (a, [odd]))
    assert not again.changed_rows
    with opened(engine) as load:
        load.add([a], [extracted(a, [odd])])
    assert load.result.counts["reports_written"] == 0
    assert len(get_article(engine, "a").article.text) == len(a.article.text)


def test_a_full_disk_leaves_the_last_good_state(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    small = incoming(make_article("small"))
    run(engine, (small, [make_event()]))
    before = snapshot(engine)
    engine.dispose()
    full = open_engine(sqlite_url)

    from sqlalchemy import event

    def limit(connection: object, _record: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]  # type: ignore[attr-defined]
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")  # type: ignore[attr-defined]

    event.listen(full, "connect", limit)
    big = incoming(make_article("big", "word " * 200_000))
    with pytest.raises(DatabaseError, match="the disk is full") as caught:
        run(full, (big, [make_event()]))
    assert caught.value.exit_code == 4
    full.dispose()
    assert snapshot(engine) == before
    run(engine, (big, [make_event()]))
    assert ask(engine, "SELECT COUNT(*) FROM v_articles") == [(2,)]
    assert ask(engine, "SELECT COUNT(*) FROM v_loads WHERE status = 'running'") == [(0,)]
    engine.dispose()


def test_closed_sets_are_checked_by_the_database(engine: Engine) -> None:
    from sqlalchemy.exc import IntegrityError

    for statement in (
        "INSERT INTO actor (actor_id, name, folded, kind) VALUES ('a', 'A', 'a', 'alien')",
        "INSERT INTO place (place_id, name, latitude) VALUES ('p', 'P', 91)",
        "INSERT INTO load (status, started_at) VALUES ('sleeping', '2023-01-01')",
        "INSERT INTO report (report_id, article_id, position) VALUES ('r', 'none', 0)",
    ):
        with pytest.raises(IntegrityError), begin_write(engine) as connection:
            connection.execute(text(statement))


def test_events_are_listed_by_filter(engine: Engine) -> None:
    a = incoming(make_article("a"))
    june = make_event("statement", date(2023, 6, 1), ("Recep Tayyip Erdoğan",), at=1)
    undated = make_event("summit", None, ("NATO",), at=2)
    run(engine, (a, [make_event(), june, undated]))

    def kinds(**wanted: object) -> list[str]:
        return [one.event_type for one in list_events(engine, EventFilter(**wanted))]  # type: ignore[arg-type]

    assert kinds() == ["statement", "meeting", "summit"]
    assert kinds(first_day=date(2023, 6, 2)) == ["meeting"]
    assert kinds(last_day=date(2023, 6, 2)) == ["statement"]
    assert kinds(types=("summit", "meeting")) == ["meeting", "summit"]
    assert kinds(participant="erdogan") == ["statement"]
    assert kinds(participant="an") == []
    assert kinds(participant="100%") == []
    assert kinds(country="lt", limit=2) == ["statement", "meeting"]
    assert kinds(min_confidence=0.99) == []
    assert kinds(statuses=("planned",)) == []


def test_what_is_read_back_is_what_was_extracted(engine: Engine) -> None:
    a = incoming(make_article("a", byline="Ann", url="https://example.org/a"))
    given = make_event()
    run(engine, (a, [given]))
    stored = get_article(engine, "https://example.org/a")
    assert stored.article.byline == "Ann"
    assert stored.reports[0].event == given
    assert get_event(engine, list_events(engine)[0].event_id).reports == stored.reports
    with pytest.raises(UsageError, match="no article"):
        get_article(engine, "z")
    with pytest.raises(UsageError, match="no event"):
        get_event(engine, "z")


def test_unexpected_ids_are_ignored(engine: Engine) -> None:
    a = incoming(make_article("a"))
    stranger: Extracted = extracted(incoming(make_article("b")), [make_event()])
    with opened(engine) as load:
        load.add([a], [extracted(a, [make_event()]), stranger])
    assert ask(engine, "SELECT COUNT(*) FROM v_reports") == [(1,)]
