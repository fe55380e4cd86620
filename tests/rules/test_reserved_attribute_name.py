"""Tests of reserved-attribute-name."""

import pytest

from schemalint.rules.source.reserved_attribute_name import reserved_attribute_name
from sources import check_clean, check_found, marked

BASE = """
class Base(DeclarativeBase):
    metadata = MetaData(naming_convention={})
    registry = orm.registry()
"""


@pytest.mark.parametrize(
    "name", ["metadata", "registry", "json", "copy", "schema", "validate", "model_fields", "model_dump"]
)
def test_a_field_of_a_sqlmodel_table_with_such_a_name_is_found(name: str) -> None:
    source = f"""
class Event(SQLModel, table=True):
    id: int = Field(primary_key=True)
    {name}: str
"""
    check_found(reserved_attribute_name, source, f"event.{name}")
    assert marked(reserved_attribute_name, source) == [name]


@pytest.mark.parametrize(
    "declaration",
    [
        "metadata: Mapped[str]",
        "metadata: Mapped[str] = mapped_column(sa.Text)",
        "metadata = Column(sa.Text)",
        "metadata = mapped_column(sa.Text)",
    ],
)
def test_a_declarative_column_is_found(declaration: str) -> None:
    check_found(
        reserved_attribute_name,
        f"""{BASE}
class Event(Base):
    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    {declaration}
""",
        "events.metadata",
    )


def test_the_column_is_named_as_the_database_has_it_and_a_relationship_by_its_model() -> None:
    check_found(
        reserved_attribute_name,
        f"""{BASE}
class Event(Base):
    __tablename__ = "events"
    metadata = Column("meta", sa.Text)
    registry: Mapped["Event"] = relationship()
""",
        "events.meta",
        "Event~registry",
    )


def test_a_field_of_a_base_is_found_where_a_table_is_below_it() -> None:
    source = """
class EventBase(SQLModel):
    metadata: str
"""
    check_clean(reserved_attribute_name, source)
    check_found(
        reserved_attribute_name, source + "class Event(EventBase, table=True): pass\n", "models.EventBase.metadata"
    )


def test_a_mixin_that_only_annotates_it_loses_the_column() -> None:
    (problem,) = check_found(
        reserved_attribute_name,
        f"""{BASE}
class HasMetadata:
    metadata: Mapped[str]
class Event(HasMetadata, Base):
    __tablename__ = "events"
""",
        "models.HasMetadata.metadata",
    )
    assert "becomes no column" in problem.message


@pytest.mark.parametrize(
    "source",
    [
        BASE,
        BASE + "class Abstract(Base):\n    __abstract__ = True\n    metadata = MetaData()\n",
        "class Base(SQLModel):\n    metadata = MetaData()\nclass A(Base, table=True):\n    id: int\n",
        "class A(SQLModel, table=True):\n    metadata: ClassVar[MetaData] = MetaData()\n",
        "class Public(SQLModel):\n    metadata: dict\n    json: str\n",
        'class A(SQLModel, table=True):\n    meta: str = Field(sa_column=Column("metadata", sa.Text))\n',
        "class A(SQLModel, table=True):\n    def copy(self): ...\n    model_config = {}\n    model_name: str\n    type: str\n",
        BASE + 'class A(Base):\n    __tablename__ = "a"\n    json: Mapped[str]\n    copy = Column(sa.Text)\n',
        "class Settings:\n    metadata: str\n",
    ],
)
def test_what_is_no_column_of_a_table_or_hides_nothing_is_fine(source: str) -> None:
    check_clean(reserved_attribute_name, source)


@pytest.mark.parametrize(
    "field",
    [
        "model_config: dict = Field(sa_type=sa.JSON)",
        "model_config: dict = Field(sa_column=Column(sa.JSON))",
        "model_config: str",
        "model_config: str = 'small'",
        "model_config: str | None = None",
    ],
)
def test_a_field_that_pydantic_takes_for_the_settings_is_found(field: str) -> None:
    source = f"class Run(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    {field}\n"
    (problem,) = check_found(reserved_attribute_name, source, "run.model_config")
    assert (
        problem.message == "pydantic does not make the class: it takes Run.model_config for the settings of the model"
    )


@pytest.mark.parametrize(
    "settings",
    [
        "model_config = {'extra': 'forbid'}",
        "model_config = ConfigDict(extra='forbid')",
        "model_config: ConfigDict = ConfigDict(extra='forbid')",
        "model_config: ClassVar[dict] = {'extra': 'forbid'}",
        "model_config = SETTINGS",
        "model_config: Any = SETTINGS",
    ],
)
def test_the_settings_of_a_model_are_fine(settings: str) -> None:
    check_clean(
        reserved_attribute_name,
        f"class Run(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n    {settings}\n",
    )


def test_a_declarative_column_may_be_called_as_pydantics_settings() -> None:
    check_clean(
        reserved_attribute_name,
        f"""{BASE}
class Run(Base):
    __tablename__ = "runs"
    id: Mapped[int] = mapped_column(primary_key=True)
    model_config: Mapped[str]
""",
    )
