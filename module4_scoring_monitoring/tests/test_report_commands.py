"""The commands report and alert-test: what they print, and their exit codes."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from alert_servers import SECRET, free_port, hook
from mail_servers import FROM, TO, post
from web_story import told

from riskwatch.cli import main

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever proxy this machine has, it is not asked."""
    monkeypatch.setenv("NO_PROXY", "*")


@pytest.fixture(name="config")
def written_config(tmp_path: Path) -> Callable[..., str]:
    """Write settings of alerts into a file."""
    def write(**alerts: object) -> str:
        path = tmp_path / "my.toml"
        path.write_text("[alerts]\n" + "".join(
            f"{name} = {json.dumps(value)}\n" for name, value in alerts.items()))
        return str(path)
    return write


def test_the_report_is_made_on_demand(tmp_path: Path, capsys: Said) -> None:
    out = tmp_path / "out"
    told(out)
    assert main(["report", "--out", str(out)]) == 0
    folder = out / "reports" / "run_000012"
    assert capsys.readouterr().out == f"{folder}: report.html, report.pdf\n"
    assert main(["report", "--out", str(out)]) == 0  # of the same run: its own does not count
    assert [path.name for path in (out / "reports").iterdir()] == ["run_000012"]


def test_without_a_run_one_line_says_so(tmp_path: Path, capsys: Said) -> None:
    assert main(["report", "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.splitlines()[-1] == (
        "riskwatch report: there is nothing to report yet; run `riskwatch cycle` first")


def test_without_a_place_one_line_says_so(tmp_path: Path, capsys: Said) -> None:
    assert main(["alert-test", "--out", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.err.startswith("riskwatch alert-test: nobody is to be told: set ")
    assert said.err.count("\n") == 1 and not said.out


def test_each_place_is_tried(tmp_path: Path, capsys: Said, config: Callable[..., str],
                             monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RISKWATCH_WEBHOOK_SECRET", SECRET)
    with hook(SECRET) as server, post() as mail:
        path = config(webhook_url=server.address, mail_host="127.0.0.1", mail_port=mail.port,
                      mail_security="none", mail_from=FROM, mail_to=[TO])
        assert main(["alert-test", "--out", str(tmp_path), "--config", path]) == 0
        assert capsys.readouterr().out == "webhook: sent\nmail: sent\n"
        assert "Nothing has happened" in server.messages()[0]["detail"]
        assert "alert-test" in mail.mails()[0]["Subject"] and not server.complaints
    assert not list(tmp_path.glob("ledger*"))  # it leaves no trace


def test_a_place_that_fails_is_named_and_the_others_are_tried(
        tmp_path: Path, capsys: Said, config: Callable[..., str]) -> None:
    with post() as mail:
        path = config(webhook_url=f"http://127.0.0.1:{free_port()}/T0KEN", webhook_tries=1,
                      mail_host="127.0.0.1", mail_port=mail.port, mail_security="none",
                      mail_from=FROM, mail_to=[TO])
        assert main(["alert-test", "--out", str(tmp_path), "--config", path]) == 1
        said = capsys.readouterr()
        assert said.out == "webhook: failed: no connection, or it was cut off\nmail: sent\n"
        assert "T0KEN" not in said.out + said.err and len(mail.taken) == 1


def test_a_cycle_tells_and_its_log_holds_no_address(
        tmp_path: Path, capsys: Said, config: Callable[..., str]) -> None:
    inbox = tmp_path / "out" / "inbox"
    inbox.mkdir(parents=True)
    (inbox / "bad.csv").write_text("no,header\n")
    with hook() as server:
        path = config(webhook_url=server.address)
        for _ in range(2):
            main(["cycle", "--out", str(tmp_path / "out"), "--config", path])
        assert [(message["event"], message["incident"]) for message in server.messages()] == [
            ("opened", "files: refused")]
        (tmp_path / "out" / "ledger.heads.json").unlink()
        (tmp_path / "out" / "data").rename(tmp_path / "elsewhere")
        (tmp_path / "out" / "data").write_text("no folder")
        (inbox / "good.csv").write_text("corporation,lastmonth_activity,lastyear_activity,"
                                        "number_of_employees,exited\nabcd,1,2,3,0\n")
        assert main(["cycle", "--out", str(tmp_path / "out"), "--config", path]) == 2
        assert server.messages()[-1]["incident"] == "run: cycle"
        assert server.messages()[-1]["event"] == "opened" and not server.complaints
    log = (tmp_path / "out" / "logs" / "riskwatch.log").read_text()
    said = capsys.readouterr()
    assert "T0KEN" not in log + said.out + said.err and "webhook_url" in log
