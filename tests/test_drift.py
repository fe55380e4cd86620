"""Drift from end to end: real projects with real Alembic, the lines that are named and the words that are said."""

import sys
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from drift_projects import ENV, drift_of, project_drift, told, write_project
from schemalint.check import check
from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.loaders.comparison import Pair
from schemalint.loaders.drift import wider
from schemalint.rules import get_rule
from schemalint.subjects.drift import Drift
from schemalint.throwaway.server import Server
from snippets import empty_sqlmodel

TASK = """
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
"""

CREATE = """
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("title", sa.String(100), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
"""


def words(drift: Drift, rule: str) -> list[tuple[str, str]]:
    """Return what a rule says and offers."""
    asked = get_rule(rule)
    return [(problem.message, problem.remedy) for problem in asked.ask(drift, asked.options)]


def line_of(path: Path, text: str) -> str:
    """Return `path:line` of the first line that has `text`."""
    lines = path.read_text().splitlines()
    return f"{path.name}:{next(number for number, line in enumerate(lines, 1) if text in line)}"


def test_difference_stands_on_the_models_line_and_names_the_revision(server: Server, tmp_path: Path) -> None:
    drift = project_drift(
        tmp_path, server, TASK, {"0001": CREATE, "0002": 'op.create_table("x")', "0003": 'op.drop_table("x")'}
    )
    assert told(drift) == [("type-drift", "tasks.title", line_of(tmp_path / "models.py", "title: str"))]
    assert words(drift, "type-drift") == snapshot(
        [
            (
                "tasks.title is character varying(200) in the models and character varying(100) after the migrations (0001)",
                """\
in a new revision:
op.alter_column('tasks', 'title',
           type_=sqlmodel.sql.sqltypes.AutoString(length=200))\
""",
            )
        ]
    )


def test_agreeing_models_and_migrations_are_clean(server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, TASK, {"0001": CREATE.replace("100", "200")})
    assert told(drift) == []


def test_revision_that_made_the_last_change_is_named(server: Server, tmp_path: Path) -> None:
    revisions = {
        "0001": CREATE,
        "0002": 'op.alter_column("tasks", "title", type_=sa.String(150))',
        "0003": 'op.add_column("tasks", sa.Column("extra", sa.Integer()))\nop.create_index("ix_tasks_title", "tasks", ["title"])',
        "0004": 'op.drop_index("ix_tasks_title")\nop.create_index("ix_tasks_title", "tasks", ["id"])',
    }
    drift = project_drift(tmp_path, server, TASK, revisions)
    assert {one.identity: one.revision and one.revision.id for one in drift.differences} == {
        "tasks.title": "0002",
        "tasks.extra": "0003",
        "tasks :index id": "0004",
    }


def test_what_no_revision_ever_made_names_none_and_what_one_dropped_names_it(server: Server, tmp_path: Path) -> None:
    models = TASK + '    done: bool\n    __table_args__ = (Index("ix_tasks_title", "title"),)\n'
    revisions = {
        "0001": CREATE.replace("100", "200") + 'op.create_index("ix_tasks_title", "tasks", ["title"])',
        "0002": 'op.drop_index("ix_tasks_title")',
    }
    drift = project_drift(tmp_path, server, models, revisions)
    assert {one.identity: one.revision and one.revision.id for one in drift.differences} == {
        "tasks.done": None,
        "tasks :index title": "0002",
    }
    assert words(drift, "index-drift") == snapshot(
        [
            (
                "the index ix_tasks_title of tasks (USING btree (title)) is in the models, and not there after the migrations (0002)",
                """\
in a new revision:
op.create_index('ix_tasks_title', 'tasks', ['title'], unique=False)\
""",
            )
        ]
    )


def test_table_that_only_migrations_make_stands_on_the_revision(server: Server, tmp_path: Path) -> None:
    revisions = {"0001": CREATE.replace("100", "200"), "0002": 'op.create_table("tags", sa.Column("id", sa.Integer()))'}
    drift = project_drift(tmp_path, server, TASK, revisions)
    assert told(drift) == [("table-drift", "tags", "migrations/versions/0002.py:7")]
    assert words(drift, "table-drift") == snapshot(
        [
            (
                "the table tags is made by the migrations (0002), and not in the models",
                """\
declare it in the models, or in a new revision:
op.drop_table('tags')\
""",
            )
        ]
    )


