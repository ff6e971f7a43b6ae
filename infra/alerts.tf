locals {
  # In whole words: another deployment's prefix may begin with this one's.
  lane_subscriptions = "resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = monitoring.regex.full_match(\"${var.prefix}-lane-[0-9]+(-workers)?-kernel\")"
  own_functions      = "resource.type = \"cloud_run_revision\" AND resource.label.service_name = monitoring.regex.full_match(\"${local.function_names}\")"
  function_names     = "${var.prefix}-(api|kernel-[0-9]+|provision|sweep)"

  # Each of these means that something graupel cannot mend by itself is wrong. A condition costs $1.50 a month, batches or
  # not, so there are none that nobody gets: https://cloud.google.com/monitoring/alerts/cost-control (2026-11)
  alerts = length(var.alert_emails) == 0 ? {} : merge(local.alerts_of_service, local.alerts_of_machines)

  alerts_of_service = {
    dead_letters = {
      title    = "messages were given up"
      advice   = "Read them in the subscription ${var.prefix}-dead-letters, mend their cause, and publish them again."
      filter   = "resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = \"${google_pubsub_subscription.dead_letters.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      aligner  = "ALIGN_MAX"
      above    = 0
      duration = "0s"
    }
    errors = {
      title    = "functions fail"
      advice   = "Read the log of the function that the alert names. Failed messages and tasks come again."
      filter   = "${local.own_functions} AND metric.type = \"run.googleapis.com/request_count\" AND metric.label.response_code_class = \"5xx\""
      aligner  = "ALIGN_RATE"
      above    = 0.1
      duration = "600s"
    }
    late_messages = {
      title    = "messages wait"
      advice   = "A lane does not keep up or cannot commit: read its kernel's log; raise the number of lanes if all are busy."
      filter   = "${local.lane_subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      aligner  = "ALIGN_MAX"
      above    = 600
      duration = "300s"
    }
  }

  # A cap is looked at before a machine is made, so more can live only if graupel has lost sight of some.
  alerts_of_machines = { for title, above in { machines = var.limits.machines_in_all } : title => {
    title    = "more machines than are allowed"
    advice   = "Look whether batches run, read the log of ${var.prefix}-provision, and delete machines with the label graupel=${var.prefix} that no batch needs; `graupel destroy --force` deletes all."
    filter   = "resource.type = \"gce_instance\" AND metadata.user_labels.graupel = \"${var.prefix}\" AND metric.type = \"compute.googleapis.com/instance/uptime_total\""
    aligner  = "ALIGN_MAX"
    reducer  = "REDUCE_COUNT"
    above    = above
    duration = "600s"
  } if above != null }
}

resource "google_monitoring_notification_channel" "emails" {
  for_each = var.alert_emails

  display_name = "${var.prefix}: ${each.value}"
  type         = "email"
  labels       = { email_address = each.value }

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_alert_policy" "alerts" {
  for_each = local.alerts

  display_name          = "${var.prefix}: ${each.value.title}"
  combiner              = "OR"
  notification_channels = [for channel in google_monitoring_notification_channel.emails : channel.id]

  conditions {
    display_name = each.value.title

    condition_threshold {
      filter          = each.value.filter
      comparison      = "COMPARISON_GT"
      threshold_value = each.value.above
      duration        = each.value.duration

      aggregations {
        alignment_period     = "60s"
        per_series_aligner   = each.value.aligner
        cross_series_reducer = try(each.value.reducer, null)
      }
    }
  }

  documentation {
    content   = each.value.advice
    mime_type = "text/markdown"
  }

  depends_on = [google_project_service.apis]
}
