"""The value of a field of an entry in words, as a page compares what was with what is."""


def value_text(value: object) -> str:
    """Return the value of a field of an entry in words; numbers one per line."""
    if isinstance(value, list):
        return "\n".join(f"{number} ({note})" if note else number for number, note in value)
    return str(value)