def test_column_that_only_migrations_make_stands_on_its_class(server: Server, tmp_path: Path) -> None:
    revisions = {"0001": CREATE.replace("100", "200"), "0002": 'op.add_column("tasks", sa.Column("old", sa.Integer()))'}
    drift = project_drift(tmp_path, server, TASK, revisions)
    assert told(drift) == [("column-drift", "tasks.old", line_of(tmp_path / "models.py", "class Task"))]


def test_history_that_does_not_upgrade_is_told_with_the_servers_error(server: Server, tmp_path: Path) -> None:
    revisions = {
        "0001": CREATE,
        "0002": 'op.execute("SELECT 1")\nop.add_column("nowhere", sa.Column("a", sa.Integer()))',
    }
    drift = project_drift(tmp_path, server, TASK, revisions)
    where = line_of(tmp_path / "migrations" / "versions" / "0002.py", "nowhere")
    assert told(drift) == [("upgrade-fails", "0002", f"migrations/versions/{where}")]
    ((message, _),) = words(drift, "upgrade-fails")
    assert "0002" in message
    assert 'relation "nowhere" does not exist' in message


def test_table_that_create_all_made_once_is_offered_to_be_made_by_sql(server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, TASK, {"0001": 'op.add_column("tasks", sa.Column("a", sa.Integer()))'})
    assert words(drift, "upgrade-fails") == snapshot(
        [
            (
                'revision 0001 does not upgrade: relation "tasks" does not exist',
                'mend the revision so that the history upgrades an empty database; where no revision makes tasks (create_all did, once), let SQL make it first: before = "tables.sql" in [tool.schemalint]',
            )
        ]
    )


@pytest.mark.parametrize(
    "line", ['op.drop_table("others")', 'op.execute("SELECT nothing")', 'raise LookupError("tasks")']
)
def test_no_sql_is_offered_for_what_the_models_do_not_declare(line: str, server: Server, tmp_path: Path) -> None:
    ((_, remedy),) = words(project_drift(tmp_path, server, TASK, {"0001": line}), "upgrade-fails")
    assert "before" not in remedy


def test_revisions_that_only_env_py_finds_are_compared_and_noted(server: Server, tmp_path: Path) -> None:
    found = "context.script.version_locations = [str(Path(__file__).with_name('plugin'))]\n"
    env = ENV.replace("target_metadata =", found + "target_metadata =").replace(
        "from alembic", "from pathlib import Path\nfrom alembic", 1
    )
    write_project(tmp_path, TASK, {"0001": CREATE}, env=env)
    (tmp_path / "migrations" / "versions").rename(tmp_path / "migrations" / "plugin")
    (tmp_path / "migrations" / "versions").mkdir()
    with empty_sqlmodel():
        report = check(Config(root=tmp_path, models=("models",), database=server.url, select=("type-drift",)))
    sys.modules.pop("models", None)
    assert [one.object for one in report.findings if one.rule == "type-drift"] == ["tasks.title"]
    assert report.notes == snapshot(
        (
            "env.py performed 1 revision (0001) from where only env.py knows to look: the rules about revisions did not see them; name their directories in version_locations",
        )
    )


def test_models_that_hold_less_may_be_what_is_behind(server: Server, tmp_path: Path) -> None:
    models = """
        from sqlalchemy import String

        class Task(SQLModel, table=True):
            __tablename__ = "tasks"
            id: int | None = Field(default=None, primary_key=True)
            title: str = Field(max_length=100)
            note: str = Field(sa_type=String(10))
            size: int
    """
    create = """
        op.execute("CREATE TABLE tasks (id serial PRIMARY KEY, title varchar(200) NOT NULL, note varchar(20) NOT NULL, size bigint NOT NULL)")
    """
    drift = project_drift(tmp_path, server, models, {"0001": create})
    assert [remedy for _, remedy in words(drift, "type-drift")] == snapshot(
        [
            """\
max_length=200 in the models, if they are what is behind; else in a new revision, which rewrites the table and fails where a row holds more:
op.alter_column('tasks', 'title',
           type_=sqlmodel.sql.sqltypes.AutoString(length=100))\
""",
            """\
String(20) in the models, if they are what is behind; else in a new revision, which rewrites the table and fails where a row holds more:
op.alter_column('tasks', 'note',
           type_=sa.String(length=10))\
""",
            """\
BigInteger in the models, if they are what is behind; else in a new revision, which rewrites the table and fails where a row holds more:
op.alter_column('tasks', 'size',
           type_=sa.Integer())\
""",
        ]
    )


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("bigint", "integer"),
        ("integer", "numeric"),
        ("text", "bigint"),
        ("character varying(200)", "character varying(100)"),
        ("character varying(200)", "character varying"),
        ("character varying", "character varying(200)"),
        ("character varying(1)[]", "character varying(2)[]"),
        ('character varying(1) COLLATE "C"', "character varying(2)"),
    ],
)
def test_models_that_do_not_surely_hold_less_are_not_blamed(ours: str, theirs: str) -> None:
    assert wider(Pair("type", "", "", ours, theirs), None) == ""


