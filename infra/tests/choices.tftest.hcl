# What the module makes of what can be chosen.

mock_provider "archive" {}
mock_provider "time" {}

mock_provider "google" {
  alias = "budget"
}

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

variables {
  lanes       = 1
  project     = "my-project"
  service_key = "0123456789abcdef0123456789abcdef"
}

run "another_prefix" {
  command = plan

  variables {
    prefix     = "staging"
    generation = "a1b2"
  }

  assert {
    condition     = google_firestore_database.database.name == "staging" && google_pubsub_topic.lanes["0"].name == "staging-lane-0"
    error_message = "Names begin with the prefix."
  }
  assert {
    condition     = google_cloud_tasks_queue.queues["sweep"].name == "staging-sweep-a1b2" && google_project_iam_custom_role.tasks.role_id == "staging_a1b2_tasks"
    error_message = "What is blocked after its deletion has another name in each generation."
  }
  assert {
    condition     = local.function_environment.GRAUPEL_SWEEP_QUEUE == "staging-sweep-a1b2" && local.function_environment.GRAUPEL_PROVISION_QUEUE == "staging-provision-a1b2"
    error_message = "Functions are told the names of their queues."
  }
  assert {
    condition     = local.function_environment.GRAUPEL_TOPIC_PREFIX == "staging" && local.function_environment.GRAUPEL_DATABASE == "staging"
    error_message = "Functions are told the names of their environment."
  }
}

run "everything_chosen" {
  command = plan

  variables {
    alert_emails        = ["someone@example.com"]
    batch_files_days    = null
    budget              = { amount = 500, billing_account = "012345-6789AB-CDEF01" }
    data_can_be_deleted = true
    docker_hub_login    = { username = "me", secret_version = "projects/my-project/secrets/docker-hub/versions/1" }
    limits              = { machines_in_all = 40, on_demand_after_minutes = "never" }
    machines            = { max_jobs = 1 }
    nat                 = true
    submitters          = ["group:team@example.com"]
    subnets             = { europe-west1 = "10.132.0.0/20", us-central1 = "10.128.0.0/20" }
  }

  assert {
    condition     = keys(google_compute_router_nat.nat) == ["europe-west1", "us-central1"]
    error_message = "Each region has its way to the internet."
  }
  assert {
    condition     = google_cloud_run_v2_service_iam_member.callers["api group:team@example.com"].role == "roles/run.invoker"
    error_message = "Submitters may call the api."
  }
  assert {
    condition     = google_artifact_registry_repository.docker_hub.remote_repository_config[0].upstream_credentials[0].username_password_credentials[0].username == "me"
    error_message = "Docker Hub is asked in that name."
  }
  assert {
    condition     = [for rule in google_storage_bucket.batches.lifecycle_rule : one(rule.action).type] == ["AbortIncompleteMultipartUpload"]
    error_message = "Files of batches are kept."
  }
  assert {
    condition     = google_billing_budget.budget[0].amount[0].specified_amount[0].units == "500"
    error_message = "The budget is the amount that was given."
  }
  assert {
    condition     = alltrue([for alert in google_monitoring_alert_policy.alerts : length(alert.notification_channels) == 1]) && length(google_monitoring_alert_policy.alerts) == 4
    error_message = "Alerts are sent."
  }
  assert {
    condition     = google_monitoring_alert_policy.alerts["machines"].conditions[0].condition_threshold[0].threshold_value == 40
    error_message = "More machines than are allowed are told of."
  }
  assert {
    condition     = local.worker_environment.GRAUPEL_MAX_JOBS == "1" && local.provision.environment.GRAUPEL_MAX_JOBS_PER_WORKER == "1"
    error_message = "A machine takes as many jobs as it is made for."
  }
  assert {
    condition     = local.provision.environment.GRAUPEL_ON_DEMAND_AFTER_MINUTES == "never"
    error_message = "Where Spot machines alone are wanted, no others are taken."
  }
  assert {
    condition     = google_storage_bucket.batches.force_destroy && google_firestore_database.database.delete_protection_state == "DELETE_PROTECTION_DISABLED"
    error_message = "Everything goes with the service."
  }
}
