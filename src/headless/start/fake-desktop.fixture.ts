import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** How a program behaves that is started in Electron's place. */
export type FakeDesktop = keyof typeof programs

const stays = 'setInterval(() => {}, 1000)'
const quitsWhenAsked = "process.on('SIGTERM', () => process.exit(0))"

/** A process of its own, as Chromium has several. */
const withHelper = `
  const { spawn } = require('node:child_process')
  const helper = spawn(process.execPath, ['-e', ${JSON.stringify(`process.on('SIGTERM', () => {}); ${stays}`)}])
  keep({ helper: helper.pid })`

const programs = {
  ready: `${quitsWhenAsked}; ${stays}; console.log('something of its own'); console.log('tandem-desktop: ready')`,
  /** Its window is closed after a while. */
  closes: "console.log('tandem-desktop: ready'); setTimeout(() => process.exit(7), 200)",
  crashes:
    "console.log('tandem-desktop: ready'); setTimeout(() => process.kill(process.pid, 'SIGSEGV'), 200)",
  'running-already': "console.log('tandem-desktop: running already')",
  'starts-again': "console.log('tandem-desktop: start again')",
  dies: "console.error('Missing X server or $DISPLAY'); process.exitCode = 1",
  'is-killed': "process.kill(process.pid, 'SIGTRAP')",
  hangs: `process.on('SIGTERM', () => {}); ${withHelper}; ${stays}`,
  'leaves-a-helper': `${withHelper}; process.exit(1)`,
}

export interface FakeElectron {
  path: string
  folder: string
  /** What it was started with; null where it was not. */
  note(): Promise<StartNote | null>
}

interface StartNote {
  pid: number
  /** A process that it has started. */
  helper?: number
  args: string[]
  launcher?: string
  node?: string
  runAsNode?: string
  nodeOptions?: string
}

/** Puts a program where ELECTRON_OVERRIDE_DIST_PATH would lead. A script: not for Windows. */
export async function makeFakeElectron(parent: string, behaviour: FakeDesktop): Promise<FakeElectron> {
  const folder = join(parent, `electron-${behaviour}`)
  await mkdir(folder, { recursive: true })
  const path = join(folder, 'electron')
  const notePath = join(folder, 'note.json')
  await writeFile(
    path,
    `#!${process.execPath}
     const note = {
       pid: process.pid,
       args: process.argv.slice(2),
       launcher: process.env.TANDEM_DESKTOP_LAUNCHER,
       node: process.env.TANDEM_DESKTOP_NODE,
       runAsNode: process.env.ELECTRON_RUN_AS_NODE,
       nodeOptions: process.env.NODE_OPTIONS,
     }
     const keep = (more) =>
       require('node:fs').writeFileSync(${JSON.stringify(notePath)}, JSON.stringify({ ...note, ...more }))
     keep()
     ${programs[behaviour]}`,
    { mode: 0o755 },
  )
  const note = async (): Promise<StartNote | null> => {
    const text = await readFile(notePath, 'utf8').catch(() => null)
    return text === null ? null : (JSON.parse(text) as StartNote)
  }
  return { path, folder, note }
}
