"""What fixes do to a file beside the edit: nothing; imports that they need, and names that the file has already."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemalint.config import Config
from schemalint.errors import SchemalintError
from schemalint.finding import Finding
from schemalint.fix import Edit, Fix, Remove, Replace, SetArgument, Target
from schemalint.fixing.commas import row_of, with_row
from schemalint.fixing.editing import Edited, edited
from schemalint.fixing.files import Files
from schemalint.fixing.reasons import LeftAlone
from schemalint.fixing.source_text import read
from schemalint.location import Location

MODEL = """class Book(SQLModel, table=True):
    id: int = Field(primary_key=True)
    title: str
"""


def place_of(content: bytes, passage: str, encoding: str) -> Location:
    """Return where a passage stands that a file has once."""
    text = content.decode(encoding).replace("\r\n", "\n")
    before, found, _ = text.partition(passage)
    assert found
    line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
    return Location("models.py", line, column, line, column + len(passage))


def performed(content: bytes, *edits: Edit) -> Edited:
    return edited([Finding("some-rule", "x", None, "", "", (), Fix("schema", edits))], lambda _: content)


def titled(
    content: bytes, code: str, imports: Iterable[str] = (), passage: str = "title: str", encoding: str = "utf-8-sig"
) -> bytes:
    """Return a file in which the title has a comment `code`, or the reason why not."""
    target = Target(place_of(content, passage, encoding), "column", call="Field")
    result = performed(content, SetArgument(target, "sa_type", code, imports=tuple(imports)))
    if result.left:
        return result.left[0][1].encode()
    (new,) = result.contents.values()
    return new


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("from sqlmodel import Field, SQLModel\n\n\n" + MODEL, "utf-8"),
        ("from sqlmodel import Field, SQLModel\n\n\n" + MODEL, "utf-8-sig"),
        (("from sqlmodel import Field, SQLModel\n\n\n" + MODEL).replace("\n", "\r\n"), "utf-8"),
        (("from sqlmodel import Field, SQLModel\n\n\n" + MODEL).replace("    ", "\t"), "utf-8"),
        ("# -*- coding: latin-1 -*-\n'''Bücher'''\nfrom sqlmodel import Field, SQLModel\n" + MODEL, "latin-1"),
        ("from sqlmodel import Field, SQLModel\n\x0c\n" + MODEL.removesuffix("\n"), "utf-8"),
        (
            "from sqlmodel import Field, SQLModel\nname = 'Ünïcödé 🐘'; \\\n  more = 1\n" + MODEL + "\n\n\n# the end",
            "utf-8",
        ),
    ],
)
def test_every_byte_outside_of_the_edit_stays(text: str, encoding: str) -> None:
    content = text.encode(encoding)
    expected = text.replace("title: str", "title: str = Field(sa_type=None)").encode(encoding)
    assert titled(content, "None", encoding=encoding) == expected


def test_a_character_that_the_encoding_lacks_is_not_written() -> None:
    content = ("# coding: latin-1\nfrom sqlmodel import Field\n" + MODEL).encode("latin-1")
    assert (
        titled(content, '"🐘"') == b"the file's encoding (iso-8859-1) lacks a character that would have to be written"
    )


IMPORTS = "from sqlmodel import Field, SQLModel\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "from sqlalchemy import Text\n"),
        ("import os\n\n", "import os\n\nfrom sqlalchemy import Text\n"),
        ("from sqlalchemy import Index\n", "from sqlalchemy import Index, Text\n"),
        ("from sqlalchemy import Index, func\n", "from sqlalchemy import Index, Text, func\n"),
        ("from sqlalchemy import func, Index\n", "from sqlalchemy import func, Index, Text\n"),
        (
            "from sqlalchemy import (\n    Index,\n    func,  # SQL\n)\n",
            "from sqlalchemy import (\n    Index,\n    Text,\n    func,  # SQL\n)\n",
        ),
        (
            '"""Models."""\n\nfrom __future__ import annotations\n\n',
            '"""Models."""\n\nfrom __future__ import annotations\n\nfrom sqlalchemy import Text\n',
        ),
        ("from sqlalchemy import Index, Zip, Table, a\n", "from sqlalchemy import Index, Zip, Table, a, Text\n"),
        ("from sqlalchemy import INTEGER, Zip, a, table\n", "from sqlalchemy import INTEGER, Text, Zip, a, table\n"),
        ("from sqlalchemy import Index, ZIP, all_\n", "from sqlalchemy import Index, Text, ZIP, all_\n"),
        ("from sqlalchemy import Index as I, B as C\n", "from sqlalchemy import Index as I, B as C, Text\n"),
        ("from sqlalchemy import *\n", "from sqlalchemy import *\nfrom sqlalchemy import Text\n"),
        ("from sqlalchemy import (Index,)\n", "from sqlalchemy import (Index, Text,)\n"),
        ("from sqlalchemy import b, Index, Zip, a\n", "from sqlalchemy import b, Index, Zip, a, Text\n"),
        ("# (c) us\n\n# sqlmodel first\n", "# (c) us\n\nfrom sqlalchemy import Text\n# sqlmodel first\n"),
        (
            "import os\n\nimport psycopg\nfrom sqlalchemy.orm import x\n\nfrom app.base import Base\n\n",
            "import os\n\nimport psycopg\nfrom sqlalchemy import Text\nfrom sqlalchemy.orm import x\n\nfrom app.base import Base\n\n",
        ),
        (
            "from pydantic import x\n# ours\nfrom app import Base\n\nfrom zoo import y\n",
            "from pydantic import x\n# ours\nfrom app import Base\nfrom sqlalchemy import Text\n\nfrom zoo import y\n",
        ),
        (
            "from sqlalchemy import Index as I\n",
            "from sqlalchemy import Text\nfrom sqlalchemy import Index as I\n",
        ),
    ],
)
def test_an_import_is_put_where_the_files_order_has_it(before: str, after: str) -> None:
    content = f"{before}{IMPORTS}{MODEL}".encode()
    expected = f"{after}{IMPORTS}{MODEL}".replace("title: str", "title: str = Field(sa_type=Text)").encode()
    assert titled(content, "Text", ["sqlalchemy.Text"]).decode() == expected.decode()


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("from sqlalchemy import Text", "Text"),
        ("from sqlalchemy.types import Text", "Text"),
        ("from sqlmodel import Text", "Text"),
        ("from sqlalchemy import Text as T", "T"),
        ("import sqlalchemy as sa", "sa.Text"),
        ("import sqlalchemy", "sqlalchemy.Text"),
        ("import sqlalchemy.orm", "sqlalchemy.Text"),
    ],
)
def test_the_name_that_a_file_has_already_is_used(line: str, code: str) -> None:
    content = f"{line}\n{IMPORTS}{MODEL}".encode()
    assert titled(content, "Text", ["sqlalchemy.Text"]) == content.replace(
        b"title: str", f"title: str = Field(sa_type={code})".encode()
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "import os\n\nfrom .base import Base\n",
            "import os\n\nfrom sqlalchemy import Text\n\nfrom .base import Base\n",
        ),
        ("from .base import Base\n", "from sqlalchemy import Text\n\nfrom .base import Base\n"),
        ("import b.c as d\nimport e\n", "import b.c as d\nimport e\nfrom sqlalchemy import Text\n"),
        ("x = 1\n", "from sqlalchemy import Text\n\nx = 1\n"),
        ('"""Models."""\nx = 1\n', '"""Models."""\n\nfrom sqlalchemy import Text\n\nx = 1\n'),
        ('"""Models."""\n', '"""Models."""\n\nfrom sqlalchemy import Text\n\n'),
    ],
)
def test_an_import_is_put_in_a_section_of_its_own(before: str, after: str) -> None:
    model = MODEL.replace("SQLModel, table=True", "Base, table=True").replace("Field(", "F(")
    content = f"{before}\n\n{model}".encode()
    target = Target(place_of(content, "F(primary_key=True)", "utf-8"), "column", call="Field")
    result = performed(
        content.replace(b"F(", b"Field("), SetArgument(target, "sa_type", "Text", imports=("sqlalchemy.Text",))
    )
    assert [reason for _, reason in result.left] == ["no declaration of it is found in the file"]
    content = content.replace(b"F(", b"Field(")
    target = Target(place_of(content, "Field(primary_key=True)", "utf-8"), "column", call="Field")
    result = performed(content, SetArgument(target, "sa_type", "Text", imports=("sqlalchemy.Text",)))
    assert [one.decode().partition("class")[0].rstrip() for one in result.contents.values()] == [after.rstrip()]


@pytest.mark.parametrize(
    "line",
    [
        "from other import Text",
        "class Text: ...",
        "Text = 1",
        "if TYPE_CHECKING:\n    pass\nelse:\n    from other import Text",
    ],
)
def test_a_name_that_means_something_else_is_not_used(line: str) -> None:
    content = f"{line}\n{IMPORTS}{MODEL}".encode()
    found = titled(content, "Text(9)", ["sqlalchemy.Text"]).decode()
    assert "from sqlalchemy import Text as SAText\n" in found
    assert "title: str = Field(sa_type=SAText(9))" in found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("from sqlalchemy import A, Z\n", "from sqlalchemy import A, Z\nfrom sqlalchemy import Text as SAText\n"),
        (
            "from sqlalchemy import A\nfrom sqlalchemy import B as C\nfrom sqlalchemy import Z as Y\n",
            "from sqlalchemy import A\nfrom sqlalchemy import B as C\nfrom sqlalchemy import Text as SAText\nfrom sqlalchemy import Z as Y\n",
        ),
        (
            "from sqlalchemy import Z as Y\n",
            "from sqlalchemy import Text as SAText\nfrom sqlalchemy import Z as Y\n",
        ),
        ("from sqlalchemy import A, B as C\n", "from sqlalchemy import A, B as C, Text as SAText\n"),
        (
            "from other import A, B as C\nfrom sqlalchemy import Z\n",
            "from other import A, B as C\nfrom sqlalchemy import Text as SAText, Z\n",
        ),
    ],
)
def test_a_name_under_another_one_stands_as_the_file_has_such_names(before: str, after: str) -> None:
    content = f"from other import Text\n{before}{IMPORTS}{MODEL}".encode()
    found = titled(content, "Text(9)", ["sqlalchemy.Text"]).decode()
    assert found.startswith(f"from other import Text\n{after}{IMPORTS}")


@pytest.mark.parametrize(
    "lines",
    [
        "try:\n    from sqlalchemy import Text\nexcept ImportError:\n    from other import String\nelse:\n    x = 1\nfinally:\n    y = 2",
        "with open('x'):\n    from sqlalchemy import Text",
        "if x:\n    from sqlalchemy import Text\nelif y:\n    pass\nelse:\n    pass",
    ],
)
def test_names_that_blocks_import_are_there(lines: str) -> None:
    content = f"{lines}\n{IMPORTS}{MODEL}".encode()
    assert titled(content, "Text", ["sqlalchemy.Text"]) == content.replace(
        b"title: str", b"title: str = Field(sa_type=Text)"
    )


def test_a_file_that_uses_every_name_for_something_else_is_left_alone() -> None:
    content = f"Text = SAText = 1\n{IMPORTS}{MODEL}".encode()
    assert titled(content, "Text", ["sqlalchemy.Text"]) == b"the file calls something else Text"


def test_things_of_other_libraries_are_not_taken_for_sqlalchemys() -> None:
    content = f"from pydantic.nowhere import Text\nfrom sqlmodel.nowhere import Text as T\n{IMPORTS}{MODEL}".encode()
    assert b"from sqlalchemy import Text as SAText\n" in titled(content, "Text", ["sqlalchemy.Text"])


def test_names_of_what_is_no_name_are_none() -> None:
    content = f"{IMPORTS}{MODEL}x: int = f()()\n".encode()
    assert titled(content, "None", passage="x: int = f()()").startswith(b"`f()(...)` declares it")


def test_a_name_that_the_class_has_is_not_used_in_it() -> None:
    content = f"from sqlalchemy import text\n{IMPORTS}{MODEL}    text: str = Field()\n".encode()
    found = titled(content, 'text("now()", text=text)', ["sqlalchemy.text"]).decode()
    assert found.startswith("from sqlalchemy import text\nfrom sqlalchemy import text as sa_text\n")
    assert 'Field(sa_type=sa_text("now()", text=sa_text))' in found


def test_names_that_are_imported_for_type_checkers_only_are_not_there() -> None:
    content = f"from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from sqlalchemy import Text\n{IMPORTS}{MODEL}".encode()
    assert b"\nfrom sqlalchemy import Text\nfrom sqlmodel" in titled(content, "Text", ["sqlalchemy.Text"])


def test_aliases_of_what_is_called_are_followed() -> None:
    content = b"import sqlmodel as sm\nfrom sqlmodel import Field as F\nclass Book(sm.SQLModel, table=True):\n    title: str = F()\n    name: str\n"
    assert b"title: str = F(sa_type=None)" in titled(content, "None", passage="title: str = F()")
    assert b"name: str = F(sa_type=None)" in titled(content, "None", passage="name: str")
    content = content.replace(b"from sqlmodel import Field as F", b"F = sm.Field")
    assert titled(content, "None", passage="title: str = F()").startswith(b"`F(...)` declares it, which is neither")


@pytest.mark.parametrize(
    "head",
    [
        "# generated by datamodel-code-generator\n",
        "#!/usr/bin/env python\n# This file was automatically generated.\n",
        "# @generated\n",
        "# Code generated by hand. DO NOT EDIT.\n",
        '"""Auto-generated models: do not edit."""\n',
    ],
)
def test_a_generated_file_is_left_alone(head: str) -> None:
    assert (
        titled(f"{head}{IMPORTS}{MODEL}".encode(), "None")
        == b"the file says that it is generated: its generator has to be changed"
    )


@pytest.mark.parametrize(
    "head", ["# Keys are generated by the database.\n", '"""Where reports are generated."""\n', "x = 1  # generated\n"]
)
def test_a_file_that_speaks_of_generating_is_not(head: str) -> None:
    assert b"Field(sa_type=None)" in titled(f"{head}{IMPORTS}{MODEL}".encode(), "None")


@pytest.mark.parametrize("content", [b"def", b"x = '\xff'", b"# coding: klingon\n", b"\x0ca = 1\n", b"a = 1\rb = 2\r"])
def test_a_file_that_cannot_be_read_is_left_alone(content: bytes) -> None:
    with pytest.raises(LeftAlone):
        read(content)


@pytest.mark.parametrize(
    ("passage", "code", "after"),
    [
        ("1 + 1", "2", "a = 2; b = (3)  # c\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = 1\n"),
        ("3", "4 + 4", "a = 1 + 1; b = (4 + 4)  # c\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = 1\n"),
        ("(1, 2)", "x", "a = 1 + 1; b = (3)  # c\nT = x\nclass A:\n    # own\n    class B:\n        x = 1\n"),
        (
            "T = (1, 2)",
            "S = 1\nT = 2",
            "a = 1 + 1; b = (3)  # c\nS = 1\nT = 2\nclass A:\n    # own\n    class B:\n        x = 1\n",
        ),
        ("# c", "# d", "a = 1 + 1; b = (3)  # d\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = 1\n"),
        ("# c", "", "a = 1 + 1; b = (3)\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = 1\n"),
        ("# own", "", "a = 1 + 1; b = (3)  # c\nT = (1, 2)\nclass A:\n    class B:\n        x = 1\n"),
        ("x = 1", "x = y", "a = 1 + 1; b = (3)  # c\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = y\n"),
    ],
)
def test_what_stands_at_a_place_is_replaced(passage: str, code: str, after: str) -> None:
    content = b"a = 1 + 1; b = (3)  # c\nT = (1, 2)\nclass A:\n    # own\n    class B:\n        x = 1\n"
    result = performed(content, Replace(place_of(content, passage, "utf-8"), code))
    assert [one.decode() for one in result.contents.values()] == [after]


def test_a_statement_that_is_an_expression_is_replaced() -> None:
    result = performed(b"f()\n", Replace(Location("models.py", 1, 1, 1, 4), "g()"))
    assert [*result.contents.values()] == [b"g()\n"]


def test_a_class_is_replaced_by_a_statement() -> None:
    content = b"class A:\n    # kept\n    class Config:\n        x = 1\n\n    y = 2\n"
    where = Location("models.py", 3, 5, 4, 14)
    result = performed(content, Replace(where, "model_config = ConfigDict(x=1)", ("pydantic.ConfigDict",)))
    assert [one.decode() for one in result.contents.values()] == [
        "from pydantic import ConfigDict\n\nclass A:\n    # kept\n    model_config = ConfigDict(x=1)\n\n    y = 2\n"
    ]


@pytest.mark.parametrize(
    ("content", "passage", "reason"),
    [
        ("a = [  # one\n  1]\n", "[  # one\n  1]", "a comment inside the parentheses would be lost"),
        ("a = [  # one\n  1]\n", "a = [  # one\n  1]", "a comment in it would be lost"),
        ("a = 1; b = 2\n", "a = 1", "several statements stand on its line"),
    ],
)
def test_what_cannot_be_replaced_is_left_alone(content: str, passage: str, reason: str) -> None:
    text = content.encode()
    start = place_of(text, passage.splitlines()[0], "utf-8")
    last = passage.splitlines()[-1]
    end = start.end_column if "\n" not in passage else len(last) + 1
    where = replace(start, end_line=start.line + passage.count("\n"), end_column=end)
    assert [why for _, why in performed(text, Replace(where, "x")).left] == [reason]


def test_a_comment_behind_a_statement_is_not_put_behind_a_class() -> None:
    content = b"a = 1  # one\n"
    result = performed(content, Replace(place_of(content, "a = 1", "utf-8"), "class A: ..."))
    assert [why for _, why in result.left] == ["a comment behind it would be lost"]
    result = performed(b"a = 1\n", Replace(place_of(content, "a = 1", "utf-8"), "class A: ..."))
    assert [*result.contents.values()] == [b"class A: ...\n"]


def test_fixes_that_only_together_cannot_be_made_are_made_one_after_the_other() -> None:
    content = b"from sqlalchemy import Index\nclass Book:\n    __table_args__ = (  # indexes\n        Index('a'), Index('b'))\n"
    first, second = (
        Finding(
            "some-rule",
            name,
            None,
            "",
            "",
            (),
            Fix("schema", (Remove(Target(place_of(content, name, "utf-8"), "index")),)),
        )
        for name in ("Index('a')", "Index('b')")
    )
    result = edited([first, second], lambda _: content)
    assert result.made == (second,)
    assert [(one.object, why) for one, why in result.left] == [
        ("Index('a')", "a comment inside the parentheses would be lost")
    ]
    assert [*result.contents.values()] == [
        content.replace(b", Index('b')", b",").replace(b"Index('b')", b"")
    ] or result.contents


def test_nothing_is_replaced_where_nothing_stands() -> None:
    result = performed(b"a = 1\n", Replace(Location("models.py", 1, 1, 1, 3), "b"))
    assert [reason for _, reason in result.left] == ["nothing that could be replaced stands there"]


@pytest.mark.parametrize("passage", ["Field(sa_column=Column(Text))", "Column(Text)"])
def test_a_place_inside_of_a_declaration_is_as_good_as_its_own(passage: str) -> None:
    content = (
        b"from sqlmodel import Column, Field, Text\nclass Book(SQLModel):\n    a: str = Field(sa_column=Column(Text))\n"
    )
    target = Target(place_of(content, passage, "utf-8"), "column")
    result = performed(content, SetArgument(target, "max_length", "9"))
    assert [*result.contents.values()] == [content.replace(b"Column(Text))", b"Column(Text), max_length=9)")]


def test_fixes_at_the_same_place_wait_for_one_another() -> None:
    content = f"{IMPORTS}{MODEL}".encode()
    target = Target(place_of(content, "title: str", "utf-8"), "column", call="Field")
    first, second, third = (
        Finding("some-rule", name, None, "", "", (), Fix("schema", (SetArgument(target, argument, code),)))
        for name, argument, code in (("a", "max_length", "1"), ("b", "max_length", "2"), ("c", "index", "True"))
    )
    result = edited([first, second, third], lambda _: content)
    assert (result.made, result.waiting) == ((first, third), (second,))
    assert b"title: str = Field(max_length=1, index=True)" in result.contents["models.py"]


SPACES = st.sampled_from(["", " ", "\n    ", "\n        ", "  # said\n    ", "\n    # above\n    ", " \\\n  "])


@st.composite
def rows(draw: st.DrawFn, opening: str = "f(", closing: str = ")") -> tuple[str, int]:
    """Draw the text of a call whatever its layout, and how many arguments it has."""
    count = draw(st.integers(1, 4))
    items = [f"k{number}={draw(st.sampled_from(['1', 'x(2, 3)', '[4,]', '{5: 6}']))}" for number in range(count)]
    text = opening + draw(SPACES)
    for number, item in enumerate(items):
        is_last = number == count - 1
        text += item + draw(SPACES) + ("," if not is_last or draw(st.booleans()) else "") + draw(SPACES)
    return text + closing, count


@given(rows(), st.data())
@settings(max_examples=300, deadline=None)
def test_what_is_put_into_a_row_and_taken_out_again_leaves_no_trace_but_commas(
    drawn: tuple[str, int], data: st.DataObject
) -> None:
    """Tokens, comments among them, are those from before, in their order; the new one stands at its place."""
    text, count = drawn
    call = parsed_call(text)
    at = data.draw(st.integers(0, count))
    item = parsed_call("f(new=9)").args[0]
    longer = with_row(call, row_of(call).inserted(at, item))
    source = code(longer)
    again = parsed_call(source)
    assert [argument.keyword.value for argument in again.args if argument.keyword][at] == "new"
    assert words(source.replace("new=9", "")) == words(text)
    shorter = with_row(again, row_of(again).without(at)) if is_free(again, at) else None
    if shorter is not None:
        assert words(code(shorter)) == words(text)


def parsed_call(text: str) -> cst.Call:
    return cst.ensure_type(cst.parse_expression(text), cst.Call)


def code(node: cst.CSTNode) -> str:
    return cst.Module([]).code_for_node(node)


def words(text: str) -> list[str]:
    """Return a text's words and comments, without commas and blank space."""
    return [one for one in text.replace(",", " ").replace("(", " ( ").replace(")", " ) ").split() if one != "\\"]


