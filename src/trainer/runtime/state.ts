import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import type { TensorFlowContext } from './context.js'
import { dtypeOf } from './dtype.js'
import type { TensorFlowKernelBackend } from './kernel-backend.js'
import { ResourceVariable } from './resource-variable.js'

/**
 * The tfjs variables that compiled steps update in place. While at least one step holds a variable, its value
 * lives in a resource variable and `tf.Variable` is a view of it: reading works as ever, and assigning
 * eagerly is noticed before the next step. When the last step lets go, it becomes an ordinary variable again.
 */
export class StepState {
  private readonly resources = new Map<Variable, ResourceVariable>()

  constructor(
    private readonly context: TensorFlowContext,
    private readonly backend: TensorFlowKernelBackend,
    private readonly device: string,
  ) {}

  retain(variable: Variable): ResourceVariable {
    let resource = this.resources.get(variable)
    if (resource === undefined) {
      resource = new ResourceVariable(this.context, this.device, dtypeOf(variable.dtype), variable.shape)
      this.resources.set(variable, resource)
    }
    resource.retain()
    this.synchronise(variable)
    return resource
  }

  /** Brings a value assigned from outside a compiled step into the resource. Cheap when nothing was. */
  synchronise(variable: Variable): void {
    const resource = this.resources.get(variable) as ResourceVariable
    const id = this.backend.idOf(variable)
    const entry = this.backend.binding.entries.get(id)
    if (entry?.kind === 'variable' && entry.variable === resource) return
    const { handle, release } = this.backend.binding.borrowHandle(id, 'reading a variable')
    resource.assign(handle)
    release()
    const { entries } = this.backend.binding
    this.reassign(variable, {
      id: entries.add({ kind: 'variable', variable: resource }),
      dtype: resource.dtype,
    })
  }

  /** The same, at once, for a variable that compiled steps may or may not use. */
  settle(variable: Variable): void {
    if (this.resources.has(variable)) this.synchronise(variable)
  }

  release(variable: Variable): void {
    const resource = this.resources.get(variable)
    if (resource === undefined || !resource.release()) return
    this.resources.delete(variable)
    const isView =
      !variable.isDisposed &&
      this.backend.binding.entries.get(this.backend.idOf(variable))?.kind === 'variable'
    if (isView) this.reassign(variable, this.backend.binding.adopt(resource.read()))
    resource.destroy()
  }

  private reassign(variable: Variable, value: { id: number; dtype: number }): void {
    const tensor: Tensor = this.backend.createOutputTensor({ ...value, shape: variable.shape })
    variable.assign(tensor)
    tensor.dispose()
  }
}
