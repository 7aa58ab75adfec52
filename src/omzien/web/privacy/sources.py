"""All places where data of a person is, and all terms. A new app joins with its line here."""

from omzien.agenda import privacy as agenda
from omzien.directory import privacy as directory
from omzien.handovers import privacy as handovers
from omzien.mediation import privacy as mediation
from omzien.messages import privacy as messages
from omzien.people.privacy import own as people
from omzien.questions import privacy as questions
from omzien.web.accounts import privacy as accounts

# The highest app first: nothing may hang on what is erased below it.
APPS = (accounts, mediation, handovers, questions, agenda, directory, messages, people)
SOURCES = tuple(source for app in APPS for source in app.SOURCES)
TERMS = tuple(term for app in APPS for term in app.TERMS)
