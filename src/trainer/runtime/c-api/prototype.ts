/** An address in native memory; TensorFlow's opaque objects are all such. */
export type Pointer = bigint

/** TF_Output: one output of one operation of a graph. */
export interface GraphOutput {
  readonly oper: Pointer
  readonly index: number
}

/** A C function as JavaScript sees it; `async` runs it on another thread and calls back on this one. */
export type Native<F extends (...values: never[]) => unknown> = F & {
  async(...values: [...Parameters<F>, (error: Error | null, result: ReturnType<F>) => void]): void
}

/** Declares C functions by their C prototypes; the type argument is the same signature for TypeScript. */
export type Declare = <F extends (...values: never[]) => unknown>(prototype: string) => Native<F>
