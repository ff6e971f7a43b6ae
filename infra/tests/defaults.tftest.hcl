mock_provider "archive" {}
mock_provider "time" {}

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
}
