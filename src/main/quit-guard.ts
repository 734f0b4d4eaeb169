/** What quitting needs of the app and its host. */
export interface QuitPorts {
  isRunning(): boolean
  /** Asks whether the run may be stopped. */
  confirm(): Promise<boolean>
  /** Stops what runs; resolves when nothing of it is left. */
  close(): Promise<void>
  /** Asks the app to quit, which comes back as `before-quit`. */
  quit(): void
}

/** Sees to it that the app ends only after everything that it has started. */
export interface QuitGuard {
  /** Everything has ended: windows may close, and the app may end. */
  readonly isSettled: boolean
  /** For `before-quit`: someone wants the app to end. In the middle of a run they are asked whether they mean it. */
  onBeforeQuit(event: { preventDefault(): void }): void
  /** Quits without asking: where there is nobody to ask. */
  quitAnyway(): void
}

export function createQuitGuard(ports: QuitPorts): QuitGuard {
  let stage: 'open' | 'asking' | 'closing' | 'settled' = 'open'

  const close = async (): Promise<void> => {
    if (stage === 'closing' || stage === 'settled') return
    stage = 'closing'
    // Whatever fails there, children end with the app: their watchdogs see to it.
    await ports.close().catch((error: unknown) => console.error(error))
    stage = 'settled'
    ports.quit()
  }
  const ask = async (): Promise<void> => {
    if (stage !== 'open') return
    stage = 'asking'
    const isMeant = !ports.isRunning() || (await ports.confirm())
    // A signal may have come while the question was on the screen.
    if (stage !== 'asking') return
    if (isMeant) await close()
    else stage = 'open'
  }

  return {
    get isSettled() {
      return stage === 'settled'
    },
    onBeforeQuit(event) {
      if (stage === 'settled') return
      event.preventDefault()
      void ask()
    },
    quitAnyway: () => void close(),
  }
}
