variable "project" {
  description = "The id of the project in which Tomoni runs."
  type        = string
}

variable "region" {
  description = "Where everything runs, for example asia-northeast1."
  type        = string
}

variable "image" {
  description = "The image of Tomoni, for example asia-northeast1-docker.pkg.dev/PROJECT/tomoni/tomoni:TAG."
  type        = string
}

variable "name" {
  description = "The name of the service, and what the names of everything else begin with."
  type        = string
  default     = "tomoni"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,18}[a-z0-9]$", var.name))
    error_message = "Small letters, digits and hyphens, 2 to 20 characters, with a letter first."
  }
}

variable "readers" {
  description = "Who may open the pages: group:reviews@example.com, user:…, domain:example.com. What they may do there is in config/access.yaml."
  type        = set(string)

  validation {
    condition     = length(setintersection(var.readers, ["allUsers", "allAuthenticatedUsers"])) == 0
    error_message = "Name groups, users or domains: everybody with a Google account could read otherwise."
  }
}

variable "url" {
  description = "The address that people open, if it is not the one of Cloud Run: https://slo.example.com"
  type        = string
  default     = null
}

variable "metrics_projects" {
  description = "The projects whose Cloud Monitoring and Managed Service for Prometheus are read."
  type        = set(string)
  default     = []
}

variable "collect_minutes" {
  description = "Minutes between two rounds of the collector."
  type        = number
  default     = 5

  validation {
    condition     = contains([1, 2, 3, 5, 10, 15, 30], var.collect_minutes)
    error_message = "1, 2, 3, 5, 10, 15 or 30."
  }
}

variable "instances" {
  description = "Instances of the app, at least and at most; with 0 the first page after a quiet time takes some seconds longer."
  type        = object({ min = number, max = number })
  default     = { min = 0, max = 3 }
}

variable "database_tier" {
  description = "The machine of Cloud SQL; docs/scale.md has what which size needs."
  type        = string
  default     = "db-custom-1-3840"
}

variable "database_available" {
  description = "Whether the database has a second zone to move to (REGIONAL), at twice the price."
  type        = bool
  default     = false
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to delete the database and the services."
  type        = bool
  default     = true
}
