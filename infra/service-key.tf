# What the tokens of attempts are made with. The kernel alone reads it.
resource "google_secret_manager_secret" "service_key" {
  secret_id = "${var.prefix}-service-key"

  replication {
    auto {}
  }

  depends_on = [google_project_service.apis]
}

resource "google_secret_manager_secret_version" "service_key" {
  secret                 = google_secret_manager_secret.service_key.id
  secret_data_wo         = var.service_key
  secret_data_wo_version = var.service_key_version

  # A function that starts during a change still finds the key that it names.
  lifecycle {
    create_before_destroy = true
  }
}

resource "google_secret_manager_secret_iam_member" "kernel" {
  secret_id = google_secret_manager_secret.service_key.id
  role      = "roles/secretmanager.secretAccessor"
  member    = local.function_members.kernel
}
