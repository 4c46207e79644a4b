"""Pictures: what they show and what they admit not to show; that they are drawn offline, hold nobody's script, and look alike."""

import importlib.util
import json
import re
import struct
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from datetime import date
from itertools import combinations

import pytest
from browser import needs_browser, seen
from example_news import ROOT, load_example
from sqlalchemy import text

from dateline.errors import ConfigurationError, UsageError
from flows.cli import run_command
from flows.export_rows import Selection
from flows.pictures import Picture, save_picture, type_scale
from flows.pictures_map import map_picture, place_map
from flows.pictures_network import layout, network, network_picture
from flows.pictures_timeline import counts_picture, lines_picture, timeline
from flows.pictures_world import land

drawn = pytest.mark.skipif(importlib.util.find_spec("vl_convert") is None, reason="the extra pictures is not installed")


@pytest.fixture
def news(engine, database_url):
    load_example(database_url)
    return engine


def column(picture, name):
    return [row[picture.columns.index(name)] for row in picture.rows]


def event(**changes):
    row = {"event_id": "e", "event_type": "meeting", "title": "Talks", "start_date": date(2024, 5, 14), "end_date": date(2024, 5, 14), "status": "occurred"}
    return row | {"date_precision": "day", "participants": "A; B", "place_name": None} | changes


# The timeline


def test_a_timeline_has_one_line_an_event_in_order(news):
    picture = timeline(news, Selection(participant="kask"), title="Kask")
    assert column(picture, "when") == ["2024-02-05", "2024-04-08", "since 2024-06-21"]
    assert column(picture, "type") == ["meeting"] * 3


def test_a_places_timeline(news):
    picture = timeline(news, Selection(place="lisbon"))
    assert column(picture, "when") == ["2024-06-01", "2024-07-21", "2024-07-21"]
    assert set(column(picture, "place")) == {"Lisbon"}


def test_what_is_not_known_to_the_day_is_a_band_without_a_mark():
    picture = lines_picture([event(start_date=date(2024, 7, 1), end_date=date(2024, 7, 31), date_precision="month")], "x")
    line = picture.spec["data"]["values"][0]
    assert (line["first"], line["after"], line["marked"]) == ("2024-07-01", "2024-08-01", False)
    assert column(picture, "when") == ["month: 2024-07-01 to 2024-07-31"]
    assert "known only to that period" in picture.notes[0]


def test_an_open_end_is_an_arrow_and_a_plan_a_white_mark():
    lines = lines_picture([event(end_date=None), event(status="planned"), event(status="denied")], "x").spec["data"]["values"]
    assert [line["open"] for line in lines] == [True, False, False]
    assert [line["happened"] for line in lines] == [True, False, False]


def test_undated_events_are_listed_last_without_a_mark():
    picture = lines_picture([event(start_date=None, end_date=None, date_precision="none"), event()], "x")
    assert column(picture, "when") == ["2024-05-14", "undated"]
    assert [(line["first"], line["marked"], line["open"]) for line in picture.spec["data"]["values"]] == [("2024-05-14", True, False), (None, False, False)]
    assert picture.notes == ("1 undated, listed last.",)


def test_events_of_the_same_title_keep_their_own_lines():
    labels = [line["label"] for line in lines_picture([event(), event()], "x").spec["data"]["values"]]
    assert len(set(labels)) == 2


def test_many_events_become_counts_that_add_up():
    counted = [("meeting", "occurred", "day", date(2024, 5, day), 2) for day in range(1, 29)]
    counted += [
        ("meeting", "planned", "day", date(2024, 5, 3), 5),
        ("meeting", "occurred", "month", date(2024, 5, 1), 7),
        ("statement", "occurred", "none", None, 4),
    ]
    picture = counts_picture(counted, "x")
    assert sum(column(picture, "events")) == 28 * 2 + 5
    assert picture.notes[0] == "By day of the first day: 61 meetings."
    assert "4 without a first day, not drawn." in picture.notes
    assert "7 known less well than to the day, not drawn." in picture.notes
    third = [row for row in picture.spec["data"]["values"] if row["first"] == "2024-05-03"]
    assert [(row["low"], row["high"], row["strength"]) for row in third] == [(0, 2, 1), (2, 7, 0.35)], "plans stand on what took place"


