"""A file's text: UTF-8 with or without a byte-order mark; any other encoding gets an error that says how to mend it."""

from __future__ import annotations

from pathlib import Path


class Undecodable(Exception):
    """A file that is no UTF-8 text.

    Attributes
    ----------
    expected : str
        What was expected, and how to get there.
    line : int or None
        The first line that is not UTF-8.
    """

    def __init__(self, expected: str, line: int | None = None) -> None:
        super().__init__(expected)
        self.expected, self.line = expected, line


def decode(path: Path) -> str:
    """The whole text of a file.

    Raises
    ------
    Undecodable
        It is in another encoding, no text, or cannot be read.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        check_text(text)
    except UnicodeDecodeError:
        raise undecodable(path) from None
    except OSError as error:
        raise Undecodable(f"cannot be read: {error.strerror}") from None
    return text


def check_text(text: str) -> None:
    """Raise :class:`Undecodable` where what was decoded is no text: UTF-16 without a mark is ASCII and NUL bytes."""
    if "\0" in text:
        raise Undecodable("expected a text file in UTF-8, but it holds NUL bytes: save it as 'CSV UTF-8'")


def undecodable(path: Path) -> Undecodable:
    """What is wrong with a file that could not be decoded, found line by line, for a file may be large."""
    with path.open("rb") as file:
        for line, data in enumerate(file, start=1):
            if line == 1 and data.startswith((b"\xff\xfe", b"\xfe\xff")):
                return Undecodable("expected UTF-8, but this is UTF-16: save it as 'CSV UTF-8'")
            try:
                data.decode()
            except UnicodeDecodeError as error:
                byte = data[error.start]
                return Undecodable(f"expected UTF-8, but the byte {byte:#04x} is not: save it as 'CSV UTF-8'", line)
    return Undecodable("expected UTF-8: save it as 'CSV UTF-8'")
