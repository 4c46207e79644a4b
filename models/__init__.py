"""The event database: tables, one writer at a time, loads, views, search, read-only SQL. Never imports spaCy or Prefect.

Here: the signatures that flows builds on. Nothing is re-exported, so that importing one module loads only what it needs. Of the library only
`dateline.records` and `dateline.errors` are imported; what must know language (keys, resolving, canonical names) is passed in as callables.

    models.engine     open_engine(url) -> Engine                      sqlite:///..., postgresql://... (psycopg 3); DatabaseError says what is wrong
                      redact(url) -> str                              the URL without its password, for messages
    models.migrate    upgrade(url), downgrade(url, revision), check(url) -> list[str], current(engine), expected(); refuses while a load is active
                      require_current(engine)                         RevisionError (exit 5) unless the database is at this code's revision
    models.grants     grant(url, reader=..., loader=...) -> list[str]
    models.backup     backup(url, path), restore(url, path)
    models.lock       with hold_writer(engine, command="dateline run", wait=10.0) as writer: ...   DatabaseUnavailableError says who holds it
                      current_writer(engine) -> Holder | None
    models.inputs     Incoming(article_id, article_key, digest, article, day=None, signature=None, bands=(), raw_digest=None)
                      Extracted(article_id, extraction, report_ids)   report_ids: one per event, in order
                      Resolving(blocking_keys, neighbourhood, resolve, keys_version=""); Duplicates(similar)  similar(signature, signature) -> bool
                      EventType(name, description, plover, cameo); Quarantined(stage, code, message, source, item, payload); Check(...)
    models.planning   stale(engine, versions: dateline.records.Versions, limit=100, after="") -> tuple[Incoming, ...]; count_stale(engine, versions)
                      plan(engine, incoming, versions) -> Plan        new, revised, unchanged, stale, duplicates (ids); to_extract: tuple[Incoming, ...]
    models.load       with open_load(engine_or_writer, versions=, resolving=, duplicates=None, canonical_actor=None, event_types=(),
                          flow_run_id=None, command="dateline run", wait=10.0) as load:
                          load.add(incoming, extracted)               any number of times; an incoming article that plan() did not ask for needs no Extracted
                          load.quarantine(items); load.set_watermark(source, name, value)
                          load.forget(article_ids); load.forget_source(name); load.reresolve(event_ids); load.rekey(report_ids)
                          load.merge(event_id, event_id); load.split(event_id, report_ids)
                      load.result -> LoadResult(load_id, articles_new, ..., new_events, changed_events: ids)
                      Leaving the block resolves what was touched, writes the ledger row and commits; an exception rolls everything back and
                      closes the ledger row as failed.
                      rekey_stale(writer, Rules(versions, resolving, ...)) -> int: open_load does it first where resolving.keys_version is new
    models.rekey      count_stale_keys(engine, keys_version) -> int   reports filed by other rules of resolving
    models.watermarks get_watermark(engine, source, name) -> str | None
    models.quarantine list_quarantine(engine, ...), get_quarantine(engine, id), release(writer, ids)
    models.actors     list_actors(engine, ...), merge_actors(writer, absorbed, into), add_alias(writer, alias, named)   ids or exact names
    models.checks     write_checks(writer, checks, load_id=None), last_checks(engine, name=None), last_loads(engine, 7)
    models.reading    list_events(engine, EventFilter(...)), get_event(engine, id) -> EventDetail, get_article(engine, id)
    models.search     search(engine, query, limit=50) -> list[Hit]
    models.readonly   run_query(url, query, seconds=30, rows=10_000, reader_url=None) -> QueryResult(columns, rows, truncated)
    models.snapshot   snapshot(engine) -> dict[str, list[tuple]]      "the same rows" of docs/contract.md, for comparisons

The usual run (flows):

    with hold_writer(engine, command="dateline run") as writer:
        for batch in batches:                                         # list[Incoming]
            todo = plan(engine, batch, versions).to_extract           # new, revised, stale, and stored twins that take over
            done = [Extracted(i.article_id, extraction_of(i.article), report_ids_of(...)) for i in todo]
            with open_load(writer, versions=versions, resolving=resolving) as load:
                load.add(batch, done)

Exact duplicates share one extraction: that of the group's representative (earliest day, then smallest key), which alone carries reports; the
others are stored with `duplicate_of`. An Extracted whose extraction has an `error` goes to quarantine and leaves what was known before; one
with `skipped` is recorded without reports.
"""
