import { scalingKinds } from '../../run/scaling.js'
import { strategyNames } from '../strategies.js'
import { choiceOf, deviceCounts, onOrOff, someOf, wholeNumber } from './input.js'
import { setting } from './setting.js'

/** More would take days, and tell little. */
const mostRepeats = 100

/** More than any one machine has. */
const mostDevices = 64

const scalingLabels = {
  weak: 'Weak: batch a device',
  strong: 'Strong: global batch',
}

/** What is measured, and how often. */
export const planSettings = {
  strategies: setting({
    isEssential: true,
    group: 'plan',
    label: 'Strategies',
    flag: '--strategies',
    help: `what to measure, any of ${strategyNames.join(', ')}`,
    unit: null,
    input: someOf(strategyNames),
    notebook: [...strategyNames],
    isOfComparison: true,
    difference: 'told',
  }),
  repeats: setting({
    isEssential: true,
    group: 'plan',
    label: 'Repeats',
    flag: '--repeats',
    help: 'blocks, each with every strategy once, in fresh processes',
    unit: null,
    input: wholeNumber({ minimum: 1, maximum: mostRepeats }),
    notebook: 1,
    quick: 3,
    absent: 1,
    isOfComparison: true,
    difference: 'told',
  }),
  untilNarrow: setting({
    group: 'plan',
    label: 'Until narrow',
    flag: '--until-narrow',
    help: 'stop once every interval is within ±2 %, at the latest after all repeats (20 where no number is given)',
    unit: null,
    input: onOrOff,
    notebook: false,
    absent: false,
    isOfComparison: true,
    difference: 'told',
  }),
  scaling: setting({
    group: 'plan',
    label: 'Scaling',
    flag: '--scaling',
    help: "what stays the same as devices are added: weak, the batch per device; strong, the global batch, which is Single's",
    unit: null,
    input: choiceOf(scalingKinds, (kind) => scalingLabels[kind]),
    notebook: 'weak',
    absent: 'weak',
    isOfComparison: true,
    difference: 'speed',
  }),
  sweep: setting({
    group: 'plan',
    label: 'Device sweep',
    flag: '--sweep',
    help: 'measure DP and DDP on several numbers of devices, for a scaling curve: 1,2,4 names them, 1 being Single; the flag alone stands for 2, 4, 8 ... and all',
    unit: null,
    input: deviceCounts(mostDevices),
    notebook: false,
    absent: false,
    isOfComparison: true,
    difference: 'told',
    placeholder: () => 'none; or 1,2,4',
  }),
  requireGpu: setting({
    group: 'plan',
    label: 'GPUs required',
    flag: '--require-gpu',
    help: 'fail if there are fewer than two GPUs, instead of skipping',
    unit: null,
    input: onOrOff,
    notebook: false,
    isOfComparison: true,
    difference: 'silent',
  }),
}
