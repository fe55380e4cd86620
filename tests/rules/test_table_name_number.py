"""Tables are called after all their rows; words are judged by a library, with doubt in the table's favour."""

import pytest

from schemalint.rules.schema._words import is_plural, may_be_plural, number_words, plural, singular, split, words_of
from schemalint.rules.schema.table_name_number import table_name_number
from snippets import ask, check_clean, check_found, loaded, marked_by

PLURAL = sorted(
    words_of("""
    users accounts orders order_items customers products categories companies countries cities currencies addresses statuses
    order_statuses boxes classes processes businesses buses taxes indexes indices matrices vertices analyses crises bases theses
    children people men women mice feet teeth geese heroes potatoes photos pianos videos leaves lives knives wolves shelves
    series species news equipment information metadata data user_data feedback staff media social_media software hardware music
    money traffic sheep fish aircraft user_preferences user_settings settings notification_settings statistics stats analytics
    credentials permissions details order_details terms logistics goods sales earnings savings history order_history
    chat_history status_history inbox outbox event_outbox job_queue cache http_cache user_inventory inventory token_blacklist
    ledger audit_trail user_progress disk_usage content storage sms dns_records dns css_files crm user_sms gps raw_sms aws_keys
    apis api_keys kpis emojis menus skus gpus viruses bonuses campuses aliases canvases lenses schemas schemata formulas
    formulae caches databases courses purchases licenses licences movies cookies quizzes bookings meetings ratings listings
    billing shipping order_tracking email_marketing training feeds users_archive orders_backup events_2024 events_2024_01
    users_v2 users_old stats_daily sales_monthly tasks_deleted posts_published messages_archived users_tmp orders_history
    payments_log products_staging v1_users oauth2_tokens tokens2 s3_buckets usuarios clientes pedidos productos utilisateurs
    commandes kunden bestellungen rechnungen personen clienti ordini prodotti boeken größen 用户 auth_user_groups criteria
    phenomena memos logos zeroes echoes batches branches matches searches switches crashes wishes buzzes employees trainees
    fees trees keys days toys surveys deliveries replies queries entries histories policies inquiries faqs ids urls pdfs
    app_metadata system_info job_metadata evidence knowledge compliance accounts_merged weather telemetry attendance auth
    user_auth connection_oauth alembic_versions _private_notes tbl_users task_time_blocks task_reminders task_events conversations messages tags
    daily 2024 _
""")
)

SINGULAR = sorted(
    words_of("""
    user account order order_item customer product category company country city currency address status order_status box class
    process business bus tax index matrix vertex analysis crisis basis thesis child person man woman mouse foot tooth goose hero
    potato photo piano video leaf life knife wolf shelf user_preference setting notification_setting statistic credential
    permission detail order_detail term good sale saving record audit_log log event_log access_log login_attempt session
    user_session api kpi emoji uri menu sku virus bonus campus alias canvas lens schema formula database course purchase license
    movie cookie quiz booking meeting rating listing building warning feed seed need token screen citizen garden users_order
    user_v2 user_2024 user_tmp tbl_user oauth2_token token2 s3_bucket team member role group organization department project task
    subtask comment post article page tag label note message conversation thread channel notification email phone_number contact
    lead opportunity deal invoice invoice_line payment refund transaction wallet balance subscription plan coupon discount cart
    cart_item shipment warehouse supplier vendor brand store review question answer survey vote poll image file document
    attachment folder template report dashboard chart metric event calendar reminder schedule job worker queue_item device
    sensor measurement location region zone route trip vehicle driver flight ticket seat hotel room reservation guest employee
    manager salary contract candidate interview skill school student teacher lesson grade exam author book publisher genre
    playlist song album artist recipe ingredient meal patient doctor appointment prescription diagnosis symptom hospital policy
    claim sales_order news_article sports_team user_profile app_version migration_lock search_query api_key delivery entry reply
    inquiry memo logo batch branch match crash fee tree key day toy bias gas lease expense release datum criterion phenomenon
""")
)


