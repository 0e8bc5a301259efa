"""Tell whether new customers still look like those of the training.

Author: you. Date: today.
"""


def main(arguments):
    """Compare two files of customers.

    Parameters
    ----------
    arguments : list of str
        Paths of the reference and of the current table.

    Returns
    -------
    int
        0 to keep the model, 1 to act.
    """


if __name__ == "__main__":
    pass