def test_foreign_keys_of_one_column_are_told_apart_by_their_names(server: Server, tmp_path: Path) -> None:
    create = (
        CREATE.replace("100", "200")
        + """
op.add_column("tasks", sa.Column("parent_id", sa.Integer()))
op.create_foreign_key("first", "tasks", "tasks", ["parent_id"], ["id"])
op.create_foreign_key("second", "tasks", "tasks", ["parent_id"], ["id"])
op.create_foreign_key("third", "tasks", "tasks", ["parent_id"], ["id"])
"""
    )
    models = TASK + "    parent_id: int | None = Field(default=None, foreign_key='tasks.id', ondelete='CASCADE')\n"
    drift = project_drift(tmp_path, server, models, {"0001": create})
    assert [message for message, _ in words(drift, "key-drift")] == snapshot(
        [
            "the foreign key first of tasks (parent_id) is FOREIGN KEY (parent_id) REFERENCES tasks(id) ON DELETE CASCADE in the models and FOREIGN KEY (parent_id) REFERENCES tasks(id) after the migrations (0001)",
            "the foreign key second of tasks (parent_id) (FOREIGN KEY (parent_id) REFERENCES tasks(id)) is made by the migrations (0001), and not in the models",
            "the foreign key third of tasks (parent_id) (FOREIGN KEY (parent_id) REFERENCES tasks(id)) is made by the migrations (0001), and not in the models",
        ]
    )


def test_env_py_that_performs_nothing_is_told(server: Server, tmp_path: Path) -> None:
    write_project(tmp_path, TASK, {"0001": CREATE}, env="from models import *\ntarget_metadata = SQLModel.metadata\n")
    with pytest.raises(SchemalintError, match="performed none of the revisions"):
        drift_of(tmp_path, server)


def test_project_without_a_revision_lacks_every_table(server: Server, tmp_path: Path) -> None:
    assert [one.identity for one in project_drift(tmp_path, server, TASK, {}).differences] == ["tasks"]


def test_models_that_do_not_import_cannot_be_compared(server: Server, tmp_path: Path) -> None:
    write_project(tmp_path, f"{TASK}\nnothing_of_that_name\n", {"0001": CREATE})
    with pytest.raises(SchemalintError, match="nothing_of_that_name"):
        drift_of(tmp_path, server)


def test_sql_of_before_makes_what_the_migrations_expect(server: Server, tmp_path: Path) -> None:
    (tmp_path / "before.sql").write_text("CREATE EXTENSION citext; CREATE SCHEMA app;")
    models = TASK + '    __table_args__ = {"schema": "app"}\n'
    revision = CREATE.replace("100", "200").rstrip().removesuffix(")") + '    schema="app",\n)'
    assert told(project_drift(tmp_path, server, models, {"0001": revision}, before="before.sql")) == []


def test_sql_of_before_that_fails_is_told_with_its_name(server: Server, tmp_path: Path) -> None:
    (tmp_path / "before.sql").write_text("CREATE EXTENSION no_such_thing")
    with pytest.raises(SchemalintError, match=r"before\.sql.* fails: .*no_such_thing"):
        project_drift(tmp_path, server, TASK, {"0001": CREATE}, before="before.sql")


def test_missing_sql_of_before_is_told(server: Server, tmp_path: Path) -> None:
    with pytest.raises(SchemalintError, match=r"before\.sql.* cannot be read"):
        project_drift(tmp_path, server, TASK, {"0001": CREATE}, before="before.sql")


