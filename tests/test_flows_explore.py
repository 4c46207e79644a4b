"""`dateline explore`: the real Datasette server asked over HTTP, and what it refuses."""

import json
import re
import socket
import threading
import time
from urllib.parse import urlencode

import httpx
import pytest
from browser import needs_browser, seen
from example_news import ROOT, load_example, tool
from sqlalchemy import text

from dateline.errors import ConfigurationError, UsageError
from models.engine import open_engine

datasette = pytest.importorskip("datasette", reason="the extra explore is not installed")
import uvicorn  # noqa: E402 - comes with datasette

from flows.explore import build_server, ready_queries  # noqa: E402

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def path(tmp_path_factory, sqlite_template):
    from shutil import copy

    path = tmp_path_factory.mktemp("explore") / "example.db"
    copy(sqlite_template, path)
    load_example(f"sqlite:///{path}")
    with open_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("UPDATE event_participation SET actor_name = :name WHERE actor_name = 'Rui Teixeira'"), {"name": HOSTILE})
    return path


@pytest.fixture(scope="module")
def site(path):
    """The server on a free port of this machine, in a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(build_server(f"sqlite:///{path}").app(), host="127.0.0.1", port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as client:
        yield client
    server.should_exit = True
    thread.join(10)


def rows(site, view, **filters):
    return site.get(f"/example/{view}.json", params={"_shape": "array", **filters}).json()


def test_the_views_are_shown_and_the_tables_are_not(site):
    page = site.get("/example").text
    shown = set(re.findall(r'href="/example/(\w+)"', page))
    assert {"v_events", "v_participants", "v_reports", "v_articles", "v_timeline", "v_dyads"} <= shown
    listed = {table["name"]: table["hidden"] for table in site.get("/example.json").json()["tables"]}
    assert listed
    assert all(listed.values())


def test_a_view_has_facets_and_says_what_its_columns_mean(site):
    page = site.get("/example/v_events").text
    assert "One row an event: what reports agree on" in page
    assert "First day. NULL: unknown." in page
    assert 'href="/-/dateline.css"' in page
    assert "column-descriptions" in site.get("/-/dateline.css").text
    facets = site.get("/example/v_events.json").json()["facet_results"]
    assert {result["value"]: result["count"] for result in facets["event_type"]["results"]} == {"meeting": 9, "statement": 6, "agreement": 5, "summit": 1}


def test_an_event_leads_to_its_articles_with_the_words_marked(site):
    event = rows(site, "v_events", event_type="summit")[0]["event_id"]
    assert f'<a href="/-/event/{event}">{event}</a>' in site.get("/example/v_events").text
    page = site.get(f"/-/event/{event}")
    assert page.status_code == 200
    assert page.text.count("<section>") == 3, "three articles report it"
    assert re.search(r'<span class="[^"]*trigger[^"]*"[^>]*><a [^>]*>Summit</a></span>', page.text)


def test_an_article_is_shown_with_all_its_events(site):
    report = rows(site, "v_reports", source="North Wire")[0]
    assert f'href="/-/article/{report["article_id"]}"' in site.get("/example/v_reports", params={"source": "North Wire"}).text
    page = site.get(f"/-/article/{report['article_id']}").text
    assert report["article_title"] in page
    assert "trigger" in page


def test_unknown_ids_are_404(site):
    assert site.get("/-/event/none").status_code == 404
    assert site.get("/-/article/none").status_code == 404


def test_names_lead_to_all_that_an_actor_did_and_cannot_inject(site):
    page = site.get("/example/v_participants", params={"_size": "max"}).text
    assert "actor_name__exact=Mart%20Kask" in page
    assert HOSTILE not in page
    assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("name", list(ready_queries()))
def test_every_ready_query_answers(site, name):
    known = {
        "actor": "Clara Nogueira",
        "day": "2024-05-16",
        "today": "2024-06-25",
        "place": "Nairobi",
        "words": "great lakes health summit",
        "year": "2024",
        "from": "2024-04-20",
        "to": "2024-05-20",
    }
    asked = {each: known[each] for each in ready_queries()[name].get("params", [])}
    answer = site.get(f"/example/{name}.json", params={"_shape": "objects", **asked}).json()
    assert answer["ok"], answer
    assert answer["rows"]
    assert site.get(f"/example/{name}", params=asked).status_code == 200


def test_the_ready_queries_are_those_of_the_documentation():
    fill_queries = tool("fill_queries")
    asked = fill_queries.questions((ROOT / "docs" / "queries.md").read_text(encoding="utf-8"))
    assert json.loads(fill_queries.READY.read_text(encoding="utf-8")) == fill_queries.ready(asked)


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM event", "UPDATE event SET title = 'x'", "DROP VIEW v_events", "INSERT INTO source (name) VALUES ('x')", "PRAGMA journal_mode = DELETE",
     "ATTACH DATABASE '/tmp/x.db' AS x", "SELECT load_extension('x')", "SELECT 1; DELETE FROM event", "VACUUM"],
)  # fmt: skip
def test_nothing_can_be_written(site, path, statement):
    before = path.read_bytes()
    answer = site.get(f"/example.json?{urlencode({'sql': statement, '_shape': 'array'})}")
    assert answer.status_code >= 400 or not answer.json()
    assert answer.status_code >= 400
    assert path.read_bytes() == before


def test_posting_and_downloading_are_refused(site, path):
    assert site.post("/example/v_events", data={"title": "x"}).status_code >= 400
    assert site.get("/example.db").status_code >= 400


def test_an_endless_query_ends(site):
    begun = time.monotonic()
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT MAX(x) FROM n"
    assert site.get("/example.json", params={"sql": endless}).status_code >= 400
    assert time.monotonic() - begun < 15


def test_nothing_is_loaded_from_elsewhere(site):
    for address in ("/", "/example", "/example/v_events", "/example/v_dyads"):
        page = site.get(address).text.replace(str(site.base_url), "")
        assert not re.findall(r'<(?:script|link|img)[^>]+"(?:https?:)?//', page)


def test_a_text_that_is_not_kept_leaves_its_sentences(site, path):
    article = rows(site, "v_articles", title="Seoul looks to Ottawa")[0]["article_id"]
    with open_engine(f"sqlite:///{path}").begin() as connection:
        kept = connection.execute(text("SELECT text FROM article WHERE article_id = :id"), {"id": article}).scalar_one()
        connection.execute(text("UPDATE article SET text = NULL WHERE article_id = :id"), {"id": article})
    page = site.get(f"/-/article/{article}").text
    with open_engine(f"sqlite:///{path}").begin() as connection:
        connection.execute(text("UPDATE article SET text = :text WHERE article_id = :id"), {"id": article, "text": kept})
    assert "met Canada&#x27;s Peter Lavoie in Seoul on June 18." in page
    assert "<section>" not in page


def test_postgres_is_told_where_to_look(postgres_url):
    with pytest.raises(UsageError, match=r"docs/postgres\.md"):
        build_server(postgres_url)


def test_without_the_extra_the_error_says_what_to_install(monkeypatch, tmp_path):
    import sys

    monkeypatch.setitem(sys.modules, "datasette.app", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'dateline-events\[explore\]'"):
        build_server(f"sqlite:///{tmp_path / 'x.db'}")


@needs_browser
def test_a_browser_finds_its_way_from_the_start_to_the_words(site, tmp_path):
    """Start page, database, view, event, each by the link that the page before shows."""
    address = str(site.base_url)
    for link in (r'href="(/example)"', r'href="(/example/v_events)"', r'href="(/-/event/[^"]+)"'):
        page = seen(address, tmp_path / "profile")
        found = re.search(link, page)
        assert found, (link, page[:500])
        address = str(site.base_url.join(found.group(1)))
    page = seen(address, tmp_path / "profile")
    assert re.search(r'<span class="[^"]*trigger', page)
    assert "A trigger leads to its event below" in page
