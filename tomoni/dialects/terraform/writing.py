"""Writing Terraform: Google's SLOs for Cloud Monitoring, Grafana's for Prometheus; a file for each app and provider."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tomoni.catalog.schema import App
from tomoni.dialects.hcl import block, name_of, quoted_hcl
from tomoni.dialects.losses import Placed, placed_in
from tomoni.dialects.report import Line
from tomoni.dialects.terraform.google import google_slo
from tomoni.dialects.terraform.grafana import grafana_slo
from tomoni.dialects.written import Exported, Target
from tomoni.dialects.yaml_text import comment_lines

Made = tuple[list[str] | None, list[Line]]
_WRITERS: dict[str, tuple[str, Callable[[Placed, Target], Made]]] = {
    "cloud_monitoring": ("google", google_slo),
    "prometheus": ("grafana", grafana_slo),
}


def write(apps: Sequence[App], target: Target) -> Exported:
    """The resources of all SLOs that the providers can hold."""
    files: dict[str, str] = {}
    lines: list[Line] = []
    for app in apps:
        resources: dict[str, list[str]] = {}
        told: list[Line] = []
        for placed in placed_in(app):
            provider, (resource, about) = _resource(placed, target)
            lines += about or [placed.exact()]
            told += about
            if resource:
                resources.setdefault(provider, []).extend([*resource, ""])
        remarks = [each for line in told for each in comment_lines(f"{line.what}: {target.remark(line)}")]
        head = [*comment_lines(target.say("terraform_head", {})), *remarks, ""]
        for provider, found in resources.items():
            start = _service(app, target) if provider == "google" else _SOURCE
            files[f"{app.id}.{provider}.tf"] = "\n".join([*head, *start, "", *found[:-1]]) + "\n"
    return Exported(files, tuple(lines))


def _resource(placed: Placed, target: Target) -> tuple[str, Made]:
    kind = target.kinds.get(placed.slo.source, "")
    if kind not in _WRITERS:
        return "", (None, [placed.unasked(target.kinds, "Terraform")])
    provider, make = _WRITERS[kind]
    return provider, make(placed, target)


def _service(app: App, target: Target) -> list[str]:
    """The service that Google's SLOs belong to."""
    body = [f"service_id   = {quoted_hcl(app.id)}", f"display_name = {quoted_hcl(app.title(target.language))}"]
    return block(f'resource "google_monitoring_custom_service" "{name_of(app.id)}"', body)


_SOURCE = block(
    'variable "tomoni_prometheus_uid"', ["type        = string", 'description = "The data source of the queries."']
)
