"""The WSGI entry point: `granian --interface wsgi omzien.config.wsgi:application`."""

import gc
import os
import re
from collections.abc import Callable
from typing import Any

from django.core.wsgi import get_wsgi_application

from omzien.directory.search.answer import warm_up

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]
_CHARSET = re.compile(r";\s*charset\s*=\s*(\"[^\"]*\"?|[^;\s]*)", re.IGNORECASE)


def as_utf_8(application: Application) -> Application:
    """Let every request be read as UTF-8, as our pages send it, whatever its header claims.

    Python knows encodings that are no text, such as "hex": Django fails on those before it has
    a request, and so without any page.
    """

    def read(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if kind := environ.get("CONTENT_TYPE"):
            environ["CONTENT_TYPE"] = _CHARSET.sub("", kind)
        return application(environ, start_response)

    return read


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
application = as_utf_8(get_wsgi_application())
warm_up()
gc.freeze()  # what was read stays: looking through it for garbage took 0.2 s, now and then
