locals {
  charts = {
    "Messages that wait, seconds" = {
      aligner = "ALIGN_MAX"
      filter  = "${local.lane_subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\""
      label   = "resource.label.subscription_id"
    }
    "Messages pushed, per second" = {
      aligner = "ALIGN_RATE"
      filter  = "${local.lane_subscriptions} AND metric.type = \"pubsub.googleapis.com/subscription/push_request_count\""
      label   = "resource.label.subscription_id"
    }
    "Requests, per second" = {
      aligner = "ALIGN_RATE"
      filter  = "${local.own_functions} AND metric.type = \"run.googleapis.com/request_count\""
      label   = "resource.label.service_name"
    }
    "Tasks done, per second" = {
      aligner = "ALIGN_RATE"
      filter  = "resource.type = \"cloud_tasks_queue\" AND resource.label.queue_id = monitoring.regex.full_match(\"${join("|", [for queue in google_cloud_tasks_queue.queues : queue.name])}\") AND metric.type = \"cloudtasks.googleapis.com/queue/task_attempt_count\""
      label   = "resource.label.queue_id"
    }
    "Documents written, per second" = {
      aligner = "ALIGN_RATE"
      filter  = "resource.type = \"firestore.googleapis.com/Database\" AND resource.label.database_id = \"${google_firestore_database.database.name}\" AND metric.type = \"firestore.googleapis.com/document/write_ops_count\""
      label   = "resource.label.database_id"
    }
    "Cores of machines in use" = {
      aligner = "ALIGN_RATE"
      filter  = "resource.type = \"gce_instance\" AND metadata.user_labels.graupel = \"${var.prefix}\" AND metric.type = \"compute.googleapis.com/instance/cpu/usage_time\""
      label   = "resource.label.zone"
    }
  }
}

resource "google_monitoring_dashboard" "dashboard" {
  dashboard_json = jsonencode({
    displayName = var.prefix
    gridLayout = {
      columns = "2"
      widgets = [for title, chart in local.charts : {
        title = title
        xyChart = {
          dataSets = [{
            plotType = "LINE"
            timeSeriesQuery = {
              timeSeriesFilter = {
                filter = chart.filter
                aggregation = {
                  alignmentPeriod    = "60s"
                  perSeriesAligner   = chart.aligner
                  crossSeriesReducer = "REDUCE_SUM"
                  groupByFields      = [chart.label]
                }
              }
            }
          }]
        }
      }]
    }
  })

  depends_on = [google_project_service.apis]
}
