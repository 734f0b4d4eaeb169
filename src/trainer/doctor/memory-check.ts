import { fill, matMul, relu, slice, type Tensor, tensor2d } from '@tensorflow/tfjs-core'
import { type CheckFinding, fail, pass, warn } from '../../shared/doctor/doctor-report.js'
import { formatBytes } from '../../shared/text/format.js'
import type { Backend } from '../backend.js'

const steps = 20
/** Of what is taken and given back, each time. */
const chunkBytes = 64 * 2 ** 20
const rounds = 6
/** As much may stay with allocators and pools. */
const slackBytes = 2 * chunkBytes

/** What the check needs to know of the process it runs in. */
export type ResidentBytes = () => number

/**
 * Whether steps leave anything behind, and whether memory that is given back is used again: the same amount is taken and
 * given back several times, and the process may not grow by as much each time.
 */
export async function checkMemory(
  backend: Backend,
  residentBytes: ResidentBytes = () => process.memoryUsage.rss(),
): Promise<CheckFinding> {
  const before = backend.resources()
  await runSteps(backend)
  const after = backend.resources()
  const left = {
    tensors: after.tensors - before.tensors,
    handles: after.handles - before.handles,
    functions: after.functions - before.functions,
  }
  const leaks = Object.entries(left).filter(([, count]) => count > 0)
  if (leaks.length > 0) {
    const what = leaks.map(([name, count]) => `${count} ${name}`).join(', ')
    return fail(
      `${steps} steps left ${what} behind`,
      'This is a defect of Tandem or of the engine; please report it.',
    )
  }
  const first = await takeAndGiveBack(residentBytes)
  let last = first
  for (let round = 1; round < rounds; round++) last = await takeAndGiveBack(residentBytes)
  const growth = last - first
  const found = `${steps} steps left nothing behind; ${rounds} times ${formatBytes(chunkBytes)} taken and given back, the process grew by ${formatBytes(Math.max(0, growth))}`
  if (growth <= slackBytes) return pass(found)
  return warn(found, 'Memory that is freed is not used again. Long runs may run out of memory.')
}

async function runSteps(backend: Backend): Promise<void> {
  const compiled = backend.compile((x) => [relu(matMul(x as Tensor, x as Tensor))], {
    name: 'doctor memory',
    state: [],
  })
  const input = tensor2d(new Float32Array(128 * 128).fill(0.01), [128, 128])
  try {
    for (let step = 0; step < steps; step++) {
      const [output] = await compiled.run(input)
      await output?.data()
      output?.dispose()
    }
  } finally {
    compiled.dispose()
    input.dispose()
  }
}

/** Resident memory after the chunk was given back. */
async function takeAndGiveBack(residentBytes: ResidentBytes): Promise<number> {
  const chunk = fill([chunkBytes / 4], 1)
  // Reading one value makes sure that all of it was written.
  const part = slice(chunk, [0], [1])
  await part.data()
  part.dispose()
  chunk.dispose()
  return residentBytes()
}
