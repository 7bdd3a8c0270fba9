"""Which functions of training_hub write SQL by hand, and which of them a run of the tests has called.

What SQLAlchemy writes alone is the same on both databases. What we write ourselves (a function of the database, a
grouping, a lock, a condition of an index) one may take and the other refuse, or answer differently. So a run on
PostgreSQL of the tests marked `postgres` fails where such a function was never called in it.
"""

import ast
import sys
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

import pytest

Function = ast.FunctionDef | ast.AsyncFunctionDef
NAMES = {"case", "distinct", "extract", "literal_column", "text"}
"""Names from sqlalchemy that count as SQL by hand."""
METHODS = {"distinct", "exec_driver_sql", "group_by", "having", "op", "over", "with_for_update"}
ARGUMENTS = {"postgresql_where", "skip_locked", "sqlite_where", "with_for_update"}
PATTERNS = {"contains", "endswith", "ilike", "like", "startswith"}
"""By hand on a column: LIKE is case-sensitive on one database only."""
SQLITE_ONLY = {"training_hub.database.begin"}
"""The lock that SQLite needs, of which PostgreSQL knows nothing."""
CALLED: set[str] = set()
"""The functions that write SQL by hand and have been called, as "module.function"."""


def by_hand(source: ast.Module) -> list[Function]:
    """The functions and methods of a module that write SQL by hand, or use the module's SQL by hand."""
    words = {
        alias.asname or alias.name
        for node in ast.walk(source)
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sqlalchemy"
        for alias in node.names
    } & NAMES
    constants = {
        target.id
        for statement in source.body
        if isinstance(statement, ast.Assign | ast.AnnAssign) and _has(statement, words, set())
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name)
    }
    return [function for function in _outermost(source) if _has(function, words, constants)]


def _has(part: ast.AST, words: set[str], constants: set[str]) -> bool:
    return any(_is_by_hand(node, words, constants) for node in ast.walk(part))


def _outermost(node: ast.AST) -> Iterator[Function]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function):
            yield child
        else:
            yield from _outermost(child)


def _is_by_hand(node: ast.AST, words: set[str], constants: set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in constants
    if isinstance(node, ast.Attribute):
        named = node.value.id if isinstance(node.value, ast.Name) else ""
        return named == "func" or (node.attr == "name" and "dialect" in ast.unparse(node.value))
    if not isinstance(node, ast.Call):
        return False
    if any(each.arg in ARGUMENTS for each in node.keywords):
        return True
    called = node.func
    if isinstance(called, ast.Name):
        return called.id in words
    if not isinstance(called, ast.Attribute):
        return False
    is_column = isinstance(called.value, ast.Attribute) and ast.unparse(called.value)[0].isupper()
    return called.attr in METHODS or (called.attr in PATTERNS and is_column)


class _Noting(SourceFileLoader):
    """Loads a module so that its functions with SQL by hand note their calls."""

    def get_code(self, fullname: str) -> CodeType | None:
        path = self.get_filename(fullname)
        source = ast.parse(self.get_data(path))
        functions = by_hand(source)
        if not functions:
            return super().get_code(fullname)
        for function in functions:
            name = f"{fullname}.{function.name}"
            (note,) = ast.parse(f"__import__('tests.sql_by_hand').sql_by_hand.CALLED.add({name!r})").body
            function.body.insert(0 if ast.get_docstring(function) is None else 1, note)
        return compile(ast.fix_missing_locations(source), path, "exec")  # type: ignore[no-any-return]


class Finder(PathFinder):
    """Finds the modules of training_hub for this loader."""

    @classmethod
    def find_spec(
        cls, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] != "training_hub":
            return None
        found = super().find_spec(fullname, path, target)
        if found is not None and isinstance(found.loader, SourceFileLoader):
            found.loader = _Noting(found.loader.name, found.loader.path)
        return found


def note_calls() -> None:
    """Make every module of training_hub imported from now on note its calls."""
    sys.meta_path.insert(0, Finder)


def never_called() -> list[str]:
    """The functions of training_hub that write SQL by hand and have not been called."""
    root = Path(__file__).parents[1]
    written = {
        ".".join([*path.relative_to(root).with_suffix("").parts, function.name])
        for path in (root / "training_hub").rglob("*.py")
        for function in by_hand(ast.parse(path.read_text()))
    }
    return sorted(written - CALLED - SQLITE_ONLY)


def _is_whole(config: pytest.Config) -> bool:
    """Whether this run has all marked tests."""
    is_all = config.args_source is pytest.Config.ArgsSource.TESTPATHS and not config.option.keyword
    return is_all and config.option.markexpr == "postgres"


class Watch:
    """A pytest plugin that gathers the calls of all processes, and fails a run that missed some."""

    missing: Sequence[str] = ()

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        handed_on = getattr(session.config, "workeroutput", None)
        if handed_on is not None:
            handed_on["sql by hand"] = sorted(CALLED)
        elif _is_whole(session.config) and session.exitstatus == 0:
            self.missing = never_called()
            session.exitstatus = 1 if self.missing else 0

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        CALLED.update(getattr(node, "workeroutput", {}).get("sql by hand", ()))

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name in self.missing:
            terminalreporter.write_line(f"SQL by hand that no test marked `postgres` calls: {name}", red=True)
