"""The fixes of the rules about types, performed: what the models say afterwards, in every style of model."""

import pytest

from fixes import fixed
from schemalint.rule import Rule
from schemalint.rules.schema.default_evaluated_once import default_evaluated_once
from schemalint.rules.schema.default_is_function import default_is_function
from schemalint.rules.schema.enum_stores_names import enum_stores_names
from schemalint.rules.schema.json_none_is_json_null import json_none_is_json_null
from schemalint.rules.schema.json_not_jsonb import json_not_jsonb
from schemalint.rules.schema.max_length_not_in_database import max_length_not_in_database
from schemalint.rules.schema.naive_datetime_column import naive_datetime_column
from schemalint.rules.schema.naive_datetime_value import naive_datetime_value
from schemalint.rules.schema.string_length import string_length

HEADER = """
from pydantic import constr
from sqlalchemy.ext.mutable import MutableDict

class Status(StrEnum):
    OPEN = "open"
"""


def sqlmodel(line: str) -> str:
    return f"""{HEADER}
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    {line}
"""


def declarative(line: str) -> str:
    return f"""{HEADER}
class Base(DeclarativeBase): ...

class Task(Base):
    __tablename__ = "tasks"
    id: Mapped[int] = mapped_column(primary_key=True)
    {line}
"""


BY_VALUE = "values_callable=lambda members: [member.value for member in members]"

FIELDS: list[tuple[Rule, str, str]] = [
    (json_not_jsonb, "x: dict = Field(sa_type=sa.JSON)", "x: dict = Field(sa_type=pg.JSONB)"),
    (json_not_jsonb, "x: dict = Field(sa_type=sa.JSON(none_as_null=True))", "x: dict = Field(sa_type=pg.JSONB(none_as_null=True))"),
    (json_not_jsonb, "x: dict = Field(sa_column=Column(sa.JSON, nullable=False))", "x: dict = Field(sa_column=Column(pg.JSONB, nullable=False))"),
    (json_not_jsonb, "x: dict = Field(sa_type=MutableDict.as_mutable(sa.JSON))", "x: dict = Field(sa_type=MutableDict.as_mutable(pg.JSONB))"),
    (
        json_not_jsonb,
        "x: dict = Field(sa_type=sa.JSON); y: str = Field(sa_type=sa.String().with_variant(sa.Text(), 'mysql'))",
        """x: dict = Field(sa_type=sa.JSON().with_variant(pg.JSONB(), "postgresql")); y: str = Field(sa_type=sa.String().with_variant(sa.Text(), 'mysql'))""",
    ),
    (
        json_none_is_json_null,
        "x: dict | None = Field(default=None, sa_type=pg.JSONB)",
        "x: dict | None = Field(default=None, sa_type=pg.JSONB(none_as_null=True))",
    ),
    (
        json_none_is_json_null,
        'x: dict | None = Field(default=None, sa_type=sa.JSON().with_variant(pg.JSONB(), "postgresql"))',
        'x: dict | None = Field(default=None, sa_type=sa.JSON().with_variant(pg.JSONB(none_as_null=True), "postgresql"))',
    ),
    (enum_stores_names, "x: Status", f"x: Status = Field(sa_type=sa.Enum(Status, {BY_VALUE}))"),
    (enum_stores_names, "x: Status = Status.OPEN", f"x: Status = Field(default=Status.OPEN, sa_type=sa.Enum(Status, {BY_VALUE}))"),
    (
        enum_stores_names,
        "x: Status = Field(sa_type=sa.Enum(Status, name='state'))",
        f'x: Status = Field(sa_type=sa.Enum(Status, name="state", {BY_VALUE}))',
    ),
    (string_length, "x: str", "x: str = Field(max_length=255)"),
    (string_length, "x: str | None = None", "x: str | None = Field(default=None, max_length=255)"),
    (string_length, "x: str = Field(sa_type=sa.String)", "x: str = Field(sa_type=sa.String(255))"),
    (string_length, "x: str = Field(sa_column=Column(sa.String()))", "x: str = Field(sa_column=Column(sa.String(255)))"),
    (max_length_not_in_database, "x: constr(max_length=8)", "x: constr(max_length=8) = Field(max_length=8)"),
    (max_length_not_in_database, "x: str = Field(max_length=8, sa_type=sa.Text)", "x: str = Field(max_length=8, sa_type=sa.String(8))"),
    (naive_datetime_column, "x: datetime = Field(sa_type=sa.DateTime)", "x: datetime = Field(sa_type=sa.DateTime(timezone=True))"),
    (
        naive_datetime_column,
        "x: datetime = Field(sa_type=pg.TIMESTAMP(precision=3))",
        "x: datetime = Field(sa_type=pg.TIMESTAMP(timezone=True, precision=3))",
    ),
    (
        naive_datetime_column,
        "x: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime())",
        "x: datetime = Field(default_factory=lambda: datetime.now(timezone.utc), sa_type=sa.DateTime(timezone=True))",
    ),
    (
        naive_datetime_value,
        "x: datetime = Field(default_factory=datetime.utcnow, sa_type=sa.DateTime(timezone=True))",
        "x: datetime = Field(default_factory=lambda: datetime.now(timezone.utc), sa_type=sa.DateTime(timezone=True))",
    ),
    (default_evaluated_once, "x: UUID = Field(default=uuid4(), unique=True)", "x: UUID = Field(default_factory=uuid4, unique=True)"),
    (
        default_evaluated_once,
        "x: str = Field(default=str(uuid4()), max_length=36, unique=True)",
        "x: str = Field(default_factory=lambda: str(uuid4()), max_length=36, unique=True)",
    ),
    (default_is_function, "x: UUID = Field(default=uuid4)", "x: UUID = Field(default_factory=uuid4)"),
    (default_is_function, "x: dict = Field(default=dict, sa_type=pg.JSONB)", "x: dict = Field(default_factory=dict, sa_type=pg.JSONB)"),
]  # fmt: skip

