"""Everything that a Prefect server is told about Dateline, in one go and as often as one likes: work pool, deployments, automations.

Here: `deploy`, on the server of PREFECT_API_URL, and `served`, the same deployments for one process. prefect.yaml is the one place that says which
deployments there are. Not here: starting servers and workers (flows.commands_operate), the flows.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import yaml

from dateline.errors import ConfigurationError, TransientError
from flows.configuration import prepare_prefect, settings

prepare_prefect()

from prefect import get_client  # noqa: E402 - after its settings
from prefect.automations import AutomationCore, CallWebhook, ChangeFlowRunState, EventTrigger, Posture  # noqa: E402
from prefect.blocks.webhook import Webhook  # noqa: E402
from prefect.client.schemas.actions import WorkPoolCreate  # noqa: E402
from prefect.client.schemas.objects import StateType  # noqa: E402
from prefect.exceptions import ObjectNotFound  # noqa: E402

POOL = "dateline"
WEBHOOK_BLOCK = "dateline-failures"
TAG = "dateline"
INGEST = "ingest"
# When the sources of a schedule group are read (UTC). A group of another name is registered without a schedule.
GROUP_SCHEDULES = {"hourly": "5 * * * *", "daily": "35 4 * * *", "weekly": "35 5 * * 1", "monthly": "35 5 1 * *"}
MISSED_HEARTBEATS = timedelta(seconds=90)  # three of the 30 s that prefect.yaml sets
FLOW_RUN = "prefect.flow-run.*"


def deployments_file() -> Path:
    """Return prefect.yaml: beside this module in the wheel, at the project's root in a checkout."""
    for path in (Path(__file__).with_name("prefect.yaml"), Path(__file__).parent.parent / "prefect.yaml"):
        if path.is_file():
            return path
    raise ConfigurationError("Cannot find prefect.yaml: the installation is incomplete. Install the package again.")


def read_deployments() -> list[dict[str, Any]]:
    """Return the deployments of prefect.yaml, with one `ingest` for each schedule group of the registry, where there is one."""
    return per_group(_read_file()["deployments"], registered_groups())


def _read_file() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(deployments_file().read_text(encoding="utf-8"))
    return found


def registered_groups() -> tuple[str, ...]:
    """Return the schedule groups of the registry's enabled sources; none without a registry."""
    from flows.ingest import registered

    return tuple(sorted({one.schedule for one in registered(settings()) if one.enabled}))


def per_group(given: list[dict[str, Any]], groups: Sequence[str]) -> list[dict[str, Any]]:
    """Return the deployments with `ingest` once for each group, at the times of GROUP_SCHEDULES; `pipeline`, which reads all, then has no schedule."""
    if not groups:
        return given
    found = []
    for one in given:
        if one["name"] == INGEST:
            found += [_ingest_of(one, group) for group in groups]
        else:
            found.append({**one, "schedules": []} if one["name"] == "pipeline" else one)
    return found


def _ingest_of(given: dict[str, Any], group: str) -> dict[str, Any]:
    cron = GROUP_SCHEDULES.get(group)
    schedules = [{"cron": cron, "timezone": "Etc/UTC", "slug": group, "active": True}] if cron else []
    about = f"Read the sources of the schedule group {group}." + ("" if cron else " Its schedule is set in the UI.")
    parameters = {**parameters_of(given), "group": group}
    return {**given, "name": f"{INGEST}-{group}", "description": about, "parameters": parameters, "schedules": schedules}


def deploy(webhook: str | None = None) -> list[str]:
    """Register all of it on the server of PREFECT_API_URL and return what was done, a line each. Running it again changes nothing.

    Args:
        webhook: address that failures are posted to; None keeps the block that the server may have.
    """
    done = [make_pool(), *make_deployments(), make_automation(zombie_automation())]
    block_id = webhook_block(webhook)
    if block_id is None:
        done.append("failure automation: left out, as no webhook is known; give one with --webhook or DATELINE_FAILURE_WEBHOOK")
    else:
        done.append(make_automation(failure_automation(block_id)))
    return done


def make_pool() -> str:
    """Make the work pool where the server has none."""
    with get_client(sync_client=True) as client:
        try:
            client.read_work_pool(POOL)
        except ObjectNotFound:
            client.create_work_pool(WorkPoolCreate(name=POOL, type="process", description="Processes that run Dateline"))
            return f"work pool {POOL}: made"
    return f"work pool {POOL}: there already"