@pytest.mark.parametrize(
    ("last", "unit", "first_bin"),
    [
        (date(2024, 2, 20), "day", "2024-01-10"),
        (date(2024, 12, 31), "week", "2024-01-08"),
        (date(2030, 1, 1), "month", "2024-01-01"),
        (date(2099, 1, 1), "year", "2024-01-01"),
    ],
)
def test_bins_suit_the_period(last, unit, first_bin):
    picture = counts_picture([("meeting", "occurred", "day", day, 1) for day in (date(2024, 1, 10), last)], "x")
    assert picture.notes[0].startswith(f"By {unit} ")
    assert column(picture, "first")[0] == first_bin


def test_a_database_of_many_events_is_counted_by_the_database(news, monkeypatch):
    monkeypatch.setattr("flows.pictures_timeline.MOST_LINES", 5)
    picture = timeline(news, Selection(statuses=("occurred",)))
    assert picture.notes[0] == "By week of the first day: 1 summit, 6 meetings, 3 agreements, 5 statements."


# The map


def test_a_map_has_one_circle_a_place_and_counts_the_rest(news):
    picture = place_map(news, Selection())
    circles = dict(zip(column(picture, "place"), column(picture, "events"), strict=True))
    assert circles == {"Lisbon": 3, "Nairobi": 3, "Helsinki": 2, "Tallinn": 2, "Brasilia": 1, "Ottawa": 1, "Seoul": 1, "Wellington": 1}
    assert picture.notes == ("14 events at 8 places; the area of a circle is the number of events.", "Not drawn: 7 without a place.")
    assert picture.spec["projection"]["type"] == "equalEarth"


def test_places_near_one_another_get_a_map_of_their_part_of_the_world(news):
    frame = place_map(news, Selection(participant="kask")).spec["projection"]
    assert frame["type"] == "mercator"
    assert frame["center"][0] == pytest.approx((24.754 + 24.938) / 2)


def test_a_place_known_only_to_its_country_is_not_put_in_its_middle():
    picture = map_picture([(None, "KE", None, None, "meeting", 2), (None, None, None, None, "meeting", 1)], "x")
    assert picture.rows == ()
    assert picture.notes[1] == "Not drawn: 2 known only to the country, 1 without a place."


def test_labels_do_not_cover_one_another(news):
    sides = {row["label"]: row["align"] for row in place_map(news, Selection()).spec["layer"][1]["data"]["values"] if row["label"]}
    assert (sides["Helsinki 2"], sides["Tallinn 2"]) == ("left", "right"), "80 km apart: one to the right of its circle, the other to the left"
    crowded = [(f"Town {n}", "FI", 60.0 + n / 100, 25.0, "meeting", 3) for n in range(8)] + [("Far", "AU", -30.0, 140.0, "meeting", 1)]
    labels = [row["label"] for row in map_picture(crowded, "x").spec["layer"][1]["data"]["values"]]
    assert 1 <= sum(label.startswith("Town") for label in labels) <= 2


def test_the_worlds_outline_is_whole():
    rings = [ring for polygon in land()["geometry"]["coordinates"] for ring in polygon]
    assert len(rings) > 100
    assert all(ring[0] == ring[-1] and len(ring) > 3 for ring in rings)
    assert all(-180 <= x <= 180 and -60 < max(y for _, y in ring) <= 90 for ring in rings for x, _ in ring)


# The network


def test_a_network_counts_shared_events(news):
    picture = network(news, Selection(statuses=("occurred",)))
    pairs = {(a, b): count for a, b, count in picture.rows}
    assert pairs["Aino Virtanen", "Mart Kask"] == 2
    assert pairs["African Union", "Kenya"] == 2
    assert ("Clara Nogueira", "Peter Lavoie") not in pairs, "that meeting was denied"
    sizes = {point["name"]: point["events"] for point in picture.spec["layer"][1]["data"]["values"]}
    assert sizes["Clara Nogueira"] == 3, "two meetings and a statement"


