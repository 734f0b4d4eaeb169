import { z } from 'zod'
import { formatList } from '../../text/format.js'
import {
  type BackendName,
  backendNames,
  collectiveNames,
  engineNames,
  engines,
  enginesNamed,
} from '../engines.js'
import { describeSlowRank, noSlowRank, slowRankOf, slowRankPattern } from '../slow-rank.js'
import { choiceOf, wholeNumber, wordsLike } from './input.js'
import { setting } from './setting.js'

const gradientCompressionNames = ['none', 'bf16'] as const
const memoryFormatNames = ['channels-last', 'contiguous'] as const
const compileNames = ['off', 'default', 'max-autotune'] as const
const autotuneNames = ['auto', 'on', 'off', 'report'] as const

export const gradientCompressionSchema = z.enum(gradientCompressionNames)

export type GradientCompression = z.infer<typeof gradientCompressionSchema>

export const memoryFormatSchema = z.enum(memoryFormatNames)
export const compileSchema = z.enum(compileNames)

const compileLabels = { off: 'No', default: 'Yes', 'max-autotune': 'Yes, and try many kernels (minutes)' }
const memoryFormatLabels = { 'channels-last': 'Channels last', contiguous: 'Contiguous' }
const collectiveLabels = {
  auto: 'What suits the devices',
  'shared-memory': 'Shared memory',
  files: 'Files',
  tensorflow: 'TensorFlow’s collectives (opens ports)',
}
const autotuneLabels = {
  auto: 'On CPU devices',
  on: 'Always',
  off: 'Never',
  report: 'Always, and show the timings',
}
const compressionLabels = { none: 'No', bf16: 'Rounded to bf16: half the bytes' }

function backendLabel(name: BackendName): string {
  if (name === 'auto') return 'TensorFlow if found, else WebAssembly'
  const titles = enginesNamed(name).map((engine) => engines[engine].title)
  return titles.length === 1 ? (titles[0] as string) : `${formatList(titles)}, side by side`
}

/** Engines may be named in any order. */
function parseBackend(text: string): BackendName | undefined {
  const words = text.split(',').map((word) => word.trim())
  const ordered = ['auto', ...engineNames].filter((name) => words.includes(name))
  return words.length === ordered.length ? backendNames.find((name) => name === ordered.join(',')) : undefined
}

/** On what, and by what means. */
export const deviceSettings = {
  devices: setting({
    isEssential: true,
    group: 'devices',
    label: 'Devices',
    flag: '--devices',
    help: 'where to train: auto takes the GPUs if there are at least two, else CPU devices; cpu:4 is four CPU devices, gpu:0,1 names GPUs',
    unit: null,
    input: wordsLike(
      /^(auto|cpu(:[1-9]\d*)?|gpu(:\d+(,\d+)*)?)$/,
      'auto, cpu, cpu:N, gpu or gpu:0,1',
      'devices',
    ),
    notebook: 'auto',
    difference: 'silent',
    placeholder: () => 'auto',
  }),
  backend: setting({
    group: 'devices',
    label: 'Engine',
    flag: '--backend',
    help: 'what computes; auto is TensorFlow if found, else WebAssembly; several, such as tensorflow,pytorch, are measured side by side',
    unit: null,
    input: { ...choiceOf(backendNames, backendLabel), parse: parseBackend },
    notebook: 'auto',
    difference: 'silent',
  }),
  collective: setting({
    group: 'devices',
    label: 'DDP exchanges through',
    flag: '--collective',
    help: "what DDP's ranks exchange gradients through; auto is TensorFlow between GPUs, else shared memory, else files",
    unit: null,
    input: choiceOf(collectiveNames, (name) => collectiveLabels[name]),
    notebook: 'auto',
    absent: 'auto',
    difference: 'silent',
  }),
  gradientCompression: setting({
    group: 'devices',
    label: 'Gradient compression',
    flag: '--gradient-compression',
    help: "what DDP's gradients are rounded to for the exchange: bf16 halves the bytes",
    unit: null,
    input: choiceOf(gradientCompressionNames, (name) => compressionLabels[name]),
    notebook: 'none',
    absent: 'none',
    difference: 'speed',
  }),
  slowRank: setting({
    group: 'devices',
    label: 'Slow rank (demonstration)',
    flag: '--slow-rank',
    help: "delay one of DDP's ranks on purpose, to show that the others wait for it, as 1:1.5x for rank 1; the run is no measurement then",
    unit: null,
    input: wordsLike(
      slowRankPattern,
      'none, or a rank and how many times as long it takes, as 1:1.5x (above 1, up to 10)',
      'rank',
    ),
    notebook: noSlowRank,
    absent: noSlowRank,
    difference: 'speed',
    otherWork(value) {
      const slowRank = slowRankOf(value)
      return slowRank === null ? 'with no rank slowed' : `with ${describeSlowRank(slowRank)}`
    },
    placeholder: () => noSlowRank,
  }),
  autotune: setting({
    group: 'devices',
    label: 'Tune convolutions',
    flag: '--autotune',
    help: 'during warm-up, time the ways to compute each convolution and use the fastest: auto is on for CPU devices, report shows the timings',
    unit: null,
    input: choiceOf(autotuneNames, (name) => autotuneLabels[name]),
    notebook: 'auto',
    absent: 'auto',
    difference: 'speed',
    compared: (name) => (name === 'report' ? 'on' : name),
  }),
  memoryFormat: setting({
    group: 'devices',
    label: 'Memory format',
    flag: '--memory-format',
    help: 'PyTorch: how pictures and filters lie in memory',
    unit: null,
    input: choiceOf(memoryFormatNames, (name) => memoryFormatLabels[name]),
    notebook: 'channels-last',
    absent: 'channels-last',
    difference: 'speed',
  }),
  compile: setting({
    group: 'devices',
    label: 'Compile',
    flag: '--compile',
    help: 'PyTorch: torch.compile and its mode; compiling is part of the warm-up',
    unit: null,
    input: choiceOf(compileNames, (name) => compileLabels[name]),
    notebook: 'off',
    absent: 'off',
    difference: 'speed',
  }),
  bucketMebibytes: setting({
    group: 'devices',
    label: 'Gradient bucket',
    flag: '--bucket-mb',
    help: "PyTorch: how much of DDP's gradients is sent at a time",
    unit: 'MiB',
    input: wholeNumber({ minimum: 1, maximum: 4096 }),
    notebook: 25,
    absent: 25,
    difference: 'speed',
  }),
}
