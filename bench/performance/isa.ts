import { join } from 'node:path'

/** Instruction sets that both sides can be held to, the smallest first; each has those before it. */
export const isaNames = ['avx2', 'avx512', 'amx'] as const

export type Isa = (typeof isaNames)[number]

interface Cap {
  /** For oneDNN, in TensorFlow and in PyTorch. AVX-512 is meant with bf16, as AMD has it, and without AMX. */
  onednn: string
  /** PyTorch's own kernels, and the vectors that inductor writes. There is none above AVX-512. */
  aten: string
  mkl: string
}

const caps: Readonly<Record<Isa, Cap>> = {
  avx2: { onednn: 'AVX2', aten: 'avx2', mkl: 'AVX2' },
  avx512: { onednn: 'AVX512_CORE_BF16', aten: 'avx512', mkl: 'AVX512' },
  amx: { onednn: 'AVX512_CORE_AMX', aten: 'avx512', mkl: 'AVX512' },
}

/** What no variable reaches; said beside every figure under a cap. */
export const notCapped =
  'Not capped: loops that a C++ compiler makes for inductor (-march=native), and what TensorFlow computes outside oneDNN, which its build holds to AVX.'

/**
 * What a program's environment needs for a cap. What is tuned or compiled under one is kept apart from the rest.
 *
 * @param cache a folder for that
 */
export function isaEnvironment(isa: Isa | null, cache: string): Record<string, string> {
  if (isa === null) return {}
  const { onednn, aten, mkl } = caps[isa]
  return {
    ONEDNN_MAX_CPU_ISA: onednn,
    ATEN_CPU_CAPABILITY: aten,
    MKL_ENABLE_INSTRUCTIONS: mkl,
    TORCHINDUCTOR_CACHE_DIR: join(cache, `inductor-${isa}`),
  }
}

/** What oneDNN says of itself with ONEDNN_VERBOSE=1. */
export interface OnednnIsa {
  /** `Intel AVX2`: what it found, or was held to. */
  said: string | null
  /** The largest set that some implementation is named after; null where none was executed. */
  used: Isa | null
  implementations: string[]
}

/** Reads a step's verbose lines. */
export function readOnednnIsa(text: string): OnednnIsa {
  const [, said = null] = /^onednn_verbose,.*\binfo,cpu,isa:(.+)$/m.exec(text) ?? []
  const implementations = new Set<string>()
  for (const line of text.split('\n')) {
    const fields = line.trim().split(',')
    const exec = fields.indexOf('exec')
    const implementation = fields[exec + 3]
    if (fields[0] === 'onednn_verbose' && exec !== -1 && implementation !== undefined) {
      implementations.add(implementation)
    }
  }
  const used = isaNames.findLast((isa) => [...implementations].some((name) => isaOf(name) === isa)) ?? null
  return { said: said?.trim() ?? null, used, implementations: [...implementations].sort() }
}

/** `brg_conv_fwd:avx512_core_amx` */
function isaOf(implementation: string): Isa | null {
  if (/amx/i.test(implementation)) return 'amx'
  if (/avx512|avx10/i.test(implementation)) return 'avx512'
  return /avx2/i.test(implementation) ? 'avx2' : null
}

/** Whether nothing above the cap was executed, and something was. */
export function holds(cap: Isa, { used }: OnednnIsa): boolean {
  return used !== null && isaNames.indexOf(used) <= isaNames.indexOf(cap)
}
