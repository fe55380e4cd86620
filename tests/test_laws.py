"""Laws over generated schemas: no rule raises, and the order in which models are written changes no finding."""

from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schemalint.rules import all_rules
from snippets import loaded

NAMES = ("users", "order", "Tag", "news", "user_tags", "données")
TYPES = (
    "sa.Integer",
    "sa.BigInteger",
    "sa.String",
    "sa.String(20)",
    "sa.Text",
    "sa.DateTime",
    "sa.DateTime(timezone=True)",
    "sa.Uuid",
    "sa.Boolean",
    "sa.Numeric(10, 2)",
    "sa.Enum('a', 'b', name='letters')",
    "sa.JSON",
    "pg.JSONB",
    "pg.ARRAY(sa.String)",
    "pg.TSVECTOR",
    "sa.LargeBinary",
)
DEFAULTS = (
    "",
    "default=uuid4",
    "default=uuid4()",
    "server_default=func.now()",
    "default=datetime.now",
    "onupdate=func.now()",
)
COLUMNS = ("name", "created_at", "updated_at", "code", "Value", "parent_id", "note")

column = st.builds(
    lambda name, kind, nullable, default, index, unique: (
        f"Column({name!r}, {kind}, nullable={nullable}"
        f"{', ' if default else ''}{default}{', index=True' if index else ''}{', unique=True' if unique else ''})"
    ),
    st.sampled_from(COLUMNS),
    st.sampled_from(TYPES),
    st.booleans(),
    st.sampled_from(DEFAULTS),
    st.booleans(),
    st.booleans(),
)
columns = st.lists(column, max_size=5, unique_by=lambda text: text.split("'")[1])
primary_key = st.sampled_from(
    ("", "Column('id', sa.Integer, primary_key=True)", "Column('id', sa.Uuid, primary_key=True)")
)
foreign_key = st.builds(
    lambda target, action, nullable: (
        f"Column('{target}_ref', sa.Integer, ForeignKey('{target}.id'{action}), nullable={nullable})"
    ),
    st.sampled_from(NAMES),
    st.sampled_from(("", ", ondelete='CASCADE'", ", ondelete='set null'")),
    st.booleans(),
)


@st.composite
def schemas(draw: st.DrawFn) -> list[str]:
    """Draw the source of a few Core tables; foreign keys lead to tables that are there and have an `id`."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4, unique=True))
    keys = {name: draw(primary_key) for name in names}
    return [f"Table({name!r}, metadata, {', '.join(draw_parts(draw, keys, name))})" for name in names]


def draw_parts(draw: st.DrawFn, keys: dict[str, str], name: str) -> Iterator[str]:
    if keys[name]:
        yield keys[name]
    yield from draw(columns)
    if targets := [target for target, key in keys.items() if "Integer" in key]:
        yield from draw(
            st.lists(
                foreign_key.filter(lambda text: any(f"'{target}.id'" in text for target in targets)),
                max_size=2,
                unique_by=lambda text: text.split("'")[1],
            )
        )


def findings(tables: list[str]) -> set[tuple[str, str, str]]:
    body = "\n".join(f"t{number} = {table}" for number, table in enumerate(tables))
    with loaded(f"metadata = MetaData()\n{body}\n") as schema:
        assert not schema.failures
        return {
            (one.name, schema.place(problem.part).object, problem.message)
            for one in all_rules(["schema"])
            for problem in one.ask(schema, one.options)
        }


@given(schemas())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_the_order_of_tables_changes_no_finding_and_nothing_raises(tables: list[str]) -> None:
    assert findings(tables) == findings(tables[::-1])