def make_deployments() -> list[str]:
    """Register every deployment of prefect.yaml, schedules and concurrency limits included, by Prefect's own command."""
    found = read_deployments()
    with tempfile.TemporaryDirectory(prefix="dateline-deploy-") as folder:
        path = Path(folder) / "prefect.yaml"
        path.write_text(yaml.safe_dump({**_read_file(), "deployments": found}, sort_keys=False), encoding="utf-8")
        command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all", "--prefect-file", str(path)]
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300, env={**os.environ, "PREFECT_CLI_COLORS": "false"})
    if result.returncode != 0:
        last = [line for line in (result.stdout + result.stderr).splitlines() if line.strip()][-1:]
        raise TransientError(f"Cannot register the deployments: {' '.join(last)}. Check PREFECT_API_URL and try again.", code="deploy_failed")
    return [f"deployment {d['name']}: registered" for d in found]


def zombie_automation() -> AutomationCore:
    """Return the documented automation that marks runs crashed whose heartbeats stop, so that their concurrency slot is free."""
    ends = {f"prefect.flow-run.{state}" for state in ("Completed", "Failed", "Cancelled", "Crashed")}
    return AutomationCore(
        name="dateline: crash zombie runs",
        description="A killed process cannot say that it ended; three missing heartbeats say it.",
        trigger=EventTrigger(
            after={"prefect.flow-run.heartbeat"},
            expect={"prefect.flow-run.heartbeat", *ends},
            match={"prefect.resource.id": FLOW_RUN},
            for_each={"prefect.resource.id"},
            posture=Posture.Proactive,
            threshold=1,
            within=MISSED_HEARTBEATS,
        ),
        actions=[ChangeFlowRunState(state=StateType.CRASHED, message="Its process sent no heartbeat any more.")],
    )


def failure_automation(block_id: Any) -> AutomationCore:
    """Return the automation that posts failed and crashed runs to the webhook."""
    return AutomationCore(
        name="dateline: report failures",
        description="Posts every failed or crashed run of a Dateline deployment to the webhook block.",
        trigger=EventTrigger(
            expect={"prefect.flow-run.Failed", "prefect.flow-run.Crashed"},
            match={"prefect.resource.id": FLOW_RUN},
            match_related={"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{TAG}"},
            posture=Posture.Reactive,
            threshold=1,
        ),
        actions=[CallWebhook(block_document_id=block_id, payload=FAILURE_PAYLOAD)],
    )


FAILURE_PAYLOAD = (
    '{"text": "Dateline run {{ flow_run.name }} of {{ flow.name }} is {{ flow_run.state.name }} (run {{ flow_run.id }})'
    '{% if flow_run|ui_url %}: {{ flow_run|ui_url }}{% endif %}"}'
)


def make_automation(wanted: AutomationCore) -> str:
    """Make the automation, or bring the one of that name up to date."""
    with get_client(sync_client=True) as client:
        found = client.read_automations_by_name(wanted.name)
        if found:
            client.update_automation(found[0].id, wanted)
            return f"automation {wanted.name!r}: brought up to date"
        client.create_automation(wanted)
    return f"automation {wanted.name!r}: made"


def webhook_block(address: str | None) -> Any:
    """Store the address as a secret block, and return the block's id; None where neither an address nor a block is there."""
    if address:
        return Webhook(method="POST", url=address).save(WEBHOOK_BLOCK, overwrite=True)
    try:
        return Webhook.load(WEBHOOK_BLOCK)._block_document_id
    except ValueError:
        return None


def served() -> list[Any]:
    """Return the deployments of prefect.yaml for `prefect.serve`: in this process, without work pool."""
    from importlib import import_module

    from prefect.client.schemas.objects import ConcurrencyLimitConfig
    from prefect.flows import EntrypointType
    from prefect.schedules import Cron

    made = []
    for given in read_deployments():
        module, _, name = given["entrypoint"].rpartition(".")
        schedules = [Cron(s["cron"], timezone=s["timezone"], slug=s["slug"]) for s in given["schedules"]]
        flow = getattr(import_module(module), name)
        made.append(
            flow.to_deployment(
                given["name"],
                schedules=schedules or None,
                parameters=parameters_of(given),
                description=given["description"],
                tags=given["tags"],
                concurrency_limit=ConcurrencyLimitConfig(**given["concurrency_limit"]),
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        )
    return made


def parameters_of(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a deployment's parameters."""
    return dict(given.get("parameters") or {})
