import { join } from 'node:path'
import { withInterrupt } from '../../src/headless/commands/interrupt.js'
import { main } from '../../src/headless/main.js'

/*
 * The program `tandem` as src/headless/index.ts puts it together, but with trainers that misbehave and with little
 * patience for them. What it gets by its environment is for it alone.
 */

const { FAULTS_ROOT: root = '', FAULTS_TRAINER: trainer, FAULTS_SAMPLER: sampler } = process.env
const { FAULTS_TIMEOUTS: timeouts = '{}' } = process.env
const built = join(root, 'out', 'main')

process.exitCode = await main(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  environment: process.env,
  installation: {
    version: '0.1.0',
    trainerEntry: trainer ?? join(built, 'trainer.js'),
    samplerEntry: sampler ?? join(built, 'sampler.js'),
    engineCheckEntry: join(built, 'engine-check.js'),
    pageDirectory: join(root, 'out', 'renderer'),
    resourcesDirectory: join(root, 'resources'),
    appDirectory: root,
    electronDirectory: join(root, 'node_modules', 'electron'),
    chromiumDirectory: join(root, 'scripts', 'chromium'),
    installsEngine: false,
    timeouts: JSON.parse(timeouts),
  },
  withInterrupt,
})
