"""The two forms in which we serve HSDS: as it stands, and after the profile of the UK."""

from dataclasses import dataclass, replace

from omzien.api.hsds.organizations import ORGANIZATIONS
from omzien.api.hsds.resource import Resource
from omzien.api.hsds.service_at_locations import SERVICE_AT_LOCATIONS
from omzien.api.hsds.services import SERVICES
from omzien.api.hsds.taxonomies import TAXONOMIES, TAXONOMY_TERMS

UK_ALSO = ("minimum_age", "maximum_age", "start_time", "end_time", "day")


@dataclass(frozen=True)
class Profile:
    """A form of HSDS. The validator of the UK knows its own by exactly this `version`."""

    key: str
    path: str
    version: str
    uri: str
    title: str
    resources: dict[str, Resource]


def _of_uk(resource: Resource) -> Resource:
    return replace(resource, parameters=(*resource.parameters, *UK_ALSO))


HSDS = Profile(
    key="hsds",
    path="/hsds/v3",
    version="3.1",
    uri="https://docs.openreferral.org/en/3.1/",
    title="Omzien: de sociale kaart in HSDS 3.1",
    resources={
        resource.name: resource
        for resource in (
            SERVICES,
            ORGANIZATIONS,
            TAXONOMIES,
            TAXONOMY_TERMS,
            SERVICE_AT_LOCATIONS,
        )
    },
)
UK = Profile(
    key="uk",
    path="/uk/v3",
    version="HSDS-UK-3.0",
    uri="https://github.com/OpenReferralUK/uk-profile/blob/main/docs/index.md",
    title="Omzien: de sociale kaart in HSDS-UK 3.0",
    resources={
        "services": _of_uk(SERVICES),
        "taxonomies": TAXONOMIES,
        "taxonomy_terms": TAXONOMY_TERMS,
        "service_at_locations": _of_uk(SERVICE_AT_LOCATIONS),
    },
)
