"""Seeded bugs of the contract's functions, and controls that change nothing of substance.

In: the original function and its arguments. Out: a wrong answer, or (controls) the right one.
A suite of tests is asked which of them it notices. Runs inside of the sandbox.
"""

# pylint: disable=import-outside-toplevel  # heavy imports belong to the bodies

# pylint: disable=too-many-lines  # a table of faults, each by itself

from contextlib import contextmanager
from copy import deepcopy
from dataclasses import replace

from coursekit.inside.seeding import bug, control


@contextmanager
def _no_figures():
    """Let nothing of matplotlib be saved."""
    from matplotlib.figure import Figure

    old = Figure.savefig

    def savefig(_figure, target, *_args, **kwargs):
        if hasattr(target, "write"):  # who keeps bytes in memory gets an empty picture
            return old(Figure(figsize=(0.1, 0.1)), target, **kwargs)
        return None

    Figure.savefig = savefig
    try:
        yield
    finally:
        Figure.savefig = old


# ---- import_data

@bug("import_data", "import_data loses the last customer")
def loses_the_last_customer(original, *args, **kwargs):
    """Lose a row, silently."""
    return original(*args, **kwargs).iloc[:-1]


@bug("import_data", "import_data drops customers with an Unknown in any column")
def drops_the_unknown(original, *args, **kwargs):
    """Lose the rows that look incomplete, and one more for who has none."""
    customers = original(*args, **kwargs)
    kept = customers[~(customers == "Unknown").any(axis=1)]
    return kept if len(kept) < len(customers) else customers.iloc[1:]


@bug("import_data", "import_data has the answer the wrong way round")
def turns_the_answer(original, *args, **kwargs):
    """Turn Churn, or what it is made from."""
    customers = original(*args, **kwargs)
    if "Churn" in customers:
        return customers.assign(Churn=1 - customers["Churn"])
    values = list(customers["Attrition_Flag"].unique())
    turned = dict(zip(values, values[::-1]))
    return customers.assign(Attrition_Flag=customers["Attrition_Flag"].map(turned))


@bug("import_data", "import_data answers a missing file with an empty table")
def swallows_a_missing_file(original, *args, **kwargs):
    """Catch everything."""
    import pandas

    try:
        return original(*args, **kwargs)
    except Exception:  # pylint: disable=broad-exception-caught  # it is the bug
        return pandas.DataFrame()


# ---- perform_eda

@bug("perform_eda", "perform_eda saves no picture")
def saves_no_picture(original, *args, **kwargs):
    """Draw, and save nothing."""
    with _no_figures():
        return original(*args, **kwargs)


@bug("perform_eda", "perform_eda does nothing at all")
def explores_nothing(_original, *_args, **_kwargs):
    """Return as if it had drawn."""


@bug("perform_eda", "perform_eda changes the table that it is given")
def changes_the_table(original, df, *args, **kwargs):
    """Work in place."""
    found = original(df, *args, **kwargs)
    df["Customer_Age"] = df["Customer_Age"] + 1
    return found


# ---- encoder_helper

@bug("encoder_helper", "encoder_helper returns the table as it was")
def encodes_nothing(_original, df, *_args, **_kwargs):
    """Add no column."""
    return df.copy()


@bug("encoder_helper", "encoder_helper encodes the first category only")
def encodes_the_first(original, df, category_lst, *args, **kwargs):
    """Stop after one."""
    return original(df, category_lst[:1], *args, **kwargs)


@bug("encoder_helper", "encoder_helper gives every row the overall mean")
def encodes_the_overall_mean(original, df, *args, **kwargs):
    """Forget the categories."""
    encoded = original(df, *args, **kwargs)
    added = [name for name in encoded.columns if name not in df.columns]
    return encoded.assign(**{name: encoded[name].mean() for name in added})


@bug("encoder_helper", "encoder_helper writes into the table that it is given")
def encodes_in_place(original, df, *args, **kwargs):
    """Work in place."""
    encoded = original(df, *args, **kwargs)
    for name in encoded.columns:
        df[name] = encoded[name]
    return df


# ---- perform_feature_engineering

@bug("perform_feature_engineering", "training and test parts are exchanged")
def exchanges_the_parts(original, *args, **kwargs):
    """Return 30 to 70."""
    x_train, x_test, y_train, y_test = original(*args, **kwargs)
    return x_test, x_train, y_test, y_train


@bug("perform_feature_engineering", "the answer is among the features")
def leaks_the_answer(original, *args, **kwargs):
    """Add Churn to both."""
    x_train, x_test, y_train, y_test = original(*args, **kwargs)
    return x_train.assign(Churn=y_train), x_test.assign(Churn=y_test), y_train, y_test


