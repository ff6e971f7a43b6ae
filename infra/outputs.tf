output "api_url" {
  description = "Where the api answers, for clients that speak HTTP."
  value       = local.urls.api
}

output "client_environment" {
  description = "What a program with a ServiceBackend needs to know."
  value = {
    GRAUPEL_DATABASE      = google_firestore_database.database.name
    GRAUPEL_LANES         = tostring(var.lanes)
    GRAUPEL_PROJECT       = var.project
    GRAUPEL_REGIONS       = join(",", keys(local.subnets))
    GRAUPEL_REMOTE_TMPDIR = local.remote_tmpdir
    GRAUPEL_TOPIC_PREFIX  = var.prefix
  }
}

output "image_repository" {
  description = "Where the agent's image is pushed, and images of jobs can be."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "job_account" {
  description = "Who jobs are on Google Cloud: grant it what their programs may do by themselves."
  value       = google_service_account.job.email
}

output "docker_hub_mirror" {
  description = "Stands for docker.io in names of images: machines without a way to the internet pull from here."
  value       = local.docker_hub_mirror
}

output "kernel_urls" {
  description = "The kernels by lane."
  value       = [for lane in range(var.lanes) : local.kernel_urls[tostring(lane)]]
}

output "worker_templates" {
  description = "What machines are made from, by kind."
  value       = { for kind, template in google_compute_instance_template.workers : kind => template.self_link }
}
