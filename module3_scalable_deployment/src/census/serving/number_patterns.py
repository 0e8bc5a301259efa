"""Regular expressions for the whole numbers of a range, which an OpenAPI pattern can say.

In: the bounds. Out: a pattern that matches exactly the numbers between them, without a sign and
without leading zeros.
"""


def whole_number_pattern(least: int, most: int) -> str:
    """Return a pattern of the whole numbers from ``least`` to ``most``.

    Parameters
    ----------
    least, most : int
        Not negative.

    Returns
    -------
    str
    """
    pieces = []
    low = least
    while low <= most:
        high = _last_of_block(low, most)
        pieces.append("".join(map(_digits, str(low), str(high))))
        low = high + 1
    return f"({'|'.join(pieces)})"


def _last_of_block(low: int, most: int) -> int:
    """Return the last number up to which one pattern of digits serves."""
    high, step = low, 1
    # 120 to 129, 200 to 299: as many trailing digits as run from 0 to 9 within the range.
    while low % (step * 10) == 0 and low > 0 and low + step * 10 - 1 <= most and (
            len(str(low)) == len(str(low + step * 10 - 1))):
        step *= 10
    while high % (step * 10) // step < 9 and high + 2 * step - 1 <= most:
        high += step
    return high + step - 1


def _digits(first: str, last: str) -> str:
    return first if first == last else f"[{first}-{last}]"
