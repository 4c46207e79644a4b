"""How a fetch can fail: `FetchFailed`, where trying again can help, and `FetchRefused`, where it cannot. Both name the URL as `item`."""

from __future__ import annotations

from dateline.errors import InputError, TransientError


class FetchFailed(TransientError):  # noqa: N818 - "failed" and "refused" say more than "error"
    """The server or the way to it failed for now. `retry_after` is in seconds, where the server gave it; `status` is its answer, if any."""

    default_code = "fetch_failed"

    def __init__(self, message: str, *, code: str | None = None, item: str | None = None, status: int | None = None, retry_after: int | None = None) -> None:
        super().__init__(message, code=code, item=item)
        self.status = status
        self.retry_after = retry_after

    def __reduce__(self) -> tuple[object, ...]:
        return (_failed, (self.message, self.code, self.item, self.status, self.retry_after))


class FetchRefused(InputError):  # noqa: N818
    """We do not fetch this, or the server has no such page. `status` is the server's answer, if one was asked for."""

    default_code = "fetch_refused"

    def __init__(self, message: str, *, code: str | None = None, item: str | None = None, status: int | None = None) -> None:
        super().__init__(message, code=code, item=item)
        self.status = status

    def __reduce__(self) -> tuple[object, ...]:
        return (_refused, (self.message, self.code, self.item, self.status))


def _failed(message: str, code: str, item: str | None, status: int | None, retry_after: int | None) -> FetchFailed:
    return FetchFailed(message, code=code, item=item, status=status, retry_after=retry_after)


def _refused(message: str, code: str, item: str | None, status: int | None) -> FetchRefused:
    return FetchRefused(message, code=code, item=item, status=status)
