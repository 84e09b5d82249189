"""Text that was damaged before it came here: read in a wrong encoding by somebody, and saved.

The rule is one of bytes and not of taste: a cell is garbled when, written in the encoding it was wrongly read in, it is
UTF-8. Of 大朗 comes 澶ф湕 when UTF-8 is read as GBK, of é comes Ã© when it is read as Latin-1.
"""

import codecs
import re

REPLACEMENT = "\ufffd"
"""What programs write where they could not decode a byte; what stood there is lost."""

CHINESE = re.compile(r"[\u3400-\u9fff]")

HALVES = re.compile(r"[\ud800-\udfff]")
"""Halves of characters, which are no text by themselves."""

WESTERN = ("cp1252", "latin-1")


def is_garbled(text: str) -> bool:
    """Whether a text holds lost characters, or is UTF-8 that was read as GBK or Latin-1."""
    if text.isascii():
        return False
    return REPLACEMENT in text or was_read_as_gbk(text) or was_read_as_western(text)


def was_read_as_gbk(text: str) -> bool:
    """Whether a text is Chinese UTF-8 that was read as GBK. A `?` at its end stands for half a character that was lost."""
    try:
        stored = text.rstrip("?").encode("gb18030")
        meant = codecs.getincrementaldecoder("utf-8")().decode(stored, final=not text.endswith("?"))
    except UnicodeError:
        return False
    return CHINESE.search(meant) is not None or REPLACEMENT in meant


def was_read_as_western(text: str) -> bool:
    """Whether a text is UTF-8 that was read as Latin-1 or the Windows encoding of the West."""
    for encoding in WESTERN:
        try:
            return text.encode(encoding).decode("utf-8") != text
        except UnicodeError:
            continue
    return False


def storable(text: str) -> str:
    """Return text as every store can keep it; what none can, NUL and halves of characters, is marked as lost."""
    if "\0" not in text and (text.isascii() or not HALVES.search(text)):
        return text
    return HALVES.sub(REPLACEMENT, text.replace("\0", REPLACEMENT))
