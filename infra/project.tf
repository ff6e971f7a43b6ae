data "google_project" "project" {
  project_id = var.project
}

locals {
  # The identity that Google runs Pub/Sub under. `graupel deploy` asks for it beforehand; else the first topic brings it.
  pubsub_agent = "serviceAccount:service-${data.google_project.project.number}@gcp-sa-pubsub.iam.gserviceaccount.com"

  # Ids of roles take no hyphens.
  role_prefix = join("_", compact([replace(var.prefix, "-", "_"), var.generation]))
}

# None is switched off again: others in the project may use it.
resource "google_project_service" "apis" {
  for_each = toset(concat([
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudfunctions.googleapis.com",
    "cloudscheduler.googleapis.com",
    "cloudtasks.googleapis.com",
    "compute.googleapis.com",
    "firestore.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "storage.googleapis.com",
  ], var.budget == null ? [] : ["billingbudgets.googleapis.com"]))

  service                    = each.value
  disable_dependent_services = false
  disable_on_destroy         = false
}
