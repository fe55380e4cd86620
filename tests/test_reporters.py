"""Each format's whole output, once."""

import json
from pathlib import Path

import pytest
from inline_snapshot import snapshot

from schemalint.errors import UserLine
from schemalint.finding import Finding, Location, Report, Unasked
from schemalint.fix import Fix, FixKind
from schemalint.reporters import FORMATS, get_reporter
from schemalint.reporters.json import parse


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Report:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "models.py").write_text("class Lön:\n\tnaïve: str = Field(\n    )\n", encoding="utf-8")
    return Report(
        findings=(
            Finding(
                "string-length",
                "Mixin.naïve",
                Location("models.py", 2, 15, 3, 6),
                "books.naïve takes strings of any length",
                "Field(max_length=...)",
                ("a", "b", "c", "d", "e", "f"),
            ),
            Finding("table-name-case", "Lön", Location("models.py", 1, 7, 1, 10), "100% wrong:\nreally", ""),
            Finding("no-file", "made_by_exec", None, "it has no place", ""),
        ),
        unasked=(Unasked(("drift",), "no server", UserLine("env.py", 3)), Unasked((), "models are broken")),
        asked=("string-length", "table-name-case", "no-file"),
        allowed=1,
        accepted=2,
        server="embedded PostgreSQL 17.10",
        notes=("something was left out",),
        root=str(tmp_path),
        tables=6,
        revisions=1,
        seconds=1.25,
    )


def test_text_shows_the_line_with_the_place_marked(report: Report) -> None:
    assert get_reporter("text").render(report) == snapshot("""\
models.py:2:15: string-length
  |
2 |     naïve: str = Field(
  |                  ^^^^^^
  = books.naïve takes strings of any length
  = the same in a, b, c, d and 2 more
  = write: Field(max_length=...)

models.py:1:7: table-name-case
  |
1 | class Lön:
  |       ^^^
  = 100% wrong:
    really

made_by_exec: no-file
  = it has no place

note: something was left out
Found 3 problems in 6 tables and 1 revision, 1 allowed, 2 accepted, and could not look at all of it (3 rules asked, embedded PostgreSQL 17.10, 1.2 s).
""")


def test_text_is_colored_when_it_is_told_to(report: Report) -> None:
    assert "\x1b[1;31mstring-length\x1b[0m" in get_reporter("text").render(report, color=True)
    assert "\x1b" not in get_reporter("text").render(report)


def test_text_of_nothing_found_is_one_line() -> None:
    assert get_reporter("text").render(Report(asked=("a",), seconds=0.04)) == "Found nothing (1 rule asked, 0.0 s).\n"


def test_text_marks_wide_characters_where_a_terminal_shows_them(report: Report, tmp_path: Path) -> None:
    (tmp_path / "wide.py").write_text("本 = e\u0301(1)\n", encoding="utf-8")
    found = Finding("r", "o", Location("wide.py", 1, 5, 1, 10), "m")
    lines = get_reporter("text").render(Report(findings=(found,), root=str(tmp_path))).splitlines()
    assert lines[3] == "  |      ^^^^"


def test_text_without_the_line_when_the_file_has_gone(report: Report) -> None:
    found = Finding("r", "o", Location("gone.py", 9, 1, 9, 2), "m")
    rendered = get_reporter("text").render(Report(findings=(found,), root=report.root))
    assert rendered.splitlines()[:2] == ["gone.py:9:1: r", "  = m"]


def test_concise_is_one_line_a_finding_and_nothing_else(report: Report) -> None:
    assert get_reporter("concise").render(report) == snapshot("""\
models.py:2:15: string-length books.naïve takes strings of any length
models.py:1:7: table-name-case 100% wrong: really
made_by_exec: no-file it has no place
""")
    assert get_reporter("concise").render(Report()) == ""


def test_github_escapes_what_workflow_commands_would_misread(report: Report) -> None:
    assert get_reporter("github").render(report) == snapshot("""\
::error file=models.py,line=2,endLine=3,title=string-length::books.naïve takes strings of any length%0AThe same in a, b, c, d and 2 more.%0AWrite: Field(max_length=...)
::error file=models.py,line=1,endLine=1,col=7,endColumn=10,title=table-name-case::100%25 wrong:%0Areally
::error title=no-file::it has no place
::error file=env.py,line=3,title=schemalint could not look::no server
::error title=schemalint could not look::models are broken
schemalint found 3 problems
""")
    assert get_reporter("github").render(Report()) == ""


