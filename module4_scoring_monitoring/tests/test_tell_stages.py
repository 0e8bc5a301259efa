"""The stages that tell people: last, alerts first, cheap to load, and silent by default."""

import subprocess
import sys

from riskwatch.cycle import Context
from riskwatch.ledger import Ledger
from riskwatch.records import Alert, Diagnostic, File, Run
from riskwatch.stages import STAGES
from riskwatch.tell_stages import alert_stage, report_stage
from riskwatch.workplace import Workplace


def test_alerts_go_out_before_the_report_is_written() -> None:
    assert [(stage.name, stage.work) for stage in STAGES[-2:]] == [
        ("alert", alert_stage), ("report", report_stage)]
    assert STAGES[-3].name == "diagnose"


def test_incidents_are_noted_though_nobody_is_told(place: Workplace, ledger: Ledger) -> None:
    ledger.append(Diagnostic(check="disk", subject="free", status="failed"))
    assert alert_stage(Context(place, ledger, 7)) == (
        "1 incidents opened, 0 closed, 1 open; nobody is to be told")
    entry = ledger.latest(Alert)
    assert entry is not None and (entry.record.incident, entry.run_id) == ("disk: free", 7)


def test_the_context_knows_the_report(place: Workplace, ledger: Ledger) -> None:
    context = Context(place, ledger, 1)
    assert report_stage(context) == "nothing to report yet" and context.report is None
    ledger.append(Run(command="cycle", trigger="cron", program_version="1", process_id=1),
                  File(sha256="a", name="a.csv", byte_count=1, status="refused"))
    assert report_stage(context) == "run_000001: report.html and report.pdf"
    assert context.report == place.reports / "run_000001"


def test_they_are_cheap_to_load() -> None:
    code = ("import sys, riskwatch.tell_stages\n"
            "print({'matplotlib', 'requests', 'smtplib', 'jinja2'} & set(sys.modules))")
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                          check=True, timeout=60)
    assert done.stdout == "set()\n"
