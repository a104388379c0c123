resource "google_cloud_run_v2_job" "collector" {
  name                = "${var.name}-collector"
  location            = var.region
  deletion_protection = var.deletion_protection

  template {
    template {
      service_account       = google_service_account.tomoni.email
      execution_environment = "EXECUTION_ENVIRONMENT_GEN2"
      timeout               = "1800s" # the first round reads the whole window; what was stored is not asked for again
      max_retries           = 0       # the next round comes soon enough

      containers {
        image = var.image
        args  = ["python", "cli.py", "collect", "--once"]
        resources {
          limits = { cpu = "1", memory = "1Gi" }
        }

        dynamic "env" {
          for_each = local.settings
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
  }

  depends_on = [
    google_project_iam_member.database,
    google_secret_manager_secret_iam_member.tomoni,
    google_sql_database.tomoni,
    google_sql_user.tomoni,
    google_storage_bucket_iam_member.config,
  ]
}

resource "google_service_account" "schedule" {
  account_id   = "${var.name}-schedule"
  display_name = "Starts the collector of Tomoni"
}

resource "google_cloud_run_v2_job_iam_member" "schedule" {
  name     = google_cloud_run_v2_job.collector.name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.schedule.member
}

resource "google_cloud_scheduler_job" "collector" {
  name             = "${var.name}-collector"
  region           = var.region
  schedule         = "*/${var.collect_minutes} * * * *"
  attempt_deadline = "60s"
  depends_on       = [google_project_service.needed]

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.collector.id}:run"
    oauth_token {
      service_account_email = google_service_account.schedule.email
    }
  }
}
