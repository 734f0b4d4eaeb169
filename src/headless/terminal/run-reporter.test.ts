import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { fakeHost } from '../../core/run/fake-host.fixture.js'
import { fakeRun } from '../../core/run/fake-run.fixture.js'
import { keptPaces } from '../../core/run/kept-paces.fixture.js'
import { runBenchmark } from '../../core/run/run-benchmark.js'
import { RunWarnings } from '../../core/run/run-warnings.js'
import type { RunConfiguration } from '../../shared/run/run-configuration.js'
import { createDisplay, type OutputStream } from './display.js'
import { createRunReporter } from './run-reporter.js'

/** What a stream shows of a run by the fake trainer. */
async function show(
  environment: NodeJS.ProcessEnv,
  terminal: boolean,
  configuration: Partial<RunConfiguration> = {},
  stepDelayMs = 2,
): Promise<string> {
  let text = ''
  const stream: OutputStream = Object.assign(
    new Writable({
      write(chunk: Buffer, _encoding, done) {
        text += chunk.toString()
        done()
      },
    }),
    { isTTY: terminal, columns: 120, rows: 40 },
  )
  const display = createDisplay(stream, environment)
  await runBenchmark(
    fakeRun(configuration, 'tensorflow'),
    {
      trainers: fakeHost({ stepDelayMs }),
      saveResults: async () => {},
      observer: null,
      warnings: new RunWarnings(),
      paces: keptPaces(),
    },
    { signal: new AbortController().signal, onEvent: createRunReporter(display, () => 65) },
  )
  display.end()
  return text
}

const control = String.fromCharCode(27)
const eraseLine = `${control}[2K`

