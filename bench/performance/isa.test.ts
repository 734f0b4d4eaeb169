import { describe, expect, it } from 'vitest'
import { holds, isaEnvironment, readOnednnIsa } from './isa.js'

const verbose = (isa: string, ...implementations: string[]) =>
  [
    'onednn_verbose,v1,info,oneDNN v3.7.3 (commit 0123)',
    `onednn_verbose,v1,info,cpu,isa:${isa}`,
    'onednn_verbose,v1,primitive,info,template:operation,engine,primitive,implementation,prop_kind',
    ...implementations.map(
      (name) => `onednn_verbose,v1,primitive,exec,cpu,convolution,${name},forward_training,src_f32,0.5`,
    ),
    '{"stepMs": 1}',
  ].join('\n')

describe('a cap on instruction sets', () => {
  it('reaches oneDNN, PyTorch and MKL, and keeps what is compiled under it apart', () => {
    expect(isaEnvironment('avx2', '/cache')).toEqual({
      ONEDNN_MAX_CPU_ISA: 'AVX2',
      ATEN_CPU_CAPABILITY: 'avx2',
      MKL_ENABLE_INSTRUCTIONS: 'AVX2',
      TORCHINDUCTOR_CACHE_DIR: '/cache/inductor-avx2',
    })
    expect(isaEnvironment(null, '/cache')).toEqual({})
  })

  it.each([
    ['Intel AVX2', ['jit:avx2', 'gemm:jit', 'brgemm:avx2_vnni'], 'avx2'],
    ['Intel AVX-512 with Intel DL Boost', ['jit:avx2', 'brgconv:avx512_core_bf16'], 'avx512'],
    ['Intel AVX10.1/512 with Intel AMX', ['brgconv:avx10_1_512', 'brgconv_1x1:avx10_1_512_amx'], 'amx'],
    ['Intel AVX2', ['simple:any'], null],
  ])('is read from what oneDNN executed on %s', (isa, implementations, used) => {
    expect(readOnednnIsa(verbose(isa, ...implementations))).toMatchObject({ said: isa, used })
  })

  it('holds where nothing larger ran, and something did', () => {
    const used = (...names: string[]) => readOnednnIsa(verbose('x', ...names))
    expect(holds('avx2', used('jit:avx2'))).toBe(true)
    expect(holds('avx512', used('jit:avx2'))).toBe(true)
    expect(holds('avx2', used('jit:avx2', 'jit:avx512_core'))).toBe(false)
    expect(holds('avx512', used('brgconv:avx512_core_amx'))).toBe(false)
    expect(holds('amx', used())).toBe(false)
  })
})
