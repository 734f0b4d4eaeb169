import { expect } from 'vitest'
import { ask, type BrowserSession, openPage } from './browser-session.js'

/** A host to attack, and its owner, who is in. */
export interface Stage {
  port: number
  pid: number
  dataFolder: string
  owner: BrowserSession
  /** An address that lets one more browser in. */
  freshUrl(): Promise<string>
  output(): string
}

/** An attack that takes more than one request. It throws where it succeeds. */
export interface Attack {
  who: string
  what: string
  /** What holds. */
  holds: string
  run(stage: Stage): Promise<void>
}

/** The page, its wire and an answer. */
export async function ownerComesIn({ port, owner }: Stage): Promise<void> {
  const shown = await fetch(`http://127.0.0.1:${port}/`, { headers: { cookie: owner.cookie } })
  expect(shown.status).toBe(200)
  const wire = await openPage(port, owner)
  const answer = await ask(wire, 1, 'listRuns', { search: '', offset: 0, limit: 1 })
  expect(answer.type).toBe('answer')
  wire.socket.terminate()
}
