"""Every part of a schema stands on the user's own statement, to the character; the projects say in comments where."""

import ast
import re
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from sqlalchemy import PrimaryKeyConstraint

from schemalint.config import Config
from schemalint.finding import Location
from schemalint.loaders.models import load_schema
from schemalint.rule import Place
from schemalint.subjects.schema import Schema
from snippets import empty_sqlmodel, loaded

PROJECTS = Path(__file__).parent / "projects"


class Marked(NamedTuple):
    """A part's place: what it is called (its shared declaration, where it has one), the line it begins on, the source there."""

    path: str
    line: int
    name: str
    text: str


@pytest.fixture(autouse=True)
def forgotten_modules(tmp_path: Path) -> Iterator[None]:
    """Forget what a test imports: projects have modules of the same names."""
    before = set(sys.modules)
    with empty_sqlmodel():
        yield
    homes = (tmp_path, tmp_path.resolve(), PROJECTS)
    new = {name: sys.modules[name] for name in set(sys.modules) - before}
    places = {name: [getattr(one, "__file__", None), *getattr(one, "__path__", ())] for name, one in new.items()}
    for name in new:
        if any(Path(place).is_relative_to(home) for place in filter(None, places[name]) for home in homes):
            del sys.modules[name]


@pytest.mark.parametrize(
    ("project", "models"),
    [("models_declarative", "library"), ("models_sqlmodel", "shop"), ("models_core", "tables")],
)
def test_every_part_of_a_project_stands_where_its_comments_say(project: str, models: str) -> None:
    root = PROJECTS / project
    schema = load_schema(Config(root=root, models=(models,)))
    assert schema.failures == ()
    assert placed(schema, root) == marked(root)


def test_a_class_without_source_has_no_place() -> None:
    schema = load_schema(Config(root=PROJECTS / "models_sqlmodel", models=("shop",)))
    places = {
        place.object: place.location for place in map(schema.place, parts(schema)) if place.table in ("made", "run")
    }
    assert {"made", "made.id", "run", "run.id", "Made", "Run"} <= places.keys()
    assert set(places.values()) == {None}


def test_modules_imported_before_us_are_placed_by_their_source() -> None:
    missing: set[str] = set()
    for project, models, name in [
        ("models_sqlmodel", "shop", "shop"),
        ("models_declarative", "library", "library.models"),
        ("models_core", "tables", "tables"),
    ]:
        root = PROJECTS / project
        sys.path.insert(0, str(root))
        try:
            __import__(name)
        finally:
            sys.path.remove(str(root))
        schema = load_schema(Config(root=root, models=(models,)))
        missing |= {one.name for one in marked(root) - placed(schema, root)}
    assert missing == SOURCE_ALONE


SOURCE_ALONE = {
    "Extra~user",
    "@shared Owned.owner",
    "@shared Owned.owner_id",
    "Room~user",
    "User~rooms",
    "app.a",
    "app.a :primary key",
    "app.a.id",
    "app.b",
    "app.b :primary key",
    "app.b.id",
    "app.late :index id",
    'app.users :index lower(app.users."naïve")',
    "app.x_y",
    "app.x_y :primary key",
    "app.x_y.x",
    "app.x_y.y",
    "legacy :index extra",
    "legacy.extra",
    "points.x",
    "points.y",
}
"""What the source alone does not tell: calls in loops and functions, and what is added afterwards. It stands on the next thing known."""


