"""What models mean is the same text for the same meaning, and another for another."""

import pytest

from schemalint.fix import SetArgument, Target
from schemalint.fixing.fingerprint import fingerprint
from schemalint.subjects.source import Source
from schemalint.subjects.targets import with_target
from snippets import loaded
from sources import source_of

MODELS = """
class Base(DeclarativeBase): ...

class Shelf(Base):
    __tablename__ = "shelves"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column({column})
    books: Mapped[list["Book"]] = relationship(back_populates="shelf"{relationship})

class Book(Base):
    __tablename__ = "books"
    id: Mapped[int] = mapped_column(primary_key=True)
    shelf_id: Mapped[int] = mapped_column(ForeignKey("shelves.id"{key}))
    shelf: Mapped[Shelf] = relationship(back_populates="books")
    {more}
"""


def meaning(
    column: str = "", relationship: str = "", key: str = "", more: str = ""
) -> tuple[dict[str, str], dict[str, str]]:
    """Return the DDL and the mappers of the models with something written into them; modules have other names each time."""
    source = MODELS.format(column=column, relationship=relationship, key=key, more=more)
    with loaded(source) as schema:
        found = fingerprint(schema)
        name = schema.mappers[0].class_.__module__
        return tuple(  # type: ignore[return-value]  # two
            {one.replace(name, ""): fact.text.replace(name, "") for one, fact in facts.items()}
            for facts in (found.ddl, found.mappers)
        )


def test_the_same_models_mean_the_same() -> None:
    assert meaning() == meaning(column="sa.String", relationship=", lazy='select'")


@pytest.mark.parametrize(
    "arguments",
    [
        {"column": "nullable=True"},
        {"column": "sa.String(9)"},
        {"column": "index=True"},
        {"column": "unique=True"},
        {"column": "server_default='x'"},
        {"column": "comment='x'"},
        {"column": "sa.Enum('a', 'b', name='e')"},
        {"key": ", ondelete='CASCADE'"},
        {"more": "__table_args__ = (CheckConstraint('id > 0'),)"},
        {"more": "__table_args__ = (pg.ExcludeConstraint(('id', '=')),)"},
        {"more": "__table_args__ = {'comment': 'x'}"},
        {"more": "__table_args__ = {'postgresql_partition_by': 'HASH (id)'}"},
    ],
)
def test_other_ddl_is_another_meaning(arguments: dict[str, str]) -> None:
    assert meaning(**arguments)[0] != meaning()[0]


@pytest.mark.parametrize(
    "arguments",
    [
        {"column": "default='x'"},
        {"column": "onupdate=func.now()"},
        {"column": "sa.Integer, default=sa.Sequence('s')"},
        {"relationship": ", passive_deletes=True"},
        {"relationship": ", cascade='all'"},
        {"relationship": ", order_by='Book.id'"},
        {"relationship": ", lazy='raise'"},
        {"more": "x = orm.deferred(Column(sa.Integer))"},
        {"more": "y = orm.column_property(sa.literal(1) + 1)"},
    ],
)
def test_other_mappers_are_another_meaning(arguments: dict[str, str]) -> None:
    assert meaning(**arguments)[1] != meaning()[1]


def test_a_value_or_a_function_is_a_default_of_python_alike() -> None:
    assert meaning(column="default='x'") == meaning(column="default=lambda: 'y'")


def test_what_postgresql_cannot_express_says_so() -> None:
    ddl, _ = meaning(more="bad = Column(sa.types.NullType(), ForeignKey('nowhere.id'))")
    assert ddl["column books.bad"] == "CreateColumn: CompileError "
    assert any("could not find table 'nowhere'" in text for text in ddl.values())


@pytest.mark.parametrize(
    ("models", "target"),
    [
        ("class Book(SQLModel, table=True):\n    title: str\n", ("column", "Field")),
        ("class Book(DeclarativeBase):\n    title: Mapped[str]\n", ("column", "")),
        ("class Base(DeclarativeBase): ...\nclass Book(Base):\n    title: Mapped[str]\n", ("column", "mapped_column")),
        ("class Book(SQLModel, table=True):\n    title: 'Book' = Relationship()\n", ("relationship", "Field")),
    ],
)
def test_a_part_of_a_source_is_known_as_well(models: str, target: tuple[str, str]) -> None:
    source = source_of(models)
    (attribute,) = (one for owner in source.classes for one in owner.attributes if one.name == "title")
    found = part_of(source, attribute)
    assert (found.kind, found.call) == target


def test_a_class_and_a_module_of_a_source() -> None:
    source = source_of("class Book(SQLModel, table=True):\n    title: str\n")
    (owner,) = source.classes
    assert part_of(source, owner).kind == "class"
    assert part_of(source, owner.module).kind == ""


def part_of(source: Source, part: object) -> Target:
    edit = with_target(SetArgument(part, "x", "y"), source)
    assert isinstance(edit, SetArgument)
    assert isinstance(edit.part, Target)
    return edit.part
