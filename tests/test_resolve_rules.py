from __future__ import annotations

from datetime import date

import pytest

from dateline.records import Event, Evidence, Participant, Place, Report, ReportKey
from dateline.resolve import explain, explain_pair, resolve
from dateline.resolve.actors import COMPATRIOT, DIFFERENT, OWN_STATE, SAME, SPEAKS_FOR, UNKNOWN, make_actor, relation
from dateline.resolve.identities import assign_ids, event_id_of
from dateline.resolve.passages import likeness, make_passage, opposed, shared_quotation, updated
from dateline.resolve.text import CueRule, lexicon, words
from dateline.resolve.titles import format_days
from dateline.resources import resources_for

RULES = resources_for().rules("resolve_lexicon.jsonl", CueRule)
NOTHING: frozenset[str] = frozenset()


def says(number: int, quote: str, *, speaker: tuple[str, str | None, str | None] = ("Ana Ruiz", "person", "ES"), **fields: object) -> Report:
    return report(number, "statement", [(speaker[0], "speaker", speaker[1], speaker[2])], quote, **fields)


def report(
    number: int,
    kind: str,
    people: list[tuple[str, str, str | None, str | None]],
    quote: str,
    *,
    day: date | None = date(2024, 3, 1),
    end: date | None = None,
    basis: str = "explicit",
    precision: str = "day",
    status: str = "occurred",
    place: Place | None = None,
    published: date | None = date(2024, 3, 2),
    source: str | None = None,
    group: str | None = None,
    trigger: str = "said",
) -> Report:
    event = Event(
        type=kind,
        start=day,
        end=end or day,
        precision=precision if day else "none",
        basis=basis if day else "none",
        status=status,
        participants=tuple(Participant(*p) for p in people),
        evidence=(Evidence(0, len(trigger), trigger, (0, len(quote)), quote),),
        place=place,
        confidence=0.8,
    )
    return Report(f"r{number}", ReportKey(f"doc{number}", 0), event, source or f"paper{number}", published, None, group)


def joined(*reports: Report) -> list[list[str]]:
    return sorted(sorted(r.report_id for r in e.reports) for e in resolve(reports).events)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: r.id)
def test_lexicon_rule_matches_its_example_alone(rule: CueRule) -> None:
    known = lexicon()

    def concepts(entries: tuple[str, ...]) -> set[str]:
        return {f"={rule.id}"} if rule.kind == "same" else {known.concepts(words(e))[0] for e in entries}

    marks = concepts((*rule.words, *rule.others))
    assert marks & set(known.read(rule.example)), rule.example
    assert not marks & set(known.read(rule.counter_example)), rule.counter_example


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (("Fumio Kishida", "person", "JP"), ("Kishida", "person", "JP"), SAME),
        (("Yoon Suk-Yeol", "person", "KR"), ("Yoon Suk Yeol", "person", "KR"), SAME),
        (("Volodymyr Zelensky", "person", "UA"), ("Volodymyr Zelenskyy", "person", "UA"), SAME),
        (("Xi Jinping", "person", "CN"), ("Mr Xi", "person", "CN"), SAME),
        (("Bill Clinton", "person", "US"), ("Hillary Clinton", "person", "US"), DIFFERENT),
        (("Dmitri Volkov", "person", "RU"), ("Georgi Volkov", "person", "BG"), DIFFERENT),
        (("Volkov", "person", "RU"), ("Volkov", "person", "BG"), SAME),  # equal names stay one even if a country was misread
        (("NATO", "organisation", None), ("North Atlantic Treaty Organization", "organisation", None), SAME),
        (("foreign ministry in Berlin", "organisation", "DE"), ("German foreign ministry", "organisation", "DE"), SAME),
        (("Russian defence ministry", "organisation", "RU"), ("Russian foreign ministry", "organisation", "RU"), DIFFERENT),
        (("Russia", "state", "RU"), ("Moscow", "state", "RU"), SAME),
        (("Russia", "state", "RU"), ("Sergei Lavrov", "person", "RU"), OWN_STATE),
        (("Russia", "state", "RU"), ("Bulgaria", "state", "BG"), DIFFERENT),
        (("Brazilian government", "organisation", "BR"), ("Brazil", "state", "BR"), OWN_STATE),
        (("Ana Ruiz", "person", "ES"), ("Spanish navy", "organisation", "ES"), COMPATRIOT),
        (("the Harbour Board", None, None), ("Ana Ruiz", "person", "ES"), UNKNOWN),
        (("Syria", "state", "SY"), ("rebels", "group", "SY"), DIFFERENT),
        (("armed opposition groups", "group", "SY"), ("rebels", "group", "SY"), SAME),
        (("Dock Workers' Union", "organisation", "PT"), ("Portugal", "state", "PT"), DIFFERENT),
    ],
)
def test_relation(one: tuple[str, str, str], other: tuple[str, str, str], expected: str) -> None:
    a, b = (make_actor(Participant(name, "speaker", kind, country), (), lexicon()) for name, kind, country in (one, other))
    assert relation(a, b, lexicon()) == relation(b, a, lexicon()) == expected


