locals {
  # What is not limited is not told.
  limits = { for name, limit in {
    GRAUPEL_MAX_CPUS_IN_ALL                = var.limits.cpus_in_all
    GRAUPEL_MAX_CPUS_PER_BATCH             = var.limits.cpus_per_batch
    GRAUPEL_MAX_CPUS_PER_POOL              = var.limits.cpus_per_pool
    GRAUPEL_MAX_DOLLARS_PER_BATCH          = var.limits.dollars_per_batch
    GRAUPEL_MAX_DOLLARS_PER_HOUR_IN_ALL    = var.limits.dollars_per_hour
    GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_BATCH = var.limits.dollars_per_hour_per_batch
    GRAUPEL_MAX_DOLLARS_PER_HOUR_PER_POOL  = var.limits.dollars_per_hour_per_pool
    GRAUPEL_MAX_MACHINES_IN_ALL            = var.limits.machines_in_all
    GRAUPEL_MAX_MACHINES_PER_BATCH         = var.limits.machines_per_batch
    GRAUPEL_ON_DEMAND_AFTER_MINUTES        = var.limits.on_demand_after_minutes
  } : name => tostring(limit) if limit != null }

  # Machines are made for no more jobs than each takes: machines.tf tells them the same.
  jobs_per_machine = var.machines.max_jobs == null ? {} : { GRAUPEL_MAX_JOBS_PER_WORKER = tostring(var.machines.max_jobs) }

  # Launches the machines that ready work needs. Cloud Tasks calls it, and sets its pace.
  provision = {
    purpose       = "launches machines"
    entry_point   = "provision"
    is_internal   = true
    max_instances = 2
    # Each lists all machines.
    requests_per_instance = ceil(local.queues.provision.at_once / 2)
    memory                = "1Gi"
    # Cloud Tasks waits for an answer as long.
    timeout_seconds = 600
    environment = merge(local.no_service_key, local.limits, local.jobs_per_machine, {
      GRAUPEL_MACHINE_CORES     = tostring(var.machines.cores)
      GRAUPEL_MACHINE_DISK_GB   = tostring(var.machines.disk_gb)
      GRAUPEL_MACHINE_FAMILIES  = join(",", var.machines.families)
      GRAUPEL_MACHINE_MAX_HOURS = tostring(var.machines.max_hours)
      GRAUPEL_MACHINE_REGIONS   = join(",", keys(local.subnets))
      GRAUPEL_MAX_MACHINES      = tostring(var.machines.max_per_pool)
      # Their names follow from their content, so the plain link is unique; bulkInsert is not known to take the other.
      GRAUPEL_SPOT_TEMPLATE     = google_compute_instance_template.workers["spot"].self_link
      GRAUPEL_STANDARD_TEMPLATE = google_compute_instance_template.workers["standard"].self_link
      # It has this name in every region.
      GRAUPEL_SUBNET = var.prefix
    })
    has_service_key = false
    callers         = { tasks = google_service_account.callers["tasks"].member }
  }
}