def test_columns_are_not_needed_to_find_the_statement(tmp_path: Path) -> None:
    """`python -X no_debug_ranges` has lines only."""
    for project, models in [("models_declarative", "library"), ("models_sqlmodel", "shop")]:
        program = textwrap.dedent(f"""
            import sys
            sys.path[:0] = [{str(Path(__file__).parent)!r}]
            from pathlib import Path
            from test_places import Config, load_schema, marked, placed
            root = Path({str(PROJECTS / project)!r})
            print({{one.name for one in marked(root) ^ placed(load_schema(Config(root=root, models=({models!r},))), root)}})
        """)
        run = subprocess.run(
            [sys.executable, "-X", "no_debug_ranges", "-c", program], capture_output=True, text=True, check=True
        )
        # Two statements on one line.
        assert run.stdout == "set()\n"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bom_line_ends_tabs_and_wide_characters_do_not_move_a_place(tmp_path: Path, newline: str, mark: str) -> None:
    source = (
        "from sqlmodel import Field, SQLModel\n"
        "class Größe(SQLModel, table=True):  #: größen | Größe\n"
        "\t__tablename__ = 'größen'; naïve: str = Field(max_length=5)  #: größen.naïve => Field(max_length=5)\n"
        "\t'\u2028 \f'; id: int = Field(primary_key=True)  #: größen.id => Field(primary_key=True)"
        " | größen :primary key => Field(primary_key=True)\n"
    )
    (tmp_path / "wide.py").write_bytes((mark + source.replace("\n", newline)).encode())
    schema = load_schema(Config(root=tmp_path, models=("wide",)))
    assert placed(schema, tmp_path) == marked(tmp_path)


@pytest.mark.parametrize(
    ("declaration", "at", "marked_source"),
    [
        ("b: int = Field(foreign_key='a.id', ondelete='CASCADE')", "ondelete", "'CASCADE'"),
        ("b: int = Field(foreign_key='a.id', ondelete='CASCADE')", "annotation", "int"),
        ("b: int = Field(foreign_key='a.id', ondelete='CASCADE')", "name", "b"),
        ("b: int = Field(foreign_key='a.id')", "ondelete", "Field(foreign_key='a.id')"),
        ("b: int | None", "annotation", "int | None"),
        ("b: int | None", "name", "b"),
        ("b: int = 3", "ondelete", "b: int = 3"),
        ("b: int = Field(sa_column=Column(sa.Integer, index=True))", "index", "True"),
        ("b: int = Field(default=0, sa_column_kwargs={'onupdate': 'naïve'})", "onupdate", "'naïve'"),
        ("ä: int = 1; b: int = Field(sa_column=Column('ö', ForeignKey('a.id', ondelete='no')))", "ondelete", "'no'"),
        ("b: int = Field(\n        default=0,\n        index=True)", "index", "True"),
        ("a_: int = Field(index=True); b: int = Field(default=0)", "index", "Field(default=0)"),
    ],
)
def test_a_place_inside_a_declaration_is_the_value_that_is_meant(declaration: str, at: str, marked_source: str) -> None:
    with loaded(f"""
        class A(SQLModel, table=True):
            id: int = Field(primary_key=True)

        class T(SQLModel, table=True):
            id: int = Field(primary_key=True)
            {declaration}
    """) as schema:
        table = next(one for one in schema.tables if one.name == "t")
        column = next(one for one in table.columns if one.name not in ("id", "a_", "ä"))
        location = schema.place(column, at).location
        assert location
        assert source_at(location, Path(schema.files[0]).parent) == marked_source


def test_the_name_of_a_class_is_a_place() -> None:
    with loaded("class  naïve_Class ( SQLModel , table=True): id: int = Field(primary_key=True)") as schema:
        location = schema.place(schema.mappers[0], "name").location
        assert location
        assert source_at(location, Path(schema.files[0]).parent) == "naïve_Class"
        assert schema.place(schema.mappers[0], "annotation").location == schema.place(schema.mappers[0]).location


@pytest.mark.parametrize(
    ("name", "marked_source"),
    [
        ('__tablename__ = "Books"', '"Books"'),
        ("__tablename__: ClassVar[str] = 'Books'", "'Books'"),
        ("__table_args__ = ()\n            __tablename__ = str('Books')", "str('Books')"),
        ("", "class Book(SQLModel, table=True)"),
        ("__tablename__: str", "class Book(SQLModel, table=True)"),
        ("__table_args__, __tablename__ = (), 'Books'", "class Book(SQLModel, table=True)"),
    ],
)
def test_what_a_class_assigns_is_a_place(name: str, marked_source: str) -> None:
    with loaded(f"""
        class Book(SQLModel, table=True):
            {name}
            id: int = Field(primary_key=True)
    """) as schema:
        location = schema.place(schema.tables[0], "__tablename__").location
        assert location
        assert source_at(location, Path(schema.files[0]).parent) == marked_source


