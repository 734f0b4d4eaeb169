import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { withInterrupt } from './commands/interrupt.js'
import { main } from './main.js'

/**
 * The program `tandem`, built to out/main/tandem.js. Places are resolved here because only an entry's own
 * address is certain once the code is bundled.
 */
const place = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

// A reader that went away (`tandem run | head`) ends the program; trainers notice and end themselves.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 141 : 1)
})

const { version } = JSON.parse(readFileSync(place('../../package.json'), 'utf8')) as { version: string }
const exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  installation: {
    version,
    trainerEntry: place('./trainer.js'),
    samplerEntry: place('./sampler.js'),
    engineCheckEntry: place('./engine-check.js'),
    pageDirectory: place('../renderer'),
    resourcesDirectory: process.env.TANDEM_RESOURCES_DIR ?? place('../../resources'),
    appDirectory: place('../..'),
    electronDirectory: place('../../node_modules/electron'),
    chromiumDirectory: place('../../scripts/chromium'),
    installsEngine: true,
  },
  withInterrupt,
})
// A command may have set one itself; and everything still to be written is written before Node ends.
if (exitCode !== 0) process.exitCode = exitCode
// Whatever else still holds the process, its command has ended.
setInterval(() => {
  if (process.stdout.writableLength === 0 && process.stderr.writableLength === 0) process.exit()
}, 1_000).unref()
