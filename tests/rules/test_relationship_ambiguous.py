"""Relationships that could go several ways."""

from textwrap import dedent

import pytest

from schemalint.rule import Problem
from schemalint.rules.schema.relationship_ambiguous import relationship_ambiguous as rule
from snippets import ask, check_clean, check_found, loaded


def found(source: str, *objects: str) -> list[Problem]:
    """Assert that exactly `objects` are found in models whose mappers cannot be configured; return the problems."""
    with loaded(source) as schema:
        assert schema.failures
        problems = list(ask(rule, schema, {}))
        assert sorted(schema.place(problem.part).object for problem in problems) == sorted(objects)
        return problems


def messages(sender: str, user: str = "") -> str:
    return dedent(f"""
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)
            {user}

        class Message(SQLModel, table=True):
            __tablename__ = "messages"
            id: int | None = Field(default=None, primary_key=True)
            sender_id: int = Field(foreign_key="users.id")
            receiver_id: int = Field(foreign_key="users.id")
            {sender}
        """)


def nodes(attributes: str, key: str = "") -> str:
    return dedent("""
        class Base(DeclarativeBase): ...

        class Node(Base):
            __tablename__ = "nodes"
            id: Mapped[int] = mapped_column(primary_key=True)
            parent_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id"){})
        """).format(key) + "".join(f"    {line}\n" for line in attributes.split("; "))


def friends(relationship: str) -> str:
    return dedent(f"""
        class Base(DeclarativeBase): ...

        friendships = Table(
            "friendships",
            Base.metadata,
            Column("one_id", ForeignKey("people.id"), primary_key=True),
            Column("other_id", ForeignKey("people.id"), primary_key=True),
        )

        class Person(Base):
            __tablename__ = "people"
            id: Mapped[int] = mapped_column(primary_key=True)
            friends: Mapped[list["Person"]] = relationship({relationship})
        """)


def test_two_foreign_keys_to_one_table_are_found() -> None:
    (problem,) = found(messages("author: User = Relationship()"), "Message~author")
    assert problem.message == (
        "Message.author could go over Message.sender_id or Message.receiver_id: the mappers cannot be configured, so every query fails"
    )
    assert problem.remedy == (
        'sa_relationship_kwargs={"foreign_keys": "Message.sender_id"} or sa_relationship_kwargs={"foreign_keys": "Message.receiver_id"}'
    )


def test_the_key_with_the_name_of_the_relationship_is_offered() -> None:
    (problem,) = found(messages("sender: User = Relationship()"), "Message~sender")
    assert problem.remedy == 'sa_relationship_kwargs={"foreign_keys": "Message.sender_id"}'


def test_the_side_of_the_many_is_found() -> None:
    (problem,) = found(messages("", 'sent: list["Message"] = Relationship()'), "User~sent")
    assert "could go over Message.sender_id or Message.receiver_id" in problem.message


def test_all_are_told_at_once() -> None:
    found(
        messages("sender: User = Relationship(); receiver: User = Relationship()"), "Message~receiver", "Message~sender"
    )


def test_remote_side_does_not_say_which_key() -> None:
    (problem,) = found(
        nodes(
            'root_id: Mapped[int | None] = mapped_column(ForeignKey("nodes.id")); parent: Mapped["Node"] = relationship(remote_side=[id])'
        ),
        "Node~parent",
    )
    assert problem.remedy == 'foreign_keys="Node.parent_id"'


def test_a_link_table_that_refers_to_one_table_twice_is_found() -> None:
    for secondary in ("secondary=friendships", 'secondary="friendships"'):
        (problem,) = found(friends(secondary), "Person~friends")
        assert problem.message.startswith(
            "Person.friends goes through friendships, which refers to people by one_id and other_id: "
        )
        assert problem.remedy == "primaryjoin and secondaryjoin, which say the two ways through friendships"


def test_a_link_model_that_refers_to_one_table_twice_is_found() -> None:
    found(
        """
        class Friendship(SQLModel, table=True):
            __tablename__ = "friendships"
            one_id: int = Field(foreign_key="people.id", primary_key=True)
            other_id: int = Field(foreign_key="people.id", primary_key=True)

        class Person(SQLModel, table=True):
            __tablename__ = "people"
            id: int | None = Field(default=None, primary_key=True)
            friends: list["Person"] = Relationship(link_model=Friendship)
        """,
        "Person~friends",
    )


PARENT = 'parent: Mapped["Node"] = relationship({})'
CHILDREN = 'children: Mapped[list["Node"]] = relationship({})'


def test_a_pair_without_remote_side_is_found_where_sqlalchemy_fails() -> None:
    (problem,) = found(
        nodes(PARENT.format('back_populates="children"') + "; " + CHILDREN.format('back_populates="parent"')),
        "Node~children",
    )
    assert problem.message == (
        "Node.children and Node.parent both lead to the rows that refer to this one: "
        "the mappers cannot be configured, so every query fails"
    )
    assert problem.remedy == 'remote_side="Node.id" in Node.parent, the side that leads to the row referred to'


def test_the_order_of_the_pair_changes_the_place_only() -> None:
    (problem,) = found(
        nodes(CHILDREN.format('back_populates="parent"') + "; " + PARENT.format('back_populates="children"')),
        "Node~parent",
    )
    assert problem.remedy.startswith('remote_side="Node.id" in Node.parent')


