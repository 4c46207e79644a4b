from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from database_samples import RESOLVING, TYPES, VERSIONS, extracted, incoming, make_article, make_event
from sqlalchemy import Engine, text

from dateline.errors import DatabaseUnavailableError, UsageError
from models import migrate
from models.engine import begin_write, open_engine
from models.load import open_load
from models.lock import hold_writer
from models.search import search
from models.snapshot import snapshot
from models.views import VIEWS

ROOT = Path(__file__).resolve().parents[1]

CONTRACT = {
    "v_events": "event_id, event_type, title, start_date, end_date, date_precision, date_basis, start_year, start_quarter, start_month, status, place_name, "
    "place_venue, country_code, latitude, longitude, participants, article_count, report_count, confidence, plover, cameo, first_reported, last_reported",
    "v_participants": "event_id, event_type, start_date, actor_id, actor_name, actor_kind, actor_country, role",
    "v_dyads": "actor_a, actor_b, event_type, start_year, start_quarter, events",
    "v_reports": "report_id, event_id, article_id, event_type, start_date, end_date, date_precision, date_basis, date_text, status, content, quote, "
    "sentence_start, sentence_end, trigger, trigger_start, trigger_end, rules, confidence, article_title, source, url, published_on",
    "v_articles": "article_id, source, url, title, byline, language, published_on, published_basis, report_count, duplicate_of, licence",
    "v_timeline": "day, event_id, event_type, title, status",
    "v_loads": "load_id, flow_run_id, started_at, finished_at, status, articles_new, articles_revised, articles_unchanged, articles_quarantined, "
    "reports_written, events_new, events_changed, extractor_version, model, lexicon_version",
    "v_quarantine": "quarantine_id, stage, code, message, source, item, attempts, first_seen, last_seen",
}


def fill(engine: Engine) -> None:
    a, b = incoming(make_article("a")), incoming(make_article("b", source=None))
    with open_load(engine, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES) as load:
        load.add([a, b], [extracted(a, [make_event(), make_event("statement", who=("Putin",))]), extracted(b, [make_event(at=3)])])


def test_views_have_the_columns_of_the_contract(engine: Engine) -> None:
    assert set(VIEWS) == set(CONTRACT)
    with engine.connect() as connection:
        for name, columns in CONTRACT.items():
            assert ", ".join(connection.execute(text(f"SELECT * FROM {name}")).keys()) == columns


def test_tables_and_migrations_agree(database_url: str) -> None:
    assert migrate.check(database_url) == []


def test_a_missing_view_and_a_missing_column_are_seen(database_url: str) -> None:
    engine = open_engine(database_url)
    with begin_write(engine) as connection:
        connection.execute(text("DROP VIEW v_events"))
        connection.execute(text("ALTER TABLE watermark RENAME COLUMN value TO worth"))
    engine.dispose()
    found = " ".join(migrate.check(database_url))
    assert "view v_events is missing" in found
    assert "worth" in found


def test_down_to_the_first_revision_and_up_again_keeps_every_row(database_url: str) -> None:
    engine = open_engine(database_url)
    fill(engine)
    before, hits = snapshot(engine), search(engine, "Vilnius")
    assert len(hits) == 3
    engine.dispose()
    assert migrate.downgrade(database_url, "-1") != migrate.expected()
    assert migrate.downgrade(database_url, "0001") == "0001"
    assert migrate.upgrade(database_url) == migrate.expected()
    assert snapshot(engine) == before
    assert search(engine, "Vilnius") == hits
    assert migrate.check(database_url) == []
    engine.dispose()


def test_down_to_nothing_and_up_again(database_url: str) -> None:
    engine = open_engine(database_url)
    fill(engine)
    engine.dispose()
    assert migrate.downgrade(database_url, "base") is None
    assert migrate.upgrade(database_url) == migrate.expected()
    assert migrate.check(database_url) == []
    fill(engine)
    engine.dispose()


def test_an_unknown_revision_is_a_usage_error(database_url: str) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        migrate.downgrade(database_url, "nowhere")


def test_a_migration_refuses_while_a_load_is_active(database_url: str) -> None:
    engine = open_engine(database_url)
    with (
        hold_writer(engine, command="dateline run", wait=0) as writer,
        open_load(writer, versions=VERSIONS, resolving=RESOLVING, event_types=TYPES),
        pytest.raises(DatabaseUnavailableError, match=r"`dateline run` \(process"),
    ):
        migrate.downgrade(database_url, "base")
    assert migrate.current(engine) == migrate.expected()
    engine.dispose()


def test_an_interrupted_migration_leaves_the_old_revision(empty_database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(migrate, "create_views", fail)
    with pytest.raises(KeyboardInterrupt):
        migrate.upgrade(empty_database_url)
    monkeypatch.undo()
    assert migrate.current(open_engine(empty_database_url)) is None
    assert migrate.upgrade(empty_database_url) == migrate.expected()


def test_the_alembic_command_works_from_another_folder(empty_database_url: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "alembic", "-c", str(ROOT / "alembic.ini")]
    environment = {**os.environ, "DATELINE_DATABASE_URL": empty_database_url}
    done = subprocess.run([*command, "upgrade", "head"], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert migrate.check(empty_database_url) == []
