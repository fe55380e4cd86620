"""Writes a SQLModel project of as many tables as asked for, twelve columns each, to measure on: `generate.py DIRECTORY TABLES`.

Ten tables a module, in a package `generated`; every table has a foreign key to the one ten before it (the first ten have none), with a relationship on
both sides and an index, defaults in Python and in PostgreSQL, a JSONB column and an enum. What it writes depends on the number of tables alone, and
schemalint finds nothing in it.
"""

import sys
from pathlib import Path

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
A_MODULE = 10
"""How many tables stand in one module."""

HEAD = """\
from datetime import datetime, timezone
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Optional
from uuid import UUID, uuid4

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, Relationship, SQLModel

if TYPE_CHECKING:
    from generated import *


def now() -> datetime:
    return datetime.now(timezone.utc)
"""

TABLE = """

class Thing{n}State(Enum):
    open = "open"
    closed = "closed"


class Thing{n}(SQLModel, table=True):
    __tablename__ = "thing_{n}s"

    id: UUID = Field(default_factory=uuid4, primary_key=True)
    name: str = Field(max_length=100, unique=True)
    title: str = Field(max_length=200)
    description: str | None = Field(default=None, max_length=2000)
    position: int = Field(default=0)
    price: Decimal = Field(max_digits=10, decimal_places=2)
    is_done: bool = Field(default=False)
    state: Thing{n}State = Field(default=Thing{n}State.open)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=JSONB)
    created_at: datetime = Field(default_factory=now, sa_column_kwargs={{"server_default": func.now()}})
    updated_at: datetime = Field(default_factory=now, sa_column_kwargs={{"server_default": func.now(), "onupdate": now}})
{links}"""

PARENT = """\
    parent_id: UUID | None = Field(default=None, foreign_key="thing_{parent}s.id", ondelete="SET NULL", index=True)
    parent: Optional["Thing{parent}"] = Relationship(back_populates="children")
"""

CHILDREN = """\
    children: list["Thing{child}"] = Relationship(back_populates="parent")
"""


def main() -> None:
    directory, tables = Path(sys.argv[1]), int(sys.argv[2])
    generate(directory, tables)


def generate(directory: Path, tables: int) -> None:
    """Write the package `generated` with `tables` tables and a `pyproject.toml` that names it into `directory`."""
    package = directory / "generated"
    package.mkdir(parents=True)
    (directory / "pyproject.toml").write_text('[tool.schemalint]\nmodels = ["generated"]\n')
    modules = range(0, tables, A_MODULE)
    naming = "from sqlmodel import SQLModel\n\nSQLModel.metadata.naming_convention = " + repr(NAMES) + "\n\n"
    (package / "__init__.py").write_text(
        naming + "".join(f"from generated.things_{first} import *\n" for first in modules)
    )
    for first in modules:
        body = "".join(table(number, tables) for number in range(first, min(first + A_MODULE, tables)))
        (package / f"things_{first}.py").write_text(HEAD + body)


def table(number: int, tables: int) -> str:
    """Return the source of one table: in a chain of every tenth, so that nearly each has one parent and one child."""
    parent, child = number - A_MODULE, number + A_MODULE
    links = PARENT.format(parent=parent) if parent >= 0 else "    shelf: int = Field(default=0)\n"
    links += CHILDREN.format(child=child) if child < tables else ""
    return TABLE.format(n=number, links=links)


if __name__ == "__main__":
    main()
