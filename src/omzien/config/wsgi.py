"""The WSGI entry point: `granian --interface wsgi omzien.config.wsgi:application`."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from omzien.directory.search.answer import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "omzien.config.settings")
application = get_wsgi_application()
warm_up()
gc.freeze()  # what was read stays: looking through it for garbage took 0.2 s, now and then
