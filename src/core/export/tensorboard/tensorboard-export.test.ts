import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ExportSource } from '../export-source.js'
import {
  completeRun,
  filesOf,
  partialRun,
  recordingOf,
  sourceOf,
  startedAtMs,
} from '../exported-run.fixture.js'
import { eventMessage } from './event-message.js'
import { tensorboardExport } from './tensorboard-export.js'
import { readTfRecords } from './tf-records.fixture.js'

interface Point {
  atMs: number
  step: number
  value: number
}

interface DecodedEvent {
  wallTime: number
  step: number
  fileVersion?: string
  summary?: { value: { tag: string; simpleValue?: number; tensor?: { stringVal: Buffer[] } }[] }
}

function decode(file: Buffer): DecodedEvent[] {
  return readTfRecords(file).map((bytes) =>
    eventMessage.toObject(eventMessage.decode(bytes), { longs: Number, defaults: false }),
  ) as DecodedEvent[]
}

/** The points of each tag, by run: what TensorBoard draws. */
async function curvesOf(source: ExportSource): Promise<Map<string, Map<string, Point[]>>> {
  const runs = new Map<string, Map<string, Point[]>>()
  for (const [name, file] of await filesOf(tensorboardExport.files(source))) {
    const curves = new Map<string, Point[]>()
    for (const { wallTime, step = 0, summary } of decode(file)) {
      for (const { tag, simpleValue } of summary?.value ?? []) {
        if (simpleValue === undefined) continue
        curves.set(tag, [...(curves.get(tag) ?? []), { atMs: wallTime * 1000, step, value: simpleValue }])
      }
    }
    runs.set(dirname(name).replace('20260131-142530-9f3a1c/', ''), curves)
  }
  return runs
}

describe('event files', () => {
  it('lie in a folder for each repeat of each strategy, in the order of training', async () => {
    const names = [...(await filesOf(tensorboardExport.files(sourceOf(completeRun())))).keys()]

    const run = '20260131-142530-9f3a1c'
    expect(names.map((name) => dirname(name).replace(`${run}/`, ''))).toEqual([
      'single/repeat-1',
      'dp/repeat-1',
      'ddp/repeat-1',
      'single/repeat-2',
      'dp/repeat-2',
      'ddp/repeat-2',
    ])
    expect(names[0]).toBe(`${run}/single/repeat-1/events.out.tfevents.${startedAtMs / 1000 + 2}.workstation`)
  })

  it('begin with their version, and are sound records throughout', async () => {
    for (const file of (await filesOf(tensorboardExport.files(sourceOf(completeRun())))).values()) {
      expect(decode(file)[0]).toMatchObject({ fileVersion: 'brain.Event:2' })
    }
  })

  it('hold a step’s figures over all ranks, at the time when the step ended', async () => {
    const ddp = (await curvesOf(sourceOf(completeRun()))).get('ddp/repeat-1')
    const second = (tag: string) => ddp?.get(tag)?.[1]

    expect(second('train/loss')).toEqual({ atMs: startedAtMs + 12_200, step: 1, value: Math.fround(2.405) })
    expect(second('train/images_per_second')?.value).toBe(640)
    expect(second('step/step_ms')?.value).toBe(100)
    expect(second('step/communication_ms')?.value).toBe(20)
    expect(second('step/last_rank_late_ms')?.value).toBe(1)
    expect(ddp?.get('train/loss')?.map(({ step }) => step)).toEqual([0, 1, 2, 3, 4, 5])
  })

  it('have no curve for what a strategy does not have', async () => {
    const single = (await curvesOf(sourceOf(completeRun()))).get('single/repeat-1')

    expect([...(single?.keys() ?? [])]).toEqual([
      'train/loss',
      'train/images_per_second',
      'step/step_ms',
      'step/data_wait_ms',
      'step/compute_ms',
      'epoch/loss',
      'epoch/seconds',
      'epoch/images_per_second',
      'epoch/test_accuracy',
      'machine/cpu_utilisation_percent',
      'machine/cpu_memory_used_gib',
    ])
  })

  it('hold what the machine did while that strategy trained, and nothing of another', async () => {
    const utilisation = (run: Map<string, Point[]> | undefined) =>
      run
        ?.get('machine/cpu_utilisation_percent')
        ?.map(({ atMs, step, value }) => [Math.round(atMs - startedAtMs), step, value])
    const runs = await curvesOf(sourceOf(completeRun()))

    expect(utilisation(runs.get('single/repeat-1'))).toEqual([
      [2_500, 0, 75],
      [3_500, 1, 75],
    ])
    expect(utilisation(runs.get('ddp/repeat-2'))).toEqual([
      [27_500, 0, 75],
      [28_500, 1, 75],
    ])
  })

  it('are as many as were measured, and say how each ended', async () => {
    const files = await filesOf(tensorboardExport.files(sourceOf(partialRun())))

    expect([...files.keys()].map((name) => name.split('/')[1])).toEqual(['single', 'ddp'])
    const texts = [...files.values()].map((file) => {
      const about = decode(file)
        .flatMap(({ summary }) => summary?.value ?? [])
        .find(({ tag }) => tag === 'about')
      return about?.tensor?.stringVal[0]?.toString()
    })
    expect(texts[0]).toMatch(/^- Single, repeat 1 of run [\d-]+.*: completed\n/)
    expect(texts[1]).toMatch(/: failed \(rank 1 was killed \(SIGKILL\)\)/)
  })

  it('stay within their folder, whatever machine and run are called', async () => {
    const results = completeRun()
    const machine = { ...results.machine, hostName: '../../C:\\host name' }
    const source = sourceOf({ ...results, machine, runId: '../run' })
    const [name] = (await filesOf(tensorboardExport.files(source))).keys()

    expect(name).toBe(
      `___run/single/repeat-1/events.out.tfevents.${startedAtMs / 1000 + 2}..._.._C__host_name`,
    )
  })

  it('have names that every file system takes, whatever machine and run are called', async () => {
    const results = completeRun()
    const machine = { ...results.machine, hostName: 'h'.repeat(5_000) }
    const files = await filesOf(
      tensorboardExport.files(sourceOf({ ...results, machine, runId: 'r'.repeat(300) })),
    )
    for (const path of files.keys()) {
      for (const name of path.split('/')) expect(name.length).toBeLessThan(200)
    }
  })

  it('are complete of what was measured where a file is passed over', async () => {
    const events = recordingOf(completeRun())
    const names: string[] = []
    for await (const { name } of tensorboardExport.files(sourceOf(completeRun(), events))) names.push(name)
    const lastOnly: Buffer[] = []
    for await (const { name, content } of tensorboardExport.files(sourceOf(completeRun(), events))) {
      if (name !== names.at(-1)) continue
      for await (const piece of content) lastOnly.push(Buffer.from(piece as Uint8Array))
    }
    const all = await filesOf(tensorboardExport.files(sourceOf(completeRun(), events)))

    expect(Buffer.concat(lastOnly)).toEqual(all.get(names.at(-1) as string))
  })
})