def test_a_post_beside_the_name_ties_person_and_organisation() -> None:
    sentence = "Lucia Ferro, spokeswoman for the coast guard, said the search went on."
    person = make_actor(Participant("Lucia Ferro", "speaker", "person", "IT"), (sentence,), lexicon())
    guard, navy = (make_actor(Participant(n, "speaker", "organisation", "IT"), (), lexicon()) for n in ("Italian coast guard", "Italian navy"))
    assert relation(person, guard, lexicon()) == SPEAKS_FOR
    assert relation(person, navy, lexicon()) == DIFFERENT


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("At least 12 people died.", "Nineteen people are now known to have died.", True),
        ("Twelve sailors died.", "12 sailors were killed.", False),
        ("Nearly 100 were wounded.", "97 people were wounded.", False),
        ("Two ministers resigned and 40 soldiers were wounded.", "Two ministers resigned.", False),
        ("It answered the strike that killed 30 civilians.", "It was revenge for a strike which killed 32 civilians.", False),
        ("Twenty-three envoys must leave.", "23 envoys must leave.", False),
        ("They met on 3 March.", "They met on 4 March.", False),
        ("Prices rose 4 percent.", "Prices rose 6 percent.", True),
    ],
)
def test_differing_counts_are_an_update(one: str, other: str, expected: bool) -> None:
    a, b = (make_passage(t, lexicon(), ignored=NOTHING) for t in (one, other))
    assert updated(a, b) is updated(b, a) is expected


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("She accepted the plan for the canal.", "She rejected the plan for the canal.", True),
        ("She welcomed the plan for the canal.", "She supports the canal plan.", False),
        ("The union accepted the offer.", "The cook rejected the soup.", False),
    ],
)
def test_direction(one: str, other: str, expected: bool) -> None:
    a, b = (make_passage(t, lexicon(), ignored=NOTHING) for t in (one, other))
    assert opposed(a, b, lexicon()) is opposed(b, a, lexicon()) is expected


def test_quotation_is_found_where_the_other_does_not_quote() -> None:
    quoted = make_passage('"Our mills will not be buried under cheap coils," he wrote.', lexicon(), ignored=NOTHING)
    plain = make_passage("He wrote that mills would be buried under cheap coils.", lexicon(), ignored=NOTHING)
    other = make_passage("He wrote about the weather.", lexicon(), ignored=NOTHING)
    assert shared_quotation(quoted, plain, lexicon(), NOTHING) > 1
    assert shared_quotation(quoted, other, lexicon(), NOTHING) == 0
    assert likeness(quoted, plain, lexicon(), NOTHING) > 0.5


def test_speaker_and_day_alone_do_not_join() -> None:
    one = says(1, "Ruiz said the harbour of Vigo would be dredged.")
    other = says(2, "Ruiz said pensions were safe from inflation.")
    assert joined(one, other) == [["r1"], ["r2"]]


def test_the_same_quotation_joins_across_days_of_publication() -> None:
    one = says(1, '"The harbour will be dredged before the storms return," Ruiz said.', basis="explicit")
    late = says(2, 'Ruiz has promised that "the harbour will be dredged before the storms return".', day=date(2024, 3, 5), basis="published")
    much_later = says(3, 'Ruiz has promised that "the harbour will be dredged before the storms return".', day=date(2024, 4, 5), basis="published")
    assert joined(one, late, much_later) == [["r1", "r2"], ["r3"]]


