"""Explore the customers: figures that show what the data are before anything is modelled.

In: labelled customers. Out: named figures and a table of facts.
Figures are returned, not saved: the same ones go into the report, the course's folder, a test.
"""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from scipy.stats import binomtest

from churn.figures import (LEFT_COLOUR, NEUTRAL_COLOUR, STAYED_COLOUR, THIRD_COLOUR, new_figure,
                           plain_label)
from churn.schema import (BY_NAME, CATEGORICAL_FEATURES, LEFT, NUMERIC_FEATURES, STAYED, TARGET,
                          UNKNOWN)

_DECILE_COLUMNS = ("Total_Trans_Ct", "Total_Ct_Chng_Q4_Q1", "Total_Revolving_Bal",
                   "Total_Trans_Amt")


def explore(customers: pd.DataFrame) -> Mapping[str, Figure]:
    """Draw every figure of the exploration.

    Parameters
    ----------
    customers : DataFrame, shape (n, 21)
        Labelled customers.

    Returns
    -------
    mapping of str to Figure
        The name is a file's stem; the first five carry the names that courses use.
    """
    return {name: draw(customers) for name, draw in FIGURES.items()}


def churn_distribution(customers: pd.DataFrame) -> Figure:
    """Draw how many customers stayed and left."""
    figure, (axis,) = new_figure("How many customers left", width=5)
    counts = customers[TARGET].value_counts().reindex([STAYED, LEFT], fill_value=0)
    bars = axis.bar(["stayed", "left"], counts, color=[STAYED_COLOUR, LEFT_COLOUR], width=0.6)
    axis.bar_label(bars, [f"{n:,} ({n / len(customers):.1%})" for n in counts])
    axis.set_ylabel("customers")
    return figure


