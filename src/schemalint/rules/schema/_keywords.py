"""The key words that PostgreSQL reserves, so that a table or a column of the name must be quoted."""

from schemalint.rules.schema._words import words_of

RESERVED = words_of("""
    all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation column
    concurrently constraint create cross current_catalog current_date current_role current_schema current_time
    current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze from
    full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit localtime
    localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references returning
    right select session_user similar some symmetric system_user table tablesample then to trailing true union unique user
    using variadic verbose when where window with
""")
"""What `pg_get_keywords()` gives with the categories R and T, asked of PostgreSQL 14 to 18, which agree but for `system_user`, reserved since 16."""
