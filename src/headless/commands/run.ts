import { Command } from 'commander'
import { ResultsFile } from '../../core/results/results-file.js'
import type { Results } from '../../shared/results/results.js'
import { notebookPreset, presets } from '../../shared/run/presets.js'
import { judgeRun, type RunValidity } from '../../shared/validity/judge-run.js'
import type { CommandIo } from '../command-io.js'
import { addMachineOptions, type MachineFlags } from '../machine-options.js'
import { addOutputOptions, addSettingOptions, configurationFrom, type RunFlags } from '../run-options.js'
import { hostOrServe } from './agent.js'
import { benchmark } from './benchmark.js'
import { withUnpackedData } from './unpacked-data.js'

const examples = `
Examples:
  tandem run --preset quick                     a first impression within a minute
  tandem run --preset notebook                  the notebook's run: CIFAR-10, batch 512, 2 epochs
  tandem run --strategies single,ddp --epochs 5 --evaluate
  tandem run --dataset cifar10 --data-dir ~/cifar-10-batches-bin --devices cpu:4
  tandem run --devices gpu:0,1 --precision mixed --output-file mixed.json
  tandem run --nnodes 2 --node-rank 0 --rdzv-endpoint 10.0.0.1:29500 --rdzv-secret-file ~/tandem-secret
  tandem run --preset quick --sweep 1,2,4 --repeats 7   a scaling curve, with narrow intervals

Exit codes: 0 measured, 1 something failed, 2 bad usage, 130 stopped.`

/** The document, and what is made of it: how far its figures can be relied on. */
export function withValidity(results: Results): Results & { validity: RunValidity } {
  return { ...results, validity: judgeRun(results) }
}

/** `tandem run`: Single, DP and DDP, one after another, on the same task. */
export function runCommand(io: CommandIo, onExitCode: (code: number) => void): Command {
  const command = new Command('run')
    .description('measure training on one device, with DataParallel and with DistributedDataParallel')
    .addHelpText('after', examples)
  addSettingOptions(command, { comparesStrategies: true })
  addMachineOptions(command)
  addOutputOptions(command, 'results.json')
  return command.action(async (flags: RunFlags & MachineFlags) => {
    const rendezvous = await hostOrServe(flags, flags, io, onExitCode)
    if (rendezvous === 'served') return
    const base =
      flags.preset === undefined ? { ...notebookPreset, preset: 'custom' as const } : presets[flags.preset]
    const configuration = await withUnpackedData(configurationFrom(base, flags), flags, io)
    const output = await ResultsFile.open(flags.outputFile)
    const toJson = flags.json === true ? withValidity : undefined
    onExitCode(
      await benchmark(
        {
          configuration,
          tensorflowDirectory: flags.tensorflowDir,
          python: flags.python,
          output,
          toJson,
          ...(rendezvous !== null && { rendezvous }),
        },
        io,
      ),
    )
  })
}
