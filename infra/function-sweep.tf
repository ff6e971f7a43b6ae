locals {
  # Looks for what has been lost, once a minute while a batch is open, and when Google says that a machine has gone.
  sweep = {
    purpose       = "looks for what has been lost"
    entry_point   = "sweep"
    is_internal   = true
    max_instances = 2
    # Each may list all machines.
    requests_per_instance = 8
    memory                = "1Gi"
    # Cloud Tasks waits for an answer as long.
    timeout_seconds = 600
    environment     = merge(local.no_service_key, local.limits, { GRAUPEL_MACHINE_REGIONS = join(",", keys(local.subnets)) })
    has_service_key = false
    callers         = { for name, account in google_service_account.callers : name => account.member }
  }
}

# The sweep keeps itself going while a batch is open. Should its chain ever break, this takes it up again: a sweep of
# the window 0 is late, declares nobody lost, and arms the next one if there is anything to look after.
resource "google_cloud_scheduler_job" "sweep" {
  name             = "${var.prefix}-sweep"
  region           = var.region
  description      = "Takes up graupel's sweep again"
  schedule         = "*/30 * * * *"
  time_zone        = "Etc/UTC"
  attempt_deadline = "600s"

  http_target {
    http_method = "POST"
    uri         = local.urls.sweep
    headers     = { "Content-Type" = "application/json" }
    body = base64encode(jsonencode({
      queue = "sweep"
      name  = "sweep-taken-up"
      at    = 0
      body  = { window = 0 }
    }))

    oidc_token {
      audience              = local.urls.sweep
      service_account_email = google_service_account.callers["scheduler"].email
    }
  }

  depends_on = [google_project_service.apis]
}
