"""The command as people run it: a process of its own, in a folder of its own."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from training_hub.commands.main import main

Ran = subprocess.CompletedProcess[str]
Run = Callable[..., Ran]
COMMAND = [sys.executable, "-W", "error", "-m", "training_hub.commands"]


def environment(data: Path, **settings: str) -> dict[str, str]:
    """Nothing of ours but the folder and these settings."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("TRAINING_HUB_")}
    return plain | {"TRAINING_HUB_DATA": str(data)} | settings


@pytest.fixture
def process(tmp_path: Path) -> Run:
    """Call it with a command's words to run it as people do, on the folder `tmp_path / "data"`."""

    def run_process(*words: str, **settings: str) -> Ran:
        return subprocess.run(
            [*COMMAND, *words],
            env=environment(tmp_path / "data", **settings),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run_process


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The same without a process of its own, which would take most of a second."""

    def run_here(*words: str, **settings: str) -> Ran:
        # The environment and the folder, as a shell would set them, and put back afterwards: none of our code.
        with monkeypatch.context() as here:
            for name in os.environ:
                if name.startswith("TRAINING_HUB_"):
                    here.delenv(name)
            here.chdir(tmp_path)
            for name, value in ({"TRAINING_HUB_DATA": str(tmp_path / "data")} | settings).items():
                here.setenv(name, value)
            status = main(words)
        said = capfd.readouterr()
        return Ran(words, status, said.out, said.err)

    return run_here


@pytest.fixture(scope="session")
def built_demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ran]:
    """A folder with a demo in it, built once for all tests, and what building it said."""
    data = tmp_path_factory.mktemp("demo") / "data"
    ran = subprocess.run(
        [*COMMAND, "demo", "--no-serve"],
        env=environment(data),
        cwd=data.parent,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return data, ran


@pytest.fixture
def demo(built_demo: tuple[Path, Ran], tmp_path: Path) -> Path:
    """A demo's folder that is this test's alone."""
    shutil.copytree(built_demo[0], tmp_path / "data")
    return tmp_path / "data"


@pytest.fixture
def migrated(run: Run, tmp_path: Path) -> Path:
    """The folder of an installation that is set up and empty."""
    assert run("upgrade").returncode == 0
    return tmp_path / "data"