describe('a run in a pipe', () => {
  it('is plain lines, in the order things happened', async () => {
    const text = await show({}, false, { evaluate: true })
    // On a machine so busy that this takes seconds, progress is told as well.
    const withoutProgress = text.replaceAll(/^\[.*(loading the engine|warming up| - step .*)\n/gm, '')
    expect(withoutProgress).toBe(
      `Tandem 0.1.0, run 20260131-142530-9f3a1c
Machine: Some CPU, 2 logical cores, 8.0 GiB; Debian GNU/Linux 12
Engine: WebAssembly (asked for with --backend wasm)
Task: resnet18 (torchvision stem) on synthetic, 2 epochs, fp32, learning rate 0.1, seed 0
Takes about 56 s, at a guess; one repeat: no interval
[Single] batch 16 on CPU:0 (CPU device, core 0)
[Single] Warm-up - tracing: 0.003 s - first step: 0.002 s (not part of any epoch)
[Single] Epoch 1/2 - loss: 2.2500 - time: 0.500 s
[Single] Epoch 1/2 - test accuracy: 50.0 %
[Single] Epoch 2/2 - loss: 1.2500 - time: 0.500 s
[Single] Epoch 2/2 - test accuracy: 50.0 %
[Single (all cores)] batch 16 on CPU:0 (all cores of the CPU, cores 0-1)
[Single (all cores)] Warm-up - tracing: 0.003 s - first step: 0.002 s (not part of any epoch)
[Single (all cores)] Epoch 1/2 - loss: 2.2500 - time: 0.500 s
[Single (all cores)] Epoch 1/2 - test accuracy: 50.0 %
[Single (all cores)] Epoch 2/2 - loss: 1.2500 - time: 0.500 s
[Single (all cores)] Epoch 2/2 - test accuracy: 50.0 %
[DP] batch 8 per device, 16 in all on CPU:0 (CPU device, core 0), CPU:1 (CPU device, core 1)
[DP] Warm-up - tracing: 0.003 s - first step: 0.002 s (not part of any epoch)
[DP] Epoch 1/2 - loss: 2.2500 - time: 0.500 s
[DP] Epoch 1/2 - test accuracy: 50.0 %
[DP] Epoch 2/2 - loss: 1.2500 - time: 0.500 s
[DP] Epoch 2/2 - test accuracy: 50.0 %
[DDP] batch 8 per device, 16 in all on CPU:0 (CPU device, core 0), CPU:1 (CPU device, core 1)
[DDP] Gradients: shared-memory
[DDP] Warm-up - tracing: 0.003 s - first step: 0.002 s (not part of any epoch)
[DDP] Epoch 1/2 - loss: 2.2500 - time: 1.500 s
[DDP] Epoch 1/2 - test accuracy: 50.0 %
[DDP] Epoch 2/2 - loss: 1.2500 - time: 1.500 s
[DDP] Epoch 2/2 - test accuracy: 50.0 %

Single epoch times: 0.500, 0.500 s
Single (all cores) epoch times: 0.500, 0.500 s
DP epoch times: 0.500, 0.500 s
DDP epoch times: 1.500, 1.500 s

Mean epoch time Single: 0.500 s
Mean epoch time Single (all cores): 0.500 s
Mean epoch time DP: 0.500 s
Mean epoch time DDP: 1.500 s

┌────────────────────┬───────────────┬──────────────┬────────────┬───────────────┬────────────────────┬────────────┐
│ Strategy           │ Devices       │ Global batch │ Mean epoch │    Throughput │            Speedup │ Efficiency │
├────────────────────┼───────────────┼──────────────┼────────────┼───────────────┼────────────────────┼────────────┤
│ Single             │ 1 CPU device  │           16 │    0.500 s │ 96.0 images/s │               base │        N/A │
│ Single (all cores) │ 2 cores       │           16 │    0.500 s │ 96.0 images/s │ 1.00x (unreliable) │     50.0 % │
│ DP                 │ 2 CPU devices │           16 │    0.500 s │ 96.0 images/s │ 1.00x (unreliable) │     50.0 % │
│ DDP                │ 2 CPU devices │           16 │    1.500 s │ 32.0 images/s │ 0.33x (unreliable) │     16.7 % │
└────────────────────┴───────────────┴──────────────┴────────────┴───────────────┴────────────────────┴────────────┘
Speedup Single (all cores) vs Single: 1.00x (96.0 images/s, Single 96.0 images/s; efficiency 50.0 % on the cores of 2 CPU devices; no interval: one repeat) (unreliable)
Speedup DP vs Single: 1.00x (96.0 images/s, Single 96.0 images/s; efficiency 50.0 % on 2 CPU devices; no interval: one repeat) (unreliable)
Speedup DDP vs Single: 0.33x (32.0 images/s, Single 96.0 images/s; efficiency 16.7 % on 2 CPU devices; no interval: one repeat) (unreliable)
Validity: unreliable, measure again
  Unreliable: Single, Single (all cores), DP and DDP made only 6 steps in 1.0 s, too few for a steady pace (20 steps and 1 s are needed). Use more images or epochs, or smaller batches.
  Warning: Nothing watched the machine during Single, Single (all cores), DP and DDP: what else it did is not known.
Measure again, 5 repeats (about 2 min): npx --no tandem run --repeats 5 --dataset synthetic --batch-size-single 16 --per-gpu-batch-size 8 --epochs 8 --num-workers 0 --evaluate
`,
    )
  })

  it('says when the work was not equal', async () => {
    const text = await show({}, false, { perGpuBatchSize: 16, strategies: ['single', 'dp'] })
    expect(text).toContain("\n  Note: DP: the global batch is 32 images, Single's 16 (weak scaling).\n")
    expect(text).toContain("\n  Note: DP: an epoch is 96 images, Single's 48.\n")
  })
})

describe('a run on a terminal', () => {
  const onlySingle = { strategies: ['single' as const] }

  it('shows progress, which goes away', async () => {
    const text = await show({ TERM: 'xterm' }, true, onlySingle, 60)
    expect(text).toContain('images/s - ETA 1 min 05 s')
    expect(text.lastIndexOf(eraseLine)).toBeGreaterThan(text.lastIndexOf('images/s - ETA'))
  })

  it('has no colours with NO_COLOR', async () => {
    expect(await show({ TERM: 'xterm' }, true, onlySingle)).toContain(`${control}[1m`)
    expect(await show({ TERM: 'xterm', NO_COLOR: '1' }, true, onlySingle)).not.toContain(`${control}[1m`)
  })

  it('rewrites nothing in CI', async () => {
    expect(await show({ TERM: 'xterm', CI: 'true' }, true, onlySingle)).not.toContain(eraseLine)
  })
})
