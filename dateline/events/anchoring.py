"""Which time expression dates which event, and on what basis.

Here: `Anchor`, which dates the mentions of one article, and the component `dateline_anchoring`. A mention takes the expression of its own
clause; else, for a saying, the day of the occasion or paragraph it stands in, then the report's day; else nothing: no day is inferred
(GUIDELINE rulings 1, 12, 15, 16). Next: dateline.events.merging, which lets undated mentions of an event share its day.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from spacy.language import Language
from spacy.tokens import Doc, Token

from dateline.events.clause_reach import FAR, crosses_clause, event_rank, is_inside_phrase, leads, linked
from dateline.events.computed import reckoned
from dateline.events.reading import Reading
from dateline.events.report_day import NO_DAY, Day, day_of, find_report_day, head_of, is_recent_day, published_day
from dateline.events.syntax import ancestors, clause_verb, is_past_perfect, is_perfect, is_verb, verb_of
from dateline.names.byline import first_person
from dateline.notes import Mention
from dateline.records import Timex
from dateline.resources import Resources, resources_for

WEEK = timedelta(days=7)
LONG_AGO = timedelta(days=60)
OPENING = 12  # characters in which a sentence's opening expression begins
SHORT = timedelta(days=6)  # talks of several days date what is said at them
PRESENT = frozenset({"VBZ", "VBP"})
OF = frozenset({"of", "from", "since", "for", "between"})  # "the launch of May 1" is dated, not its condemnation
STANDING = frozenset({"statement.say", "statement.tell", "statement.report_clause"})  # in the perfect: a position, not news


class Anchor:
    """Dates the mentions of one article."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.report = find_report_day(reading)
        self.release = first_person(reading.notes.article, reading.resources) is not None
        self.timexes = reading.dates
        self._last: tuple[int, Timex] | None = None
        self._told: list[Mention] = []
        self.limit: date | None = reading.notes.document_time.last_day or reading.notes.document_time.day

    def put_day(self, mention: Mention) -> None:
        """Set the days of the mention; called in text order."""
        day = self.day_for(mention)
        mention.first_day, mention.last_day = day.first, day.last
        mention.precision, mention.basis, mention.date_text = day.precision, day.basis, day.text
        self._told.append(mention)

    def day_for(self, mention: Mention) -> Day:
        """Return the days of the mention, NO_DAY where the article gives none."""
        own = self.own(mention)
        if own is None and "accord" in mention.notes:
            accord = next(m for m in self._told if str(m.start) == mention.notes["accord"])
            return Day(accord.first_day, accord.last_day, accord.precision, "event" if accord.first_day else "none", accord.date_text)
        if own is None and (day := reckoned(self.reading, mention, self._told)) is not None:
            return day
        if own is not None:
            if is_verb(self.reading.doc[mention.token]) or (mention.type == "meeting" and len(mention.participants) > 1):
                self.remember(mention, own)
            return self._coming(mention, own) or day_of(own)
        if mention.type != "statement":
            return published_day(self.reading) if self._is_leads_own(mention) else NO_DAY
        return self._undated_saying(mention)

    def _is_leads_own(self, mention: Mention) -> bool:
        """Say whether an undated event is what a lead with a dateline reports (GUIDELINE ruling 15)."""
        if self.reading.notes.document_time.basis != "dateline" or mention.sentence or mention.status != "occurred" or "weak" in mention.notes:
            return False
        verb = verb_of(self.reading.doc[mention.token], self.reading.lexicon.sets)
        if verb is None or verb.tag_ != "VBD" or is_past_perfect(verb) or is_perfect(verb):
            return False
        return verb.dep_ == "ROOT" or (verb.dep_ in {"ccomp", "conj"} and verb.head.dep_ == "ROOT" and (verb.dep_ == "conj" or verb.i < verb.head.i))

    def _coming(self, mention: Mention, own: Timex) -> Day | None:
        """Return the weekday to come for "ministers meet on Monday" (a programme) and "a trip planned for Friday"."""
        verb = verb_of(self.reading.doc[mention.token], self.reading.lexicon.sets)
        tag = verb.tag_ if verb is not None else ""
        day = self.reading.notes.document_time.day
        arranged = self._is_arranged(own)
        if mention.type == "statement" or not (tag in PRESENT or arranged) or own.rule != "weekday" or day is None:
            return None
        if own.first_day is None or own.first_day >= day:
            return None
        mention.status = "planned" if mention.status == "occurred" else mention.status
        return Day(own.first_day + WEEK, own.first_day + WEEK, own.precision, "explicit", own.text)

    def _is_arranged(self, timex: Timex) -> bool:
        """Say whether the words before the expression put it ahead: "scheduled for Friday", "due on Monday"."""
        before = self.reading.text[max(0, timex.start - 30) : timex.start].lower().split()[-2:]
        return len(before) == 2 and before[0].strip(",(") in self.reading.lexicon.sets["arranged"] and before[1] in {"for", "on"}

    def own(self, mention: Mention) -> Timex | None:
        """Return the time expression of the mention's own clause."""
        token = self.reading.doc[mention.token]
        first, last = self.reading.sentence_span(mention.sentence)
        best: tuple[int, int] | None = None
        chosen = None
        for timex in self.timexes:
            if not (first <= timex.start < last) or not self._possible(mention, timex):
                continue
            rank = self._rank(mention, token, timex)
            key = (rank, abs(timex.start - mention.start))
            if rank < FAR and (best is None or key < best):
                best, chosen = key, timex
        return chosen

    def _possible(self, mention: Mention, timex: Timex) -> bool:
        """Say whether the expression can date the mention: a saying that occurred has no day after the document time."""
        if mention.notes.get("timex"):
            return mention.notes["timex"] == str(timex.start)
        if mention.status == "planned" or self.limit is None:
            return True
        if mention.type != "statement":  # what was done has no day to come
            done = mention.status == "occurred" and self.reading.doc[mention.token].tag_ == "VBD"
            return not done or timex.first_day is None or timex.first_day <= self.limit
        if self.reading.doc[mention.token].tag_ in PRESENT:  # a release welcomes and condemns on the day it is issued
            return is_recent_day(timex, self.limit)
        return timex.first_day is None or timex.first_day <= self.limit

    def _rank(self, mention: Mention, token: Token, timex: Timex) -> int:
        """How near the expression stands to the trigger in the syntax: 0 its own phrase or verb, FAR another clause."""
        head = head_of(self.reading, timex)
        if head is None:
            return FAR
        if 0 <= timex.start - mention.end <= 4:
            return 0
        chain = [head, *ancestors(head)]
        if token in chain:
            below = chain[: chain.index(token)]
            if is_verb(token) and is_inside_phrase(chain, token):
                return 4 if timex.precision == "day" and head.head.lower_ not in OF and not crosses_clause(below, token) else FAR
            return 0 if not crosses_clause(below, token) else FAR
        if self._opens_phrase(chain, timex):
            return FAR
        verb = verb_of(token, self.reading.lexicon.sets)
        own = self._outside(clause_verb(head), timex)
        if verb is None:
            return 5 if 0 < timex.start - mention.end < 90 and not self._verb_between(mention.end, timex.start) else FAR
        if own == verb:
            if timex.start < token.idx:
                return 1
            if not is_inside_phrase(chain, verb):
                return 2
            topic = self.reading.lexicon.rule_of[mention.rule].frame == "talk" or head.head.lower_ in OF
            return 4 if timex.precision == "day" and not topic else FAR
        if own.dep_ == "xcomp" and own.head == verb:
            return 4 if self._is_past(timex) else FAR
        if mention.type == "statement":
            return self._saying_rank(verb, own, timex, token)
        return event_rank(verb, own, timex, token)

    def _verb_between(self, start: int, end: int) -> bool:
        span = self.reading.doc.char_span(start, end, alignment_mode="contract")
        return span is None or any(is_verb(t) and t.dep_ not in {"amod", "compound"} for t in span)

    def _opens_phrase(self, chain: list[Token], timex: Timex) -> bool:
        """Say whether the expression stands before the noun it hangs on: "the May 1 arrival" dates the arrival alone."""
        verb = clause_verb(chain[0])
        below = chain[1 : chain.index(verb)] if verb in chain else chain[1:]
        behind = [t for t in below if t.idx >= timex.end and t.tag_ in {"NN", "NNS", "NNP", "NNPS"}]
        return any(not re.search(r"[^\w\s'’-]", self.reading.text[timex.end : t.idx]) for t in behind)

    def _outside(self, verb: Token, timex: Timex) -> Token:
        """Climb from a verb inside a quotation, where the parse hung an expression that stands outside it."""
        quoted = self.reading.quote_around(verb)
        while quoted and not quoted[0] <= timex.start < quoted[1] and verb.head != verb:
            verb = clause_verb(verb.head)
            quoted = self.reading.quote_around(verb)
        return verb

    def _is_past(self, timex: Timex) -> bool:
        return self.limit is not None and timex.last_day is not None and timex.last_day < self.limit

    def _saying_rank(self, verb: Token, own: Token, timex: Timex, token: Token) -> int:
        if own in linked(verb):
            return 2
        if verb in linked(own):
            return 3
        if timex.start < token.idx and leads(self.reading, timex, token):
            return 3
        return FAR

    def _undated_saying(self, mention: Mention) -> Day:
        token = self.reading.doc[mention.token]
        verb = clause_verb(token)
        words = {t.lower_ for t in verb.children if t.dep_ == "advmod"}
        if words & self.reading.lexicon.sets["background"] or is_past_perfect(verb):
            return NO_DAY
        if is_perfect(verb) and mention.sentence > 2 and mention.rule in STANDING:
            return NO_DAY
        if mention.status == "planned":
            return NO_DAY
        mention.notes["day"] = "report"
        if verb.tag_ in PRESENT:  # "condemns yesterday's attack": said on the day of issue, not of the attack
            return published_day(self.reading) if self.release else self.report
        return self._context_day(mention) or self.report

    def _context_day(self, mention: Mention) -> Day | None:
        """Return the day that the paragraph has reached: that of an earlier event in it, or none where it tells of long ago."""
        begin = self.reading.paragraph_of(mention.start)
        first, _ = self.reading.sentence_span(mention.sentence)
        day = self.reading.notes.document_time.day
        if day is None:
            return None
        if self._last is not None and begin <= self._last[0] < first:
            return Day(self._last[1].first_day, self._last[1].last_day, self._last[1].precision, "event", self._last[1].text)
        return NO_DAY if self._is_background(mention, begin, first, day) else None

    def _is_background(self, mention: Mention, begin: int, first: int, day: date) -> bool:
        """Say whether a sentence before in the paragraph opens with a time long ago ("In 2015, ...") and no nearer one is named since."""
        last = self.reading.sentence_span(mention.sentence)[1]
        told = [t for t in self.timexes if begin <= t.start < last and t.last_day is not None]
        if not told or told[-1].start >= first:
            return False
        opens = told[-1].start - self.reading.sentence_span(self.reading.sentence_of(told[-1].start))[0] < OPENING
        return opens and day - (told[-1].last_day or day) > LONG_AGO

    def remember(self, mention: Mention, own: Timex) -> None:
        """Keep the day of an event for later sayings of its paragraph."""
        day = self.reading.notes.document_time.day
        if (
            day is not None
            and own.first_day
            and own.last_day
            and own.last_day - own.first_day <= (SHORT if mention.type == "meeting" and own.precision == "range" else timedelta(0))
            and timedelta(0) <= day - own.first_day <= LONG_AGO
            and mention.status == "occurred"
        ):
            self._last = (mention.start, own)


class Anchoring:
    """The component `dateline_anchoring`: sets the days of notes.mentions."""

    def __init__(self, resources: Resources) -> None:
        self.resources = resources

    def __call__(self, doc: Doc) -> Doc:
        """Date each mention."""
        reading = Reading(doc, self.resources)
        anchor = Anchor(reading)
        for mention in reading.notes.mentions:
            anchor.put_day(mention)
        return doc


@Language.factory("dateline_anchoring", default_config={"language": "en", "overlay": None})
def make_anchoring(nlp: Language, name: str, language: str = "en", overlay: str | None = None) -> Anchoring:  # noqa: ARG001 - spaCy passes both
    """Make the component."""
    return Anchoring(resources_for(language, overlay))
