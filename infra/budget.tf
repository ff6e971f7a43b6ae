resource "google_billing_budget" "budget" {
  count    = var.budget == null ? 0 : 1
  provider = google.budget

  billing_account = var.budget.billing_account
  display_name    = var.prefix

  budget_filter {
    projects = ["projects/${data.google_project.project.number}"]
    labels   = { graupel = var.prefix }
  }

  amount {
    specified_amount {
      units = tostring(floor(var.budget.amount))
    }
  }

  dynamic "threshold_rules" {
    for_each = [0.5, 0.9, 1]

    content {
      threshold_percent = threshold_rules.value
    }
  }

  depends_on = [google_project_service.apis]
}