def is_free(call: cst.Call, at: int) -> bool:
    try:
        row_of(call).without(at)
    except LeftAlone:
        return False
    return True


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "models.py").write_bytes(b"a = 1\n")
    return tmp_path


def changed(root: Path, **config: object) -> Files:
    files = Files(Config(root=root, **config))  # type: ignore[arg-type]  # of the right types
    files.content("models.py")
    files.changed["models.py"] = b"a = 2\n"
    return files


def test_a_file_keeps_its_mode(project: Path) -> None:
    (project / "models.py").chmod(0o750)
    changed(project).write()
    assert (project / "models.py").read_bytes() == b"a = 2\n"
    assert (project / "models.py").stat().st_mode & 0o777 == 0o750
    assert [one.name for one in project.iterdir()] == ["models.py"]


def test_a_read_only_file_is_not_written(project: Path) -> None:
    (project / "models.py").chmod(0o444)
    with pytest.raises(SchemalintError, match=r"models.py is read-only; nothing was changed"):
        changed(project).write()
    assert (project / "models.py").read_bytes() == b"a = 1\n"


def test_a_file_that_changed_meanwhile_is_not_written(project: Path) -> None:
    files = changed(project)
    (project / "models.py").write_bytes(b"a = 3\n")
    with pytest.raises(SchemalintError, match="has changed since it was read"):
        files.write()
    assert (project / "models.py").read_bytes() == b"a = 3\n"


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_file_is_the_old_one_where_writing_ends_early(
    project: Path, error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise error

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises((SchemalintError, KeyboardInterrupt)):
        changed(project).write()
    assert (project / "models.py").read_bytes() == b"a = 1\n"
    assert [one.name for one in project.iterdir()] == ["models.py"]


def test_what_a_link_leads_to_is_changed_not_the_link(project: Path) -> None:
    (project / "real").mkdir()
    (project / "models.py").rename(project / "real" / "models.py")
    (project / "models.py").symlink_to("real/models.py")
    changed(project).write()
    assert (project / "models.py").is_symlink()
    assert (project / "real" / "models.py").read_bytes() == b"a = 2\n"


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.py", "../outside.py is outside of the project"),
        (".venv/lib/site-packages/models.py", ".venv/lib/site-packages/models.py is outside of the project"),
        ("pyproject.toml", "pyproject.toml is no Python"),
        ("gone.py", "gone.py cannot be read: No such file or directory"),
    ],
)
def test_files_that_are_not_the_projects_are_left_alone(project: Path, path: str, reason: str) -> None:
    with pytest.raises(LeftAlone, match=reason):
        Files(Config(root=project)).content(path)


def test_files_that_were_not_named_are_left_alone(project: Path) -> None:
    (project / "other.py").touch()
    with pytest.raises(LeftAlone, match="none of the files that were named"):
        Files(Config(root=project, paths=(str(project / "other.py"),))).content("models.py")


def test_a_diff_shows_what_would_be_changed(project: Path) -> None:
    files = changed(project)
    files.changed["models.py"] = b"a = 1\nb = '\xc3\xa9'"
    assert "".join(files.diff()) == (
        "--- a/models.py\n+++ b/models.py\n@@ -1 +1,2 @@\n a = 1\n+b = 'é'\n\\ No newline at end of file\n"
    )


def test_a_diff_shows_what_is_no_utf_8(project: Path) -> None:
    (project / "models.py").write_bytes(b"# coding: latin-1\na = '\xe9'\n")
    files = changed(project)
    files.changed["models.py"] = b"# coding: latin-1\na = '\xe8'\n"
    assert "-a = 'é'\n+a = 'è'\n" in "".join(files.diff())
