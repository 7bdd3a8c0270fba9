"""The machine that was measured."""

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


def memory_of_each(process: int) -> list[float]:
    """Megabytes that a process and each of its children hold. What they share is divided by how many share it.

    Nothing if the system does not say.
    """
    children = Path(f"/proc/{process}/task/{process}/children")
    if not children.exists():
        return []
    return [_megabytes(each) for each in [str(process), *children.read_text(encoding="ascii").split()]]


def _megabytes(process: str) -> float:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8").splitlines()
    (held,) = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(held) * 1024 / 1_000_000


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
