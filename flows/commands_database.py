"""Commands for the database itself: db upgrade, downgrade, check, grant, backup, restore.

Here: options and messages. Not here: migrations, roles and copies (models.migrate, models.grants, models.backup).
"""

from __future__ import annotations

from pathlib import Path

import typer

from dateline.errors import EXIT_DONE, EXIT_REVISION, UsageError
from flows import console

BACKUP = typer.Argument(..., help="The file to write.")
RESTORE = typer.Argument(..., help="A file that `dateline db backup` wrote.")


def register(app: typer.Typer) -> None:
    """Add the group `db`."""
    group = typer.Typer(help="Make, move, check, share and copy the database.", no_args_is_help=True, rich_markup_mode=None)
    group.command(epilog="Example: dateline db upgrade")(upgrade)
    # -1 is a revision here, no option
    group.command(epilog="Example: dateline db downgrade -1", context_settings={"ignore_unknown_options": True})(downgrade)
    group.command(epilog="Example: dateline db check")(check)
    group.command(epilog="Example: dateline db grant --reader analyst --loader pipeline")(grant)
    group.command(epilog="Example: dateline db backup dateline-2026-11-22.backup")(backup)
    group.command(epilog="Example: dateline db restore dateline-2026-11-22.backup")(restore)
    app.add_typer(group, name="db")


def upgrade(revision: str = typer.Argument("head", help="The revision to reach.")) -> int:
    """Bring the database to this version's revision, making it where there is none."""
    from flows.configuration import settings
    from models import migrate

    chosen = settings()
    found = migrate.upgrade(chosen.address, revision)
    console.note(f"Database {chosen.shown_address} is at revision {found}.")
    return EXIT_DONE


def downgrade(revision: str = typer.Argument(..., help="The revision to go back to, such as -1 or base.")) -> int:
    """Take the database back to an earlier revision. Data of later tables and columns is lost: back up first."""
    from flows.configuration import settings
    from models import migrate

    chosen = settings()
    found = migrate.downgrade(chosen.address, revision)
    console.note(f"Database {chosen.shown_address} is at revision {found or 'base (empty)'}.")
    return EXIT_DONE


def check() -> int:
    """Say whether the database's tables and views are those of this version."""
    from flows.configuration import settings
    from models import migrate

    chosen = settings()
    differences = migrate.check(chosen.address)
    for difference in differences:
        console.out(difference)
    if differences:
        console.error(f"The database {chosen.shown_address} differs from this version (listed above). Run `dateline db upgrade`, or restore a backup.")
        return EXIT_REVISION
    console.out(f"Database {chosen.shown_address} is at revision {migrate.expected()} and as this version needs it.")
    return EXIT_DONE


def grant(
    reader: str | None = typer.Option(None, help="Login that may SELECT from the views and nothing else."),
    loader: str | None = typer.Option(None, help="Login that may load."),
) -> int:
    """Make or renew the reading and loading logins of a Postgres database."""
    from flows.configuration import settings
    from models.grants import grant as grant_roles

    if reader is None and loader is None:
        raise UsageError("Nothing to grant: name a login with --reader or --loader.")
    for line in grant_roles(settings().address, reader=reader, loader=loader):
        console.out(line)
    return EXIT_DONE


def backup(path: Path = BACKUP) -> int:
    """Copy the whole database into one file, while it is in use."""
    from flows.configuration import settings
    from models.backup import backup as write_backup

    write_backup(settings().address, path)
    console.note(f"Wrote {path} ({path.stat().st_size:,} bytes).")
    return EXIT_DONE


def restore(path: Path = RESTORE) -> int:
    """Replace the database by a backup."""
    from flows.configuration import settings
    from models.backup import restore as read_backup

    if not path.is_file():
        raise UsageError(f"Cannot restore {path}: no such file. Name a file that `dateline db backup` wrote.")
    chosen = settings()
    read_backup(chosen.address, path)
    console.note(f"Restored {chosen.shown_address} from {path}.")
    return EXIT_DONE
