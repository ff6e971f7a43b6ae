locals {
  # One deployment per lane with at most one instance, so that a shard has one writer at a time and its commits group.
  kernels = {
    for lane in local.lanes : "kernel-${lane}" => {
      purpose       = "the kernel of lane ${lane}"
      entry_point   = "kernel"
      is_internal   = true
      max_instances = 1
      # 200 leases wait at a time, and as many other requests must still find a place.
      requests_per_instance = 500
      memory                = "1Gi"
      # A lease waits up to 20 s, a message until its commit.
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
