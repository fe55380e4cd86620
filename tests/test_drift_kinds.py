"""Every kind of difference, most of which `alembic check` is silent about: found, under its own rule, and closed by the suggested lines."""

from pathlib import Path

import pytest
import sqlalchemy

from drift_cases import configured, metadata_of, migrated, perform, schema_of, suggested
from schemalint.config import Config
from schemalint.loaders.drift import compare
from schemalint.loaders.environment import Upgraded
from schemalint.throwaway.server import Server

IS_SQLALCHEMY_21 = not sqlalchemy.__version__.startswith("2.0.")
ID = "Column('id', Integer, primary_key=True)"
T = "CREATE TABLE t (id serial PRIMARY KEY"


def table(*parts: str) -> str:
    return f"Table('t', m, {', '.join((ID, *parts))})"


CASES: dict[str, tuple[str, str, set[tuple[str, str]]]] = {
    # tables and columns
    "a missing table": (table(), "", {("table", "t")}),
    "a missing table with an enum, an index, a check and a comment": (
        table(
            "Column('s', Enum('a', 'b', name='st'), index=True)",
            "CheckConstraint('id > 0', name='ck')",
            "comment='said'",
        ),
        "",
        {("table", "t")},
    ),
    "a missing table whose enum exists": (
        table("Column('s', Enum('a', 'b', name='st'))") + "; Table('u', m, Column('s', Enum('a', 'b', name='st')))",
        "CREATE TYPE st AS ENUM ('a', 'b'); CREATE TABLE u (s st)",
        {("table", "t")},
    ),
    "a missing table with an array of an enum in a schema": (
        "Table('t', m, Column('s', ARRAY(Enum('a', name='st', schema='s'))), schema='s')",
        "CREATE SCHEMA s",
        {("table", "s.t")},
    ),
    "an extra table": ("", f"{T})", {("table", "t")}),
    "an extra table in another schema of the models": (
        "Table('a', m, Column('id', Integer), schema='s')",
        "CREATE SCHEMA s; CREATE TABLE s.a (id int); CREATE TABLE s.b (id int)",
        {("table", "s.b")},
    ),
    "a missing column": (table("Column('a', String(20))"), f"{T})", {("column", "t.a")}),
    "a missing column of a missing enum": (table("Column('a', Enum('x', name='st'))"), f"{T})", {("column", "t.a")}),
    "an extra column": (table(), f"{T}, a int)", {("column", "t.a")}),
    "an unlogged table": (table(), f"{T.replace('TABLE', 'UNLOGGED TABLE')})", {("storage", "t")}),
    "an unlogged table in the models": (table("prefixes=['UNLOGGED']"), f"{T})", {("storage", "t")}),
    "a storage parameter": (table("postgresql_with={'fillfactor': 70}"), f"{T})", {("storage", "t")}),
    "a storage parameter only the migrations set": (table(), f"{T}) WITH (fillfactor=70)", {("storage", "t")}),
    "a partitioned table": (
        "Table('t', m, Column('a', Integer))",
        "CREATE TABLE t (a int) PARTITION BY RANGE (a); CREATE TABLE t1 PARTITION OF t DEFAULT",
        {("storage", "t")},
    ),
    "inheritance": (
        "Table('p', m, Column('a', Integer)); Table('t', m, Column('a', Integer))",
        "CREATE TABLE p (a int); CREATE TABLE t () INHERITS (p)",
        {("storage", "t")},
    ),
    "inheritance in the models": (
        "Table('p', m, Column('a', Integer)); Table('t', m, Column('a', Integer), postgresql_inherits='p')",
        "CREATE TABLE p (a int); CREATE TABLE t (a int)",
        {("storage", "t")},
    ),
    "another access method": (
        table(),
        f"CREATE ACCESS METHOD pile TYPE TABLE HANDLER heap_tableam_handler; {T}) USING pile",
        {("storage", "t")},
    ),
    "a missing column with a foreign key": (
        table("Column('a', ForeignKey('u.id'))") + "; Table('u', m, Column('id', Integer, primary_key=True))",
        f"{T}); CREATE TABLE u (id serial PRIMARY KEY)",
        {("column", "t.a"), ("key", "t.a")},
    ),
    "a table comment": (table("comment='said'"), f"{T})", {("comment", "t")}),
    "a column comment, gone": (
        table("Column('a', Integer)"),
        f"{T}, a int); COMMENT ON COLUMN t.a IS 'it''s'",
        {("comment", "t.a")},
    ),
    "a constraint comment": (
        table("Column('a', Integer)", "CheckConstraint('a > 0', name='ck', comment='said')"),
        f"{T}, a int CONSTRAINT ck CHECK (a > 0))",
        {("comment", "t :check ck")},
    ),
    # types
    "another length": (table("Column('a', String(200))"), f"{T}, a varchar(100))", {("type", "t.a")}),
    "a length on the models' side only": (table("Column('a', String(200))"), f"{T}, a varchar)", {("type", "t.a")}),
    "a length on the migrations' side only": (table("Column('a', String)"), f"{T}, a varchar(50))", {("type", "t.a")}),
    "a precision": (table("Column('a', Numeric(10, 2))"), f"{T}, a numeric)", {("type", "t.a")}),
    "a precision of time": (table("Column('a', pg.TIMESTAMP(precision=3))"), f"{T}, a timestamp)", {("type", "t.a")}),
    "an interval's precision": (table("Column('a', pg.INTERVAL(precision=3))"), f"{T}, a interval)", {("type", "t.a")}),
    "an array": (table("Column('a', ARRAY(Text))"), f"{T}, a text)", {("type", "t.a")}),
    "no array": (table("Column('a', Integer)"), f"{T}, a integer[])", {("type", "t.a")}),
    "text for a number": (table("Column('a', Integer)"), f"{T}, a text)", {("type", "t.a")}),
    "a number for text with a default": (
        table("Column('a', Text, server_default='0')"),
        f"{T}, a int DEFAULT 0)",
        {("type", "t.a")},
    ),
    "a naive timestamp": (table("Column('a', DateTime(timezone=True))"), f"{T}, a timestamp)", {("type", "t.a")}),
    "a collation": (table("Column('a', Text(collation='C'))"), f"{T}, a text)", {("type", "t.a")}),
    "a collation, gone": (table("Column('a', Text)"), f'{T}, a text COLLATE "C")', {("type", "t.a")}),
    "json for jsonb": (table("Column('a', pg.JSONB)"), f"{T}, a json)", {("type", "t.a")}),
    "an enum where text is": (
        table("Column('a', Enum('x', 'y', name='st'))"),
        f"{T}, a varchar(10) DEFAULT 'x')",
        {("type", "t.a"), ("default", "t.a")},
    ),
    "another enum": (
        table("Column('a', Enum('x', 'y', name='st'))"),
        f"CREATE TYPE other AS ENUM ('x', 'y'); {T}, a other)",
        {("type", "t.a")},
    ),
    "a domain's check": (
        table("Column('a', pg.DOMAIN('pos', Integer, check='VALUE > 0'))"),
        f"CREATE DOMAIN pos AS int; {T}, a pos)",
        {("type", "type pos")},
    ),
    # nullable
    "NOT NULL in the models": (table("Column('a', Integer, nullable=False)"), f"{T}, a int)", {("nullable", "t.a")}),
    "NOT NULL in the migrations": (table("Column('a', Integer)"), f"{T}, a int NOT NULL)", {("nullable", "t.a")}),
    # defaults
    "a missing default": (table("Column('a', Integer, server_default='0')"), f"{T}, a int)", {("default", "t.a")}),
    "an extra default": (table("Column('a', Integer)"), f"{T}, a int DEFAULT 0)", {("default", "t.a")}),
    "another default": (
        table("Column('a', Text, server_default='x')"),
        f"{T}, a text DEFAULT 'y')",
        {("default", "t.a")},
    ),
    "a default with a quote": (
        table("Column('a', Text, server_default=\"it's\")"),
        f"{T}, a text DEFAULT 'its')",
        {("default", "t.a")},
    ),
    "a json default": (
        table("Column('a', JSON, server_default='{}')"),
        f"{T}, a json DEFAULT '[]')",
        {("default", "t.a")},
    ),
    "a frozen timestamp": (
        table("Column('a', DateTime(timezone=True), server_default=func.now())"),
        f"{T}, a timestamptz DEFAULT '2024-01-01 00:00:00+00')",
        {("default", "t.a")},
    ),
    "the date of today, frozen": (
        table("Column('a', Date, server_default=func.current_date())"),
        f"{T}, a date); DO $$ BEGIN EXECUTE format('ALTER TABLE t ALTER a SET DEFAULT %L::date', CURRENT_DATE); END $$",
        {("default", "t.a")},
    ),
    "another clock": (
        table("Column('a', DateTime(timezone=True), server_default=func.now())"),
        f"{T}, a timestamptz DEFAULT clock_timestamp())",
        {("default", "t.a")},
    ),
    "another zone": (
        table("Column('a', DateTime, server_default=text(\"timezone('utc', now())\"))"),
        f"{T}, a timestamp DEFAULT now())",
        {("default", "t.a")},
    ),
    "another function": (
        table("Column('a', Uuid, server_default=text('gen_random_uuid()'))"),
        f"{T}, a uuid DEFAULT md5('x')::uuid)",
        {("default", "t.a")},
    ),
    "serial in the models": (table(), "CREATE TABLE t (id int PRIMARY KEY)", {("default", "t.id")}),
    "serial in the migrations": (
        "Table('t', m, Column('id', Integer, primary_key=True, autoincrement=False))",
        f"{T})",
        {("default", "t.id")},
    ),
    "identity for serial": (
        "Table('t', m, Column('id', Integer, Identity(), primary_key=True))",
        f"{T})",
        {("default", "t.id")},
    ),
    "serial for identity": (
        table(),
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        {("default", "t.id")},
    ),
    "identity missing": (
        "Table('t', m, Column('id', Integer, Identity(always=True), primary_key=True))",
        "CREATE TABLE t (id int PRIMARY KEY)",
        {("default", "t.id")},
    ),
    "identity extra": (
        "Table('t', m, Column('id', Integer, primary_key=True, autoincrement=False))",
        "CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY)",
        {("default", "t.id")},
    ),
    "identity always": (
        "Table('t', m, Column('id', Integer, Identity(always=True), primary_key=True))",
        "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
        {("default", "t.id")},
    ),
    "identity's parameters": (
        "Table('t', m, Column('id', Integer, Identity(start=100, increment=10), primary_key=True))",
        "CREATE TABLE t (id int GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)",
        {("default", "t.id")},
    ),
    "a sequence that stayed small": (
        "Table('t', m, Column('id', BigInteger, primary_key=True))",
        f"{T}); ALTER TABLE t ALTER id TYPE bigint",
        {("default", "t.id")},
    ),
    "a generated column's expression": (
        table("Column('a', Integer)", "Column('g', Integer, Computed('a + 1', persisted=True))"),
        f"{T}, a int, g int GENERATED ALWAYS AS (a + 2) STORED)",
        {("default", "t.g")},
    ),
    "a generated column, plain": (
        table("Column('a', Integer)", "Column('g', Integer, Computed('a + 1', persisted=True))"),
        f"{T}, a int, g int)",
        {("default", "t.g")},
    ),
    "a plain column, generated": (
        table("Column('a', Integer)", "Column('g', Integer)"),
        f"{T}, a int, g int GENERATED ALWAYS AS (a + 2) STORED)",
        {("default", "t.g")},
    ),
    "a standalone sequence": ("Sequence('numbers', metadata=m)", "", {("table", "sequence numbers")}),
    "an extra sequence": ("", "CREATE SEQUENCE numbers", {("table", "sequence numbers")}),
    "a sequence's parameters": (
        "Sequence('numbers', start=100, increment=5, metadata=m)",
        "CREATE SEQUENCE numbers",
        {("default", "sequence numbers")},
    ),
    # enums
    "a label added": (
        table("Column('a', Enum('x', 'y', 'z', name='st'))"),
        f"CREATE TYPE st AS ENUM ('x', 'y'); {T}, a st)",
        {("enum", "type st")},
    ),
    "a label added in the middle and at the start": (
        table("Column('a', Enum('w', 'x', 'm', 'y', name='st'))"),
        f"CREATE TYPE st AS ENUM ('x', 'y'); {T}, a st)",
        {("enum", "type st")},
    ),
    "a label removed": (
        table(
            "Column('a', Enum('x', 'y', name='st'), server_default='x')",
            "Column('b', ARRAY(Enum('x', 'y', name='st')))",
        ),
        f"CREATE TYPE st AS ENUM ('x', 'y', 'z'); {T}, a st DEFAULT 'x', b st[])",
        {("enum", "type st")},
    ),
    "labels in another order": (
        table("Column('a', Enum('x', 'y', name='st'))"),
        f"CREATE TYPE st AS ENUM ('y', 'x'); {T}, a st)",
        {("enum", "type st")},
    ),
    "labels in another schema": (
        "Table('t', m, Column('a', Enum('x', 'y', name='st', schema='s')), schema='s')",
        "CREATE SCHEMA s; CREATE TYPE s.st AS ENUM ('x'); CREATE TABLE s.t (a s.st)",
        {("enum", "type s.st")},
    ),
    "a type left behind": (table(), f"CREATE TYPE st AS ENUM ('x', 'y'); {T})", {("enum", "type st")}),
    "a non-native enum's values": (
        table("Column('a', Enum('x', 'y', name='ck_a', native_enum=False, create_constraint=True, length=10))"),
        f"{T}, a varchar(10) CONSTRAINT ck_a CHECK (a IN ('x')))",
        {("key", "t :check ck_a")},
    ),
    # primary keys
    "no primary key": (table(), "CREATE TABLE t (id serial)", {("key", "t :primary key")}),
    "a primary key's columns": (
        table("Column('b', Integer, primary_key=True)"),
        f"{T}, b int NOT NULL)",
        {("default", "t.id"), ("key", "t :primary key")},  # a composite key is not numbered
    ),
    "a primary key's order": (
        "Table('t', m, Column('a', Integer, primary_key=True, autoincrement=False), Column('b', Integer, primary_key=True))",
        "CREATE TABLE t (a int, b int, PRIMARY KEY (b, a))",
        {("key", "t :primary key")},
    ),
    "a primary key's name": (table("PrimaryKeyConstraint('id', name='pk_t')"), f"{T})", {("name", "t :primary key")}),
    "a deferrable primary key": (
        table("PrimaryKeyConstraint('id', deferrable=True)"),
        f"{T})",
        {("key", "t :primary key")},
    ),
    # unique
    "no unique constraint": (table("Column('a', Integer, unique=True)"), f"{T}, a int)", {("key", "t :unique a")}),
    "an extra unique constraint": (table("Column('a', Integer)"), f"{T}, a int UNIQUE)", {("key", "t :unique a")}),
    "a unique constraint's order": (
        table("Column('a', Integer)", "Column('b', Integer)", "UniqueConstraint('a', 'b', name='u')"),
        f"{T}, a int, b int, CONSTRAINT u UNIQUE (b, a))",
        {("key", "t :unique a, b")},
    ),
    "a unique constraint's INCLUDE": (
        table(
            "Column('a', Integer)", "Column('b', Integer)", "UniqueConstraint('a', name='u', postgresql_include=['b'])"
        ),
        f"{T}, a int, b int, CONSTRAINT u UNIQUE (a))",
        {("key", "t :unique a")},
    ),
    "a deferrable unique constraint": (
        table("Column('a', Integer)", "UniqueConstraint('a', name='u', deferrable=True, initially='DEFERRED')"),
        f"{T}, a int, CONSTRAINT u UNIQUE (a))",
        {("key", "t :unique a")},
    ),
    "a unique constraint's name": (
        table("Column('a', Integer)", "UniqueConstraint('a', name='u')"),
        f"{T}, a int, CONSTRAINT v UNIQUE (a))",
        {("name", "t :unique a")},
    ),
    "a unique index for a unique constraint": (
        table("Column('a', Integer, unique=True)"),
        f"{T}, a int); CREATE UNIQUE INDEX u ON t (a)",
        {("key", "t :unique a")},
    ),
    "a unique constraint for a unique index": (
        table("Column('a', Integer, unique=True, index=True)"),
        f"{T}, a int, CONSTRAINT v UNIQUE (a))",
        {("key", "t :unique a")},
    ),
    # foreign keys
    "no foreign key": (table("Column('a', ForeignKey('t.id'))"), f"{T}, a int)", {("key", "t.a")}),
    "an extra foreign key": (table("Column('a', Integer)"), f"{T}, a int REFERENCES t)", {("key", "t.a")}),
    "ON DELETE": (
        table("Column('a', ForeignKey('t.id', ondelete='CASCADE'))"),
        f"{T}, a int REFERENCES t)",
        {("key", "t.a")},
    ),
    "ON UPDATE": (
        table("Column('a', ForeignKey('t.id', onupdate='CASCADE'))"),
        f"{T}, a int REFERENCES t)",
        {("key", "t.a")},
    ),
    "a deferrable foreign key": (
        table("Column('a', ForeignKey('t.id', deferrable=True, initially='DEFERRED'))"),
        f"{T}, a int REFERENCES t)",
        {("key", "t.a")},
    ),
    "MATCH FULL": (
        table("Column('a', ForeignKey('t.id', match='FULL'))"),
        f"{T}, a int REFERENCES t)",
        {("key", "t.a")},
    ),
    "a foreign key NOT VALID": (
        table("Column('a', ForeignKey('t.id'))"),
        f"{T}, a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES t NOT VALID",
        {("key", "t.a")},
    ),
    "a foreign key's name": (
        table("Column('a', ForeignKey('t.id', name='fk'))"),
        f"{T}, a int REFERENCES t)",
        {("name", "t.a")},
    ),
    "a foreign key's name and action": (
        table("Column('a', ForeignKey('t.id', name='fk', ondelete='CASCADE'))", "Column('b', Integer)"),
        f"{T}, a int REFERENCES t, b int CONSTRAINT ck CHECK (b > 0))",
        {("key", "t.a"), ("key", "t :check ck")},
    ),
    "a foreign key to another table": (
        table("Column('a', ForeignKey('u.id'))") + "; Table('u', m, Column('id', Integer, primary_key=True))",
        f"{T}, a int REFERENCES t); CREATE TABLE u (id serial PRIMARY KEY)",
        {("key", "t.a")},
    ),
    # checks
    "no check": (table("CheckConstraint('id > 0')"), f"{T})", {("key", "t :check t_id_check")}),
    "an extra check": (table(), f"{T}, CONSTRAINT ck CHECK (id > 0))", {("key", "t :check ck")}),
    "another check under the same name": (
        table("CheckConstraint('id > 0', name='ck')"),
        f"{T}, CONSTRAINT ck CHECK (id > 1))",
        {("key", "t :check ck")},
    ),
    "a check NOT VALID": (
        table("CheckConstraint('id > 0', name='ck')"),
        f"{T}); ALTER TABLE t ADD CONSTRAINT ck CHECK (id > 0) NOT VALID",
        {("key", "t :check ck")},
    ),
    "a check's name": (
        table("CheckConstraint('id > 0', name='ck')"),
        f"{T}, CONSTRAINT other CHECK (id > 0))",
        {("name", "t :check ck")},
    ),
    # exclusion
    "no exclusion": (
        table("Column('r', pg.INT4RANGE)", "pg.ExcludeConstraint(('r', '&&'), name='ex')"),
        f"{T}, r int4range)",
        {("key", "t :exclude ex")},
    ),
    "an extra exclusion": (
        table("Column('r', pg.INT4RANGE)"),
        f"{T}, r int4range, CONSTRAINT ex EXCLUDE USING gist (r WITH &&))",
        {("key", "t :exclude ex")},
    ),
    "another operator": (
        table("Column('r', pg.INT4RANGE)", "pg.ExcludeConstraint(('r', '&&'), name='ex')"),
        f"{T}, r int4range, CONSTRAINT ex EXCLUDE USING gist (r WITH =))",
        {("key", "t :exclude ex")},
    ),
    "an exclusion's predicate": (
        table("Column('r', pg.INT4RANGE)", "pg.ExcludeConstraint(('r', '&&'), name='ex', where=text('id > 0'))"),
        f"{T}, r int4range, CONSTRAINT ex EXCLUDE USING gist (r WITH &&))",
        {("key", "t :exclude ex")},
    ),
    # indexes
    "no index": (table("Column('a', Integer, index=True)"), f"{T}, a int)", {("index", "t :index a")}),
    "an extra index": (
        table("Column('a', Integer)"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's predicate, missing": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_where=text('a > 0'))"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's predicate, extra": (
        table("Column('a', Integer)", "Index('ix', 'a', unique=True)"),
        f"{T}, a int); CREATE UNIQUE INDEX ix ON t (a) WHERE a > 0",
        {("index", "t :index a")},
    ),
    "an index's predicate, false": (
        table("Column('a', Boolean)", "Index('ix', 'a', postgresql_where=text('a'))"),
        f"{T}, a bool); CREATE INDEX ix ON t (a) WHERE false",
        {("index", "t :index a")},
    ),
    "an index's INCLUDE": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_include=['id'])"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's method": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_using='hash')"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's operator class": (
        table("Column('a', Text)", "Index('ix', 'a', postgresql_ops={'a': 'text_pattern_ops'})"),
        f"{T}, a text); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's parameters": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_with={'fillfactor': 50})"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's collation": (
        table("Column('a', Text)", "Column('b', Integer)", "Index('ix', text('a COLLATE \"C\"'), 'b')"),
        f"{T}, a text, b int); CREATE INDEX ix ON t (a, b)",
        {("index", "t :index a, b")},
    ),
    "an index's order": (
        table("Column('a', Integer)", "Index('ix', text('a DESC NULLS LAST'))"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's uniqueness": (
        table("Column('a', Integer)", "Index('ix', 'a', unique=True)"),
        f"{T}, a int); CREATE INDEX ix ON t (a)",
        {("index", "t :index a")},
    ),
    "an index's columns": (
        table("Column('a', Integer)", "Column('b', Integer)", "Index('ix', 'a', 'b')"),
        f"{T}, a int, b int); CREATE INDEX ix ON t (b, a)",
        {("index", "t :index a, b")},
    ),
    "an index's expression": (
        table("Column('a', Text)", "Index('ix', text('lower(a)'))"),
        f"{T}, a text); CREATE INDEX ix ON t (upper(a))",
        {("index", "t :index lower(a)")},
    ),
    "a cast in an index's expression": (
        table("Column('a', JSON)", "Index('ix', text(\"((a ->> 'x')::int)\"))"),
        f"{T}, a json); CREATE INDEX ix ON t ((a ->> 'x'))",
        {("index", "t :index (((a ->> 'x'::text))::integer)")},
    ),
    "an index's name": (
        table("Column('a', Integer)", "Index('ix', 'a')"),
        f"{T}, a int); CREATE INDEX iy ON t (a)",
        {("name", "t :index a")},
    ),
    "an index's name and predicate": (
        table("Column('a', Integer)", "Index('ix', 'a', postgresql_where=text('a > 0'))"),
        f"{T}, a int); CREATE INDEX iy ON t (a)",
        {("index", "t :index a")},
    ),
    "an invalid index": (
        table("Column('a', Integer)", "Index('ix', 'a')"),
        f"{T}, a int); CREATE INDEX ix ON t (a); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass",
        {("index", "t :index a")},
    ),
}

