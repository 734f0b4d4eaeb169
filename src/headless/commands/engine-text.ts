import type { EngineSearch } from '../../core/engine/locate.js'
import type { EngineAttempt, EngineLocation, EngineSource } from '../../core/engine/location.js'
import type { Verification } from '../../core/engine/verify.js'

const sourceNames: Record<EngineSource, string> = {
  setting: 'the setting',
  environment: 'TANDEM_TENSORFLOW_DIR',
  'engine-folder': "Tandem's engine folder",
  python: 'the Python on PATH',
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