def test_the_table_name_of_a_base_is_no_place_in_the_class() -> None:
    with loaded("""
        class Named:
            __tablename__ = "Books"

        class Book(Named, SQLModel, table=True):
            id: int = Field(primary_key=True)
    """) as schema:
        assert schema.place(schema.tables[0], "__tablename__") == schema.place(schema.tables[0])


@pytest.mark.parametrize(
    ("part", "marked_source"),
    [
        ("Index('ix_n', 'n')", "'ix_n'"),
        ("UniqueConstraint('n', name='uq_n')", "'uq_n'"),
        ("CheckConstraint('n > 0', name='n_is_positive')", "'n_is_positive'"),
        ("ForeignKeyConstraint(['n'], ['t.id'], name='fk_n')", "'fk_n'"),
        ("index('n')", "index('n')"),
        ("Index('ix_' 'n' + '_1', 'n')", "Index('ix_' 'n' + '_1', 'n')"),
        ("UniqueConstraint('n')", "UniqueConstraint('n')"),
    ],
)
def test_the_name_of_an_index_or_constraint_is_a_place(part: str, marked_source: str) -> None:
    with loaded(f"""
        def index(name):
            return Index(f"ix_{{name}}", name)

        class T(SQLModel, table=True):
            __table_args__ = ({part},)
            id: int = Field(primary_key=True)
            n: int
    """) as schema:
        location = schema.place(the_part(schema), "name").location
        assert location
        assert source_at(location, Path(schema.files[0]).parent) == marked_source


@pytest.mark.parametrize(
    ("declaration", "marked_source"),
    [
        ("n: int = Field(sa_column=Column(ForeignKey('t.id', name='fk_n')))", "'fk_n'"),
        ("n: int = Field(index=True)", "Field(index=True)"),
        ("n: Annotated[int, Field(index=True)]", "n: Annotated[int, Field(index=True)]"),
        (
            "n: int = Field(unique=True, sa_column_kwargs={'name': 'm'})",
            "Field(unique=True, sa_column_kwargs={'name': 'm'})",
        ),
    ],
)
def test_the_name_of_what_a_column_declares_is_not_the_name_of_the_column(declaration: str, marked_source: str) -> None:
    with loaded(f"""
        class T(SQLModel, table=True):
            id: int = Field(primary_key=True)
            {declaration}
    """) as schema:
        location = schema.place(the_part(schema), "name").location
        assert location
        assert source_at(location, Path(schema.files[0]).parent) == marked_source


def the_part(schema: Schema) -> object:
    """Return the only index or constraint of the only table beside its primary key."""
    (table,) = schema.tables
    parts: list[object] = [*table.indexes, *table.constraints]
    (part,) = (one for one in parts if not isinstance(one, PrimaryKeyConstraint))
    return part


def test_columns_of_latin_1_source_count_characters(tmp_path: Path) -> None:
    source = (
        "# -*- coding: latin-1 -*-\nfrom sqlmodel import Field, SQLModel\nclass T(SQLModel, table=True):\n"
        "    é = 'é'; id: int = Field(primary_key=True)\n"
    )
    (tmp_path / "latin.py").write_bytes(source.replace("é = ", "e: str = ").encode("latin-1"))
    schema = load_schema(Config(root=tmp_path, models=("latin",)))
    assert schema.place(schema.tables[0].c.id).location == Location("latin.py", 4, 29, 4, 52)


def test_what_python_warns_of_in_a_file_takes_no_place_away(tmp_path: Path) -> None:
    source = (
        "from sqlmodel import Field, SQLModel\nclass T(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n"
    )
    (tmp_path / "escape.py").write_text(source + "PATTERN = '\\d'\n")
    schema = load_schema(Config(root=tmp_path, models=("escape",)))
    assert schema.place(schema.tables[0].c.id).location == Location("escape.py", 3, 15, 3, 38)


