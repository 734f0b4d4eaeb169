import { toErrorReport } from '../../shared/errors.js'
import type { EngineState } from '../../shared/machine/engine-state.js'
import { failedLately, forgetFailure, rememberFailure } from '../failure-memory.js'
import { describeEngine, whyNoEngine } from './engine-text.js'
import { installEngine } from './install.js'
import { describeProgress, type InstallProgress, progressShare } from './install-progress.js'
import { type EngineSearch, searchEngine } from './locate.js'

export interface EngineKeeperOptions {
  environment: NodeJS.ProcessEnv
  /** Whether an engine that is missing is installed without being asked. */
  installsEngine: boolean
  onState(state: EngineState): void
  /** Others in tests. */
  search?: typeof searchEngine
  install?: typeof installEngine
}

/**
 * Knows the TensorFlow of a host that runs for a while: looks for it, installs it beside everything else, and
 * says at any time which one a run that starts now would get.
 */
export class EngineKeeper {
  private current: EngineState = { status: 'searching' }
  private known: EngineSearch | null = null
  private installing: { controller: AbortController; ended: Promise<void> } | null = null

  constructor(private readonly options: EngineKeeperOptions) {}

  get state(): EngineState {
    return this.current
  }

  /** What a run takes that starts now: the engine, or why there is none. Null where it must look for itself. */
  get search(): EngineSearch | null {
    return this.known
  }

  /**
   * Looks for an engine and, where there is none, may install one. Resolves when that is settled, either way; never
   * rejects. An install that failed within the last hour is not tried again by itself.
   */
  async settle(): Promise<void> {
    const { environment, installsEngine, search = searchEngine } = this.options
    try {
      this.take(await search({ environment }))
    } catch (thrown) {
      // Someone named a folder that does not hold it: theirs to put right, and nothing to install over.
      this.enter({ status: 'install-failed', error: toErrorReport(thrown) })
      return
    }
    if (this.known?.engine !== null || !installsEngine || (await failedLately('engine-install', environment)))
      return
    await this.install()
  }

  /** Installs TensorFlow, or joins the install that is under way. Resolves when it has ended, either way. */
  install(): Promise<void> {
    if (this.installing !== null) return this.installing.ended
    const controller = new AbortController()
    const ended = this.runInstall(controller.signal).finally(() => {
      this.installing = null
    })
    this.installing = { controller, ended }
    return ended
  }

  /** Ends an install; what was downloaded stays in the installer's cache. */
  async cancelInstall(): Promise<void> {
    this.installing?.controller.abort()
    await this.installing?.ended
  }

  private async runInstall(signal: AbortSignal): Promise<void> {
    const { environment, search = searchEngine, install = installEngine } = this.options
    this.enter({ status: 'installing', progress: 'Asking the package index', share: null })
    try {
      await install({ environment, signal, onProgress: (progress) => this.tell(progress) })
      await forgetFailure('engine-install', environment)
      this.take(await search({ environment }))
    } catch (thrown) {
      if (signal.aborted && this.known !== null) {
        this.take(this.known)
        return
      }
      await rememberFailure('engine-install', environment)
      this.enter({ status: 'install-failed', error: toErrorReport(thrown) })
    }
  }

  private tell(progress: InstallProgress): void {
    this.enter({
      status: 'installing',
      progress: describeProgress(progress),
      share: progressShare(progress),
    })
  }

  private take(search: EngineSearch): void {
    this.known = search
    if (search.engine === null) {
      this.enter({ status: 'missing', why: whyNoEngine(search) })
      return
    }
    const { version, flavour } = search.engine
    this.enter({ status: 'ready', version, flavour, description: describeEngine(search.engine) })
  }

  private enter(state: EngineState): void {
    this.current = state
    this.options.onState(state)
  }
}
