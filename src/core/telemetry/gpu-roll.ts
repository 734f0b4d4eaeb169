import { type GpuIdentity, type GpuSample, lostGpu } from '../../shared/child/telemetry.js'

/**
 * Keeps GPUs and their numbers across samplers: one that started after a GPU fell off the bus does not list it, and
 * counts the others from 0 again.
 */
export class GpuRoll {
  private readonly known = new Map<string, GpuIdentity>()

  /** The GPUs of one sample by the numbers they had at first, those that are missing as lost. */
  complete(gpus: readonly GpuSample[]): GpuSample[] {
    const present = new Map(gpus.map((gpu) => [gpu.id, gpu]))
    for (const { index, id, model } of gpus) {
      if (!this.known.has(id)) this.known.set(id, { index: this.freeIndex(index), id, model })
    }
    return [...this.known.values()]
      .map((identity) => ({ ...(present.get(identity.id) ?? lostGpu(identity)), index: identity.index }))
      .sort((a, b) => a.index - b.index)
  }

  private freeIndex(wanted: number): number {
    const taken = [...this.known.values()].map(({ index }) => index)
    return taken.includes(wanted) ? Math.max(...taken) + 1 : wanted
  }
}
