variable "alert_emails" {
  description = "Addresses that alerts are sent to. Empty: there are no alerts, which cost while they exist, batches or not."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for address in var.alert_emails : can(regex("^[^@\\s]+@[^@\\s]+$", address))])
    error_message = "alert_emails has e-mail addresses: [\"someone@example.com\"]."
  }
}

variable "api_is_internal" {
  description = "Whether the api can be reached from the project's own networks alone. Callers need an invitation in either case."
  type        = bool
  default     = false
}

variable "batch_files_days" {
  description = "Days after which files of batches are deleted, also of those that still run. null: never."
  type        = number
  default     = 30

  validation {
    condition     = var.batch_files_days == null || try(var.batch_files_days >= 7 && floor(var.batch_files_days) == var.batch_files_days, false)
    error_message = "batch_files_days is a whole number of days, at least 7, or null: a batch needs its files until it ends."
  }
}

variable "budget" {
  description = "Monthly amount in the billing account's currency at whose half, nine tenths and whole mail is sent. It stops nothing. null: none."
  type = object({
    amount          = number
    billing_account = string
  })
  default = null

  validation {
    condition     = var.budget == null || try(var.budget.amount > 0 && can(regex("^[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$", var.budget.billing_account)), false)
    error_message = "budget has an amount above 0 and a billing_account such as \"012345-6789AB-CDEF01\"."
  }
}

variable "data_can_be_deleted" {
  description = "Whether `terraform destroy` may take the database and the files of batches with it. Set it, apply, then destroy."
  type        = bool
  default     = false
}

variable "database" {
  description = "The Firestore database: its location (default: the region), and whether any minute of the last 7 days can be restored (which costs)."
  type = object({
    has_point_in_time_recovery = optional(bool, false)
    location                   = optional(string)
  })
  default = {}
}

variable "docker_hub_login" {
  description = "In whose name the mirror asks Docker Hub: a user, and the version of a secret with an access token, which Artifact Registry's own identity must be let read. null: nobody's, as far as Docker Hub's limits let it."
  type = object({
    secret_version = string
    username       = string
  })
  default = null

  validation {
    condition     = var.docker_hub_login == null || try(can(regex("^projects/[^/]+/secrets/[^/]+/versions/[^/]+$", var.docker_hub_login.secret_version)), false)
    error_message = "docker_hub_login has a username and a secret_version such as \"projects/my-project/secrets/docker-hub/versions/1\"."
  }
}

variable "functions_source" {
  description = "Folder of the functions' bundle, with its package.json: what `npm run build` makes."
  type        = string
  default     = "../client/dist/deploy/functions"
}

variable "generation" {
  description = "Ends the names that Google blocks for a while when they are deleted: of queues for 7 days, of roles for 37. Choose another one to come back after a destroy. null: no ending."
  type        = string
  default     = null

  validation {
    condition     = var.generation == null || can(regex("^[a-z0-9]{4}$", var.generation))
    error_message = "generation has four lower-case letters and digits."
  }
}

variable "input_buckets" {
  description = "Buckets, not of this module, that jobs may read."
  type        = set(string)
  default     = []
}

variable "lanes" {
  description = "Lanes of the kernel, about one per 500 messages a second. Idle lanes cost nothing."
  type        = number
  default     = 8

  validation {
    condition     = contains([1, 2, 4, 8, 16, 32, 64], var.lanes)
    error_message = "lanes is a power of two from 1 to 64."
  }
}

variable "limits" {
  description = "What machines may use and cost, looked at before each is made: cores, machines and dollars an hour of all pools, of a pool (its machines: machines.max_per_pool) and of a batch, dollars of a batch in all (it pauses then), and after how many minutes without a Spot machine others are taken (null: 15, \"never\": none are)."
  type = object({
    cpus_in_all                = optional(number)
    cpus_per_batch             = optional(number)
    cpus_per_pool              = optional(number)
    dollars_per_batch          = optional(number)
    dollars_per_hour           = optional(number)
    dollars_per_hour_per_batch = optional(number)
    dollars_per_hour_per_pool  = optional(number)
    machines_in_all            = optional(number)
    machines_per_batch         = optional(number)
    on_demand_after_minutes    = optional(string)
  })
  default = {}

  validation {
    condition     = alltrue([for name, limit in var.limits : limit == null || try(tonumber(limit) >= 0, limit == "never" && name == "on_demand_after_minutes")])
    error_message = "limits are numbers and not negative; null: none. on_demand_after_minutes may be \"never\"."
  }
}

