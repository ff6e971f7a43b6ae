locals {
  subnets = coalesce(var.subnets, { (var.region) = "10.128.0.0/18" })
}

# A network of its own lets nothing in: without a rule all ingress is denied, and machines have no external address.
resource "google_compute_network" "network" {
  name                    = var.prefix
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [google_project_service.apis]
}

resource "google_compute_subnetwork" "subnets" {
  for_each = local.subnets

  name                     = var.prefix
  region                   = each.key
  network                  = google_compute_network.network.id
  ip_cidr_range            = each.value
  private_ip_google_access = true
}

# Said once more: a rule that lets something in must outrank this one on purpose.
resource "google_compute_firewall" "nothing_in" {
  name          = "${var.prefix}-nothing-in"
  network       = google_compute_network.network.id
  direction     = "INGRESS"
  priority      = 1000
  source_ranges = ["0.0.0.0/0"]

  deny {
    protocol = "all"
  }
}

resource "google_compute_router" "nat" {
  for_each = var.nat ? local.subnets : {}

  name    = "${var.prefix}-nat"
  region  = each.key
  network = google_compute_network.network.id
}

resource "google_compute_router_nat" "nat" {
  for_each = var.nat ? local.subnets : {}

  name                               = "${var.prefix}-nat"
  region                             = each.key
  router                             = google_compute_router.nat[each.key].name
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.subnets[each.key].id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }
}

resource "google_project_iam_custom_role" "subnet_use" {
  role_id     = "${local.role_prefix}_subnet_use"
  title       = "${var.prefix}: place machines in a subnet"
  permissions = ["compute.subnetworks.use"]
}

resource "google_compute_subnetwork_iam_member" "provision" {
  for_each = local.subnets

  subnetwork = google_compute_subnetwork.subnets[each.key].name
  region     = each.key
  role       = google_project_iam_custom_role.subnet_use.id
  member     = local.function_members.provision
}
