"""The revisions of the books. What is written here is never changed again."""
