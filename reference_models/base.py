"""What models share: constraint names, the key, timestamps, soft deletion, the audit trail, how enums are stored."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Enum, MetaData, func
from sqlalchemy.orm import registry
from sqlmodel import Field, SQLModel

NAMING_CONVENTION = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}
"""Names that models and migrations agree on, so that a migration can name what it drops."""


class Base(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING_CONVENTION))):
    """The base of all models, with a registry and metadata of its own: env.py names `Base.metadata`."""


class UUIDKey(Base):
    """A key that both sides can make: Python before the insert, PostgreSQL for rows from elsewhere."""

    id: UUID = Field(
        default_factory=uuid4,
        primary_key=True,
        sa_column_kwargs={"server_default": func.gen_random_uuid()},
    )


class Created(Base):
    """When the row was made, for rows that never change."""

    # Only the server's clock counts: an update is then never earlier than the insert. None until the flush.
    created_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.now()})


class Timestamps(Created):
    """When the row was made and last changed."""

    # UPDATE ... RETURNING updated_at; else reading it after a flush is a query, which an async session cannot make.
    __mapper_args__: ClassVar[dict[str, bool]] = {"eager_defaults": True}

    updated_at: datetime = Field(default=None, sa_column_kwargs={"server_default": func.now(), "onupdate": func.now()})


class SoftDelete(Base):
    """A row that users can delete and bring back; queries and partial indexes leave the deleted ones out."""

    deleted_at: datetime | None = Field(
        default=None, sa_column_kwargs={"comment": "When the user deleted it; null while it is in use"}
    )


class Audit(Base):
    """Who made the row and who changed it last; null when that was the system or a user who is gone."""

    created_by: UUID | None = Field(
        default=None,
        foreign_key="users.id",
        ondelete="SET NULL",
        index=True,
        sa_column_kwargs={"comment": "User who made the row; null for the system or a user who is gone"},
    )
    updated_by: UUID | None = Field(
        default=None,
        foreign_key="users.id",
        ondelete="SET NULL",
        index=True,
        sa_column_kwargs={"comment": "User who changed the row last; null for the system or a user who is gone"},
    )


def native_enum(members: type[StrEnum], name: str) -> Enum:
    """Return the PostgreSQL enum `name` whose labels are the members' values (SQLAlchemy would store their names)."""
    return Enum(members, name=name, values_callable=values)


def closed_set(members: type[StrEnum], name: str, length: int) -> Enum:
    """Return VARCHAR(`length`) with the CHECK `name` on the members' values: easier to change than an enum."""
    return Enum(members, name=name, length=length, native_enum=False, create_constraint=True, values_callable=values)


def values(members: type[StrEnum]) -> list[str]:
    """Return the values of an enum's members, in their order."""
    return [member.value for member in members]
