"""Settings come from the environment; `fahui doctor` prints this table with the values in force."""

import hashlib
import os
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal

PROJECT = Path(__file__).resolve().parents[2]
Mode = Literal["demo", "production", "test"]


def _setting(variable: str, default: str, help_text: str) -> Any:
    return field(
        default_factory=lambda: os.environ.get(variable, default),
        metadata={"variable": variable, "default": default, "help": help_text},
    )


def _data_dir() -> Path:
    """Return where the program keeps its data.

    PostgreSQL refuses to run as root, so as root the server gets an unprivileged user; a project below a
    private home would be closed to that user, and opening somebody's home is not ours to do.
    """
    named = os.environ.get("FAHUI_DATA_DIR")
    if named:
        return Path(named).resolve()
    if os.geteuid() == 0 and not _open_to_everyone(PROJECT):
        return Path("/var/lib/fahui") / hashlib.sha256(str(PROJECT).encode()).hexdigest()[:12]
    return PROJECT / ".fahui"


def _open_to_everyone(folder: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in (folder, *folder.parents))


@dataclass(frozen=True)
class Settings:
    """Everything the environment decides."""

    mode: Mode = _setting("FAHUI_MODE", "demo", "demo, production or test")
    data_dir: Path = field(
        default_factory=_data_dir,
        metadata={
            "variable": "FAHUI_DATA_DIR",
            "default": ".fahui",
            "help": "files, keys, embedded database",
        },
    )
    database_url: str = _setting("DATABASE_URL", "", "an external PostgreSQL >= 15; empty: embedded")
    database_direct_url: str = _setting(
        "DATABASE_DIRECT_URL",
        "",
        "the owner's direct connection, for migrations and backups; empty: DATABASE_URL",
    )
    pooler: str = _setting("DATABASE_POOLER", "", "1 when DATABASE_URL is a pooler in transaction mode")
    pool_size: str = _setting("DATABASE_POOL_SIZE", "10", "connections of each process")
    host: str = _setting("FAHUI_HOST", "127.0.0.1", "address the web site listens on")
    port: str = _setting("FAHUI_PORT", "8000", "port the web site listens on")
    base_url: str = _setting("FAHUI_BASE_URL", "", "public address, for links in messages; empty: host and port")
    secret_file: str = _setting("FAHUI_KEY_FILE", "", "master keys; empty: keys.json in the data folder")
    store_url: str = _setting("FAHUI_STORE_URL", "", "s3://bucket/folder for files; empty: below the data folder")
    smtp_url: str = _setting("FAHUI_SMTP_URL", "", "smtps://user:password@host or smtp://…; empty: no e-mail leaves")
    mail_from: str = _setting("FAHUI_MAIL_FROM", "", "the sender of e-mail, such as 法惠 <fahui@example.gov.cn>")
    issuer_zh: str = _setting("FAHUI_ISSUER_ZH", "杭州市公共法律服务中心", "who certifies hours, in Chinese")
    issuer_en: str = _setting("FAHUI_ISSUER_EN", "Hangzhou Public Legal Service Centre", "who certifies, in English")
    stripe_key: str = _setting("FAHUI_STRIPE_KEY", "", "Stripe's secret key, for gifts; empty: gifts are not set up")
    stripe_secret: str = _setting("FAHUI_STRIPE_SECRET", "", "what Stripe signs its events with (whsec_…)")
    stripe_address: str = _setting("FAHUI_STRIPE_ADDRESS", "", "another address than Stripe's, for tests")
    platform_columns: str = _setting(
        "FAHUI_PLATFORM_COLUMNS",
        "",
        "columns of the file for the national volunteer platform, by comma; empty: ours, which nobody has verified",
    )
    log_level: str = _setting("FAHUI_LOG_LEVEL", "INFO", "DEBUG, INFO, WARNING or ERROR")

    @property
    def embedded(self) -> bool:
        """Tell whether the program runs its own PostgreSQL."""
        return not self.database_url

    @property
    def key_file(self) -> Path:
        """Return where the master keys lie; never inside a backup."""
        return Path(self.secret_file) if self.secret_file else self.data_dir / "keys.json"

    @property
    def public_url(self) -> str:
        """Return the address that goes into links outside a request."""
        return self.base_url or f"http://{self.host}:{self.port}"


@cache
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings()


def documented() -> list[dict[str, str]]:
    """Return one row per setting for the documents and the doctor: variable, default, help."""
    return [dict(entry.metadata) for entry in fields(Settings)]
