import { dialog, type MessageBoxOptions, type OpenDialogOptions } from 'electron'
import type { ErrorReport } from '../shared/errors.js'
import { dashboardWindow } from './window.js'

/** Whether a run may be stopped for the sake of quitting. */
export async function confirmQuit(): Promise<boolean> {
  const answer = await ask({
    type: 'question',
    message: 'A benchmark is running.',
    detail: 'If you quit, it is stopped. What it has measured so far is kept.',
    buttons: ['Stop and Quit', 'Keep Running'],
    defaultId: 1,
    cancelId: 1,
  })
  return answer === 0
}

/** What to do about a page that crashes again and again. */
export async function askAboutLostPage(): Promise<'reload' | 'quit'> {
  const answer = await ask({
    type: 'error',
    message: 'The dashboard’s page keeps crashing.',
    detail: 'A benchmark that is running goes on, and is kept, without it.',
    buttons: ['Load It Again', 'Quit'],
    defaultId: 0,
    cancelId: 0,
  })
  return answer === 1 ? 'quit' : 'reload'
}

/** Which script is to be measured: a file of Python; null for none. Asked here, since no page may name one. */
export async function askForScript(): Promise<string | null> {
  const window = dashboardWindow()
  const options: OpenDialogOptions = {
    title: 'Measure a Script',
    message: 'Choose the script that trains. It is measured as it is, once you start it on the next screen.',
    buttonLabel: 'Choose',
    filters: [{ name: 'Python', extensions: ['py'] }],
    properties: ['openFile'],
  }
  const { canceled, filePaths } = await (window === null
    ? dialog.showOpenDialog(options)
    : dialog.showOpenDialog(window, options))
  return canceled ? null : (filePaths[0] ?? null)
}

/** That something which the system asked to open was not, and why. */
export async function explainNotOpened(what: string, { message, hint }: ErrorReport): Promise<void> {
  await ask({ type: 'warning', message: what, detail: `${message}. ${hint}`.trim(), buttons: ['OK'] })
}

/** That the app cannot begin at all: in a window of its own, and for who started it in a terminal. */
export async function explainNotStarted({ message, hint }: ErrorReport): Promise<void> {
  const detail = `${message}. ${hint}`.trim()
  process.stderr.write(`tandem: ${detail}\n`)
  await ask({ type: 'error', message: 'Tandem cannot start.', detail, buttons: ['Quit'] })
}

/** What somebody should know of how the window is drawn. */
export async function tellOfDrawing(message: string): Promise<void> {
  const detail =
    'Chromium’s graphics process kept failing on this machine. Everything works as before; the processor draws instead. ' +
    'To try the graphics card again, start Tandem once with TANDEM_GRAPHICS=hardware.'
  await ask({ type: 'info', message, detail, buttons: ['OK'] })
}

/** Over the window where there is one. The index of the button. */
async function ask(options: MessageBoxOptions): Promise<number> {
  const window = dashboardWindow()
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options))
  return response
}
