/** US dollars an hour for one, in us-central1. https://cloud.google.com/compute/gpus-pricing (2026-11) */
const perHour: Readonly<Record<string, number>> = {
  'nvidia-tesla-t4': 0.35,
  'nvidia-tesla-p4': 0.6,
  'nvidia-tesla-v100': 2.48,
  'nvidia-tesla-p100': 1.46,
  'nvidia-l4': 0.56,
  'nvidia-tesla-a100': 2.94,
  'nvidia-a100-80gb': 3.93,
}

/** Google gives at least this much off. https://cloud.google.com/spot-vms/pricing (2026-11) */
const spotShare = 0.4

/** US dollars an hour; one whose price is not known costs as much as the dearest. */
export function acceleratorRate(
  accelerator: { readonly type: string; readonly count: number } | undefined,
  isSpot: boolean,
): number {
  if (accelerator === undefined) return 0
  const { type, count } = accelerator
  const rate = (Object.hasOwn(perHour, type) ? perHour[type] : undefined) ?? Math.max(...Object.values(perHour))
  return count * rate * (isSpot ? spotShare : 1)
}
