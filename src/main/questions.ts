import { dialog, type MessageBoxOptions } from 'electron'
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

/** Over the window where there is one. The index of the button. */
async function ask(options: MessageBoxOptions): Promise<number> {
  const window = dashboardWindow()
  const { response } = await (window === null
    ? dialog.showMessageBox(options)
    : dialog.showMessageBox(window, options))
  return response
}
