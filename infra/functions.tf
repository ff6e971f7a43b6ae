locals {
  # A function must know addresses of others, and its own, before it is deployed; these follow from names alone.
  # https://cloud.google.com/run/docs/triggering/https-request#deterministic (2026-11)
  url_ending  = "-${data.google_project.project.number}.${var.region}.run.app"
  urls        = { for function in ["api", "provision", "sweep"] : function => "https://${var.prefix}-${function}${local.url_ending}" }
  kernel_urls = { for lane in local.lanes : lane => "https://${var.prefix}-kernel-${lane}${local.url_ending}" }

  # What every function is told: functions/src/config.ts.
  function_environment = {
    GRAUPEL_DATABASE      = google_firestore_database.database.name
    GRAUPEL_INVOKER       = google_service_account.callers["tasks"].email
    GRAUPEL_LANES         = tostring(var.lanes)
    GRAUPEL_PROJECT       = var.project
    GRAUPEL_PROVISION_URL = local.urls.provision
    GRAUPEL_REGION        = var.region
    GRAUPEL_SWEEP_URL     = local.urls.sweep
    GRAUPEL_TOPIC_PREFIX  = var.prefix
  }

  # The configuration asks every function for a key; only the kernel has the real one.
  no_service_key = "the kernel alone has the key"

  node = "nodejs24"
}
