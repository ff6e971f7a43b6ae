# What the module refuses, before anything is made: each message of variables.tf.

mock_provider "archive" {}
mock_provider "google" {}
mock_provider "time" {}

variables {
  lanes       = 1
  project     = "my-project"
  service_key = "0123456789abcdef0123456789abcdef"
}

run "an_address_without_at" {
  command = plan

  variables {
    alert_emails = ["someone"]
  }

  expect_failures = [var.alert_emails]
}

run "files_that_go_too_soon" {
  command = plan

  variables {
    batch_files_days = 1
  }

  expect_failures = [var.batch_files_days]
}

run "a_budget_without_an_amount" {
  command = plan

  variables {
    budget = { amount = 0, billing_account = "012345-6789AB-CDEF01" }
  }

  expect_failures = [var.budget]
}

run "lanes_that_are_no_power_of_two" {
  command = plan

  variables {
    lanes = 6
  }

  expect_failures = [var.lanes]
}

run "a_machine_without_room" {
  command = plan

  variables {
    machines = { disk_gb = 10 }
  }

  expect_failures = [var.machines]
}

run "a_machine_for_ever" {
  command = plan

  variables {
    machines = { max_hours = 100000 }
  }

  expect_failures = [var.machines]
}

run "a_prefix_in_capitals" {
  command = plan

  variables {
    prefix = "Graupel"
  }

  expect_failures = [var.prefix]
}

run "a_project_by_number" {
  command = plan

  variables {
    project = "123456789012"
  }

  expect_failures = [var.project]
}

run "a_zone_for_a_region" {
  command = plan

  variables {
    region = "us-central1-a"
  }

  expect_failures = [var.region]
}

run "a_short_key" {
  command = plan

  variables {
    service_key = "secret"
  }

  expect_failures = [var.service_key]
}

run "everybody_as_submitters" {
  command = plan

  variables {
    submitters = ["allUsers"]
  }

  expect_failures = [var.submitters]
}

run "a_range_that_is_none" {
  command = plan

  variables {
    subnets = { us-central1 = "10.128.0.0" }
  }

  expect_failures = [var.subnets]
}
