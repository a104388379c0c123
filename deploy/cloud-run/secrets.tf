# Made once and written only: neither is in the state or in a plan. To change both, raise the version.
locals {
  secrets_version = 1
  secrets = {
    database-url = "postgresql+psycopg://tomoni:${ephemeral.random_password.database.result}@/tomoni?host=/cloudsql/${google_sql_database_instance.tomoni.connection_name}"
    cookie       = ephemeral.random_password.cookie.result
  }
}

ephemeral "random_password" "database" {
  length  = 40
  special = false
}

ephemeral "random_password" "cookie" {
  length  = 64
  special = false
}

resource "google_secret_manager_secret" "tomoni" {
  for_each   = toset(["database-url", "cookie"])
  secret_id  = "${var.name}-${each.value}"
  depends_on = [google_project_service.needed]
  replication {
    auto {}
  }
}

resource "google_secret_manager_secret_version" "tomoni" {
  for_each               = google_secret_manager_secret.tomoni
  secret                 = each.value.id
  secret_data_wo         = local.secrets[each.key]
  secret_data_wo_version = local.secrets_version
}

resource "google_secret_manager_secret_iam_member" "tomoni" {
  for_each  = google_secret_manager_secret.tomoni
  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.tomoni.member
}
