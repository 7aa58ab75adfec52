"""What an owner does from a mail, without an account: confirm an entry or propose a change."""
