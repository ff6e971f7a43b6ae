locals {
  # A function must know addresses of others, and its own, before it is deployed; these follow from names alone.
  # https://cloud.google.com/run/docs/triggering/https-request (2026-11)
  url_ending  = "-${data.google_project.project.number}.${var.region}.run.app"
  urls        = { for function in ["api", "provision", "sweep"] : function => "https://${var.prefix}-${function}${local.url_ending}" }
  kernel_urls = { for lane in local.lanes : lane => "https://${var.prefix}-kernel-${lane}${local.url_ending}" }

  # What every function is told: functions/src/config.ts.
  function_environment = {
    GRAUPEL_DATABASE        = google_firestore_database.database.name
    GRAUPEL_INVOKER         = google_service_account.callers["tasks"].email
    GRAUPEL_LANES           = tostring(var.lanes)
    GRAUPEL_PROJECT         = var.project
    GRAUPEL_PROVISION_QUEUE = google_cloud_tasks_queue.queues["provision"].name
    GRAUPEL_PROVISION_URL   = local.urls.provision
    GRAUPEL_PUSHER_ACCOUNT  = google_service_account.callers["pusher"].email
    GRAUPEL_REGION          = var.region
    GRAUPEL_SWEEP_QUEUE     = google_cloud_tasks_queue.queues["sweep"].name
    GRAUPEL_SWEEP_URL       = local.urls.sweep
    GRAUPEL_TOPIC_PREFIX    = var.prefix
    GRAUPEL_WORKER_ACCOUNT  = google_service_account.worker.email
  }

  # The configuration asks every function for a key; only the kernel has the real one.
  no_service_key = { GRAUPEL_SERVICE_KEY = "the kernel alone has the key" }

  functions = merge(local.kernels, { api = local.api, provision = local.provision, sweep = local.sweep })
}

resource "google_cloudfunctions2_function" "functions" {
  for_each = local.functions

  name        = "${var.prefix}-${each.key}"
  location    = var.region
  description = "graupel: ${each.value.purpose}"

  build_config {
    runtime           = "nodejs24"
    entry_point       = each.value.entry_point
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
    service_account_email            = google_service_account.functions[each.value.entry_point].email
    ingress_settings                 = each.value.is_internal ? "ALLOW_INTERNAL_ONLY" : "ALLOW_ALL"
    all_traffic_on_latest_revision   = true
    max_instance_request_concurrency = each.value.requests_per_instance
    min_instance_count               = 0
    max_instance_count               = each.value.max_instances
    available_cpu                    = "1"
    available_memory                 = each.value.memory
    timeout_seconds                  = each.value.timeout_seconds
    environment_variables            = merge(local.function_environment, each.value.environment)

    dynamic "secret_environment_variables" {
      for_each = each.value.has_service_key ? [google_secret_manager_secret_version.service_key.version] : []

      content {
        key        = "GRAUPEL_SERVICE_KEY"
        project_id = var.project
        secret     = google_secret_manager_secret.service_key.secret_id
        version    = secret_environment_variables.value
      }
    }
  }

  depends_on = [time_sleep.grants]
}

# Cloud Run writes a line for every request. Those of requests that went well tell nobody anything, and cost as much to keep
# as all else of graupel's log.
resource "google_logging_project_exclusion" "requests" {
  name        = "${var.prefix}-requests"
  description = "Requests of graupel's functions that went well"
  filter      = <<-FILTER
    resource.type = "cloud_run_revision"
    resource.labels.service_name =~ "^${local.function_names}$"
    logName = "projects/${var.project}/logs/run.googleapis.com%2Frequests"
    httpRequest.status >= 200
    httpRequest.status < 300
  FILTER

  depends_on = [google_project_service.apis]
}

resource "google_cloud_run_v2_service_iam_member" "callers" {
  for_each = merge([
    for function, settings in local.functions :
    { for name, member in settings.callers : "${function} ${name}" => { function = function, member = member } }
  ]...)

  name     = google_cloudfunctions2_function.functions[each.value.function].name
  location = var.region
  role     = "roles/run.invoker"
  member   = each.value.member
}