def test_the_lists_are_long_enough_to_mean_something() -> None:
    assert len(set(PLURAL)) >= 150
    assert len(set(SINGULAR)) >= 150


@pytest.mark.parametrize("name", PLURAL)
def test_name_that_is_plural_or_has_no_plural_is_fine(name: str) -> None:
    _, word, _ = number_words(name)
    assert word == "" or may_be_plural(word)


@pytest.mark.parametrize("name", SINGULAR)
def test_singular_name_is_found_and_its_plural_is_fine(name: str) -> None:
    before, word, behind = number_words(name)
    assert not may_be_plural(word)
    _, proposed, _ = number_words(f"{before}{plural(word)}{behind}")
    assert may_be_plural(proposed)


@pytest.mark.parametrize("name", SINGULAR)
def test_singular_name_is_fine_where_singular_is_the_style(name: str) -> None:
    assert not is_plural(number_words(name)[1])


@pytest.mark.parametrize(
    ("one", "many"),
    [
        ("person", "people"),
        ("child", "children"),
        ("status", "statuses"),
        ("address", "addresses"),
        ("category", "categories"),
        ("box", "boxes"),
        ("cache", "caches"),
        ("schema", "schemas"),
        ("index", "indexes"),
        ("virus", "viruses"),
        ("lens", "lenses"),
        ("menu", "menus"),
        ("sku", "skus"),
        ("api", "apis"),
        ("hero", "heroes"),
        ("token2", "tokens2"),
    ],
)
def test_proposed_plural_and_singular_are_right(one: str, many: str) -> None:
    assert plural(one) == (many if one != "cache" else one)  # a table called cache names the whole
    assert singular(many) == one


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("UserProfile", ["user", "profile"]),
        ("HTTPLog", ["http", "log"]),
        ("OAuth2Token", ["oauth2", "token"]),
        ("APIKey", ["api", "key"]),
        ("UserAPIs", ["user", "apis"]),
        ("IPv4Address", ["ipv4", "address"]),
        ("GitHubRepo", ["github", "repo"]),
        ("2FAToken", ["2fa", "token"]),
        ("user_2fa_token", ["user", "2fa", "token"]),
        ("_Hero_Team", ["hero", "team"]),
        ("Größe", ["größe"]),
    ],
)
def test_names_are_split_into_words(name: str, words: list[str]) -> None:
    assert list(split(name)) == words


