"""Taking somebody's contact data out of the directory, and contacts of entries that left."""

import io
import zipfile
from collections.abc import Collection
from itertools import chain
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from omzien.directory.actions.entries import reindex
from omzien.directory.models import Edit, ImportBefore, ImportFile, Phone, Provider, Service
from omzien.directory.queries.indexes import let_go
from omzien.directory.rules import FILE_ON_SITE, FileState
from omzien.people.privacy.mentions import Mentions

MOST_UNPACKED = 200_000_000


def services_of(addresses: Collection[str], mentions: Mentions) -> list[Service]:
    """Return the municipality's entries that somebody keeps, or that name them as contact."""
    if not mentions.pattern:
        return []
    named = Q()
    for name in ("owner_email", "email", "phones__number", "phones__note"):
        named |= Q(**{f"{name}__iregex": mentions.pattern})
    rows = Service.objects.exclude(municipality=None).filter(named).distinct()
    found = rows.prefetch_related("phones", "provider")
    return [one for one in found if _names(one, addresses, mentions)]


def edits_of(addresses: Collection[str]) -> list[Edit]:
    """Return what somebody proposed as the owner of an entry."""
    named = Q(pk__in=[])
    for address in addresses:
        named |= Q(service__owner_email__iexact=address)
    return list(Edit.objects.filter(named))


def forget_contacts(addresses: Collection[str], mentions: Mentions) -> int:
    """Take somebody's address and number out of entries and providers; search hears of it."""
    edits = edits_of(addresses)
    for edit in edits:
        edit.delete()
    changed = services_of(addresses, mentions)
    for service in changed:
        for name in ("owner_email", "email"):
            if getattr(service, name).casefold() in addresses:
                setattr(service, name, "")
        service.save(update_fields=["owner_email", "email", "changed_at"])
        gone = [p.pk for p in service.phones.all() if mentions.within(f"{p.number} {p.note}")]
        Phone.objects.filter(pk__in=gone).delete()
    reindex(changed)
    transaction.on_commit(let_go)  # other processes do so when they see the index move
    return len(edits) + len(changed) + _forget_providers(addresses, mentions)


def _names(service: Service, addresses: Collection[str], mentions: Mentions) -> bool:
    mails = {service.owner_email.casefold(), service.email.casefold()}
    return bool(mails & set(addresses)) or any(
        mentions.within(f"{phone.number} {phone.note}") for phone in service.phones.all()
    )


def _forget_providers(addresses: Collection[str], mentions: Mentions) -> int:
    count = 0
    for provider in Provider.objects.exclude(email="", phone="").exclude(municipality=None):
        email = "" if provider.email.casefold() in addresses else provider.email
        phone = "" if mentions.within(provider.phone) else provider.phone
        if (email, phone) != (provider.email, provider.phone):
            changed = Provider.objects.filter(pk=provider.pk).update(email=email, phone=phone)
            reindex(provider.services.all())
            count += changed
    return count


def forget_files(mentions: Mentions) -> int:
    """Throw away uploaded files that name somebody; others wait for their own day."""
    count = 0
    for file in ImportFile.objects.defer(None).exclude(content=None, faults=None):
        kept = [bytes(one) for one in (file.content, file.faults) if one]
        if mentions.within(file.file_name) or any(_in_file(one, mentions) for one in kept):
            ImportFile.objects.filter(pk=file.pk).update(
                content=None, faults=None, file_name=mentions.without(file.file_name),
                state=file.state if file.state in FILE_ON_SITE else FileState.GONE,
            )  # fmt: skip
            count += 1
    return count


def forget_before(mentions: Mentions) -> int:
    """Throw away what imports changed where that names somebody: it cannot come back then."""
    kept = ImportBefore.objects.exclude(before=None).values_list("pk", "before")
    named = [key for key, before in kept.iterator() if mentions.within(before)]
    return ImportBefore.objects.filter(pk__in=named).update(before=None)


def forget_run(key: str) -> int:
    """Throw away what an import changed as it was, and its page, when its month is over."""
    run = UUID(key)
    gone = ImportBefore.objects.filter(run=run).delete()[0]
    return gone + ImportFile.objects.filter(run=run, state=FileState.DONE).delete()[0]


def _in_file(content: bytes, mentions: Mentions) -> bool:
    return any(mentions.within(part.decode("utf-8", "ignore")) for part in _parts(content))


def _parts(content: bytes) -> list[bytes]:
    """Return the file itself, and what is packed in it (.xlsx and .zip)."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return [content]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        small = [i for i in archive.infolist() if i.file_size < MOST_UNPACKED]
        return list(chain.from_iterable(([archive.read(i)]) for i in small))


@transaction.atomic
def forget_entry_contacts(key: str) -> int:
    """Take the contacts out of an entry that left the directory long ago."""
    service = Service.objects.filter(pk=key, left_on__isnull=False).first()
    if service is None:
        return 0
    Service.objects.filter(pk=key).update(owner_email="", email="")
    service.phones.all().delete()
    return 1