WITHOUT_SUGGESTION = {"a partitioned table", "a domain's check"}
WITHOUT_SUGGESTION_BEFORE_15 = {"another access method"}

ONLY_SQLALCHEMY_21 = {"a storage parameter", "a unique constraint's INCLUDE"}
"""What models can say since 2.1 only."""


@pytest.mark.parametrize("case", [one for one in CASES if IS_SQLALCHEMY_21 or one not in ONLY_SQLALCHEMY_21])
def test_difference_is_found_and_closed_by_its_suggestion(case: str, server: Server, tmp_path: Path) -> None:
    models, sql, expected = CASES[case]
    config = Config(root=tmp_path)
    schema = schema_of(metadata_of(models))
    with migrated(server, sql) as database, server.database(database.name) as copy:
        outcome = compare(config, schema, Upgraded((), (configured(),)), database.url)
        assert {(pair.aspect, pair.identity) for pair in outcome.pairs} == expected
        lines = suggested(outcome)
        hopeless = WITHOUT_SUGGESTION if server.major >= 15 else WITHOUT_SUGGESTION | WITHOUT_SUGGESTION_BEFORE_15
        assert bool(lines) == (case not in hopeless)
        if lines:
            perform(lines, copy.url)
            after = compare(config, schema, Upgraded((), (configured(),)), copy.url)
            assert list(after.pairs) == []
