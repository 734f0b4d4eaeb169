import { Command, Option } from 'commander'
import { ddpResults } from '../../core/results/ddp-results.js'
import { OutputFile } from '../../core/results/output-file.js'
import { enginesNamed } from '../../shared/domain/engines.js'
import { TandemError } from '../../shared/errors.js'
import { notebookPreset } from '../../shared/run/presets.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import type { CommandIo } from '../command-io.js'
import { addMachineOptions, type MachineFlags } from '../machine-options.js'
import { wholeNumber } from '../option-parsers.js'
import { addOutputOptions, addSettingOptions, configurationFrom, type TrainingFlags } from '../run-options.js'
import { hostOrServe } from './agent.js'
import { benchmark } from './benchmark.js'
import { withUnpackedData } from './unpacked-data.js'

const examples = `
Examples:
  tandem ddp --nproc-per-node 2 --dataset sample --per-gpu-batch-size 32
  tandem ddp --nproc-per-node 4 --devices gpu:0,1,2,3 --epochs 10 --evaluate
  tandem ddp --backend pytorch --dataset sample

The output file holds epoch_times, losses, world_size, images_per_second and the configuration.
Exit codes: 0 measured, 1 something failed, 2 bad usage, 130 stopped.`

type DdpFlags = TrainingFlags & MachineFlags & { nprocPerNode: number }

/** `tandem ddp`: DistributedDataParallel by itself, as torchrun starts it. */
export function ddpCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const command = new Command('ddp')
    .description("train with DistributedDataParallel only: torchrun's counterpart")
    .addHelpText('after', examples)
    .optionsGroup('Plan:')
    .addOption(
      new Option('--nproc-per-node <number>', 'number of processes on each machine, one device each')
        .argParser(wholeNumber(1, 64))
        .default(2),
    )
  addSettingOptions(command, { comparesStrategies: false })
  addMachineOptions(command)
  addOutputOptions(command, 'ddp_results.json')
  return command.action(async (flags: DdpFlags) => {
    const rendezvous = await hostOrServe(flags, flags, io, onExitCode)
    if (rendezvous === 'served') return
    const base = { ...notebookPreset, preset: 'custom' as const, strategies: ['ddp' as const] }
    const configuration = await withUnpackedData(configurationFrom(base, flags), flags, io)
    assertOneEngine(configuration)
    const file = await OutputFile.open(flags.outputFile, '--output-file')
    const output = {
      path: file.path,
      write: (results: Parameters<typeof ddpResults>[0]) =>
        file.write(`${JSON.stringify(ddpResults(results), null, 2)}\n`),
    }
    const code = await benchmark(
      {
        configuration,
        tensorflowDirectory: flags.tensorflowDir,
        python: flags.python,
        processes: flags.nprocPerNode,
        output,
        ...(rendezvous !== null && { rendezvous }),
        toJson: flags.json === true ? ddpResults : undefined,
      },
      io,
    )
    onExitCode(code)
  })
}

/** What it writes has room for one. */
function assertOneEngine({ backend }: RunConfiguration): void {
  if (enginesNamed(backend).length < 2) return
  const problem = 'tandem ddp measures one engine'
  throw new TandemError({
    code: 'usage',
    message: `--backend ${backend}: ${problem}`,
    hint: `Name one, or compare them with: tandem run --strategies ddp --backend ${backend}`,
    setting: { name: 'backend', problem },
  })
}