def test_json_holds_everything(report: Report) -> None:
    assert json.loads(get_reporter("json").render(report)) == snapshot(
        {
            "version": 1,
            "exit-status": 2,
            "findings": [
                {
                    "rule": "string-length",
                    "object": "Mixin.naïve",
                    "identity": "string-length | Mixin.naïve",
                    "message": "books.naïve takes strings of any length",
                    "remedy": "Field(max_length=...)",
                    "tables": ["a", "b", "c", "d", "e", "f"],
                    "fix": None,
                    "due": "",
                    "location": {"path": "models.py", "line": 2, "column": 15, "end-line": 3, "end-column": 6},
                },
                {
                    "rule": "table-name-case",
                    "object": "Lön",
                    "identity": "table-name-case | Lön",
                    "message": """\
100% wrong:
really\
""",
                    "remedy": "",
                    "tables": [],
                    "fix": None,
                    "due": "",
                    "location": {"path": "models.py", "line": 1, "column": 7, "end-line": 1, "end-column": 10},
                },
                {
                    "rule": "no-file",
                    "object": "made_by_exec",
                    "identity": "no-file | made_by_exec",
                    "message": "it has no place",
                    "remedy": "",
                    "tables": [],
                    "fix": None,
                    "due": "",
                    "location": None,
                },
            ],
            "unasked": [
                {"rules": ["drift"], "reason": "no server", "at": {"path": "env.py", "line": 3, "column": 0}},
                {"rules": [], "reason": "models are broken", "at": None},
            ],
            "asked": ["string-length", "table-name-case", "no-file"],
            "allowed": 1,
            "accepted": 2,
            "notes": ["something was left out"],
            "server": "embedded PostgreSQL 17.10",
            "tables": 6,
            "revisions": 1,
            "seconds": 1.25,
        }
    )


def test_json_can_be_read_back(report: Report, tmp_path: Path) -> None:
    assert parse(get_reporter("json").render(report), tmp_path) == report


@pytest.mark.parametrize("name", FORMATS)
def test_paths_are_shown_from_the_working_directory(
    name: str, report: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path.parent)
    assert f"{tmp_path.name}/models.py" in get_reporter(name).render(report)
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    assert "models.py" in get_reporter(name).render(report)
    assert "../" not in get_reporter(name).render(report)


def test_what_could_not_be_looked_at_weighs_more_than_what_was_found(report: Report) -> None:
    assert report.exit_status == 2
    assert Report(findings=report.findings).exit_status == 1
    assert Report().exit_status == 0


@pytest.mark.parametrize(
    ("kinds", "line"),
    [
        (("safe", "safe"), "2 fixable with --fix."),
        (("schema", "behaviour"), "2 fixable with --fix --unsafe-fixes."),
        (("safe", "schema", "behaviour"), "1 fixable with --fix, 2 more with --fix --unsafe-fixes."),
    ],
)
def test_text_counts_what_each_way_of_fixing_puts_right(kinds: tuple[FixKind, ...], line: str) -> None:
    findings = tuple(Finding("string-length", kind, None, "", fix=Fix(kind, ())) for kind in kinds)
    assert get_reporter("text").render(Report(findings=findings)).splitlines()[-1] == line


@pytest.mark.parametrize(
    ("message", "told"),
    [
        ("books.title takes strings of any length", "films, tapes"),
        ("deleting a row of shelves scans all of books", "films, tapes"),
        ("bookshelves.title takes strings of any length", "books, films, tapes"),
        ("Titled.title takes strings of any length", "books, films, tapes"),
    ],
)
def test_the_table_that_a_message_speaks_of_is_not_told_again(message: str, told: str) -> None:
    finding = Finding("string-length", "Titled.title", None, message, "", ("books", "films", "tapes"))
    for name in ("text", "github"):
        assert f"he same in {told}" in get_reporter(name).render(Report(findings=(finding,)))
