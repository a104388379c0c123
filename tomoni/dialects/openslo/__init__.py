"""OpenSLO `openslo/v1`: SLOs with their indicators, services, sources and alert policies."""
