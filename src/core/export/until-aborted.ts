import type { FileContent } from './data-export.js'

/** The content, until the signal fires: then what the signal says is thrown. */
export async function* untilAborted(content: FileContent, signal: AbortSignal): FileContent {
  for await (const piece of content) {
    signal.throwIfAborted()
    yield piece
  }
}
