terraform {
  # 1.11 has write-only arguments: the service key never lies in the state.
  required_version = ">= 1.11"

  # The very versions that the module has been checked against: what comes by itself may plan other things.
  required_providers {
    archive = {
      source  = "hashicorp/archive"
      version = "2.7.1"
    }
    google = {
      source  = "hashicorp/google"
      version = "6.50.0"
    }
    time = {
      source  = "hashicorp/time"
      version = "0.13.1"
    }
  }
}

# Budgets are of a billing account: a person's calls for them count for a project only if it is named.
provider "google" {
  alias                 = "budget"
  billing_project       = var.project
  default_labels        = { graupel = var.prefix }
  project               = var.project
  user_project_override = true
}

provider "google" {
  project        = var.project
  region         = var.region
  default_labels = { graupel = var.prefix }
}
