locals {
  # One deployment per lane with at most one instance, so that a shard has one writer at a time and its commits group.
  kernels = {
    for lane in local.lanes : "kernel-${lane}" => {
      purpose       = "the kernel of lane ${lane}"
      entry_point   = "kernel"
      is_internal   = true
      max_instances = 1
      # 200 requests for work and 300 for orders to stop wait at a time, and as many others must still find a place. Cloud Run
      # allows no more. https://cloud.google.com/run/docs/about-concurrency (2026-11)
      requests_per_instance = 1000
      memory                = "1Gi"
      # A request for work waits up to 20 s, one for orders up to 60 s, a message until its commit.
      timeout_seconds = 120
      environment     = { GRAUPEL_LANE = lane }
      has_service_key = true
      callers = {
        pusher = google_service_account.callers["pusher"].member
        worker = google_service_account.worker.member
      }
    }
  }
}
