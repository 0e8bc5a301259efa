"""Sheets of paper that are filled from top to bottom.

In: lines of text, boxes, rules. Out: figures, an A4 sheet each, numbered at the foot.
"""

from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from riskwatch.report_text import wrapped

#: Points; A4.
WIDTH, HEIGHT, MARGIN = 595.3, 841.9, 54.0
ROOM = WIDTH - 2 * MARGIN
INK, SOFT = "#1c2430", "#56606b"
BODY, SMALL, LEADING = 9.5, 8.0, 1.32
_FOOT, _GAP, _POINTS, _RULE, _FAMILY = 46.0, 9.0, 72.0, "#d0d6dd", "DejaVu Sans"


class Paper:
    """Sheets that are filled from top to bottom; ``y`` is the height that is still free."""

    def __init__(self, footer: str) -> None:
        self.sheets: list[Figure] = []
        self._footer = footer
        self.y = 0.0
        self.turn()

    def turn(self) -> None:
        """Begin a new sheet."""
        self.sheets.append(Figure(figsize=(WIDTH / _POINTS, HEIGHT / _POINTS)))
        self.y = HEIGHT - MARGIN

    def need(self, height: float) -> bool:
        """Begin a new sheet if there is less room than this; return whether it did."""
        if self.y - height >= _FOOT + _GAP:
            return False
        self.turn()
        return True

    def text(self, x: float, y: float, text: str, size: float = BODY, **look: Any) -> None:
        """Write a line whose top is at ``y``."""
        self.sheets[-1].text(x / WIDTH, y / HEIGHT, text, fontsize=size, va="top",
                             family=_FAMILY, parse_math=False, linespacing=LEADING,
                             color=look.pop("color", INK), **look)

    def rule(self, y: float, color: str = _RULE) -> None:
        """Draw a line across the sheet."""
        self.box(MARGIN, y, ROOM, 0.6, color)

    def box(self, x: float, y: float, width: float, height: float, color: str) -> None:
        """Fill a rectangle whose lower left corner is at ``x``, ``y``."""
        sheet = self.sheets[-1]
        sheet.add_artist(Rectangle((x / WIDTH, y / HEIGHT), width / WIDTH, height / HEIGHT,
                                   transform=sheet.transFigure, color=color, lw=0, zorder=-1))

    def paragraph(self, text: str, size: float = BODY, *, color: str = INK,
                  weight: str = "normal") -> None:
        """Write a text in as many lines as it needs, over as many sheets."""
        for line in wrapped(text, size, ROOM, weight == "bold"):
            self.need(size * LEADING)
            self.text(MARGIN, self.y, line, size, color=color, weight=weight)
            self.y -= size * LEADING
        self.y -= size * 0.55

    def finish(self) -> list[Figure]:
        """Number the sheets and return them."""
        footer = wrapped(self._footer, 7, ROOM - 60)[0]
        for number, sheet in enumerate(self.sheets, start=1):
            look: dict[str, Any] = {"fontsize": 7, "color": SOFT, "parse_math": False,
                                    "family": _FAMILY}
            sheet.text(MARGIN / WIDTH, 30 / HEIGHT, footer, **look)
            sheet.text(1 - MARGIN / WIDTH, 30 / HEIGHT, f"{number} / {len(self.sheets)}",
                       ha="right", **look)
        return self.sheets
