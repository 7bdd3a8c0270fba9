"""Settings: the key that sessions and links are signed with, and connections to PostgreSQL."""

from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import QueuePool

from training_hub import create_app
from training_hub.config import Settings, settings_from
from training_hub.database import db
from training_hub.errors import WrongSettings


def test_secret_key_is_made_once_and_private(
    tmp_path: Path,
) -> None:
    data, keys = tmp_path / "data", list[str]()

    def start() -> None:
        keys.append(settings_from({"TRAINING_HUB_DATA": str(data)}).secret_key)

    threads = [Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(keys), len(set(keys)), len(keys[0])) == (8, 1, 64)
    assert [(file.name, file.stat().st_mode & 0o777) for file in data.iterdir()] == [("secret-key", 0o600)]


@pytest.mark.parametrize("content", ["", "short"])
def test_weak_secret_key_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret-key").write_text(content)
    with pytest.raises(WrongSettings, match="too short to keep sign-ins safe"):
        settings_from({"TRAINING_HUB_DATA": str(tmp_path)})


def test_48_idle_processes_fit_into_postgresql(settings: Settings) -> None:
    app = create_app(replace(settings, database_url="postgresql+psycopg://hub@localhost/hub"))
    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        # PostgreSQL takes 100 connections, and reserves three.
        assert pool.size() * 48 <= 97
