"""The stages that tell people: alerts first, so that they go out even if the report fails.

In: the context of a cycle. Out: one line in words. As in `riskwatch.stages`, heavy rooms load
inside their stage.
"""
# pylint: disable=import-outside-toplevel

from riskwatch.cycle import Context


def alert_stage(context: Context) -> str:
    """Note which incidents began and ended, and tell who should know."""
    from riskwatch.alerts import tell

    return tell(context.place, context.ledger, run_id=context.run_id).in_words()


def report_stage(context: Context) -> str:
    """Write the report of this run, unless it would say what the last one says."""
    from riskwatch.report import report_if_new

    told = report_if_new(context.place, context.ledger)
    context.report = told.folder
    return told.in_words()
