locals {
  # Launches the machines that ready work needs. Cloud Tasks calls it, and sets its pace.
  provision = {
    purpose               = "launches machines"
    entry_point           = "provision"
    is_internal           = true
    max_instances         = 2
    requests_per_instance = local.queues.provision.at_once
    memory                = "512Mi"
    # Cloud Tasks waits for an answer as long.
    timeout_seconds = 600
    environment = merge(local.no_service_key, {
      GRAUPEL_CORES_PER_MACHINE = tostring(var.machines.cores)
      GRAUPEL_MAX_MACHINES      = tostring(var.machines.max_per_pool)
      GRAUPEL_SPOT_TEMPLATE     = google_compute_instance_template.workers["spot"].self_link_unique
      GRAUPEL_STANDARD_TEMPLATE = google_compute_instance_template.workers["standard"].self_link_unique
      # It has this name in every region.
      GRAUPEL_SUBNET = var.prefix
    })
    has_service_key = false
    callers         = { tasks = google_service_account.callers["tasks"].member }
  }
}
