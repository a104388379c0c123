"""Writing Backstage's entities: a `catalog-info` for each app, with its team, its SLOs and links to its pages."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from tomoni.catalog.schema import App
from tomoni.dialects.losses import placed_in
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_files import with_remarks, without_empty, yaml_text


def write(apps: Sequence[App], target: Target) -> Exported:
    """The entities of all apps."""
    files = {f"{app.id}.catalog-info.yaml": _file(app, target) for app in apps}
    return Exported(files, tuple(placed.exact() for app in apps for placed in placed_in(app)))


def _file(app: App, target: Target) -> str:
    return with_remarks(target.say("backstage_head", {}), (), target, yaml_text(_entity(app, target)))


def _entity(app: App, target: Target) -> dict[str, object]:
    base, language = target.options.get("url", ""), target.language
    page = f"{base.rstrip('/')}/app?{urlencode({'app': app.id})}" if base else ""
    annotations = {
        "tomoni/app": app.id,
        "tomoni/slos": ", ".join(f"{placed.journey.id}/{placed.slo.id}" for placed in placed_in(app)),
        "tomoni/url": page,
        **app.kept.marks.annotations,
    }
    links = [{"url": link.url, "title": link.title(language)} for link in app.links]
    metadata = {
        "name": app.id,
        "title": app.title(language),
        "description": app.description(language) if app.description else None,
        "annotations": without_empty(annotations),
        "labels": dict(app.kept.marks.labels),
        "links": [*([{"url": page, "title": "SLO"}] if page else []), *links],
    }
    spec = {"type": "service", "lifecycle": "production", "owner": app.teams.get("app") or "unknown"}
    return {
        "apiVersion": "backstage.io/v1alpha1",
        "kind": "Component",
        "metadata": without_empty(metadata),
        "spec": spec,
    }
