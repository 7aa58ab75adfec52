"""Addresses of HSDS and of its UK profile, made from the tables of their resources."""

from django.urls import URLPattern, path, re_path

from omzien.api.gate import open_door
from omzien.api.hsds import views
from omzien.api.hsds.profiles import HSDS, UK, Profile


def addresses(profile: Profile) -> list[URLPattern]:
    """Return every address of a profile; what is not there answers 404 in JSON too."""
    version = profile.version.removeprefix("HSDS-UK-")
    read = open_door("GET", "HEAD", version=version)
    search = open_door("GET", "HEAD", "POST", version=version)
    start, given = profile.path.lstrip("/"), {"profile": profile}
    found = [
        path(start, read(views.root), given),
        path(f"{start}/", read(views.root), given),
        path(f"{start}/openapi.json", read(views.openapi), given, name=f"{profile.key}-openapi"),
    ]
    for name, resource in profile.resources.items():
        both = given | {"resource": resource}
        found += [
            path(f"{start}/{name}", search(views.list_of), both),
            path(f"{start}/{name}/<str:number>", read(views.one_of), both),
        ]
    return [*found, re_path(rf"^{start}/.*$", read(views.nothing))]


urlpatterns = [*addresses(HSDS), *addresses(UK)]
