"""Tables without the time at which a row was made or last changed."""

import pytest

from schemalint.rules.schema.required_columns import required_columns
from snippets import check_clean, check_found

USERS = """
    meta = MetaData()
    users = Table("users", meta, Column("id", sa.Integer, primary_key=True), Column("born", sa.Date),
        Column("created_at", sa.DateTime), Column("updated_at", sa.DateTime))
"""


def with_users(*columns: str, name: str = "tasks") -> str:
    said = ", ".join(f'Column("{one}", sa.DateTime)' if one.isidentifier() else one for one in columns)
    return f'{USERS}    t = Table("{name}", meta, Column("id", sa.Integer, primary_key=True), {said})'


OWN = 'Column("user_id", sa.ForeignKey("users.id"))'
TEXT = 'Column("body", sa.Text)'


@pytest.mark.parametrize(
    ("columns", "missing"),
    [
        ((OWN,), "created_at and no updated_at"),
        ((OWN, "created_at"), "updated_at"),
        ((OWN, "updated_at"), "created_at"),
        ((OWN, "started_at", "due_at"), "created_at and no updated_at"),
        ((OWN, "created_by", "last_login", "updates"), "created_at and no updated_at"),
        (("done", "title"), "created_at and no updated_at"),
    ],
)
def test_what_other_tables_have_is_missed(columns: tuple[str, ...], missing: str) -> None:
    (problem,) = check_found(required_columns, with_users(*columns), "tasks")
    assert problem.message == f"tasks has no {missing}: what is not written down when it happens is not known later"


def test_mapped_class_is_found() -> None:
    (problem,) = check_found(
        required_columns,
        """
        class Created(SQLModel):
            created_at: datetime | None = None

        class User(Created, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users.id")
        """,
        "tasks",
    )
    assert problem.remedy == "created_at, best from a mixin that all tables share"


@pytest.mark.parametrize(
    "columns",
    [
        ("created_at", "updated_at"),
        ("created", "updated"),
        ("inserted_at", "modified_at"),
        ("date_created", "date_modified"),
        ("create_time", "update_time"),
        ("createdAt", "updatedAt"),
        ("creation_date", "last_updated"),
        ("created_on", "last_modified_at"),
        ("created_at_utc", "changed_at"),
        ('Column("CREATED", sa.DateTime, key="created_at")', "mtime"),
    ],
)
def test_columns_of_the_same_meaning_are_fine(columns: tuple[str, str]) -> None:
    check_clean(required_columns, with_users(OWN, *columns))


@pytest.mark.parametrize(
    "name", ["task_events", "audit_log", "login_history", "messages", "price_snapshots", "ApiLogs"]
)
def test_rows_that_are_written_once_have_no_time_of_a_change(name: str) -> None:
    check_clean(required_columns, with_users(OWN, "created_at", name=name))
    check_clean(required_columns, with_users(OWN, 'Column("at", sa.DateTime, nullable=False)', name=name))
    (problem,) = check_found(required_columns, with_users(OWN, name=name), name)
    assert problem.message.startswith(f"{name} has no created_at: ")


@pytest.mark.parametrize(
    "table",
    [
        # Links.
        'Table("members", meta, Column("a", sa.ForeignKey("users.id"), primary_key=True), Column("b", sa.ForeignKey("users.id"), primary_key=True), Column("role", sa.String))',
        'Table("inputs", meta, Column("a", sa.ForeignKey("users.id"), primary_key=True), Column("b", sa.ForeignKey("users.id"), primary_key=True), Column("name", sa.String, primary_key=True))',
        # Details of another row.
        'Table("profiles", meta, Column("user_id", sa.ForeignKey("users.id"), primary_key=True), Column("bio", sa.String), Column("site", sa.String))',
        'Table("settings", meta, Column("user_id", sa.ForeignKey("users.id"), primary_key=True), Column("key", sa.String, primary_key=True), Column("value", sa.JSON))',
        # What others choose from.
        'Table("countries", meta, Column("code", sa.String(2), primary_key=True), Column("name", sa.String))',
        'Table("roles", meta, Column("id", sa.Integer, primary_key=True), Column("name", sa.String), Column("rank", sa.Integer))',
    ],
)
def test_links_details_and_lookups_are_fine(table: str) -> None:
    check_clean(required_columns, USERS + f"    t = {table}")


def test_subclass_with_a_table_of_its_own_is_fine() -> None:
    check_clean(
        required_columns,
        """
        class Base(DeclarativeBase): ...

        class Pet(Base):
            __tablename__ = "pets"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            created_at: Mapped[datetime]
            updated_at: Mapped[datetime]
            __mapper_args__ = {"polymorphic_on": "kind"}

        class Bird(Pet):
            __tablename__ = "birds"
            id: Mapped[int] = mapped_column(ForeignKey("pets.id"), primary_key=True)
            song: Mapped[str]
            wing: Mapped[float]
            __mapper_args__ = {"polymorphic_identity": "bird"}
        """,
    )


def some_tables(number: int) -> str:
    return "meta = MetaData()\n" + "\n".join(
        f'Table("things{one}", meta, Column("id", sa.Integer, primary_key=True), Column("weight", sa.Float))'
        for one in range(number)
    )


def test_a_small_schema_without_such_columns_does_without() -> None:
    check_clean(required_columns, some_tables(4))
    check_found(required_columns, some_tables(5), *(f"things{one}" for one in range(5)))


def test_columns_words_and_patterns_are_options() -> None:
    source = with_users(OWN, "created_at", "updated_at", TEXT)
    check_clean(required_columns, source)
    check_clean(required_columns, source, columns=("deleted_at",))
    removable = with_users(OWN).replace('Column("born", sa.Date)', 'Column("is_deleted", sa.Boolean)')
    check_found(required_columns, removable, "tasks", columns=("deleted_at",))
    check_clean(required_columns, with_users(OWN, "created_at"), written_once=("task",))
    check_clean(required_columns, with_users(OWN), exempt=("ta*",))
    check_found(required_columns, with_users(OWN), "tasks", exempt=("tags",))
