"""A made-up event database of any size, made inside the database itself: as skewed as news is, the same for the same size.

Here: one INSERT ... SELECT a table, in SQL that both databases understand save for the spellings of `Spelling`. Ids are scattered as hashes are, so that
no index is kept warm by order. Secondary indexes are dropped before and made afterwards. Not here: what is asked (benchmarks/database_scale.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, text
from sqlalchemy.schema import CreateIndex

from models.columns import metadata
from models.facts import DERIVE

FIRST_DAY, DAYS = date(2004, 1, 1), 365 * 21
ACTORS, PLACES, SOURCES = 20_000, 1_500, 200
COUNTRIES = tuple(f"{chr(65 + n // 10)}{chr(65 + n % 10)}" for n in range(120))
_PRIME, _RANGE = 2_654_435_761, 4_294_967_296
SEARCH_TRIGGER = (
    "CREATE TRIGGER search_tokens_added AFTER INSERT ON search_tokens BEGIN INSERT INTO search_index(rowid, tokens) VALUES (new.search_id, new.tokens); END"
)
_SENTENCE = "The minister said on Monday that talks about the northern port would go on in spite of the late objections of its neighbours."
# How a connection writes fast: the rows are ours, and a crash costs nothing.
_RELAXED = {
    "postgresql": ("SET session_replication_role = replica", "SET maintenance_work_mem = '512MB'", "SET work_mem = '256MB'"),
    "sqlite": ("PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -1000000", "PRAGMA temp_store = MEMORY"),
}
_ACCOUNT_NAMES = (
    "event_type, title, start_date, end_date, date_precision, date_basis, date_text, status, place_id, content, content_start, content_end, plover, "
    "cameo, confidence, rules"
)
_ACCOUNT = (
    "kind, 'A ' || kind, {first}, {last}, CASE WHEN {first} IS NULL THEN 'none' WHEN length > 0 THEN 'range' ELSE 'day' END, "
    "CASE WHEN {first} IS NULL THEN 'none' ELSE 'relative' END, 'on Monday', status, place, 'that talks would go on', 0, 22, 'CONSULT', '04', 0.8, "
    "'trigger.meet'"
)


def event_id(number: int) -> str:
    """Return the id of an event."""
    return f"e{number * _PRIME % _RANGE:08x}{number:08x}"


def actor_name(number: int) -> str:
    """Return the name of an actor; the smaller the number, the more often it is in the news."""
    return f"Actor {number:05d}"


def fill(engine: Engine, events: int) -> bool:
    """Fill an empty database; False where the events are there already."""
    with engine.connect() as connection:
        if connection.scalar(text("SELECT COUNT(*) FROM event")) == events:
            return False
    dialect = engine.dialect.name
    indexes = [index for table in metadata.sorted_tables for index in table.indexes if not index.unique]
    made = [str(CreateIndex(index).compile(engine)) for index in indexes]
    dropped = [f"DROP INDEX IF EXISTS {index.name}" for index in indexes]
    pooled = engine.raw_connection()
    driver = pooled.driver_connection
    if dialect == "postgresql":
        driver.set_autocommit(True)
    for statement in (
        *_RELAXED[dialect],
        *dropped,
        *statements(Spelling(dialect), events),
        *DERIVE,
        *made,
        "VACUUM ANALYZE" if dialect == "postgresql" else "ANALYZE",
    ):
        driver.execute(statement)
    pooled.invalidate()
    return True


@dataclass(frozen=True)
class Spelling:
    """How the database says what the two say differently."""

    dialect: str

    def either(self, sqlite: str, postgres: str) -> str:
        """Return the text of this database."""
        return sqlite if self.dialect == "sqlite" else postgres

    def numbers(self, count: int) -> str:
        """Return a WITH clause that makes s(n), 0 up to count."""
        recursive = f"WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {count})"
        return self.either(recursive, f"WITH s(n) AS (SELECT generate_series(0::bigint, {count} - 1))")

    def id(self, kind: str, n: str) -> str:
        """Return a scattered id."""
        scattered = f"(({n}) * {_PRIME} % {_RANGE})"
        return f"'{kind}' || " + self.either(f"printf('%08x%08x', {scattered}, {n})", f"lpad(to_hex({scattered}), 8, '0') || lpad(to_hex({n}), 8, '0')")

    def name(self, n: str) -> str:
        """Return an actor's name."""
        return "'Actor ' || " + self.either(f"printf('%05d', {n})", f"lpad(({n})::text, 5, '0')")

    def country(self, n: str) -> str:
        """Return a country's two letters."""
        letters = (f"65 + ({n}) % {len(COUNTRIES)} / 10", f"65 + ({n}) % {len(COUNTRIES)} % 10")
        return " || ".join(self.either(f"char({letter})", f"chr(({letter})::int)") for letter in letters)

    def day(self, n: str, since: str = "2004-01-01") -> str:
        """Return the day `n` days after a day, which is a literal or a column."""
        from_column = not since[0].isdigit()
        start = since if from_column else f"'{since}'"
        return self.either(f"date({start}, ({n}) || ' days')", f"({start if from_column else 'DATE ' + start} + ({n})::int)")

    @property
    def now(self) -> str:
        """Return a moment."""
        return self.either("'2026-01-01 00:00:00.000000'", "TIMESTAMPTZ '2026-01-01'")


