"""The defects planted in the change under review, found by the words that make them.

In: the files of the change. Out: for each defect its file and lines.
"""

from pathlib import Path

#: Words of the lines a remark may point at, the first of them the defect itself.
DEFECTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "a path of one machine": ("score_month.py", ('DATA = Path("D:',)),
    "a secret in the code": (
        "score_month.py", ('TOKEN = "live', "SERVICE, json.dumps(customer_numbers)")),
    "the customer's number as a feature": ("score_month.py", ('NUMBERS = ["CLIENTNUM"',)),
    "any fault becomes an empty table": (
        "score_month.py", (
            "    except Exception:", "customers = pd.DataFrame(columns",
            "customers = pd.read_csv(path)", "a table that cannot be read is the caller's")),
    "a default that remembers": (
        "score_month.py", ("def prepare(", 'extra.append("Avg_')),
    "rates learned from test rows too": (
        "score_month.py", ("encoded = encoder.fit_transform", "encoder = TargetEncoder(")),
    "a split without a seed": (
        "score_month.py", ("return train_test_split(", "SEED = 42")),
    "scores of train and test swapped": (
        "score_month.py", ('return {"train": model.score(x_test', '"test": model.score(x_train')),
    "a tie gets no offer": (
        "score_month.py", ("return probability > threshold", "Return True from the threshold")),
    "a test that cannot fail": (
        "test_score_month.py", ("assert offered is not None or", "offered = who_gets_an_offer(")),
}
#: How each remark on the learner's own change is to be answered.
ANSWERS = {"line_11": "decline", "line_13": "accept", "line_15": "accept", "line_1": "decline"}


def defect_lines(change: Path) -> dict[str, tuple[str, set[int]]]:
    """Return file and line numbers of each defect."""
    found = {}
    for defect, (name, words) in DEFECTS.items():
        lines = (change / name).read_text(encoding="utf-8").splitlines()
        numbers = [[n for n, line in enumerate(lines, 1) if word in line] for word in words]
        assert all(len(each) == 1 for each in numbers), f"{name}: {words} is not in one line each"
        found[defect] = (name, {each[0] for each in numbers})
    return found


def score(remarks: list[tuple[str, int]], change: Path) -> tuple[set[str], list[tuple[str, int]]]:
    """Return the defects that the remarks point at, and the remarks that point at none."""
    defects = defect_lines(change)
    found, alarms = set(), []
    for file, line in dict.fromkeys(remarks):
        hit = {defect for defect, (name, lines) in defects.items()
               if name == file and line in lines}
        found |= hit
        if not hit:
            alarms.append((file, line))
    return found, alarms