def test_external_table_is_there_for_foreign_keys_and_not_compared(server: Server, tmp_path: Path) -> None:
    models = """
class User(SQLModel, table=True):
    __tablename__ = "users"
    __table_args__ = {"schema": "auth"}
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=sa.Enum("human", "robot", name="kind"))
    team_id: int | None = Field(default=None, foreign_key="tasks.id")

class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(foreign_key="auth.users.id")
"""
    revision = """
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("user_id", sa.Integer(), sa.ForeignKey("auth.users.id"), nullable=False),
    sa.PrimaryKeyConstraint("id"),
)
"""
    assert told(project_drift(tmp_path, server, models, {"0001": revision}, external_tables=("users",))) == []


def test_most_tables_unknown_to_the_models_are_one_finding(server: Server, tmp_path: Path) -> None:
    others = "\n".join(f'op.create_table("table_{number}", sa.Column("id", sa.Integer()))' for number in range(7))
    drift = project_drift(tmp_path, server, TASK, {"0001": CREATE.replace("100", "200") + others})
    assert told(drift) == [("models-not-imported", "target_metadata", "migrations/env.py:7")]
    ((message, _),) = words(drift, "models-not-imported")
    assert message.startswith("7 of the 8 tables")


def test_convention_set_after_the_models_is_one_finding(server: Server, tmp_path: Path) -> None:
    models = """
class Task(SQLModel, table=True):
    __tablename__ = "tasks"
    id: int | None = Field(default=None, primary_key=True)
    a: int = Field(unique=True)
    parent: int | None = Field(default=None, foreign_key="tasks.id")

SQLModel.metadata.naming_convention = {
    "pk": "pk_%(table_name)s", "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
}
"""
    revision = """
op.create_table(
    "tasks",
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("a", sa.Integer(), nullable=False),
    sa.Column("parent", sa.Integer()),
    sa.PrimaryKeyConstraint("id"),
    sa.UniqueConstraint("a"),
    sa.ForeignKeyConstraint(["parent"], ["tasks.id"]),
)
"""
    try:
        drift = project_drift(tmp_path, server, models, {"0001": revision})
    finally:
        restore_convention()
    assert [(rule, name) for rule, name, _ in told(drift)] == [("name-drift", "naming convention")]
    ((message, _),) = words(drift, "name-drift")
    assert "was set after the models were declared, so 3 constraints" in message


def test_convention_that_migrations_do_not_follow_is_one_finding(server: Server, tmp_path: Path) -> None:
    models = """
SQLModel.metadata.naming_convention = {"pk": "pk_%(table_name)s"}

class A(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)

class B(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)

class C(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
"""
    revision = "\n".join(f'op.execute("CREATE TABLE {name} (id serial PRIMARY KEY)")' for name in "abc")
    try:
        drift = project_drift(tmp_path, server, models, {"0001": revision})
    finally:
        restore_convention()
    assert words(drift, "name-drift") == snapshot(
        [
            (
                "the models follow their naming convention and the migrations do not, in 3 names (pk_a and a_pkey, pk_b and b_pkey, pk_c and c_pkey)",
                """\
in a new revision:
op.execute('ALTER TABLE a RENAME CONSTRAINT "a_pkey" TO "pk_a"')
op.execute('ALTER TABLE b RENAME CONSTRAINT "b_pkey" TO "pk_b"')
op.execute('ALTER TABLE c RENAME CONSTRAINT "c_pkey" TO "pk_c"')\
""",
            )
        ]
    )
    assert len(told(drift)) == 1


def restore_convention() -> None:
    from sqlalchemy import MetaData
    from sqlmodel import SQLModel

    SQLModel.metadata.naming_convention = MetaData().naming_convention


def test_index_name_of_two_tables_is_named_and_the_rest_compared(server: Server, tmp_path: Path) -> None:
    models = """
class A(SQLModel, table=True):
    __table_args__ = (Index("ix_title", "title"),)
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)

class B(SQLModel, table=True):
    __table_args__ = (Index("ix_title", "title"),)
    id: int | None = Field(default=None, primary_key=True)
    title: str = Field(max_length=200)
"""
    revision = "\n".join(
        f'op.execute("CREATE TABLE {name} (id serial PRIMARY KEY, title varchar(100) NOT NULL)")' for name in "ab"
    )
    revision += '\nop.create_index("ix_title", "a", ["title"])'
    drift = project_drift(tmp_path, server, models, {"0001": revision})
    assert [(rule, name) for rule, name, _ in told(drift)] == [
        ("create-all-fails", "b :index title"),
        ("type-drift", "a.title"),
        ("type-drift", "b.title"),
    ]
    assert words(drift, "create-all-fails") == snapshot(
        [
            (
                'PostgreSQL refuses to create the index ix_title of b: relation "ix_title" already exists',
                "change the declaration so that metadata.create_all works",
            )
        ]
    )


