# Looks for what has been lost, once a minute while a batch is open.
resource "google_cloudfunctions2_function" "sweep" {
  name        = "${var.prefix}-sweep"
  location    = var.region
  description = "graupel's sweep"

  build_config {
    runtime           = local.node
    entry_point       = "sweep"
    docker_repository = google_artifact_registry_repository.functions.id
    service_account   = google_service_account.build.id

    source {
      storage_source {
        bucket = google_storage_bucket.sources.name
        object = google_storage_bucket_object.functions.name
      }
    }
  }

  service_config {
    service_account_email            = google_service_account.functions["sweep"].email
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision   = true
    max_instance_request_concurrency = 80
    min_instance_count               = 0
    max_instance_count               = 2
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    timeout_seconds                  = 600

    environment_variables = merge(local.function_environment, {
      GRAUPEL_SERVICE_KEY = local.no_service_key
    })
  }

  depends_on = [time_sleep.build_grants]
}

resource "google_cloud_run_v2_service_iam_member" "sweep_callers" {
  for_each = google_service_account.callers

  name     = google_cloudfunctions2_function.sweep.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value.member
}

# The sweep keeps itself going while a batch is open. Should its chain ever break, this takes it up again: a sweep of
# the window 0 is late, declares nobody lost, and arms the next one if there is anything to look after.
resource "google_cloud_scheduler_job" "sweep" {
  name             = "${var.prefix}-sweep"
  region           = var.region
  description      = "Takes up graupel's sweep again"
  schedule         = "*/15 * * * *"
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
