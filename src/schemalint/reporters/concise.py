"""For other programs and for eyes in a hurry: one line a finding, nothing else."""

from schemalint.finding import Finding, Report
from schemalint.reporters import shown_path


def render(report: Report, *, color: bool = False) -> str:  # noqa: ARG001 - the same signature for all formats
    """Return `path:line:column: rule-name message` for each finding; nothing when there is none."""
    return "".join(
        f"{place(report, finding)}: {finding.rule} {one_line(finding.message)}\n" for finding in report.findings
    )


def place(report: Report, finding: Finding) -> str:
    where = finding.location
    return f"{shown_path(report, where.path)}:{where.line}:{where.column}" if where else finding.object


def one_line(text: str) -> str:
    return " ".join(text.split())
