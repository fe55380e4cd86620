"""Documents, arrays and search vectors that no index looks into, and those that nobody searches."""

import pytest

from schemalint.fix import AddTableArgument
from schemalint.rules.schema.gin_missing import gin_missing as rule
from snippets import check_clean, check_found


def books(args: str, metadata: str = "") -> str:
    return f"""
        books = Table("books", MetaData({metadata}), Column("id", sa.Integer, primary_key=True), Column("title", sa.String(50)), {args})
        """


FOUND = {
    "a search vector": ('Column("words", pg.TSVECTOR)', "words"),
    "tags in an array": ('Column("tags", pg.ARRAY(sa.Text))', "tags"),
    "tags in JSONB": ('Column("tags", pg.JSONB)', "tags"),
    "attributes, with a word before": ('Column("custom_attributes", pg.JSONB)', "custom_attributes"),
    "JSONB on PostgreSQL only": ('Column("labels", sa.JSON().with_variant(pg.JSONB(), "postgresql"))', "labels"),
    "an index on something else": ('Column("tags", pg.JSONB), Index("ix", "title")', "tags"),
    "a unique constraint": ('Column("tags", pg.ARRAY(sa.Text)), UniqueConstraint("tags")', "tags"),
    "a generated vector": (
        "Column('words', pg.TSVECTOR, sa.Computed(\"to_tsvector('english', title)\"))",
        "words",
    ),
}


@pytest.mark.parametrize(("args", "column"), FOUND.values(), ids=FOUND)
def test_found(args: str, column: str) -> None:
    check_found(rule, books(args), f"books.{column}")


CLEAN = {
    "a payload": 'Column("payload", pg.JSONB)',
    "settings": 'Column("settings", pg.JSONB)',
    "metadata of a row": 'Column("metadata", pg.JSONB)',
    "an embedding": 'Column("embedding", pg.ARRAY(sa.Float))',
    "tags in a text": 'Column("tags", sa.String(50))',
    "tags in JSON, which has no index": 'Column("tags", sa.JSON)',
    "a number of tags": 'Column("tags", sa.Integer)',
    "a word that only contains one": 'Column("tagset", pg.JSONB)',
    "GIN": 'Column("tags", pg.JSONB), Index("ix", "tags", postgresql_using="gin")',
    "GIN with an operator class": 'Column("tags", pg.JSONB), Index("ix", "tags", postgresql_using="gin", postgresql_ops={"tags": "jsonb_path_ops"})',
    "GiST on a vector": 'Column("words", pg.TSVECTOR), Index("ix", "words", postgresql_using="gist")',
    "RUM": 'Column("words", pg.TSVECTOR), Index("ix", "words", postgresql_using="rum")',
    "GIN over several": 'Column("words", pg.TSVECTOR), Index("ix", "id", "words", postgresql_using="gin")',
    "a partial GIN": 'Column("tags", pg.JSONB), Index("ix", "tags", postgresql_using="gin", postgresql_where=text("id > 3"))',
    "a key of the document": "Column('attributes', pg.JSONB), Index('ix', text(\"(attributes ->> 'color')\"))",
    "a key, by SQLAlchemy": 'c := Column("attributes", pg.JSONB), Index("ix", c["color"].astext)',
    "a btree, which index-method-mismatch finds": 'Column("tags", pg.JSONB, index=True)',
    "a range": 'Column("terms", pg.DATERANGE)',
}


@pytest.mark.parametrize("args", CLEAN.values(), ids=CLEAN)
def test_clean(args: str) -> None:
    check_clean(rule, books(args))


def test_words_of_the_project_replace_ours() -> None:
    payload, tags = books('Column("payload", pg.JSONB)'), books('Column("tags", pg.JSONB)')
    check_found(rule, payload, "books.payload", searched=("payload",))
    check_clean(rule, tags, searched=("payload",))
    check_found(rule, books('Column("words", pg.TSVECTOR)'), "books.words", searched=())


def test_a_star_means_every_document_and_every_array() -> None:
    source = books('Column("payload", pg.JSONB), Column("ids", pg.ARRAY(sa.Integer)), Column("old", sa.JSON)')
    check_found(rule, source, "books.payload", "books.ids", searched=("*",))


def test_the_fix_adds_an_index_by_the_naming_convention() -> None:
    source = books('Column("tags", pg.JSONB)', 'naming_convention={"ix": "%(table_name)s_%(column_0_name)s_idx"}')
    (problem,) = check_found(rule, source, "books.tags")
    assert problem.fix is not None
    (edit,) = problem.fix.edits
    assert isinstance(edit, AddTableArgument)
    assert edit.code == 'Index(None, "tags", postgresql_using="gin")'
    assert problem.fix.due == 'op.create_index("books_tags_idx", "books", ["tags"], postgresql_using="gin")'


@pytest.mark.parametrize(
    "convention", ['{"uq": "uq_%(table_name)s"}', '{"ix": "%(own)s", "own": lambda *_: 1 / 0, "uq": "x"}']
)
def test_the_fix_names_the_index_where_the_convention_does_not(convention: str) -> None:
    (problem,) = check_found(rule, books('Column("tags", pg.JSONB)', f"naming_convention={convention}"), "books.tags")
    assert problem.fix is not None
    assert problem.fix.due == 'op.create_index("ix_books_tags", "books", ["tags"], postgresql_using="gin")'


def test_without_a_convention_for_indexes_the_new_one_is_named() -> None:
    (problem,) = check_found(
        rule, books('Column("tags", pg.JSONB)', 'naming_convention={"uq": "uq_%(table_name)s"}'), "books.tags"
    )
    assert problem.remedy == 'Index("ix_books_tags", "tags", postgresql_using="gin")'
