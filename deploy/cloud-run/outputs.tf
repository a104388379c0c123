output "url" {
  description = "Where Tomoni is."
  value       = local.url
}

output "config" {
  description = "Where the configuration goes: gcloud storage rsync --recursive --delete-unmatched-destination-objects config THIS"
  value       = google_storage_bucket.config.url
}

output "collect_now" {
  description = "Asks the sources at once."
  value       = "gcloud run jobs execute ${google_cloud_run_v2_job.collector.name} --project ${var.project} --region ${var.region} --wait"
}
