"""A subject is one folder: its modules, its endpoints and its templates share the package's name."""

import ast
from pathlib import Path

import pytest
from flask import Flask

import training_hub

ROOT = Path(training_hub.__file__).parent
WITH_CODE = {
    "training_hub/__init__.py": "create_app",
    "training_hub/paper/__init__.py": "one import that must come before reportlab's shapes",
}
"""The exceptions, as well as each package's `views/__init__.py`, which is its door."""


def _is_door(path: Path) -> bool:
    return path.parent.name == "views"


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(ROOT.rglob("__init__.py")) if not _is_door(path)],
    ids=lambda path: str(path.relative_to(ROOT.parent)),
)
def test_an_init_file_holds_a_docstring_alone(path: Path) -> None:
    if str(path.relative_to(ROOT.parent)) in WITH_CODE:
        return
    body = ast.parse(path.read_text()).body
    assert [ast.get_docstring(ast.parse(path.read_text())) is not None, len(body)] == [True, 1]


def test_an_endpoint_begins_with_its_package(app: Flask) -> None:
    strays = {
        endpoint: view.__module__
        for endpoint, view in app.view_functions.items()
        if view.__module__.startswith("training_hub.")
        and endpoint.split(".")[0] != view.__module__.split(".")[1]
    }
    assert strays == {}


def test_a_view_renders_templates_of_its_own_package() -> None:
    strays = []
    for path in ROOT.rglob("*.py"):
        package = path.relative_to(ROOT).parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and str(node.value).endswith(".html"):
                folder = str(node.value).split("/")[0]
                if (ROOT / "templates" / str(node.value)).exists() and folder != package:
                    strays.append((str(path.relative_to(ROOT)), node.value))
    assert strays == []
