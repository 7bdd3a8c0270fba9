"""What counts as SQL by hand, which a marked test has to run on PostgreSQL."""

import ast
from textwrap import dedent

import pytest

from tests.sql_by_hand import by_hand

PLAIN = """
    from sqlalchemy import select

    def plain(name):
        return select(Person).where(Person.name == name, name.startswith("A")).order_by(Person.id)
"""


def found(source: str) -> list[str]:
    return [function.name for function in by_hand(ast.parse(dedent(source)))]


def test_sqlalchemy_statements_are_not_sql_by_hand() -> None:
    assert found(PLAIN) == []


@pytest.mark.parametrize(
    "expression",
    [
        "func.count()",
        "text('SELECT 1')",
        "case((a, 1), else_=0)",
        "select(Person).with_for_update()",
        "db.session.refresh(row, with_for_update=True)",
        "select(Person).group_by(Person.id)",
        "Person.name.startswith(word)",
        "func.lower(Person.name).contains(word)",
        "engine.dialect.name == 'sqlite'",
        "LAST",
    ],
)
def test_sql_by_hand_is_found(expression: str) -> None:
    source = f"""
        from sqlalchemy import case, func, select, text
        LAST = select(func.max(Person.id))

        class Some:
            def one(self):
                return [{expression} for _ in range(2)]
    """
    assert found(source) == ["one"]