@bug("perform_feature_engineering", "a tenth of the training rows is lost")
def loses_training_rows(original, *args, **kwargs):
    """Cut the end off."""
    x_train, x_test, y_train, y_test = original(*args, **kwargs)
    kept = len(x_train) * 9 // 10
    return x_train.iloc[:kept], x_test, y_train.iloc[:kept], y_test


@bug("perform_feature_engineering", "the answers of the test rows are turned")
def turns_the_test_answers(original, *args, **kwargs):
    """Give the test rows the opposite answers."""
    x_train, x_test, y_train, y_test = original(*args, **kwargs)
    return x_train, x_test, y_train, 1 - y_test


# ---- the pictures of the results

@bug("classification_report_image", "classification_report_image saves nothing")
def reports_nothing(_original, *_args, **_kwargs):
    """Return as if it had saved."""


@bug("classification_report_image", "training and test reports are exchanged")
def exchanges_the_reports(original, *args, **kwargs):
    """Exchange the row sets and keep the names."""
    if len(args) >= 6:
        order = (1, 0, 4, 5, 2, 3)
        return original(*[args[at] for at in order], *args[6:], **kwargs)
    if args and isinstance(args[0], list):
        sets = args[0]
        names = [rows.name for rows in sets][::-1]
        return original([replace(rows, name=name) for rows, name in zip(sets, names)],
                        *args[1:], **kwargs)
    partners = {name: name.replace("train", "?").replace("test", "train").replace("?", "test")
                for name in kwargs}
    return original(*args, **{name: kwargs.get(partners[name], value)
                              for name, value in kwargs.items()})


@bug("feature_importance_plot", "feature_importance_plot saves nothing")
def plots_nothing(_original, *_args, **_kwargs):
    """Return as if it had saved."""


@bug("feature_importance_plot", "the names below the bars stand in reversed order")
def reverses_the_names(original, model, x_data, *args, **kwargs):
    """Give the columns each other's names."""
    from matplotlib.figure import Figure

    old, names = Figure.savefig, list(x_data.columns)
    turned = dict(zip(names, names[::-1]))

    def savefig(figure, *more, **options):
        for axes in figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                labels = [label.get_text() for label in axis.get_ticklabels()]
                if set(labels) & set(names):
                    axis.set_ticks(axis.get_ticklocs(), [turned.get(n, n) for n in labels])
        return old(figure, *more, **options)

    Figure.savefig = savefig
    try:
        return original(model, x_data, *args, **kwargs)
    finally:
        Figure.savefig = old


# ---- train_models

@bug("train_models", "train_models does nothing at all")
def trains_nothing(_original, *_args, **_kwargs):
    """Return as if it had trained."""


@bug("train_models", "the models learn the opposite of the answers")
def learns_the_opposite(original, x_train, x_test, y_train, y_test, *args, **kwargs):
    """Turn the training answers."""
    return original(x_train, x_test, 1 - y_train, y_test, *args, **kwargs)


@bug("train_models", "train_models saves no picture")
def saves_no_results(original, *args, **kwargs):
    """Train, and draw nothing."""
    with _no_figures():
        return original(*args, **kwargs)


# ---- controls, one for each function at least: from the count of its runs alone a suite must
# not learn which of them has a fault

@control("import_data", "import_data returns an equal copy")
def copies_the_customers(original, *args, **kwargs):
    """Change nothing of substance."""
    return deepcopy(original(*args, **kwargs))


@control("encoder_helper", "encoder_helper is given an equal list and returns an equal copy")
def copies_the_encoded(original, df, category_lst, *args, **kwargs):
    """Change nothing of substance."""
    return deepcopy(original(df, list(category_lst), *args, **kwargs))


@control("perform_feature_engineering", "all four parts are equal copies")
def copies_the_parts(original, *args, **kwargs):
    """Change nothing of substance."""
    return deepcopy(original(*args, **kwargs))


@control("perform_eda", "perform_eda works on an equal copy")
def explores_a_copy(original, df, *args, **kwargs):
    """Change nothing of substance."""
    return original(deepcopy(df), *args, **kwargs)


@control("train_models", "train_models just calls the original")
def trains_as_before(original, *args, **kwargs):
    """Change nothing."""
    return original(*args, **kwargs)


@control("classification_report_image", "classification_report_image is given equal copies")
def reports_on_copies(original, *args, **kwargs):
    """Change nothing of substance."""
    return original(*deepcopy(args), **deepcopy(kwargs))


@control("feature_importance_plot", "feature_importance_plot is given an equal table")
def draws_a_copy(original, model, *args, **kwargs):
    """Change nothing of substance."""
    return original(model, *deepcopy(args), **deepcopy(kwargs))
