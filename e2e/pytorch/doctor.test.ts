import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { childEnvironment } from '../../src/core/child/child-program.js'
import { spawnNodeChild } from '../../src/core/child/node-child.js'
import { spawnSocketChild } from '../../src/core/child/socket-child.js'
import { resolveDevices } from '../../src/core/devices/resolve.js'
import { checkAllReduce } from '../../src/core/doctor/all-reduce-check.js'
import { Checklist } from '../../src/core/doctor/checklist.js'
import { checkPyTorch } from '../../src/core/doctor/pytorch-doctor.js'
import { fakeHost } from '../../src/core/run/fake-host.fixture.js'
import { pytorchProgram } from '../../src/core/run/pytorch-job.js'
import type { Check, CheckFinding } from '../../src/shared/doctor/doctor-report.js'
import { check, describeWithPyTorch, testPython } from './pytorch.js'

const resourcesDirectory = fileURLToPath(new URL('../../resources', import.meta.url))
const doctor = fileURLToPath(new URL('../../resources/pytorch/doctor.py', import.meta.url))
const shims = fileURLToPath(new URL('./shims', import.meta.url))
const inventory = { cores: [0, 1], gpus: [] }
const devices = resolveDevices('cpu:2', inventory, { cuda: false })
const { signal } = new AbortController()

function host(environment: NodeJS.ProcessEnv = {}) {
  return {
    spawn: spawnNodeChild,
    spawnCommand: spawnSocketChild,
    entry: '',
    environment: { ...childEnvironment(process.env), ...environment },
  }
}

async function prove(environment: NodeJS.ProcessEnv = {}): Promise<Check[]> {
  const checks: Check[] = []
  const checklist = new Checklist({ onCheck: (made) => checks.push(made), onCurrent() {} }, signal)
  await checkPyTorch(checklist, {
    environment: { TANDEM_PYTHON: testPython },
    resourcesDirectory,
    python: undefined,
    inventory,
    checkHost: host(environment),
    trainerHost: { ...fakeHost(), timeouts: fakeHost({}, { readyMs: 300_000, silenceMs: 300_000 }).timeouts },
    engineLimitMs: 300_000,
  })
  return checks
}

describeWithPyTorch('doctor of PyTorch', () => {
  it('passes a sound one: load, operations, golden steps, memory, all-reduce, and each strategy', async () => {
    const checks = await prove()
    expect(Object.fromEntries(checks.map(({ id, status }) => [id, status]))).toEqual({
      'pytorch.found': 'pass',
      'pytorch.load': 'pass',
      'pytorch.operations': 'pass',
      'pytorch.peer-copies': 'skipped',
      'pytorch.pinned-copies': 'skipped',
      'pytorch.golden': 'pass',
      'pytorch.memory': 'pass',
      'pytorch.all-reduce': 'pass',
      'pytorch.run-single': 'pass',
      'pytorch.run-dp': 'skipped',
      'pytorch.run-ddp': 'pass',
    })
    const allReduce = checks.find(({ id }) => id === 'pytorch.all-reduce')
    expect(allReduce?.found).toMatch(/^2 ranks through torch\.distributed \(gloo\), every sum right/)
    expect(allReduce?.table?.head).toContain('busbw (GB/s)')
  })

  it('knows the committed values that the tests know', async () => {
    const read = async (path: string) =>
      JSON.parse(await readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8'))
    const { expected, ...golden } = await read('resources/pytorch/golden.json')
    const all = await read('src/trainer/golden/resnet18-torchvision.json')
    expect(all).toMatchObject({ ...golden, expected })
  })

  it('finds each fault that is planted, and none where there is none', async () => {
    const said = await check<{ check: string; fault: string | null; finding: CheckFinding }>('doctor')
    const findings = said.map((one) => [one.check, one.fault, one.finding.status, one.finding.found])
    const matching = (text: RegExp) => expect.stringMatching(text)
    expect(findings).toEqual([
      ['operations', null, 'pass', matching(/^1 device, each bit/)],
      ['peer-copies', null, 'pass', matching(/^2 copies of 4\.0 MiB/)],
      ['golden', null, 'pass', matching(/^ResNet-18, 3 steps as PyTorch/)],
      ['memory', null, 'pass', matching(/^20 steps left nothing behind/)],
      ['operations', 'matmul', 'fail', matching(/^wrong results on cpu: 4608 of 4608 values of the matrix/)],
      [
        'operations',
        'conv2d',
        'fail',
        matching(/^wrong results on cpu: \d+ of \d+ values of the convolution/),
      ],
      ['peer-copies', 'zeros', 'fail', matching(/^cpu to cpu: zeros arrive/)],
      ['peer-copies', 'one value', 'fail', matching(/^cpu to cpu: 1 of 1048576 values are wrong/)],
      ['golden', 'loss', 'fail', matching(/^cpu: losses off by /)],
      ['golden', 'nan', 'fail', matching(/^cpu: logits off by inf/)],
      ['memory', 'leak', 'fail', matching(/^20 steps left 20 tensors behind/)],
      ['memory', 'growth', 'warn', matching(/320 MiB more in use$/)],
      ['pinned-copies', 'no limit', 'fail', matching(/^no memory can be pinned: CUDA error/)],
      ['pinned-copies', 'one value', 'fail', matching(/^wrong values arrive on /)],
      ['pinned-copies', null, 'pass', 'a rate'],
    ])
    for (const { finding } of said) {
      if (finding.status === 'fail' || finding.status === 'warn') expect(finding.advice).toMatch(/\.$/)
    }
  })

  it.each([
    ['wrong-sum', /^wrong sums: rank 0, .*rank 1, /],
    ['crash', /^rank [01]: its process died \((SIGSEGV|exit code 139)\)/],
    ['no-gloo', /^rank [01]: RuntimeError: gloo is not built in/],
  ])('finds an all-reduce with the fault %s, in the library itself', async (fault, found) => {
    const finding = await checkAllReduce({
      backend: { name: 'pytorch', python: testPython, trainer: doctor, gpuThreads: 1 },
      devices,
      host: host({ PYTHONPATH: shims, PLANTED_FAULT: fault }),
      commandOf: (used, rank) => ({
        ...pytorchProgram(testPython, doctor, { rank, devices: used, threads: 1 }),
        rank,
      }),
      limitMs: 300_000,
      signal,
    })
    expect(finding).toMatchObject({ status: 'fail', found: expect.stringMatching(found) })
  })

  it('tells a PyTorch that breaks as it loads once, with what it said', async () => {
    const checks = await prove({ PYTHONPATH: shims, PLANTED_FAULT: 'load' })
    expect(checks.map(({ id, status }) => [id, status])).toEqual([
      ['pytorch.found', 'pass'],
      ['pytorch.load', 'fail'],
    ])
    expect(checks[1]?.found).toMatch(/OSError: libtorch_cpu\.so: undefined symbol/)
  })
})
