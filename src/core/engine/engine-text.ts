import type { EngineSearch } from './locate.js'
import type { EngineAttempt, EngineLocation, EngineSource } from './location.js'
import type { Verification } from './verify.js'

const sourceNames: Record<EngineSource, string> = {
  setting: '--tensorflow-dir',
  environment: 'TANDEM_TENSORFLOW_DIR',
  'engine-folder': "Tandem's engine folder",
  python: 'the Python on PATH',
}

/** Where an engine came from, in words. */
export function describeSource(source: EngineSource): string {
  return sourceNames[source]
}

/** `TensorFlow 2.21.0 for CPU, from Tandem's engine folder: /home/...` */
export function describeEngine(engine: EngineLocation): string {
  const version = engine.version ?? 'of unknown version'
  const flavour = engine.flavour === 'cuda' ? 'CUDA' : 'CPU'
  return `TensorFlow ${version} for ${flavour}, from ${sourceNames[engine.source]}: ${engine.directory}`
}

/** The engine that was found; without one, every place and why it did not serve. */
export function describeSearch(search: EngineSearch): string {
  if (search.engine !== null) return describeEngine(search.engine)
  return [
    'No TensorFlow found; trainers use the WebAssembly backend. Searched:',
    ...search.attempts.map((attempt) => `  ${describePlace(attempt)}: ${attempt.reason}`),
    'Install it with: tandem engine install',
  ].join('\n')
}

/** Why there is none, in one line: the places that were worth a look; those that nobody set up say nothing. */
export function whyNoEngine({ attempts }: EngineSearch): string {
  const telling = attempts.filter(({ reason }) => reason !== 'not set' && reason !== 'no engine installed')
  return (telling.length === 0 ? attempts.slice(-1) : telling).map(describeAttempt).join('; ')
}

function describeAttempt({ place, reason }: EngineAttempt): string {
  return place === 'PATH' ? reason : `${place}: ${reason}`
}

function describePlace({ source, place }: EngineAttempt): string {
  const isPath = place.includes('/') || place.includes('\\')
  return isPath ? `${sourceNames[source]} (${place})` : sourceNames[source]
}

export function describeVerification(verification: Verification): string {
  switch (verification.outcome) {
    case 'intact':
      return 'Every byte is as published.'
    case 'unknown':
      return 'Not verified: Tandem has records only of engines that it installed itself.'
    case 'damaged':
      return `Damaged: ${verification.problem}. Replace it with: tandem engine install`
  }
}
