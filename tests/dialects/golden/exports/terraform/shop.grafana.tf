# Written by python cli.py export terraform.
# shop/order/availability: Grafana has no key for what the app's file says under judge_after, annotations, alerting.name
# shop/order/availability: Grafana alerts at the burn rates of 30 days, whatever the window is
# shop/order/latency: the edge 0.3 is written as le in its usual spelling; write it as the server has it. A native histogram alone is not counted
# shop/order/latency: Grafana has no key for what the app's file says under judge_after
# shop/order/latency: Grafana alerts at the burn rates of 30 days, whatever the window is
# shop/order/month: Grafana knows no calendar windows (month)
# shop/order/slices: Grafana counts events, not slices of time
# shop/search/probe: its buckets are added up by a subquery, so that the share is right; Grafana has no simpler form for it
# shop/search/probe: Grafana has no key for what the app's file says under judge_after
# shop/search/google: burn alerts are alert policies of their own at Google, and not written
# shop/search/native: Terraform google_monitoring_slo has no form for what it counts

variable "tomoni_prometheus_uid" {
  type        = string
  description = "The data source of the queries."
}

resource "grafana_slo" "shop_order_availability" {
  name        = "shop-order-availability"
  description = "Orders."

  query {
    type = "freeform"
    freeform {
      query = "1 - ((sum(rate(http_requests_total{app=\"shop\",code=~\"5..\"}[$__rate_interval])) or vector(0)) / (sum(rate(http_requests_total{app=\"shop\"}[$__rate_interval]))))"
    }
  }
  objectives {
    value  = 0.99
    window = "28d"
  }
  destination_datasource {
    uid = var.tomoni_prometheus_uid
  }
  label {
    key   = "app"
    value = "shop"
  }
  label {
    key   = "journey"
    value = "order"
  }
  label {
    key   = "slo"
    value = "availability"
  }
  label {
    key   = "tier"
    value = "1"
  }
  alerting {
    annotation {
      key   = "summary"
      value = "Orders fail"
    }
    fastburn {
      label {
        key   = "severity"
        value = "critical"
      }
    }
    slowburn {
    }
  }
}

resource "grafana_slo" "shop_order_latency" {
  name        = "shop-order-latency"
  description = "latency"

  query {
    type = "ratio"
    ratio {
      success_metric = "http_request_duration_seconds_bucket{le=\"0.3\"}"
      total_metric   = "http_request_duration_seconds_count"
    }
  }
  objectives {
    value  = 0.995
    window = "28d"
  }
  destination_datasource {
    uid = var.tomoni_prometheus_uid
  }
  label {
    key   = "app"
    value = "shop"
  }
  label {
    key   = "journey"
    value = "order"
  }
  label {
    key   = "slo"
    value = "latency"
  }
  alerting {
    fastburn {
    }
    slowburn {
    }
  }
}

resource "grafana_slo" "shop_search_probe" {
  name        = "shop-search-probe"
  description = "probe"

  query {
    type = "freeform"
    freeform {
      query = "1 - ((sum_over_time((((sum(avg_over_time((min(probe_success{job=\"web\"}))[5m:30s])) >= -Inf) < bool 1))[$__rate_interval:5m]) or vector(0)) / (sum_over_time((((sum(avg_over_time((min(probe_success{job=\"web\"}))[5m:30s])) >= -Inf) ^ 0))[$__rate_interval:5m])))"
    }
  }
  objectives {
    value  = 0.99
    window = "30d"
  }
  destination_datasource {
    uid = var.tomoni_prometheus_uid
  }
  label {
    key   = "app"
    value = "shop"
  }
  label {
    key   = "journey"
    value = "search"
  }
  label {
    key   = "slo"
    value = "probe"
  }
}
