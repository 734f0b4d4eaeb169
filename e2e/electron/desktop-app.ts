import type { ChildProcess } from 'node:child_process'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { eventually } from '../eventually.js'
import { watch } from '../watch-page.js'
import { findElectron } from './find-electron.js'
import { giveToUser, programAsUser } from './ordinary-user.js'
import { prepareApp } from './prepare-app.js'
import { groupMembers, killGroup } from './process-group.js'
import { openVirtualDisplay } from './virtual-display.js'

const running = new Set<number>()

/** Ends every app that a file of tests has started and not closed, with all its processes. */
export function killAllApps(): void {
  for (const group of running) killGroup(group)
}

export const electron = await findElectron()

/** The app, started as its users start it, and what a test does with it. */
export interface DesktopApp {
  app: ElectronApplication
  page: Page
  /** Its main process, which leads its process group. */
  main: ChildProcess
  pid: number
  /** What went wrong in the page: errors, and what its content policy stopped. */
  problems: string[]
  /** Everything that the app printed. */
  output(): string
  /** Which button the app's questions are answered with from now on; null leaves them open. */
  answerQuestions(button: number | null): Promise<void>
  /** What the app has asked so far. */
  questions(): Promise<string[]>
  /**
   * Ends what Playwright hears of the app, and then does what makes the app end. In Electron 22 the thread of Playwright's
   * way in crashes now and then while an app ends, and its exit code would be that of the crash.
   */
  letGo(act: 'close its window' | 'agree to its question' | 'nothing'): Promise<void>
  /** Quits it as its menu does, unless it has ended, and waits until none of its processes is left. */
  close(): Promise<void>
}

/** One screen, one home and one prepared app for a file of tests. */
export interface DesktopLane {
  /** A history, a profile and a home that no other start has, unless it is handed on. */
  newFolder(): Promise<string>
  launch(options: LaunchOptions): Promise<DesktopApp>
  /** As `launch`, without anything between the test and the app: its program, arguments and environment. */
  command(options: LaunchOptions): { program: string; args: string[]; environment: Record<string, string> }
  dispose(): Promise<void>
}

export interface LaunchOptions {
  folder: string
  args?: string[]
  environment?: Record<string, string>
}

export async function openLane(): Promise<DesktopLane> {
  if ('absence' in electron) throw new Error(electron.absence)
  const prepared = await prepareApp(electron)
  const display = await openVirtualDisplay()
  const root = await mkdtemp(join(tmpdir(), 'tandem-desktop-'))
  giveToUser(root)
  const program = programAsUser(electron.path, root)
  let folders = 0

  const command: DesktopLane['command'] = ({ folder, args = ['--no-run'], environment = {} }) => ({
    program,
    args: [prepared.directory, `--user-data-dir=${join(folder, 'profile')}`, ...args],
    environment: {
      ...outerEnvironment(),
      HOME: folder,
      XDG_RUNTIME_DIR: folder,
      DISPLAY: display.name,
      TANDEM_DATA_DIR: join(folder, 'data'),
      ...prepared.environment,
      ...environment,
    },
  })
  return {
    async newFolder() {
      const folder = join(root, String(++folders))
      await mkdir(folder)
      giveToUser(folder)
      return folder
    },
    command,
    launch: async (options) => await launch(command(options)),
    async dispose() {
      await display.close()
      await rm(root, { recursive: true, force: true })
    },
  }
}

/** Nothing of the desktop, of the Electron or of the person that tests may have been started from. */
function outerEnvironment(): Record<string, string> {
  const { LANG = 'C.UTF-8', TZ } = process.env
  return { PATH: '/usr/local/bin:/usr/bin:/bin', LANG, ...(TZ !== undefined && { TZ }) }
}

async function launch({
  program,
  args,
  environment,
}: ReturnType<DesktopLane['command']>): Promise<DesktopApp> {
  const app = await _electron.launch({
    executablePath: program,
    args,
    env: environment,
    // Else Playwright switches Chromium's sandbox off.
    chromiumSandbox: true,
    // Else it makes every page light, whatever the system says.
    colorScheme: null,
    timeout: 60_000,
  })
  const main = app.process()
  const pid = main.pid as number
  running.add(pid)
  let text = ''
  for (const stream of [main.stdout, main.stderr]) stream?.on('data', (chunk) => (text += String(chunk)))
  // Before anything can ask: a native question would hold the app for ever.
  await app.evaluate(({ dialog }) => {
    const asked: string[] = []
    const state = { asked, button: null as number | null, pending: [] as ((button: number) => void)[] }
    Object.assign(globalThis, { questions: state })
    dialog.showMessageBox = async (...parameters: unknown[]) => {
      const { message } = parameters.at(-1) as { message: string }
      asked.push(message)
      const response =
        state.button ?? (await new Promise<number>((resolve) => void state.pending.push(resolve)))
      return { response, checkboxChecked: false }
    }
  })
  let isLetGo = false
  const page = await app.firstWindow()
  page.setDefaultTimeout(120_000)
  const answerQuestions = (button: number | null) =>
    app.evaluate((_, answer) => {
      const { questions } = globalThis as unknown as { questions: QuestionState }
      questions.button = answer
      if (answer !== null) for (const resolve of questions.pending.splice(0)) resolve(answer)
    }, button)

  return {
    app,
    page,
    main,
    pid,
    problems: watch(page),
    output: () => text,
    answerQuestions,
    questions: () =>
      app.evaluate(() => (globalThis as unknown as { questions: QuestionState }).questions.asked),
    async letGo(act) {
      await app.evaluate(({ BrowserWindow }, how) => {
        // After this has been answered.
        setTimeout(() => {
          // Node 16 has no getBuiltinModule.
          const load = process.getBuiltinModule ?? process.mainModule?.require
          load('inspector').close()
          if (how === 'close its window') BrowserWindow.getAllWindows()[0]?.close()
          const { questions } = globalThis as unknown as { questions: QuestionState }
          if (how === 'agree to its question') for (const resolve of questions.pending.splice(0)) resolve(0)
        }, 0)
      }, act)
      isLetGo = true
    },
    async close() {
      try {
        if (!hasEnded(main) && !isLetGo) {
          await answerQuestions(0)
          await app.close()
        }
        await eventually('all processes of the app end', 30_000, () => groupMembers(pid).length === 0)
      } finally {
        running.delete(pid)
        killGroup(pid)
      }
    },
  }
}

export function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

interface QuestionState {
  asked: string[]
  button: number | null
  pending: ((button: number) => void)[]
}
