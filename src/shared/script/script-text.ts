import { formatQuantity, formatSeconds } from '../text/format.js'
import { commandText, type Script, type ScriptFacts } from './script.js'

/** `Script: python train.py`: what lists and headings call a run of one. */
export function scriptTitle(script: Script): string {
  return `Script: ${commandText(script)}`
}

/** What was chosen about a script, as people read it. */
export function scriptSettings(script: Script): [what: string, value: string][] {
  const { folder, worlds, launcher, steps, warmUpSteps, perDeviceBatch, globalBatch, isInScratch } = script
  return [
    ['Command', commandText(script)],
    ['Folder', isInScratch ? `a copy of ${folder} for each measurement` : folder],
    ['Ranks', worlds.join(', ')],
    ['Ranks are started by', launcher === 'tandem' ? 'Tandem' : 'the command'],
    ['Steps', `${steps}, after ${warmUpSteps} to warm up`],
    ...(perDeviceBatch === null ? [] : [['Batch a rank', String(perDeviceBatch)] as [string, string]]),
    ...(globalBatch === null ? [] : [['Global batch', String(globalBatch)] as [string, string]]),
  ]
}

/** What joins the gradients of ranks, and whether it tells when it begins to. */
const wrappers: Readonly<
  Record<NonNullable<ScriptFacts['exchange']>, { title: string; tellsExchange: boolean }>
> = {
  ddp: { title: 'DistributedDataParallel', tellsExchange: true },
  fsdp: { title: 'FSDP', tellsExchange: false },
  deepspeed: { title: 'DeepSpeed', tellsExchange: false },
}

/** What a reader of the figures should know about a script, in a line; `title` is the measurement's. */
export function factLine(title: string, worldSize: number, facts: ScriptFacts): string {
  const { exchange, optimizers, skippedSteps, backwardsPerStep, evaluationMs, isDispatching, hasCompiled } =
    facts
  const says: string[] = [
    `${formatQuantity(facts.threads, 'thread')} a rank`,
    `the probe itself took ${facts.probeMicrosecondsPerStep.toFixed(0)} µs a step`,
  ]
  if (worldSize > 1) {
    const wrapper = exchange === null ? null : wrappers[exchange]
    says.push(wrapper === null ? 'nothing was seen that joins the ranks’ gradients' : wrapper.title)
    if (wrapper?.tellsExchange !== true) {
      says.push('when gradients travel is not known, so their exchange is part of computing')
    }
  }
  if (optimizers > 1) says.push(`${optimizers} optimizers, of which the first one seen counts the steps`)
  if (Math.round(backwardsPerStep) !== 1) says.push(`${backwardsPerStep.toFixed(1)} backward passes a step`)
  if (skippedSteps > 0)
    says.push(`${formatQuantity(skippedSteps, 'step')} without an update, for gradients that overflowed`)
  if (evaluationMs > 0)
    says.push(`${formatSeconds(evaluationMs / 1000)} of evaluation between steps, which is not counted`)
  if (isDispatching) says.push('one rank reads the data of all, so each one’s wait is not known')
  if (hasCompiled) says.push(`torch.compile was at work, and the warm-up took ${facts.warmUpSteps} steps`)
  return `[${title}] ${says.join('; ')}`
}
