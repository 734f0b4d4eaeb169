import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { toErrorReport } from '../../shared/errors.js'
import { cacheFolder } from '../cache-folder.js'
import { installEngine } from './install.js'
import { describeProgress } from './install-progress.js'
import { type EngineSearch, searchEngine } from './locate.js'

/** After an install that failed, runs go on without for this long before one tries again by itself. */
const retryAfterMs = 60 * 60 * 1000

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
  const stamp = join(cacheFolder(environment), 'engine-install-failed')
  if (await happenedLately(stamp)) {
    return withAttempt(search, 'its install failed within the last hour; `tandem engine install` tries again')
  }
  say('No TensorFlow found: installing it, once (Ctrl-C stops; --backend wasm does without)')
  try {
    const onProgress = (progress: Parameters<typeof describeProgress>[0]) =>
      onStatus(describeProgress(progress))
    await installEngine({ environment, signal, onProgress })
    await rm(stamp, { force: true })
    return await searchEngine({ environment })
  } catch (thrown) {
    signal.throwIfAborted()
    const { message, hint } = toErrorReport(thrown)
    await remember(stamp)
    say(`TensorFlow is not installed: ${message}. ${hint}`)
    return withAttempt(search, message)
  }
}

/** A cache folder that cannot be written is no reason to fail: the next run simply tries again. */
async function remember(stamp: string): Promise<void> {
  await mkdir(dirname(stamp), { recursive: true }).catch(() => {})
  await writeFile(stamp, '').catch(() => {})
}

function withAttempt({ attempts }: EngineSearch, reason: string): EngineSearch {
  return { engine: null, attempts: [...attempts, { source: 'engine-folder', place: 'installing', reason }] }
}

async function happenedLately(stamp: string): Promise<boolean> {
  const found = await stat(stamp).catch(() => null)
  return found !== null && Date.now() - found.mtimeMs < retryAfterMs
}
