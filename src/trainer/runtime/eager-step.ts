import { type Tensor, tidy } from '@tensorflow/tfjs-core'
import type { CompiledStep, Step } from '../backend.js'

/** A step that is not compiled: every operation runs by itself. The yardstick for tracing. */
export class EagerStep implements CompiledStep {
  constructor(
    private readonly step: Step,
    private readonly onDispose: (step: CompiledStep) => void,
  ) {}

  prepare(): void {}

  async run(...inputs: Tensor[]): Promise<Tensor[]> {
    return tidy(() => this.step(...inputs))
  }

  dispose(): void {
    this.onDispose(this)
  }
}
