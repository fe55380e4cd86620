"""For GitHub Actions: workflow commands that become annotations on the changed lines of a pull request."""

from collections.abc import Iterator

from schemalint.finding import Finding, Report
from schemalint.reporters import shown_path, told_tables


def render(report: Report, *, color: bool = False) -> str:  # noqa: ARG001 - the same signature for all formats
    """Return one `::error` line for each finding and for each reason why rules could not be asked.

    The format: https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands. GitHub shows ten errors a step, so the
    last line, which stands in the log, counts them all.
    """
    lines = [*(annotation(report, finding) for finding in report.findings), *unasked(report)]
    total = len(report.findings)
    ending = [f"schemalint found {total} problem{'' if total == 1 else 's'}"] if lines else []
    return "".join(f"{line}\n" for line in [*lines, *ending])


def annotation(report: Report, finding: Finding) -> str:
    properties = {"title": finding.rule}
    if where := finding.location:
        properties = {
            "file": shown_path(report, where.path),
            "line": str(where.line),
            "endLine": str(where.end_line or where.line),
            **({"col": str(where.column), "endColumn": str(where.end_column)} if where.end_line == where.line else {}),
            **properties,
        }
    message = finding.message
    if len(finding.tables) > 1:
        message += f"\nThe same in {told_tables(finding)}."
    if finding.remedy:
        message += f"\nWrite: {finding.remedy}"
    if finding.fix:
        options = "--fix" if finding.fix.kind == "safe" else "--fix --unsafe-fixes"
        message += f"\nFixable: schemalint check {options} ({finding.fix.kind})"
    return command(properties, message)


def unasked(report: Report) -> Iterator[str]:
    for one in report.unasked:
        place = {"file": shown_path(report, one.at.path), "line": str(one.at.line)} if one.at else {}
        yield command({**place, "title": "schemalint could not look"}, one.reason)


def command(properties: dict[str, str], message: str) -> str:
    return f"::error {','.join(f'{key}={escaped(value, in_property=True)}' for key, value in properties.items())}::{escaped(message)}"


def escaped(text: str, *, in_property: bool = False) -> str:
    text = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return text.replace(":", "%3A").replace(",", "%2C") if in_property else text
