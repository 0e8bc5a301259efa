"""Read reports: which rows a report is of, what stands over it, which model it is of.

In: figures that were saved, as `probe_figures` tells them. Out: plain facts about them.
Rows are known by their numbers, models by their predictions; names are what is judged.
"""

import re
from inspect import signature

COUNT = re.compile(r"(?<![\d.])\d+(?![\d.])")
SHARE = re.compile(r"\d+[.,]\d+")
SIDE = re.compile(r"\b(train|test|hold.?out)", re.I)
#: So many different numbers of a report are its own.
TELLING = 4
#: The beginning of a line that is a heading.
HEADING = re.compile(r"^(?=.*\b(?:train|test|hold.?out))", re.I | re.M)
MODELS = {"logistic": re.compile(r"logi|logreg|(?<![a-z])lr(?![a-z])", re.I),
          "forest": re.compile(r"forest|(?<![a-z])rfc?(?![a-z])", re.I)}


def _blocks(texts):
    """Return the reports of a figure: (numbers in it, its axes, its box, its own text)."""
    whole = [(part, axes, box) for text, axes, box in texts if "\n" in text
             for part in HEADING.split(text) if "precision" in part]
    if whole:
        return [(COUNT.findall(text), axes, box, text) for text, axes, box in whole]
    found = []
    for number in {axes for text, axes, _ in texts if text.strip() == "precision"}:
        cells = [(text, box) for text, axes, box in texts
                 if axes == number and not SIDE.search(text)]
        box = tuple(pick(b[i] for _, b in cells) for i, pick in enumerate((min, min, max, max)))
        found.append((COUNT.findall(" ".join(text for text, _ in cells)), number, box, ""))
    return found


def reports(figures, counts):
    """Tell which rows each saved report shows, and which heading stands over it.

    Parameters: figures, of a `Watch`; counts, which has for "train" and for "test" the numbers
    that only those rows have: of all, of class 0, of class 1.
    Returns: a list of {"figure", "rows", "heading"}; unknown is an empty text.
    """
    found = []
    for number, figure in enumerate(figures, 1):
        for numbers, axes, box, own in _blocks(figure["texts"]):
            hits = {side: sum(str(n) in numbers for n in counts[side]) for side in counts}
            rows = max(hits, key=hits.get) if len(set(hits.values())) > 1 else ""
            found.append({"figure": figure["file"] or f"figure {number}", "rows": rows,
                          "heading": _side(own) or _heading(figure["texts"], axes, box)})
    return found


def _side(text):
    match = SIDE.search(text)
    return "" if match is None else ("train" if match[1].lower() == "train" else "test")


def _heading(texts, axes, box):
    """Return the side that the nearest heading over a box names."""
    named = [(text, number, b) for text, number, b in texts
             if _side(text) and "precision" not in text]
    near = [item for item in named if 0 <= axes == item[1]] or named
    above = [(b[1] - box[3], text) for text, _, b in near
             if b[1] + b[3] >= box[1] + box[3] and b[0] < box[2] and b[2] > box[0]]
    return _side(min(above, key=lambda item: abs(item[0]))[1]) if above else ""


def model_of(figure):
    """Return which model a figure says that it is of: by its file, or else by its texts."""
    texts = " ".join(text for text, _, _ in figure["texts"])
    return kind_of(figure["file"]) or kind_of(texts)


def strangers(draw, watched):
    """Tell which reports are not of the model that they are named after.

    Parameters: draw, which takes answers and predictions as the usual course has them; watched,
    the class `Watch`. The logistic model is always right, the forest always wrong.
    Returns: a list of sentences; nothing is told of a function with other parameters.
    """
    import numpy as np  # pylint: disable=import-outside-toplevel
    import pandas as pd  # pylint: disable=import-outside-toplevel

    train, test = (pd.Series(np.arange(rows) % 3 % 2, name="Churn") for rows in (70, 30))
    given = (train, test, train.to_numpy(), 1 - train.to_numpy(), test.to_numpy(),
             1 - test.to_numpy())
    try:
        signature(draw).bind(*given)
    except TypeError:
        return []
    with watched() as watch:
        draw(*given)
    return [f"{figure['file'] or 'a picture'} shows another model than the {model_of(figure)}"
            for figure in watch.figures if _is_of_another(figure)]


def exchanged(figures, stored):
    """Tell which saved reports show what the other stored model answers.

    Parameters: figures, of a `Watch`; stored, as `stored_models` tells it.
    Returns: a list of sentences; a report that is of neither, as of another threshold, is none.
    """
    known = {kind: facts["reports"] for path, facts in stored.items() if "reports" in facts
             for kind in [kind_of(path.rpartition("/")[2])] if kind}
    if len(known) < 2:
        return []
    found = []
    for figure in figures:
        kind, shown = model_of(figure), _shares(" ".join(text for text, *_ in figure["texts"]))
        for side in ("train", "test") if kind and shown else ():
            own, *others = (_shares(known[one][side]) for one in sorted(known, key=kind.__ne__))
            # Where a model is perfect its report has one number, which stands in many others too.
            if not own <= shown and all(TELLING <= len(other) and other <= shown
                                        for other in others):
                found.append(f"{figure['file'] or 'a picture'}, which is named after the {kind}, "
                             f"shows the {side} report of the other model")
    return found


def kind_of(text):
    """Return which kind of model a text names, or an empty text for none or both."""
    named = [kind for kind, pattern in MODELS.items() if pattern.search(text)]
    return named[0] if len(named) == 1 else ""


def _shares(text):
    return {round(float(share.replace(",", ".")), 2) for share in SHARE.findall(text)}


def _is_of_another(figure):
    shares = [float(share.replace(",", ".")) for text, _, _ in figure["texts"]
              for share in SHARE.findall(text)]
    wrong = {"logistic": sum(share < 0.5 for share in shares),
             "forest": sum(share >= 0.5 for share in shares)}.get(model_of(figure), 0)
    return wrong > len(shares) / 3
