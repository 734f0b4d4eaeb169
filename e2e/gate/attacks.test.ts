import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DashboardHost, startDashboard } from '../dashboard-host.js'
import type { Attack, Stage } from './attack.js'
import { attacks } from './attacks.js'
import { attacksGuide } from './attacks-guide.js'
import { logIn } from './browser-session.js'
import { exchange, statusOf } from './raw-connection.js'
import { type RequestAttack, requestAttacks } from './requests.js'

/*
 * The web host as the world may treat it: the built one, over real sockets. What each attack must come to stands in the
 * tables; docs/guide/attacks.md is made from them.
 */

let host: DashboardHost
let stage: Stage

beforeAll(async () => {
  host = await startDashboard()
  stage = {
    port: Number(new URL(host.url).port),
    pid: host.process.pid,
    dataFolder: host.dataFolder,
    owner: await logIn(await host.freshUrl()),
    freshUrl: host.freshUrl,
    output: host.process.output,
  }
})
afterAll(() => host.remove())

describe('one request is refused', () => {
  it.each(named(requestAttacks))('%s', async (_title, { lines, body, refusedWith }: RequestAttack) => {
    const answer = await exchange(stage.port, lines(stage.port, stage.owner.cookie), body)

    expect(statusOf(answer)).toBe(refusedWith)
    expect(answer).not.toContain(stage.owner.secret)
  })
})

describe('an attack fails', { timeout: 120_000 }, () => {
  it.each(named(attacks))('%s', async (_title, { run }: Attack) => {
    await run(stage)
  })

  it('and the host is there afterwards, with the owner in', async () => {
    const answer = await fetch(`http://127.0.0.1:${stage.port}/`, { headers: { cookie: stage.owner.cookie } })

    expect(answer.status).toBe(200)
    expect(host.process.child.exitCode).toBeNull()
  })
})

it('The guide has every attack (run vitest with -u to write it anew)', async () => {
  await expect(attacksGuide()).toMatchFileSnapshot('../../docs/guide/attacks.md')
})

function named<Row extends { who: string; what: string }>(rows: readonly Row[]): [string, Row][] {
  return rows.map((row) => [`${row.who} ${row.what}`, row])
}
