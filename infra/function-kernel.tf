# One deployment per lane with at most one instance, so that a shard has one writer at a time and its commits group.
resource "google_cloudfunctions2_function" "kernel" {
  for_each = local.lanes

  name        = "${var.prefix}-kernel-${each.key}"
  location    = var.region
  description = "graupel's kernel, lane ${each.key}"

  build_config {
    runtime           = local.node
    entry_point       = "kernel"
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
    service_account_email          = google_service_account.functions["kernel"].email
    ingress_settings               = "ALLOW_INTERNAL_ONLY"
    all_traffic_on_latest_revision = true
    # 200 leases wait at a time, and as many other requests must still find a place.
    max_instance_request_concurrency = 500
    min_instance_count               = 0
    max_instance_count               = 1
    available_cpu                    = "1"
    available_memory                 = "1Gi"
    # A lease waits up to 20 s, a message until its commit.
    timeout_seconds       = 120
    environment_variables = merge(local.function_environment, { GRAUPEL_LANE = each.key })

    secret_environment_variables {
      key        = "GRAUPEL_SERVICE_KEY"
      project_id = var.project
      secret     = google_secret_manager_secret.service_key.secret_id
      version    = google_secret_manager_secret_version.service_key.version
    }
  }

  depends_on = [time_sleep.build_grants]
}

resource "google_cloud_run_v2_service_iam_member" "kernel_callers" {
  for_each = {
    for pair in setproduct(local.lanes, ["pusher", "worker"]) : "${pair[0]} ${pair[1]}" => {
      lane   = pair[0]
      member = pair[1] == "worker" ? google_service_account.worker.member : google_service_account.callers["pusher"].member
    }
  }

  name     = google_cloudfunctions2_function.kernel[each.value.lane].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value.member
}
