# What the module refuses, before anything is made. Each of these must be refused, one for each message of variables.tf.

mock_provider "archive" {}
mock_provider "google" {}
mock_provider "google" {
  alias = "budget"
}
mock_provider "time" {}

run "refused" {
  command = plan

  variables {
    alert_emails     = ["someone"]
    batch_files_days = 1
    budget           = { amount = 0, billing_account = "012345-6789AB-CDEF01" }
    docker_hub_login = { username = "me", secret_version = "secret" }
    generation       = "G1"
    lanes            = 6
    machines         = { disk_gb = 10 }
    prefix           = "Graupel"
    project          = "123456789012"
    region           = "us-central1-a"
    service_key      = "secret"
    submitters       = ["allUsers"]
    subnets          = { us-central1 = "10.128.0.0" }
  }

  expect_failures = [
    var.alert_emails,
    var.batch_files_days,
    var.budget,
    var.docker_hub_login,
    var.generation,
    var.lanes,
    var.machines,
    var.prefix,
    var.project,
    var.region,
    var.service_key,
    var.submitters,
    var.subnets,
  ]
}

run "a_limit_that_is_no_number" {
  command = plan

  variables {
    limits      = { on_demand_after_minutes = "seldom" }
    project     = "my-project"
    service_key = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.limits]
}

run "a_machine_for_no_job" {
  command = plan

  variables {
    machines    = { max_jobs = 0 }
    project     = "my-project"
    service_key = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.machines]
}

run "a_machine_for_ever" {
  command = plan

  variables {
    machines    = { max_hours = 100000 }
    project     = "my-project"
    service_key = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.machines]
}

run "a_prefix_that_ends_as_a_pool" {
  command = plan

  variables {
    prefix      = "graupel-spot"
    project     = "my-project"
    service_key = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.prefix]
}

run "a_machine_of_no_common_size" {
  command = plan

  variables {
    machines    = { cores = 12 }
    project     = "my-project"
    service_key = "0123456789abcdef0123456789abcdef"
  }

  expect_failures = [var.machines]
}
