"""An article with what was found in it marked: a self-contained page, or colour and brackets on a terminal.

Here: spans of triggers, participants, places, dates and content, cut into pieces that nest in no way HTML forbids, each linked to its event.
Everything is escaped; the page loads nothing and runs no script. Not here: finding the spans (dateline), the page around an event of the
database (flows.showing).
"""

from __future__ import annotations

import html
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dateline.records import Article, Event, Extraction
from flows import console

KINDS = ("trigger", "participant", "place", "date", "content")
_STYLES = {"trigger": "\x1b[1;31m", "participant": "\x1b[34m", "place": "\x1b[32m", "date": "\x1b[35m", "content": "\x1b[2m"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A span of the text and what it is; `event` is the number of its event in the article, from 0, or None."""

    start: int
    end: int
    kind: str
    event: int | None
    note: str


def marks_of(article: Article, extraction: Extraction) -> list[Mark]:
    """Return every span worth marking, in order of their starts."""
    found = [Mark(t.start, t.end, "date", None, f"{t.value} ({t.rule})") for t in extraction.timexes]
    for number, event in enumerate(extraction.events):
        found.extend(_event_marks(article.text, number, event))
    return sorted(set(found), key=lambda m: (m.start, -m.end, m.kind, m.event if m.event is not None else -1))


def pieces(text: str, marks: Sequence[Mark]) -> Iterator[tuple[str, list[Mark]]]:
    """Cut the text wherever a mark begins or ends; yield each piece with the marks that cover it. Joined, the pieces are the text."""
    edges = sorted({0, len(text), *(m.start for m in marks), *(m.end for m in marks)})
    opened: list[Mark] = []
    waiting = iter(sorted(marks, key=lambda m: m.start))
    following = next(waiting, None)
    for start, end in pairwise(edges):
        opened = [m for m in opened if m.end > start]
        while following is not None and following.start <= start:
            opened.append(following)
            following = next(waiting, None)
        yield text[start:end], [m for m in opened if m.end > start]


def page_of(pairs: Iterable[tuple[Article, Extraction]], title: str = "Dateline: highlighted") -> str:
    """Return one self-contained page with every article marked and its events listed."""
    sections = [_section(number, article, extraction) for number, (article, extraction) in enumerate(pairs)]
    legend = " ".join(f'<span class="{kind}">{kind}</span>' for kind in KINDS)
    return _PAGE.format(title=html.escape(title), legend=legend, body="\n".join(sections) or "<p>No article.</p>")


def print_marked(pairs: Iterable[tuple[Article, Extraction]]) -> None:
    """Print every article with its spans in colour, or in brackets where there is no colour, and the list of its events."""
    for article, extraction in pairs:
        console.out(console.paint(article.title or article.doc_id, console.BOLD))
        console.out(marked_text(article.text, marks_of(article, extraction)))
        if extraction.skipped or extraction.error:
            console.out(f"[{(extraction.skipped or extraction.error).code}]")  # type: ignore[union-attr]
        for number, event in enumerate(extraction.events):
            console.out(f"  {number + 1}. {summary(event)}")


def marked_text(text: str, marks: Sequence[Mark]) -> str:
    """Return the text with triggers and their event numbers marked, for a terminal or a pipe."""
    colour = console.shows_style(sys.stdout)
    shown = [m for m in marks if colour or m.kind == "trigger"]
    parts = []
    for piece, covering in pieces(text, shown):
        kinds = {m.kind for m in covering}
        kind = next((k for k in KINDS if k in kinds), None)
        plain = console.clean(piece)
        if kind is None or not plain.strip():
            parts.append(plain)
        elif colour:
            parts.append(f"{_STYLES[kind]}{plain}{console.END}")
        else:
            numbers = ",".join(str(m.event + 1) for m in covering if m.event is not None)
            parts.append(f"[{plain}|{numbers}]")
    return "".join(parts)


def summary(event: Event) -> str:
    """Return an event in one line: date, type, status, who, where."""
    days = str(event.start or "undated") + (f" to {event.end}" if event.end and event.end != event.start else "")
    who = "; ".join(f"{p.name} ({p.role})" for p in event.participants) or "-"
    where = ", ".join(x for x in (event.place.venue, event.place.name, event.place.country) if x) if event.place else "-"
    return f"{days} · {event.type} · {event.status} · {who} · {where} · {event.confidence:.2f}"


def _event_marks(text: str, number: int, event: Event) -> Iterator[Mark]:
    for evidence in event.evidence:
        yield Mark(evidence.start, evidence.end, "trigger", number, f"{event.type}, {event.status}, {', '.join(event.rules)}")
        yield from _found(text, evidence.sentence, event.place.name if event.place else None, "place", number)
        yield from _found(text, evidence.sentence, event.date_text, "date", number)
    for person in event.participants:
        for start, end in person.mentions:
            yield Mark(start, end, "participant", number, f"{person.name}, {person.role}")
    if event.content:
        yield Mark(event.content.start, event.content.end, "content", number, "content")


def _found(text: str, sentence: tuple[int, int], words: str | None, kind: str, number: int) -> Iterator[Mark]:
    """Yield the mark of `words` where the evidence's sentence holds them."""
    start = text.find(words, *sentence) if words else -1
    if words and start >= 0:
        yield Mark(start, start + len(words), kind, number, words)


def _section(number: int, article: Article, extraction: Extraction) -> str:
    prefix = f"a{number}"
    first: set[int] = set()
    body = "".join(_piece(prefix, piece, covering, first) for piece, covering in pieces(article.text, marks_of(article, extraction)))
    events = "\n".join(
        f'<li id="{prefix}-e{n}"><a href="#{prefix}-t{n}">{html.escape(summary(e))}</a>{_content_line(e)}</li>' for n, e in enumerate(extraction.events)
    )
    day = f"{extraction.published or 'unknown day'} ({extraction.published_basis})"
    heading = f"<h2>{html.escape(article.title or article.doc_id)}</h2><p class='meta'>{html.escape(' · '.join(x for x in (article.source, day) if x))}</p>"
    problem = extraction.error or extraction.skipped
    notice = f"<p class='meta'>{html.escape(problem.code)}: {html.escape(problem.message)}</p>" if problem else ""
    return f"<section>{heading}{notice}<div class='text'>{body}</div><ol>{events}</ol></section>"


def _piece(prefix: str, piece: str, covering: Sequence[Mark], first: set[int]) -> str:
    text = html.escape(console.clean(piece))
    if not covering:
        return text
    kinds = " ".join(kind for kind in KINDS if any(m.kind == kind for m in covering))
    note = html.escape("; ".join(dict.fromkeys(f"{m.kind}: {m.note}" for m in covering)), quote=True)
    triggers = [m.event for m in covering if m.kind == "trigger" and m.event is not None]
    anchors = "".join(f'<a id="{prefix}-t{n}"></a>' for n in triggers if n not in first)
    first.update(triggers)
    if triggers:
        text = f'<a href="#{prefix}-e{triggers[0]}">{text}</a>'
    return f'{anchors}<span class="{kinds}" title="{note}">{text}</span>'


def _content_line(event: Event) -> str:
    return f"<br><q>{html.escape(console.clean(event.content.text))}</q>" if event.content else ""


_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>
body {{ font: 16px/1.6 Georgia, serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1a1a1a; background: #fff }}
.text {{ white-space: pre-wrap; overflow-wrap: anywhere }}
.meta, .legend {{ color: #555; font: 14px/1.5 system-ui, sans-serif }}
ol {{ font: 14px/1.6 system-ui, sans-serif }}
a {{ color: inherit }}
.content {{ background: #f3f3f3 }}
.participant {{ border-bottom: 2px solid #0072b2 }}
.place {{ border-bottom: 2px dotted #009e73 }}
.date {{ border-bottom: 2px dashed #cc79a7 }}
.trigger {{ background: #ffe08a; font-weight: bold }}
li:target, a:target + .trigger {{ outline: 2px solid #d55e00 }}
</style></head><body>
<p class="legend">Marked: {legend}. A trigger leads to its event below, an event back to its trigger.</p>
{body}
</body></html>
"""
