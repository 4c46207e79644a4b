"""What the pipeline components know of one article, handed from each to the next in `doc.user_data`.

Here: the working notes (`Notes`), the names found (`Name`) and the event mentions under construction (`Mention`). Plain and picklable.
Not here: the finished records (dateline.records), the components that fill these (dateline.names, dateline.timex, dateline.events).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from dateline.records import Article, Content, DocumentTime, Event, Participant, Place, Timex

if TYPE_CHECKING:
    from spacy.tokens import Doc

KEY = "dateline"


@dataclass(frozen=True, slots=True)
class Name:
    """One mention of somebody or somewhere, resolved within its article.

    `name` is the fullest form in the article, without titles ("Kishida" -> "Fumio Kishida"; "Washington" as a state -> "United States").
    `kind` is one of records.KINDS, or None for a name that is only a place. `place` is set where the mention can be a place.
    """

    start: int
    end: int
    text: str
    name: str
    kind: str | None
    country: str | None = None
    place: Place | None = None
    media: bool = False  # a news outlet: no speaker, unless it is used as a mouthpiece (GUIDELINE, statement)


@dataclass(slots=True)
class Mention:
    """One trigger in the text and what its clause says about the event; merging makes records.Event of them."""

    start: int
    end: int
    token: int  # index in the Doc of the trigger's head word
    sentence: int  # index in Notes.sentences
    type: str
    rule: str
    plover: str | None = None
    cameo: str | None = None
    participants: list[Participant] = field(default_factory=list)
    place: Place | None = None
    status: str = "occurred"
    content: Content | None = None
    first_day: date | None = None
    last_day: date | None = None
    precision: str = "none"
    basis: str = "none"
    date_text: str | None = None
    rules: list[str] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Notes:
    """All that is known of one article so far. `sentences` are (start, end) code point offsets, in order."""

    article: Article
    document_time: DocumentTime
    domain: str = "news"  # or "narrative": dates relative to the last date of the text
    sentences: list[tuple[int, int]] = field(default_factory=list)
    timexes: list[Timex] = field(default_factory=list)
    names: list[Name] = field(default_factory=list)
    mentions: list[Mention] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)


def notes_of(doc: Doc) -> Notes:
    """Return the article's notes; a Doc made without an article (plain `nlp(text)`) gets empty ones: no document time is known."""
    notes = doc.user_data.get(KEY)
    if notes is None:
        notes = Notes(Article(doc_id="text", text=doc.text), DocumentTime(None, "none"))
        doc.user_data[KEY] = notes
    found: Notes = notes
    return found
