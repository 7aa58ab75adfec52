"""Django's engine for PostgreSQL, with savepoints that cost less.

Every action is atomic by itself, also inside the transaction of a request: Django then asks
PostgreSQL for a savepoint before it and releases it after it, each by a cursor of its own. Here a
savepoint is one plain statement, and its release goes along with the next savepoint, or with the
end of the transaction that releases all of them.
"""

from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, OperationalError
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus, TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """The engine. Who captures queries sees Django's own statements for savepoints."""

    over = ""  # the savepoint that is over, and not released yet

    def tell(self, statement: str) -> None:
        """Send what returns no rows and takes no values, and begin the transaction in the same
        round trip where it has not begun: psycopg would send BEGIN on its own.
        """
        self.ensure_connection()
        link: Connection[Any] = self.connection
        if not link.autocommit and link.pgconn.transaction_status == TransactionStatus.IDLE:
            statement = f"BEGIN; {statement}"
        with self.wrap_database_errors:
            result = link.pgconn.exec_(statement.encode("ascii"))
            if result.status != ExecStatus.COMMAND_OK:
                is_there = link.pgconn.status == ConnStatus.OK
                raise (
                    error_from_result(result)
                    if is_there
                    else OperationalError(result.get_error_message())
                )

    @property
    def _django(self) -> Any:
        """Django's own way; its stubs do not know these methods."""
        return super()

    def _savepoint(self, sid: str) -> None:
        release = f'RELEASE SAVEPOINT "{self.over}"; ' if self.over else ""
        self.over = ""
        if self.queries_logged:
            if release:
                self.tell(release)
            self._django._savepoint(sid)
        else:
            self.tell(f'{release}SAVEPOINT "{sid}"')

    def _savepoint_commit(self, sid: str) -> None:
        # After an error that somebody passed over PostgreSQL refuses here, and must be heard.
        failed = self.connection.pgconn.transaction_status == TransactionStatus.INERROR
        plainly = failed or self.queries_logged
        self.over = "" if plainly else sid
        if plainly:
            self._django._savepoint_commit(sid)

    def _savepoint_rollback(self, sid: str) -> None:
        self.over = ""  # it was inside this one, and goes with it
        self._django._savepoint_rollback(sid)

    def _commit(self) -> Any:
        self.over = ""
        return self._django._commit()

    def _rollback(self) -> Any:
        self.over = ""
        return self._django._rollback()

    def _close(self) -> Any:
        self.over = ""
        return self._django._close()
