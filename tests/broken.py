"""What is broken on purpose."""

from omzien.people.logs import writing

# A line without a municipality: PostgreSQL refuses it inside the functions that write.
INCOMPLETE = "(jsonb_build_object('nothing', %s::text), %s)"


def break_log(monkeypatch):
    """Let no line of the log be written any more, on neither connection."""
    monkeypatch.setattr(writing, "WRITE", f"SELECT log_access{INCOMPLETE}")
    monkeypatch.setattr(writing, "WRITE_WITHIN", f"SELECT log_access_within{INCOMPLETE}")
