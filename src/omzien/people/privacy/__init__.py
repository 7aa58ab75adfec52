"""Privacy: what every field holds, the register, export and erasure of a person, retention.

`classes.md` says what each field of each table is. Higher apps tell in `registry` how the rows
of a person are found and erased, and which rows have reached their term.
"""
