import { engine } from '@tensorflow/tfjs-core'

/** Where the operations that follow are placed. */
export interface Placement {
  device: string
}

interface TapeNode {
  gradient?: (dys: unknown) => Record<string, () => unknown>
}

/**
 * Runs `build` with its operations placed on `device`, and places their gradients there too: tfjs computes
 * those long after this scope has ended, from the nodes it recorded on its tape meanwhile.
 */
export function withDevice<T>(placement: Placement, device: string, build: () => T): T {
  const tapeBefore = tape().length
  const result = place(placement, device, build)
  for (const node of tape().slice(tapeBefore)) {
    const { gradient } = node
    if (gradient === undefined) continue
    node.gradient = (dys) => {
      const gradients = place(placement, device, () => gradient(dys))
      const placed = Object.entries(gradients).map(
        ([input, compute]) => [input, () => place(placement, device, compute)] as const,
      )
      return Object.fromEntries(placed)
    }
  }
  return result
}

/**
 * Whether tfjs is adding up the gradients of a tensor that several operations used. It does that between their
 * gradients, so in nobody's scope: the sum belongs where its addends are.
 */
export function isAddingGradients(): boolean {
  return engine().state.activeScope?.name === 'backward'
}

function place<T>(placement: Placement, device: string, build: () => T): T {
  const outer = placement.device
  placement.device = device
  try {
    return build()
  } finally {
    placement.device = outer
  }
}

function tape(): TapeNode[] {
  return (engine().state.activeTape ?? []) as TapeNode[]
}
