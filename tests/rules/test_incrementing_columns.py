"""Columns that are a list, and columns whose number means something."""

import pytest

from schemalint.rules.schema.incrementing_columns import incrementing_columns as rule
from snippets import check_clean, check_found


def table(names: str, kind: str = "sa.String(50)") -> str:
    written = "".join(f', Column("{name}", {kind})' for name in names.split())
    return f't = Table("people", MetaData(), Column("id", sa.Integer, primary_key=True){written})'


@pytest.mark.parametrize(
    ("names", "first"),
    [
        ("phone1 phone2", "phone1"),
        ("phone_1 phone_2", "phone_1"),
        ("home_phone1 home_phone2", "home_phone1"),
        ("phone phone2", "phone"),
        ("phone0 phone1", "phone0"),
        ("phone2 phone1 phone3", "phone1"),
        ("email_01 email_02", "email_01"),
        ("image1 image2 image3 image4", "image1"),
        ("column1 column2 column3", "column1"),
        ("child1 child2 child3", "child1"),
        ("telefon1 telefon2 telefon3", "telefon1"),
    ],
)
def test_found(names: str, first: str) -> None:
    check_found(rule, table(names), f"people.{first}")


@pytest.mark.parametrize(
    "names",
    [
        "line1 line2",
        "line_1 line_2 line_3",
        "address1 address2 address3",
        "address_line1 address_line2 address_line3",
        "street1 street2 street3",
        "x1 y1 x2 y2",
        "x1 x2 x3",
        "p1 p2 p3",
        "q1 q2 q3 q4",
        "md4 md5",
        "md5 sha1 sha256 sha512",
        "sha1 sha2 sha3",
        "utf8 utf16",
        "ipv4 ipv6",
        "oauth1 oauth2",
        "p50 p90 p99",
        "player1 player2",
        "team1 team2",
        "level1 level2 level3",
        "admin1 admin2 admin3",
        "quarter1 quarter2 quarter3 quarter4",
        "phone1",
        "phone2",
        "phone phone5",
        "phone1 phone3",
        "phone2 phone3",
        "phone1 email2",
        "iso3166 iso639",
        "width1 width2",
        "v2_token v3_token",
        "_1 _2 _3",
        "1 2 3",
    ],
)
def test_clean(names: str) -> None:
    check_clean(rule, table(names))


def test_columns_of_several_types_are_no_list() -> None:
    check_clean(
        rule,
        't = Table("people", MetaData(), Column("phone1", sa.String(9), primary_key=True), Column("phone2", sa.Integer))',
    )


def test_words_of_the_project_are_fine() -> None:
    check_clean(rule, table("sensor1 sensor2 sensor3"), also_fine=("sensor",))
    check_found(rule, table("sensor1 sensor2 sensor3"), "people.sensor1")


def test_a_list_is_one_finding() -> None:
    (problem,) = check_found(rule, table("phone1 phone2 phone3"), "people.phone1")
    assert problem.message == (
        "people counts in columns, phone1, phone2, phone3: one more needs a migration, and a search must ask all of them"
    )


def test_two_lists_are_two() -> None:
    check_found(rule, table("phone1 phone2 email1 email2"), "people.phone1", "people.email1")
