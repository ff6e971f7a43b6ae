locals {
  lanes = toset([for lane in range(var.lanes) : tostring(lane)])

  # Everything that publishes to lanes but workers, and workers, of which the kernel takes starts and ends of attempts
  # alone. It tells them apart by the topic: a machine is taken over more easily than a function.
  publishers = merge(local.function_members, local.submitters)

  lane_topics = merge(
    { for lane in local.lanes : lane => { lane = lane, publishers = local.publishers } },
    { for lane in local.lanes : "${lane}-workers" => { lane = lane, publishers = { worker = google_service_account.worker.member } } },
  )
}

resource "google_pubsub_topic" "lanes" {
  for_each = local.lane_topics

  name = "${var.prefix}-lane-${each.key}"

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = merge([
    for topic, settings in local.lane_topics :
    { for publisher, member in settings.publishers : "${topic} ${publisher}" => { topic = topic, member = member } }
  ]...)

  topic  = google_pubsub_topic.lanes[each.value.topic].name
  role   = "roles/pubsub.publisher"
  member = each.value.member
}

resource "google_pubsub_subscription" "lanes" {
  for_each = local.lane_topics

  name                       = "${var.prefix}-lane-${each.key}-kernel"
  topic                      = google_pubsub_topic.lanes[each.key].id
  ack_deadline_seconds       = 120
  message_retention_duration = "604800s"

  # By default a subscription that has been idle for 31 days is deleted.
  expiration_policy {
    ttl = ""
  }

  # The kernel answers 500 while it cannot commit, and messages must outlive that: a hundred tries last at least 90 minutes.
  retry_policy {
    minimum_backoff = "1s"
    maximum_backoff = "60s"
  }

  dead_letter_policy {
    dead_letter_topic     = google_pubsub_topic.dead_letters.id
    max_delivery_attempts = 100
  }

  push_config {
    # The functions framework, and the kernel, read the topic from this path.
    push_endpoint = "${local.kernel_urls[each.value.lane]}/${google_pubsub_topic.lanes[each.key].id}"

    oidc_token {
      audience              = local.kernel_urls[each.value.lane]
      service_account_email = google_service_account.callers["pusher"].email
    }
  }

  depends_on = [google_service_account_iam_member.pushes]
}
