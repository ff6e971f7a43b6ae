#!/bin/bash
# Starts the agent on a machine with Docker, and switches the machine off when the agent has ended. Each step is timed, to
# the serial console and so to Cloud Logging. The machine's metadata tells everything; nothing is known beforehand.
set -uo pipefail

metadata="${GRAUPEL_METADATA_URL:-http://169.254.169.254}"
scratch="${GRAUPEL_SCRATCH:-/var/lib/graupel/scratch}"
mounts="${GRAUPEL_MOUNTS:-/var/lib/graupel/mounts}"
run="${GRAUPEL_RUN:-/run/graupel}"
power_off="${GRAUPEL_POWER_OFF:-systemctl poweroff}"
pci="${GRAUPEL_PCI:-/sys/bus/pci/devices}"
nvidia=/var/lib/nvidia
began="$(date +%s%3N)"

# One line of JSON for each step: what, and how long after the start of this script.
step() {
  printf '{"severity":"INFO","message":"machine start: %s","startMs":%d}\n' "$1" "$(($(date +%s%3N) - began))"
}

get() {
  curl --silent --show-error --fail --retry 8 --retry-all-errors --retry-delay 1 --max-time 10 \
    --header 'Metadata-Flavor: Google' "$metadata/computeMetadata/v1/instance/$1"
}

# Whatever happens, the machine ends: nobody pays for one that does nothing.
end() {
  step "$1"
  exec $power_off
}

# The environment of the agent, a NAME=value a line: what the deployment says, and what only the machine itself knows.
write_environment() {
  local name type zone preemptible
  name="$(get name)" && type="$(get machine-type)" && zone="$(get zone)" && preemptible="$(get scheduling/preemptible)" || return 1
  local model=standard
  [ "$preemptible" = TRUE ] && model=spot
  get attributes/graupel-environment > "$run/environment" || return 1
  # Machines are called PREFIX-POOL-WINDOW-LAUNCH-NUMBER: client/src/engine/launch-plan.ts.
  local prefix pool
  prefix="$(sed -n 's/^GRAUPEL_TOPIC_PREFIX=//p' "$run/environment")"
  pool="${name#"${prefix:-graupel}"-}"
  pool="${pool%-*-*-*}"
  printf '\nGRAUPEL_WORKER_NAME=%s\nGRAUPEL_POOL=%s\nGRAUPEL_MACHINE=%s,%s,%s\nGRAUPEL_SCRATCH=%s\nGRAUPEL_MOUNTS=%s\n' \
    "$name" "$pool" "${type##*/}" "${zone##*/}" "$model" "$scratch" "$mounts" >> "$run/environment"
}

# Google's registries take the machine's own token; it is kept in memory and gone with the machine.
log_in() {
  local host="${1%%/*}" token
  case "$host" in
    *.pkg.dev | gcr.io | *.gcr.io) ;;
    *) return 0 ;;
  esac
  token="$(get service-accounts/default/token | sed -n 's/.*"access_token" *: *"\([^"]*\)".*/\1/p')"
  [ -n "$token" ] || return 1
  printf %s "$token" | docker login --username oauth2accesstoken --password-stdin "https://$host" > /dev/null
}

pull() {
  for pause in 1 2 4 8 16 0; do
    docker pull --quiet "$1" > /dev/null && return 0
    sleep "$pause"
  done
  return 1
}

# Jobs may run what they make, which Container-Optimized OS forbids below /var; and what the agent mounts here must be seen
# by the containers of jobs.
open_folder() {
  mkdir -p "$1" && mount --bind "$1" "$1" && mount -o remount,bind,exec "$1" && mount --make-rshared "$1"
}

# Containers must not have the machine's own identity. The agent makes sure of the same before it takes a job.
block_metadata() {
  iptables --wait -I DOCKER-USER -d 169.254.169.254 -j REJECT \
    && iptables --wait -I DOCKER-USER -d 169.254.169.254 -p tcp --dport 53 -j RETURN \
    && iptables --wait -I DOCKER-USER -d 169.254.169.254 -p udp --dport 53 -j RETURN
}

# Jobs that name no image run in containers of the agent's own, which is here: by its digest, so that no registry is asked.
choose_default_image() {
  local pulled
  pulled="$(docker image inspect --format '{{index .RepoDigests 0}}' "$1" 2> /dev/null)"
  printf 'GRAUPEL_DEFAULT_IMAGE=%s\n' "${pulled:-$1}" >> "$run/environment"
}

has_accelerator() {
  grep --quiet --no-messages 0x10de "$pci"/*/vendor
}

# The driver that Google has signed for this system, in a folder whose programs may run. The agent shows it to jobs.
# https://cloud.google.com/container-optimized-os/docs/how-to/run-gpus (2026-11)
install_driver() {
  cos-extensions install gpu && mount --bind "$nvidia" "$nvidia" && mount -o remount,exec "$nvidia" \
    && printf 'GRAUPEL_NVIDIA=%s\n' "$nvidia" >> "$run/environment"
}

# In the machine's network and with its Docker engine; its folders are at the same paths inside and outside, and what it
# mounts there is seen by the containers of jobs.
run_agent() {
  docker run --name graupel-agent --rm --network host --privileged \
    --env-file "$run/environment" \
    --volume /var/run/docker.sock:/var/run/docker.sock \
    --volume "$scratch:$scratch:rshared" \
    --volume "$mounts:$mounts:rshared" \
    "$1"
}

export DOCKER_CONFIG="$run/docker"
export HOME="$run"
step 'begins'
mkdir -p "$run" && chmod 700 "$run" && open_folder "$scratch" && open_folder "$mounts" || end 'no folder can be made'
write_environment || end 'the metadata server does not tell what to do'
step 'knows what to do'
image="$(get attributes/graupel-image)" || end 'the metadata server names no image'
block_metadata || end 'containers could reach the metadata server'
step 'keeps containers from the metadata server'
if has_accelerator; then
  install_driver || end 'the driver of its accelerators cannot be installed'
  step 'has the driver of its accelerators'
fi
log_in "$image" || end 'the registry does not know this machine'
pull "$image" || end "the agent's image cannot be pulled"
step "has the agent's image"
choose_default_image "$image"
run_agent "$image"
end "the agent has ended with $?"