def age_distribution(customers: pd.DataFrame) -> Figure:
    """Draw the ages of those who stayed and those who left."""
    figure, (axis,) = new_figure("Age of the customers")
    ages = customers["Customer_Age"]
    edges = list(range(int(ages.min()) // 2 * 2, int(ages.max()) + 3, 2))
    has_left = customers[TARGET] == LEFT
    axis.hist([ages[~has_left], ages[has_left]], bins=edges, stacked=True,
              color=[STAYED_COLOUR, LEFT_COLOUR], label=["stayed", "left"])
    axis.set(xlabel="age in years", ylabel="customers")
    axis.legend()
    return figure


def category_shares(customers: pd.DataFrame, column: str) -> Figure:
    """Draw the share of each category of a column, in the schema's order."""
    figure, (axis,) = new_figure(f"{BY_NAME[column].meaning.capitalize()} of the customers")
    shares = customers[column].value_counts(normalize=True)
    shares = shares.reindex(list(BY_NAME[column].allowed), fill_value=0)
    colours = [NEUTRAL_COLOUR if name == UNKNOWN else STAYED_COLOUR for name in shares.index]
    bars = axis.bar([plain_label(name) for name in shares.index], shares * 100,
                    color=colours)
    axis.bar_label(bars, [f"{share:.1%}" for share in shares])
    axis.set_ylabel("share in %")
    axis.tick_params(axis="x", labelrotation=20 if len(shares) > 4 else 0)
    return figure


def transaction_distribution(customers: pd.DataFrame) -> Figure:
    """Draw the number of transactions by outcome."""
    figure, (axis,) = new_figure("Transactions in 12 months")
    counts = customers["Total_Trans_Ct"]
    edges = list(np.linspace(0, counts.max() + 1, 50))
    for name, colour in ((STAYED, STAYED_COLOUR), (LEFT, LEFT_COLOUR)):
        axis.hist(counts[customers[TARGET] == name], bins=edges, density=True, color=colour,
                  alpha=0.6, label="stayed" if name == STAYED else "left")
    axis.set(xlabel="transactions in the last 12 months", ylabel="density, each group by itself")
    axis.legend()
    return figure


def correlation_heatmap(customers: pd.DataFrame) -> Figure:
    """Draw the linear correlations of the numeric columns and the outcome."""
    numbers = customers[list(NUMERIC_FEATURES)].assign(left=customers[TARGET] == LEFT)
    figure, (axis,) = new_figure("Pearson correlation", width=9, height=8)
    correlation = numbers.astype(float).corr().to_numpy()
    image = axis.imshow(correlation, cmap="PuOr", vmin=-1, vmax=1)
    positions = range(len(correlation))
    axis.set_xticks(positions, list(numbers.columns), rotation=60, ha="right", fontsize=8)
    axis.set_yticks(positions, list(numbers.columns), fontsize=8)
    axis.grid(False)
    for row, column in np.argwhere(np.abs(correlation) >= 0.2).tolist():
        value = correlation[row, column]
        if row != column:
            axis.text(column, row, f"{value:.1f}", ha="center", va="center", fontsize=7,
                      color="white" if abs(value) > 0.7 else "black")
    figure.colorbar(image, ax=axis, shrink=0.7)
    return figure


def amount_and_count(customers: pd.DataFrame) -> Figure:
    """Draw spending against transactions, by outcome (bivariate)."""
    figure, (axis,) = new_figure("Spending and transactions: four clusters", height=5)
    for name, colour in ((STAYED, STAYED_COLOUR), (LEFT, LEFT_COLOUR)):
        group = customers[customers[TARGET] == name]
        axis.scatter(group["Total_Trans_Ct"], group["Total_Trans_Amt"], s=4, alpha=0.4,
                     color=colour, label="stayed" if name == STAYED else "left", linewidths=0)
    axis.set(xlabel="transactions in 12 months", ylabel="amount in 12 months, US dollars")
    axis.legend(markerscale=4)
    return figure


def unknown_values(customers: pd.DataFrame) -> Figure:
    """Draw how often a category is Unknown, and how often such customers left."""
    columns = [name for name in CATEGORICAL_FEATURES if UNKNOWN in BY_NAME[name].allowed]
    has_left = customers[TARGET] == LEFT
    figure, (share_axis, churn_axis) = new_figure("Unknown is a value of its own", width=10,
                                                  panels=2)
    is_unknown = [customers[name] == UNKNOWN for name in columns]
    share_axis.bar(columns, [mask.mean() * 100 for mask in is_unknown], color=NEUTRAL_COLOUR)
    share_axis.set_ylabel("share Unknown in %")
    churn_axis.bar(columns, [has_left[mask].mean() * 100 if mask.any() else 0
                             for mask in is_unknown], color=LEFT_COLOUR)
    churn_axis.axhline(has_left.mean() * 100, color=STAYED_COLOUR, linestyle="--",
                       label="all customers")
    churn_axis.set_ylabel("share of them that left in %")
    churn_axis.legend(loc="lower right")
    return figure


def churn_by_decile(customers: pd.DataFrame) -> Figure:
    """Draw the churn rate over tenths of four columns; linear models want straight lines."""
    figure, axes = new_figure("Churn rate by tenth of the column", width=13, height=3.8,
                              panels=len(_DECILE_COLUMNS))
    has_left = (customers[TARGET] == LEFT).astype(float)
    for axis, column in zip(axes, _DECILE_COLUMNS):
        tenths = pd.qcut(customers[column], 10, duplicates="drop")
        grouped = has_left.groupby(tenths, observed=True).mean() * 100
        middles = customers[column].groupby(tenths, observed=True).median()
        axis.plot(middles, grouped, marker="o", color=LEFT_COLOUR)
        axis.set(xlabel=column)
        axis.locator_params(axis="x", nbins=4)
    # One scale for all, or the panels cannot be compared.
    highest = max(axis.get_ylim()[1] for axis in axes)
    for axis in axes:
        axis.set_ylim(0, highest)
    axes[0].set_ylabel("churn rate in %")
    return figure


def churn_by_category(customers: pd.DataFrame) -> Figure:
    """Draw the churn rate of every category with a 95 % interval (Wilson)."""
    rows = [(f"{column} = {name}", customers.loc[customers[column] == name, TARGET] == LEFT)
            for column in CATEGORICAL_FEATURES for name in BY_NAME[column].allowed]
    rows = [(label, outcome) for label, outcome in rows if len(outcome)]
    figure, (axis,) = new_figure("Churn rate by category", height=0.8 + 0.26 * len(rows))
    rates = np.array([outcome.mean() for _, outcome in rows])
    intervals = [binomtest(int(outcome.sum()), len(outcome)).proportion_ci(method="wilson")
                 for _, outcome in rows]
    low, high = (np.array([getattr(i, end) for i in intervals]) for end in ("low", "high"))
    axis.errorbar(rates * 100, np.arange(len(rows)), fmt="o", color=LEFT_COLOUR,
                  xerr=[(rates - low) * 100, (high - rates) * 100], ecolor=NEUTRAL_COLOUR)
    axis.axvline((customers[TARGET] == LEFT).mean() * 100, color=THIRD_COLOUR, linestyle="--")
    axis.set_yticks(np.arange(len(rows)), [plain_label(label) for label, _ in rows],
                    fontsize=8)
    axis.invert_yaxis()
    axis.set_xlabel("churn rate in %, with 95 % interval; dashed: all customers")
    return figure


#: How each figure is drawn; the first five names are those that courses use.
FIGURES: Mapping[str, Callable[[pd.DataFrame], Figure]] = {
    "churn_distribution": churn_distribution,
    "customer_age_distribution": age_distribution,
    "marital_status_distribution": lambda customers: category_shares(customers, "Marital_Status"),
    "total_transaction_distribution": transaction_distribution,
    "heatmap": correlation_heatmap,
    "amount_and_count": amount_and_count,
    "income_category_distribution": lambda customers: category_shares(customers,
                                                                      "Income_Category"),
    "unknown_values": unknown_values,
    "churn_by_decile": churn_by_decile,
    "churn_by_category": churn_by_category,
}