def test_singular_table_is_found_with_the_plural_to_write() -> None:
    (problem,) = check_found(
        table_name_number,
        """
        class OrderStatus(SQLModel, table=True):
            __tablename__ = "order_status"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "order_status",
    )
    assert problem.message == "order_status is singular, and holds many rows"
    assert problem.remedy == '__tablename__ = "order_statuses"'


def test_singular_name_that_sqlmodel_made_of_one_word_is_found() -> None:
    (problem,) = check_found(
        table_name_number,
        """
        class Hero(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
        "hero",
    )
    assert problem.remedy == '__tablename__ = "heroes"'


def test_singular_core_table_is_found() -> None:
    (problem,) = check_found(
        table_name_number,
        't = Table("category", MetaData(), Column("id", sa.Integer, primary_key=True))',
        "category",
    )
    assert problem.remedy == '"categories"'


def test_singular_declarative_and_dataclass_tables_are_found() -> None:
    check_found(
        table_name_number,
        """
        class Base(DeclarativeBase): ...

        class User(Base):
            __tablename__ = "user"
            id: Mapped[int] = mapped_column(primary_key=True)

        class Task(MappedAsDataclass, Base):
            __tablename__ = "task"
            id: Mapped[int] = mapped_column(primary_key=True, init=False)
        """,
        "user",
        "task",
    )


def test_words_behind_the_noun_stay_in_the_proposal() -> None:
    (problem,) = check_found(
        table_name_number, 't = Table("user_v2", MetaData(), Column("id", sa.Integer, primary_key=True))', "user_v2"
    )
    assert problem.remedy == '"users_v2"'


def test_plural_table_is_found_where_singular_is_the_style() -> None:
    (problem,) = check_found(
        table_name_number,
        """
        class Person(SQLModel, table=True):
            __tablename__ = "people"
            id: int | None = Field(default=None, primary_key=True)

        class Task(SQLModel, table=True):
            __tablename__ = "task"
            id: int | None = Field(default=None, primary_key=True)

        class Status(SQLModel, table=True):
            __tablename__ = "status"
            id: int | None = Field(default=None, primary_key=True)

        class Setting(SQLModel, table=True):
            __tablename__ = "user_settings"
            id: int | None = Field(default=None, primary_key=True)
        """,
        "people",
        style="singular",
    )
    assert problem.remedy == '__tablename__ = "person"'


def test_words_of_the_project_are_fine() -> None:
    source = 't = Table("kunde", MetaData(), Column("id", sa.Integer, primary_key=True))'
    check_found(table_name_number, source, "kunde")
    check_clean(table_name_number, source, also_fine=("kunde",))


def test_plural_word_of_the_project_is_fine_where_singular_is_the_style() -> None:
    source = 't = Table("operands", MetaData(), Column("id", sa.Integer, primary_key=True))'
    check_found(table_name_number, source, "operands", style="singular")
    check_clean(table_name_number, source, style="singular", also_fine=("operands",))


def test_name_with_words_run_together_is_left_to_table_name_implicit() -> None:
    check_clean(
        table_name_number,
        """
        class UserProfile(SQLModel, table=True):
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


def test_schema_of_a_table_is_not_its_name() -> None:
    check_clean(
        table_name_number,
        """
        class Invoice(SQLModel, table=True):
            __tablename__ = "invoices"
            __table_args__ = {"schema": "tenant"}
            id: int | None = Field(default=None, primary_key=True)
        """,
    )


USERS_AND_ROLES = """
    class User(SQLModel, table=True):
        __tablename__ = "{prefix}users"
        id: int | None = Field(default=None, primary_key=True)

    class Role(SQLModel, table=True):
        __tablename__ = "{prefix}roles"
        id: int | None = Field(default=None, primary_key=True)

    class UserRole(SQLModel, table=True):
        __tablename__ = "{name}"
        id: int | None = Field(default=None, primary_key=True)
        user_id: int = Field(foreign_key="{prefix}users.id")
        role_id: int = Field(foreign_key="{prefix}roles.id")
"""


@pytest.mark.parametrize(
    "name",
    ["user_role", "users_role", "role_user", "userrole", "user_role_link", "user_role_map", "user_role_association"],
)
def test_table_with_an_id_that_is_called_after_the_two_it_links_is_free(name: str) -> None:
    check_clean(table_name_number, USERS_AND_ROLES.format(name=name, prefix=""))


def test_link_table_with_the_prefix_of_both_is_free() -> None:
    check_clean(table_name_number, USERS_AND_ROLES.format(name="app_user_role", prefix="app_"))


def test_table_with_two_foreign_keys_and_another_name_is_found() -> None:
    check_found(table_name_number, USERS_AND_ROLES.format(name="assignment", prefix=""), "assignment")


def test_link_table_by_its_keys_is_free() -> None:
    check_clean(
        table_name_number,
        """
        metadata = MetaData()
        Table("users", metadata, Column("id", sa.Integer, primary_key=True))
        Table("groups", metadata, Column("id", sa.Integer, primary_key=True))
        Table("membership", metadata,
            Column("user_id", ForeignKey("users.id"), primary_key=True),
            Column("group_id", ForeignKey("groups.id"), primary_key=True))
        """,
    )


def test_table_that_a_relationship_goes_through_is_free() -> None:
    check_clean(
        table_name_number,
        """
        class Base(DeclarativeBase): ...

        membership = Table("membership", Base.metadata,
            Column("id", sa.Integer, primary_key=True),
            Column("user_id", ForeignKey("users.id")),
            Column("club_id", ForeignKey("clubs.id")))

        class User(Base):
            __tablename__ = "users"
            id: Mapped[int] = mapped_column(primary_key=True)
            clubs: Mapped[list["Club"]] = relationship(secondary=membership)

        class Club(Base):
            __tablename__ = "clubs"
            id: Mapped[int] = mapped_column(primary_key=True)
        """,
    )


def test_foreign_key_that_names_nothing_does_not_disturb() -> None:
    with loaded(
        't = Table("tasks", MetaData(), Column("a", ForeignKey("nowhere.id")), Column("b", ForeignKey("none.id")))'
    ) as schema:
        assert list(table_name_number.function(schema)) == []


def test_relationship_that_cannot_be_configured_does_not_disturb() -> None:
    with loaded("""
        class Task(SQLModel, table=True):
            __tablename__ = "task"
            id: int | None = Field(default=None, primary_key=True)
            tags: list["Nothing"] = Relationship()
    """) as schema:
        assert schema.failures
        assert [problem.message for problem in ask(table_name_number, schema, {})] == [
            "task is singular, and holds many rows"
        ]


def tables(*names: str) -> str:
    return "\n".join(
        f't{number} = Table("{name}", SQLModel.metadata, Column("id", sa.Integer, primary_key=True))'
        for number, name in enumerate(names)
    )


def test_a_convention_of_the_other_number_is_one_finding_that_names_the_option() -> None:
    (problem,) = check_found(table_name_number, tables("book", "loan", "member", "shelf", "author", "news"), "author")
    assert problem.message == (
        "author is singular, and so are 4 more of the 6 tables: the other number is this schema's convention"
    )
    assert 'style = "singular"' in problem.remedy


def test_a_convention_of_plurals_is_one_finding_under_the_other_style() -> None:
    names = tables("books", "loans", "members", "shelves", "authors")
    (problem,) = check_found(table_name_number, names, "authors", style="singular")
    assert 'style = "plural"' in problem.remedy


def test_a_few_exceptions_do_not_hide_a_convention() -> None:
    check_found(table_name_number, tables("book", "loan", "member", "shelf", "author", "readers"), "author")


def test_names_in_both_numbers_are_found_one_by_one() -> None:
    check_found(
        table_name_number,
        tables("book", "loan", "member", "shelf", "author", "readers", "copies"),
        *("book", "loan", "member", "shelf", "author"),
    )


def test_four_tables_are_no_convention() -> None:
    check_found(table_name_number, tables("book", "loan", "member", "shelf"), "book", "loan", "member", "shelf")


@pytest.mark.parametrize(
    ("model", "table", "style", "name"),
    [
        ("InvoiceLine", "invoiceline", "plural", "invoice_lines"),
        ("InvoiceLine", "invoicelines", "singular", "invoiceline"),
        ("APIKey", "apikey", "plural", "api_keys"),
        ("Invoice", "invoice", "plural", "invoices"),
        ("InvoiceLine", "line", "plural", "lines"),
    ],
)
def test_words_that_a_written_name_runs_together_are_told_apart_by_the_class(
    model: str, table: str, style: str, name: str
) -> None:
    (problem,) = check_found(
        table_name_number,
        f"""
        class {model}(SQLModel, table=True):
            __tablename__ = "{table}"
            id: int | None = Field(default=None, primary_key=True)
        """,
        table,
        style=style,
    )
    assert problem.remedy == f'__tablename__ = "{name}"'


def test_the_name_is_marked() -> None:
    source = """
        class Book(SQLModel, table=True):
            __tablename__ = "book"
            id: int = Field(primary_key=True)
    """
    assert marked_by(table_name_number, source) == ['"book"']
