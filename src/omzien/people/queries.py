"""Who may do what. Roles per organisation come later; an editor belongs to a municipality."""

from omzien.people.models import Account


def editors_group(municipality: str) -> str:
    """Return the name of the group of editors of a municipality (CBS code)."""
    return f"editors {municipality}"


def is_editor(account: object, municipality: str) -> bool:
    """Tell whether somebody edits the directory of this municipality, and not of another."""
    return (
        isinstance(account, Account)
        and account.is_active
        and account.is_staff
        and account.groups.filter(name=editors_group(municipality)).exists()
    )