COLUMNS: list[tuple[Rule, str, str]] = [
    (json_not_jsonb, "x: Mapped[dict] = mapped_column(sa.JSON)", "x: Mapped[dict] = mapped_column(pg.JSONB)"),
    (json_not_jsonb, "x = Column('x', sa.JSON(), nullable=False)", "x = Column('x', pg.JSONB, nullable=False)"),
    (enum_stores_names, "x: Mapped[Status]", f"x: Mapped[Status] = mapped_column(sa.Enum(Status, {BY_VALUE}))"),
    (enum_stores_names, "x: Mapped[Status] = mapped_column(sa.Enum(Status))", f"x: Mapped[Status] = mapped_column(sa.Enum(Status, {BY_VALUE}))"),
    (string_length, "x: Mapped[str]", "x: Mapped[str] = mapped_column(sa.String(255))"),
    (string_length, "x: Mapped[str] = mapped_column(index=True)", "x: Mapped[str] = mapped_column(sa.String(255), index=True)"),
    (naive_datetime_column, "x: Mapped[datetime]", "x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True))"),
    (naive_datetime_column, "x = Column(sa.DateTime)", "x = Column(sa.DateTime(timezone=True))"),
    (
        naive_datetime_value,
        "x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), insert_default=datetime.utcnow)",
        "x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=lambda: datetime.now(timezone.utc))",
    ),
    (
        naive_datetime_value,
        "x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=datetime.utcnow, onupdate=datetime.utcnow)",
        "x: Mapped[datetime] = mapped_column(sa.DateTime(timezone=True), default=lambda: datetime.now(timezone.utc), onupdate=lambda: datetime.now(timezone.utc))",
    ),
    (default_evaluated_once, "x: Mapped[UUID] = mapped_column(unique=True, default=uuid4())", "x: Mapped[UUID] = mapped_column(unique=True, default=uuid4)"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "line", "afterwards"), FIELDS, ids=range(len(FIELDS)))
def test_a_field_of_sqlmodel_is_put_right(rule: Rule, line: str, afterwards: str) -> None:
    assert fixed(rule, sqlmodel(line)) == sqlmodel(afterwards)


@pytest.mark.parametrize(("rule", "line", "afterwards"), COLUMNS, ids=range(len(COLUMNS)))
def test_a_mapped_column_is_put_right(rule: Rule, line: str, afterwards: str) -> None:
    assert fixed(rule, declarative(line)) == declarative(afterwards)
