"""Situations in which models and migrations say the same, however differently they say it: not a word."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from drift_cases import compared, configured, metadata_of, migrated, schema_of
from schemalint.config import Config
from schemalint.loaders.drift import compare
from schemalint.loaders.environment import Upgraded
from schemalint.throwaway.server import Server

ID = "Column('id', Integer, primary_key=True)"
T = "CREATE TABLE t (id serial PRIMARY KEY"


def table(*parts: str) -> str:
    return f"Table('t', m, {', '.join((ID, *parts))})"


LONG = "a_very_long_name_that_says_everything_there_is_to_say_about_this_thing"

EQUAL: dict[str, tuple[str, str]] = {
    "nothing at all": ("", ""),
    "DEFAULT NULL": (table("Column('a', Integer)"), f"{T}, a int DEFAULT NULL)"),
    "a default in Python": (table("Column('a', Integer, default=1)"), f"{T}, a int)"),
    "now() in capitals": (
        table("Column('a', DateTime, server_default=text('NOW()'))"),
        f"{T}, a timestamp DEFAULT now())",
    ),
    "CURRENT_TIMESTAMP for now()": (
        table("Column('a', DateTime(timezone=True), server_default=func.now())"),
        f"{T}, a timestamptz DEFAULT CURRENT_TIMESTAMP)",
    ),
    "transaction_timestamp() for now()": (
        table("Column('a', DateTime(timezone=True), server_default=func.now())"),
        f"{T}, a timestamptz DEFAULT transaction_timestamp())",
    ),
    "AT TIME ZONE for timezone()": (
        table("Column('a', DateTime, server_default=text(\"timezone('utc', now())\"))"),
        f"{T}, a timestamp DEFAULT (now() AT TIME ZONE 'utc'))",
    ),
    "LOCALTIMESTAMP for now()": (
        table("Column('a', DateTime, server_default=func.now())"),
        f"{T}, a timestamp DEFAULT LOCALTIMESTAMP)",
    ),
    "the date of now() for CURRENT_DATE": (
        table("Column('a', Date, server_default=func.current_date())"),
        f"{T}, a date DEFAULT now()::date)",
    ),
    "a number in quotes": (
        table("Column('a', Numeric(10, 2), server_default='0')"),
        f"{T}, a numeric(10, 2) DEFAULT 0)",
    ),
    "an integer in quotes": (table("Column('a', Integer, server_default='0')"), f"{T}, a int DEFAULT 0)"),
    "a boolean spelled t": (table("Column('a', Boolean, server_default=text('false'))"), f"{T}, a bool DEFAULT 'f')"),
    "a default that kept the cast of its old type": (
        table("Column('a', Text, server_default='x')"),
        f"{T}, a varchar(10) DEFAULT 'x'); ALTER TABLE t ALTER a TYPE text",
    ),
    "white space in a jsonb default": (
        table("Column('a', pg.JSONB, server_default=text(\"'{}'\"))"),
        f"{T}, a jsonb DEFAULT '{{ }}'::jsonb)",
    ),
    "an interval spelled otherwise": (
        table("Column('a', Interval, server_default=text(\"'1 day'\"))"),
        f"{T}, a interval DEFAULT '24:00:00'::interval - '1 hour'::interval + interval '1 hour' - interval '24 hours' + interval '1 day')",
    ),
    "a check restored from a dump": (
        table("Column('a', String(10))", "CheckConstraint(\"a IN ('x', 'y')\", name='ck')"),
        f"{T}, a varchar(10), CONSTRAINT ck CHECK (((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))))",
    ),
    "a check made while the column was another text": (
        table("Column('a', Text)", "CheckConstraint(\"a IN ('x', 'y')\", name='ck')"),
        f"{T}, a varchar(10), CONSTRAINT ck CHECK (a IN ('x', 'y'))); ALTER TABLE t ALTER a TYPE text",
    ),
    "a predicate restored from a dump": (
        table("Column('a', String(10))", "Index('ix', 'id', postgresql_where=text(\"a IN ('x', 'y')\"))"),
        f"{T}, a varchar(10)); CREATE INDEX ix ON t (id) WHERE ((a)::text = ANY (ARRAY[('x'::character varying)::text, ('y'::character varying)::text]))",
    ),
    "an index on an expression with CASE": (
        table("Column('a', Integer)", "Index('ix', text('(CASE WHEN a > 1 THEN 1 ELSE 0 END)'))"),
        f"{T}, a int); CREATE INDEX ix ON t ((CASE WHEN a > 1 THEN 1 ELSE 0 END))",
    ),
    "a check with CASE": (
        table("Column('a', Integer)", "CheckConstraint('CASE WHEN a > 1 THEN true ELSE id > 0 END', name='ck')"),
        f"{T}, a int, CONSTRAINT ck CHECK (CASE WHEN a > 1 THEN true ELSE id > 0 END))",
    ),
    "a predicate with BETWEEN": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_where=text('a BETWEEN 1 AND 5'))"),
        f"{T}, a int); CREATE INDEX ix ON t (a) WHERE a >= 1 AND a <= 5",
    ),
    "an operator class inside text()": (
        table("Column('a', Text)", "Index('ix', text('a text_pattern_ops'))"),
        f"{T}, a text); CREATE INDEX ix ON t (a text_pattern_ops)",
    ),
    "the default operator class, spelled out": (
        table("Column('a', Text)", "Index('ix', 'a', postgresql_ops={'a': 'text_ops'})"),
        f"{T}, a text); CREATE INDEX ix ON t USING btree (a ASC NULLS LAST)",
    ),
    "Float(10) and Float(24)": (table("Column('a', Float(10))", "Column('b', Float(24))"), f"{T}, a real, b real)"),
    "Float(53)": (table("Column('a', Float(53))"), f"{T}, a double precision)"),
    "names of types": (
        table(
            "Column('a', DECIMAL(10, 2))",
            "Column('b', CHAR(3))",
            "Column('c', LargeBinary)",
            "Column('d', Uuid)",
            "Column('e', Double)",
        ),
        f"{T}, a decimal(10, 2), b character(3), c bytea, d uuid, e float8)",
    ),
    "a generated column with IN": (
        table("Column('a', Integer)", "Column('g', Boolean, Computed('a IN (1, 2)', persisted=True))"),
        f"{T}, a int, g bool GENERATED ALWAYS AS (a = ANY (ARRAY[1, 2])) STORED)",
    ),
    "constraints without names": (
        table("Column('a', Integer, unique=True)", "Column('b', ForeignKey('t.id'))", "CheckConstraint('a > 0')"),
        (
            "CREATE TABLE t (id serial, a int, b int, CONSTRAINT k1 PRIMARY KEY (id), CONSTRAINT k2 UNIQUE (a),"
            " CONSTRAINT k3 FOREIGN KEY (b) REFERENCES t, CONSTRAINT k4 CHECK (a > 0))"
        ),
    ),
    "two checks without names, in another order": (
        table("Column('a', Integer)", "CheckConstraint('a > 0')", "CheckConstraint('a < 9')"),
        f"{T}, a int, CHECK (a < 9), CHECK (a > 0))",
    ),
    "an exclusion without a name": (
        table("Column('r', pg.INT4RANGE)", "pg.ExcludeConstraint(('r', '&&'))"),
        f"{T}, r int4range, CONSTRAINT ex EXCLUDE USING gist (r WITH &&))",
    ),
    "a non-native enum's check without a name": (
        table("Column('a', Enum('x', 'y', native_enum=False, create_constraint=True, length=10))"),
        f"{T}, a varchar(10), CONSTRAINT ck CHECK (a IN ('x', 'y')))",
    ),
    "Boolean(create_constraint=True) under a convention": (
        "m.naming_convention = {'ck': 'ck_%(table_name)s_%(constraint_name)s'}; "
        + table("Column('a', Boolean(create_constraint=True, name='flag'))"),
        f"{T}, a bool)",
    ),
    "nullable=True in a primary key": (
        "Table('t', m, Column('a', Integer, primary_key=True, nullable=True), Column('b', Integer, primary_key=True, nullable=True))",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (a, b))",
    ),
    "UNIQUE on exactly the primary key's columns": (
        table("UniqueConstraint('id')"),
        f"{T}); ALTER TABLE t ADD UNIQUE (id)",
    ),
    "UNIQUE on the primary key's columns, merged": (table("UniqueConstraint('id')"), f"{T}, UNIQUE (id))"),
    "UNIQUE twice": (
        table("Column('a', Integer, unique=True)", "UniqueConstraint('a')"),
        f"{T}, a int); ALTER TABLE t ADD CONSTRAINT u1 UNIQUE (a); ALTER TABLE t ADD CONSTRAINT u2 UNIQUE (a)",
    ),
    "names that are too long": (
        (
            f"Table('{LONG}', m, Column('id', Integer, primary_key=True), Column('{LONG}', Integer),"
            f" UniqueConstraint('{LONG}', name='u_{LONG}'), Index('i_{LONG}', '{LONG}'), CheckConstraint('id > 0', name='c_{LONG}'))"
        ),
        (
            f"CREATE TABLE {LONG} (id serial PRIMARY KEY, {LONG} int, CONSTRAINT u_{LONG} UNIQUE ({LONG}),"
            f" CONSTRAINT c_{LONG} CHECK (id > 0)); CREATE INDEX i_{LONG} ON {LONG} ({LONG})"
        ),
    ),
    "a name that is too long in bytes only": (
        f"Table('t', m, Column('id', Integer, primary_key=True), Index('{'ü' * 40}', 'id'))",
        f"{T}); CREATE INDEX {'ü' * 40} ON t (id)",
    ),
    "names that need quotes": (
        "Table('Order', m, Column('Id', Integer, primary_key=True), Column('user', Enum('A b', name='My Type'), index=True))",
        (
            'CREATE TYPE "My Type" AS ENUM (\'A b\'); CREATE TABLE "Order" ("Id" serial PRIMARY KEY, "user" "My Type");'
            ' CREATE INDEX "ix_Order_user" ON "Order" ("user")'
        ),
    ),
    "the order of columns": (table("Column('a', Integer)", "Column('b', Integer)"), f"{T}, b int, a int)"),
    "a dropped column": (table("Column('a', Integer)"), f"{T}, x int, a int); ALTER TABLE t DROP x"),
    "public spelled out, with a foreign key": (
        "Table('t', m, Column('id', Integer, primary_key=True), Column('a', ForeignKey('public.t.id')), schema='public')",
        f"{T}, a int REFERENCES t)",
    ),
    "a table in a second schema": (
        "Table('t', m, Column('id', Integer, primary_key=True), schema='s')",
        "CREATE SCHEMA s; CREATE TABLE s.t (id serial PRIMARY KEY)",
    ),
    "tables in a schema that no model names": (table(), f"{T}); CREATE SCHEMA s; CREATE TABLE s.x (id int)"),
    "an empty schema": (table(), f"{T}); CREATE SCHEMA s"),
    "a foreign key between schemas": (
        "Table('p', m, Column('id', Integer, primary_key=True), schema='s'); Table('t', m, Column('a', ForeignKey('s.p.id')))",
        "CREATE SCHEMA s; CREATE TABLE s.p (id serial PRIMARY KEY); CREATE TABLE t (a int REFERENCES s.p)",
    ),
    "partitions": (
        "Table('t', m, Column('a', Integer, primary_key=True, autoincrement=False), postgresql_partition_by='RANGE (a)')",
        "CREATE TABLE t (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT; CREATE INDEX ON t1 (a)",
    ),
    "a foreign key to a partitioned table": (
        (
            "Table('p', m, Column('a', Integer, primary_key=True, autoincrement=False), postgresql_partition_by='RANGE (a)');"
            " Table('t', m, Column('a', ForeignKey('p.a')))"
        ),
        "CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a); CREATE TABLE p1 PARTITION OF p DEFAULT; CREATE TABLE t (a int REFERENCES p)",
    ),
    "functions, triggers, views, policies, rules, grants and statistics": (
        table("Column('a', Integer)", "Column('b', Integer)"),
        (
            f"{T}, a int, b int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
            "CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION f(); CREATE VIEW v AS SELECT * FROM t;"
            "CREATE MATERIALIZED VIEW mv AS SELECT * FROM t; CREATE UNIQUE INDEX ON mv (id); ALTER TABLE t ENABLE ROW LEVEL SECURITY;"
            "CREATE POLICY p ON t USING (true); CREATE STATISTICS st ON a, b FROM t; GRANT SELECT ON t TO PUBLIC;"
            "ALTER TABLE t ALTER a SET STATISTICS 500; ALTER TABLE t REPLICA IDENTITY FULL; CREATE FUNCTION g(t) RETURNS int LANGUAGE sql AS 'SELECT 1'"
        ),
    ),
    "storage of a column": (table("Column('a', Text)"), f"{T}, a text); ALTER TABLE t ALTER a SET STORAGE EXTERNAL"),
    "an extension and its objects": (
        table("Column('r', pg.INT4RANGE)", "pg.ExcludeConstraint(('id', '='), ('r', '&&'), name='ex')"),
        f"CREATE EXTENSION btree_gist; {T}, r int4range, CONSTRAINT ex EXCLUDE USING gist (id WITH =, r WITH &&))",
    ),
    "a function that a default, a check and an index use": (
        table(
            "Column('a', Integer, server_default=text('one()'))",
            "CheckConstraint('a > one()', name='ck')",
            "Index('ix', text('twice(a)'))",
        ),
        (
            "CREATE FUNCTION one() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
            "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * $1';"
            f"{T}, a int DEFAULT one(), CONSTRAINT ck CHECK (a > one())); CREATE INDEX ix ON t (twice(a))"
        ),
    ),
    "a function over an enum that an index uses": (
        table("Column('a', Enum('x', 'y', name='st'))", "Index('ix', text('said(a)'))"),
        (
            "CREATE TYPE st AS ENUM ('x', 'y'); CREATE FUNCTION said(st) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';"
            f"{T}, a st); CREATE INDEX ix ON t (said(a))"
        ),
    ),
    "an enum that only a function uses": (
        table(),
        f"CREATE TYPE st AS ENUM ('x'); CREATE FUNCTION f(st) RETURNS int LANGUAGE sql AS 'SELECT 1'; {T})",
    ),
    "an enum that was added to": (
        table("Column('a', Enum('w', 'x', 'y', name='st'))"),
        f"CREATE TYPE st AS ENUM ('x'); {T}, a st); ALTER TYPE st ADD VALUE 'y'; ALTER TYPE st ADD VALUE 'w' BEFORE 'x'",
    ),
    "an enum that is not created by the models": (
        table("Column('a', pg.ENUM('x', 'y', name='st', create_type=False))"),
        f"CREATE TYPE st AS ENUM ('x', 'y'); {T}, a st)",
    ),
    "an enum of two tables": (
        "e = Enum('x', 'y', name='st'); Table('t', m, Column('a', e)); Table('u', m, Column('a', e), Column('b', ARRAY(e)))",
        "CREATE TYPE st AS ENUM ('x', 'y'); CREATE TABLE t (a st); CREATE TABLE u (a st, b st[])",
    ),
    "a domain that only SQL knows": (
        "class D(sa.types.UserDefinedType):\n    cache_ok = True\n    def get_col_spec(self, **kw): return 'pos'\n"
        + table("Column('a', D())"),
        f"CREATE DOMAIN pos AS int CHECK (VALUE > 0); {T}, a pos)",
    ),
    "a domain of the models": (
        table("Column('a', pg.DOMAIN('pos', Integer, check='VALUE > 0'))"),
        f"CREATE DOMAIN pos AS int CONSTRAINT other CHECK (VALUE > 0); {T}, a pos)",
    ),
    "a collation that only SQL makes": (
        table("Column('a', Text(collation='mine'))"),
        f'CREATE COLLATION mine FROM "C"; {T}, a text COLLATE mine)',
    ),
    "a type inside a decorator and a variant": (
        "class D(sa.types.TypeDecorator):\n    impl = String(20)\n    cache_ok = True\n"
        + table("Column('a', D())", "Column('b', JSON().with_variant(pg.JSONB(), 'postgresql'))"),
        f"{T}, a varchar(20), b jsonb)",
    ),
    "a sequence whose table was renamed": (
        table(),
        "CREATE TABLE old (id serial PRIMARY KEY); ALTER TABLE old RENAME TO t",
    ),
    "a serial written out by hand": (
        table(),
        "CREATE SEQUENCE my_numbers; CREATE TABLE t (id int PRIMARY KEY DEFAULT nextval('my_numbers'))",
    ),
    "a serial from a dump": (
        table(),
        (
            "CREATE TABLE t (id integer NOT NULL); CREATE SEQUENCE t_id_seq AS integer; ALTER SEQUENCE t_id_seq OWNED BY t.id;"
            "ALTER TABLE ONLY t ALTER COLUMN id SET DEFAULT nextval('public.t_id_seq'::regclass); ALTER TABLE ONLY t ADD CONSTRAINT t_pkey PRIMARY KEY (id)"
        ),
    ),
    "a sequence that a default of both uses": (
        table("Column('a', Integer, server_default=text(\"nextval('numbers')\"))"),
        f"CREATE SEQUENCE numbers; {T}, a int DEFAULT nextval('numbers'))",
    ),
    "a sequence of the models": ("Sequence('numbers', metadata=m)", "CREATE SEQUENCE numbers"),
    "identity, renamed": (
        "Table('t', m, Column('id', Integer, Identity(always=True), primary_key=True))",
        "CREATE TABLE o (id int GENERATED ALWAYS AS IDENTITY (SEQUENCE NAME q) PRIMARY KEY); ALTER TABLE o RENAME TO t",
    ),
    "a view that a model maps": (table(), "CREATE VIEW t AS SELECT 1 AS id"),
    "a materialized view that a model maps": (
        table("Column('a', Integer, index=True)"),
        "CREATE MATERIALIZED VIEW t AS SELECT 1 AS id",
    ),
    "a foreign key that the models leave unvalidated": (
        table("Column('a', Integer)", "CheckConstraint('a > 0', name='ck', postgresql_not_valid=True)"),
        f"{T}, a int, CONSTRAINT ck CHECK (a > 0))",
    ),
    "the comment of an index": (
        table("Column('a', Integer, index=True)"),
        f"{T}, a int); CREATE INDEX ix_t_a ON t (a); COMMENT ON INDEX ix_t_a IS 'said'; COMMENT ON SCHEMA public IS 'x'",
    ),
    "the version table": (table(), f"{T}); CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)"),
}


@pytest.mark.parametrize("case", EQUAL)
def test_no_difference_is_found(case: str, server: Server, tmp_path: Path) -> None:
    models, sql = EQUAL[case]
    outcome = compared(server, models, sql, config=Config(root=tmp_path))
    assert list(outcome.pairs) == []
    assert list(outcome.refused) == []


@pytest.mark.parametrize(
    "models",
    [
        table("Column('a', JSON, server_default='{}')"),
        table("Column('a', Text, server_default=\"it's\")"),
        table(
            "Column('a', BigInteger, server_default=text(\"CAST(to_char(clock_timestamp(), 'HH24MISS') AS BIGINT)\"))"
        ),
        table(
            "Column('a', pg.TSVECTOR, Computed(\"to_tsvector('english', 'x')\", persisted=True))",
            "Index('ix', 'a', postgresql_using='gin')",
        ),
        "m.naming_convention = {'pk': 'pk_%(table_name)s', 'uq': 'uq_%(table_name)s_%(column_0_name)s', 'ix': 'i_%(column_0_label)s'}; "
        + table("Column('a', Integer, unique=True)", "Column('b', Integer, index=True)"),
        (
            "Table('a', m, Column('id', Integer, primary_key=True), Column('b_id', ForeignKey('b.id', use_alter=True, name='fk')));"
            " Table('b', m, Column('id', Integer, primary_key=True), Column('a_id', ForeignKey('a.id')))"
        ),
    ],
)
def test_models_do_not_differ_from_what_create_all_made_of_them(models: str, server: Server, tmp_path: Path) -> None:
    metadata = metadata_of(models)
    with server.database() as database:
        engine = sa.create_engine(sa.make_url(database.url).set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
        metadata.create_all(engine)
        outcome = compare(Config(root=tmp_path), schema_of(metadata), Upgraded((), (configured(),)), database.url)
    assert list(outcome.pairs) == []


EXTRA = (
    f"{T}, a int, b int); CREATE INDEX ix ON t (a); ALTER TABLE t ADD CONSTRAINT u UNIQUE (b); CREATE TABLE x (id int)"
)


@pytest.mark.parametrize(
    ("options", "left"),
    [
        ({}, {"x", "t.a", "t.b", "t :index a", "t :unique b"}),
        ({"include_object": lambda _o, _n, type_, reflected, other: not (type_ == "table" and reflected and other is None)},
         {"t.a", "t.b", "t :index a", "t :unique b"}),
        ({"include_name": lambda name, type_, _p: not (type_ == "table" and name == "t")}, {"x"}),
        ({"include_name": lambda _n, type_, parents: type_ == "table" or parents["table_name"] != "t"}, {"x"}),
        ({"include_object": lambda _o, _n, type_, _r, _c: type_ in ("table", "column")}, {"x", "t.a", "t.b"}),
        ({"include_object": lambda obj, _n, _t, _r, _c: obj.nothing}, {"x", "t.a", "t.b", "t :index a", "t :unique b"}),
    ],
)  # fmt: skip
def test_filters_of_the_project_are_honoured(
    options: dict[str, Any], left: set[str], server: Server, tmp_path: Path
) -> None:
    outcome = compared(server, table(), EXTRA, config=Config(root=tmp_path), by=configured(**options))
    assert {pair.identity for pair in outcome.pairs} == left


def test_missing_table_that_the_project_hides_is_hidden(server: Server, tmp_path: Path) -> None:
    def include(_part: Any, name: str, _type: str, reflected: bool, other: Any) -> bool:
        assert (reflected, other) == (False, None)
        return name != "t"

    by = configured(include_object=include)
    assert list(compared(server, table(), "", config=Config(root=tmp_path), by=by).pairs) == []


def test_every_schema_is_compared_when_env_py_includes_schemas(server: Server, tmp_path: Path) -> None:
    sql = f"{T}); CREATE SCHEMA s; CREATE TABLE s.x (id int)"
    outcome = compared(server, table(), sql, config=Config(root=tmp_path), by=configured(include_schemas=True))
    assert [pair.identity for pair in outcome.pairs] == ["s.x"]


def test_external_tables_are_not_compared(server: Server, tmp_path: Path) -> None:
    models = (
        table("Column('u', ForeignKey('users.id'))")
        + "; Table('users', m, Column('id', Integer, primary_key=True), Column('n', Text))"
    )
    sql = f"CREATE TABLE users (id int PRIMARY KEY); CREATE TABLE audit_log (id int); {T}, u int REFERENCES users)"
    outcome = compared(server, models, sql, config=Config(root=tmp_path, external_tables=("users", "audit_*")))
    assert list(outcome.pairs) == []


def test_version_table_of_another_name_and_schema_is_not_compared(server: Server, tmp_path: Path) -> None:
    by = configured(version_table="versions", version_table_schema="s", include_schemas=True)
    sql = f"{T}); CREATE SCHEMA s; CREATE TABLE s.versions (version_num varchar(32))"
    assert list(compared(server, table(), sql, config=Config(root=tmp_path), by=by).pairs) == []


def test_default_schema_is_the_one_of_the_version_table(server: Server, tmp_path: Path) -> None:
    sql = (
        "CREATE SCHEMA app; SET search_path TO app; CREATE TABLE alembic_version (version_num varchar(32));"
        f"CREATE TYPE st AS ENUM ('x'); {T}, a st, b int REFERENCES t)"
    )
    models = table("Column('a', Enum('x', name='st'))", "Column('b', ForeignKey('t.id'))")
    assert list(compared(server, models, sql, config=Config(root=tmp_path)).pairs) == []


def test_comparing_leaves_the_models_as_they_are(server: Server, tmp_path: Path) -> None:
    metadata = metadata_of(table("Column('a', Integer, unique=True)"))
    (unique,) = [one for one in metadata.tables["t"].constraints if isinstance(one, sa.UniqueConstraint)]
    with migrated(server, f"{T})") as database:
        compare(Config(root=tmp_path), schema_of(metadata), Upgraded((), (configured(),)), database.url)
    assert unique.name is None


def test_check_over_a_column_that_the_models_lack_differs(server: Server, tmp_path: Path) -> None:
    sql = f"{T}, a int, CONSTRAINT ck CHECK (a > 0))"
    outcome = compared(server, table("CheckConstraint('id > 0', name='ck')"), sql, config=Config(root=tmp_path))
    assert {pair.identity for pair in outcome.pairs} == {"t.a", "t :check ck"}


def test_foreign_key_to_a_table_that_no_model_declares_is_refused(server: Server, tmp_path: Path) -> None:
    models = table("Column('a', ForeignKey('nowhere.id'))") + "; Table('u', m, Column('id', Integer))"
    outcome = compared(server, models, f"{T}, a int); CREATE TABLE u (id text)", config=Config(root=tmp_path))
    assert [part.name for part, _ in outcome.refused] == ["t"]
    assert [pair.identity for pair in outcome.pairs] == ["u.id"]


def test_filter_is_asked_about_foreign_keys_and_checks_belong_to_their_table(server: Server, tmp_path: Path) -> None:
    sql = f"{T}, a int REFERENCES t, CHECK (a > 0))"
    asked = []

    def include(part: Any, name: str, type_: str, reflected: bool, other: Any) -> bool:
        asked.append((type_, reflected))
        return type_ != "foreign_key_constraint"

    models = table("Column('a', Integer)")
    by = configured(include_object=include)
    outcome = compared(server, models, sql, config=Config(root=tmp_path), by=by)
    assert [pair.identity for pair in outcome.pairs] == ["t :check t_a_check"]
    assert ("foreign_key_constraint", True) in asked
