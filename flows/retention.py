"""The flow that removes texts and kept bytes whose time is over: daily, or `dateline forget --expired`.

Here: the flow alone. What is past its time is in flows.forgetting, removing in models.load.
"""

from __future__ import annotations

from flows.configuration import prepare_prefect, settings

prepare_prefect()

from prefect import flow, get_run_logger, task  # noqa: E402 - after its settings
from prefect.cache_policies import NO_CACHE  # noqa: E402

from flows.forgetting import remove_texts  # noqa: E402
from flows.running import is_transient  # noqa: E402


@task(name="remove expired texts", retries=2, retry_delay_seconds=[5, 30], retry_condition_fn=is_transient, cache_policy=NO_CACHE, persist_result=False)
def remove(wait_seconds: float) -> tuple[dict[str, int], int]:
    """Remove what is past its time; return the number of texts by source, and of kept files."""
    return remove_texts(settings(), wait=wait_seconds)


@flow(name="retention", flow_run_name="expired texts", persist_result=False)
def retention(wait_seconds: float = 60.0) -> dict[str, int]:
    """Remove texts and kept bytes that are past their source's retention_days, and return how many texts went, by source.

    Args:
        wait_seconds: how long to wait for a writer to end.
    """
    texts, files = remove(wait_seconds)
    get_run_logger().info("Removed %d texts and %d kept files", sum(texts.values()), files)
    return texts
