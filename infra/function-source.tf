data "archive_file" "functions" {
  type        = "zip"
  source_dir  = var.functions_source
  output_path = "${path.root}/.terraform/graupel-functions.zip"
}

# Named by its content: what has not changed is not deployed again.
resource "google_storage_bucket_object" "functions" {
  name   = "functions/${data.archive_file.functions.output_sha256}.zip"
  bucket = google_storage_bucket.sources.name
  source = data.archive_file.functions.output_path
}

resource "google_artifact_registry_repository" "functions" {
  repository_id = "${var.prefix}-functions"
  location      = var.region
  format        = "DOCKER"
  description   = "Images of the functions"

  cleanup_policies {
    id     = "newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 2
    }
  }

  cleanup_policies {
    id     = "old"
    action = "DELETE"

    condition {
      older_than = "604800s"
    }
  }

  depends_on = [google_project_service.apis]
}

# What building a function takes: https://cloud.google.com/functions/docs/securing/build-custom-sa (2026-11)
resource "google_project_iam_member" "build_logs" {
  project = var.project
  role    = "roles/logging.logWriter"
  member  = google_service_account.build.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  repository = google_artifact_registry_repository.functions.name
  location   = var.region
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build" {
  bucket = google_storage_bucket.sources.name
  role   = google_project_iam_custom_role.file_reading.id
  member = google_service_account.build.member
}

# Cloud Functions copies the source to a bucket of its own, which is not there before the first function is.
resource "google_project_iam_member" "build_sources" {
  project = var.project
  role    = google_project_iam_custom_role.file_reading.id
  member  = google_service_account.build.member

  condition {
    title      = "copies of the functions' sources"
    expression = "resource.name.startsWith(\"projects/_/buckets/gcf-v2-sources-${data.google_project.project.number}-${var.region}\")"
  }
}

# Grants take two minutes and more to reach everywhere: https://cloud.google.com/iam/docs/access-change-propagation (2026-11)
resource "time_sleep" "grants" {
  create_duration = "150s"

  depends_on = [
    google_artifact_registry_repository_iam_member.build,
    google_project_iam_member.build_logs,
    google_project_iam_member.build_sources,
    google_secret_manager_secret_iam_member.kernel,
    google_storage_bucket_iam_member.build,
  ]
}
