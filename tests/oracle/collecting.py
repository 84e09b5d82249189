"""Working with millions of small rows."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_collecting() -> Iterator[None]:
    """Do not search millions of small rows for garbage again and again; it would take a third of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
