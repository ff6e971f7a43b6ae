# Batches over HTTP. Whoever is not invited gets no further than Google's front door.
resource "google_cloudfunctions2_function" "api" {
  name        = "${var.prefix}-api"
  location    = var.region
  description = "graupel's api"

  build_config {
    runtime           = local.node
    entry_point       = "api"
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
    service_account_email            = google_service_account.functions["api"].email
    ingress_settings                 = var.api_is_internal ? "ALLOW_INTERNAL_ONLY" : "ALLOW_ALL"
    all_traffic_on_latest_revision   = true
    max_instance_request_concurrency = 80
    min_instance_count               = 0
    max_instance_count               = 10
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    timeout_seconds                  = 300

    environment_variables = merge(local.function_environment, {
      GRAUPEL_REMOTE_TMPDIR = local.remote_tmpdir
      GRAUPEL_SERVICE_KEY   = local.no_service_key
    })
  }

  depends_on = [time_sleep.build_grants]
}

resource "google_cloud_run_v2_service_iam_member" "api_callers" {
  for_each = var.submitters

  name     = google_cloudfunctions2_function.api.name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value
}
