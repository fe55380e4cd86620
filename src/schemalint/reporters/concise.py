"""For other programs and for eyes in a hurry: one line a finding, nothing else."""

from schemalint.finding import Finding, Report
from schemalint.reporters import fix_mark, shown_path


def render(report: Report, *, color: bool = False) -> str:  # noqa: ARG001 - the same signature for all formats
    """Return `path:line:column: rule-name [*] message` for each finding (the mark where a fix is offered); nothing when there is none."""
    return "".join(
        f"{place(report, finding)}: {marked(finding)} {one_line(finding.message)}\n" for finding in report.findings
    )


def marked(finding: Finding) -> str:
    return f"{finding.rule} {fix_mark(finding)}".rstrip()


def place(report: Report, finding: Finding) -> str:
    where = finding.location
    return f"{shown_path(report, where.path)}:{where.line}:{where.column}" if where else finding.object


def one_line(text: str) -> str:
    return " ".join(text.split())
