import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from '../../src/core/run-program.js'
import type { Precision } from '../../src/shared/domain/engines.js'
import type { BenchContext } from './context.js'
import { holds, type Isa, isaNames, notCapped, type OnednnIsa, readOnednnIsa } from './isa.js'
import { pytorchProgram } from './measure/pytorch-training.js'
import { measureTandem } from './measure/tandem-training.js'

const step = { stem: 'torchvision', batchSize: 8, timedSteps: 1 } as const

/** AVX2 has no bfloat16: PyTorch leaves oneDNN there, which would have nothing to show. */
function precisionUnder(cap: Isa): Precision {
  return cap === 'avx2' ? 'fp32' : 'mixed'
}

const proofMs = 5 * 60_000

/**
 * Proves the cap by one step of each side with ONEDNN_VERBOSE: notes for the results. Throws where a side executes more
 * than it may: what it measures would have a wrong name.
 */
export async function proveIsa(context: BenchContext, cap: Isa, signal: AbortSignal): Promise<string[]> {
  const verbose: BenchContext = {
    ...context,
    launch: { ...context.launch, environment: { ...context.launch.environment, ONEDNN_VERBOSE: '1' } },
  }
  const sides: [name: string, said: OnednnIsa][] = []
  if (context.libraryDir !== null)
    sides.push(['Tandem', await ofTandem(verbose, context.libraryDir, precisionUnder(cap), signal)])
  if (context.peer !== null) sides.push(['PyTorch', await ofPyTorch(verbose, precisionUnder(cap), signal)])
  return [...sides.map(([name, said]) => noteOf(name, said, cap)), notCapped]
}

function noteOf(name: string, said: OnednnIsa, cap: Isa): string {
  const executed =
    said.implementations.filter((one) => /avx|amx/i.test(one)).join(', ') || 'nothing of its own'
  if (!holds(cap, said)) {
    throw new Error(
      `--isa ${cap} does not hold ${name}: oneDNN (${said.said ?? 'silent'}) executed ${executed}`,
    )
  }
  const less =
    said.used === cap || said.used === null ? '' : ` No more than ${said.used} was used in this step.`
  return `${name} held to ${cap}, one of ${isaNames.join(', ')}: oneDNN says "${said.said}" and executed ${executed}.${less}`
}

async function ofTandem(
  context: BenchContext,
  libraryDir: string,
  precision: Precision,
  signal: AbortSignal,
): Promise<OnednnIsa> {
  const logDirectory = await mkdtemp(join(tmpdir(), 'tandem-isa-'))
  try {
    await measureTandem(
      { ...context, launch: { ...context.launch, logDirectory } },
      {
        ...step,
        precision,
        strategy: 'single',
        devices: 1,
        backend: { name: 'tensorflow', libraryDir },
        autotune: false,
      },
      signal,
    )
    return readOnednnIsa(await readFile(join(logDirectory, 'single.log'), 'utf8'))
  } finally {
    await rm(logDirectory, { recursive: true, force: true })
  }
}

async function ofPyTorch(
  context: BenchContext,
  precision: Precision,
  signal: AbortSignal,
): Promise<OnednnIsa> {
  const { launch, peer } = context
  if (peer === null) return readOnednnIsa('')
  const { file, parameters, cores } = await pytorchProgram(context, peer, {
    ...step,
    precision,
    ranks: 1,
    mode: 'eager',
  })
  const [first = file, ...rest] = [...launch.launcher(cores), file, ...parameters]
  const { environment } = launch
  const { stdout } = await runProgram(first, rest, { environment, signal, timeoutMs: proofMs })
  return readOnednnIsa(stdout)
}