@pytest.mark.parametrize("name", ["Владимир Иванов", "李明", "—", ""], ids=["Cyrillic", "Chinese", "punctuation", "empty"])
@pytest.mark.parametrize("kind", ["person", "organisation", "state", "office", None])
def test_a_name_without_latin_letters_is_a_name(name: str, kind: str | None) -> None:
    """Its words were none, and looking for the last of them ended the whole load."""
    said = '"The harbour will be dredged before the storms return," the minister said.'
    assert joined(says(1, said, speaker=(name, kind, None)), says(2, said, speaker=(name, kind, None))) == [["r1", "r2"]]
    for event_type in ("meeting", "summit", "agreement"):
        people = [(name, "party", kind, None), ("Morocco", "party", "state", "MA")]
        assert len(resolve([report(n, event_type, people, "They met in Rabat.") for n in (1, 2)]).events) <= 2


SIDES = [("Spain", "party", "state", "ES"), ("Morocco", "party", "state", "MA")]
RABAT, MADRID = Place("Rabat", country="MA"), Place("Madrid", country="ES")


def test_two_meetings_of_one_month_and_country_stay_two() -> None:
    one = report(1, "meeting", SIDES, "Spain and Morocco held talks in Rabat.", place=RABAT)
    other = report(2, "meeting", SIDES, "Spain and Morocco held talks in Rabat.", day=date(2024, 3, 20), place=RABAT)
    month = report(3, "meeting", SIDES, "Spain and Morocco held talks in March.", end=date(2024, 3, 31), precision="month")
    assert joined(one, other, month) == [["r1"], ["r2"], ["r3"]]


def test_an_undated_report_joins_the_only_event_it_fits() -> None:
    one = report(1, "meeting", SIDES, "Spain and Morocco held talks on fishing in Rabat.", place=RABAT)
    undated = report(2, "meeting", SIDES, "The talks on fishing between Spain and Morocco in Rabat.", day=None, place=RABAT)
    other = report(3, "meeting", SIDES, "Spain and Morocco held talks on fishing in Rabat.", day=date(2024, 5, 9), place=RABAT)
    assert joined(one, undated) == [["r1", "r2"]]
    assert joined(one, undated, other) == [["r1"], ["r2"], ["r3"]]


def test_delegations_of_other_rank_meet_apart() -> None:
    leaders = [("Ana Ruiz", "party", "person", "ES"), ("Omar Alaoui", "party", "person", "MA")]
    ministers = [("Luis Vega", "party", "person", "ES"), ("Samir Tazi", "party", "person", "MA")]
    one = report(1, "meeting", leaders, "Ruiz met Alaoui in Rabat.", place=RABAT)
    other = report(2, "meeting", ministers, "Vega met Tazi in Rabat.", place=RABAT)
    assert joined(one, other) == [["r1"], ["r2"]]


def test_a_call_is_no_visit() -> None:
    people = [("Ana Ruiz", "party", "person", "ES"), ("Omar Alaoui", "party", "person", "MA")]
    call = report(1, "meeting", people, "Ruiz and Alaoui spoke by telephone.")
    visit = report(2, "meeting", people, "Ruiz visited Alaoui.")
    assert joined(call, visit) == [["r1"], ["r2"]]


def gathering(number: int, kind: str, names: list[tuple[str, str, str | None]], quote: str, **fields: object) -> Report:
    return report(number, kind, [(name, "party", k, c) for name, k, c in names], quote, **fields)


RUIZ, BERG, FERRO = ("Ana Ruiz", "person", "ES"), ("Jan Berg", "person", "NO"), ("Lucia Ferro", "person", "IT")
MALTA = Place("Valletta", country="MT")


def test_a_summit_that_another_article_calls_talks_is_one_event() -> None:
    summit = gathering(1, "summit", [RUIZ, BERG], "Ruiz and Berg held a summit in Valletta on Friday.", place=MALTA)
    talks = gathering(2, "meeting", [BERG, RUIZ], "Berg met Ruiz in Valletta on Friday.", place=MALTA)
    assert joined(summit, talks) == [["r1", "r2"]]
    assert resolve([summit, talks]).events[0].event.type == "summit"


def test_a_meeting_beside_a_summit_stays_its_own() -> None:
    people = [RUIZ, BERG, FERRO]
    summit = gathering(1, "summit", people, "Leaders came to Valletta for the Harbour League summit.", place=MALTA)
    beside = gathering(2, "meeting", [RUIZ, BERG], "Ruiz met Berg on the sidelines of the Harbour League summit.", place=MALTA)
    named = gathering(3, "meeting", people, "Ruiz, Berg and Ferro talked before the Harbour League summit.", place=MALTA)
    assert joined(summit, beside) == [["r1"], ["r2"]]
    assert joined(summit, named) == [["r1"], ["r3"]]


