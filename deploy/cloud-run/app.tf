resource "google_cloud_run_v2_service" "app" {
  name                = var.name
  location            = var.region
  ingress             = "INGRESS_TRAFFIC_ALL"
  iap_enabled         = true # nobody reaches it who has not signed in and is not among the readers
  deletion_protection = var.deletion_protection

  template {
    service_account       = google_service_account.tomoni.email
    execution_environment = "EXECUTION_ENVIRONMENT_GEN2" # for the folder that is a bucket
    session_affinity      = true                         # Streamlit keeps a session on one instance
    timeout               = "3600s"                      # the longest that a websocket stays; the page then connects again
    # An open page is a websocket, which counts as a request for as long as it is open.
    max_instance_request_concurrency = 100

    scaling {
      min_instance_count = var.instances.min
      max_instance_count = var.instances.max
    }

    containers {
      image = var.image
      ports {
        container_port = 8501
      }
      resources {
        limits            = { cpu = "2", memory = "2Gi" }
        startup_cpu_boost = true
      }

      dynamic "env" {
        for_each = merge(local.settings, {
          TOMONI_COLLECT        = "never" # the job does
          TOMONI_DRAIN_SECONDS  = "3"     # of the 10 that Cloud Run leaves between SIGTERM and the end of an instance
          TOMONI_SIGN_IN        = "proxy"
          TOMONI_PROXY_HEADER   = "x-goog-iap-jwt-assertion"
          TOMONI_PROXY_KEYS     = "https://www.gstatic.com/iap/verify/public_key-jwk"
          TOMONI_PROXY_ISSUER   = "https://cloud.google.com/iap"
          TOMONI_PROXY_AUDIENCE = "/projects/${data.google_project.this.number}/locations/${var.region}/services/${var.name}"
          TOMONI_PROXY_SIGN_OUT = "/?gcp-iap-mode=CLEAR_LOGIN_COOKIE"
        })
        content {
          name  = env.key
          value = env.value
        }
      }

      env {
        name = "TOMONI_DATABASE_URL"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.tomoni["database-url"].secret_id
            version = google_secret_manager_secret_version.tomoni["database-url"].version
          }
        }
      }

      env {
        name = "STREAMLIT_SERVER_COOKIE_SECRET"
        value_source {
          secret_key_ref {
            secret  = google_secret_manager_secret.tomoni["cookie"].secret_id
            version = google_secret_manager_secret_version.tomoni["cookie"].version
          }
        }
      }

      startup_probe {
        period_seconds    = 2
        failure_threshold = 60
        http_get {
          path = "/readyz"
        }
      }
      liveness_probe {
        period_seconds    = 30
        timeout_seconds   = 5
        failure_threshold = 3
        http_get {
          path = "/healthz"
        }
      }

      volume_mounts {
        name       = "config"
        mount_path = "/app/config"
      }
      volume_mounts {
        name       = "cloudsql"
        mount_path = "/cloudsql"
      }
    }

    volumes {
      name = "config"
      gcs {
        bucket    = google_storage_bucket.config.name
        read_only = true
      }
    }
    volumes {
      name = "cloudsql"
      cloud_sql_instance {
        instances = [google_sql_database_instance.tomoni.connection_name]
      }
    }
  }

  depends_on = [
    google_project_iam_member.database,
    google_secret_manager_secret_iam_member.tomoni,
    google_sql_database.tomoni,
    google_sql_user.tomoni,
    google_storage_bucket_iam_member.config,
  ]
}

# Identity-Aware Proxy is what calls the service; readers are let in by the proxy.
resource "google_cloud_run_v2_service_iam_member" "proxy" {
  name     = google_cloud_run_v2_service.app.name
  location = var.region
  role     = "roles/run.invoker"
  member   = "serviceAccount:service-${data.google_project.this.number}@gcp-sa-iap.iam.gserviceaccount.com"
}

resource "google_iap_web_cloud_run_service_iam_member" "reader" {
  for_each               = var.readers
  location               = var.region
  cloud_run_service_name = google_cloud_run_v2_service.app.name
  role                   = "roles/iap.httpsResourceAccessor"
  member                 = each.value
}
