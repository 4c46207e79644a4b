"""The flow that judges the whole database and stores what it found: daily, or `dateline checks`.

Here: the flow alone. The checks are in flows.database_checks.
"""

from __future__ import annotations

from flows.configuration import prepare_prefect, settings

prepare_prefect()

from prefect import flow, get_run_logger, task  # noqa: E402 - after its settings
from prefect.artifacts import create_table_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

from dateline.errors import TerminalError  # noqa: E402
from flows.database_checks import check_database  # noqa: E402
from flows.ingest import registered  # noqa: E402
from flows.outcome import CheckOutcome  # noqa: E402
from flows.running import is_transient, store_checks  # noqa: E402
from models.engine import open_engine  # noqa: E402
from models.migrate import require_current  # noqa: E402


@task(name="check", retries=2, retry_delay_seconds=[5, 30], retry_condition_fn=is_transient, cache_policy=NO_CACHE, persist_result=False)
def check(wait_seconds: float) -> list[CheckOutcome]:
    """Run every check and store the verdicts."""
    engine = open_engine(settings().address)
    try:
        require_current(engine)
        found = check_database(engine, sources=registered(settings()))
        store_checks(engine, found, wait_seconds)
        return found
    finally:
        engine.dispose()


@flow(name="checks", flow_run_name="whole database", persist_result=False)
def checks(wait_seconds: float = 60.0) -> list[CheckOutcome]:
    """Judge the whole database. The run fails where a check of severity error does.

    Args:
        wait_seconds: how long to wait for a writer to end before the verdicts are stored.
    """
    found = check(wait_seconds)
    rows = [{"check": c.name, "severity": c.severity, "verdict": "ok" if c.passed else "failed", "what": c.message} for c in found]
    create_table_artifact(table=rows, key="database-checks", description="What was judged")
    for outcome in found:
        if not outcome.passed:
            get_run_logger().warning("Check %s failed (%s): %s", outcome.name, outcome.severity, outcome.message)
    broken = [c.message for c in found if not c.passed and c.severity == "error"]
    if broken:
        raise TerminalError(
            f"The database failed {len(broken)} checks: {'; '.join(broken)}. Look at the newest loads, or restore a backup.", code="check_failed"
        )
    return found
