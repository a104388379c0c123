resource "google_sql_database_instance" "tomoni" {
  name                = var.name
  region              = var.region
  database_version    = "POSTGRES_17"
  deletion_protection = var.deletion_protection
  depends_on          = [google_project_service.needed]

  settings {
    tier              = var.database_tier
    edition           = "ENTERPRISE"
    availability_type = var.database_available ? "REGIONAL" : "ZONAL"
    disk_autoresize   = true
    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
    }
    ip_configuration {
      # Reached through Cloud Run's own connection alone: no network is let in.
      ipv4_enabled = true
      ssl_mode     = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    }
  }
}

resource "google_sql_database" "tomoni" {
  name     = "tomoni"
  instance = google_sql_database_instance.tomoni.name
}

resource "google_sql_user" "tomoni" {
  name                = "tomoni"
  instance            = google_sql_database_instance.tomoni.name
  password_wo         = ephemeral.random_password.database.result
  password_wo_version = local.secrets_version
}
