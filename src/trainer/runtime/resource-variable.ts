import { attribute } from './attributes.js'
import type { Pointer } from './c-api/prototype.js'
import type { TensorFlowContext } from './context.js'

let created = 0

/**
 * A TF resource variable: state that compiled steps update in place. It lives in TensorFlow's resource
 * manager under a name of its own, by which graphs address it; a name costs nothing to pass, whereas a
 * resource argument costs about 1.5 us a call. Owned by the compiled steps that share it.
 */
export class ResourceVariable {
  readonly sharedName = `tandem/${process.pid}/${created++}`
  private readonly handle: Pointer
  private users = 0

  constructor(
    private readonly context: TensorFlowContext,
    readonly device: string,
    readonly dtype: number,
    readonly shape: readonly number[],
  ) {
    ;[this.handle] = context.execute({
      name: 'VarHandleOp',
      inputs: [],
      attributes: this.handleAttributes,
      outputCount: 1,
      device,
    }) as [Pointer]
  }

  /** What a VarHandleOp needs to name this variable. */
  get handleAttributes() {
    return [
      attribute.type('dtype', this.dtype),
      attribute.shape('shape', this.shape),
      attribute.string('shared_name', this.sharedName),
      attribute.string('container', ''),
    ]
  }

  assign(value: Pointer): void {
    this.context.execute({
      name: 'AssignVariableOp',
      inputs: [this.handle, value],
      attributes: [attribute.type('dtype', this.dtype)],
      outputCount: 0,
      device: this.device,
    })
  }

  /** A handle to the present value; the caller deletes it, soon, since a held value makes the next update copy. */
  read(): Pointer {
    const [value] = this.context.execute({
      name: 'ReadVariableOp',
      inputs: [this.handle],
      attributes: [attribute.type('dtype', this.dtype)],
      outputCount: 1,
      device: this.device,
    })
    return value as Pointer
  }

  retain(): void {
    this.users++
  }

  /** True when the last user let go; then `destroy` is due. */
  release(): boolean {
    return --this.users === 0
  }

  destroy(): void {
    this.context.execute({
      name: 'DestroyResourceOp',
      inputs: [this.handle],
      attributes: [attribute.bool('ignore_lookup_error', true)],
      outputCount: 0,
      device: this.device,
    })
    this.context.deleteHandle(this.handle)
  }
}
