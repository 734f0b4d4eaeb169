import { Command, Option } from 'commander'
import { untilAborted } from '../../core/export/until-aborted.js'
import { withoutNames } from '../../core/export/without-names.js'
import { writeBundle } from '../../core/history/bundle/write-bundle.js'
import { findRun } from '../../core/history/find-run.js'
import { importFile } from '../../core/history/import-file.js'
import { filesOfRun, sourceOfRun } from '../../core/history/report-source.js'
import type { RunHistory } from '../../core/history/run-history.js'
import { searchRuns } from '../../core/history/search-runs.js'
import { OutputFile } from '../../core/results/output-file.js'
import { printable } from '../../shared/printable.js'
import { formatList, formatQuantity } from '../../shared/text/format.js'
import type { CommandIo } from '../command-io.js'
import { openHistory } from '../open-history.js'
import { wholeNumber } from '../option-parsers.js'
import { historyText } from '../terminal/history-lines.js'

const help = `
Name a run by its id, the beginning or the end of its id, its name, latest or baseline.

Examples:
  tandem history list resnet34 gpu
  tandem history rename latest "before the fix"
  tandem history pin latest
  tandem history import results.json other.json
  tandem history export latest --bundle run.tandem    then, elsewhere: tandem history import run.tandem

Exit codes: 0 done, 1 something failed, 2 bad usage: no such run, or a file that is not of a run.`

/** `tandem history`: the runs that dashboard and terminal keep. */
export function historyCommand(io: CommandIo): Command {
  const open = (): RunHistory => openHistory(io)
  const say = (line: string): void => void io.stdout.write(`${line}\n`)
  return new Command('history')
    .description('list, name, pin, delete, import and export runs')
    .addHelpText('after', help)
    .addCommand(listCommand(open, say))
    .addCommand(renameCommand(open, say))
    .addCommand(noteCommand(open, say))
    .addCommand(pinCommand(open, say))
    .addCommand(unpinCommand(open, say))
    .addCommand(deleteCommand(open, say))
    .addCommand(restoreCommand(open, say))
    .addCommand(importCommand(open, say, io))
    .addCommand(exportCommand(open, say, io))
}

type Say = (line: string) => void

function listCommand(open: () => RunHistory, say: Say): Command {
  return new Command('list')
    .description('all runs and the example, newest first, or those in which every word occurs')
    .argument('[words...]')
    .addOption(new Option('--limit <number>', 'how many').default(20).argParser(wholeNumber(1)))
    .option('--json', 'print one JSON document')
    .action(async (words: string[], { limit, json }: { limit: number; json?: boolean }) => {
      const history = open()
      const found = searchRuns(await history.listAll(), words.join(' '))
      const runs = found.slice(0, limit)
      say(
        json === true
          ? JSON.stringify({ runs, total: found.length }, null, 2)
          : historyText(runs, found.length),
      )
      const later = await history.ofLaterVersion()
      if (later.length > 0 && json !== true)
        say(`${formatQuantity(later.length, 'run')} of a newer Tandem left out: ${formatList(later)}`)
    })
}

function renameCommand(open: () => RunHistory, say: Say): Command {
  return new Command('rename')
    .description('give a run a name; an empty one removes it')
    .argument('<run>')
    .argument('<name>')
    .action(async (text: string, name: string) => {
      const history = open()
      const { runId } = await findRun(history, text)
      const label = await history.label(runId, { name })
      say(label.name === null ? `Run ${runId} has no name` : `Run ${runId} is now: ${printable(label.name)}`)
    })
}

function noteCommand(open: () => RunHistory, say: Say): Command {
  return new Command('note')
    .description('write notes on a run, replacing those that are there')
    .argument('<run>')
    .argument('<text>')
    .action(async (text: string, notes: string) => {
      const history = open()
      const { runId } = await findRun(history, text)
      const label = await history.label(runId, { notes })
      say(label.notes === '' ? `Run ${runId} has no notes` : `Noted on run ${runId}`)
    })
}

function pinCommand(open: () => RunHistory, say: Say): Command {
  return new Command('pin')
    .description('make a run the baseline that others are compared with')
    .argument('<run>')
    .action(async (text: string) => {
      const history = open()
      const { runId } = await findRun(history, text)
      await history.pin(runId)
      say(`Run ${runId} is the baseline`)
    })
}

function unpinCommand(open: () => RunHistory, say: Say): Command {
  return new Command('unpin').description('remove the baseline').action(async () => {
    const history = open()
    await history.pin(null)
    say('No run is the baseline')
  })
}

function deleteCommand(open: () => RunHistory, say: Say): Command {
  return new Command('delete')
    .description('take a run out of the history')
    .argument('<run>')
    .action(async (text: string) => {
      const history = open()
      const { runId } = await findRun(history, text)
      await history.remove(runId)
      say(`Deleted run ${runId}; for ten minutes, this brings it back: tandem history restore ${runId}`)
    })
}

function restoreCommand(open: () => RunHistory, say: Say): Command {
  return new Command('restore')
    .description('bring back a run that was just deleted')
    .argument('<id>')
    .action(async (runId: string) => {
      const history = open()
      await history.restore(runId)
      say(`Run ${runId} is back`)
    })
}

function importCommand(open: () => RunHistory, say: Say, io: CommandIo): Command {
  return new Command('import')
    .description('keep the runs of bundles and of results.json files, also of other machines')
    .argument('<files...>')
    .action(async (files: string[]) => {
      const history = open()
      await io.withInterrupt(async (signal) => {
        for (const file of files) say(`${file}: run ${await importFile(history, file, signal)}`)
      })
    })
}

function exportCommand(open: () => RunHistory, say: Say, io: CommandIo): Command {
  return new Command('export')
    .description('write a whole run into one file, to import or to open on another machine')
    .argument('<run>')
    .requiredOption('--bundle <file>', 'a file with results, recording, name and notes')
    .option('--without-names', 'call machines node 0, node 1, …, in place of their names')
    .action(async (text: string, { bundle, ...flags }: { bundle: string; withoutNames?: true }) => {
      const history = open()
      const file = await OutputFile.open(bundle, '--bundle')
      const { runId } = await findRun(history, text)
      const files = flags.withoutNames
        ? withoutNames(await sourceOfRun(runId, history)).files()
        : filesOfRun(runId, history)
      const content = writeBundle(runId, await files)
      await io.withInterrupt((signal) => file.write(untilAborted(content, signal)))
      say(`Bundle: ${file.path} (run ${runId})`)
    })
}
