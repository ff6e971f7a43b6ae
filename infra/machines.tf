locals {
  # The newest of the family when a machine is made: a template would otherwise keep an old system until the next apply, and
  # the image would have to be read before Compute Engine's API is on.
  worker_system = "projects/cos-cloud/global/images/family/cos-stable"

  # What the agent is told, in its own words (worker-vm/src/config.ts); cloud-init passes it on.
  worker_environment = merge({
    GRAUPEL_DOCKER_HUB_MIRROR = local.docker_hub_mirror
    GRAUPEL_JOB_ACCOUNT       = google_service_account.job.email
    GRAUPEL_KERNEL_URLS       = join(",", [for lane in range(var.lanes) : local.kernel_urls[tostring(lane)]])
    GRAUPEL_METADATA_URL      = "http://169.254.169.254"
    GRAUPEL_PROJECT           = var.project
    GRAUPEL_TOPIC_PREFIX      = var.prefix
  }, var.machines.max_jobs == null ? {} : { GRAUPEL_MAX_JOBS = tostring(var.machines.max_jobs) })

  worker_metadata = merge(
    {
      block-project-ssh-keys = "TRUE"
      enable-oslogin         = "TRUE"
      graupel-environment    = join("\n", [for name, value in local.worker_environment : "${name}=${value}"])
      graupel-image = coalesce(
        var.worker_image,
        "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}/worker:latest",
      )
      serial-port-enable = "FALSE"
      # What the start script and the agent print goes to Cloud Logging by the serial console.
      serial-port-logging-enable = "TRUE"
    },
    { user-data = var.worker_cloud_init != null ? var.worker_cloud_init : file("${path.module}/../worker-vm/image/cloud-init.yaml") },
  )

  # A pool's name says which it takes: client/src/model/pool.ts.
  machine_kinds = {
    spot     = { model = "SPOT", on_maintenance = "TERMINATE" }
    standard = { model = "STANDARD", on_maintenance = "MIGRATE" }
  }

  # A template never changes; another one has another name, which follows from all that can differ.
  worker_template_hash = substr(sha256(jsonencode([
    var.machines, local.subnets, local.worker_metadata, local.worker_system,
  ])), 0, 8)
}

resource "google_compute_instance_template" "workers" {
  for_each = local.machine_kinds

  name        = "${var.prefix}-worker-${each.key}-${local.worker_template_hash}"
  description = "A machine that runs jobs of graupel"
  # Each launch says what it takes: functions/src/compute/offers.ts.
  machine_type = "n2-standard-16"
  labels       = { graupel = var.prefix }
  metadata     = local.worker_metadata

  disk {
    boot         = true
    auto_delete  = true
    disk_size_gb = var.machines.disk_gb
    disk_type    = "pd-balanced"
    source_image = local.worker_system
  }

  # Without access_config: no external address. The provisioner names the subnet of the region that it launches in.
  network_interface {
    network    = google_compute_network.network.id
    subnetwork = google_compute_subnetwork.subnets[keys(local.subnets)[0]].id
  }

  scheduling {
    provisioning_model          = each.value.model
    preemptible                 = each.value.model == "SPOT"
    automatic_restart           = false
    on_host_maintenance         = each.value.on_maintenance
    instance_termination_action = "DELETE"

    # However everything else fails, no machine lives longer.
    max_run_duration {
      seconds = var.machines.max_hours * 3600
    }
  }

  # The scope is wide as Google advises; the account's grants are what limits it.
  service_account {
    email  = google_service_account.worker.email
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_integrity_monitoring = true
    enable_secure_boot          = true
    enable_vtpm                 = true
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "google_project_iam_custom_role" "machine_launch" {
  role_id = "${local.role_prefix}_machine_launch"
  title   = "${var.prefix}: launch machines"
  permissions = [
    "compute.disks.create",
    "compute.instanceTemplates.useReadOnly",
    "compute.instances.create",
    "compute.instances.setLabels",
    "compute.instances.setMetadata",
    "compute.instances.setServiceAccount",
    "compute.regionOperations.get",
  ]
}

# How likely Spot machines are to be had, region by region. Where Google gives a project no such advice, the provisioner does
# without: functions/src/compute/spot-advice.ts.
resource "google_project_iam_custom_role" "machine_advice" {
  role_id     = "${local.role_prefix}_machine_advice"
  title       = "${var.prefix}: be advised on machines"
  permissions = ["compute.advice.capacity"]
}

resource "google_project_iam_member" "machine_advice" {
  project = var.project
  role    = google_project_iam_custom_role.machine_advice.id
  member  = local.function_members.provision
}

resource "google_project_iam_custom_role" "machine_list" {
  role_id     = "${local.role_prefix}_machine_list"
  title       = "${var.prefix}: list machines"
  permissions = ["compute.instances.list"]
}

resource "google_project_iam_custom_role" "machine_removal" {
  role_id     = "${local.role_prefix}_machine_removal"
  title       = "${var.prefix}: delete machines"
  permissions = ["compute.instances.delete"]
}

resource "google_project_iam_member" "machine_launch" {
  project = var.project
  role    = google_project_iam_custom_role.machine_launch.id
  member  = local.function_members.provision
}

resource "google_project_iam_member" "machine_list" {
  for_each = toset(["provision", "sweep"])

  project = var.project
  role    = google_project_iam_custom_role.machine_list.id
  member  = local.function_members[each.value]
}

# Other machines of the project, and those of other deployments, are out of reach: names of machines are made in
# client/src/engine/launch-plan.ts, and no prefix may end as another one with its pool.
resource "google_project_iam_member" "machine_removal" {
  for_each = toset(["provision", "sweep"])

  project = var.project
  role    = google_project_iam_custom_role.machine_removal.id
  member  = local.function_members[each.value]

  condition {
    title = "${var.prefix} machines"
    expression = join(" || ", [
      for kind in keys(local.machine_kinds) : "resource.name.extract(\"/instances/{name}\").startsWith(\"${var.prefix}-${kind}-\")"
    ])
  }
}
