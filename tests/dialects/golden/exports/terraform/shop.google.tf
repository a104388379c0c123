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

resource "google_monitoring_custom_service" "shop" {
  service_id   = "shop"
  display_name = "Shop"
}

resource "google_monitoring_slo" "shop_search_google" {
  service             = google_monitoring_custom_service.shop.service_id
  slo_id              = "search-google"
  display_name        = "google"
  goal                = 0.99
  rolling_period_days = 30

  request_based_sli {
    good_total_ratio {
      total_service_filter = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" resource.type=\"https_lb_rule\""
      bad_service_filter   = "metric.type=\"loadbalancing.googleapis.com/https/request_count\" resource.type=\"https_lb_rule\" metric.labels.response_code_class=500"
    }
  }
}
