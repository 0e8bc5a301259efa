"""Read the text of a PDF as matplotlib writes it: plain codes of letters in packed streams."""

import re
import zlib

_LETTERS = re.compile(r"\(((?:\\.|[^\\)])*)\)", re.DOTALL)
_SHOWN = re.compile(r"\[((?:\s|[-+.0-9eE]|\((?:\\.|[^\\)])*\))*)\]\s*TJ"
                    r"|(\((?:\\.|[^\\)])*\))\s*Tj", re.DOTALL)


def streams(content: bytes) -> list[str]:
    """The unpacked streams of a PDF."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL):
        try:
            found.append(zlib.decompress(packed).decode("latin-1"))
        except zlib.error:
            continue
    return found


def texts(content: bytes) -> list[str]:
    """Every text of a PDF, in the order in which it was written."""
    return [re.sub(r"\\([()\\])", r"\1", "".join(_LETTERS.findall("".join(shown))))
            for stream in streams(content) for shown in _SHOWN.findall(stream)]
