locals {
  lanes = toset([for lane in range(var.lanes) : tostring(lane)])

  # Everything that publishes to lanes.
  publishers = merge(
    local.function_members,
    { worker = google_service_account.worker.member },
    local.submitters,
  )
}

resource "google_pubsub_topic" "lanes" {
  for_each = local.lanes

  name = "${var.prefix}-lane-${each.key}"

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_topic_iam_member" "publishers" {
  for_each = {
    for pair in setproduct(local.lanes, keys(local.publishers)) :
    "${pair[0]} ${pair[1]}" => { lane = pair[0], member = local.publishers[pair[1]] }
  }

  topic  = google_pubsub_topic.lanes[each.value.lane].name
  role   = "roles/pubsub.publisher"
  member = each.value.member
}

resource "google_pubsub_subscription" "lanes" {
  for_each = local.lanes

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
    # The functions framework reads the topic from this path.
    push_endpoint = "${local.kernel_urls[each.key]}/${google_pubsub_topic.lanes[each.key].id}"

    oidc_token {
      audience              = local.kernel_urls[each.key]
      service_account_email = google_service_account.callers["pusher"].email
    }
  }

  depends_on = [google_service_account_iam_member.pushes]
}
