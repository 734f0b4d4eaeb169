import { z } from 'zod'

/** Names where the latest release of Tandem is described. Where it is not set, nobody is asked. */
export const releasesVariable = 'TANDEM_RELEASES'

const patienceMs = 5_000
const longestAnswerBytes = 256 * 1024

/** As GitHub describes a project's latest release; a file of one's own needs no more than these two. */
const releaseSchema = z.object({
  tag_name: z
    .string()
    .max(50)
    .regex(/^v?\d+\.\d+\.\d+$/),
  html_url: z
    .url({ protocol: /^https$/ })
    .max(500)
    .regex(/^[\x21-\x7e]+$/),
})

export interface Release {
  /** `0.2.0` */
  version: string
  /** Where a person reads about it: always https. */
  link: string
}

/**
 * The latest release, if it is newer than this Tandem and somebody wants to know of it. It is told in a line, and nothing
 * is fetched. Never rejects: an address that does not answer, or answers something else, is no news.
 */
export async function newerRelease(environment: NodeJS.ProcessEnv, own: string): Promise<Release | null> {
  const address = environment[releasesVariable]
  if (!address) return null
  try {
    const answer = await fetch(address, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(patienceMs),
    })
    const { tag_name, html_url } = releaseSchema.parse(JSON.parse(await limitedText(answer)))
    const version = tag_name.replace(/^v/, '')
    return isNewer(version, own) ? { version, link: html_url } : null
  } catch {
    return null
  }
}

async function limitedText({ body }: Response): Promise<string> {
  const pieces: Uint8Array[] = []
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.byteLength
    if (bytes > longestAnswerBytes) throw new Error('longer than any description of a release')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString()
}

function isNewer(version: string, own: string): boolean {
  const [theirs, ours] = [version, own].map((text) => text.split('.').map(Number))
  for (let part = 0; part < 3; part++) {
    const difference = (theirs?.[part] ?? 0) - (ours?.[part] ?? 0)
    if (difference !== 0) return difference > 0
  }
  return false
}