def test_table_of_a_type_that_is_not_there_is_named_once(server: Server, tmp_path: Path) -> None:
    models = """
class Thing(sa.types.UserDefinedType):
    cache_ok = True
    def get_col_spec(self, **kw: Any) -> str:
        return "no_such_type"

class A(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    thing: Any = Field(sa_column=Column(Thing(), index=True))

class B(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
"""
    revision = "\n".join(f'op.execute("CREATE TABLE {name} (id serial PRIMARY KEY)")' for name in "ab")
    drift = project_drift(tmp_path, server, models, {"0001": revision})
    assert [(rule, name) for rule, name, _ in told(drift)] == [("create-all-fails", "a")]


def test_two_heads_are_both_performed(server: Server, tmp_path: Path) -> None:
    write_project(tmp_path, TASK, {"0001": CREATE.replace("100", "200"), "0002": "", "0003": 'op.create_table("x")'})
    third = tmp_path / "migrations" / "versions" / "0003.py"
    third.write_text(third.read_text().replace("down_revision = '0002'", "down_revision = '0001'"))
    assert [one.identity for one in drift_of(tmp_path, server).differences] == ["x"]


def test_concurrent_index_in_an_autocommit_block(server: Server, tmp_path: Path) -> None:
    models = TASK + '    __table_args__ = (Index("ix_tasks_title", "title"),)\n'
    concurrently = """
with op.get_context().autocommit_block():
    op.create_index("ix_tasks_title", "tasks", ["title"], postgresql_concurrently=True)
"""
    drift = project_drift(tmp_path, server, models, {"0001": CREATE, "0002": concurrently})
    assert [one.identity for one in drift.differences] == ["tasks.title"]


ASYNC_ENV = """
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import SQLModel
import models

def migrate(connection):
    context.configure(connection=connection, target_metadata=SQLModel.metadata, transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()

async def main():
    engine = create_async_engine("postgresql+asyncpg://nobody@db.invalid/production")
    async with engine.connect() as connection:
        await connection.run_sync(migrate)

asyncio.run(main())
"""


@pytest.mark.parametrize("env", [ASYNC_ENV, ENV.replace("+psycopg:", "+psycopg2:")], ids=["asyncpg", "psycopg2"])
def test_revision_is_named_with_every_driver(env: str, server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, TASK, {"0001": CREATE, "0002": ""}, env=env)
    assert [(one.identity, one.revision and one.revision.id) for one in drift.differences] == [("tasks.title", "0001")]


def test_include_object_of_env_py_is_honoured(server: Server, tmp_path: Path) -> None:
    env = ENV.replace(
        "target_metadata=target_metadata",
        "target_metadata=target_metadata, include_object=lambda object, name, type_, reflected, other: name != 'title'",
    )
    assert told(project_drift(tmp_path, server, TASK, {"0001": CREATE}, env=env)) == []


def test_metadata_that_env_py_does_not_mean_is_not_compared(server: Server, tmp_path: Path) -> None:
    models = TASK + '\nother = MetaData()\nTable("elsewhere", other, Column("id", sa.Integer))\n'
    assert told(project_drift(tmp_path, server, models, {"0001": CREATE.replace("100", "200")})) == []


MIXIN = """
class Timestamps(SQLModel):
    created_at: datetime = Field(sa_type=sa.DateTime(timezone=True))

class A(Timestamps, table=True):
    id: int | None = Field(default=None, primary_key=True)

class B(Timestamps, table=True):
    id: int | None = Field(default=None, primary_key=True)
"""


def tables_with(types: dict[str, str]) -> str:
    return "\n".join(
        f'op.execute("CREATE TABLE {name} (id serial PRIMARY KEY, created_at {type_} NOT NULL)")'
        for name, type_ in types.items()
    )


def test_field_of_a_mixin_that_differs_alike_everywhere_is_one_declaration(server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, MIXIN, {"0001": tables_with({"a": "timestamp", "b": "timestamp"})})
    assert {drift.place(one).declaration for one in drift.differences} == {"Timestamps.created_at"}
    first, second = (remedy for _, remedy in words(drift, "type-drift"))
    assert first == second
    assert first.count("AT TIME ZONE 'UTC'") == 2


