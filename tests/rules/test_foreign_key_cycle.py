"""Foreign keys that run in a circle, and those that end somewhere or are known to close one."""

import pytest
from sqlalchemy import create_mock_engine
from sqlalchemy.exc import CircularDependencyError, SAWarning

from schemalint.rules.schema.foreign_key_cycle import foreign_key_cycle as rule
from snippets import check_clean, check_found, loaded


def tables(**references: str) -> str:
    """Tables of Core by their names, each with the foreign keys that are named: `a="b, c?"` refers to b, and to c in a nullable column."""
    lines = ["metadata = MetaData()"]
    for name, targets in references.items():
        columns = [
            f'Column("x{number}", ForeignKey("{target.strip("?! ")}.id"{arguments(target)}), nullable={"?" in target})'
            for number, target in enumerate(filter(None, targets.split(",")))
        ]
        lines.append(f'Table("{name}", metadata, Column("id", sa.Integer, primary_key=True), {", ".join(columns)})')
    return "\n".join(lines)


def arguments(target: str) -> str:
    return ', use_alter=True, name="late"' if "!" in target else ""


def test_two_tables_that_refer_to_each_other_are_found_once_at_the_nullable_key() -> None:
    (problem,) = check_found(rule, tables(a="b", b="a?"), "b.x0")
    assert problem.message == (
        "b -> a -> b is a circle of foreign keys: these tables cannot be created, filled or dropped one after the other"
    )
    assert problem.remedy == (
        "use_alter=True and a name in the foreign key of b.x0; in the revision op.create_foreign_key after all these tables"
    )


def test_a_circle_that_no_first_row_can_enter_needs_a_deferred_key() -> None:
    (problem,) = check_found(rule, tables(a="b", b="a"), "a.x0")
    assert problem.remedy.startswith('use_alter=True, deferrable=True, initially="DEFERRED" and a name')


def test_a_long_circle_is_told_whole() -> None:
    (problem,) = check_found(rule, tables(a="b", b="c", c="d?", d="a"), "c.x0")
    assert problem.message.startswith("c -> d -> a -> b -> c is a circle")


def test_two_circles_through_one_key_are_one_problem() -> None:
    check_found(rule, tables(hub="a?", a="b,c", b="hub", c="hub"), "hub.x0")


def test_two_circles_without_a_common_key_are_two_problems() -> None:
    check_found(rule, tables(hub="a?,b?", a="hub", b="hub"), "hub.x0", "hub.x1")


def test_two_keys_between_the_same_tables_are_one_problem_that_names_both() -> None:
    (problem,) = check_found(rule, tables(a="b?,b?", b="a?,a?,c", c=""), "a.x0")
    assert "in the foreign key of a.x0 and a.x1" in problem.remedy


def test_the_order_of_declaration_changes_nothing() -> None:
    forth = check_found(rule, tables(a="b", b="c", c="a,b", d="a"), "a.x0", "b.x0")
    back = check_found(rule, tables(d="a", c="a,b", b="c", a="b"), "a.x0", "b.x0")
    assert [problem.message for problem in forth] == [problem.message for problem in back]


def test_the_order_of_columns_changes_nothing() -> None:
    source = """
        metadata = MetaData()
        Table("a", metadata, Column("id", sa.Integer, primary_key=True), {})
        Table("b", metadata, Column("id", sa.Integer, primary_key=True), Column("x", ForeignKey("a.id")), Column("y", ForeignKey("a.id")))
        Table("c", metadata, Column("id", sa.Integer, primary_key=True), Column("x", ForeignKey("a.id")))
    """
    columns = [f'Column("{name}", ForeignKey("{name[0]}.id"))' for name in ("b1", "b2", "c1")]
    forth = check_found(rule, source.format(", ".join(columns)), "a.b1", "a.c1")
    back = check_found(rule, source.format(", ".join(reversed(columns))), "a.b1", "a.c1")
    assert [problem.message for problem in forth] == [problem.message for problem in back]


@pytest.mark.parametrize(
    "source",
    [
        tables(a="", b="a", c="a,b", d="c?"),
        tables(a="a?"),
        tables(a="a?", b="a,b?"),
        tables(a="b!", b="a"),
        tables(a="b!,b!", b="a"),
        tables(a="nowhere,b", b="nowhere"),
    ],
)
def test_keys_that_end_somewhere_or_are_set_later_are_fine(source: str) -> None:
    check_clean(rule, source)


def test_a_deferrable_key_is_known_to_close_a_circle() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Team(Base):
            __tablename__ = "teams"
            id: Mapped[int] = mapped_column(primary_key=True)
            leader_id: Mapped[int] = mapped_column(ForeignKey("members.id", deferrable=True, initially="DEFERRED"))

        class Member(Base):
            __tablename__ = "members"
            id: Mapped[int] = mapped_column(primary_key=True)
            team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
        """,
    )


def test_a_subclass_that_joins_its_parents_table_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Person(Base):
            __tablename__ = "people"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Engineer(Person):
            __tablename__ = "engineers"
            id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
            boss_id: Mapped[int | None] = mapped_column(ForeignKey("engineers.id"))
        """,
    )


def test_sqlalchemy_cannot_sort_what_is_found_and_drops_it_only_with_names() -> None:
    with loaded(tables(a="b", b="a?")) as schema:
        (metadata,) = schema.metadata
        with pytest.warns(SAWarning, match="Cannot correctly sort tables"):
            assert metadata.sorted_tables
        with pytest.raises(CircularDependencyError):
            metadata.drop_all(create_mock_engine("postgresql+psycopg://", lambda *_, **__: None), checkfirst=False)


def test_of_a_very_long_circle_the_ends_are_told() -> None:
    names = [f"t{number:02}" for number in range(20)]
    source = tables(
        **{
            name: f"{other}{'' if name != 't03' else '?'}"
            for name, other in zip(names, [*names[1:], names[0]], strict=True)
        }
    )
    (problem,) = check_found(rule, source, "t03.x0")
    assert problem.message.startswith("t03 -> t04 -> t05 -> t06 -> t07 -> 14 more -> t02 -> t03 is a circle")
