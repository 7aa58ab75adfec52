"""`omzien answer`: ask a question on the command line, or a file of questions."""

import argparse
import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from omzien.directory.language.topics import all_topics, codes
from omzien.directory.search.answer import Answer, Where, answer
from omzien.directory.search.entries import Entry, topics_of, weighted_tokens
from omzien.directory.search.index import Index, build
from omzien.kernel.ladder import Rung
from omzien.kernel.recurrence import ZONE

REACHES = {"landelijk": "national", "regio": "region"}


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add `answer`."""
    command = subparsers.add_parser("answer", help="answer a question, or a file of them")
    command.add_argument("text", nargs="?", help="the question, in your own words")
    command.add_argument("--place", default="", help="village, postcode or 'lat,lon'")
    command.add_argument("--municipality", default="GM1948", help="CBS code (GM1948)")
    command.add_argument("--batch", type=Path, help="JSON lines with id, text and maybe place")
    command.add_argument("--corpus", type=Path, help="JSON lines of entries; no database needed")
    command.add_argument("--most", type=int, default=20, help="hits per question")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Answer one question from the database, or many from files without a database."""
    try:
        if options.batch:
            if not options.corpus:
                print("Bij --batch hoort --corpus: het bestand met het aanbod.", file=sys.stderr)
                return 2
            batch(options.batch, options.corpus, most=options.most, out=sys.stdout)
            return 0
    except (OSError, BadLine) as error:
        print(error, file=sys.stderr)
        return 1
    if not options.text:
        print('Stel een vraag: omzien answer "mijn vraag" --place Schijndel', file=sys.stderr)
        return 2
    if options.corpus:
        print_answer(answer(options.text, index_of(options.corpus)), read_titles(options.corpus))
        return 0
    return _from_database(options)


class BadLine(ValueError):
    """A line of a file cannot be read; the message names the file and the line."""


def lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON-lines file.

    Raises BadLine with the line number for a line that is no JSON object.
    """
    with path.open(encoding="utf-8-sig") as stream:
        for number, raw in enumerate(stream, start=1):
            if not raw.strip():
                continue
            try:
                value = json.loads(raw)
            except ValueError as error:
                raise BadLine(f"{path}, regel {number}: geen geldige JSON ({error}).") from error
            if not isinstance(value, dict):
                raise BadLine(f"{path}, regel {number}: hier hoort een JSON-object te staan.")
            yield value


def batch(questions: Path, corpus: Path, *, most: int, out: IO[str]) -> None:
    """Write for each question its hits in order, topics, crisis and language, as JSON lines."""
    index = index_of(corpus)
    for line in lines(questions):
        found = answer(
            str(line.get("text") or ""),
            index,
            where=Where(village=str(line.get("place") or "").casefold()),
            most=most,
        )
        result = {
            "id": line.get("id"),
            "hits": [hit.entry.id for hit in found.hits],
            "topics": {s.topic: s.share for s in found.topics},
            "crisis": found.crisis is not None,
            "crisis_kind": found.crisis,
            "lang": found.language,
        }
        out.write(json.dumps(result, ensure_ascii=False) + "\n")


def index_of(corpus: Path) -> Index:
    """Return the index of a file of entries; entries without topics get suggested ones."""
    return build([_entry(line) for line in lines(corpus)], codes())


def read_titles(corpus: Path) -> dict[str, str]:
    """Return the title of each entry by its id."""
    return {str(line["id"]): str(line.get("title", "")) for line in lines(corpus)}


def _entry(line: dict[str, Any]) -> Entry:
    labels = all_topics()
    title, description = str(line.get("title") or ""), str(line.get("description") or "")
    chosen = [t for t in line.get("topics") or [] if t in labels]
    rung = str(line.get("rung") or "")
    return Entry(
        id=str(line["id"]),
        rung=Rung(rung) if rung in set(Rung) else None,
        tokens=weighted_tokens(
            title=title,
            provider=str(line.get("provider") or ""),
            description=description,
            audience=" ".join(line.get("audience") or []),
            eligibility=str(line.get("eligibility") or ""),
            topic_labels=" ".join(labels[t].nl for t in chosen),
        ),
        topics=topics_of(chosen, title=title, description=description),
        village=str(line.get("kern") or "").casefold(),
        reach=REACHES.get(str(line.get("kern") or ""), "municipality"),
    )


def _from_database(options: argparse.Namespace) -> int:
    import django

    django.setup()
    from omzien.areas.models import Municipality
    from omzien.areas.queries import Unresolved, resolve
    from omzien.directory.models import Service
    from omzien.directory.queries.indexes import index_for
    from omzien.journal.isolation import working_for

    municipality = Municipality.objects.filter(code=options.municipality).first()
    if municipality is None:
        print(f"Gemeente {options.municipality} is hier niet bekend.", file=sys.stderr)
        return 1
    with working_for(municipality.code):
        place = resolve(options.place, municipality) if options.place else None
        if isinstance(place, Unresolved):
            near = f" Bedoel je: {', '.join(place.near)}?" if place.near else ""
            print(f"De plaats {options.place!r} is niet gevonden.{near}", file=sys.stderr)
            return 1
        where = Where(
            place.village.slug if place and place.village else "", place.point if place else None
        )
        index, thesaurus = index_for(municipality.code, on=datetime.now(ZONE).date())
        found = answer(options.text, index, where=where, most=options.most, thesaurus=thesaurus)
        ids = [hit.entry.id for hit in found.hits]
        titles = {str(s.pk): s.title for s in Service.objects.filter(pk__in=ids)}
    print_answer(found, titles)
    return 0


def print_answer(found: Answer, titles: dict[str, str]) -> None:
    """Print an answer for people."""
    if found.crisis:
        from omzien.directory.language.crisis import lines as crisis_lines

        for line in crisis_lines(found.crisis, found.language):
            print(f"!! {line.text}")
    infos = all_topics()
    print("Gaat over: " + "; ".join(f"{infos[s.topic].nl} {s.share:.0%}" for s in found.topics))
    for hit in found.hits:
        distance = "" if hit.km is None else f" {hit.km} km"
        why = ", ".join([*hit.topics, *hit.words])
        print(
            f"{hit.score:.3f} [{hit.entry.rung}] {titles.get(hit.entry.id, '')}{distance} ({why})"
        )