def test_a_government_and_its_rebels_are_two_sides() -> None:
    sides = [("Syria", "state", "SY"), ("rebels", "group", "SY")]
    others = [("Syrian government", "state", "SY"), ("opposition groups", "group", "SY")]
    one = gathering(1, "agreement", sides, "The government and rebels agreed on a truce on Friday.")
    two = gathering(2, "agreement", others, "A truce was agreed by the government and opposition groups.")
    assert joined(one, two) == [["r1", "r2"]]


def test_two_people_who_meet_on_one_day_and_speak_on_the_next_did_so_twice() -> None:
    one = gathering(1, "meeting", [RUIZ, BERG], "Ruiz received Berg in Valletta on Friday.", place=MALTA)
    two = gathering(2, "meeting", [RUIZ, BERG], "Ruiz and Berg spoke again yesterday.", day=date(2024, 3, 2), basis="relative")
    assert joined(one, two) == [["r1"], ["r2"]]


def test_planned_then_occurred_is_one_event_with_its_history() -> None:
    nato = [("NATO", "party", "organisation", None)]
    days = {"day": date(2024, 3, 9), "end": date(2024, 3, 10), "precision": "range", "place": MADRID}
    plan = report(1, "summit", nato, "NATO will hold a summit in Madrid.", status="planned", published=date(2024, 2, 1), trigger="summit", **days)
    held = report(2, "summit", nato, "The NATO summit in Madrid ended.", published=date(2024, 3, 11), trigger="summit", **days)
    (event,) = resolve([plan, held]).events
    assert event.event.status == "occurred"
    assert event.history == (("2024-02-01", "planned"), ("2024-03-11", "occurred"))
    assert event.event.title == "NATO summit in Madrid, 9-10 March 2024"
    assert event.article_count == 2


def test_a_later_cancellation_wins() -> None:
    people = [("Ana Ruiz", "party", "person", "ES"), ("Omar Alaoui", "party", "person", "MA")]
    plan = report(1, "meeting", people, "Ruiz will visit Alaoui in Rabat.", status="planned", place=RABAT, published=date(2024, 2, 20), trigger="visit")
    off = report(2, "meeting", people, "The visit of Ruiz to Alaoui in Rabat was called off.", status="cancelled", place=RABAT, published=date(2024, 2, 28))
    (event,) = resolve([plan, off]).events
    assert event.event.status == "cancelled"
    assert event.event.title is not None
    assert event.event.title.endswith("1 March 2024 (cancelled)")


def test_explicit_dates_outvote_the_day_of_publication() -> None:
    texts = "Ruiz said the harbour of Vigo would be dredged before winter."
    reports = [
        says(1, texts, day=date(2024, 3, 2), basis="published"),
        says(2, texts, day=date(2024, 3, 2), basis="published"),
        says(3, texts, day=date(2024, 3, 1), basis="explicit"),
    ]
    (event,) = resolve(reports).events
    assert (event.event.start, event.event.basis) == (date(2024, 3, 1), "explicit")


def test_near_duplicates_count_once() -> None:
    text = "Ruiz said the harbour of Vigo would be dredged before winter."
    one = says(1, text, group="wire")
    copies = [says(n, text, group="wire") for n in (2, 3)]
    (alone,) = resolve([one]).events
    (copied,) = resolve([one, *copies]).events
    assert copied.article_count == 1
    assert copied.event.confidence == alone.event.confidence
    (second,) = resolve([one, *copies, says(4, text)]).events
    assert second.article_count == 2
    assert second.event.confidence > alone.event.confidence


def test_ids_are_kept_and_absorbed_ones_redirect() -> None:
    born, none = assign_ids([("a", "b"), ("c",)], {})
    assert born == {("a", "b"): event_id_of("a"), ("c",): event_id_of("c")}
    assert none == ()
    merged, redirects = assign_ids([("a", "b", "c")], {"a": "E1", "b": "E1", "c": "E2"})
    assert merged == {("a", "b", "c"): "E1"}
    assert redirects == (("E2", "E1"),)
    split, gone = assign_ids([("a",), ("b", "c")], {"a": event_id_of("a"), "b": event_id_of("a"), "c": event_id_of("a")})
    assert split[("b", "c")] == event_id_of("a")
    assert split[("a",)] == event_id_of("a", 1)
    assert gone == ()


