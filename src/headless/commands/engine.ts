import { Command, Option } from 'commander'
import { describeEngine, describeSearch, describeVerification } from '../../core/engine/engine-text.js'
import { installEngine } from '../../core/engine/install.js'
import { installOnce } from '../../core/engine/install-once.js'
import { describeProgress } from '../../core/engine/install-progress.js'
import { searchEngine } from '../../core/engine/locate.js'
import type { EngineFlavour } from '../../core/engine/release.js'
import { removeEngine } from '../../core/engine/remove.js'
import { verifyEngine } from '../../core/engine/verify.js'
import { withInterrupt } from './interrupt.js'
import { type OutputOptions, printOutcome, withJsonErrors } from './output.js'
import { createProgressLine } from './progress-line.js'

/** `tandem engine`: the TensorFlow library that trainers load. Errors are left to the program. */
export function engineCommand(): Command {
  return new Command('engine')
    .description('find, install or remove TensorFlow, the engine of the trainers')
    .addCommand(statusCommand())
    .addCommand(installCommand())
    .addCommand(removeCommand())
}

function statusCommand(): Command {
  return new Command('status')
    .description(
      'say which TensorFlow would be used, or where it was looked for without success (exit code 1)',
    )
    .option('--verify', 'read every byte of an engine that Tandem installed and check it')
    .option('--json', 'print one JSON document')
    .action(
      withJsonErrors(async (options: OutputOptions & { verify?: boolean }) => {
        const search = await searchEngine()
        const verification =
          options.verify === true && search.engine !== null ? await verifyEngine(search.engine) : null
        const text = [describeSearch(search), ...(verification ? [describeVerification(verification)] : [])]
        printOutcome(options, { ...search, verification }, text.join('\n'))
        if (search.engine === null || verification?.outcome === 'damaged') process.exitCode = 1
      }),
    )
}

interface InstallFlags extends OutputOptions {
  ifMissing?: boolean
  flavour?: EngineFlavour
}

function installCommand(): Command {
  return new Command('install')
    .description("install TensorFlow into Tandem's own folder with the pip (or uv) on PATH")
    .addOption(
      new Option(
        '--if-missing',
        'as a run does: only if none is found, and not right after a failed try',
      ).conflicts('flavour'),
    )
    .addOption(
      new Option('--flavour <flavour>', 'default: cuda on Linux x64 with an NVIDIA driver').choices([
        'cpu',
        'cuda',
      ]),
    )
    .option('--json', 'print one JSON document; progress goes to standard error')
    .action(
      withJsonErrors(async (options: InstallFlags) => {
        if (options.ifMissing === true) {
          await installIfMissing(options)
          return
        }
        const engine = await installVisibly(options.flavour)
        printOutcome(options, { engine }, describeEngine(engine))
      }),
    )
}

async function installIfMissing(options: InstallFlags): Promise<void> {
  const progressLine = createProgressLine(process.stderr)
  const search = await searchEngine()
  const outcome =
    search.engine !== null
      ? search
      : await withInterrupt((signal) =>
          installOnce(search, {
            environment: process.env,
            signal,
            say: (line) => process.stderr.write(`${line}\n`),
            onStatus: (text) => progressLine.show('install', text),
          }),
        ).finally(() => progressLine.end())
  const { engine } = outcome
  printOutcome(options, outcome, engine === null ? describeSearch(outcome) : describeEngine(engine))
  if (engine === null) process.exitCode = 1
}

async function installVisibly(flavour: EngineFlavour | undefined) {
  const progressLine = createProgressLine(process.stderr)
  try {
    return await withInterrupt((signal) =>
      installEngine({
        flavour,
        signal,
        onProgress: (progress) => progressLine.show(progress.phase, describeProgress(progress)),
      }),
    )
  } finally {
    progressLine.end()
  }
}

function removeCommand(): Command {
  return new Command('remove')
    .description("remove Tandem's own engine folder, and nothing else")
    .option('--json', 'print one JSON document')
    .action(
      withJsonErrors(async (options: OutputOptions) => {
        const outcome = await withInterrupt((signal) => removeEngine({ signal }))
        const text = outcome.removed ? `Removed ${outcome.folder}` : `Nothing to remove in ${outcome.folder}`
        printOutcome(options, outcome, text)
      }),
    )
}
