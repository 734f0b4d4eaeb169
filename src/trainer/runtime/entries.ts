import type { GraphOutput, Pointer } from './c-api/prototype.js'
import type { ResourceVariable } from './resource-variable.js'

/** The trace that an entry belongs to: compared, never called, so that entries know nothing of tracing. */
type TraceIdentity = object

/** What a tensor id of the binding stands for. */
export type Entry =
  /** A value: an eager tensor. */
  | { kind: 'handle'; handle: Pointer; dtype: number; shape: readonly number[] }
  /** An output of the graph being traced. */
  | { kind: 'symbol'; trace: TraceIdentity; output: GraphOutput; dtype: number; shape: readonly number[] }
  /** A variable's value in the graph being traced; becomes a symbol when something reads it. */
  | { kind: 'unread'; trace: TraceIdentity; read: () => GraphOutput; dtype: number; shape: readonly number[] }
  /** The present value of a variable that compiled steps update in place. */
  | { kind: 'variable'; variable: ResourceVariable }

/** Tensor ids as tfjs's backend passes them around, and what they stand for. */
export class Entries {
  private readonly byId = new Map<number, Entry>()
  private nextId = 1

  get size(): number {
    return this.byId.size
  }

  add(entry: Entry): number {
    const id = this.nextId++
    this.byId.set(id, entry)
    return id
  }

  get(id: number): Entry | undefined {
    return this.byId.get(id)
  }

  replace(id: number, entry: Entry): void {
    this.byId.set(id, entry)
  }

  remove(id: number): Entry | undefined {
    const entry = this.byId.get(id)
    this.byId.delete(id)
    return entry
  }
}
