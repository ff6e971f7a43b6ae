# Google's own log says when a machine is taken away, seconds after and whatever the machine itself could still say.
resource "google_logging_project_sink" "machines" {
  name                   = "${var.prefix}-machines"
  destination            = "pubsub.googleapis.com/${google_pubsub_topic.machines.id}"
  unique_writer_identity = true

  filter = <<-FILTER
    resource.type = "gce_instance"
    protoPayload.resourceName =~ "/instances/${var.prefix}-(spot|standard)-[^/]+$"
    (
      protoPayload.methodName = "compute.instances.preempted" OR
      protoPayload.methodName = "compute.instances.hostError" OR
      protoPayload.methodName = "compute.instances.guestTerminate" OR
      protoPayload.methodName = "compute.instances.terminateOnHostMaintenance" OR
      (protoPayload.methodName =~ "compute\.instances\.delete$" AND operation.last = true)
    )
  FILTER

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic" "machines" {
  name = "${var.prefix}-machines"

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "sink" {
  topic  = google_pubsub_topic.machines.name
  role   = "roles/pubsub.publisher"
  member = google_logging_project_sink.machines.writer_identity
}

resource "google_pubsub_subscription" "machines" {
  name                       = "${var.prefix}-machines-sweep"
  topic                      = google_pubsub_topic.machines.id
  ack_deadline_seconds       = 120
  message_retention_duration = "86400s"

  expiration_policy {
    ttl = ""
  }

  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 20
  }

  push_config {
    push_endpoint = "${local.urls.sweep}/${google_pubsub_topic.machines.id}"

    oidc_token {
      audience              = local.urls.sweep
      service_account_email = google_service_account.callers["pusher"].email
    }
  }

  depends_on = [google_service_account_iam_member.pushes]
}
