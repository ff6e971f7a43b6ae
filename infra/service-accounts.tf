# One identity per program. What each may do stands beside the resource it may do it to.

locals {
  function_members = { for name, account in google_service_account.functions : name => account.member }
  submitters       = { for member in var.submitters : member => member }
}

resource "google_service_account" "functions" {
  for_each = toset(["api", "kernel", "provision", "sweep"])

  account_id   = "${var.prefix}-${each.value}"
  display_name = "${var.prefix}: the function ${each.value}"

  depends_on = [google_project_service.apis]
}

resource "google_service_account" "worker" {
  account_id   = "${var.prefix}-worker"
  display_name = "${var.prefix}: machines that jobs run on"

  depends_on = [google_project_service.apis]
}

# Who jobs are on Google Cloud. Beside the buckets that the module is told of it may do nothing, until somebody grants it more.
resource "google_service_account" "job" {
  account_id   = "${var.prefix}-job"
  display_name = "${var.prefix}: jobs"

  depends_on = [google_project_service.apis]
}

# In whose name Pub/Sub, Cloud Tasks and Cloud Scheduler call functions. They may do nothing else.
resource "google_service_account" "callers" {
  for_each = toset(["pusher", "scheduler", "tasks"])

  account_id   = "${var.prefix}-${each.value}"
  display_name = "${var.prefix}: calls functions as ${each.value}"

  depends_on = [google_project_service.apis]
}

resource "google_service_account" "build" {
  account_id   = "${var.prefix}-build"
  display_name = "${var.prefix}: builds the functions"

  depends_on = [google_project_service.apis]
}

# What people call Google by names the project whose quota it counts for, which they must be allowed to use: all of doctor.
resource "google_project_iam_custom_role" "project_use" {
  role_id     = "${local.role_prefix}_project_use"
  title       = "${var.prefix}: call Google for the project"
  permissions = ["serviceusage.services.use"]
}

resource "google_project_iam_member" "project_use" {
  for_each = local.submitters

  project = var.project
  role    = google_project_iam_custom_role.project_use.id
  member  = each.value
}

# A task that carries the identity of a caller may be made only by who may act as that caller.
resource "google_service_account_iam_member" "makes_tasks" {
  for_each = toset(["kernel", "provision", "sweep"])

  service_account_id = google_service_account.callers["tasks"].name
  role               = "roles/iam.serviceAccountUser"
  member             = local.function_members[each.value]
}

# A machine that acts as the worker may be made only by who may act as the worker.
resource "google_service_account_iam_member" "makes_workers" {
  service_account_id = google_service_account.worker.name
  role               = "roles/iam.serviceAccountUser"
  member             = local.function_members.provision
}

resource "google_project_iam_custom_role" "job_tokens" {
  role_id     = "${local.role_prefix}_job_tokens"
  title       = "${var.prefix}: make tokens of jobs"
  permissions = ["iam.serviceAccounts.getAccessToken", "iam.serviceAccounts.getOpenIdToken"]
}

# Machines give jobs short-lived tokens of this one account, and may make those of no other.
resource "google_service_account_iam_member" "makes_job_tokens" {
  service_account_id = google_service_account.job.name
  role               = google_project_iam_custom_role.job_tokens.id
  member             = google_service_account.worker.member
}

resource "google_service_account_iam_member" "pushes" {
  service_account_id = google_service_account.callers["pusher"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.pubsub_agent

  # Pub/Sub's own identity is made when its API is first used, and can be granted nothing before.
  depends_on = [google_pubsub_topic.dead_letters]
}
