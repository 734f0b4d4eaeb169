import { TandemError } from '../../shared/errors.js'
import type { Pointer } from './c-api/prototype.js'
import type { CApi } from './library.js'

/** Kinds of attributes as tfjs numbers them; those of TF_AttrType (tensorflow/c/c_api.h). */
export const attributeKinds = { string: 0, int: 1, float: 2, bool: 3, type: 4, shape: 5 } as const

/** An operation's attribute in the form that tfjs-node's kernels use. */
export interface OpAttribute {
  name: string
  type: number
  value: unknown
}

/** Attributes by name, for our own kernels. */
export const attribute = {
  string: (name: string, value: string | Uint8Array) => ({ name, type: attributeKinds.string, value }),
  int: (name: string, value: number) => ({ name, type: attributeKinds.int, value }),
  ints: (name: string, value: readonly number[]) => ({ name, type: attributeKinds.int, value }),
  float: (name: string, value: number) => ({ name, type: attributeKinds.float, value }),
  bool: (name: string, value: boolean) => ({ name, type: attributeKinds.bool, value }),
  type: (name: string, value: number) => ({ name, type: attributeKinds.type, value }),
  types: (name: string, value: readonly number[]) => ({ name, type: attributeKinds.type, value }),
  shape: (name: string, value: readonly number[]) => ({ name, type: attributeKinds.shape, value }),
} satisfies Record<string, (name: string, value: never) => OpAttribute>

export type AttributeFunctions = Pick<
  CApi['graph'],
  'setString' | 'setInt' | 'setIntList' | 'setFloat' | 'setBool' | 'setType' | 'setTypeList'
> & { setShape(target: Pointer, name: string, dimensions: BigInt64Array, rank: number): void }

/** Sets `attributes` on an eager op or an operation under construction. Throws `tensorflow-attribute`. */
export function writeAttributes(
  functions: AttributeFunctions,
  target: Pointer,
  attributes: readonly OpAttribute[],
): void {
  for (const { name, type, value } of attributes) {
    switch (type) {
      case attributeKinds.string: {
        const bytes = typeof value === 'string' ? Buffer.from(value) : (value as Uint8Array)
        functions.setString(target, name, bytes, bytes.byteLength)
        break
      }
      case attributeKinds.int:
        if (Array.isArray(value)) functions.setIntList(target, name, int64s(value), value.length)
        else functions.setInt(target, name, Number(value))
        break
      case attributeKinds.float:
        functions.setFloat(target, name, Number(value))
        break
      case attributeKinds.bool:
        functions.setBool(target, name, value ? 1 : 0)
        break
      case attributeKinds.type:
        if (Array.isArray(value)) functions.setTypeList(target, name, Int32Array.from(value), value.length)
        else functions.setType(target, name, Number(value))
        break
      case attributeKinds.shape:
        functions.setShape(target, name, int64s(value as number[]), (value as number[]).length)
        break
      default:
        throw new TandemError({
          code: 'tensorflow-attribute',
          message: `attribute ${name} has the unknown kind ${type}`,
          hint: 'This is a defect in Tandem; please report it with the log.',
        })
    }
  }
}

/** Numbers as the int64 array C expects; never empty, since C wants an address even for rank 0. */
export function int64s(values: readonly number[]): BigInt64Array {
  const result = new BigInt64Array(Math.max(values.length, 1))
  values.forEach((value, index) => {
    result[index] = BigInt(value)
  })
  return result
}
