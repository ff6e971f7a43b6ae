# The agent's image, and images of jobs that people push.
resource "google_artifact_registry_repository" "images" {
  repository_id = "${var.prefix}-images"
  location      = var.region
  format        = "DOCKER"
  description   = "The agent's image, and images of jobs"

  cleanup_policies {
    id     = "untagged"
    action = "DELETE"

    condition {
      older_than = "2592000s"
      tag_state  = "UNTAGGED"
    }
  }

  depends_on = [google_project_service.apis]
}

locals {
  # Stands for docker.io where machines pull: worker-vm/src/config.ts.
  docker_hub_mirror = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.docker_hub.repository_id}"
}

# Images of Docker Hub, for machines that reach Google alone. Each is fetched once, in nobody's name unless somebody is
# named: Docker Hub gives the nameless few images an hour, and counts all that come from Google's addresses together.
resource "google_artifact_registry_repository" "docker_hub" {
  repository_id = "${var.prefix}-docker-hub"
  location      = var.region
  format        = "DOCKER"
  mode          = "REMOTE_REPOSITORY"
  description   = "A mirror of Docker Hub"

  remote_repository_config {
    docker_repository {
      public_repository = "DOCKER_HUB"
    }

    dynamic "upstream_credentials" {
      for_each = var.docker_hub_login[*]

      content {
        username_password_credentials {
          username                = upstream_credentials.value.username
          password_secret_version = upstream_credentials.value.secret_version
        }
      }
    }
  }

  cleanup_policies {
    id     = "old"
    action = "DELETE"

    condition {
      older_than = "2592000s"
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_custom_role" "image_reading" {
  role_id     = "${local.role_prefix}_image_reading"
  title       = "${var.prefix}: pull images"
  permissions = ["artifactregistry.repositories.downloadArtifacts"]
}

resource "google_artifact_registry_repository_iam_member" "worker" {
  for_each = {
    docker_hub = google_artifact_registry_repository.docker_hub.name
    images     = google_artifact_registry_repository.images.name
  }

  repository = each.value
  location   = var.region
  role       = google_project_iam_custom_role.image_reading.id
  member     = google_service_account.worker.member
}
