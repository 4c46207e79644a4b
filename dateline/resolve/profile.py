"""A report made ready for comparison: actors, days, place, passages and cues, worked out once.

Here: `Profile`, `profile`. Not here: how two profiles are compared (verdicts.py) and which pairs are compared at all (keys.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from dateline.records import Event, Place, Report
from dateline.resolve.actors import Actor, make_actor, organisation_tokens
from dateline.resolve.days import Span, span_of
from dateline.resolve.passages import Passage, make_passage
from dateline.resolve.text import Lexicon, fold, words

_PRINCIPAL = {"statement": ("speaker",), "meeting": ("party", "host", "mediator"), "summit": ("party", "host"), "agreement": ("party", "mediator")}
_SERIES = re.compile(r"((?:[A-Z0-9][\w&’'.-]*\s+){1,4})(?:[Ll]eaders['’]?\s+)?[Ss]ummit")
_SERIES_OF = re.compile(r"[Ss]ummit (?:of|with) the ((?:[A-Z0-9][\w&’'.-]*\s*){1,4})")
_PASSAGES = 12  # sentences of one report that are compared
_OCCASIONS = ("post", "press", "parliament", "interview", "broadcast", "letter", "telephone", "statement")
_STAGES = ("signed", "ratified", "force", "extended")


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What resolving looks at in one report."""

    report: Report
    id: str
    article: tuple[str, str]
    type: str
    span: Span | None
    actors: tuple[Actor, ...]
    countries: frozenset[str]
    city: tuple[str, ...]
    country: str | None
    passages: tuple[Passage, ...]
    concepts: frozenset[str]
    topic: frozenset[str]  # the article's title
    series: frozenset[str]  # what a summit is called after
    cues: frozenset[str]  # occasion-..., remote, in-person, summit-word, stage-...
    lexicon: Lexicon  # what it was read with

    @property
    def firm(self) -> bool:
        """Say whether the date is narrow enough to date an event by itself."""
        return self.span is not None and self.span.firm


def profile(report: Report, known: Lexicon) -> Profile:
    """Make a report ready for comparison. Pure: equal reports give equal profiles."""
    event = report.event
    sentences = _sentences(event)
    roles = _PRINCIPAL.get(event.type, ("speaker", "party", "host", "mediator"))
    actors = tuple(make_actor(p, sentences, known) for p in event.participants if p.role in roles)
    ignored = _own_names(event, actors, known)
    passages = tuple(make_passage(s, known, ignored=ignored) for s in sentences[:_PASSAGES])
    everything = frozenset(c for s in sentences for c in known.read(s))
    place = event.place
    return Profile(
        report=report,
        id=report.report_id,
        article=(report.source or "", report.key.doc_id),
        type=event.type,
        span=span_of(event),
        actors=actors,
        countries=frozenset(a.country for a in actors if a.country),
        city=_city(place, known),
        country=place.country if place else None,
        passages=passages,
        concepts=frozenset(c for p in passages for c in p.concepts),
        topic=frozenset(c for c in known.read(report.article_title or "") if known.weight(c) > 0),
        series=_series(event, actors, sentences, known),
        cues=_cues(everything, known),
        lexicon=known,
    )


def _city(place: Place | None, known: Lexicon) -> tuple[str, ...]:
    """Return the words of the place's name; none where it is only the country's."""
    if place is None or (place.country and known.read(place.name) == (f"@{place.country}",)):
        return ()
    return tuple(words(place.name))


def _sentences(event: Event) -> tuple[str, ...]:
    """Return the sentences of the evidence, each once; for a statement the reported clause stands for the sentence that holds it."""
    found: dict[str, None] = {}
    content = event.content
    for evidence in event.evidence:
        text = evidence.quote
        if event.type == "statement" and content and content.text in text and len(content.text) > 25 and len(event.evidence) == 1:
            text = f"{content.text}"
        found[text] = None
    if not found and content:
        found[content.text] = None
    return tuple(found)


def _own_names(event: Event, actors: tuple[Actor, ...], known: Lexicon) -> frozenset[str]:
    """Return what says nothing of the content: the speakers' names; of a gathering, who meets and that they meet."""
    if event.type == "statement":
        return frozenset(c for p in event.participants if p.role == "speaker" for c in known.read(p.name))
    names = {c for p in event.participants for c in known.read(p.name)} | {f"@{a.country}" for a in actors if a.country}
    return frozenset(names) | known.cues["gathering"]


def _series(event: Event, actors: tuple[Actor, ...], sentences: tuple[str, ...], lexicon: Lexicon) -> frozenset[str]:
    """Return what a summit is called after: the known organisation before "summit", else the words there and the organisations that take part.

    Of a meeting, the organisations and groups that take part; of other types nothing.
    """
    if event.type not in ("summit", "meeting"):
        return frozenset()
    found: set[str] = set()
    members = {"-".join(a.tokens) for a in actors if a.kind in ("organisation", "group")}
    if event.type == "meeting":  # "on the sidelines of the summit" names another event
        return frozenset(members)
    texts = (*sentences, event.title or "", event.content.text if event.content else "")
    place = set(lexicon.read(event.place.name)) if event.place else set()
    for text in texts:
        for match in (*_SERIES.finditer(text), *_SERIES_OF.finditer(text)):
            known, loose = _called(match[1], place, lexicon)
            if known:
                return frozenset({known})
            found.update(loose)
    return frozenset(found | members)


def _called(phrase: str, place: set[str], lexicon: Lexicon) -> tuple[str | None, set[str]]:
    """Return a known organisation's canonical name at the end of the phrase, else its words, save ordinals, countries, places and years."""
    row = words(phrase)
    for start in range(len(row)):
        known = organisation_tokens(" ".join(row[start:]), lexicon)
        if known:
            return "-".join(known), set()
    left = {c for c in lexicon.read(phrase) if not c.startswith("@") and not lexicon.is_cue("series-ordinal", c) and c not in place}
    return None, {c for c in left if not (c.isdigit() and len(c) == 4)}


def _cues(concepts: frozenset[str], known: Lexicon) -> frozenset[str]:
    names = [*(f"occasion-{o}" for o in _OCCASIONS), "remote", "in-person", "summit-word", *(f"stage-{s}" for s in _STAGES)]
    return frozenset(name for name in names if concepts & known.cues.get(name, frozenset()))


def same_city(one: Profile, other: Profile) -> bool | None:
    """Say whether two events are in one city: None where that is not known of one, or a name is only the country's."""
    if not one.city or not other.city:
        return None
    if set(one.city) & set(other.city):
        return True
    return False if fold(" ".join(one.city)) != fold(" ".join(other.city)) else None
