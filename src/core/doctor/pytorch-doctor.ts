import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TrainerBackend } from '../../shared/child/trainer-protocol.js'
import { type CheckFinding, fail, pass, skipped, warn } from '../../shared/doctor/doctor-report.js'
import { engines } from '../../shared/domain/engines.js'
import { type ErrorReport, toErrorReport } from '../../shared/errors.js'
import { type ComputeInventory, resolveDevices } from '../devices/resolve.js'
import { findPyTorch } from '../engine/pytorch/find-pytorch.js'
import { type ChosenEngine, pytorchEngine } from '../run/choose-engine.js'
import { pytorchProgram, pytorchThreads } from '../run/pytorch-job.js'
import type { Checklist } from './checklist.js'
import { type ProcessContext, proveByProcess } from './prove-engine.js'

export interface PyTorchContext extends ProcessContext {
  environment: NodeJS.ProcessEnv
  resourcesDirectory: string
  python: string | undefined
  inventory: ComputeInventory
}

/** Of a machine without PyTorch one line, which is no fault: nobody has to have it. */
export async function checkPyTorch(checklist: Checklist, context: PyTorchContext): Promise<void> {
  const group = engines.pytorch.title
  const { inventory, resourcesDirectory } = context
  let chosen: ChosenEngine | null = null
  await checklist.make({ id: 'pytorch.found', group, title: 'Installed' }, async () => {
    try {
      chosen = pytorchEngine(await findPyTorch(context), resourcesDirectory)
    } catch (thrown) {
      return whyNone(toErrorReport(thrown), isNamed(context))
    }
    const { description, cuda } = chosen
    if (inventory.gpus.length > 0 && !cuda) {
      return warn(description, 'It cannot compute on the GPUs: install a PyTorch for CUDA, see pytorch.org.')
    }
    return pass(description)
  })
  const engine = chosen as ChosenEngine | null
  if (engine === null) return
  const { backend, cuda } = engine
  const devices = resolveDevices(cuda && inventory.gpus.length > 0 ? 'gpu' : 'cpu', inventory, { cuda })
  const { python, gpuThreads } = backend as Extract<TrainerBackend, { name: 'pytorch' }>
  const folder = join(resourcesDirectory, 'pytorch')
  await proveByProcess(checklist, context, {
    backend,
    devices,
    golden: JSON.parse(await readFile(join(folder, 'golden.json'), 'utf8')),
    commandOf(used, rank) {
      const threads = pytorchThreads(used, gpuThreads)
      const program = pytorchProgram(python, join(folder, 'doctor.py'), { rank, devices: used, threads })
      return { ...program, rank }
    },
  })
}

function isNamed({ python, environment }: PyTorchContext): boolean {
  return (python ?? environment.TANDEM_PYTHON ?? '') !== ''
}

/** A PyTorch that does not work is a fault, and so is one that somebody named and that is not there; else none is nobody's. */
function whyNone({ code, message, hint }: ErrorReport, isNamed: boolean): CheckFinding {
  const why = message.replace('--backend pytorch: ', '')
  if (code === 'pytorch-broken' || isNamed) return fail(why, hint)
  return code === 'pytorch-too-old' ? warn(why, hint) : skipped(`${why}; only --backend pytorch needs it`)
}