def test_of_two_classes_in_the_branches_of_an_if_the_executed_one_counts(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        if Base is not None:
            class Mixin:
                name: Mapped[str]  #: @shared Mixin.name
                old: Mapped[int] = mapped_column(index=True)  #: @shared Mixin.old
            class A(Mixin, Base):  #: a | A
                __tablename__ = "a"
                id: Mapped[int] = mapped_column(primary_key=True)  #: a.id | a :primary key
        else:
            class Mixin:
                name: Mapped[str]
                old: Mapped[int] = mapped_column(index=True)
            class A(Mixin, Base):
                __tablename__ = "a"
                id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


def test_of_two_fields_in_the_branches_of_an_if_the_executed_one_counts(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        import sys
        from typing import TYPE_CHECKING
        from sqlmodel import Field, SQLModel
        class A(SQLModel, table=True):  #: a | A
            id: int = Field(primary_key=True)  #: a.id | a :primary key
            if sys.version_info >= (3,):
                name: str = Field(index=True)  #: a.name | a :index name
            else:
                name: str = Field(unique=True)
            try:
                other: str = Field()  #: a.other
            except NameError:
                other: str = Field(default="")
            match sys.platform:
                case "none":
                    matched: str
                case _:
                    matched: str = Field()  #: a.matched
            if TYPE_CHECKING:
                typed: int
            else:
                typed: int = 5  #: a.typed
        """,
    )


def test_of_two_columns_in_the_branches_of_an_if_the_constructed_one_counts(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        class A(Base):  #: a | A
            __tablename__ = "a"
            if Base is not None:
                id: Mapped[int] = mapped_column(primary_key=True)  #: a.id | a :primary key
            else:
                id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


@pytest.mark.parametrize(
    "body",
    [
        "    __abstract__ = True\n    {}: Mapped[int]",
        "    __abstract__ = True\n    name: Mapped[int]\n    def {}(self): ...",
    ],
)
@pytest.mark.parametrize("recorded", [True, False])
def test_of_two_bases_without_calls_the_class_itself_tells(tmp_path: Path, body: str, recorded: bool) -> None:
    head = "from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column\nclass Base(DeclarativeBase):\n    pass\n"
    classes = [textwrap.indent(f"class Named(Base):\n{body.format(name)}\n", "    ") for name in ("first", "second")]
    model = 'class A(Named):\n    __tablename__ = "a"\n    id: Mapped[int] = mapped_column(primary_key=True)\n'
    write(tmp_path, {"twins.py": f"{head}if Base is not None:\n{classes[0]}else:\n{classes[1]}{model}"})
    if not recorded:
        sys.path.insert(0, str(tmp_path))
        try:
            __import__("twins")
        finally:
            sys.path.remove(str(tmp_path))
    schema = load_schema(Config(root=tmp_path, models=("twins",)))
    location = schema.place(next(one for one in schema.fields if one.name != "id")).location
    assert location is not None
    assert location.line == 7


def test_a_factory_places_all_its_tables_on_its_one_class(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        def make(name):
            class Model(Base):  #: a | b | Model
                __tablename__ = name
                id: Mapped[int] = mapped_column(primary_key=True)  #: a.id | a :primary key | b.id | b :primary key
            return Model
        A, B = make("a"), make("b")
        """,
    )


def test_an_index_that_a_function_builds_stands_where_the_class_calls_it(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy import Column, Index, Integer, Table
        from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
        class Base(DeclarativeBase):
            pass
        def named(columns):
            return "ix_" + "_".join(columns)
        def build_index(*columns):
            return Index(named(columns), *columns)
        def make_table(metadata):
            return Table(  #: b => Table(
                "b",
                metadata,
                Column("id", Integer, primary_key=True),  #: b.id => Column("id", Integer, primary_key=True) | b :primary key => Column("id", Integer, primary_key=True)
            )
        class A(Base):  #: a | A
            __tablename__ = "a"
            __table_args__ = (
                build_index("id"),  #: a :index id => build_index("id")
                build_index("id", "of"),  #: a :index id, of => build_index("id", "of")
                Index("plain", "of"),  #: a :index of => Index("plain", "of")
            )
            id: Mapped[int] = mapped_column(primary_key=True)  #: a.id | a :primary key
            of: Mapped[int]  #: a.of
        make_table(Base.metadata)
        """,
    )


def test_headers_end_before_the_colon_of_their_first_line(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy.orm import DeclarativeBase, Mapped, MappedAsDataclass, mapped_column
        class Base(DeclarativeBase): pass
        class A(  #: a => class A( | A => class A(
            Base,
        ):
            __tablename__ = "a"
            id: Mapped[int] = mapped_column(primary_key=True)  #: a.id | a :primary key
        class B ( MappedAsDataclass , Base , kw_only = True , ) : __tablename__ = "b"; id: Mapped[int] = mapped_column(primary_key=True)  #: b => class B ( MappedAsDataclass , Base , kw_only = True , ) | B => class B ( MappedAsDataclass , Base , kw_only = True , ) | b.id => mapped_column(primary_key=True) | b :primary key => mapped_column(primary_key=True)
        """,
    )


def test_what_a_library_declares_stands_on_the_class_that_uses_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "site-packages/lib.py": """
                from sqlalchemy import Index
                from sqlalchemy.orm import Mapped, declared_attr, mapped_column
                class LibMixin:
                    id: Mapped[int] = mapped_column(primary_key=True)
                    name: Mapped[str] = mapped_column(index=True)
                    @declared_attr.directive
                    def __table_args__(cls):
                        return (Index(None, "id", "name"),)
            """,
            "mine.py": """
                import sys, pathlib
                sys.path.append(str(pathlib.Path(__file__).parent / "site-packages"))
                from lib import LibMixin
                from sqlalchemy.orm import DeclarativeBase
                class Base(DeclarativeBase):
                    pass
                class A(LibMixin, Base):  #: a | A | a.id | a.name | a :primary key | a :index name | a :index id, name
                    __tablename__ = "a"
            """,
        },
    )
    schema = load_schema(Config(root=tmp_path, models=("mine",)))
    assert placed(schema, tmp_path) == marked(tmp_path)