def test_field_of_a_mixin_that_differs_variously_is_told_table_by_table(server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, MIXIN, {"0001": tables_with({"a": "timestamp", "b": "date"})})
    assert [drift.place(one).declaration for one in drift.differences] == ["", ""]
    assert len({remedy for _, remedy in words(drift, "type-drift")}) == 2


def test_index_that_postgresql_refuses_is_not_an_extra_index_too(server: Server, tmp_path: Path) -> None:
    models = TASK + '    __table_args__ = (Index("ix_title", "title", postgresql_using="gin"),)\n'
    for number, name in enumerate(("ix_title", "ix_other")):
        revision = CREATE.replace("100", "200") + f'op.create_index("{name}", "tasks", ["title"])'
        drift = project_drift(tmp_path / str(number), server, models, {"0001": revision})
        assert [(rule, identity) for rule, identity, _ in told(drift)] == [("create-all-fails", "tasks :index title")]


def test_table_whose_constraint_cannot_be_named_is_told(server: Server, tmp_path: Path) -> None:
    models = """
SQLModel.metadata.naming_convention = {"ck": "ck_%(table_name)s_%(constraint_name)s"}

class A(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(sa_type=sa.Enum("x", native_enum=False, create_constraint=True))

class B(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True)
"""
    try:
        drift = project_drift(
            tmp_path, server, models, {"0001": 'op.execute("CREATE TABLE b (id serial PRIMARY KEY)")'}
        )
    finally:
        restore_convention()
    assert [(rule, identity) for rule, identity, _ in told(drift)] == [("create-all-fails", "a")]


def test_listener_of_the_models_that_raises_is_told(server: Server, tmp_path: Path) -> None:
    models = (
        TASK
        + """
def complain(target, connection, **_):
    raise RuntimeError("not today")

sa.event.listen(Task.__table__, "before_create", complain)
"""
    )
    drift = project_drift(tmp_path, server, models, {"0001": CREATE})
    ((message, _),) = words(drift, "create-all-fails")
    assert message == "PostgreSQL refuses to create a part of the models (MetaData): not today"


def test_ddl_that_the_models_attach_is_performed(server: Server, tmp_path: Path) -> None:
    models = (
        TASK
        + """
sa.event.listen(Task.__table__, "after_create", sa.DDL("CREATE INDEX extra ON tasks (title)"))
"""
    )
    revision = CREATE.replace("100", "200") + 'op.execute("CREATE INDEX extra ON tasks (title)")'
    assert told(project_drift(tmp_path, server, models, {"0001": revision})) == []


def test_env_py_that_raises_before_any_revision_could_not_be_looked_at(server: Server, tmp_path: Path) -> None:
    write_project(tmp_path, TASK, {"0001": CREATE}, env=ENV + "\nraise RuntimeError('no settings')\n")
    with pytest.raises(SchemalintError, match="no settings"):
        drift_of(tmp_path, server)


def test_sequence_that_no_revision_makes_has_no_place_but_a_line_to_write(server: Server, tmp_path: Path) -> None:
    models = TASK + '\nsa.Sequence("numbers", metadata=SQLModel.metadata)\n'
    drift = project_drift(tmp_path, server, models, {"0001": CREATE.replace("100", "200")})
    assert told(drift) == [("table-drift", "sequence numbers", "")]
    ((message, remedy),) = words(drift, "table-drift")
    assert message == "the sequence numbers is in the models, and not there after the migrations"
    assert "CREATE SEQUENCE" in remedy


def test_difference_that_no_line_closes_has_a_remedy_in_words(server: Server, tmp_path: Path) -> None:
    models = 'class A(SQLModel, table=True):\n    __table_args__ = {"postgresql_partition_by": "RANGE (id)"}\n'
    models += "    id: int = Field(primary_key=True, sa_column_kwargs={'autoincrement': False})\n"
    drift = project_drift(tmp_path, server, models, {"0001": 'op.execute("CREATE TABLE a (id int PRIMARY KEY)")'})
    assert words(drift, "storage-drift") == [
        (
            "a is partitioned by RANGE (id) in the models and not partitioned after the migrations (0001)",
            "make a new table and move the rows: PostgreSQL cannot change this in place",
        )
    ]


def test_only_parts_of_a_drift_have_a_place(server: Server, tmp_path: Path) -> None:
    drift = project_drift(tmp_path, server, TASK, {"0001": CREATE.replace("100", "200")})
    with pytest.raises(TypeError, match="no part of a drift"):
        drift.place("tasks")
