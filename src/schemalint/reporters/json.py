"""For scripts: the whole report as one JSON document."""

import json
from dataclasses import asdict

from schemalint.finding import Finding, Report
from schemalint.reporters import shown_path


def render(report: Report, *, color: bool = False) -> str:  # noqa: ARG001 - the same signature for all formats
    """Return the report as JSON; `version` changes when a key changes its meaning or goes away."""
    document = {
        "version": 1,
        "exit-status": report.exit_status,
        "findings": [finding_as_json(report, finding) for finding in report.findings],
        "unasked": [
            {"rules": list(one.rules), "reason": one.reason, "at": asdict(one.at) if one.at else None}
            for one in report.unasked
        ],
        "asked": list(report.asked),
        "allowed": report.allowed,
        "notes": list(report.notes),
        "server": report.server,
        "tables": report.tables,
        "revisions": report.revisions,
        "seconds": round(report.seconds, 3),
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def finding_as_json(report: Report, finding: Finding) -> dict[str, object]:
    where = finding.location
    return {
        "rule": finding.rule,
        "object": finding.object,
        "identity": finding.identity,
        "message": finding.message,
        "remedy": finding.remedy,
        "tables": list(finding.tables),
        "location": where
        and {
            "path": shown_path(report, where),
            "line": where.line,
            "column": where.column,
            "end-line": where.end_line or where.line,
            "end-column": where.end_column or where.column,
        },
    }