def test_a_file_outside_the_root_is_shown_by_its_absolute_path(tmp_path: Path) -> None:
    write(tmp_path, {"other/outside.py": ONE_TABLE, "root/pyproject.toml": ""})
    sys.path.insert(0, str(tmp_path / "other"))
    try:
        schema = load_schema(Config(root=tmp_path / "root", models=("outside",)))
    finally:
        sys.path.remove(str(tmp_path / "other"))
    (table,) = schema.tables
    location = schema.place(table).location
    assert location is not None
    assert location.path == (tmp_path / "other/outside.py").resolve().as_posix()
    assert schema.files == (location.path,)


def test_a_root_behind_a_symbolic_link_gives_relative_paths(tmp_path: Path) -> None:
    write(tmp_path, {"real/linked.py": ONE_TABLE})
    (tmp_path / "link").symlink_to(tmp_path / "real")
    schema = load_schema(Config(root=tmp_path / "link", models=("linked",)))
    (table,) = schema.tables
    assert schema.place(table).location == Location("linked.py", 3, 1, 3, 30)
    assert schema.files == (str(tmp_path / "link" / "linked.py"),)


def test_a_source_that_is_gone_gives_places_without_location(tmp_path: Path) -> None:
    write(tmp_path, {"gone.py": ONE_TABLE + "    __import__('os').unlink(__file__)\n"})
    schema = load_schema(Config(root=tmp_path, models=("gone",)))
    assert {schema.place(part).location for part in parts(schema)} == {None}