def test_a_network_keeps_the_strongest_pairs():
    from flows.pictures_network import _strongest

    assert _strongest([("a", "b", 9), ("c", "d", 5), ("a", "c", 4), ("d", "e", 1)], 4) == [("a", "b", 9), ("c", "d", 5), ("a", "c", 4)]


def test_the_layout_is_the_same_each_time_and_keeps_labels_apart():
    names = [f"Actor number {n}" for n in range(24)]
    edges = [(names[n], names[(n * 7 + 1) % 24], n % 3 + 1) for n in range(24) if n != (n * 7 + 1) % 24]
    places = layout(names, names, edges)
    assert layout(names, names, edges) == places
    wide = 28 + 6.8 * len(names[0])
    covered = [(a, b) for a, b in combinations(places.values(), 2) if abs(a[1] - b[1]) < 12 and abs(a[0] - b[0]) < wide * 0.9]
    assert len(covered) <= 1


def test_nobody_with_anybody_is_said():
    assert network_picture([], [], "x").notes[0].startswith("No two actors share an event")


# How they look


def test_a_type_looks_the_same_in_every_picture():
    types, colours, shapes = type_scale(["statement", "earthquake", "summit", "statement"])
    assert types == ["summit", "statement", "earthquake"]
    assert colours[:2] == ["#0072b2", "#cc79a7"]
    assert len(set(colours)) == len(set(shapes)) == 3


def test_colours_can_be_told_apart_by_colour_blind_readers_and_in_print():
    """Vienot, Brettel and Mollon (1999) for protan and deutan vision; the least distance of two types in each, and with no colour at all by shape."""
    _, colours, shapes = type_scale(["summit", "meeting", "agreement", "statement"])
    for vision in (as_is, protan, deutan):
        for one, other in combinations(colours, 2):
            assert sum((a - b) ** 2 for a, b in zip(vision(one), vision(other), strict=True)) ** 0.5 > 0.12, (vision.__name__, one, other)
    assert len(set(shapes)) == 4


def as_is(colour):
    return [((int(colour[i : i + 2], 16) / 255) ** 2.2) for i in (1, 3, 5)]


def protan(colour):
    red, green, blue = as_is(colour)
    return [0.11238 * red + 0.88762 * green, 0.11238 * red + 0.88762 * green, 0.00401 * red - 0.00401 * green + blue]


def deutan(colour):
    red, green, blue = as_is(colour)
    return [0.29275 * red + 0.70725 * green, 0.29275 * red + 0.70725 * green, -0.02234 * red + 0.02234 * green + blue]


# Files


@drawn
@pytest.mark.parametrize("draw", [timeline, place_map, network])
@pytest.mark.parametrize("selection", [Selection(), Selection(types=("earthquake",))], ids=["all", "none"])
def test_every_picture_is_drawn_as_png_and_svg(sqlite_news, tmp_path, draw, selection):
    picture = draw(sqlite_news, selection, title="Talks & <talks>")
    save_picture(picture, str(tmp_path / "x.png"))
    content = (tmp_path / "x.png").read_bytes()
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", content[16:24])
    assert width > 300
    assert height > 60
    save_picture(picture, str(tmp_path / "x.svg"))
    words = " ".join(ElementTree.parse(tmp_path / "x.svg").getroot().itertext())
    assert "Talks & <talks>" in words
    if selection == Selection() and draw is timeline:
        assert "Meeting of Aino Virtanen and Mart Kask in Tallinn" in words


@pytest.fixture
def sqlite_news(sqlite_url):
    from models.engine import open_engine

    load_example(sqlite_url)
    engine = open_engine(sqlite_url)
    yield engine
    engine.dispose()


