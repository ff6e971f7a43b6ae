# Messages that were given up, kept for a person to look at.
resource "google_pubsub_topic" "dead_letters" {
  name = "${var.prefix}-dead-letters"

  depends_on = [google_project_service.apis]
}

resource "google_pubsub_subscription" "dead_letters" {
  name                       = "${var.prefix}-dead-letters"
  topic                      = google_pubsub_topic.dead_letters.id
  message_retention_duration = "2678400s"

  expiration_policy {
    ttl = ""
  }
}

# Pub/Sub itself moves messages: it publishes them there …
resource "google_pubsub_topic_iam_member" "buries" {
  topic  = google_pubsub_topic.dead_letters.name
  role   = "roles/pubsub.publisher"
  member = local.pubsub_agent
}

# … and acknowledges them here.
resource "google_pubsub_subscription_iam_member" "gives_up" {
  for_each = merge(
    { for lane, subscription in google_pubsub_subscription.lanes : "lane-${lane}" => subscription.name },
    { machines = google_pubsub_subscription.machines.name },
  )

  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = local.pubsub_agent
}