variable "machines" {
  description = "The machines that jobs run on: cores of one that many jobs share (smaller ones are taken where a quota has no room for it), the families that are tried, the cheapest first, disk, longest life, how many may live at once per pool, and how many jobs each runs at a time, whatever their size (1: a machine for each job; null: as many as fit)."
  type = object({
    cores        = optional(number, 16)
    disk_gb      = optional(number, 100)
    families     = optional(list(string), ["n2d", "n2", "e2"])
    max_hours    = optional(number, 24)
    max_jobs     = optional(number)
    max_per_pool = optional(number, 100)
  })
  default = {}

  validation {
    condition     = length(var.machines.families) > 0 && var.machines.disk_gb >= 50 && var.machines.max_per_pool >= 0
    error_message = "machines needs at least one family, 50 GB of disk (15 are the system's), and no negative max_per_pool."
  }

  validation {
    condition     = contains([2, 4, 8, 16], var.machines.cores)
    error_message = "machines.cores is 2, 4, 8 or 16: larger jobs get machines to their measure."
  }

  validation {
    condition     = var.machines.max_hours >= 1 && var.machines.max_hours <= 2880
    error_message = "machines.max_hours is from 1 to 2880 hours (120 days): no machine may be forgotten."
  }

  validation {
    condition     = var.machines.max_jobs == null || try(var.machines.max_jobs >= 1 && floor(var.machines.max_jobs) == var.machines.max_jobs, false)
    error_message = "machines.max_jobs is a whole number from 1, or null."
  }
}

variable "nat" {
  description = "Whether machines reach the internet, through Cloud NAT. It costs while it exists, batches or not; without it they reach Google's services alone."
  type        = bool
  default     = false
}

variable "output_buckets" {
  description = "Buckets, not of this module, that jobs may read and write."
  type        = set(string)
  default     = []
}

variable "prefix" {
  description = "Begins the name of everything here, so that several environments can stand in one project."
  type        = string
  default     = "graupel"

  validation {
    # Ids of service accounts have at most 30 characters, the longest ending here is -provision.
    condition     = can(regex("^[a-z]([a-z0-9-]{2,14}[a-z0-9])$", var.prefix))
    error_message = "prefix has 4 to 16 lower-case letters, digits and hyphens, begins with a letter and ends with no hyphen."
  }

  validation {
    # Machines of `a` are called a-spot-… and a-standard-…: those of `a-spot` would be taken for machines of `a`.
    condition     = !can(regex("-(spot|standard)(-|$)", var.prefix))
    error_message = "prefix has no part -spot or -standard: machines are told apart by what follows the prefix in their names."
  }
}

variable "project" {
  description = "Id of the Google Cloud project."
  type        = string

  validation {
    condition     = can(regex("^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project is the id of a project, such as \"my-project-123\", not its name or number."
  }
}

variable "region" {
  description = "Where functions, queues and files are, and by default the database and the machines."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region is a region such as \"us-central1\", not a zone."
  }
}

variable "service_key" {
  description = "Secret that the tokens of attempts are made with: `openssl rand -hex 32`. It is stored in Secret Manager, not in the state."
  type        = string
  ephemeral   = true
  sensitive   = true

  validation {
    condition     = length(var.service_key) >= 32
    error_message = "service_key has at least 32 characters; make one by `openssl rand -hex 32`."
  }
}

variable "service_key_version" {
  description = "Raise it to store another service_key. Jobs in flight run again then: their tokens are void."
  type        = number
  default     = 1
}

variable "submitters" {
  description = "Who may submit batches and see all of them, as IAM members: user:…, group:…, serviceAccount:…"
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.submitters : can(regex("^(user|group|serviceAccount|principal|principalSet):.+", member))])
    error_message = "submitters are IAM members such as \"user:someone@example.com\" or \"group:team@example.com\"; nobody is let in without a name."
  }
}

variable "subnets" {
  description = "Address ranges of the machines by region, one address per machine. Default: 10.128.0.0/18 in the region."
  type        = map(string)
  default     = null

  validation {
    condition     = var.subnets == null || try(length(var.subnets) > 0 && alltrue([for range in values(var.subnets) : can(cidrnetmask(range))]), false)
    error_message = "subnets has an IPv4 range for at least one region: { us-central1 = \"10.128.0.0/18\" }."
  }
}

variable "worker_cloud_init" {
  description = "cloud-init for Container-Optimized OS that starts the agent, which reads its settings from the machine's metadata."
  type        = string
  default     = null
}

variable "worker_image" {
  description = "Image of the agent. Default: worker:latest in this module's repository."
  type        = string
  default     = null
}