@drawn
def test_the_page_loads_nothing_and_runs_nobodys_script(sqlite_news, tmp_path):
    with sqlite_news.begin() as connection:
        connection.execute(text("UPDATE event SET title = :title"), {"title": "</script><script>alert(1)</script><!--\u202e"})
    save_picture(timeline(sqlite_news, Selection(limit=3)), str(tmp_path / "x.html"))
    page = (tmp_path / "x.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert page.count("<script") == page.count("</script") == 1
    around = re.sub(r"(?s)<script.*</script>", "", page)
    assert not re.search(r"<(?:script|link|img|iframe)|(?:src|href)=|url\(", around)
    assert "default-src 'none'" in page
    assert "&lt;script&gt;alert(1)" in page, "the table for those who cannot see the picture has the title as text"
    spec = json.loads(re.search(r"^const spec = (.*);$", page, re.M).group(1))
    assert spec["data"]["values"][0]["event"].startswith("</script>")


@drawn
def test_a_drawing_that_fails_leaves_the_old_file(tmp_path):
    (tmp_path / "x.png").write_text("old")
    with pytest.raises(ValueError, match=r"\w"):
        save_picture(Picture({"mark": "no such mark"}, "x", rows=((1,),)), str(tmp_path / "x.png"))
    assert (tmp_path / "x.png").read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]


def test_without_the_extra_the_error_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vl_convert", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'dateline-events\[pictures\]'"):
        save_picture(Picture({}, "x"), str(tmp_path / "x.png"))


def test_a_name_that_says_no_format_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match=r"\.png, \.svg, \.html"):
        save_picture(Picture({}, "x"), str(tmp_path / "x.pdf"))
    assert run_command(["map", "-o", str(tmp_path / "x.jpg")]) == 2


@drawn
def test_the_commands_draw_without_a_network(sqlite_url, tmp_path):
    """Names that need a network fail at once here: there is no proxy at port 9, and the page is drawn by a program that was told to use it."""
    load_example(sqlite_url)
    environment = {
        "DATELINE_DATABASE_URL": sqlite_url,
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": str(ROOT),
        "HTTPS_PROXY": "http://127.0.0.1:9",
        "HTTP_PROXY": "http://127.0.0.1:9",
    }
    for command in (["timeline", "--participant", "Kask", "-o", "a.png"], ["map", "--type", "meeting", "-o", "b.svg"], ["network", "-o", "c.html"]):
        run = [sys.executable, "-c", "from flows.cli import main; main()", *command]
        done = subprocess.run(run, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stderr.startswith(f"Drew {command[-1]}.")
        assert (tmp_path / command[-1]).stat().st_size > 2000


@drawn
@needs_browser
def test_a_browser_without_a_network_draws_the_page(sqlite_news, tmp_path):
    with sqlite_news.begin() as connection:
        connection.execute(text("UPDATE event SET title = '<img src=x onerror=alert(1)>' WHERE event_type = 'summit'"))
    for draw, words in ((timeline, "Meeting of Aino Virtanen and Mart Kask in Tallinn"), (place_map, "Nairobi 3"), (network, "Clara Nogueira")):
        save_picture(draw(sqlite_news, Selection(), title="Talks"), str(tmp_path / "x.html"))
        page = seen((tmp_path / "x.html").as_uri(), tmp_path / "profile")
        drawn_part = page[page.index('id="picture"') : page.index("<details")]
        assert "<svg" in drawn_part
        assert words in drawn_part
        assert "<img" not in page[page.index("<body") : page.index("<script")]


def test_a_closed_window_is_not_squeezed_by_what_reaches_out_of_it():
    row = {"event_type": "meeting", "title": "t", "status": "occurred", "participants": "", "place_name": None}
    year = {**row, "start_date": date(2022, 1, 1), "end_date": date(2022, 12, 31), "date_precision": "year"}
    day = {**row, "start_date": date(2022, 3, 2), "end_date": date(2022, 3, 2), "date_precision": "day"}
    drawn = lines_picture([year, day], "x", (date(2022, 3, 1), date(2022, 3, 12))).spec["data"]["values"]
    assert [(line["first"], line["after"]) for line in drawn] == [("2022-03-01", "2022-03-13"), ("2022-03-02", "2022-03-03")]
    assert lines_picture([year, day], "x").spec["data"]["values"][0]["first"] == "2022-01-01"