def test_explain_says_why() -> None:
    text = '"The harbour will be dredged before the storms return," Ruiz said.'
    one, other = says(1, text), says(2, text)
    (event,) = resolve([one, other]).events
    lines = explain(event)
    assert lines[0].endswith("2 reports, 2 articles, 2 independent sources, confidence 0.90")
    assert "same quotation" in lines[1]
    assert "speaker: same" in lines[1]
    assert explain_pair(one, says(3, "Ruiz said 3 ships sank.", speaker=("Luis Vega", "person", "ES"))) == ["not one event: different speakers"]


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        (date(2023, 7, 11), date(2023, 7, 12), "range", "11-12 July 2023"),
        (date(2023, 6, 29), date(2023, 7, 2), "range", "29 June - 2 July 2023"),
        (date(2023, 12, 30), date(2024, 1, 2), "range", "30 December 2023 - 2 January 2024"),
        (date(2023, 7, 11), date(2023, 7, 11), "day", "11 July 2023"),
        (date(2023, 7, 1), date(2023, 7, 31), "month", "July 2023"),
        (date(2023, 1, 1), date(2023, 12, 31), "year", "2023"),
        (date(2023, 7, 10), date(2023, 7, 16), "week", "week of 10 July 2023"),
        (date(2022, 6, 29), None, "range", "from 29 June 2022"),
        (None, date(2022, 6, 29), "range", "until 29 June 2022"),
        (None, None, "none", ""),
    ],
)
def test_format_days(start: date | None, end: date | None, precision: str, expected: str) -> None:
    assert format_days(start, end, precision) == expected


def test_a_summit_bears_its_given_name() -> None:
    sides = [("African Union", "organisation", None), RUIZ]
    one = gathering(1, "summit", sides, "Ruiz opened the Great Lakes Health Summit in Valletta.", place=MALTA)
    two = gathering(2, "summit", sides, "The Great Lakes Health Summit ended on Friday.", place=MALTA)
    plain = gathering(3, "summit", sides, "Ruiz opened the summit of the African Union in Valletta.", place=MALTA)
    assert resolve([one, two]).events[0].event.title == "Great Lakes Health Summit in Valletta, 1 March 2024"
    assert resolve([plain]).events[0].event.title == "African Union summit in Valletta, 1 March 2024"


def test_a_title_names_the_speaker_and_what_was_said() -> None:
    sides = [("Ana Ruiz", "speaker", "person", "ES"), ("Spain", "speaker", "state", "ES")]
    quote = "Ruiz said the fishing treaty would lapse in autumn unless the herring quota was halved."
    one = report(1, "statement", sides, quote)
    two = report(2, "statement", sides[:1], quote)
    assert str(resolve([one, two]).events[0].event.title).startswith("Ana Ruiz: Ruiz said the fishing treaty")


def test_one_publisher_telling_two_days_tells_two_meetings() -> None:
    first = gathering(1, "meeting", [RUIZ, BERG], "Ruiz spoke today by phone with Berg.", basis="relative", published=date(2024, 3, 1), source="ministry")
    fields = {"day": date(2024, 3, 2), "basis": "relative", "published": date(2024, 3, 2)}
    again = gathering(2, "meeting", [RUIZ, BERG], "Ruiz spoke today by phone with Berg.", source="ministry", **fields)
    paper = gathering(3, "meeting", [RUIZ, BERG], "Ruiz spoke by phone with Berg.", source="paper", **fields)
    assert joined(first, again) == [["r1"], ["r2"]]
    assert joined(first, paper) == [["r1", "r3"]]


def test_the_same_formula_in_other_company_is_said_again() -> None:
    formula = "They condemned the unprovoked blockade of the straits and backed the herring treaty."
    company = [("Jan Berg", "speaker", "person", "NO"), ("Lucia Ferro", "speaker", "person", "IT")]
    one, two = (
        report(i, "statement", [("Ana Ruiz", "speaker", "person", "ES"), who], formula, source="ministry", basis="event", published=date(2024, 3, 1))
        for i, who in enumerate(company)
    )
    assert len(joined(one, two)) == 2
