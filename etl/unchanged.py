"""The batch of a read that brought nothing new: it only says that the source is there."""

import hashlib
from collections.abc import Mapping
from typing import Any

from etl.batch import Batch
from etl.mapping import Mapper


def nothing_new(mapper: Mapper, origin: str, cursor: Mapping[str, Any]) -> Batch:
    """Return a batch without rows, which lists nothing whole."""
    content = mapper.no_content()
    return Batch(
        source=mapper.source.key,
        content=hashlib.sha256(f"nothing new of {origin}".encode()).hexdigest(),
        origin=origin,
        read_count=0,
        duplicate_count=0,
        rows=content.rows,
        refused=content.refused,
        cursor=cursor,
    )
