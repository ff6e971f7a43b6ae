locals {
  # A failed task comes again soon, and for as long as it takes.
  task_retries = { max_attempts = -1, min_backoff = "1s", max_backoff = "60s" }

  queues = {
    # Each dispatch may be one bulk insertion: Compute Engine takes 20 a second and 10 at a time.
    # https://cloud.google.com/compute/docs/instances/multiple/troubleshooting-bulk-vm-creation (2026-11)
    provision = { per_second = 2, at_once = 8, makers = ["kernel", "provision"] }
    # One sweep a minute looks after everything.
    sweep = { per_second = 1, at_once = 1, makers = ["kernel", "sweep"] }
  }
}

# The name of a deleted queue cannot be used again for 7 days: see generation.
resource "google_cloud_tasks_queue" "queues" {
  for_each = local.queues

  name     = join("-", compact([var.prefix, each.key, var.generation]))
  location = var.region

  rate_limits {
    max_concurrent_dispatches = each.value.at_once
    max_dispatches_per_second = each.value.per_second
  }

  retry_config {
    max_attempts = local.task_retries.max_attempts
    max_backoff  = local.task_retries.max_backoff
    min_backoff  = local.task_retries.min_backoff
  }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_custom_role" "tasks" {
  role_id     = "${local.role_prefix}_tasks"
  title       = "${var.prefix}: make tasks"
  permissions = ["cloudtasks.tasks.create"]
}

resource "google_cloud_tasks_queue_iam_member" "makers" {
  for_each = merge([
    for queue, settings in local.queues :
    { for maker in settings.makers : "${queue} ${maker}" => { queue = queue, maker = maker } }
  ]...)

  name     = google_cloud_tasks_queue.queues[each.value.queue].name
  location = var.region
  role     = google_project_iam_custom_role.tasks.id
  member   = local.function_members[each.value.maker]
}
