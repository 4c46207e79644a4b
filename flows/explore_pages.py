"""What Datasette's pages get from Dateline: links from ids and names, and pages with the reporting articles highlighted.

Here: a Datasette plugin, made for one server and its database. Not here: the marking (flows.marking), the metadata (flows.explore).
"""

from __future__ import annotations

import html
from typing import Any
from urllib.parse import quote

from datasette import Response, hookimpl
from datasette.plugins import pm
from markupsafe import Markup
from sqlalchemy import Engine

from dateline.errors import UsageError
from dateline.records import Article, Extraction
from flows.asking import whole_event
from flows.console import clean
from flows.marking import page_of
from models.reading import StoredArticle, get_article

_NAME = "dateline-pages"
# Two dozen columns are described above the rows: in columns of their own, with a bar to scroll, they leave the rows in sight.
_STYLE = "td.col-title, td.col-participants, td.col-quote, td.col-content { min-width: 18rem }\n" + (
    "dl.column-descriptions { columns: 20rem; max-height: 11rem; overflow-y: auto; font-size: .85em; border: 1px solid #ccc; padding: .5rem }\n"
)


def install_pages(server: Any, engine: Engine) -> None:
    """Give the server the links and pages, in place of those of a server made before in this process."""
    if pm.has_plugin(_NAME):
        pm.unregister(name=_NAME)
    pm.register(Pages(server, engine), name=_NAME)


class Pages:
    """The plugin. Datasette calls its methods by the names of its hooks."""

    def __init__(self, server: Any, engine: Engine) -> None:
        self.__name__ = _NAME  # Datasette asks every plugin for its module's name
        self.server = server
        self.engine = engine

    @hookimpl
    def register_routes(self) -> list[tuple[str, Any]]:
        """Add the two pages and our style."""
        return [
            (r"^/-/event/(?P<name>[^/]+)$", self._event),
            (r"^/-/article/(?P<name>[^/]+)$", self._article),
            (r"^/-/dateline\.css$", self._style),
        ]

    @hookimpl
    def extra_css_urls(self) -> list[str]:
        """Name our style."""
        return [self.server.urls.path("/-/dateline.css")]

    @hookimpl
    def render_cell(self, value: Any, column: str, database: str) -> Any:
        """Turn ids and names into links; None leaves a cell to Datasette."""
        if not isinstance(value, str) or not value:
            return None
        if column in ("event_id", "article_id"):
            return _link(self.server.urls.path(f"/-/{column.removesuffix('_id')}/{quote(value, safe='')}"), value)
        if column in ("actor_name", "actor_a", "actor_b", "one", "other"):
            return _link(f"{self.server.urls.table(database, 'v_participants')}?actor_name__exact={quote(value, safe='')}", clean(value))
        return None if clean(value) == value else clean(value)

    async def _style(self) -> Response:
        return Response(_STYLE, content_type="text/css; charset=utf-8")

    async def _event(self, request: Any) -> Response:
        return self._page(request, self._event_page)

    async def _article(self, request: Any) -> Response:
        return self._page(request, self._article_page)

    def _page(self, request: Any, make: Any) -> Response:
        try:
            return Response.html(make(request.url_vars["name"]))
        except UsageError as error:
            return Response.html(_plain_page("Not found", [error.message]), status=404)

    def _event_page(self, event_id: str) -> str:
        whole = whole_event(self.engine, event_id)
        pages = whole.pages()
        return page_of(pages, whole.detail.row.title or event_id) if pages else _plain_page(whole.detail.row.title or event_id, _quotes(whole.reports))

    def _article_page(self, article_id: str) -> str:
        stored = get_article(self.engine, article_id)
        title = stored.article.title or article_id
        if not stored.has_text:
            return _plain_page(title, [proof.quote for report in stored.reports for proof in report.event.evidence])
        return page_of([_pair(stored)], title)


def _pair(stored: StoredArticle) -> tuple[Article, Extraction]:
    events = tuple(report.event for report in stored.reports)
    return stored.article, Extraction(1, stored.article.doc_id, stored.published_on, stored.published_basis, stored.language, events)


def _quotes(reports: list[dict[str, Any]]) -> list[str]:
    return [str(report["quote"]) for report in reports if report["quote"]]


def _plain_page(title: str, sentences: list[str]) -> str:
    """Return a page of sentences, where the articles' texts are not kept."""
    listed = "".join(f"<p>{html.escape(clean(sentence))}</p>" for sentence in sentences) or "<p>Nothing is kept of the text.</p>"
    policy = "<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'\">"
    return f"<!doctype html><html lang=en><meta charset=utf-8>{policy}<title>{html.escape(title)}</title><h1>{html.escape(clean(title))}</h1>{listed}</html>"


def _link(address: str, text: str) -> Markup:
    return Markup('<a href="{}">{}</a>').format(address, text)
