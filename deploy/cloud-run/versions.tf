terraform {
  required_version = ">= 1.11" # values that are written only, and stay out of the state
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 7.21, < 9.0" # iap_enabled of google_cloud_run_v2_service
    }
    random = {
      source  = "hashicorp/random"
      version = ">= 3.7" # ephemeral passwords
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
}
