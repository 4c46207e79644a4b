"""What a reader would not count twice: a conference that only places a meeting, an agency that only passes on, a speaker who is named later.

Here: `drop_occasions`, `own_words` and `named_later`. Not here: which mentions are one event (dateline.events.joining).
Next: dateline.events.merging, which calls them.
"""

from __future__ import annotations

from collections.abc import Iterable

from dateline.events.clusters import Cluster
from dateline.events.reading import Reading
from dateline.names.antecedents import CAST
from dateline.names.tables import gazetteer_for
from dateline.notes import Mention
from dateline.records import Participant

CONFERENCE = "meeting.conference"
SOON = 2  # sentences within which "Ireland's foreign minister warned" is named


def drop_occasions(clusters: list[Cluster]) -> list[Cluster]:
    """Leave out a conference that names no party but itself and only says where a meeting of the same sentence was (GUIDELINE ruling 5)."""
    held = {m.sentence for c in clusters if len(c.names()) > 1 and c.mentions[0].type == "meeting" for m in c.mentions if m.rule != CONFERENCE}
    return [c for c in clusters if not (len(c.names()) < 2 and all(m.rule == CONFERENCE and m.sentence in held for m in c.mentions))]


def own_words(reading: Reading, sayings: Iterable[Mention]) -> list[Mention]:
    """Leave out a state agency's "reported" where the sentence already gives the saying to its speaker: "the minister said, Xinhua reported"."""
    found = list(sayings)
    forms = gazetteer_for(reading.resources)
    agency = {id(m): all(any(e.sort == "medium" for e in forms.get(p.name)) for p in m.participants if p.role == "speaker") for m in found}
    spoken = {m.sentence for m in found if not agency[id(m)]}
    return [m for m in found if not (agency[id(m)] and m.sentence in spoken)]


def named_later(reading: Reading, said: list[Cluster]) -> list[Cluster]:
    """Join what "Ireland's foreign minister warned" with what the person says who is named right after without any title.

    Newspapers introduce a speaker by office and give the name in the next paragraph.
    """
    cast = {name: (country, titles) for name, country, _, titles, _ in reading.doc.user_data.get(CAST, ())}
    kept: list[Cluster] = []
    for cluster in said:
        home = next((c for c in said if c is not cluster and _introduces(reading, cluster, c, cast)), None)
        if home is None:
            kept.append(cluster)
            continue
        person = next(p for p in home.participants if p.role == "speaker")
        home.mentions = [_spoken_by(m, person) for m in cluster.mentions] + home.mentions
    return kept


def _introduces(reading: Reading, office: Cluster, person: Cluster, cast: dict[str, tuple[str | None, tuple[str, ...]]]) -> bool:
    speakers = [p for p in office.participants if p.role == "speaker"]
    named = [p for p in person.participants if p.role == "speaker"]
    if len(speakers) != 1 or len(named) != 1 or speakers[0].kind != "state" or named[0].kind != "person" or office.days != person.days:
        return False
    start, end = speakers[0].mentions[0]
    gap = person.mentions[0].sentence - office.mentions[-1].sentence
    head = reading.doc.char_span(start, end, alignment_mode="expand")
    if head is None or head[-1].tag_ != "NN" or head[-1].lower_ not in reading.lexicon.sets["offices"] or not 0 < gap <= SOON:
        return False
    country, titles = cast.get(named[0].name, (None, ()))
    first = min(n.start for n in reading.notes.names if n.name == named[0].name)
    return not titles and country in {None, speakers[0].country} and " " in named[0].name and first > start


def _spoken_by(mention: Mention, person: Participant) -> Mention:
    mention.participants = [
        Participant(person.name, "speaker", person.kind, person.country or p.country, p.mentions) if p.role == "speaker" else p for p in mention.participants
    ]
    return mention
