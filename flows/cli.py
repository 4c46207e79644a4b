"""The command line, `dateline`: finds the command, runs it, and turns what goes wrong into one line and an exit code.

Here: the application, its commands by module, and `main`. Every command module declares its commands in a function `register(app)` and
imports what is slow (prefect, sqlalchemy, spacy) inside them. Not here: the commands (flows.commands_*), what is printed (flows.console).
A new command goes into the commands_* module of its subject, or into a new one that is named in `MODULES`.
"""

from __future__ import annotations

import errno
import importlib
import os
import sys
from collections.abc import Sequence

import typer

from dateline import errors
from flows import console

MODULES = (
    "flows.commands_run",
    "flows.commands_text",
    "flows.commands_ask",
    "flows.commands_curate",
    "flows.commands_sources",
    "flows.commands_database",
    "flows.commands_operate",
)
# Modules of commands that may be absent from a build that leaves them out.
OPTIONAL_MODULES = ("flows.commands_export", "flows.commands_pictures", "flows.commands_explore")


def build_app() -> typer.Typer:
    """Return the application with every command."""
    app = typer.Typer(
        name="dateline",
        help="Dated events from the news: who met, agreed or said what, when and where.",
        no_args_is_help=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=False,
    )
    app.callback()(_options)
    for name in (*MODULES, *OPTIONAL_MODULES):
        if name in OPTIONAL_MODULES and importlib.util.find_spec(name) is None:
            continue
        importlib.import_module(name).register(app)
    return app


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit with a code of docs/contract.md."""
    code = run_command(list(sys.argv[1:] if arguments is None else arguments))
    sys.exit(_flushed(code))


def run_command(arguments: list[str]) -> int:
    """Run one command and return its exit code; nothing but the code leaves this function."""
    try:
        result = build_app()(arguments, prog_name="dateline", standalone_mode=False)
        if result == errors.EXIT_INTERRUPTED:  # what typer makes of Ctrl-C
            console.say_interrupted()
        return result if isinstance(result, int) else errors.EXIT_DONE
    except errors.DatelineError as error:
        console.error(error.message)
        return error.exit_code
    except (KeyboardInterrupt, typer.Abort):
        console.say_interrupted()
        return errors.EXIT_INTERRUPTED
    except BrokenPipeError:
        _drop_output()
        return errors.EXIT_DONE
    except OSError as error:
        return _system_error(error)
    except Exception as error:  # noqa: BLE001 - the last door: a person gets one line, a developer DATELINE_DEBUG
        return _unexpected(error)


def _options(version: bool = typer.Option(False, "--version", help="Print the version.", is_eager=True)) -> None:
    if version:
        from dateline import __version__

        console.out(f"dateline {__version__}")
        raise typer.Exit


def _unexpected(error: Exception) -> int:
    message = getattr(error, "format_message", None)
    if callable(message):  # what the option parser raises
        console.error(f"{str(message()).rstrip('.')}. See `dateline --help` or `dateline COMMAND --help`.")
        return errors.EXIT_USAGE
    if os.environ.get("DATELINE_DEBUG"):
        raise error
    kind, text = type(error).__name__, " ".join(str(error).split())[:300]
    console.error(f"Unexpected failure: {kind}: {text}. Nothing half written was kept. Set DATELINE_DEBUG=1 for the traceback, and please report it.")
    return errors.EXIT_CONFIGURATION


def _system_error(error: OSError) -> int:
    where = error.filename or "standard output"
    if error.errno == errno.ENOSPC:
        _drop_output()
        console.error(f"Cannot write {where}: no space left on the device. Free some space and run the command again.")
        return errors.EXIT_ITEMS_FAILED if error.filename is None else errors.EXIT_DATABASE
    console.error(f"Cannot use {where}: {error.strerror or error}. Check the path and its permissions.")
    return errors.EXIT_USAGE


def _flushed(code: int) -> int:
    """Flush standard output, so that a full disk or a closed pipe is met here and not in the interpreter's shutdown."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()
    except OSError as error:
        return _system_error(error)
    return code


def _drop_output() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    main()
