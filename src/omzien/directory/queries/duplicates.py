"""Which entries of a municipality may be the same thing twice."""

from django.db.models import Q

from omzien.areas.models import Municipality
from omzien.directory.duplicates import Candidate, Pair, find_pairs
from omzien.directory.models import Service

MOST = 200


def candidates(municipality: Municipality) -> list[Candidate]:
    """Return the entries that stand in a municipality, national ones too, as they are compared.

    In three queries.
    """
    services = (
        Service.objects.filter(Q(municipality=municipality) | Q(municipality=None))
        .exclude(status=Service.Status.WITHDRAWN)
        .select_related("provider")
        .prefetch_related("phones", "places")
    )
    return [candidate(service) for service in services]


def candidate(service: Service) -> Candidate:
    """Return one entry as it is compared."""
    places = list(service.places.all())
    return Candidate(
        id=str(service.pk),
        title=service.title,
        provider=service.provider.name,
        postcode=places[0].postcode if places else "",
        street=places[0].street if places else "",
        phones=tuple(phone.number for phone in service.phones.all()),
        emails=(service.email,),
        websites=(service.website,),
        is_hidden=any(place.is_hidden for place in places),
    )


def suggested_duplicates(municipality: Municipality) -> list[Pair]:
    """Return pairs that a person should look at, likeliest first."""
    own = Service.objects.filter(municipality=municipality).values_list("pk", flat=True)
    return find_pairs(candidates(municipality), new=frozenset(map(str, own)), most=MOST)