def test_the_place_is_the_one_where_the_mapper_fails() -> None:
    source = nodes(PARENT.format('back_populates="children"') + "; " + CHILDREN.format('back_populates="parent"'))
    with loaded(source) as schema:
        (failure,), (problem,) = schema.failures, ask(rule, schema, {})
        location = schema.place(problem.part).location
        assert failure.at
        assert location
        assert (failure.at.path, failure.at.line) == (location.path, location.line)


def test_a_parent_alone_that_leads_to_a_child_is_found() -> None:
    (problem,) = check_found(rule, nodes(PARENT.format("")), "Node~parent")
    assert problem.message == (
        "Node.parent leads to a row of nodes that refers to this one, not to the one that this one refers to"
    )
    assert problem.remedy == 'remote_side="Node.id", or unique=True on the foreign key, if it is meant so'


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(
            messages('sender: User = Relationship(sa_relationship_kwargs={"foreign_keys": "Message.sender_id"})'),
            id="foreign_keys",
        ),
        pytest.param(
            messages(
                'sender: User = Relationship(sa_relationship_kwargs={"primaryjoin": "Message.sender_id == User.id"})'
            ),
            id="primaryjoin",
        ),
        pytest.param(messages("").replace("receiver_id: int = Field", "receiver_id: int  # "), id="no relationship"),
        pytest.param(
            friends(
                "secondary=friendships, primaryjoin=id == friendships.c.one_id, secondaryjoin=id == friendships.c.other_id"
            ),
            id="both ways through a link",
        ),
        pytest.param(nodes(PARENT.format("remote_side=[id]")), id="remote_side"),
        pytest.param(nodes(PARENT.format('remote_side="Node.id"')), id="remote_side as a text"),
        pytest.param(
            nodes(
                PARENT.format('remote_side=[id], back_populates="children"')
                + "; "
                + CHILDREN.format('back_populates="parent"')
            ),
            id="a pair with remote_side",
        ),
        pytest.param(nodes(CHILDREN.format("")), id="children alone"),
        pytest.param(
            nodes('after: Mapped["Node"] = relationship()', ", unique=True"),
            id="the one that follows, over a unique key",
        ),
        pytest.param(
            nodes(
                'before: Mapped["Node"] = relationship(remote_side=[id], back_populates="after"); '
                'after: Mapped["Node"] = relationship(back_populates="before")'
            ),
            id="the other side of a proper pair",
        ),
        pytest.param(
            nodes('parent: Mapped["Node"] = relationship(remote_side=[id], backref="children")'), id="a backref"
        ),
    ],
)
def test_one_way_is_fine(source: str) -> None:
    check_clean(rule, source)


def test_a_subclass_with_a_key_of_its_own_is_fine() -> None:
    check_clean(
        rule,
        """
        class Base(DeclarativeBase): ...

        class Person(Base):
            __tablename__ = "people"
            id: Mapped[int] = mapped_column(primary_key=True)
            kind: Mapped[str]
            __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "person"}

        class Reader(Person):
            __tablename__ = "readers"
            id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True)
            __mapper_args__ = {"polymorphic_identity": "reader"}

        class Loan(Base):
            __tablename__ = "loans"
            id: Mapped[int] = mapped_column(primary_key=True)
            reader_id: Mapped[int] = mapped_column(ForeignKey("readers.id"))
            reader: Mapped[Reader] = relationship()
        """,
    )


def test_another_failure_of_the_class_makes_nothing_ambiguous() -> None:
    found(
        """
        class User(SQLModel, table=True):
            __tablename__ = "users"
            id: int | None = Field(default=None, primary_key=True)

        class Message(SQLModel, table=True):
            __tablename__ = "messages"
            id: int | None = Field(default=None, primary_key=True)
            user_id: int = Field(foreign_key="users.id")
            missing: "Missing" = Relationship()
            user: User = Relationship()
            none: User = Relationship(link_model=User)
        """
    )


def test_a_foreign_key_that_no_attribute_maps_is_named_by_its_column() -> None:
    (problem,) = found(
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Message(Base):
            __tablename__ = "messages"
            __mapper_args__ = {"exclude_properties": ["receiver_id"]}
            id: Mapped[int] = mapped_column(primary_key=True)
            group_id: Mapped[int] = mapped_column(ForeignKey("messages.id"))
            sender_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            receiver_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
            user: Mapped[User] = relationship()
            group: Mapped["Message"] = relationship(foreign_keys="Message.group_id", remote_side="Message.id")
        """,
        "Message~user",
    )
    assert "could go over Message.sender_id or Message.receiver_id" in problem.message


def test_where_one_side_names_itself_or_nothing_the_pair_is_of_other_rules() -> None:
    missing = "; missing: Mapped['Missing'] = relationship('Missing')"
    for parent, children in (
        ('back_populates="parent"', ""),
        ('back_populates="nothing"', ""),
        ('back_populates="children", remote_side=[id]', 'back_populates="parent"'),
    ):
        found(nodes(PARENT.format(parent) + "; " + CHILDREN.format(children) + missing) + "\nclass Missing: ...\n")