describe('TensorBoard’s own reader', () => {
  const python = process.env.TANDEM_TENSORBOARD_PYTHON ?? 'python3'
  const script = fileURLToPath(new URL('../test-support/read_events.py', import.meta.url))
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tandem-events-'))
  })

  afterEach(async () => {
    await rm(folder, { recursive: true })
  })

  it('reads every run, tag, step, time and value', async ({ skip }) => {
    const source = sourceOf(completeRun())
    for (const [name, file] of await filesOf(tensorboardExport.files(source))) {
      await mkdir(join(folder, dirname(name)), { recursive: true })
      await writeFile(join(folder, name), file)
    }
    const answer = await runPython(python, [script, folder])
    if (answer === null) return skip(`${python} has no tensorboard (TANDEM_TENSORBOARD_PYTHON names another)`)

    const { runs, plugins } = JSON.parse(answer.replaceAll('20260131-142530-9f3a1c/', '')) as {
      runs: Record<string, Record<string, [number, number, number | string][]>>
      plugins: Record<string, Record<string, string>>
    }
    const curves = await curvesOf(source)
    expect(Object.keys(runs).sort()).toEqual([...curves.keys()].sort())
    expect(curves.size).toBe(6)
    for (const [run, tags] of curves) {
      for (const [tag, points] of tags) {
        const read = runs[run]?.[tag]?.map(([time, step, value]) => ({ atMs: time * 1000, step, value }))
        expect(read, `${run} ${tag}`).toEqual(points)
        expect(plugins[run]?.[tag]).toBe('scalars')
      }
      expect(runs[run]?.about?.[0]?.[2]).toMatch(/^- /)
      expect(plugins[run]?.about).toBe('text')
    }
  })
})

/** What it printed; null where there is no such Python, or it lacks what the script needs. */
async function runPython(python: string, parameters: string[]): Promise<string | null> {
  return new Promise((resolve, reject) => {
    execFile(python, parameters, { maxBuffer: 1e8 }, (error, stdout) => {
      if (error === null) resolve(stdout)
      else if (error.code === 'ENOENT' || error.code === 3) resolve(null)
      else reject(error)
    })
  })
}
