"""docker-compose.yml and Dockerfile: hardened, without default passwords, in an order that can start. It is run natively by acceptance/test_compose.py."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from compose_file import FILE, ROOT, read_compose

VARIABLES = {"DATELINE_DB_PASSWORD": "one", "PREFECT_SERVER_API_AUTH_STRING": "admin:two"}
COMPOSE = read_compose(VARIABLES)
SERVICES: dict[str, Any] = COMPOSE["services"]


def test_the_services_are_these() -> None:
    assert set(SERVICES) == {"postgres", "migrate", "server", "worker"}


@pytest.mark.parametrize("missing", VARIABLES)
def test_there_is_no_default_password(missing: str) -> None:
    with pytest.raises(KeyError, match=missing):
        read_compose({name: value for name, value in VARIABLES.items() if name != missing})


@pytest.mark.parametrize("name", SERVICES)
def test_every_service_is_hardened(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service
    assert int(service["user"].split(":")[0]) > 0
    assert "/tmp" in service["tmpfs"]
    assert {"cpus", "memory", "pids"} <= service["deploy"]["resources"]["limits"].keys()


@pytest.mark.parametrize("name", SERVICES)
def test_ports_are_bound_to_this_machine_only(name: str) -> None:
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name].get("ports", []))


def test_each_service_waits_for_what_it_needs() -> None:
    waits = {name: {other: how["condition"] for other, how in service.get("depends_on", {}).items()} for name, service in SERVICES.items()}
    assert waits == {
        "postgres": {},
        "migrate": {"postgres": "service_healthy"},
        "server": {"migrate": "service_completed_successfully"},
        "worker": {"server": "service_healthy"},
    }
    needed = {other for service in waits.values() for other, how in service.items() if how == "service_healthy"}
    assert all("healthcheck" in SERVICES[name] for name in needed)


def test_the_worker_can_be_scaled() -> None:
    assert "container_name" not in SERVICES["worker"]
    assert "ports" not in SERVICES["worker"]


def test_volumes_networks_and_configs_are_declared() -> None:
    volumes = {volume.split(":")[0] for s in SERVICES.values() for volume in s.get("volumes", [])}
    assert {v for v in volumes if "/" not in v} <= COMPOSE["volumes"].keys()
    assert {n for s in SERVICES.values() for n in s["networks"]} <= COMPOSE["networks"].keys()
    assert {c["source"] for s in SERVICES.values() for c in s.get("configs", [])} <= COMPOSE["configs"].keys()


def test_prefect_and_the_events_have_databases_of_their_own() -> None:
    server, worker = SERVICES["server"]["environment"], SERVICES["worker"]["environment"]
    assert server["PREFECT_SERVER_DATABASE_CONNECTION_URL"].endswith("/prefect")
    assert worker["DATELINE_DATABASE_URL"].endswith("/dateline")
    assert "CREATE DATABASE prefect" in COMPOSE["configs"]["prefect_database"]["content"]


def test_the_file_is_valid_by_the_specification() -> None:
    checker = shutil.which("check-jsonschema", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if checker is None:
        pytest.skip("check-jsonschema, which ships the compose specification's schema, is not installed")
    done = subprocess.run([checker, "--builtin-schema", "vendor.compose-spec", str(FILE)], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stdout


def test_the_image_copies_what_is_there_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = [word for line in re.findall(r"^COPY (?!--from)(.*)$", dockerfile, re.MULTILINE) for word in line.split()[:-1]]
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied
    assert all((ROOT / path).exists() for path in copied)
    assert set(copied) <= allowed
    assert "USER 10001:10001" in dockerfile
    assert "--require-hashes" in dockerfile
