import { type CheckFinding, fail, pass } from '../../shared/doctor/doctor-report.js'
import { models } from '../../shared/domain/models.js'
import type { Backend } from '../backend.js'
import { goldenDeviations } from '../golden/deviations.js'
import { type GoldenFile, runGoldenCase } from '../golden/golden-case.js'
import resnet18 from '../golden/resnet18-torchvision.json' with { type: 'json' }

/**
 * The committed training steps of PyTorch, from the same weights and pictures: logits, losses, gradients, and weights
 * after them. Within the tolerances of the tests.
 */
export async function checkGolden(
  backend: Backend,
  golden: GoldenFile = resnet18 as GoldenFile,
): Promise<CheckFinding> {
  const deviations = goldenDeviations(golden.expected, await runGoldenCase(backend, golden))
  const beyond = deviations.filter(({ relative, tolerance }) => !(relative <= tolerance))
  const losses = deviations.find(({ kind }) => kind === 'losses')?.relative ?? 0
  const { title } = models[golden.modelName]
  if (beyond.length === 0) {
    return pass(
      `${title}, ${golden.steps} steps as PyTorch trains it; losses within ${losses.toExponential(1)}`,
    )
  }
  const [worst] = beyond.toSorted((a, b) => b.relative / b.tolerance - a.relative / a.tolerance)
  return fail(
    `${title}: ${beyond.map(({ kind }) => kind).join(', ')} not as PyTorch's, ${worst?.kind} off by ${worst?.relative.toExponential(1)} where ${worst?.tolerance.toExponential(1)} is allowed`,
    'Training on this engine is not to be trusted here. Install the engine again, and report it if it stays.',
  )
}
