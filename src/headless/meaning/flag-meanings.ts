import { nearest } from './nearest.js'
import { asTyped, flagName, withFlagReplaced } from './typed-line.js'

/** Flags that other programs have, by what they are called there. */
interface StrangeFlag {
  names: readonly string[]
  takesValue: boolean
  /** What says the same here, in flags that the command knows. */
  instead(value: string | null, knows: (flag: string) => boolean): readonly string[]
  /** What to know besides. */
  remark?: string
}

const valueOr = (value: string | null, otherwise: string): string => value ?? otherwise

/** A flag by its own name, with the value that was given. */
const renamed =
  (flag: string, otherwise: string) =>
  (value: string | null): readonly string[] => [flag, valueOr(value, otherwise)]

const strangeFlags: readonly StrangeFlag[] = [
  {
    names: ['--batch-size', '--batch', '--batchsize', '--bs', '-b'],
    takesValue: true,
    instead: (value, knows) => [
      ...(knows('--batch-size-single') ? ['--batch-size-single', valueOr(value, '64')] : []),
      '--per-gpu-batch-size',
      valueOr(value, '64'),
    ],
    remark: "Single's batch and that of each device of DP and DDP are chosen apart",
  },
  { names: ['--learning-rate', '--learningrate'], takesValue: true, instead: renamed('--lr', '0.1') },
  { names: ['--workers', '-j'], takesValue: true, instead: renamed('--num-workers', '4') },
  {
    names: ['--model', '--arch', '--network', '-m', '-a'],
    takesValue: true,
    instead: renamed('--model-name', 'resnet18'),
  },
  {
    names: ['--data', '--data-path', '--data-root', '--root'],
    takesValue: true,
    instead: renamed('--data-dir', 'FOLDER'),
  },
  {
    names: ['--engine', '--framework'],
    takesValue: true,
    instead: renamed('--backend', 'auto'),
  },
  {
    names: ['--gpus', '--gpu', '--num-gpus', '--ngpus', '--cuda'],
    takesValue: true,
    instead: (value) => ['--devices', gpuRequest(value)],
  },
  {
    names: ['--cpus', '--cpu', '--cores', '--num-cpus'],
    takesValue: true,
    instead: (value) => ['--devices', /^[1-9]\d*$/.test(value ?? '') ? `cpu:${value}` : 'cpu'],
  },
  {
    names: ['--nproc', '--world-size', '--processes', '-n'],
    takesValue: true,
    instead: (value, knows) =>
      knows('--nproc-per-node')
        ? ['--nproc-per-node', valueOr(value, '2')]
        : ['--devices', `cpu:${valueOr(value, '2')}`],
    remark: 'DDP has a process for each device; tandem ddp --nproc-per-node is the counterpart of torchrun',
  },
  {
    names: ['--amp', '--fp16', '--half', '--bf16', '--mixed', '--mixed-precision'],
    takesValue: false,
    instead: () => ['--precision', 'mixed'],
  },
  { names: ['--steps', '--max-steps'], takesValue: true, instead: renamed('--max-steps-per-epoch', '20') },
  { names: ['--samples', '--images'], takesValue: true, instead: renamed('--samples-per-epoch', '2000') },
  { names: ['--runs', '--blocks', '--trials'], takesValue: true, instead: renamed('--repeats', '3') },
  { names: ['--output', '--out', '-o'], takesValue: true, instead: renamed('--output-file', 'results.json') },
  {
    names: ['--eval', '--test', '--accuracy', '--validate'],
    takesValue: false,
    instead: () => ['--evaluate'],
  },
  { names: ['--quick', '-q'], takesValue: false, instead: () => ['--preset', 'quick'] },
  { names: ['--notebook'], takesValue: false, instead: () => ['--preset', 'notebook'] },
  { names: ['--single'], takesValue: false, instead: () => ['--strategies', 'single'] },
  { names: ['--dp'], takesValue: false, instead: () => ['--strategies', 'single,dp'] },
  { names: ['--ddp'], takesValue: false, instead: () => ['--strategies', 'single,ddp'] },
]

/** Commands that know the settings of a run. */
export const runCommands: readonly string[] = ['run', 'ddp']

/**
 * What an unknown flag most likely means, with the line as it would be right; null where nothing is likely.
 *
 * @param flagsOf the flags of each command
 * @param isSuggested whether a typing error has been found in it already
 */
export function flagMeaning(
  word: string,
  args: readonly string[],
  flagsOf: ReadonlyMap<string, readonly string[]>,
  isSuggested: boolean,
): string | null {
  const flag = flagName(word)
  if (flag === '-v') return meant(['--version'])
  const command = args[0] ?? ''
  const own = flagsOf.get(command) ?? []
  const respelled = `--${hyphenated(flag.replace(/^-+/, ''))}`
  if (respelled !== flag && own.includes(respelled)) return meant(withFlagRenamed(args, flag, respelled))
  const strange = strangeFlags.find(({ names }) => names.includes(flag) || names.includes(respelled))
  if (strange !== undefined && runCommands.includes(command)) {
    const { takesValue, instead, remark } = strange
    const line = withFlagReplaced(args, flag, {
      takesValue,
      instead: (value) => instead(value, (name) => own.includes(name)),
    })
    return remark === undefined ? meant(line) : `${meant(line)} (${remark})`
  }
  if (isSuggested) return null
  const owner = [...flagsOf].find(([, flags]) => flags.includes(flag))?.[0]
  if (owner !== undefined) return `tandem ${owner} knows ${flag}: see tandem ${owner} --help`
  const near = nearest(flag, own)
  return near === null ? null : meant(withFlagRenamed(args, flag, near))
}

export function meant(args: readonly string[]): string {
  return `Most likely: ${asTyped(args)}`
}

/** A value that was joined stays joined. */
function withFlagRenamed(args: readonly string[], flag: string, name: string): string[] {
  const instead = (value: string | null): string[] => [value === null ? name : `${name}=${value}`]
  return withFlagReplaced(args, flag, { takesValue: false, instead })
}

/** `batch_size` and `batchSize` as `batch-size`. */
function hyphenated(name: string): string {
  return name
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .replaceAll('_', '-')
    .toLowerCase()
}

/** A number of GPUs, or their indexes, as `--devices` takes them. */
function gpuRequest(value: string | null): string {
  if (value === null) return 'gpu'
  if (/^\d+(,\d+)+$/.test(value)) return `gpu:${value}`
  const count = Number(value)
  if (!Number.isInteger(count) || count < 1 || count > 64) return 'gpu'
  return `gpu:${Array.from({ length: count }, (_, index) => index).join(',')}`
}
