"""What it was measured on."""

import os
import platform
import sqlite3
from pathlib import Path

from sqlalchemy import text

from training_hub.database import db


def machine() -> str:
    """Cores, processor, system and Python, on one line."""
    return (
        f"{os.cpu_count()} cores, {_processor()}, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    )


def database() -> str:
    """SQLite 3.40.1"""
    if db.engine.dialect.name == "sqlite":
        return f"SQLite {sqlite3.sqlite_version}"
    found = str(db.session.scalar(text("SHOW server_version")))
    db.session.rollback()
    return f"PostgreSQL {found}"


def resident_megabytes(process: int) -> float | None:
    """How much memory a process holds, in megabytes. None if the system does not say."""
    status = Path(f"/proc/{process}/status")
    if not status.exists():
        return None
    lines = dict(
        line.split(":", 1) for line in status.read_text(encoding="utf-8").splitlines() if ":" in line
    )
    return int(lines["VmRSS"].split()[0]) * 1024 / 1_000_000


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
