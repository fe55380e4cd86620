"""Reads `pg_catalog`: the whole of one database in one query, whichever driver carries it."""

import json
from collections.abc import Callable, Collection
from typing import Any, TypeAlias

from schemalint.subjects.catalog import (
    Catalog,
    ColumnFact,
    ConstraintFact,
    DomainFact,
    EnumFact,
    Fact,
    IndexColumn,
    IndexFact,
    Key,
    SequenceFact,
    TableFact,
    identifier,
    quoted,
)

Ask: TypeAlias = Callable[[str], str]
"""Performs a statement that answers with one text, such as `psycopg`'s `execute(...).fetchone()[0]`."""


def read_catalog(
    ask: Ask, version: int, default_schema: str = "public", only: Collection[Key] | None = None
) -> Catalog:
    """Read the facts of the database behind `ask`, or only those of some tables (and of all types and sequences).

    `version` is the server's major. Names of `default_schema` are printed without it, all others with their schema. What an extension owns is left out. The session's
    search_path is put back afterwards: it may be the user's own.
    """
    path = ask("SELECT pg_catalog.current_setting('search_path')")
    ask(f"SELECT pg_catalog.set_config('search_path', {quoted(identifier(default_schema))}, false)")
    try:
        answer = json.loads(ask(statement(version, only)))
    finally:
        ask(f"SELECT pg_catalog.set_config('search_path', {quoted(path)}, false)")
    return Catalog(facts_of(answer), default_schema)


def facts_of(answer: dict[str, list[dict[str, Any]] | None]) -> dict[Key, Fact]:
    facts: dict[Key, Fact] = {}
    for row in answer["tables"] or ():
        key = Key("table", row.pop("schema"), row.pop("relation"))
        facts[key] = TableFact(**row | {"options": tuple(row["options"]), "parents": tuple(row["parents"])})
    for row in answer["columns"] or ():
        key = Key("column", row.pop("schema"), row.pop("relation"), row.pop("name"))
        facts[key] = ColumnFact(**row | {"sequence": row["sequence"] and SequenceFact(**row["sequence"])})
    for row in answer["constraints"] or ():
        key = Key("constraint", row.pop("schema"), row.pop("relation"), row.pop("name"))
        facts[key] = ConstraintFact(
            **row
            | {
                "definition": row["definition"].removesuffix(" NOT VALID"),
                "columns": tuple(row["columns"]),
                "index": row["index"] and index_fact(row["index"]),
            }
        )
    for row in answer["indexes"] or ():
        key = Key("index", row.pop("schema"), row.pop("relation"), row.pop("name"))
        facts[key] = index_fact(row)
    for row in answer["enums"] or ():
        facts[Key("enum", row["schema"], row["relation"])] = EnumFact(tuple(row["labels"]), row["is_used"])
    for row in answer["domains"] or ():
        key = Key("domain", row.pop("schema"), row.pop("relation"))
        facts[key] = DomainFact(**row | {"checks": tuple(row["checks"])})
    for row in answer["sequences"] or ():
        key = Key("sequence", row.pop("schema"), row.pop("relation"))
        facts[key] = SequenceFact(**row)
    return facts


def index_fact(row: dict[str, Any]) -> IndexFact:
    return IndexFact(
        **row
        | {
            "columns": tuple(IndexColumn(**column) for column in row["columns"]),
            "include": tuple(row["include"]),
            "options": tuple(row["options"]),
        }
    )


def statement(version: int, only: Collection[Key] | None) -> str:
    """Return the query. It holds no percent sign, colon parameter or question mark: every driver takes it as it is."""
    wanted = "true"
    if only is not None:
        names = ", ".join(f"({quoted(key.schema)}, {quoted(key.relation)})" for key in sorted(only))
        wanted = f"(n.nspname, c.relname) IN ({names})" if names else "false"
    distinct = "i.indnullsnotdistinct" if version >= 15 else "false"
    not_validated = (
        # https://www.postgresql.org/docs/18/catalog-pg-constraint.html: NOT NULL constraints may be NOT VALID since 18.
        "AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = a.attrelid AND k.contype = 'n'"
        " AND k.conkey[1] = a.attnum AND NOT k.convalidated)"
        if version >= 18
        else ""
    )
    return QUERY.format(
        wanted=wanted,
        not_validated=not_validated,
        sequence=SEQUENCE_FACTS,
        index=INDEX_FACTS.format(distinct=distinct, operators="''"),
        exclusion_index=INDEX_FACTS.format(distinct=distinct, operators=EXCLUSION_OPERATOR),
    )


