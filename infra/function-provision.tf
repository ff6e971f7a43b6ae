# Launches the machines that ready work needs. Cloud Tasks calls it, and sets its pace.
resource "google_cloudfunctions2_function" "provision" {
  name        = "${var.prefix}-provision"
  location    = var.region
  description = "graupel's provisioner"

  build_config {
    runtime           = local.node
    entry_point       = "provision"
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
    service_account_email            = google_service_account.functions["provision"].email
    ingress_settings                 = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision   = true
    max_instance_request_concurrency = local.queues.provision.at_once
    min_instance_count               = 0
    max_instance_count               = 2
    available_cpu                    = "1"
    available_memory                 = "512Mi"
    timeout_seconds                  = 600

    environment_variables = merge(local.function_environment, {
      GRAUPEL_CORES_PER_MACHINE = tostring(var.machines.cores)
      GRAUPEL_MAX_MACHINES      = tostring(var.machines.max_per_pool)
      GRAUPEL_SERVICE_KEY       = local.no_service_key
      GRAUPEL_WORKER_TEMPLATE   = google_compute_instance_template.worker.self_link_unique
    })
  }

  depends_on = [time_sleep.build_grants]
}

resource "google_cloud_run_v2_service_iam_member" "provision_callers" {
  name     = google_cloudfunctions2_function.provision.name
  location = var.region
  role     = "roles/run.invoker"
  member   = google_service_account.callers["tasks"].member
}
