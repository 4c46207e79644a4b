"""What can go wrong, as exceptions that say what failed, on what, why and what to do, and whether trying again can help.

Each carries a short machine code (stored in quarantine, printed in error records) and the exit code of docs/contract.md. All are picklable:
they cross process boundaries.
"""

from __future__ import annotations

EXIT_DONE, EXIT_ITEMS_FAILED, EXIT_USAGE, EXIT_CONFIGURATION, EXIT_DATABASE, EXIT_REVISION, EXIT_INTERRUPTED = 0, 1, 2, 3, 4, 5, 130


class DatelineError(Exception):
    """Base of all errors that a user may see. `str()` is one line for people; `code` is for machines."""

    default_code = "error"
    exit_code = EXIT_CONFIGURATION

    def __init__(self, message: str, *, code: str | None = None, item: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.default_code
        self.item = item

    def __reduce__(self) -> tuple[object, ...]:
        return (_rebuild, (type(self), self.message, self.code, self.item))


def _rebuild(cls: type[DatelineError], message: str, code: str, item: str | None) -> DatelineError:
    return cls(message, code=code, item=item)


class TransientError(DatelineError):
    """A retry can help: a time-out, a locked database, a server's 503."""

    default_code = "transient"


class TerminalError(DatelineError):
    """A retry cannot help: the input, the configuration or the code must change first."""

    default_code = "terminal"


class InputError(TerminalError):
    """One item of input cannot be processed; the items beside it can."""

    default_code = "input"
    exit_code = EXIT_ITEMS_FAILED


class UsageError(TerminalError):
    """The command was called wrongly: a missing path, an unknown value."""

    default_code = "usage"
    exit_code = EXIT_USAGE


class ConfigurationError(TerminalError):
    """A setting, a model or a resource file is missing or wrong."""

    default_code = "configuration"


class DatabaseError(TerminalError):
    """The database cannot be used as it is: read-only, full, not a Dateline database."""

    default_code = "database"
    exit_code = EXIT_DATABASE


class DatabaseUnavailableError(TransientError):
    """The database is unreachable, or another writer holds it; the message says who and since when."""

    default_code = "database_unavailable"
    exit_code = EXIT_DATABASE


class RevisionError(DatabaseError):
    """The database is at another revision than this code."""

    default_code = "revision"
    exit_code = EXIT_REVISION
