locals {
  # Names of buckets are the world's: the project's id makes them ours.
  bucket_prefix = "${var.project}-${var.prefix}"

  remote_tmpdir = "gs://${google_storage_bucket.batches.name}/batches"

  # Workers fetch and store the files that a job declares; what its program reads and writes by itself, it does as the job.
  file_users = {
    job    = google_service_account.job.member
    worker = google_service_account.worker.member
  }

  input_readers = merge([for bucket in var.input_buckets : {
    for who, member in local.file_users : "${bucket} ${who}" => { bucket = bucket, member = member }
  }]...)
  output_writers = merge([for bucket in var.output_buckets : {
    for who, member in local.file_users : "${bucket} ${who}" => { bucket = bucket, member = member }
  }]...)
}

# Inputs, outputs, logs and manifests of batches.
resource "google_storage_bucket" "batches" {
  name                        = "${local.bucket_prefix}-batches"
  location                    = var.region
  force_destroy               = var.data_can_be_deleted
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  # Deleted files would be kept, and paid for, for a week more.
  soft_delete_policy {
    retention_duration_seconds = 0
  }

  dynamic "lifecycle_rule" {
    for_each = var.batch_files_days[*]

    content {
      action {
        type = "Delete"
      }
      condition {
        age = lifecycle_rule.value
      }
    }
  }

  lifecycle_rule {
    action {
      type = "AbortIncompleteMultipartUpload"
    }
    condition {
      age = 1
    }
  }

  depends_on = [google_project_service.apis]
}

# Sources of the functions, one object per content.
resource "google_storage_bucket" "sources" {
  name                        = "${local.bucket_prefix}-sources"
  location                    = var.region
  force_destroy               = true
  public_access_prevention    = "enforced"
  uniform_bucket_level_access = true

  soft_delete_policy {
    retention_duration_seconds = 0
  }

  depends_on = [google_project_service.apis]
}

# To replace an object takes the right to delete it.
resource "google_project_iam_custom_role" "files" {
  role_id     = "${local.role_prefix}_files"
  title       = "${var.prefix}: read and write files"
  permissions = ["storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list"]
}

resource "google_project_iam_custom_role" "file_removal" {
  role_id     = "${local.role_prefix}_file_removal"
  title       = "${var.prefix}: delete files"
  permissions = ["storage.objects.delete", "storage.objects.list"]
}

resource "google_project_iam_custom_role" "file_reading" {
  role_id     = "${local.role_prefix}_file_reading"
  title       = "${var.prefix}: read files"
  permissions = ["storage.objects.get", "storage.objects.list"]
}

resource "google_storage_bucket_iam_member" "batches" {
  for_each = merge(
    local.submitters,
    { api = local.function_members.api, worker = google_service_account.worker.member },
  )

  bucket = google_storage_bucket.batches.name
  role   = google_project_iam_custom_role.files.id
  member = each.value
}

resource "google_storage_bucket_iam_member" "removal" {
  bucket = google_storage_bucket.batches.name
  role   = google_project_iam_custom_role.file_removal.id
  member = local.function_members.kernel
}

resource "google_storage_bucket_iam_member" "inputs" {
  for_each = local.input_readers

  bucket = each.value.bucket
  role   = google_project_iam_custom_role.file_reading.id
  member = each.value.member
}

resource "google_storage_bucket_iam_member" "outputs" {
  for_each = local.output_writers

  bucket = each.value.bucket
  role   = google_project_iam_custom_role.files.id
  member = each.value.member
}