INDEX_FACTS = """
    'unique', i.indisunique,
    'nulls_not_distinct', {distinct},
    'method', (SELECT amname FROM pg_class x JOIN pg_am ON pg_am.oid = x.relam WHERE x.oid = i.indexrelid),
    'columns', (
        SELECT json_agg(json_build_object(
            'expression', pg_get_indexdef(i.indexrelid, key.place, false),
            'operator_class', CASE WHEN o.opcdefault AND x.attoptions IS NULL THEN ''
                ELSE CASE WHEN pg_opclass_is_visible(o.oid) THEN '' ELSE quote_ident(onsp.nspname) || '.' END
                    || quote_ident(o.opcname) || coalesce('(' || array_to_string(x.attoptions, ', ') || ')', '') END,
            'collation', CASE
                WHEN i.indcollation[key.place - 1] IN (0, coalesce(nullif(ta.attcollation, 0), 100)) THEN ''
                ELSE i.indcollation[key.place - 1]::regcollation::text END,
            'descending', i.indoption[key.place - 1] & 1 = 1,
            'nulls_first', i.indoption[key.place - 1] & 2 = 2,
            'operator', coalesce({operators}, '')
        ) ORDER BY key.place)
        FROM generate_series(1, i.indnkeyatts) key(place)
        JOIN pg_opclass o ON o.oid = i.indclass[key.place - 1]
        JOIN pg_namespace onsp ON onsp.oid = o.opcnamespace
        JOIN pg_attribute x ON x.attrelid = i.indexrelid AND x.attnum = key.place
        LEFT JOIN pg_attribute ta ON ta.attrelid = i.indrelid AND ta.attnum = i.indkey[key.place - 1] AND ta.attnum <> 0),
    'include', (
        SELECT coalesce(json_agg(pg_get_indexdef(i.indexrelid, key.place, false) ORDER BY key.place), '[]')
        FROM generate_series(i.indnkeyatts + 1, i.indnatts) key(place)),
    'predicate', coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
    'options', (SELECT coalesce(json_agg(one ORDER BY one), '[]')
        FROM pg_class x, unnest(x.reloptions) one WHERE x.oid = i.indexrelid),
    'valid', i.indisvalid,
    'definition', pg_get_indexdef(i.indexrelid)
"""

SEQUENCE_FACTS = """
    'name', s.seqrelid::regclass::text, 'type', format_type(s.seqtypid, NULL), 'start', s.seqstart,
    'increment', s.seqincrement, 'minimum', s.seqmin, 'maximum', s.seqmax, 'cache', s.seqcache, 'cycle', s.seqcycle
"""

EXCLUSION_OPERATOR = "(SELECT oprname FROM pg_operator p WHERE p.oid = k.conexclop[key.place])"

