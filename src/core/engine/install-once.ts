import { toErrorReport } from '../../shared/errors.js'
import { failedLately, forgetFailure, rememberFailure } from '../failure-memory.js'
import { installEngine } from './install.js'
import { describeProgress } from './install-progress.js'
import { type EngineSearch, searchEngine } from './locate.js'

export interface InstallOnceOptions {
  environment: NodeJS.ProcessEnv
  signal: AbortSignal
  /** One line that stays. */
  say(line: string): void
  /** The state of things, often. */
  onStatus(text: string): void
}

/**
 * What a run does where no TensorFlow was found: installs it, once. That this fails is no error, since
 * WebAssembly trains too; the reason is said, and is the last of the attempts in the result. Only a cancelled
 * install rejects.
 */
export async function installOnce(
  search: EngineSearch,
  { environment, signal, say, onStatus }: InstallOnceOptions,
): Promise<EngineSearch> {
  if (await failedLately('engine-install', environment)) {
    return withAttempt(search, 'its install failed within the last hour; `tandem engine install` tries again')
  }
  say('No TensorFlow found: installing it, once (Ctrl-C stops; --backend wasm does without)')
  try {
    const onProgress = (progress: Parameters<typeof describeProgress>[0]) =>
      onStatus(describeProgress(progress))
    await installEngine({ environment, signal, onProgress })
    await forgetFailure('engine-install', environment)
    return await searchEngine({ environment })
  } catch (thrown) {
    signal.throwIfAborted()
    const { message, hint } = toErrorReport(thrown)
    await rememberFailure('engine-install', environment)
    say(`TensorFlow is not installed: ${message}. ${hint}`)
    return withAttempt(search, message)
  }
}

function withAttempt({ attempts }: EngineSearch, reason: string): EngineSearch {
  return { engine: null, attempts: [...attempts, { source: 'engine-folder', place: 'installing', reason }] }
}