def _draw(n: str, salt: int) -> str:
    """Return a number from 0 up to the range, as good as random."""
    return f"(((({n}) * {_PRIME} + {salt * 1_000_003}) % {_RANGE} * 48271 + {salt * 7919}) % {_RANGE})"


def _actor(say: Spelling, salt: int) -> str:
    """Return the number of an actor: few of them most of the time."""
    u = f"({_draw('n', salt)} * 1.0 / {_RANGE})"
    skewed = f"{u} * {u} * {u} * {ACTORS}"
    return say.either(f"CAST({skewed} AS INTEGER)", f"trunc({skewed})::bigint")


def statements(say: Spelling, events: int) -> list[str]:
    """Return all statements in their order."""
    articles = max(1, events * 2 // 5)
    return [*_drawn(say, events), *_bases(say, articles), *_events(say), *_reports(say, articles), *_tokens(say)]


def _drawn(say: Spelling, events: int) -> list[str]:
    """Return what makes the temporary table that events and reports are read from."""
    draws = ", ".join(f"{_draw('n', salt)} % {size} AS d{salt}" for salt, size in enumerate((100, 100, 100, DAYS, 100, 29, 100, PLACES, 100)))
    actors = ", ".join(f"{_actor(say, salt)} AS a{salt}" for salt in (20, 21, 22))
    made = (
        "SELECT n, a20, a21, a22, CASE WHEN d0 < 62 THEN 'statement' WHEN d0 < 87 THEN 'meeting' WHEN d0 < 97 THEN 'agreement' ELSE 'summit' END AS kind, "
        "CASE WHEN d1 < 74 THEN 'occurred' WHEN d1 < 88 THEN 'planned' WHEN d1 < 93 THEN 'ongoing' WHEN d1 < 97 THEN 'possible' ELSE 'denied' END AS status, "
        f"CASE WHEN d2 >= 12 THEN {say.day('d3')} END AS first, CASE WHEN d4 < 6 THEN d5 + 1 ELSE 0 END AS length, "
        f"CASE WHEN d6 < 50 THEN {say.id('p', 'd7')} END AS place, CASE WHEN d8 < 8 THEN 3 WHEN d8 < 30 THEN 2 ELSE 1 END AS copies FROM drawn"
    )
    return [
        f"CREATE TEMPORARY TABLE drawn AS {say.numbers(events)} SELECT n, {draws}, {actors} FROM s",
        f"CREATE TEMPORARY TABLE made AS {made}",
        "DROP TABLE drawn",
    ]


def _bases(say: Spelling, articles: int) -> list[str]:
    now = say.now
    return [
        "INSERT INTO event_type (name) VALUES ('statement'), ('meeting'), ('agreement'), ('summit')",
        f"INSERT INTO source (name, first_seen) {say.numbers(SOURCES)} SELECT 'Source ' || n, {now} FROM s",
        f"INSERT INTO actor (actor_id, name, folded, kind, country) {say.numbers(ACTORS)} SELECT {say.id('a', 'n')}, {say.name('n')}, "
        f"' ' || lower({say.name('n')}) || ' ', CASE n % 3 WHEN 0 THEN 'state' ELSE 'person' END, {say.country('n')} FROM s ORDER BY 1",
        f"INSERT INTO place (place_id, name, country_code, latitude, longitude) {say.numbers(PLACES)} SELECT {say.id('p', 'n')}, 'Town ' || n, "
        f"{say.country('n')}, n % 140 - 70.0, n % 360 - 180.0 FROM s",
        "INSERT INTO article (article_id, article_key, source, doc_id, url, title, language, digest, text, published_on, published_basis, first_seen, "
        f"changed_at) {say.numbers(articles)} SELECT {say.id('t', 'n')}, 'k' || n, 'Source ' || (n % {SOURCES}), 'd' || n, 'https://example.org/' || n, "
        f"'Title ' || n, 'en', 'd' || n, '{_SENTENCE * 4}', {say.day(f'n * {DAYS} / {articles}')}, 'metadata', {now}, {now} FROM s ORDER BY 1",
    ]


def _events(say: Spelling) -> list[str]:
    last = say.day("length", "first")
    year = say.either("CAST(strftime('%Y', first) AS INTEGER)", "EXTRACT(YEAR FROM first)::int")
    month = say.either("CAST(strftime('%m', first) AS INTEGER)", "EXTRACT(MONTH FROM first)::int")
    first_name = say.name("a20")
    names = f"CASE WHEN kind = 'statement' THEN {first_name} ELSE {first_name} || '; ' || {say.name('a21')} || '; ' || {say.name('a22')} END"
    json, role = say.either("'[]'", "'[]'::jsonb"), "CASE WHEN kind = 'statement' THEN 'speaker' ELSE 'party' END"
    seats = "(SELECT 20 AS seat UNION ALL SELECT 21 UNION ALL SELECT 22) AS seats"
    taken = say.id("a", "CASE seat WHEN 20 THEN a20 WHEN 21 THEN a21 ELSE a22 END")
    return [
        f"INSERT INTO event (event_id, {_ACCOUNT_NAMES}, start_year, start_quarter, start_month, country_code, participants, article_count, report_count, "
        f"first_reported, last_reported, history, changed_at) SELECT {say.id('e', 'n')}, {_ACCOUNT.format(first='first', last=last)}, {year}, "
        f"({month} + 2) / 3, {month}, CASE WHEN place IS NOT NULL THEN {say.country('n')} END, {names}, copies, copies, first, {last}, {json}, {say.now} "
        "FROM made ORDER BY 1",
        f"INSERT INTO event_participation (event_id, actor_id, role) SELECT DISTINCT {say.id('e', 'n')}, {taken}, {role} "
        f"FROM made CROSS JOIN {seats} WHERE kind <> 'statement' OR seat = 20 ORDER BY 1, 2",
        f"INSERT INTO event_day (day, event_id) SELECT first, {say.id('e', 'n')} FROM made WHERE first IS NOT NULL ORDER BY 1, 2",
        f"INSERT INTO event_day (day, event_id) {say.numbers(31)} SELECT {say.day('s.n', 'first')}, {say.id('e', 'made.n')} FROM made "
        "JOIN s ON s.n BETWEEN 1 AND made.length WHERE first IS NOT NULL AND length > 0 ORDER BY 1, 2",
    ]


def _reports(say: Spelling, articles: int) -> list[str]:
    copies = "(SELECT 0 AS copy UNION ALL SELECT 1 UNION ALL SELECT 2) AS told"
    first = f"(CASE WHEN copy = 1 AND n % 5 = 0 THEN {say.day('-1', 'first')} ELSE first END)"  # a second source that is a day off
    told_by = say.id("t", f"{_draw('n + copy * 77', 30)} % {articles}")
    return [
        f"INSERT INTO report (report_id, article_id, position, event_id, {_ACCOUNT_NAMES}) SELECT {say.id('r', 'n * 4 + copy')}, {told_by}, n * 4 + copy, "
        f"{say.id('e', 'n')}, {_ACCOUNT.format(first=first, last=say.day('length', first))} FROM made CROSS JOIN {copies} WHERE copy < copies ORDER BY 1",
        'INSERT INTO evidence (report_id, position, "trigger", trigger_start, trigger_end, quote, sentence_start, sentence_end) '
        f"SELECT report_id, 0, 'said', 13, 17, '{_SENTENCE}', 0, 130 FROM report ORDER BY 1",
        "DROP TABLE made",
    ]


def _tokens(say: Spelling) -> list[str]:
    """Return what makes titles findable by the names in them; the index of SQLite is filled at once and not row by row."""
    words = "lower(replace(participants, ';', '')) || ' ' || event_type"
    made = f"INSERT INTO search_tokens (kind, item_id, day, tokens) SELECT 'title', event_id, start_date, {words} FROM event"
    if say.dialect == "postgresql":
        return [
            "DROP INDEX IF EXISTS search_index",
            made,
            "CREATE INDEX search_index ON search_tokens USING gin (array_to_tsvector(string_to_array(tokens, ' ')))",
        ]
    return ["DROP TRIGGER search_tokens_added", made, SEARCH_TRIGGER, "INSERT INTO search_index(search_index) VALUES ('rebuild')"]