# MATERIALIZED: the planner must not read these once a use.
QUERY = """
WITH rel AS MATERIALIZED (
    SELECT n.nspname AS schema, c.relname AS relation, c.*
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
        AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
        AND {wanted}
), tab AS MATERIALIZED (
    SELECT * FROM rel WHERE relkind IN ('r', 'p')
), typ AS MATERIALIZED (
    SELECT t.*, n.nspname AS schema,
        EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_type'::regclass AND d.refobjid IN (t.oid, t.typarray)
            AND NOT (d.classid = 'pg_type'::regclass AND d.objid = t.typarray)) AS is_used
    FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace
    WHERE n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_' AND t.typtype IN ('e', 'd')
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
)
SELECT json_build_object(
'tables', (SELECT json_agg(json_build_object(
    'schema', r.schema, 'relation', r.relation, 'kind', r.relkind, 'persistence', r.relpersistence,
    'access_method', coalesce((SELECT amname FROM pg_am WHERE pg_am.oid = r.relam), ''),
    'options', (SELECT coalesce(json_agg(one ORDER BY one), '[]') FROM unnest(r.reloptions) one),
    'partition_key', coalesce(pg_get_partkeydef(r.oid), ''),
    'parents', (SELECT coalesce(json_agg(h.inhparent::regclass::text ORDER BY h.inhseqno), '[]') FROM pg_inherits h WHERE h.inhrelid = r.oid),
    'is_partition', r.relispartition,
    'row_security', r.relrowsecurity,
    'comment', coalesce(obj_description(r.oid, 'pg_class'), '')
)) FROM rel r),
'columns', (SELECT json_agg(json_build_object(
    'schema', r.schema, 'relation', r.relation, 'name', a.attname,
    'type', format_type(a.atttypid, a.atttypmod),
    'collation', CASE WHEN a.attcollation IN (0, t.typcollation) THEN '' ELSE a.attcollation::regcollation::text END,
    'not_null', a.attnotnull {not_validated},
    'default', coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
    'identity', a.attidentity, 'generated', a.attgenerated,
    'sequence', own.sequence,
    'comment', coalesce(about.description, '')
) ORDER BY r.schema, r.relation, a.attnum)
    FROM tab r
    JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN pg_description about
        ON about.classoid = 'pg_class'::regclass AND about.objoid = a.attrelid AND about.objsubid = a.attnum
    LEFT JOIN (
        SELECT DISTINCT ON (o.refobjid, o.refobjsubid) o.refobjid, o.refobjsubid, json_build_object({sequence}) AS sequence
        FROM pg_depend o JOIN pg_sequence s ON s.seqrelid = o.objid
        WHERE o.classid = 'pg_class'::regclass AND o.refclassid = 'pg_class'::regclass AND o.deptype IN ('a', 'i')
        ORDER BY o.refobjid, o.refobjsubid, o.objid DESC
    ) own ON own.refobjid = a.attrelid AND own.refobjsubid = a.attnum),
'constraints', (SELECT json_agg(json_build_object(
    'schema', r.schema, 'relation', r.relation, 'name', k.conname, 'type', k.contype,
    'definition', pg_get_constraintdef(k.oid),
    'columns', (SELECT coalesce(json_agg(a.attname ORDER BY one.place), '[]')
        FROM unnest(k.conkey) WITH ORDINALITY one(number, place)
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = one.number),
    'validated', k.convalidated,
    'expression', CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) ELSE '' END,
    'index', CASE WHEN k.contype IN ('p', 'u', 'x') THEN (SELECT json_build_object({exclusion_index}) FROM pg_index i WHERE i.indexrelid = k.conindid) END,
    'referred', CASE WHEN k.contype = 'f' THEN k.confrelid::regclass::text ELSE '' END,
    'comment', coalesce(obj_description(k.oid, 'pg_constraint'), '')
) ORDER BY k.oid)
    FROM tab r JOIN pg_constraint k ON k.conrelid = r.oid
    WHERE k.contype IN ('p', 'u', 'f', 'c', 'x') AND k.conparentid = 0),
'indexes', (SELECT json_agg(json_build_object(
    'schema', r.schema, 'relation', r.relation, 'name', c.relname,{index}) ORDER BY c.oid)
    FROM tab r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))),
'enums', (SELECT json_agg(json_build_object(
    'schema', t.schema, 'relation', t.typname, 'is_used', t.is_used,
    'labels', (SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]') FROM pg_enum WHERE enumtypid = t.oid)
)) FROM typ t WHERE t.typtype = 'e'),
'domains', (SELECT json_agg(json_build_object(
    'schema', t.schema, 'relation', t.typname, 'type', format_type(t.typbasetype, t.typtypmod), 'not_null', t.typnotnull,
    'default', coalesce(t.typdefault, ''),
    'collation', CASE WHEN t.typcollation IN (0, (SELECT typcollation FROM pg_type b WHERE b.oid = t.typbasetype)) THEN ''
        ELSE t.typcollation::regcollation::text END,
    'checks', (SELECT coalesce(json_agg(pg_get_constraintdef(k.oid) ORDER BY pg_get_constraintdef(k.oid)), '[]')
        FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')
)) FROM typ t WHERE t.typtype = 'd'),
'sequences', (SELECT json_agg(json_build_object({sequence}, 'schema', n.nspname, 'relation', c.relname,
    'owner', coalesce((SELECT o.refobjid::regclass::text || '.' || a.attname
        FROM pg_depend o JOIN pg_attribute a ON a.attrelid = o.refobjid AND a.attnum = o.refobjsubid
        WHERE o.classid = 'pg_class'::regclass AND o.objid = c.oid AND o.refclassid = 'pg_class'::regclass
            AND o.deptype IN ('a', 'i') AND o.refobjsubid > 0), ''),
    'is_used', EXISTS (SELECT FROM pg_depend d WHERE d.refclassid = 'pg_class'::regclass AND d.refobjid = c.oid)
))
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND left(n.nspname, 3) <> 'pg_'
        AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e'))
)::text
"""
