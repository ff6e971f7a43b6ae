# What the module makes of its defaults, with mocks in the place of Google Cloud.

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
  project     = "my-project"
  service_key = "0123456789abcdef0123456789abcdef"
}

run "defaults" {
  command = plan

  assert {
    condition     = length(google_cloudfunctions2_function.functions) == 8 + 3
    error_message = "There is a kernel for each of 8 lanes, and api, provision and sweep."
  }
  assert {
    condition     = alltrue([for lane in local.kernels : lane.max_instances == 1])
    error_message = "A lane has one writer at most."
  }
  assert {
    condition     = keys(google_pubsub_topic.lanes) == keys(google_pubsub_subscription.lanes) && length(google_pubsub_topic.lanes) == 16
    error_message = "Both topics of every lane are pushed."
  }
  assert {
    condition     = google_pubsub_subscription.lanes["3"].push_config[0].oidc_token[0].audience == "https://graupel-kernel-3-123456789012.us-central1.run.app"
    error_message = "The token of a push is made for the kernel of its lane."
  }

  assert {
    condition     = alltrue([for name, function in google_cloudfunctions2_function.functions : function.service_config[0].ingress_settings == "ALLOW_INTERNAL_ONLY" if name != "api"])
    error_message = "Only the api can be reached from outside."
  }
  assert {
    condition     = alltrue([for template in google_compute_instance_template.workers : length(template.network_interface[0].access_config) == 0])
    error_message = "Machines have no external address."
  }
  assert {
    condition     = google_compute_instance_template.workers["spot"].scheduling[0].preemptible && !google_compute_instance_template.workers["standard"].scheduling[0].preemptible
    error_message = "Only Spot machines can be taken away."
  }
  assert {
    condition     = length(google_compute_router_nat.nat) == 0
    error_message = "There is no way to the internet unless it is asked for."
  }

  assert {
    condition     = alltrue([for function in google_cloudfunctions2_function.functions : function.service_config[0].min_instance_count == 0])
    error_message = "No function has an instance that waits."
  }
  assert {
    condition     = google_firestore_database.database.point_in_time_recovery_enablement == "POINT_IN_TIME_RECOVERY_DISABLED"
    error_message = "Nothing is paid for earlier versions of documents."
  }
  assert {
    condition     = length(google_monitoring_alert_policy.alerts) == 0
    error_message = "No alerts are paid for that nobody gets."
  }
  assert {
    condition     = !google_storage_bucket.batches.force_destroy && google_firestore_database.database.delete_protection_state == "DELETE_PROTECTION_ENABLED"
    error_message = "What people have computed is not deleted by the way."
  }
}
