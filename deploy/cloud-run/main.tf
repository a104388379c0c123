# Tomoni on Cloud Run: docs/deploy.md#cloud-run

data "google_project" "this" {}

locals {
  # Cloud Run's own address is known before the service is there.
  address = "https://${var.name}-${data.google_project.this.number}.${var.region}.run.app"
  url     = coalesce(var.url, local.address)
  # What app and collector share. The socket of Cloud SQL is in /cloudsql.
  settings = {
    TOMONI_LOG     = "json"
    TOMONI_METRICS = "token"
    TOMONI_URL     = local.url
  }
}

resource "google_project_service" "needed" {
  for_each = toset([
    "cloudscheduler.googleapis.com",
    "iap.googleapis.com",
    "monitoring.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "sqladmin.googleapis.com",
  ])
  service            = each.value
  disable_on_destroy = false
}

# Who Tomoni is: it reads figures, its configuration and its secrets, and reaches its database. Nothing else.
resource "google_service_account" "tomoni" {
  account_id   = "${var.name}-run"
  display_name = "Tomoni"
}

resource "google_project_iam_member" "database" {
  project = var.project
  role    = "roles/cloudsql.client"
  member  = google_service_account.tomoni.member
}

resource "google_project_iam_member" "metrics" {
  for_each = setunion(var.metrics_projects, [var.project])
  project  = each.value
  role     = "roles/monitoring.viewer"
  member   = google_service_account.tomoni.member
}

# The folder of the configuration. Files are put there by `gcloud storage rsync`.
resource "google_storage_bucket" "config" {
  name                        = "${var.project}-${var.name}-config"
  location                    = var.region
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  versioning {
    enabled = true
  }
}

resource "google_storage_bucket_iam_member" "config" {
  bucket = google_storage_bucket.config.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.tomoni.member
}
