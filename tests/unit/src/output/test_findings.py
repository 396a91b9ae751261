"""Tests of ``slipway.output.findings``."""

from slipway.doctor.findings import error, ok, warning
from slipway.output.findings import findings_summary, show_findings
from support.displayed_run import make_console, text_of


def test_findings_come_with_their_remedies():
    console = make_console()
    show_findings(console, [ok("2 cores").named("cores"), warning("low", "buy").named("memory")])
    show_findings(console, [error("no [overlay]", "modprobe").named("kernel")])
    assert "buy" in text_of(console)
    assert "no [overlay]" in text_of(console)


def test_the_summary_counts_what_needs_attention():
    assert findings_summary([ok("a")]) == "1 check"
    found = [ok("a"), warning("b", "x"), error("c", "x"), error("d", "x")]
    assert findings_summary(found) == "4 checks, 1 warning, 2 errors"
