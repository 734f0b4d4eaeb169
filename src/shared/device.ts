import { z } from 'zod'

/** A device that a replica computes on: a CUDA GPU, or a fixed share of the processor's cores. */
export const deviceSchema = z.object({
  kind: z.enum(['cpu', 'gpu']),
  index: z.number().int().nonnegative(),
  /** What people see: the GPU's model name, or "CPU device, cores 0-3". */
  description: z.string(),
  /** The logical cores a CPU device is pinned to; empty for a GPU, or where pinning is not available. */
  cores: z.array(z.number().int().nonnegative()),
})

export type Device = z.infer<typeof deviceSchema>

/** `CPU:0`, `GPU:1`: the name that tables and charts show. */
export function deviceName(device: Device): string {
  return `${device.kind.toUpperCase()}:${device.index}`
}
