import { z } from 'zod'
import { collectiveNames, engineNames, engines } from '../engines.js'
import { choiceOf, wordsLike } from './input.js'
import { setting } from './setting.js'

const backendNames = ['auto', ...engineNames] as const
const gradientCompressionNames = ['none', 'bf16'] as const
const autotuneNames = ['auto', 'on', 'off', 'report'] as const

export const gradientCompressionSchema = z.enum(gradientCompressionNames)

export type GradientCompression = z.infer<typeof gradientCompressionSchema>

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

/** On what, and by what means. */
export const deviceSettings = {
  devices: setting({
    group: 'devices',
    label: 'Devices',
    flag: '--devices',
    help: 'where to train: auto takes the GPUs if there are two, else CPU devices; cpu:4 is four of these, gpu:0,1 names GPUs',
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
    help: 'what computes; auto is TensorFlow if it is found, else WebAssembly',
    unit: null,
    input: choiceOf(backendNames, (name) =>
      name === 'auto' ? 'TensorFlow if there, else WebAssembly' : engines[name].title,
    ),
    notebook: 'auto',
    difference: 'silent',
  }),
  collective: setting({
    group: 'devices',
    label: 'DDP exchanges by',
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
    help: "what DDP's gradients are rounded to for the exchange: bf16 is half the bytes",
    unit: null,
    input: choiceOf(gradientCompressionNames, (name) => compressionLabels[name]),
    notebook: 'none',
    absent: 'none',
    difference: 'speed',
  }),
  autotune: setting({
    group: 'devices',
    label: 'Tune convolutions',
    flag: '--autotune',
    help: 'time the ways to compute each convolution in warm-up and take the fastest: auto is on for CPU devices, report shows the timings',
    unit: null,
    input: choiceOf(autotuneNames, (name) => autotuneLabels[name]),
    notebook: 'auto',
    absent: 'auto',
    difference: 'speed',
    compared: (name) => (name === 'report' ? 'on' : name),
  }),
}
