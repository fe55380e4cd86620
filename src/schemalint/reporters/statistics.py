"""How many findings each rule has, instead of the findings: as text or as JSON."""

import json
from collections import Counter

from schemalint.finding import Report
from schemalint.reporters.text import RED, Paint, ending


def counts(report: Report) -> list[tuple[str, int]]:
    """Return the rules that found something with their number of findings, the most first."""
    counted = Counter(finding.rule for finding in report.findings)
    return sorted(counted.items(), key=lambda item: (-item[1], item[0]))


def render(report: Report, *, color: bool = False) -> str:
    """Return a line for each rule, then the one that counts them all."""
    paint = Paint(color)
    width = max((len(str(number)) for _, number in counts(report)), default=0)
    lines = [f"{number:{width}}  {paint(rule, RED)}" for rule, number in counts(report)]
    return "\n".join([*lines, *([""] if lines else []), *ending(report, paint)]) + "\n"


def render_json(report: Report) -> str:
    """Return the counts as JSON, with what the report says of the run beside its findings."""
    document = {
        "version": 1,
        "exit-status": report.exit_status,
        "statistics": [{"rule": rule, "count": number} for rule, number in counts(report)],
        "allowed": report.allowed,
        "accepted": report.accepted,
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
