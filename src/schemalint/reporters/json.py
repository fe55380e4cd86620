"""For scripts: the whole report as one JSON document."""

import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from schemalint.errors import UserLine
from schemalint.finding import Finding, Location, Report, Unasked
from schemalint.fix import Fix
from schemalint.reporters import shown_path


def render(report: Report, *, color: bool = False) -> str:  # noqa: ARG001 - the same signature for all formats
    """Return the report as JSON; `version` changes when a key changes its meaning or goes away."""
    document = {
        "version": 1,
        "exit-status": report.exit_status,
        "findings": [finding_as_json(report, finding) for finding in report.findings],
        "unasked": [
            {
                "rules": list(one.rules),
                "reason": one.reason,
                "at": one.at and asdict(replace(one.at, path=shown_path(report, one.at.path))),
            }
            for one in report.unasked
        ],
        "asked": list(report.asked),
        "allowed": report.allowed,
        "accepted": report.accepted,
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
        "fix": finding.fix and finding.fix.kind,
        "due": finding.fix.due if finding.fix else "",
        "location": where
        and {
            "path": shown_path(report, where.path),
            "line": where.line,
            "column": where.column,
            "end-line": where.end_line or where.line,
            "end-column": where.end_column or where.column,
        },
    }


def parse(text: str, root: Path) -> Report:
    """Return the report that `render` made the JSON `text` of, in the working directory `root`; of fixes the kind and what is due."""
    document = json.loads(text)
    return Report(
        findings=tuple(finding_from_json(one) for one in document["findings"]),
        unasked=tuple(
            Unasked(tuple(one["rules"]), one["reason"], UserLine(**one["at"]) if one["at"] else None)
            for one in document["unasked"]
        ),
        asked=tuple(document["asked"]),
        allowed=document["allowed"],
        accepted=document["accepted"],
        server=document["server"],
        notes=tuple(document["notes"]),
        root=str(root),
        tables=document["tables"],
        revisions=document["revisions"],
        seconds=document["seconds"],
    )


def finding_from_json(one: dict[str, Any]) -> Finding:
    where = one["location"] and Location(**{key.replace("-", "_"): value for key, value in one["location"].items()})
    fix = Fix(one["fix"], (), one["due"]) if one["fix"] else None
    return Finding(one["rule"], one["object"], where, one["message"], one["remedy"], tuple(one["tables"]), fix)