def test_an_expression_that_only_postgresql_can_print_is_named_by_its_class(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table
        from sqlalchemy.ext.compiler import compiles
        from sqlalchemy.sql.expression import ColumnElement
        class Own(ColumnElement):
            inherit_cache = True
        compiles(Own, "postgresql")(lambda *_, **__: "now()")
        a = Table("a", MetaData(), Column("id", Integer), CheckConstraint(Own()))  #: a => Table("a", MetaData(), Column("id", Integer), CheckConstraint(Own())) | a.id => Column("id", Integer) | a :primary key => Table("a", MetaData(), Column("id", Integer), CheckConstraint(Own())) | a :check Own => CheckConstraint(Own())
        Index("ix", a.c.id, Own())  #: a :index id, Own => Index("ix", a.c.id, Own())
        """,
    )


def test_something_that_is_no_part_is_a_type_error(tmp_path: Path) -> None:
    write(tmp_path, {"parts.py": ONE_TABLE})
    schema = load_schema(Config(root=tmp_path, models=("parts",)))
    with pytest.raises(TypeError, match="no part"):
        schema.place("a string")


ONE_TABLE = """\
from sqlmodel import Field, SQLModel

class A(SQLModel, table=True):
    id: int = Field(primary_key=True)
"""


def test_what_a_backref_makes_stands_in_the_backref(tmp_path: Path) -> None:
    assert_marked(
        tmp_path,
        """
        from sqlalchemy import Column, ForeignKey, Integer
        from sqlalchemy.orm import backref, declarative_base, relationship

        Base = declarative_base()

        class A(Base):  #: a | A => class A(Base)
            __tablename__ = "a"
            id = Column(Integer, primary_key=True)  #: a.id | a :primary key => Column(Integer, primary_key=True)

        class B(Base):  #: b | B => class B(Base)
            __tablename__ = "b"
            id = Column(Integer, primary_key=True)  #: b.id | b :primary key => Column(Integer, primary_key=True)
            a_id = Column(ForeignKey("a.id"))  #: b.a_id => Column(ForeignKey("a.id"))
            a = relationship(  #: B~a => relationship(
                A,
                backref=backref("bs", cascade="all"),  #: A~bs => backref("bs", cascade="all")
            )
        """,
    )


def assert_marked(root: Path, source: str) -> None:
    write(root, {"marked_source.py": source})
    schema = load_schema(Config(root=root, models=("marked_source",)))
    assert schema.failures == ()
    assert placed(schema, root) == marked(root)


def write(root: Path, files: dict[str, str]) -> None:
    for name, source in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(textwrap.dedent(source), encoding="utf-8")


def parts(schema: Schema) -> list[object]:
    """Return all that rules can yield; implied constraints of foreign keys stand with their columns."""
    found: list[object] = [
        *schema.tables,
        *schema.columns,
        *schema.mappers,
        *schema.relationships,
        *schema.foreign_keys,
    ]
    for table in schema.tables:
        found += [*table.indexes, *(one for one in table.constraints if one not in table.foreign_key_constraints)]
    return found


def placed(schema: Schema, root: Path) -> set[Marked]:
    places = map(schema.place, parts(schema))
    return {
        Marked(one.location.path, one.location.line, *described(one, one.location, root))
        for one in places
        if one.location
    }


def described(place: Place, location: Location, root: Path) -> tuple[str, str]:
    return (f"@shared {place.declaration}" if place.declaration else place.object), source_at(location, root)


def source_at(location: Location, root: Path) -> str:
    """Return the source of a location, its first line for one that goes over several, which must be whole."""
    content = (root / location.path).read_bytes().decode("utf-8-sig")
    lines = re.split(r"\r\n|\r|\n", content)[location.line - 1 : location.end_line]
    lines[-1] = lines[-1][: location.end_column - 1]
    lines[0] = lines[0][location.column - 1 :]
    if len(lines) > 1:
        ast.parse(textwrap.dedent("\n".join(lines)))
    return re.sub(r"\s*#:.*", "", lines[0])


def marked(root: Path) -> set[Marked]:
    """Return what the comments `#: name | name => source` say; without source, it is that of the line."""
    found = set()
    for path in root.rglob("*.py"):
        for number, line in enumerate(re.split(r"\r\n|\r|\n", path.read_bytes().decode("utf-8-sig")), start=1):
            code, _, comment = line.partition("  #: ")
            for one in comment.split(" | ") if comment else []:
                name, _, text = one.partition(" => ")
                text = text or CALLED.sub("", code.strip().removesuffix(":"))
                found.add(Marked(path.relative_to(root).as_posix(), number, name, text))
    return found


CALLED = re.compile(r"^\w+(: [^=]+)? = (?=[\w.]+\()")
"""What stands before the call that declares an attribute."""
