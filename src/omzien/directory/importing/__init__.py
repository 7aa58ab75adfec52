"""Reading entries from files that anybody may have made, into one form: rows.Incoming.

Per form of file one reader; `checks` tells per row and field what is wrong and what to do.
Nothing here writes: that is `directory.actions.importing`.
"""
