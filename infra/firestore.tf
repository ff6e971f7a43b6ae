locals {
  # A document's commit gets slower with each index entry, and an index over rising values takes 500 writes a second. So
  # every field has none but those that a query asks for: see client/src/google/firestore-query.ts. One by one, because
  # the provider cannot exempt a whole collection: https://github.com/hashicorp/terraform-provider-google/issues/19598
  # (2026-11).
  exempt_fields = {
    attached = ["ports", "update"]
    batches = [
      "archived", "attributes", "broken", "brokenShards", "callback", "calledBack", "cancelAfterNFailures", "completions", "counts",
      "deletedAt", "deleteScratch", "deletionAskedAt", "endedAt", "failures", "finishedShards", "id", "isCancelled", "jobs", "lanes", "lastAt", "name",
      "paused", "reason", "root", "scratch", "shards", "spent", "submittedAt", "updates", "user", "version",
    ]
    deadEvents = ["body", "error", "event", "path", "problem", "receivedAt"]
    fleet      = ["reservations", "version"]
    jobs = [
      "attempt", "attempts", "cost", "endedAt", "exitCode", "job", "log", "name", "readyAt", "reason", "startedAt",
      "version", "worker",
    ]
    plan = ["firstJob", "jobs", "plan", "shard"]
    pools = [
      "breakers", "held", "intents", "lookedAt", "machines", "pool", "quietTicks", "spotRefusedSince", "version", "waiting",
    ]
    shards = [
      "attached", "attempts", "batch", "counts", "ends", "firstJob", "isCancelled", "isStarted", "lane", "lanes",
      "lastAt", "leases", "losses", "notBefore", "paused", "planHash", "ports", "projection", "resumes", "root", "sentFinished", "sentPorts",
      "shard", "spent", "states", "sweeps", "user", "version",
    ]
    tokens  = ["firstJob", "firstShard", "jobs", "number", "planHash", "shards", "token"]
    workers = ["free", "grants", "id", "lastRequest", "pool", "registeredAt", "renewedUntil", "shards", "version"]
  }

  # Documents of these go at the time in their field `expireAt`, where they have one: what is left of deleted batches, what
  # was set aside for people to see, pools that no job asks for any more, and workers that are gone.
  expiring_collections = toset(["batches", "deadEvents", "pools", "workers"])
}

resource "google_firestore_database" "database" {
  name                              = var.prefix
  location_id                       = coalesce(var.database.location, var.region)
  type                              = "FIRESTORE_NATIVE"
  concurrency_mode                  = "PESSIMISTIC"
  delete_protection_state           = var.data_can_be_deleted ? "DELETE_PROTECTION_DISABLED" : "DELETE_PROTECTION_ENABLED"
  deletion_policy                   = "DELETE"
  point_in_time_recovery_enablement = var.database.has_point_in_time_recovery ? "POINT_IN_TIME_RECOVERY_ENABLED" : "POINT_IN_TIME_RECOVERY_DISABLED"

  depends_on = [google_project_service.apis]
}

resource "google_firestore_field" "exempt" {
  for_each = merge([
    for collection, fields in local.exempt_fields :
    { for field in fields : "${collection}.${field}" => { collection = collection, field = field } }
  ]...)

  database   = google_firestore_database.database.name
  collection = each.value.collection
  field      = each.value.field

  index_config {}
}

# The ready shards of all lanes.
resource "google_firestore_field" "ready_pools" {
  database   = google_firestore_database.database.name
  collection = "shards"
  field      = "readyPools"

  index_config {
    indexes {
      array_config = "CONTAINS"
      query_scope  = "COLLECTION_GROUP"
    }
    indexes {
      order       = "ASCENDING"
      query_scope = "COLLECTION_GROUP"
    }
  }
}

resource "google_firestore_field" "expiring" {
  for_each = local.expiring_collections

  database   = google_firestore_database.database.name
  collection = each.value
  field      = "expireAt"

  # Times that rise, and nobody asks for them.
  index_config {}
  ttl_config {}
}

# The ready shards of a lane for a pool.
resource "google_firestore_index" "ready_for_pool" {
  database    = google_firestore_database.database.name
  collection  = "shards"
  query_scope = "COLLECTION_GROUP"

  fields {
    field_path = "lane"
    order      = "ASCENDING"
  }
  fields {
    field_path   = "readyPools"
    array_config = "CONTAINS"
  }
}

# The ready shards of a lane for any pool.
resource "google_firestore_index" "ready_for_any" {
  database    = google_firestore_database.database.name
  collection  = "shards"
  query_scope = "COLLECTION_GROUP"

  fields {
    field_path = "lane"
    order      = "ASCENDING"
  }
  fields {
    field_path = "readyPools"
    order      = "ASCENDING"
  }
}

locals {
  document_roles = {
    documents         = { title = "read and change documents", permissions = ["datastore.entities.get", "datastore.entities.list", "datastore.entities.update"] }
    document_creation = { title = "create documents", permissions = ["datastore.entities.create"] }
    document_removal  = { title = "delete documents", permissions = ["datastore.entities.delete"] }
  }

  document_users = {
    documents         = merge(local.function_members, local.submitters)
    document_creation = merge(local.submitters, { for name in ["api", "kernel", "provision"] : name => local.function_members[name] })
    document_removal  = { kernel = local.function_members.kernel }
  }
}

resource "google_project_iam_custom_role" "documents" {
  for_each = local.document_roles

  role_id     = "${local.role_prefix}_${each.key}"
  title       = "${var.prefix}: ${each.value.title}"
  permissions = each.value.permissions
}

# Grants on documents can be made for a project alone; the condition narrows them to this database.
resource "google_project_iam_member" "documents" {
  for_each = merge([
    for role, members in local.document_users :
    { for name, member in members : "${role} ${name}" => { role = role, member = member } }
  ]...)

  project = var.project
  role    = google_project_iam_custom_role.documents[each.value.role].id
  member  = each.value.member

  condition {
    title      = "${var.prefix} database"
    expression = "resource.name == \"projects/${var.project}/databases/${google_firestore_database.database.name}\""
  }
}
