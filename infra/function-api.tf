locals {
  # Batches over HTTP. Whoever is not invited gets no further than Google's front door.
  api = {
    purpose               = "batches over HTTP"
    entry_point           = "api"
    is_internal           = var.api_is_internal
    max_instances         = 10
    requests_per_instance = 80
    memory                = "512Mi"
    timeout_seconds       = 300
    environment           = merge(local.no_service_key, { GRAUPEL_REMOTE_TMPDIR = local.remote_tmpdir })
    has_service_key       = false
    callers               = local.submitters
  }
}
